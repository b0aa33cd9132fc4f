"""The lines of a text, and the log records that several of them make, each with its number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ec2codec.captures.exchange import Note, Place
from ec2codec.captures.lines import MAX_LINE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ec2codec.captures.source import Source

    # A place for each would cost a third of the reading, and few lines hold a call.
    Line = tuple[int, bytes | Note]

# A date and a time, or a level as logging.basicConfig has it: so nearly every logger begins its records.
_BEGINNING = re.compile(rb"\W{0,2}(?:\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:|(?:DEBUG|INFO|WARNING|ERROR|CRITICAL)\W)")


def begins_record(line: bytes) -> bool:
    """Whether a line looks like the first one of a log record."""
    return _BEGINNING.match(line) is not None


def numbered_lines(source: Source) -> Iterator[Line]:
    """Every line, with its line feed; of one beyond `MAX_LINE` bytes, a note.

    Cut at LF alone, as `read_lines` does.
    """
    number = 0
    while line := source.stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) <= MAX_LINE:
            yield number, line
            continue
        place = Place(source.name, number)
        yield number, Note(str(place), f"the line is longer than {MAX_LINE} bytes and was not read")
        while line and not line.endswith(b"\n"):
            line = source.stream.readline(MAX_LINE)


def records(lines: Iterator[Line], begins: Callable[[bytes], bool]) -> Iterator[Line]:
    """Every log record: a line that *begins* one, and those that follow it up to the next such line.

    A record beyond `MAX_LINE` bytes is given up to there.
    """
    parts: list[bytes] = []
    size, first = 0, 0
    for number, line in lines:
        if isinstance(line, Note):
            yield number, line
            continue
        if parts and (size + len(line) > MAX_LINE or begins(line)):
            yield first, b"".join(parts)
            parts, size = [], 0
        if not parts:
            first = number
        parts.append(line)
        size += len(line)
    if parts:
        yield first, b"".join(parts)
