"""Recordings of placebo, which hold what was answered, but nothing of what was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ec2codec.captures.exchange import Note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.captures.source import Source


def read_placebo(source: Source) -> Iterator[Note]:
    """A note that says so."""
    yield Note(source.name, "a placebo recording: answers only, no requests", "skipped")
