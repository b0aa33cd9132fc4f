"""Numbers of lines, counted when somebody wants to know them: to count costs more than to search."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

from ec2codec.captures.source import is_regular

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Bytes behind the last block that can still be asked about: twice the longest line.
KEPT = 2 << 20
CHUNK = 1 << 18


class PassingLines:
    """Blocks on their way to a reader, and the numbers of the lines that begin in them.

    before: lines that stand before the first block.
    """

    def __init__(self, blocks: Iterable[bytes], before: int = 0) -> None:
        self._blocks = blocks
        self._kept: deque[bytes] = deque()
        self._kept_size = 0
        # Up to where line feeds were counted in the first block that is kept, and how many there were.
        self._offset, self._within, self._lines = 0, 0, before

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            self._kept.append(block)
            self._kept_size += len(block)
            while self._kept_size - len(self._kept[0]) > KEPT:
                self._count(len(self._kept[0]))
            yield block

    def number_at(self, offset: int) -> int:
        """The number, from 1, of the line that begins at *offset*; offsets rise from call to call.

        The line may have begun before what is kept, if it has not ended yet.
        """
        while self._kept and self._count(offset - self._offset):
            pass
        return self._lines + 1

    def _count(self, stop: int) -> bool:
        """Count up to *stop* in the first block; whether that was all of it, and it is let go."""
        block = self._kept[0]
        stop = max(stop, self._within)
        self._lines += block.count(b"\n", self._within, stop)
        self._within = stop
        if stop < len(block):
            return False
        self._offset, self._within = self._offset + len(block), 0
        self._kept_size -= len(self._kept.popleft())
        return True


class FileLines:
    """Line feeds in a plain file, counted from *start* on; it is read once more for that.

    at_once: whether to open it now, and not when the first number is wanted: a log may be renamed meanwhile,
        and another one have its name.
    """

    def __init__(self, file: str, start: int = 0, *, at_once: bool = False) -> None:
        self._name = file
        self._at_once = at_once
        self._file: BinaryIO | None = None
        self._offset, self._lines = start, 0

    def __enter__(self) -> FileLines:
        # Where it cannot be opened, there will be no line to ask about; to open a named pipe takes for ever.
        with suppress(OSError):
            if self._at_once and is_regular(self._name):
                self._file = open(self._name, "rb", buffering=0)
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._file is not None:
            self._file.close()

    def count_to(self, offset: int) -> int:
        """How many there are before *offset*; offsets rise from call to call.

        Raises: OSError where the file is opened no sooner, and has gone meanwhile.
        """
        if self._file is None:
            self._file = open(self._name, "rb", buffering=0)  # noqa: SIM115, it is closed on exit
        self._file.seek(self._offset)
        while self._offset < offset and (chunk := self._file.read(min(CHUNK, offset - self._offset))):
            self._lines += chunk.count(b"\n")
            self._offset += len(chunk)
        return self._lines

    def know(self, offset: int, lines: int) -> None:
        """Take it from somebody else that there are so many before *offset*."""
        self._offset, self._lines = offset, lines
