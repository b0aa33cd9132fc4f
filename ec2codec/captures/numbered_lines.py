"""The lines of a text, and the log records that several of them make, each with its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ec2codec.captures.exchange import Note, Place
from ec2codec.captures.lines import MAX_LINE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ec2codec.captures.source import Source

    Line = tuple[Place, bytes | Note]

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
        place = Place(source.name, number)
        if len(line) <= MAX_LINE:
            yield place, line
            continue
        yield place, too_long(place, "line")
        while line and not line.endswith(b"\n"):
            line = source.stream.readline(MAX_LINE)


def records(lines: Iterator[Line], begins: Callable[[bytes], bool]) -> Iterator[Line]:
    """Every log record: a line that *begins* one, and those that follow it up to the next such line.

    A record beyond `MAX_LINE` bytes is given up to there.
    """
    parts: list[bytes] = []
    size, place = 0, Place("", 0)
    for here, line in lines:
        if isinstance(line, Note):
            yield here, line
            continue
        if parts and (size + len(line) > MAX_LINE or begins(line)):
            yield place, b"".join(parts)
            parts, size = [], 0
        if not parts:
            place = here
        parts.append(line)
        size += len(line)
    if parts:
        yield place, b"".join(parts)


def too_long(place: Place, what: str) -> Note:
    """The note on a line or record that is too long."""
    return Note(str(place), f"the {what} is longer than {MAX_LINE} bytes and was not read")
