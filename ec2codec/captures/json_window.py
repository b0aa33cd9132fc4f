"""Values of a long JSON document, one after the other, in the memory of the longest one."""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, Any

from ec2codec.captures.exchange import Note, Place
from ec2codec.captures.json_values import DECODER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ec2codec.captures.source import Source

# Characters. A HAR entry holds the answer's body, and browsers save downloads of this size in it.
MAX_VALUE = 64 << 20
CHUNK = 1 << 18
# The longest thing that JSON's grammar cuts in the middle without being a text: \ud83d\ude00, 12 characters.
_NEAR_END = 16
# Characters of an opening, however it is indented.
_SHORT = 128
_SEPARATOR = re.compile(r"[ \t\r\n,]*")
_ENDS = "the input ends there"


class CutShort(Exception):
    """Why no further value could be read."""


class JsonWindow:
    """The part of a document that is being looked at.

    blocks: what is left of the source, if somebody has read in it.
    """

    def __init__(self, source: Source, blocks: Iterable[bytes] | None = None) -> None:
        self._blocks = _pieces(source.blocks if blocks is None else blocks)
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape").decode
        self._text = ""
        self._position = 0
        self._ended = False

    def find(self, pattern: re.Pattern[str]) -> str | None:
        """What stands before the next match, which is passed; None if there is none within `MAX_VALUE`."""
        while (match := pattern.search(self._text, self._position)) is None:
            if not self._read_more():
                return None
        before = self._text[self._position : match.start()]
        self._position = match.end()
        return before

    def skip(self, pattern: re.Pattern[str]) -> bool:
        """Whether *pattern*, which is shorter than `_SHORT`, stands here; it is passed."""
        while len(self._text) - self._position < _SHORT and self._read_more():
            pass
        match = pattern.match(self._text, self._position)
        self._position = match.end() if match else self._position
        return match is not None

    def values(self, *, until: str = "") -> Iterator[Any]:
        """The values that follow, commas and blanks between them, to the bracket *until* or to the end.

        Raises: CutShort where the document ends early, is no JSON, or holds a value beyond `MAX_VALUE`.
        """
        while self._next_character() != until:
            yield self._value()

    def documents(self, opening: re.Pattern[str], *, is_open: bool = False) -> Iterator[Any]:
        """The same to the end of the input: what stands in arrays behind an *opening*, and what stands alone.

        is_open: whether an opening was passed before.
        Raises: CutShort, as `values` does.
        """
        while is_open or self._next_character():
            if is_open or self.skip(opening):
                yield from self.values(until="]")
                self._pass_end()
                is_open = False
            else:
                yield self._value()

    def _pass_end(self) -> None:
        """Go behind a bracket, and behind the brace of the object around it, past what else is in that."""
        self._position += 1
        while self._next_character() == '"':
            self._value()
            if self._next_character() == ":":
                self._position += 1
                self._next_character()
                self._value()
        if self._next_character() == "}":
            self._position += 1

    def _next_character(self) -> str:
        while True:
            # It matches everywhere, if only nothing.
            self._position = _SEPARATOR.match(self._text, self._position).end()  # type: ignore[union-attr]
            if self._position < len(self._text) or not self._read_more():
                return self._text[self._position : self._position + 1]

    def _value(self) -> Any:
        while True:
            try:
                value, self._position = DECODER.raw_decode(self._text, self._position)
            except RecursionError:
                raise CutShort("nested too deeply") from None
            except json.JSONDecodeError as error:
                if not self._may_go_on(error):
                    raise CutShort("not JSON from there on") from None
                if not self._read_more():
                    raise CutShort(_ENDS if self._ended else _too_long()) from None
            else:
                return value

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        # An unterminated text is reported at its beginning; everything else near where the window ends.
        return error.msg.startswith("Unterminated string") or error.pos > len(self._text) - _NEAR_END

    def _read_more(self) -> bool:
        """Whether the window grew; it at least doubles, so a long value is not tried too often."""
        pending = len(self._text) - self._position
        if self._ended or pending > MAX_VALUE:
            return False
        chunk = _at_least(max(CHUNK, pending), self._blocks)
        self._ended = not chunk
        self._text = self._text[self._position :] + self._decode(chunk, self._ended)
        self._position = 0
        return not self._ended


def _pieces(blocks: Iterable[bytes]) -> Iterator[bytes]:
    for block in blocks:
        for start in range(0, len(block), CHUNK):
            yield block[start : start + CHUNK]


def _at_least(size: int, pieces: Iterator[bytes]) -> bytes:
    taken: list[bytes] = []
    while size > 0 and (piece := next(pieces, None)):
        taken.append(piece)
        size -= len(piece)
    return b"".join(taken)


def _too_long() -> str:
    return f"what follows is longer than {MAX_VALUE} characters"


def numbered(
    source: Source, unit: str, values: Iterator[Any], *, before: int = 0
) -> Iterator[tuple[Place, Any]]:
    """The objects among *values*, each with its place; at last a `Note` if the values are cut short.

    What is no object is counted, and passed over.
    before: how many values come before these.
    """
    number = before
    try:
        for number, value in enumerate(values, before + 1):
            if isinstance(value, dict):
                yield Place(source.name, number, unit), value
    except CutShort as reason:
        note = Note(source.name, f"cut short after {unit} {number}: {reason}")
        yield Place(source.name, number, unit), note
