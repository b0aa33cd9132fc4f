"""Inputs made of lines: found by a mark, cut at line feeds only, each line read by what it looks like.

Nothing is done line by line but for the lines that may hold a call of ours, which are few: whole blocks are
searched, and only what stands around a hit is cut out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ec2codec.captures import access_log, web_record
from ec2codec.captures.exchange import Completeness, Note, Place
from ec2codec.captures.line_numbers import PassingLines
from ec2codec.captures.relevance import find_mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ec2codec.captures.exchange import Exchange
    from ec2codec.captures.source import Source

# Bytes; the codec's limit for a request, which no line needs to exceed to hold one.
MAX_LINE = 1 << 20
# Of UTF-8; it stands where a file began, even if others were put before it.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# How a line begins that may continue the one before.
_MAY_CONTINUE = b"& \t\n\r\v\f"
# What stands before the line feed of one that goes on; a CR may stand behind the backslash.
_MAY_GO_ON = b"\\\r\n"
_CURL = re.compile(rb"(?<![^\s/$;&|(])curl\s")


def read_lines(source: Source, before: int = 0) -> Iterator[Exchange | Note]:
    """The calls in a text, whatever its lines are, JSON objects too.

    before: lines that stand before what is read.
    """
    numbers = PassingLines(source.blocks, before)
    for number, line in _relevant_lines(numbers, numbers.number_at):
        yield from _calls(source, line, Place(source.name, number))


def read_lines_by_offset(source: Source, start: int = 0) -> Iterator[tuple[int, Exchange | Note]]:
    """The same, each item with the offset of its line, and one place that names the input alone.

    offset: bytes before the line, and *start* more. Who needs few of the numbers counts lines for these only.
    """
    place = Place(source.name, 0)
    for offset, line in _relevant_lines(source.blocks, int):
        for item in _calls(source, line, place):
            yield start + offset, item


def _calls(source: Source, line: bytes | None, place: Place) -> Iterable[Exchange | Note]:
    if line is None:
        return [Note(str(place), f"the line is longer than {MAX_LINE} bytes and was not read")]
    line = line.removeprefix(BYTE_ORDER_MARK)
    # Nearly every line is one of these, and no JSON object is.
    exchanges = access_log.parse_common(line, place)
    if exchanges is None:
        exchanges = web_record.parse(line, place)
        if exchanges is None and line.startswith(b'{"'):
            # To look for a query in it would lose what else the line says of the request.
            return [Note(str(place), "the line is no whole JSON object and was not read")]
        exchanges = web_record.parse_text(line, place) if exchanges is None else exchanges
    # Where the input was cut, its last line was, and the last parameter of it.
    if source.fault is None or line.endswith(b"\n"):
        return exchanges
    return [replace(exchange, completeness=Completeness.TRUNCATED) for exchange in exchanges]


def _relevant_lines(
    blocks: Iterable[bytes], number_at: Callable[[int], int]
) -> Iterator[tuple[int, bytes | None]]:
    """The lines that may hold a call of ours, each with its number; None for one that is too long.

    number_at: gives the number of the line that begins at an offset; asked as soon as the line is found.
    """
    search = _Search(number_at)
    for offset, lines in _whole_lines(blocks):
        # All of them at once: they are judged quicker one after another than each after a search.
        yield from list(search.through(lines, offset))
    yield from search.pending()


def _has_mark(line: bytes) -> bool:
    return find_mark(line, 0, len(line)) >= 0


class _Lines(NamedTuple):
    """Whole lines: a block from *start* to *stop*. To cut them out would cost as much as the search."""

    block: bytes
    start: int
    stop: int

    def end_of_line(self, start: int) -> int:
        return self.block.find(b"\n", start, self.stop) + 1 or self.stop


class _Search:
    r"""Goes through lines, and keeps the last one that was found until the next line does not continue it.

    A line goes on where the next one begins with ``&``, as documents print queries, and after a
    backslash, as shells have it. What is found within a command of curl's begins where that does.
    """

    def __init__(self, number_at: Callable[[int], int]) -> None:
        self._number_at = number_at
        self._pending: _Continued | None = None

    def through(self, lines: _Lines, offset: int) -> Iterator[tuple[int, bytes | None]]:
        """What is found in *lines*, and before them if they do not continue it; *offset* is their block's."""
        block, end, stop = lines
        if stop - end > MAX_LINE:
            yield from self.pending()
            yield self._number_at(offset + end), None
            return
        end = self._continue(lines, end)
        while end < stop:
            if self._pending:
                yield from self.pending()
            hit = find_mark(block, end, stop)
            start = stop if hit < 0 else block.rfind(b"\n", end, hit) + 1 or end
            if start > end and block[start - 2] in _MAY_GO_ON:
                start = _command_that_goes_on(block, end, start)
            if start == stop:
                return
            end = lines.end_of_line(start)
            if end < stop and block[end] not in _MAY_CONTINUE and block[end - 2] not in _MAY_GO_ON:
                # Nearly every line is over here, and need not be kept.
                yield self._number_at(offset + start), block[start:end]
                continue
            self._pending = _Continued(self._number_at(offset + start), block[start:end])
            end = self._continue(lines, end)

    def pending(self) -> Iterator[tuple[int, bytes]]:
        """The line that was found last, as far as it goes; it is let go."""
        line, self._pending = self._pending, None
        # A command was kept before it was known what it holds.
        if line and line.has_mark:
            yield line.number, line.whole()

    def _continue(self, lines: _Lines, end: int) -> int:
        """Where the lines end that continue the last one."""
        line = self._pending
        while line and end < lines.stop:
            # Most lines are so seen to be over, without a copy of the next one.
            if not line.goes_on and (lines.block[end] not in _MAY_CONTINUE or not line.has_mark):
                break
            following = lines.block[end : lines.end_of_line(end)]
            if not line.take(following):
                break
            end += len(following)
        return end


