"""One input: its bytes, expanded, with a look at the first of them."""

from __future__ import annotations

import io
import os
import stat
import sys
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from ec2codec.captures.decompress import Fault, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STDIN = "-"
# Bytes asked of the system at a time, and looked at to recognise a format.
CHUNK = 1 << 18
HEAD = 1 << 16


class Source:
    """The bytes of one input.

    name: as the user gave it.
    head: the first bytes, `HEAD` or a little more, or all there are; for recognising.
    stream: all bytes, the head too.
    fault: why the bytes ended before their end; None as long as they did not.
    """

    def __init__(self, name: str, chunks: Iterator[bytes]) -> None:
        self.name = name
        self.fault: str | None = None
        plain = self._until_fault(chunks)
        self.head = _take(plain, HEAD)
        self.stream: BinaryIO = io.BufferedReader(_ChunkReader(chain([self.head], plain)), CHUNK)

    def _until_fault(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        try:
            yield from expand(chunks)
        except Fault as fault:
            self.fault = str(fault)
        except OSError as error:
            self.fault = error.strerror or str(error)


class _ChunkReader(io.RawIOBase):
    """Chunks of bytes as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = filter(None, chunks)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = memoryview(next(self._chunks, b""))
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


@contextmanager
def open_source(name: str, advance: Callable[[int], object] = lambda _count: None) -> Iterator[Source]:
    """The input of that name, ``-`` for standard input; *advance* is told the bytes as they are read.

    Raises: OSError with a text where there is no regular file to read.
    """
    if name == STDIN:
        yield Source(name, _chunks(sys.stdin.buffer, advance))
        return
    # A named pipe would wait for ever, and a device may have no end.
    if not stat.S_ISREG(os.stat(name).st_mode):
        raise OSError(0, "not a regular file")
    with open(name, "rb", buffering=0) as file:
        yield Source(name, _chunks(file, advance))


def _chunks(file: BinaryIO | io.FileIO, advance: Callable[[int], object]) -> Iterator[bytes]:
    # read1 gives what a pipe holds now; a file that is not buffered does so anyway.
    read = getattr(file, "read1", file.read)
    while chunk := read(CHUNK):
        advance(len(chunk))
        yield chunk


def _take(chunks: Iterator[bytes], size: int) -> bytes:
    taken = b""
    while len(taken) < size and (chunk := next(chunks, None)) is not None:
        taken += chunk
    return taken
