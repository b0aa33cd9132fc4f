"""How far a command has come: what is done, rate and time left, on one line of a terminal."""

from __future__ import annotations

import os
import shutil
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from ec2codec.captures.source import STDIN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

# Seconds between two looks of the line, and before the first: what is over at once needs none.
PAUSE = 0.2
BAR = 24
# ECMA-48: to the beginning of the line, and everything on it erased.
_ERASE = "\r\x1b[2K"


class Progress:
    """The line.

    size: what is to be done in all, bytes by default; None where that is not known, as of standard input.
    clock: seconds. verb: what is done. amount: the words for a part of the size.
    """

    def __init__(
        self,
        terminal: TextIO,
        size: int | None,
        clock: Callable[[], float] = time.monotonic,
        *,
        verb: str = "Checking",
        amount: Callable[[float], str] | None = None,
    ) -> None:
        self._terminal = terminal
        self._size = size
        self._clock = clock
        self._verb = verb
        self._amount = amount or _bytes
        self._begun = clock()
        self._due = self._begun + PAUSE
        self._done = 0

    def advance(self, count: int) -> None:
        """Take note of *count* more."""
        self._done += count
        now = self._clock()
        if now >= self._due:
            self._due = now + PAUSE
            columns = shutil.get_terminal_size().columns
            self._terminal.write(_ERASE + self._line(now - self._begun)[: columns - 1])
            self._terminal.flush()

    def erase(self) -> None:
        """Leave the line empty."""
        self._terminal.write(_ERASE)
        self._terminal.flush()

    def _line(self, seconds: float) -> str:
        rate = self._done / seconds
        told = f"{self._amount(self._done)}, {self._amount(rate)}/s"
        if not self._size:
            return f"{self._verb}  {told}"
        # A file may grow while it is read.
        part = min(self._done / self._size, 1)
        left = max(self._size - self._done, 0) / rate if rate else 0
        bar = "#" * int(part * BAR)
        return f"{self._verb} [{bar:-<{BAR}}] {part:4.0%}  {told}, {_duration(left)} left"


def _bytes(count: float) -> str:
    """*count* with a unit: powers of 1000, as disks and networks have them."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit in ("B", "kB") else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _requests(count: float) -> str:
    return f"{count:.0f} requests"


@contextmanager
def progress(files: Collection[str], *, wanted: bool) -> Iterator[Callable[[int], object]]:
    """What is told the bytes as they are read; shows them if *wanted*, and standard error is a terminal."""
    if not (wanted and _may_draw()):
        yield lambda _count: None
        return
    with _drawn(Progress(sys.stderr, None if STDIN in files else sum(map(_size, files)))) as advance:
        yield advance


@contextmanager
def generating(n: int, *, to_stdout: bool) -> Iterator[Callable[[int], object]]:
    """What is told of each request that was made, of *n* in all; shows how many on a terminal.

    Not where the requests themselves are written to it.
    """
    if (to_stdout and sys.stdout.isatty()) or not _may_draw():
        yield lambda _count: None
        return
    with _drawn(Progress(sys.stderr, n, verb="Generating", amount=_requests)) as advance:
        yield advance


@contextmanager
def asking(*, wanted: bool) -> Iterator[Callable[[int], object]]:
    """What is told of each request that was asked; shows how many, if *wanted*, on a terminal."""
    if not (wanted and _may_draw()):
        yield lambda _count: None
        return
    with _drawn(Progress(sys.stderr, None, verb="Asking", amount=_requests)) as advance:
        yield advance


@contextmanager
def _drawn(line: Progress) -> Iterator[Callable[[int], object]]:
    try:
        yield line.advance
    finally:
        line.erase()


def _may_draw() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _size(file: str) -> int:
    try:
        return os.path.getsize(file)
    except OSError:
        return 0
