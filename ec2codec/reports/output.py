"""Where a report goes: UTF-8 always, colours where they are wanted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO

from ec2codec.discretion import Discretion
from ec2codec.fingerprint import fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ec2codec.captures.exchange import Pairs
    from ec2codec.errors import Violation

# SGR parameters of ECMA-48, for dark and for bright terminals.
STYLES = {"error": "1;31", "warning": "1;33", "note": "1;34", "place": "36", "dim": "2", "bold": "1"}


class Output:
    """Lines of text to a stream of bytes, and what of a capture may be in them.

    discretion: what is shown; everything but access keys and secret parameters by default.
    """

    def __init__(
        self, stream: BinaryIO, *, coloured: bool = False, discretion: Discretion | None = None
    ) -> None:
        self._stream = stream
        self._coloured = coloured
        self._discretion = discretion or Discretion()

    def line(self, text: str = "") -> None:
        """Write a line."""
        self._stream.write(text.encode("utf-8", "backslashreplace") + b"\n")

    @property
    def shows_secrets(self) -> bool:
        """Whether keys and signatures are shown, too."""
        return self._discretion.show_secrets

    def shown(self, text: str) -> str:
        """*text* of a capture as it may be shown."""
        return self._discretion.shown(text)

    def query(self, text: str) -> str:
        """A query string as it may be shown."""
        return self._discretion.query(text)

    def value(self, location: str, value: object) -> str | None:
        """The value of a parameter as it may be shown; None if there is none, or if it is a secret."""
        return self._discretion.value(location, value)

    def parameters(self, sent: bytes | Pairs) -> list[tuple[str, str]]:
        """Name and value of every parameter of a recorded request, as they may be shown."""
        return self._discretion.parameters(sent)

    def fingerprint(self, action: str, violation: Violation) -> str:
        """What is the same for this finding in every run, made of what may be shown of it."""
        return fingerprint(action, violation, self._discretion)

    def flush(self) -> None:
        """Hand everything to the stream's owner."""
        self._stream.flush()

    def paint(self, text: str, style: str) -> str:
        """*text* in one of `STYLES`, or as it is."""
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self._coloured else text


def wants_colour(*, terminal: bool, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour: on a terminal that is not dumb, unless NO_COLOR holds anything (no-color.org)."""
    return terminal and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


class MissingExtra(Exception):
    """A report needs a package that is not installed; says with which command it comes."""

    def __init__(self, extra: str) -> None:
        super().__init__(f"needs more than ec2codec: pip install 'ec2codec[{extra}]'")
