"""What a check has seen, counted, and the summary of it."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ec2codec.captures import Completeness
from ec2codec.errors import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ec2codec.captures import Note
    from ec2codec.verdict import Verdict

# Notes kept of one input; a file of nothing but overlong lines has one for each.
MAX_NOTES = 5
# An input with several kinds of notes is counted as the first of these.
STATES = ("unreadable", "incomplete", "skipped")


@dataclass(slots=True)
class Tally:
    """Counts of inputs, calls and findings, and the notes that are to be shown."""

    calls: Counter[Completeness] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    inputs: Counter[str] = field(default_factory=Counter)
    notes: list[Note] = field(default_factory=list)
    interrupted: bool = False

    def add(self, verdict: Verdict) -> None:
        """Count a call and what was found in it."""
        self.calls[verdict.completeness] += 1
        self.findings.update(violation.severity for violation in verdict.violations)

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

    @property
    def lost_something(self) -> bool:
        """Whether anything could not be read; an input of a kind that is not read is no loss."""
        return bool(self.inputs["incomplete"] or self.inputs["unreadable"])

    def fails(self, threshold: str) -> bool:
        """Whether there are findings at or above *threshold*: error, warning, or never."""
        return any(self.findings[severity] for severity in _COUNTED[threshold])

    def report(self, *, quiet: bool = False) -> Iterator[str]:
        """The notes and the summary, line by line; when *quiet*, only the notes of losses."""
        for note in self.notes:
            if note.kind != "skipped" or not quiet:
                yield f"{shown(note.place)}: {note.kind}: {shown(note.message)}"
        if not quiet:
            yield from self._summary()

    def _summary(self) -> Iterator[str]:
        calls = self.calls.total()
        if self.interrupted:
            yield "Interrupted: this is what was done."
        if not calls:
            yield "NO SECURITY-GROUP CALL WAS FOUND, so nothing was judged. Is this the right input?"
        kinds = ", ".join(f"{self.calls[kind]} {kind}" for kind in Completeness if self.calls[kind])
        yield f"{calls} security-group calls{': ' if kinds else ''}{kinds}"
        yield ", ".join(_counted(self.findings[severity], severity) for severity in ("error", "warning"))
        states = (f"{self.inputs[state]} {state}" for state in reversed(STATES) if self.inputs[state])
        yield ", ".join([f"{_counted(self.inputs['read'], 'input')} read", *states])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


_COUNTED = {"error": ("error",), "warning": ("error", "warning"), "never": ()}
