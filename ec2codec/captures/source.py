"""One input: its bytes, expanded, with a look at the first of them."""

from __future__ import annotations

import io
import os
import stat
import sys
from contextlib import contextmanager, suppress
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from ec2codec.captures.decompress import Fault, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STDIN = "-"
# Bytes asked of the system at a time, and looked at to recognise a format.
CHUNK = 1 << 18
HEAD = 1 << 16
SHORTER = "the file became shorter while it was read"


class Source:
    """The bytes of one input.

    name: as the user gave it.
    head: the first bytes, `HEAD` or a little more, or all there are; for recognising.
    blocks: all bytes, the head too, in pieces as they come: the quick way for who searches them.
    stream: the same as a file; one reads either this or the blocks.
    fault: why the bytes ended before their end; None as long as they did not.
    """

    def __init__(self, name: str, chunks: Iterator[bytes], *, expanded: bool = False) -> None:
        """expanded: whether the chunks are plain, whatever the first of them look like."""
        self.name = name
        self.fault: str | None = None
        plain = self._until_fault(chunks, iter if expanded else expand)
        self.head = _take(plain, HEAD)
        self.blocks = chain([self.head], plain)
        self.stream: BinaryIO = io.BufferedReader(_ChunkReader(self.blocks), CHUNK)

    def _until_fault(
        self, chunks: Iterator[bytes], expanded: Callable[[Iterator[bytes]], Iterator[bytes]]
    ) -> Iterator[bytes]:
        try:
            yield from expanded(chunks)
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
def open_source(
    name: str,
    advance: Callable[[int], object] = lambda _count: None,
    start: int = 0,
    stop: int | None = None,
) -> Iterator[Source]:
    """The input of that name, ``-`` for standard input; *advance* is told the bytes as they are read.

    A pipe that the shell has opened, as for ``<(zcat *.gz)``, is read as standard input is.

    start, stop: a part of a plain file, in bytes; whole, and perhaps compressed, without a *stop*.
    Raises: OSError with a text where there is no regular file to read.
    """
    if name == STDIN:
        yield Source(name, _chunks(sys.stdin.buffer, advance))
        return
    is_open = is_open_pipe(name)
    # A named pipe would wait for ever, and a device may have no end.
    if not is_open and not is_regular(name):
        _look_into(name)
        raise OSError(0, "not a regular file")
    with open(name, "rb", buffering=0) as file:
        if is_open:
            yield Source(name, _chunks(file, advance))
        elif stop is None:
            size = os.fstat(file.fileno()).st_size
            yield Source(name, _no_fewer_bytes(_chunks(file, advance), size))
        else:
            file.seek(start)
            # A line in the middle of a file may begin like a compressed file.
            yield Source(name, _first_bytes(_chunks(file, advance), stop - start), expanded=True)


def is_open_pipe(name: str) -> bool:
    """Whether that is a pipe that this process was given open; others have none of that name."""
    with suppress(OSError):
        return name.startswith(("/dev/fd/", "/proc/self/fd/")) and stat.S_ISFIFO(os.stat(name).st_mode)
    return False


def is_regular(name: str) -> bool:
    """Whether that is a file that has an end, and lies still.

    Raises: OSError where there is nothing.
    """
    return stat.S_ISREG(os.stat(name).st_mode)


def _look_into(name: str) -> None:
    """Raises: OSError with the system's reason where *name* is a folder that nobody may look into."""
    if os.path.isdir(name):
        os.scandir(name).close()


def _first_bytes(chunks: Iterator[bytes], count: int) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk[:count]
        count -= len(chunk)
        if count <= 0:
            return
    _refuse_missing(count)


def _no_fewer_bytes(chunks: Iterator[bytes], count: int) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk
        count -= len(chunk)
    _refuse_missing(count)


def _refuse_missing(count: int) -> None:
    # Who rotates logs may copy and empty them.
    if count > 0:
        raise Fault(SHORTER)


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
