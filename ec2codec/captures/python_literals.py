r"""Values as Python's ``repr`` writes them, in logs that print more than a literal.

`ast.literal_eval` reads whole literals alone: of ``{'body': {...}, 'context': <Config object at 0x7f>}`` it
reads nothing, nor of a line that was cut off, and it warns of escapes in other people's texts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

# Structures in one another; a request has five, and a text that nests without end would exhaust the stack.
MAX_DEPTH = 10

# Unrolled, see access_log. Python 2 marks its texts with u and its long numbers with L.
_TOKEN = re.compile(
    r"""
    \s*
    (?: (?P<kind> [bBuU]? ) (?P<text> '[^'\\]*(?:\\.[^'\\]*)*' | "[^"\\]*(?:\\.[^"\\]*)*" )
    |   (?P<word> -?\d[\d.]*(?=[\sL,:}\])]) | True | False | None ) L?
    |   (?P<mark> [][(){},:] )
    )
    """,
    re.DOTALL | re.VERBOSE,
)
_ESCAPE = re.compile(
    r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([0-7]{1,3})|(.))", re.DOTALL
)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "\n": ""}
_CLOSING = {"{": "}", "[": "]", "(": ")"}


class _Unreadable(Exception):
    """The text is no literal from here on, or ends here."""


def read_structure(text: str, position: int) -> tuple[dict[str, Any], bool]:
    """The dictionary that begins at the brace at *position*, and whether it is whole.

    Texts and numbers are given as text, None as None. One that is cut short, or goes on as no literal, is
    given up to there, without the value that is not whole.
    """
    reader = _Reader(text, position)
    found: dict[str, Any] = {}
    try:
        reader.expect("{")
        reader.fill(found, MAX_DEPTH)
    except _Unreadable:
        return found, False
    return found, True


def read_text(text: str, position: int = 0) -> str | None:
    """The text, or the bytes as UTF-8, whose literal begins at *position*; None if none does."""
    match = _TOKEN.match(text, position)
    return _text(match) if match and match["text"] else None


class _Reader:
    def __init__(self, text: str, position: int) -> None:
        self._text = text
        self._position = position

    def expect(self, marks: str) -> str:
        token = self._next()
        if token["mark"] is None or token["mark"] not in marks:
            raise _Unreadable
        return token["mark"]

    def fill(self, found: dict[str, Any], depth: int) -> None:
        """Reads the members of a dictionary behind its brace, and the brace that ends it."""
        while (name := self._name()) is not None:
            self.expect(":")
            for value in self._value(depth):
                found[name] = value
            if self.expect(",}") == "}":
                return

    def _name(self) -> str | None:
        """The next name; None at the brace that ends the dictionary."""
        token = self._next()
        if token["text"]:
            return _text(token)
        if token["mark"] == "}":
            return None
        raise _Unreadable

    def _value(self, depth: int) -> Iterator[Any]:
        """One value; a structure is given before it is filled, so that what there is of it is kept."""
        token = self._next()
        mark = token["mark"]
        if mark is None:
            yield _text(token) if token["text"] else _word(token["word"])
        elif mark not in _CLOSING or depth == 0:
            raise _Unreadable
        elif mark == "{":
            members: dict[str, Any] = {}
            yield members
            self.fill(members, depth - 1)
        else:
            items: list[Any] = []
            yield items
            self._fill_list(items, _CLOSING[mark], depth - 1)

    def _fill_list(self, items: list[Any], closing: str, depth: int) -> None:
        while not self._passes(closing):
            for value in self._value(depth):
                items.append(value)
            if self.expect("," + closing) == closing:
                return

    def _passes(self, mark: str) -> bool:
        match = _TOKEN.match(self._text, self._position)
        if match is None or match["mark"] != mark:
            return False
        self._position = match.end()
        return True

    def _next(self) -> re.Match[str]:
        match = _TOKEN.match(self._text, self._position)
        if match is None:
            raise _Unreadable
        self._position = match.end()
        return match


def _word(word: str) -> str | None:
    return None if word == "None" else word.lower()


def _text(token: re.Match[str]) -> str:
    quoted: str = token["text"]
    plain = _ESCAPE.sub(_unescaped, quoted[1:-1]) if "\\" in quoted else quoted[1:-1]
    if token["kind"] not in ("b", "B"):
        return plain
    # Escapes of bytes are bytes; what is no escape is ASCII, or was no bytes.
    return plain.encode("latin-1", "replace").decode("utf-8", "surrogateescape")


def _unescaped(match: re.Match[str]) -> str:
    if hexadecimal := match[1] or match[2] or match[3]:
        code = int(hexadecimal, 16)
        return chr(code) if code < 0x110000 else match[0]
    if match[4]:
        return chr(int(match[4], 8))
    return _CONTROLS.get(match[5], match[5] if match[5] in "\\'\"" else match[0])
