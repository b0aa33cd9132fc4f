"""docs/captures.md tells of every format."""

from __future__ import annotations

import re
from pathlib import Path

from ec2codec.captures.formats import FORMATS

PAGE = (Path(__file__).parent.parent / "docs" / "captures.md").read_text("utf-8")


def test_page_has_one_row_for_every_format() -> None:
    rows = re.findall(r"^\| `(\w[\w-]*)` \|", PAGE, re.MULTILINE)

    assert sorted(known.name for known in FORMATS) == sorted(rows)


def test_every_format_that_is_read_says_what_it_was_tried_on() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \|.*\| ([^|]*) \|$", PAGE, re.MULTILINE)
    states = {name: state for name, state in rows if state.startswith(("real", "by hand"))}

    assert {"lines"} == {known.name for known in FORMATS if known.read} - set(states)
