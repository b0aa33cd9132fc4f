"""Where a report goes: UTF-8 always, colours where they are wanted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Mapping

# SGR parameters of ECMA-48, for dark and for bright terminals.
STYLES = {"error": "1;31", "warning": "1;33", "place": "36", "dim": "2", "bold": "1"}


class Output:
    """Lines of text to a stream of bytes."""

    def __init__(self, stream: BinaryIO, *, coloured: bool = False) -> None:
        self._stream = stream
        self._coloured = coloured

    def line(self, text: str = "") -> None:
        """Write a line."""
        self._stream.write(text.encode("utf-8", "backslashreplace") + b"\n")

    def flush(self) -> None:
        """Hand everything to the stream's owner."""
        self._stream.flush()

    def paint(self, text: str, style: str) -> str:
        """*text* in one of `STYLES`, or as it is."""
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self._coloured else text


def wants_colour(*, terminal: bool, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour: on a terminal that is not dumb, unless NO_COLOR holds anything (no-color.org)."""
    return terminal and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
