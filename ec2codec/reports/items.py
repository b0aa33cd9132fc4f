"""A JSON document with a long list in it, written as the items come."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ec2codec.reports.output import Output


class Items:
    """The list: one item on a line, and after the last of them the other members of the object it is in."""

    def __init__(self, output: Output, opening: str) -> None:
        """*opening*: everything up to and with the bracket of the list."""
        self._output = output
        self._comma = ""
        output.line(opening)

    def add(self, item: object) -> None:
        """Write one item."""
        self._output.line(self._comma + _text(item))
        self._comma = ","

    def finish(self, members: Mapping[str, object], closing: str) -> None:
        """Write the members that stand after the list, and *closing* after them."""
        self._output.line("],")
        self._output.line(",\n".join(f"{_text(name)}: {_text(value)}" for name, value in members.items()))
        self._output.line(closing)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
