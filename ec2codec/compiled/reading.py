"""From ASCII text to names and values: at once where the text is as plain as most."""

from __future__ import annotations

from collections.abc import Sequence

from ec2codec.compiled.law import Abstain
from ec2codec.query import Texts, decode_text, fault_of

# What stands for itself in a text in which slashes have been unescaped.
_ORDINARY = bytes(code for code in range(0x20, 0x7F) if code not in b"=&%+")


def read_quickly(text: str) -> Texts | None:
    """Names as they stand, and decoded values; None of a text that has escapes of more than slashes.

    What is no ordinary character must be one ``=`` and one ``&`` in turn: so no value need be looked at.
    """
    # The commonest escape is undone in all at once. In a name it leaves a slash, which no known name has.
    plain = "/".join(text.split("%2F"))
    marks = plain.encode("ascii").translate(None, _ORDINARY)
    if marks != b"=&" * (len(marks) // 2) + b"=":
        return None
    pieces = plain.replace("&", "=").split("=")
    return tuple(pieces[::2]), pieces[1::2]


def read_pieces(text: str) -> Texts:
    """Names as they stand, and decoded values, of ASCII text without line breaks.

    Raises: Abstain if a value cannot be decoded.
    """
    names, _, values = zip(*[piece.partition("=") for piece in text.split("&")], strict=True)
    return names, [_unescaped(value) for value in values]


def are_plain(names: Sequence[str]) -> bool:
    """Whether names stand for themselves: no escape, no URL before them, nothing empty that is ignored."""
    joined = "".join(names)
    return "" not in names and not any(mark in joined for mark in "%+/?")


def _unescaped(value: str) -> str:
    text, fault = decode_text(value) if "%" in value or "+" in value else (value, fault_of(value))
    if fault is not None:
        raise Abstain  # E107
    return text
