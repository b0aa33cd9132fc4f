"""What the strategies cost: requests, texts and responses a second, each drawn by Hypothesis itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from bench.measure import Effort, Row, Skipped

# Of issue 4: "at least 200 requests per second".
LEAST = 200


def rows(effort: Effort) -> Iterator[Row | Skipped]:
    """Every measurement; the time is this thread's of a processor."""
    try:
        from ec2codec import strategies
    except ImportError as error:
        yield Skipped("draw", f"{LEAST} a second", f"{error.name} is not installed")
        return
    drawn: dict[str, Callable[[], Any]] = {
        "requests": strategies.requests,
        "queries": strategies.queries,
        "near_misses": strategies.near_misses,
        "responses": strategies.responses,
        "envelopes": strategies.envelopes,
    }
    for name, strategy in drawn.items():
        taken = min(_seconds(strategy(), effort.bodies // 8) for _ in range(effort.rounds))
        yield Row(f"draw {name}", f"{LEAST} a second", taken * 1e6, 1e6 / LEAST, 1)


def _seconds(strategy: Any, examples: int) -> float:
    """Seconds an example."""
    from hypothesis import HealthCheck, Phase, given, settings

    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(value: object) -> None:
        pass

    start = time.thread_time()
    draw()
    return (time.thread_time() - start) / examples
