"""Inputs in parts that may be read apart: plain files of lines cut between lines, all others whole."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ec2codec.captures.decompress import is_compressed
from ec2codec.captures.formats import recognise
from ec2codec.captures.lines import MAX_LINE, read_lines, read_lines_by_offset
from ec2codec.captures.reading import READABLE, fault_in, read_input, unreadable
from ec2codec.captures.source import CHUNK, STDIN, is_regular, open_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ec2codec.captures.exchange import Exchange, Note

# Bytes of a part: long enough that to hand it out costs nothing beside reading it, and short enough that
# processes end together.
PART = 8 << 20
# Bytes of a line that tell whether it continues another one; where all of them are blank, it is left open.
FEW = 64


class Seekable(Protocol):
    """A file of bytes, of this machine or of another one."""

    def read(self, size: int, /) -> bytes:
        """At most *size* bytes; none at the end."""

    def seek(self, offset: int, /) -> int:
        """Go on at *offset*."""


@dataclass(frozen=True, slots=True)
class Part:
    """An input, or a part of one, from the byte *start* on.

    stop: where it ends, if the input is a plain file of lines; None where it is not, and is read as a whole.
    """

    file: str
    start: int = 0
    stop: int | None = None


def parts_of(file: str, input_format: str | None = None, *, size: int | None = None) -> Iterator[Part]:
    """The parts of an input in their order; one alone where it cannot be cut, or cannot be read.

    size: bytes of each, or somewhat more; None for no cut.
    """
    try:
        yield from _parts(file, input_format, size)
    except OSError:
        # Who reads it will say so.
        yield Part(file)


def _parts(file: str, input_format: str | None, size: int | None) -> Iterator[Part]:
    if file == STDIN or not is_regular(file):
        yield Part(file)
        return
    with open(file, "rb", buffering=0) as opened:
        head = opened.read(CHUNK)
        read = recognise(head).read if input_format is None else READABLE[input_format]
        if is_compressed(head) or read is not read_lines:
            yield Part(file)
            return
        end, start = opened.seek(0, io.SEEK_END), 0
        while size is not None and (cut := cut_near(opened, start + size, end)) < end:
            yield Part(file, start, cut)
            start = cut
        yield Part(file, start, end)


def cut_near(file: Seekable, near: int, end: int) -> int:
    """Where, there or later, a line begins that goes on with no other; *end* if nowhere before."""
    for offset in range(near, end, MAX_LINE):
        file.seek(offset)
        window = file.read(2 * MAX_LINE)
        previous = window.find(b"\n") + 1
        while previous and (start := window.find(b"\n", previous) + 1):
            if _is_apart(window[previous:start], window[start : start + FEW]):
                return offset + start
            previous = start
    return end


def _is_apart(line: bytes, following: bytes) -> bool:
    """Whether a line that begins so does not continue *line*, nor anything that this continues.

    Blank lines are in doubt: behind a backslash, they belong to what was before.
    """
    text = line.rstrip(b"\r\n")
    return bool(text) and not text.endswith(b"\\") and following.lstrip()[:1] not in (b"", b"&")


def read_part(
    part: Part, input_format: str | None, advance: Callable[[int], object]
) -> Iterator[tuple[int | None, Exchange | Note]]:
    """The calls in a part, and notes of what was not read.

    Each comes with the offset in the file of its line, while the place in it is not true; or with None, if it
    stands at no line, or its place is true.
    """
    if part.stop is None:
        for item in read_input(part.file, input_format, advance):
            yield None, item
        return

    try:
        with open_source(part.file, advance, part.start, part.stop) as source:
            yield from read_lines_by_offset(source, part.start)
            if source.fault:
                yield None, fault_in(source)
    except OSError as error:
        yield None, unreadable(part.file, error)
