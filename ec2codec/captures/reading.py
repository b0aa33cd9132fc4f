"""Everything that is to be had from one input, whatever it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ec2codec.captures.exchange import Note
from ec2codec.captures.formats import FORMATS, recognise
from ec2codec.captures.source import SHORTER, open_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ec2codec.captures.exchange import Exchange
    from ec2codec.captures.source import Source

# What --input-format offers.
READABLE = {known.name: known.read for known in FORMATS if known.read is not None}


def read_input(
    name: str, input_format: str | None = None, advance: Callable[[int], object] = lambda _count: None
) -> Iterator[Exchange | Note]:
    """The calls in an input, and notes of what was not read; an input that cannot be opened is one note.

    name: a file, or ``-`` for standard input.
    input_format: one of `READABLE`; None to recognise it.
    advance: told the count of bytes as they are read, before expansion.
    """
    try:
        with open_source(name, advance) as source:
            yield from read_source(source, input_format)
    except OSError as error:
        yield unreadable(name, error)


def unreadable(name: str, error: OSError) -> Note:
    """What is said of an input that the system does not give."""
    return Note(name, error.strerror or str(error), "unreadable")


def fault_in(source: Source) -> Note:
    """What is said of an input that ended before its end."""
    # Of what became shorter there was something once.
    is_incomplete = source.head or source.fault == SHORTER
    return Note(source.name, source.fault or "", "incomplete" if is_incomplete else "unreadable")


def read_source(source: Source, input_format: str | None = None) -> Iterator[Exchange | Note]:
    """The same of an input that is open, wherever its bytes come from."""
    if source.fault and not source.head:
        yield fault_in(source)
        return
    if input_format is not None:
        yield from READABLE[input_format](source)
    else:
        known = recognise(source.head)
        if known.read is None:
            yield Note(source.name, f"no reader for this format yet ({known.title})", "skipped")
            return
        yield from known.read(source)
    if source.fault:
        yield fault_in(source)
