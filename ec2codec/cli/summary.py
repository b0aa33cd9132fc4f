"""The last lines on standard error: what was not read, and what came of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ec2codec.captures import Completeness
from ec2codec.effects import told
from ec2codec.rule import RULES
from ec2codec.tally import STATES
from ec2codec.verdict import Agreement, Effect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ec2codec.discretion import Discretion
    from ec2codec.tally import Tally


def summary(tally: Tally, discretion: Discretion, *, quiet: bool = False) -> Iterator[str]:
    """The notes and the summary, line by line; when *quiet*, only the notes of losses."""
    shown = discretion.shown
    for note in tally.notes:
        if note.kind != "skipped" or not quiet:
            yield f"{shown(note.place)}: {note.kind}: {shown(note.message)}"
    if not quiet:
        yield from _counts(tally)


def _counts(tally: Tally) -> Iterator[str]:
    calls = tally.calls.total()
    if tally.interrupted:
        yield "Interrupted: this is what was done."
    if not calls:
        yield "NO SECURITY-GROUP CALL WAS FOUND, so nothing was judged. Is this the right input?"
    kinds = ", ".join(f"{tally.calls[kind]} {kind}" for kind in Completeness if tally.calls[kind])
    yield f"{calls} security-group calls{': ' if kinds else ''}{kinds}"
    yield from _of_time(tally)
    yield _of_findings(tally)
    yield from _of_effects(tally)
    yield from _of_agreement(tally)
    states = (f"{tally.inputs[state]} {state}" for state in reversed(STATES) if tally.inputs[state])
    yield ", ".join([f"{_counted(tally.inputs['read'], 'input')} read", *states])


def _of_time(tally: Tally) -> Iterator[str]:
    if tally.passed_over:
        yield f"{_counted(tally.passed_over, 'more call')} outside the time asked for, not judged"
    if tally.undated:
        yield f"{_counted(tally.undated, 'call')} of unknown time judged all the same"


def _of_findings(tally: Tally) -> str:
    counts = [_counted(tally.found("error"), "error"), _counted(tally.found("warning"), "warning")]
    known = f"; {tally.known} more in the baseline" if tally.known else ""
    return f"{', '.join(counts)}{known}"


def _of_effects(tally: Tally) -> Iterator[str]:
    for effect in Effect:
        count, seen = tally.effects[effect], tally.confirmed[effect]
        if count:
            yield f"{count} {effect}: {told(effect, accepted=None)} (true is recorded for {seen})"


def _of_agreement(tally: Tally) -> Iterator[str]:
    """Nothing, if no answer tells anything."""
    counts = tally.agreement
    if counts.total() == counts[Agreement.UNKNOWN]:
        return
    alarms = {
        rule: count for (rule, told), count in tally.agreements.items() if told is Agreement.FALSE_ALARM
    }
    yield "agreement with the recorded answers: " + ", ".join(
        (
            f"{counts[Agreement.AGREES]} agree",
            f"{counts[Agreement.MISSED]} missed{_listed(tally.missed)}",
            f"{_counted(counts[Agreement.FALSE_ALARM], 'false alarm')}{_listed(alarms)}",
            f"{counts[Agreement.UNKNOWN]} unknown",
        )
    )
    by_rule = "; ".join(_by_rule(tally))
    if by_rule:
        yield f"by rule: {by_rule}"
    lenient = sorted(rule for rule in alarms if RULES[rule].observed == "warning")
    if lenient:
        yield f"{', '.join(lenient)}: an error by the API reference, a warning under --profile observed"


def _by_rule(tally: Tally) -> Iterator[str]:
    """What the answers say of each rule of which they say anything."""
    for rule in sorted({rule for rule, said in tally.agreements if said is not Agreement.UNKNOWN}):
        counts = ((words, tally.agreements[rule, said]) for said, words in _SAID.items())
        yield f"{rule} {', '.join(_counted(count, *words) for words, count in counts if count)}"


def _listed(counts: Mapping[str, int]) -> str:
    """`` (E303 x2, E310)``; the most frequent first."""
    named = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return (
        f" ({', '.join(f'{name} x{count}' if count > 1 else name for name, count in named)})" if named else ""
    )


def _counted(number: int, noun: str, nouns: str = "") -> str:
    return f"{number} {noun if number == 1 else nouns or f'{noun}s'}"


_SAID = {
    Agreement.AGREES: ("agrees", "agree"),
    Agreement.MISSED: ("missed", "missed"),
    Agreement.FALSE_ALARM: ("false alarm", "false alarms"),
    Agreement.UNKNOWN: ("unknown", "unknown"),
}
