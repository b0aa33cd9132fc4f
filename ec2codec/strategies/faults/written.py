"""Query strings of parameters, in the ways in which one may be written."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from urllib.parse import quote

from hypothesis.strategies import DrawFn

from ec2codec.strategies.faults.drawing import pick, within
from ec2codec.strategies.faults.registry import Parameter


class Raw(str):
    """A text that is escaped already."""

    __slots__ = ()


def written(draw: DrawFn, parameters: Iterable[Parameter]) -> str:
    """The parameters in any order, escaped in any way."""
    pieces = list(parameters)
    seed = draw(within(0, 999))
    if seed:
        Random(seed).shuffle(pieces)
    spelling = pick(draw, SPELLINGS)
    separator, beginning = pick(draw, SEPARATORS)
    return beginning + separator.join(_piece(name, value, spelling) for name, value in pieces)


def _piece(name: str, value: str | None, spelling: str) -> str:
    return _escaped(name, spelling) + ("" if value is None else f"={_escaped(value, spelling)}")


def _escaped(text: str, spelling: str) -> str:
    if isinstance(text, Raw):
        return text
    if spelling == "everything":
        return "".join(f"%{byte:02x}" for byte in text.encode())
    escaped = quote(text, safe="-_.~/:" if spelling == "little" else "-_.~")
    return escaped.replace("%20", "+") if spelling == "plus" else escaped


SPELLINGS = ("canonical", "canonical", "canonical", "canonical", "plus", "little", "everything")
SEPARATORS = (
    ("&", ""),
    ("&", ""),
    ("&", ""),
    ("&", ""),
    ("&", "?"),
    ("&", "https://ec2.amazonaws.com/?"),
    ("&&", "&"),
    ("\n    &", ""),
)