class _Continued:
    """A line, and those that continue it, as one; joined once, lest many cost the square of their length.

    number: of the line. has_mark: whether one of the lines has; a mark that a line's end divides is none.
    """

    def __init__(self, number: int, line: bytes) -> None:
        self.number = number
        self.has_mark = _has_mark(line)
        self._parts, self._size = [line], len(line)

    @property
    def goes_on(self) -> bool:
        """Whether the next line is a part of it, whatever that is."""
        return self._parts[-1].rstrip(b"\r\n").endswith(b"\\")

    def take(self, following: bytes) -> bool:
        """Add the next line if it continues this one; whether it does."""
        if self._size + len(following) > MAX_LINE:
            return False
        stripped = following.lstrip()
        if stripped[:1] == b"&":
            self._strip()
            self._parts.append(stripped)
        elif self.goes_on:
            self._parts[-1] = self._parts[-1].rstrip(b"\r\n")[:-1]
            self._parts.append(following)
        else:
            return False
        self._size += len(following)
        self.has_mark = self.has_mark or _has_mark(following)
        return True

    def _strip(self) -> None:
        # What it begins with is not blank: there is a mark in it, or a command.
        while not self._parts[-1].strip():
            self._parts.pop()
        self._parts[-1] = self._parts[-1].rstrip()

    def whole(self) -> bytes:
        """All of it as one line."""
        return b"".join(self._parts)


def _command_that_goes_on(block: bytes, floor: int, end: int) -> int:
    """Where, behind *floor*, a command of curl's begins that the line at *end* continues; else *end*."""
    start = end
    while start > floor and block.endswith((b"\\\n", b"\\\r\n"), 0, start):
        start = block.rfind(b"\n", floor, start - 1) + 1 or floor
    command = _CURL.search(block, start, end) if start < end else None
    return block.rfind(b"\n", start, command.start()) + 1 or start if command else end


def _whole_lines(blocks: Iterable[bytes]) -> Iterator[tuple[int, _Lines]]:
    """All lines, each block of them with its offset; what is longer than `MAX_LINE` is one line.

    Lines are cut at LF alone: CR, U+0085 and U+2028 may stand in a record. Of a line that is too long enough
    is given to show it, the rest is passed over.
    """
    offset, begun, passed = 0, bytearray(), 0
    for block in _bounded(blocks):
        first, last = block.find(b"\n") + 1, block.rfind(b"\n") + 1
        if begun or not first:
            begun += block[: first or len(block)]
        # Two limits, so that a line which never ends is seldom cut back.
        if len(begun) > 2 * MAX_LINE:
            passed += len(begun) - MAX_LINE - 1
            del begun[MAX_LINE + 1 :]
        if not first:
            continue
        start = first if begun else 0
        if begun:
            yield offset, _Lines(bytes(begun), 0, len(begun))
            offset += len(begun) + passed - first
        if start < last:
            yield offset, _Lines(block, start, last)
        offset, begun, passed = offset + last, bytearray(block[last:]), 0
    if begun:
        yield offset, _Lines(bytes(begun), 0, len(begun))


def _bounded(blocks: Iterable[bytes]) -> Iterator[bytes]:
    # What is longer than the longest line must be a line.
    for block in blocks:
        for start in range(0, len(block), MAX_LINE):
            yield block[start : start + MAX_LINE]
