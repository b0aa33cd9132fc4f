"""For the documentation site: the lines of a docstring that say what an argument is become a list.

The docstrings are written to be read in an editor, ``name: what it is``, one line each; Markdown would run
them together.
"""

from __future__ import annotations

import re
from typing import Any

import griffe

# Where "platform, profile: as for `Codec`." or "Raises: DecodeError with every violation." begins.
_ENTRY = re.compile(r"^(?=[A-Za-z_]\w*(?:, [a-z_]\w*)*: )", re.MULTILINE)


class Docstrings(griffe.Extension):
    """Rewrites every docstring before it is rendered."""

    def on_object(self, *, obj: griffe.Object, **_kwargs: Any) -> None:
        """Make a list of the entries of one docstring."""
        if obj.docstring is not None:
            obj.docstring.value = listed(obj.docstring.value)


def listed(text: str) -> str:
    """*text* with its entries as a Markdown list; indented lines go on as part of theirs."""
    first, *entries = _ENTRY.split(text)
    items = [re.sub(r"^(.*?): ", r"* **\1**: ", entry.rstrip()) for entry in entries]
    return "\n".join([f"{first.rstrip()}\n", *items]) if items else text
