"""What the HTML page says, as data: every text is ready to be shown, and nothing is markup."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ec2codec.captures.exchange import Completeness
from ec2codec.reports.about import MISSED, about
from ec2codec.reports.charts import Bar, Counted, Course, bars, course, parts
from ec2codec.reports.result import Broken, Fact, alerts_of, broken_rules, facts_of, headline_of, lead_of
from ec2codec.reports.rows import MAX_ROWS, Row, Rows
from ec2codec.reports.summary import ANSWERED, losses
from ec2codec.verdict import Agreement, Effect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.captures import Note
    from ec2codec.reports.output import Output
    from ec2codec.tally import Tally


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars with a name in the page, a title, and the head of the column that tells what was counted."""

    id: str
    title: str
    counted: str
    bars: list[Bar]

    @property
    def told(self) -> str:
        """The chart in words, for those who do not see it."""
        return "; ".join(f"{bar.label}: {bar.count:,}" for bar in self.bars) + "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page, from the top to the bottom. Of what is empty nothing is shown."""

    headline: str
    lead: str
    facts: tuple[Fact, ...]
    alerts: list[str]
    by_rule: Chart
    charts: tuple[Chart, ...]
    course: Course
    rules: list[Broken]
    rows: list[Row]
    cut: str
    notes: list[Note]
    # What the filter offers.
    severities: tuple[str, ...] = ("error", "warning", "note")
    agreements: tuple[str, ...] = tuple(ANSWERED)


def page_of(tally: Tally, rows: Rows, output: Output) -> Page:
    """The page on a check: counts of everything, rows of as much as there is room for."""
    rules = broken_rules(tally)
    return Page(
        headline=headline_of(tally, rows),
        lead=" ".join(lead_of(tally, rules)),
        facts=facts_of(tally, rows),
        alerts=list(alerts_of(tally, output)),
        by_rule=Chart("by-rule", "Findings by rule", "Findings", bars(_by_rule(tally))),
        charts=tuple(chart for chart in _charts(tally) if chart.bars),
        course=course(tally.timeline),
        rules=rules,
        rows=list(rows),
        cut=_cut(rows),
        notes=[
            replace(note, place=output.shown(note.place), message=output.shown(note.message))
            for note in losses(tally)
        ],
    )


def _by_rule(tally: Tally) -> Iterator[Counted]:
    for (severity, rule), count in tally.findings.items():
        if count:
            yield Counted(f"{rule} {about(rule).name}", count, severity)
    missed = tally.agreement[Agreement.MISSED]
    if missed:
        yield Counted(f"{MISSED} {about(MISSED).name}", missed, "note")


def _charts(tally: Tally) -> Iterator[Chart]:
    yield Chart(
        "effects",
        "What happens although the service says true",
        "Findings",
        parts(Counted(told, tally.effects[effect], kind) for effect, (told, kind) in _EFFECTS.items()),
    )
    yield Chart(
        "agreement",
        "What the recorded answers say of our verdicts",
        "Calls",
        parts(Counted(told, tally.agreement[said], kind) for said, (told, kind) in _AGREEMENTS.items()),
    )
    yield Chart(
        "completeness",
        "How much of each call was captured",
        "Calls",
        parts(Counted(told, tally.calls[much], kind) for much, (told, kind) in _COMPLETENESS.items()),
    )


def _cut(rows: Rows) -> str:
    if rows.count <= MAX_ROWS:
        return ""
    return (
        f"The table has {MAX_ROWS:,} of {rows.count:,} findings, some of every rule and else errors first; "
        "all that is above counts all. The JSON Lines report has every one."
    )


_EFFECTS = {
    Effect.SILENT: ("nothing changes", "error"),
    Effect.WIDENING: ("it acts on more than was written", "warning"),
    Effect.REPEATED: ("one grant, not two", "note"),
}
_AGREEMENTS = {
    Agreement.AGREES: ("bear the verdict out", "good"),
    Agreement.FALSE_ALARM: ("said true where we found an error", "warning"),
    Agreement.MISSED: ("refused, and no rule says why", "error"),
    Agreement.UNKNOWN: ("tell nothing, or were not recorded", "pale"),
}
_COMPLETENESS = {
    Completeness.COMPLETE: ("complete", "calls"),
    Completeness.BODY_NOT_CAPTURED: ("without the body", "sand"),
    Completeness.TRUNCATED: ("cut off", "violet"),
    Completeness.LOSSY_DECODED: ("decoded with losses", "teal"),
    Completeness.OMITTED: ("parameters left out", "note"),
    Completeness.RESPONSE_ONLY: ("the answer alone", "pale"),
}
