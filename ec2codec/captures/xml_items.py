"""Items of a long XML document, one after the other, in the memory of the longest one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

CHUNK = 1 << 16
# Characters. An item holds an answer's body, and proxies record downloads of this size.
MAX_ITEM = 64 << 20
# Bytes without anything complete in them: no tag and no attribute is that long. expat below 2.6 looks at all
# of them again with every chunk (CVE-2023-52425).
MAX_TOKEN = 1 << 20
# Characters. A DTD can give each element an attribute by default; a long one, 20,000 times, fills the memory.
MAX_DEFAULT = 256


MAX_DEPTH = 32


class Field(NamedTuple):
    """A child of an item."""

    text: str
    attributes: dict[str, str]


class CutShort(Exception):
    """Why no further item could be read."""


def read_items(stream: BinaryIO, fields: frozenset[str]) -> Iterator[dict[str, Field]]:
    """The items, which are the children of the root, each with those of its children that *fields* names.

    Raises: CutShort where the document is no XML or ends early, declares entities, or exceeds a bound.
    """
    reader = _Reader(fields)
    is_last = False
    while not is_last:
        chunk = stream.read(CHUNK)
        is_last = not chunk
        fault = reader.feed(chunk, is_last=is_last)
        yield from reader.take()
        if fault is not None:
            raise CutShort(fault)


class _Reader:
    """expat with the state that its handlers need."""

    def __init__(self, fields: frozenset[str]) -> None:
        self._fields = fields
        self._depth = 0
        self._unparsed = 0
        self._item: dict[str, Field] = {}
        self._attributes: dict[str, str] = {}
        self._text: list[str] = []
        self._size = 0
        self._found: list[dict[str, Field]] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.EntityDeclHandler = _refuse_entity
        self._parser.SkippedEntityHandler = _refuse_entity
        self._parser.AttlistDeclHandler = _refuse_long_default

    def feed(self, chunk: bytes, *, is_last: bool) -> str | None:
        """Why nothing can be read from here on; None if it can."""
        self._unparsed += len(chunk)
        try:
            self._parser.Parse(chunk, is_last)
        except CutShort as reason:
            return str(reason)
        except (expat.ExpatError, ValueError, LookupError) as error:
            # ValueError and LookupError are for encodings that the document declares and nobody has.
            return "the input ends there" if is_last else f"not XML from there on ({error})"
        return f"what follows is no tag within {MAX_TOKEN} bytes" if self._unparsed > MAX_TOKEN else None

    def take(self) -> list[dict[str, Field]]:
        found, self._found = self._found, []
        return found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._unparsed = 0
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise CutShort("nested too deeply")
        if self._depth == 2:
            self._item, self._size = {}, 0
        self._text, self._attributes = [], attributes

    def _characters(self, text: str) -> None:
        self._unparsed = 0
        self._size += len(text)
        if self._size > MAX_ITEM:
            raise CutShort(f"what follows is longer than {MAX_ITEM} characters")
        if self._depth == 3:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if self._depth == 3 and name in self._fields:
            self._item[name] = Field("".join(self._text), self._attributes)
        elif self._depth == 2:
            self._found.append(self._item)
        self._depth -= 1


def _refuse_entity(*_declaration: object) -> None:
    raise CutShort("the document declares entities")


def _refuse_long_default(_element: str, _name: str, _kind: str, default: str | None, _required: bool) -> None:
    if default is not None and len(default) > MAX_DEFAULT:
        raise CutShort(f"the document gives attributes of more than {MAX_DEFAULT} characters by default")
