"""Operators that cosmic-ray has not: on texts, and on what stands in patterns.

As cosmic-ray has it, an operator says at which positions of a node it can change something
(`mutation_positions`), and makes the change of a given number (`mutate`). It is a plain class here:
cosmic-ray asks for no more. A raw text is a pattern; all of ours are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

Position = tuple[tuple[int, int], tuple[int, int]]
# parso's names of what is text: a literal, and the text between the fields of an f-string.
_TEXTS = ("string", "fstring_string")


class Edit(NamedTuple):
    """From *start* to *end* of a text stands *text* instead."""

    start: int
    end: int
    text: str

    def of(self, text: str) -> str:
        """The text, changed."""
        return text[: self.start] + self.text + text[self.end :]


class Text:
    """What is said is another text: XX before it and after it."""

    patterns = False

    def mutation_positions(self, node: Any) -> Iterator[Position]:
        """One position for each change that can be made in the node."""
        if node.type in _TEXTS and not _is_docstring(node):
            for _ in self._edits_of(node):
                yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """The node with the change of that number."""
        node.value = list(self._edits_of(node))[index].of(node.value)
        return node

    def _edits_of(self, node: Any) -> Iterator[Edit]:
        start, end = _inside(node)
        if self.patterns:
            if _is_raw(node):
                yield from self.edits(node.value, start, end)
        elif node.type == "fstring_string" and not _stands_first(node):
            return  # one change for the whole of an f-string
        else:
            yield from self.edits(node.value, start, end)

    def edits(self, text: str, start: int, end: int) -> Iterator[Edit]:
        """Every change of the text between *start* and *end*."""
        yield Edit(start, end, f"XX{text[start:end]}XX")


class PatternNumber(Text):
    """A number in a pattern is one more, or one less: a bound of a class, or how often something comes."""

    patterns = True

    def edits(self, text: str, start: int, end: int) -> Iterator[Edit]:
        """As above."""
        for match in _matches(r"[0-9]+", text, start, end):
            for number in (int(match[0]) + 1, int(match[0]) - 1):
                if number >= 0:
                    yield Edit(*match.span(), str(number))


class PatternMember(Text):
    """A class of characters lacks one character, or one range, of several."""

    patterns = True

    def edits(self, text: str, start: int, end: int) -> Iterator[Edit]:
        """As above."""
        for group in _matches(_CLASS, text, start, end):
            members = list(_matches(_MEMBER, text, *group.span(1)))
            for member in members if len(members) > 1 else []:
                yield Edit(*member.span(), "")


class PatternQuantifier(Text):
    """What may be absent must be there; what comes at least once may be absent; and so on."""

    patterns = True

    def edits(self, text: str, start: int, end: int) -> Iterator[Edit]:
        """As above."""
        for match in _matches(rf"{_CLASS}|\(\?:|\\.|[?*+]", text, start, end):
            if match[0] in _QUANTIFIERS:
                yield Edit(*match.span(), _QUANTIFIERS[match[0]])


class PatternBar(Text):
    """One alternative of a pattern is gone into the next."""

    patterns = True

    def edits(self, text: str, start: int, end: int) -> Iterator[Edit]:
        """As above."""
        for match in _matches(rf"{_CLASS}|\\.|\|", text, start, end):
            if match[0] == "|":
                yield Edit(*match.span(), "")


class Operators:
    """What cosmic-ray calls a provider: operators by name."""

    def __iter__(self) -> Iterator[str]:
        return iter(_OPERATORS)

    def __getitem__(self, name: str) -> type[Text]:
        return _OPERATORS[name]


def _matches(pattern: str, text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    return re.compile(pattern).finditer(text, start, end)


def _is_docstring(node: Any) -> bool:
    """Whether a literal is a statement of its own."""
    return node.type == "string" and node.parent.type in ("simple_stmt", "file_input")


def _is_raw(node: Any) -> bool:
    prefix = node.parent.children[0].value if node.type == "fstring_string" else node.value
    return "r" in re.split("[\"']", prefix.lower())[0]


def _stands_first(node: Any) -> bool:
    return bool(next(child for child in node.parent.children if child.type == "fstring_string") is node)


def _inside(node: Any) -> tuple[int, int]:
    """Where the text of a literal starts and ends, without prefix and quotes."""
    if node.type == "fstring_string":
        return 0, len(node.value)
    match = re.match("[a-zA-Z]*(\"\"\"|'''|\"|')", node.value)
    assert match is not None
    return match.end(), len(node.value) - len(match[1])


_CLASS = r"\[\^?((?:\\.|[^\]\\])+)\]"
_MEMBER = r"(?:\\.|[^\\])-(?:\\.|[^\\\]])|\\.|[^\\]"
_QUANTIFIERS = {"?": "", "*": "+", "+": "*"}
_OPERATORS: dict[str, type[Text]] = {
    operator.__name__: operator
    for operator in (Text, PatternNumber, PatternMember, PatternQuantifier, PatternBar)
}
