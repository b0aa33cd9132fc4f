"""How a measurement is made: alternating rounds, one process, the median of each, and their ratio."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    ours, theirs: microseconds a call, medians; or bytes, if *unit* says so. bound: the ratio that must hold;
    None: a figure to know, not to keep.
    """

    name: str
    peer: str
    ours: float
    theirs: float
    bound: float | None = None
    unit: str = "us"

    @property
    def ratio(self) -> float:
        """Ours over theirs."""
        return self.ours / self.theirs

    @property
    def holds(self) -> bool:
        """Whether the ratio is within its bound."""
        return self.bound is None or self.ratio <= self.bound


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that could not be measured here. why: what is missing."""

    name: str
    peer: str
    why: str


@dataclass(frozen=True)
class Effort:
    """How much is measured. bodies: distinct inputs a round. rounds: of each side, in turn."""

    bodies: int = 4000
    rounds: int = 7


def compare(
    name: str,
    peer: str,
    ours: Callable[[Any], object],
    theirs: Callable[[Any], object],
    inputs: Iterable[Any],
    *,
    effort: Effort,
    bound: float | None = None,
    their_inputs: Iterable[Any] | None = None,
) -> Row:
    """The line of two functions side by side.

    their_inputs: what *theirs* is given, where it takes another form of the same.
    """
    mine = list(inputs)
    other = mine if their_inputs is None else list(their_inputs)
    return Row(name, peer, *side_by_side((ours, mine), (theirs, other), rounds=effort.rounds), bound)


Side = tuple[Callable[[Any], object], list[Any]]


def side_by_side(ours: Side, theirs: Side, *, rounds: int) -> tuple[float, float]:
    """Microseconds a call of each, over all of its inputs: the medians of *rounds* taken in turn.

    In turn, because these machines are shared: what slows one round slows its neighbour too. The time is this
    thread's of a processor: what others take in between is not counted.
    """
    times: tuple[list[float], list[float]] = ([], [])
    gc.disable()
    try:
        for _ in range(rounds):
            for taken, (function, inputs) in zip(times, (ours, theirs), strict=True):
                taken.append(_round(function, inputs))
                gc.collect()
    finally:
        gc.enable()
    return statistics.median(times[0]), statistics.median(times[1])


def _round(function: Callable[[Any], object], inputs: list[Any]) -> float:
    start = time.thread_time()
    for given in inputs:
        function(given)
    return (time.thread_time() - start) / len(inputs) * 1e6
