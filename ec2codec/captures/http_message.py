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

if TYPE_CHECKING:
    from collections.abc import Generator

    from ec2codec.captures.http_head import Framing

Origin = TypeVar("Origin")

# Bytes. A head may hold a query and a body may be one, up to 1 MiB, the codec's limit for a request.
MAX_HEAD = MAX_BODY = 1 << 20
_MAX_LINE = 4096
# Requests; where one direction alone was captured, no answer ever takes one away.
MAX_ASKED = 256

_BLANK_LINE = re.compile(rb"\n\r?\n")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?", re.DOTALL)


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


class _Lost(Exception):
    """Bytes are missing here.

    count: how many.
    final: the connection has ended, nothing will follow.
    """

    def __init__(self, count: int, *, final: bool) -> None:
        super().__init__(count)
        self.count = count
        self.final = final


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
        self._buffer = bytearray()
        self._body = bytearray()
        self._whole = True
        # Whether a message has begun and not ended.
        self.under_way = False
        self._found: list[Message[Origin]] = []
        self._origin: Origin
        self._steps = self._messages()
        next(self._steps)

    @property
    def held(self) -> int:
        """Bytes kept of a message whose end has not come."""
        return len(self._buffer) + len(self._body)

    def feed(self, data: bytes, origin: Origin) -> list[Message[Origin]]:
        """The messages that end in *data*, the next bytes of the connection."""
        self._origin = origin
        self._buffer += data
        next(self._steps)
        return self._take_found()

    def lose(self, count: int) -> list[Message[Origin]]:
        """The message that is not whole because the next *count* bytes are missing, if it ends there."""
        self._steps.throw(_Lost(count, final=False))
        return self._take_found()

    def end(self) -> list[Message[Origin]]:
        """The message that the end of the connection ends, if one is under way."""
        self._steps.throw(_Lost(0, final=True))
        return self._take_found()

    def _take_found(self) -> list[Message[Origin]]:
        found, self._found = self._found, []
        return found

    def _messages(self) -> Generator[None]:
        while True:
            try:
                while not self._skip_blank_lines():
                    yield
            except _Lost:
                continue
            self.under_way = True
            yield from self._message()
            self.under_way = False

    def _skip_blank_lines(self) -> bool:
        """Whether anything else has come."""
        while self._buffer.startswith((b"\r", b"\n")):
            del self._buffer[:1]
        return bool(self._buffer)

    def _message(self) -> Generator[None]:
        origin = self._origin
        head, head_is_whole = yield from self._head()
        start = parse_start(head, self.kind, is_whole=head_is_whole)
        if start is None:
            # No message begins here; one may begin with the next bytes that come.
            self._buffer.clear()
            return
        if self.kind.is_request:
            self.asked.append(start.method)
        self._whole = head_is_whole
        framing = parse_framing(head)
        if head_is_whole:
            try:
                yield from self._read_body(start, framing)
            except _Lost:
                self._whole = False
                self._buffer.clear()
        body, undone = decoded(bytes(self._body), framing.coding, MAX_BODY)
        self._body.clear()
        if not start.is_interim:
            self._found.append(Message(origin, start, body, self._whole and undone))

    def _head(self) -> Generator[None, None, tuple[bytes, bool]]:
        """The first line and the headers, and whether they are all there."""
        searched = 0
        try:
            while (end := _BLANK_LINE.search(self._buffer, max(0, searched - 2))) is None:
                if len(self._buffer) > MAX_HEAD or not self.kind.may_begin.match(self._buffer[:18]):
                    return b"", False
                searched = len(self._buffer)
                yield
        except _Lost:
            return self._take(len(self._buffer)), False
        return self._take(end.end()), True

    def _read_body(self, start: Start, framing: Framing) -> Generator[None]:
        if self._has_no_body(start):
            return
        if framing.is_chunked:
            yield from self._read_chunks()
        elif framing.length is not None:
            yield from self._read_exactly(framing.length)
        elif self._is_alone or not self.kind.is_request:
            yield from self._read_to_the_end()

    def _has_no_body(self, start: Start) -> bool:
        if self.kind.is_request:
            return False
        if start.is_interim:
            return True
        asked = self.asked.popleft() if self.asked else b""
        return asked == b"HEAD" or start.status in (204, 304)

    def _read_exactly(self, length: int) -> Generator[None]:
        while length > 0:
            if not self._buffer:
                try:
                    yield
                except _Lost as lost:
                    if lost.final or lost.count > length:
                        raise
                    self._whole = False
                    length -= lost.count
            length -= self._keep(length)

    def _read_chunks(self) -> Generator[None]:
        while (size := (yield from self._chunk_size())) > 0:
            yield from self._read_exactly(size)
        # What follows the last chunk are headers, at least an empty line.
        while (yield from self._line()).strip():
            pass

    def _chunk_size(self) -> Generator[None, None, int]:
        line = (yield from self._line()) or (yield from self._line())
        size = _CHUNK_SIZE.fullmatch(line)
        if size is None:
            raise _Lost(0, final=False)
        return int(size[1], 16)

    def _line(self) -> Generator[None, None, bytes]:
        """The next line, without its end."""
        while (end := self._buffer.find(b"\n", 0, _MAX_LINE)) < 0:
            if len(self._buffer) >= _MAX_LINE:
                raise _Lost(0, final=False)
            yield
        return self._take(end + 1).rstrip(b"\r\n")

    def _read_to_the_end(self) -> Generator[None]:
        try:
            while True:
                self._keep(len(self._buffer))
                yield
        except _Lost as lost:
            if not lost.final:
                raise

    def _keep(self, count: int) -> int:
        """How many bytes there were, at most *count*; they are of the body, which is kept up to a gap."""
        piece = self._take(min(count, len(self._buffer)))
        room = MAX_BODY - len(self._body)
        if self._whole:
            self._body += piece[:room]
            self._whole = len(piece) <= room
        return len(piece)

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken


def parse_messages(data: bytes, kind: Kind = REQUESTS) -> list[Message[None]]:
    """The messages in *data*, which hold nothing else; the last may be cut short."""
    parser: MessageParser[None] = MessageParser(kind)
    return parser.feed(data, None) + parser.end()


def parse_message(data: bytes, kind: Kind = REQUESTS) -> Message[None] | None:
    """The one message that *data* is, whole or cut short; None if it is none."""
    parser: MessageParser[None] = MessageParser(kind, is_alone=True)
    return next(iter(parser.feed(data, None) + parser.end()), None)
