"""Counts over time, however wild the clocks of a capture are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

# Periods that are counted apart. Two years have 17,520 hours: it is wild clocks that come to the wider ones.
MAX_PERIODS = 20_000
# Hours in a period: an hour, a day, 365 days. Each is a multiple of the one before, so that it does not
# matter when the counts were widened; of the last there are some 10,000.
WIDTHS = (1, 24, 8760)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = timedelta(hours=1)
# The moments that Python has are those of the years 1 to 9999; a zone may put a moment outside.
_FIRST = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _HOUR
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _HOUR


class Period(NamedTuple):
    """What was counted from *start* on, for the width of the timeline."""

    start: datetime
    calls: int
    findings: int


@dataclass(slots=True)
class Timeline:
    """Calls and findings by hour, in UTC.

    Where there are more than `MAX_PERIODS` hours, all of it is by day instead, and then by year: whichever
    way the calls come, and however they were split and merged, the counts are the same.

    width: hours in a period. undated: calls whose time is not known; they are in no period.
    """

    width: int = 1
    undated: int = 0
    _calls: Counter[int] = field(default_factory=Counter)
    _findings: Counter[int] = field(default_factory=Counter)
    # The period of the call that was counted last, and its bounds.
    _current: int = field(default=0, compare=False)
    _begins: datetime = field(default=_EPOCH, compare=False)
    _ends: datetime = field(default=_EPOCH, compare=False)

    def add(self, time: datetime | None, findings: int = 0) -> None:
        """Count a call and what was found in it."""
        if time is None:
            self.undated += 1
            return
        # Those that follow one another are nearly always of one period.
        if not self._begins <= time < self._ends:
            self._turn_to(time)
        period = self._current
        self._calls[period] += 1
        if findings:
            self._findings[period] += findings
        if len(self._calls) > MAX_PERIODS:
            self._widen()

    def discount(self, time: datetime | None, findings: int) -> None:
        """Take back findings of a call that was counted."""
        if time is not None:
            self._findings[self._period(time)] -= findings

    def merge(self, other: Timeline) -> None:
        """Add what another has counted."""
        self.undated += other.undated
        self._use(max(self.width, other.width))
        self._calls.update(_regrouped(other._calls, other.width, self.width))
        self._findings.update(_regrouped(other._findings, other.width, self.width))
        self._widen()

    def periods(self) -> list[Period]:
        """The periods in which there were calls, in order."""
        return [
            Period(_EPOCH + _HOUR * max(number * self.width, _FIRST), calls, self._findings[number])
            for number, calls in sorted(self._calls.items())
        ]

    def _turn_to(self, time: datetime) -> None:
        hours = _hours(time)
        self._current = hours // self.width
        # To the hour alone, whatever the width: the last period of the calendar has no end.
        bounded = hours < _LAST
        self._begins = _EPOCH + _HOUR * hours if bounded else _EPOCH
        self._ends = self._begins + _HOUR if bounded else _EPOCH

    def _period(self, time: datetime) -> int:
        return _hours(time) // self.width

    def _widen(self) -> None:
        while len(self._calls) > MAX_PERIODS:
            self._use(WIDTHS[WIDTHS.index(self.width) + 1])

    def _use(self, width: int) -> None:
        self._calls = _regrouped(self._calls, self.width, width)
        self._findings = _regrouped(self._findings, self.width, width)
        self.width = width
        self._begins = self._ends = _EPOCH


def _hours(time: datetime) -> int:
    """Since 1970, within the calendar."""
    return min(max((time - _EPOCH) // _HOUR, _FIRST), _LAST)


def _regrouped(counts: Counter[int], width: int, wider: int) -> Counter[int]:
    """The same counts in periods of *wider* hours, a multiple of *width*."""
    if width == wider:
        return counts
    regrouped: Counter[int] = Counter()
    for number, count in counts.items():
        regrouped[number * width // wider] += count
    return regrouped
