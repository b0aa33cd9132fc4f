"""The result of a check in words and in a few numbers: what stands at the head of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ec2codec.captures.exchange import Completeness
from ec2codec.reports.about import MISSED, About, about
from ec2codec.reports.rows import SEVERITIES, Rows
from ec2codec.reports.summary import answers, counted
from ec2codec.verdict import Agreement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.errors import Severity
    from ec2codec.reports.output import Output
    from ec2codec.tally import Tally


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the numbers at the head. kind: the class that colours it."""

    label: str
    count: int
    told: str
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule, how often it was broken, and what the recorded answers say of that."""

    about: About
    count: int
    answers: str


def headline_of(tally: Tally, rows: Rows) -> str:
    """What came of the check, in one sentence."""
    broken, missed, warned = (rows.calls[severity] for severity in SEVERITIES)
    whole = counted(tally.calls.total(), "security-group call")
    if not tally.calls:
        return "No security-group call was found"
    if broken:
        return f"{broken:,} of {whole} {'breaks' if broken == 1 else 'break'} the rules of EC2"
    if missed:
        return f"{missed:,} of {whole} {'was' if missed == 1 else 'were'} refused, and no rule says why"
    if warned:
        return f"No errors; warnings in {warned:,} of {whole}"
    return f"Nothing to find fault with in {whole}"


def lead_of(tally: Tally, rules: list[Broken]) -> Iterator[str]:
    """The sentences after it."""
    if not tally.calls:
        yield "So nothing was judged. Is this the right input?"
    most = next((rule for rule in rules if rule.about.id != MISSED), None)
    if most:
        yield f"Most often: {most.about.id} {most.about.name}, {counted(most.count, 'time')}."
    alarms = tally.agreement[Agreement.FALSE_ALARM]
    if alarms:
        yield f"To {counted(alarms, 'call')} with errors the service said true all the same."
    periods = tally.timeline.periods()
    if periods:
        first, last = (f"{period.start:%Y-%m-%d}" for period in (periods[0], periods[-1]))
        yield f"Calls of {first}." if first == last else f"Calls from {first} to {last}."


def facts_of(tally: Tally, rows: Rows) -> tuple[Fact, ...]:
    """The four numbers that everybody asks for."""
    calls, complete = tally.calls.total(), tally.calls[Completeness.COMPLETE]
    captured = "all captured whole" if calls == complete else f"{complete:,} captured whole"
    lost = tally.inputs["incomplete"] + tally.inputs["unreadable"]
    read = f"{lost:,} not read to the end" if lost else "read to the end"
    return (
        Fact("Calls", calls, captured if calls else "in no input"),
        _found("error", tally, rows),
        _found("warning", tally, rows),
        Fact("Inputs", tally.inputs["read"] + lost, read, "warning" if lost else "plain"),
    )


def _found(severity: Severity, tally: Tally, rows: Rows) -> Fact:
    count = tally.found(severity)
    calls = f"in {counted(rows.calls[severity], 'call')}"
    # Where nothing was judged, nothing is good.
    none = "good" if tally.calls else "plain"
    return Fact(f"{severity.capitalize()}s", count, calls, severity if count else none)


def alerts_of(tally: Tally, output: Output) -> Iterator[str]:
    """What has to be known before the numbers are believed, or passed on."""
    if output.shows_secrets:
        yield "This page was made with --show-secrets: it may hold access keys, signatures and tokens."
    if tally.interrupted:
        yield "The check was interrupted: this is what was done."
    if tally.known:
        yield f"In the baseline, and not shown: {counted(tally.known, 'finding')}."
    if tally.passed_over:
        yield f"Outside the time that was asked for, and not judged: {counted(tally.passed_over, 'call')}."


def broken_rules(tally: Tally) -> list[Broken]:
    """The rules that were broken, the most frequent first."""
    counts: dict[str, int] = {}
    for (_severity, rule), count in tally.findings.items():
        counts[rule] = counts.get(rule, 0) + count
    counts[MISSED] = tally.agreement[Agreement.MISSED]
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [Broken(about(rule), count, _answers(tally, rule)) for rule, count in ordered if count]


def _answers(tally: Tally, rule: str) -> str:
    return answers({said: tally.agreements[rule, said] for said in Agreement})
