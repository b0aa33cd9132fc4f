"""What the charts of the page draw: counts as shares of a width and of a height, no markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ec2codec.timeline import Timeline

# Beyond these a chart says less: rules that are broken most, columns of a phone's width.
MAX_BARS = 12
MAX_COLUMNS = 60
# Pixels of the highest column.
HEIGHT = 56
# Hours that a column may stand for.
WIDTHS = {
    1: "an hour",
    6: "in six hours",
    24: "a day",
    168: "a week",
    672: "in four weeks",
    8760: "a year",
    87_600: "in ten years",
    1_752_000: "in two centuries",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A count with its label; kind: the class that colours it."""

    label: str
    count: int
    kind: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A count as a stretch of a line, in percent."""

    label: str
    count: int
    kind: str
    x: float
    width: float

    @property
    def row(self) -> tuple[str, int]:
        """What the table beside the chart says."""
        return self.label, self.count


def _bar(each: Counted, before: int, whole: int) -> Bar:
    return Bar(each.label, each.count, each.kind, _percent(before, whole), _percent(each.count, whole))


def bars(counts: Iterable[Counted]) -> list[Bar]:
    """The largest counts, each from the left; what is over `MAX_BARS` is one bar."""
    ordered = sorted(counts, key=lambda each: (-each.count, each.label))
    if len(ordered) > MAX_BARS:
        rest = ordered[MAX_BARS - 1 :]
        others = Counted(f"{len(rest)} more rules", sum(each.count for each in rest), "pale")
        ordered = [*ordered[: MAX_BARS - 1], others]
    most = max((each.count for each in ordered), default=1)
    return [_bar(each, 0, most) for each in ordered]


def parts(counts: Iterable[Counted]) -> list[Bar]:
    """The counts one after the other, as parts of their sum; nothing of those that are 0."""
    present = [each for each in counts if each.count]
    whole = sum(each.count for each in present)
    drawn: list[Bar] = []
    before = 0
    for each in present:
        drawn.append(_bar(each, before, whole))
        before += each.count
    return drawn


@dataclass(frozen=True, slots=True)
class Column:
    """Calls and findings of one stretch of time: place and width in percent, heights in pixels."""

    label: str
    calls: int
    findings: int
    x: float
    width: float
    calls_height: float
    findings_height: float

    @property
    def row(self) -> tuple[str, int, int]:
        """What the table below the chart says."""
        return self.label, self.calls, self.findings


@dataclass(frozen=True, slots=True)
class Course:
    """Columns from the first call to the last.

    unit: what one stands for, ``"a day"``. end: when the last call was. undated: calls that are in no column.
    """

    columns: list[Column]
    unit: str = ""
    end: str = ""
    undated: int = 0


def course(timeline: Timeline) -> Course:
    """The course of time in at most `MAX_COLUMNS` stretches, those without calls too."""
    periods = timeline.periods()
    if not periods:
        return Course([])
    start = periods[0].start
    hours = _hours(start, periods[-1].start)
    width = next(width for width in WIDTHS if width >= timeline.width and hours // width < MAX_COLUMNS)
    counts = [[0, 0] for _ in range(hours // width + 1)]
    for period in periods:
        count = counts[_hours(start, period.start) // width]
        count[0] += period.calls
        count[1] += period.findings
    labels = [_label(start + timedelta(hours=n * width), width) for n in range(len(counts))]
    end = _label(periods[-1].start, width)
    return Course(_drawn(counts, labels), WIDTHS[width], end, timeline.undated)


def _drawn(counts: list[list[int]], labels: list[str]) -> list[Column]:
    most_calls = max(calls for calls, _ in counts)
    most_findings = max(findings for _, findings in counts) or 1
    share = 100 / len(counts)
    return [
        Column(
            label=label,
            calls=calls,
            findings=findings,
            x=round(number * share, 3),
            width=round(share * 0.84, 3),
            calls_height=_height(calls, most_calls),
            findings_height=_height(findings, most_findings),
        )
        for number, (label, (calls, findings)) in enumerate(zip(labels, counts, strict=True))
    ]


def _hours(start: datetime, end: datetime) -> int:
    return (end - start) // timedelta(hours=1)


def _label(time: datetime, width: int) -> str:
    return f"{time:%Y-%m-%d %H:%M}" if width < 24 else f"{time:%Y-%m-%d}"


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 3)


def _height(count: int, most: int) -> float:
    """Pixels; one at least, so that a single call is seen beside a thousand."""
    return max(round(HEIGHT * count / most, 1), 1.0) if count else 0
