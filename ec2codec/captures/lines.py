"""Inputs made of lines: found by a mark, cut at line feeds only, each line read by what it looks like."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from ec2codec.captures import textline, web_record
from ec2codec.captures.exchange import Completeness, Note, Place
from ec2codec.captures.relevance import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.captures.exchange import Exchange
    from ec2codec.captures.source import Source

# Bytes; the codec's limit for a request, which no line needs to exceed to hold one.
MAX_LINE = 1 << 20


def read_lines(source: Source) -> Iterator[Exchange | Note]:
    """The calls in a text, whatever its lines are, JSON objects too."""
    for place, line in _relevant_lines(source):
        if isinstance(line, Note):
            yield line
            continue
        exchanges = web_record.parse(line, place)
        if exchanges is None and line.startswith(b'{"'):
            # To look for a query in it would lose what else the line says of the request.
            yield Note(str(place), "the line is no whole JSON object and was not read")
            continue
        if exchanges is None:
            exchanges = textline.parse(line, place)
        yield from _as_far_as_read(source, line, exchanges)


def _as_far_as_read(source: Source, line: bytes, exchanges: list[Exchange]) -> list[Exchange]:
    # Where the input was cut, its last line was, and the last parameter of it.
    if source.fault is None or line.endswith(b"\n"):
        return exchanges
    return [replace(exchange, completeness=Completeness.TRUNCATED) for exchange in exchanges]


def _relevant_lines(source: Source) -> Iterator[tuple[Place, bytes | Note]]:
    r"""The lines that may hold a call of ours, each with its place.

    A line goes on where the next one begins with ``&``, as documents print queries, and after a
    backslash, as shells have it.
    """
    pending, place = b"", Place(source.name, 0)
    for number, line in _lines(source.stream):
        joined = _joined(pending, line) if pending else None
        if joined is not None:
            pending = joined
            continue
        if pending:
            yield place, pending
        pending, place = b"", Place(source.name, number)
        if len(line) > MAX_LINE:
            yield place, Note(str(place), f"the line is longer than {MAX_LINE} bytes and was not read")
        elif MARK in line:
            pending = line
    if pending:
        yield place, pending


def _joined(line: bytes, following: bytes) -> bytes | None:
    """Both as one line; None where the second does not continue the first."""
    if len(line) + len(following) > MAX_LINE:
        return None
    if following.lstrip()[:1] == b"&":
        return line.rstrip() + following.lstrip()
    start = line.rstrip(b"\r\n")
    return start[:-1] + following if start.endswith(b"\\") else None


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    # Cut at LF alone: CR, U+0085 and U+2028 may stand in a record. A line that is too long is given up to
    # one byte more than the limit, its rest is passed over.
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        yield number, line
        while len(line) > MAX_LINE and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE + 1)
