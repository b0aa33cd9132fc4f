"""How a measurement is made: alternating rounds, one process, the median of each, and their ratio."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. ours, theirs: microseconds a call, medians. bound: the ratio that must hold."""

    name: str
    peer: str
    ours: float
    theirs: float
    bound: float

    @property
    def ratio(self) -> float:
        """Ours over theirs."""
        return self.ours / self.theirs

    @property
    def holds(self) -> bool:
        """Whether the ratio is within its bound."""
        return self.ratio <= self.bound


def side_by_side(
    ours: Callable[[str], object], theirs: Callable[[str], object], inputs: Iterable[str], *, rounds: int
) -> tuple[float, float]:
    """Microseconds a call of each, over all *inputs*: the medians of *rounds* taken in turn.

    In turn, because these machines are shared: what slows one round slows its neighbour too.
    """
    texts = list(inputs)
    times: tuple[list[float], list[float]] = ([], [])
    gc.disable()
    try:
        for _ in range(rounds):
            for taken, function in zip(times, (ours, theirs), strict=True):
                taken.append(_round(function, texts))
    finally:
        gc.enable()
    return statistics.median(times[0]), statistics.median(times[1])


def _round(function: Callable[[str], object], texts: list[str]) -> float:
    start = time.perf_counter()
    for text in texts:
        function(text)
    return (time.perf_counter() - start) / len(texts) * 1e6
