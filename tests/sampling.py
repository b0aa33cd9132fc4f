"""What strategies draw, the same in every run: samples, and shortest examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, find, given, settings


def drawn(strategy: Any, examples: int = 150) -> list[Any]:
    """*examples* of what a strategy draws."""
    seen: list[Any] = []

    @settings(
        max_examples=examples,
        derandomize=True,
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
