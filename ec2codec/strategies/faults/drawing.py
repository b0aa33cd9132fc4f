"""Drawing by strategies that are made once: to look a new one over costs Hypothesis more than to draw."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

T = TypeVar("T")

FLIP = st.booleans()


@cache
def within(least: int, most: int) -> SearchStrategy[int]:
    """Integers in these bounds, inclusive."""
    return st.integers(least, most)


def pick(draw: DrawFn, options: Sequence[T]) -> T:
    """One of some values, the first where it may shrink."""
    return options[draw(within(0, len(options) - 1))]


def some(draw: DrawFn, options: Sequence[T], most: int | None = None) -> list[T]:
    """At least one of some values, and at most so many, in their order."""
    chosen = {draw(within(0, len(options) - 1)) for _ in range(draw(within(1, most or len(options))))}
    return [options[position] for position in sorted(chosen)]
