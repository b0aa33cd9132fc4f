"""The work on one part of an input, and a process that does it for another one."""

from __future__ import annotations

import pickle
import signal
import time
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ec2codec.captures.exchange import Note, Place
from ec2codec.captures.line_numbers import FileLines
from ec2codec.captures.parts import read_part
from ec2codec.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from ec2codec.captures.parts import Part
    from ec2codec.kernel import Kernel
    from ec2codec.verdict import Verdict

# What is sent home at a time; seconds, and findings or notes.
PAUSE = 0.1
MANY = 250


class Found(NamedTuple):
    """A notable verdict, or a note.

    lines: how many line feeds are between the beginning of the part and its line; None if its place is true.
    """

    item: Verdict | Note
    lines: int | None

    def at_line(self, file: str, before: int) -> Verdict | Note:
        """The verdict or note at its true place, with *before* line feeds before the part."""
        if self.lines is None:
            return self.item
        place = Place(file, before + self.lines + 1)
        if isinstance(self.item, Note):
            return replace(self.item, place=str(place))
        return replace(self.item, where=place)


class Batch(NamedTuple):
    """What was found in a part since its last batch.

    lines: line feeds in the whole part, where they were counted; in the last batch of it alone.
    """

    found: list[Found]
    tally: Tally
    lines: int | None = None


class Message(NamedTuple):
    """What a process sends home: the bytes read since it did so last, and a pickled `Batch`."""

    read: int
    batch: bytes
    done: bool


class Work:
    """One part of an input to be gone through.

    tally: counts every call; may be changed for another one meanwhile.
    lines: line feeds in the part; None as long as nobody wanted to know the number of a line.
    """

    def __init__(self, part: Part, kernel: Kernel, input_format: str | None, tally: Tally) -> None:
        self._part = part
        self._kernel = kernel
        self._input_format = input_format
        self.tally = tally
        self.lines: int | None = None

    def go(self, advance: Callable[[int], object]) -> Iterator[Found]:
        """What is to be reported; *advance* is told the bytes as they are read."""
        part = self._part
        with FileLines(part.file, part.start, at_once=part.stop is not None) as numbers:
            for offset, item in read_part(part, self._input_format, advance):
                found = item if isinstance(item, Note) else self._kernel.judge(item, self.tally)
                if found is not None:
                    self.lines = None if offset is None else numbers.count_to(offset)
                    yield Found(found, self.lines)
            if self.lines is not None and part.stop is not None:
                self.lines = numbers.count_to(part.stop)


def serve(home: Connection, kernel: Kernel, input_format: str | None) -> None:
    """Do the work that comes, and send home what is found, until nobody is there; all that a process does."""
    # Ctrl-C goes to all processes of a terminal; this one ends with the one that started it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        while True:
            _Sender(home, Work(home.recv(), kernel, input_format, Tally())).send_all()
    except (EOFError, OSError):
        # Nobody asks any more, or nobody listens.
        return


class _Sender:
    """Sends home what some work finds, not too often."""

    def __init__(self, home: Connection, work: Work) -> None:
        self._home = home
        self._work = work
        self._found: list[Found] = []
        self._read = 0
        self._due = time.monotonic() + PAUSE

    def send_all(self) -> None:
        for found in self._work.go(self._advance):
            self._found.append(found)
            if len(self._found) >= MANY:
                self._send()
        self._send(done=True)

    def _advance(self, count: int) -> None:
        self._read += count
        if time.monotonic() > self._due:
            self._send()

    def _send(self, *, done: bool = False) -> None:
        batch = Batch(self._found, self._work.tally, self._work.lines if done else None)
        self._home.send(Message(self._read, pickle.dumps(batch), done))
        self._found, self._work.tally, self._read = [], Tally(), 0
        self._due = time.monotonic() + PAUSE
