"""What a check has seen, counted: all that summaries and charts are made of."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ec2codec.agreement import Agreement
from ec2codec.captures.exchange import Completeness
from ec2codec.errors import Severity
from ec2codec.rule import Effect
from ec2codec.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import datetime

    from ec2codec.captures.exchange import Note
    from ec2codec.errors import Violation
    from ec2codec.verdict import Verdict

# Notes kept of one input; a file of nothing but overlong lines has one for each.
MAX_NOTES = 5
# An input with several kinds of notes is counted as the first of these.
STATES = ("unreadable", "incomplete", "skipped")


@dataclass(slots=True)
class Tally:
    """Counts of inputs, calls and findings, and the notes that are to be shown.

    Parts of a check may be tallied apart, in other processes too, and merged in the order of the inputs.

    findings: by severity and rule; those that a baseline knows are in *known* alone.
    agreement: of the calls. agreements: of the findings, by rule. missed: refusals that were not foreseen, by
        error code.
    effects: findings by what they do in spite of a true; confirmed: those where the true was recorded.
    passed_over: calls outside the time that was asked for. undated: calls that were judged although they do
        not say whether they are; 0 where no time was asked for.
    inputs: by state: read, skipped, incomplete, unreadable.
    """

    calls: Counter[Completeness] = field(default_factory=Counter)
    findings: Counter[tuple[Severity, str]] = field(default_factory=Counter)
    known: int = 0
    agreement: Counter[Agreement] = field(default_factory=Counter)
    agreements: Counter[tuple[str, Agreement]] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    effects: Counter[Effect] = field(default_factory=Counter)
    confirmed: Counter[Effect] = field(default_factory=Counter)
    timeline: Timeline = field(default_factory=Timeline)
    passed_over: int = 0
    undated: int = 0
    inputs: Counter[str] = field(default_factory=Counter)
    notes: list[Note] = field(default_factory=list)
    interrupted: bool = False

    def add(self, verdict: Verdict) -> None:
        """Count a call, what was found in it, and what its answer says of that."""
        self.count(verdict.completeness, verdict.agreement, verdict.time)
        if verdict.agreement is Agreement.MISSED:
            self.missed[str(verdict.error_code)] += 1
        self.add_findings(verdict)

    def add_findings(self, verdict: Verdict) -> None:
        """Count what was found in a call that is counted apart, and what its answer says of that."""
        if verdict.violations:
            self.timeline.discount(verdict.time, -len(verdict.violations))
            self.agreements.update(verdict.agreements.items())
            self._count(verdict, verdict.violations, 1)

    def count(self, completeness: Completeness, agreement: Agreement, time: datetime | None) -> None:
        """Count a call; what was found in it is counted apart."""
        self.calls[completeness] += 1
        self.agreement[agreement] += 1
        self.timeline.add(time)

    def discount(self, verdict: Verdict, known: Collection[Violation]) -> None:
        """Take back the findings of a call that was counted, for a baseline knows them.

        Its answer has been right or wrong of us all the same.
        """
        self.known += len(known)
        self.timeline.discount(verdict.time, len(known))
        self._count(verdict, known, -1)

    def _count(self, verdict: Verdict, violations: Collection[Violation], times: int) -> None:
        for violation in violations:
            self.findings[violation.severity, violation.rule] += times
            effect = verdict.effect(violation)
            if effect is not None:
                self.effects[effect] += times
                self.confirmed[effect] += times if verdict.accepted else 0

    def merge(self, other: Tally) -> None:
        """Add what another has counted of later inputs, or of the later part of an input."""
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))
        self.known += other.known
        self.passed_over += other.passed_over
        self.undated += other.undated
        self.timeline.merge(other.timeline)
        self.notes += other.notes
        self.interrupted = self.interrupted or other.interrupted

    @contextmanager
    def input(self) -> Iterator[Callable[[Note], None]]:
        """Count an input that is gone through meanwhile; what this gives takes the notes of it."""
        kinds: Counter[str] = Counter()

        def take(note: Note) -> None:
            kinds[note.kind] += 1
            if kinds.total() <= MAX_NOTES:
                self.notes.append(note)

        yield take
        self.inputs[next((state for state in STATES if kinds[state]), "read")] += 1
        if kinds.total() > MAX_NOTES:
            self.notes.append(
                replace(self.notes[-1], message=f"and {kinds.total() - MAX_NOTES} more such notes")
            )

    def found(self, severity: Severity) -> int:
        """How many findings there are of that severity."""
        return sum(count for (kind, _rule), count in self.findings.items() if kind == severity)

    @property
    def lost_something(self) -> bool:
        """Whether anything could not be read; an input of a kind that is not read is no loss."""
        return bool(self.inputs["incomplete"] or self.inputs["unreadable"])

    def fails(self, threshold: str) -> bool:
        """Whether there are findings at or above *threshold*: error, warning, or never."""
        return any(map(self.found, _COUNTED[threshold]))


_COUNTERS = ("calls", "findings", "agreement", "agreements", "missed", "effects", "confirmed", "inputs")
_COUNTED: dict[str, tuple[Severity, ...]] = {
    "error": ("error",),
    "warning": ("error", "warning"),
    "never": (),
}
