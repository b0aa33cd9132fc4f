"""The bytes that one side of a connection sends, as far as they have come, and the body that stands in them.

Each way of reading is a generator that waits at ``yield`` for more bytes, and is told by `Lost` that some are
missing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

# Bytes; 1 MiB is the codec's limit for a request.
MAX_BODY = 1 << 20
_MAX_LINE = 4096

_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?", re.DOTALL)


class Lost(Exception):
    """Bytes are missing here.

    count: how many.
    final: the connection has ended, nothing will follow.
    """

    def __init__(self, count: int, *, final: bool) -> None:
        super().__init__(count)
        self.count = count
        self.final = final


class ByteStream:
    """What has come and was not read yet.

    arrived: the bytes that were not read yet.
    body: what was read of a body, up to a gap in it, at most `MAX_BODY` bytes.
    is_whole: whether that is all of it.
    """

    def __init__(self) -> None:
        self.arrived = bytearray()
        self.body = bytearray()
        self.is_whole = True

    def read_exactly(self, length: int) -> Generator[None]:
        """A body, or a chunk of one, of so many bytes."""
        while length > 0:
            if not self.arrived:
                try:
                    yield
                except Lost as lost:
                    if lost.final or lost.count > length:
                        raise
                    self.is_whole = False
                    length -= lost.count
            length -= self._keep(length)

    def read_chunks(self) -> Generator[None]:
        """A body in chunks."""
        while (size := (yield from self._chunk_size())) > 0:
            yield from self.read_exactly(size)
        # What follows the last chunk are headers, at least an empty line.
        while (yield from self._line()).strip():
            pass

    def _chunk_size(self) -> Generator[None, None, int]:
        line = (yield from self._line()) or (yield from self._line())
        size = _CHUNK_SIZE.fullmatch(line)
        if size is None:
            raise Lost(0, final=False)
        return int(size[1], 16)

    def _line(self) -> Generator[None, None, bytes]:
        """The next line, without its end."""
        while (end := self.arrived.find(b"\n", 0, _MAX_LINE)) < 0:
            if len(self.arrived) >= _MAX_LINE:
                raise Lost(0, final=False)
            yield
        return self.take(end + 1).rstrip(b"\r\n")

    def read_to_the_end(self) -> Generator[None]:
        """A body that ends with the connection."""
        try:
            while True:
                self._keep(len(self.arrived))
                yield
        except Lost as lost:
            if not lost.final:
                raise

    def _keep(self, count: int) -> int:
        """How many bytes there were, at most *count*; they are of the body, which is kept up to a gap."""
        piece = self.take(min(count, len(self.arrived)))
        room = MAX_BODY - len(self.body)
        if self.is_whole:
            self.body += piece[:room]
            self.is_whole = len(piece) <= room
        return len(piece)

    def take(self, count: int) -> bytes:
        """The next bytes, at most *count*."""
        taken = bytes(self.arrived[:count])
        del self.arrived[:count]
        return taken
