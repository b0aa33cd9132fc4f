r"""HTTP/1.x messages in the bytes of a connection or a dump, fed piece by piece.

h11 and httptools refuse what a judge of traffic must not lose: a raw byte or a blank in the target, a head
that was cut off, bytes that are missing in the middle. So this reads what it can, says what is not whole, and
finds the next message behind a gap. Line ends may be ``\n`` alone, as loggers write them.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from ec2codec.captures.http_body import decoded
from ec2codec.captures.http_head import REQUESTS, Kind, Start, parse_framing, parse_start
from ec2codec.captures.http_stream import MAX_BODY, ByteStream, Lost

if TYPE_CHECKING:
    from collections.abc import Generator

    from ec2codec.captures.http_head import Framing

Origin = TypeVar("Origin")

# Bytes. A head may hold a query of up to 1 MiB, the codec's limit for a request.
MAX_HEAD = 1 << 20
# Requests; where one direction alone was captured, no answer ever takes one away.
MAX_ASKED = 256

_BLANK_LINE = re.compile(rb"\n\r?\n")


@dataclass(frozen=True, slots=True)
class Message(Generic[Origin]):
    """A request or a response, without its headers: those hold credentials.

    origin: what was given with the bytes in which the message begins.
    body: chunks joined, gzip and deflate undone; at most `MAX_BODY` bytes.
    is_whole: neither head nor body was cut off, nor has a gap.
    """

    origin: Origin
    start: Start = field(repr=False)
    body: bytes = field(repr=False)
    is_whole: bool = True


class MessageParser(Generic[Origin]):
    """The messages that go one way over a connection.

    asked: the methods of the requests that were not answered yet. The parser of requests appends to it, that
        of responses takes from it, because a response to HEAD has no body whatever its headers say.
    is_alone: there is one message only, so that its body goes to the end if no header says how long it is.
    """

    def __init__(self, kind: Kind, asked: deque[bytes] | None = None, *, is_alone: bool = False) -> None:
        self.asked: deque[bytes] = deque(maxlen=MAX_ASKED) if asked is None else asked
        self.kind = kind
        self._is_alone = is_alone
        self._stream = ByteStream()
        # Whether a message has begun and not ended.
        self.under_way = False
        self._found: list[Message[Origin]] = []
        self._origin: Origin
        self._steps = self._messages()
        next(self._steps)

    @property
    def held(self) -> int:
        """Bytes kept of a message whose end has not come."""
        return len(self._stream.arrived) + len(self._stream.body)

    def feed(self, data: bytes, origin: Origin) -> list[Message[Origin]]:
        """The messages that end in *data*, the next bytes of the connection."""
        self._origin = origin
        self._stream.arrived += data
        next(self._steps)
        return self._take_found()

    def lose(self, count: int) -> list[Message[Origin]]:
        """The message that is not whole because the next *count* bytes are missing, if it ends there."""
        self._steps.throw(Lost(count, final=False))
        return self._take_found()

    def end(self) -> list[Message[Origin]]:
        """The message that the end of the connection ends, if one is under way."""
        self._steps.throw(Lost(0, final=True))
        return self._take_found()

    def _take_found(self) -> list[Message[Origin]]:
        found, self._found = self._found, []
        return found

    def _messages(self) -> Generator[None]:
        while True:
            try:
                while not self._skip_blank_lines():
                    yield
            except Lost:
                continue
            self.under_way = True
            yield from self._message()
            self.under_way = False

    def _skip_blank_lines(self) -> bool:
        """Whether anything else has come."""
        while self._stream.arrived.startswith((b"\r", b"\n")):
            del self._stream.arrived[:1]
        return bool(self._stream.arrived)

    def _message(self) -> Generator[None]:
        origin = self._origin
        head, head_is_whole = yield from self._head()
        start = parse_start(head, self.kind, is_whole=head_is_whole)
        if start is None:
            # No message begins here; one may begin with the next bytes that come.
            self._stream.arrived.clear()
            return
        if self.kind.is_request:
            self.asked.append(start.method)
        self._stream.is_whole = head_is_whole
        framing = parse_framing(head)
        if head_is_whole:
            try:
                yield from self._read_body(start, framing)
            except Lost:
                self._stream.is_whole = False
                self._stream.arrived.clear()
        body, undone = decoded(bytes(self._stream.body), framing.coding, MAX_BODY)
        self._stream.body.clear()
        if not start.is_interim:
            self._found.append(Message(origin, start, body, self._stream.is_whole and undone))

    def _head(self) -> Generator[None, None, tuple[bytes, bool]]:
        """The first line and the headers, and whether they are all there."""
        searched, arrived = 0, self._stream.arrived
        try:
            while (end := _BLANK_LINE.search(arrived, max(0, searched - 2))) is None:
                if len(arrived) > MAX_HEAD or not self.kind.may_begin.match(arrived[:18]):
                    return b"", False
                searched = len(arrived)
                yield
        except Lost:
            return self._stream.take(len(arrived)), False
        return self._stream.take(end.end()), True

    def _read_body(self, start: Start, framing: Framing) -> Generator[None]:
        if self._has_no_body(start):
            return
        if framing.is_chunked:
            yield from self._stream.read_chunks()
        elif framing.length is not None:
            yield from self._stream.read_exactly(framing.length)
        elif self._is_alone or not self.kind.is_request:
            yield from self._stream.read_to_the_end()

    def _has_no_body(self, start: Start) -> bool:
        if self.kind.is_request:
            return False
        if start.is_interim:
            return True
        asked = self.asked.popleft() if self.asked else b""
        return asked == b"HEAD" or start.status in (204, 304)


def parse_messages(data: bytes, kind: Kind = REQUESTS) -> list[Message[None]]:
    """The messages in *data*, which hold nothing else; the last may be cut short."""
    parser: MessageParser[None] = MessageParser(kind)
    return parser.feed(data, None) + parser.end()


def parse_message(data: bytes, kind: Kind = REQUESTS) -> Message[None] | None:
    """The one message that *data* is, whole or cut short; None if it is none."""
    parser: MessageParser[None] = MessageParser(kind, is_alone=True)
    return next(iter(parser.feed(data, None) + parser.end()), None)
