"""What strategies draw, the same in every run: samples, and shortest examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis.errors import NoSuchExample


def drawn(strategy: Any, examples: int = 150, *, start: int = 0) -> list[Any]:
    """*examples* of what a strategy draws, from the seed *start* on."""
    seen: list[Any] = []

    @seed(start)
    @settings(
        max_examples=examples,
        derandomize=False,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(value: Any) -> None:
        seen.append(value)

    draw()
    return seen


def shortest(strategy: Any, predicate: Callable[[Any], Any]) -> Any:
    """The shortest example for which *predicate* holds."""
    return find(strategy, predicate, settings=settings(derandomize=True, database=None, max_examples=2000))


def is_drawn(strategy: Any, predicate: Callable[[Any], Any]) -> bool:
    """Whether *predicate* holds for anything that a strategy draws, in many examples."""
    often = settings(phases=[Phase.generate], derandomize=True, database=None, max_examples=5000)
    try:
        find(strategy, predicate, settings=often)
    except NoSuchExample:
        return False
    return True
