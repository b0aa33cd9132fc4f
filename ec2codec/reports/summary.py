"""The counts of a check as data and as words."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ec2codec.rule import RULES
from ec2codec.verdict import Agreement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ec2codec.captures import Note
    from ec2codec.reports.output import Output
    from ec2codec.tally import Tally
    from ec2codec.timeline import Timeline

Name = TypeVar("Name", bound=str)
# What a recorded answer, and what several, say of findings; and what one says of one finding.
ANSWERS = {
    Agreement.AGREES: ("bears it out", "bear it out"),
    Agreement.FALSE_ALARM: ("speaks against it", "speak against it"),
    Agreement.MISSED: ("not explained", "not explained"),
    Agreement.UNKNOWN: ("tells nothing", "tell nothing"),
}
ANSWERED = {
    str(Agreement.AGREES): "confirmed by the answer",
    str(Agreement.FALSE_ALARM): "the service said true",
    str(Agreement.MISSED): "no rule says why",
    str(Agreement.UNKNOWN): "unconfirmed",
}


def counted(number: int, noun: str) -> str:
    """*number* with its noun: ``1 place``, ``2 places``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def answers(counts: Mapping[Agreement, int]) -> str:
    """What the recorded answers say of a rule, with their counts; nothing where none says anything."""
    if not any(count for said, count in counts.items() if said is not Agreement.UNKNOWN):
        return ""
    return ", ".join(
        f"{counts[said]:,} {one if counts[said] == 1 else several}"
        for said, (one, several) in ANSWERS.items()
        if counts[said]
    )


def losses(tally: Tally) -> list[Note]:
    """The notes of inputs that were not read to their end; one of a kind that is not read is no loss."""
    return [note for note in tally.notes if note.kind != "skipped"]


def inputs(tally: Tally, output: Output) -> dict[str, object]:
    """Inputs by state, and the notes on them."""
    notes = [
        {"place": output.shown(note.place), "kind": note.kind, "message": output.shown(note.message)}
        for note in tally.notes
    ]
    return {**_counts(tally.inputs), "notes": notes}


def summary(tally: Tally, output: Output) -> dict[str, object]:
    """Everything that was counted, of all calls."""
    return {
        "calls": tally.calls.total(),
        "completeness": _counts(tally.calls),
        "errors": tally.found("error"),
        "warnings": tally.found("warning"),
        "rules": [
            {"rule": rule, "name": RULES[rule].name, "severity": severity, "count": count}
            for (severity, rule), count in sorted(tally.findings.items())
            if count
        ],
        "known": tally.known,
        "agreement": _counts(tally.agreement),
        "agreement_by_rule": _by_rule(tally),
        "missed": _counts({output.shown(code): count for code, count in tally.missed.items()}),
        "effects": _counts(tally.effects),
        "confirmed_effects": _counts(tally.confirmed),
        "timeline": _timeline(tally.timeline),
        "passed_over": tally.passed_over,
        "interrupted": tally.interrupted,
    }


def _by_rule(tally: Tally) -> dict[str, dict[str, int]]:
    by_rule: dict[str, dict[str, int]] = {}
    for (rule, said), count in sorted(tally.agreements.items()):
        by_rule.setdefault(rule, {})[str(said)] = count
    return by_rule


def _counts(counts: Mapping[Name, int]) -> dict[str, int]:
    return {str(name): count for name, count in sorted(counts.items()) if count}


def _timeline(timeline: Timeline) -> dict[str, object]:
    periods = [
        {"start": period.start.isoformat(), "calls": period.calls, "findings": period.findings}
        for period in timeline.periods()
    ]
    return {"hours": timeline.width, "undated": timeline.undated, "periods": periods}
