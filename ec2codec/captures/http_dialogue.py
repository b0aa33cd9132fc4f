"""The requests of one connection with their responses, out of the bytes that went both ways."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic

from ec2codec.captures.http_head import REQUESTS, RESPONSES
from ec2codec.captures.http_message import MessageParser, Origin

if TYPE_CHECKING:
    from collections.abc import Hashable

    from ec2codec.captures.http_message import Message

    Pairs = list[tuple[Message[Origin], Message[Origin] | None]]

# Requests that may wait for their answers; where the answers were not captured, this many do.
MAX_WAITING = 64
_TLS = b"\x16\x03"


class Dialogue(Generic[Origin]):
    """A connection between a client and a server; which side is which shows in what they say.

    Pairs of a request and its response, if one was seen, come out when the response is whole or nothing more
    of it can come. Responses are told apart by their order, which a gap among them ends.

    is_encrypted: a side began to speak TLS.
    """

    def __init__(self) -> None:
        self.is_encrypted = False
        self._asked: deque[bytes] = deque(maxlen=MAX_WAITING)
        self._sides: dict[Hashable, MessageParser[Origin]] = {}
        self._waiting: deque[Message[Origin]] = deque()
        # A server may refuse a request before it has heard all of it.
        self._early: deque[Message[Origin]] = deque(maxlen=MAX_WAITING)

    @property
    def held(self) -> int:
        """Bytes kept: of messages whose end has not come, and of requests that wait for an answer."""
        unfinished = sum(parser.held for parser in self._sides.values())
        return unfinished + sum(len(request.body) + len(request.start.target) for request in self._waiting)

    @property
    def is_over(self) -> bool:
        """Whether neither side is known to speak, and no request waits."""
        return not self._sides and not self._waiting

    def hear(self, side: Hashable, data: bytes, origin: Origin) -> Pairs[Origin]:
        """What the next bytes that *side* sends complete."""
        if side not in self._sides:
            self.is_encrypted = self.is_encrypted or data.startswith(_TLS)
            kind = next((kind for kind in (RESPONSES, REQUESTS) if kind.may_begin.match(data)), None)
            if kind is None:
                return []
            self._sides[side] = MessageParser(kind, self._asked)
        parser = self._sides[side]
        return self._paired(parser, parser.feed(data, origin))

    def miss(self, side: Hashable, count: int) -> Pairs[Origin]:
        """What the loss of the next *count* bytes that *side* sent ends."""
        parser = self._sides.get(side)
        if parser is None:
            # It was the server that was not heard yet: a client that was not heard has asked nothing.
            return self._unanswered()
        pairs = self._paired(parser, parser.lose(count))
        if not parser.kind.is_request and not parser.under_way:
            pairs += self._unanswered()
        return pairs

    def finish(self, side: Hashable) -> Pairs[Origin]:
        """What is complete because *side* sends nothing more."""
        parser = self._sides.pop(side, None)
        if parser is None:
            return []
        pairs = self._paired(parser, parser.end())
        # A client that has asked may close its side, and wait.
        return pairs if parser.kind.is_request else pairs + self._unanswered()

    def close(self) -> Pairs[Origin]:
        """What the end of the connection ends."""
        requests_first = sorted(self._sides.values(), key=lambda parser: not parser.kind.is_request)
        pairs = [pair for parser in requests_first for pair in self._paired(parser, parser.end())]
        return pairs + self._unanswered()

    def _paired(self, parser: MessageParser[Origin], messages: list[Message[Origin]]) -> Pairs[Origin]:
        if not parser.kind.is_request:
            return [pair for message in messages for pair in self._answered(message)]
        self._waiting.extend(messages)
        if len(self._waiting) > MAX_WAITING:
            return self._unanswered()
        count = min(len(self._waiting), len(self._early))
        return [(self._waiting.popleft(), self._early.popleft()) for _ in range(count)]

    def _answered(self, response: Message[Origin]) -> Pairs[Origin]:
        if self._waiting:
            return [(self._waiting.popleft(), response)]
        if any(parser.under_way for parser in self._sides.values() if parser.kind.is_request):
            self._early.append(response)
        return []

    def _unanswered(self) -> Pairs[Origin]:
        pairs: Pairs[Origin] = [(request, None) for request in self._waiting]
        self._waiting.clear()
        self._asked.clear()
        return pairs
