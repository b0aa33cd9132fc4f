"""Findings by rule: the law, how often it is broken, and where first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ec2codec.rule import RULES

if TYPE_CHECKING:
    from ec2codec.errors import Severity, Violation
    from ec2codec.reports.output import Output
    from ec2codec.tally import Tally
    from ec2codec.verdict import Verdict

# A reader wants an example or two; all places are in the other reports.
PLACES = 5


@dataclass(slots=True)
class _Group:
    count: int = 0
    first: list[tuple[str, Violation]] = field(default_factory=list)


class TextReport:
    """Errors first, then warnings, each by rule."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._groups: dict[tuple[Severity, str], _Group] = {}

    def add(self, verdict: Verdict) -> None:
        """Count the findings in one call."""
        for violation in verdict.violations:
            group = self._groups.setdefault((violation.severity, violation.rule), _Group())
            group.count += 1
            if len(group.first) < PLACES:
                group.first.append((str(verdict.where), violation))

    def finish(self, tally: Tally) -> None:
        """Write all groups."""
        # A rule may be an error in one call and a warning in the next: W307, by version.
        for number, key in enumerate(sorted(self._groups)):
            if number:
                self._output.line()
            self._write(*key, self._groups[key])

    def _write(self, severity: Severity, rule_id: str, group: _Group) -> None:
        paint, line = self._output.paint, self._output.line
        rule = RULES[rule_id]
        times = f"{severity}, {group.count} {'place' if group.count == 1 else 'places'}"
        line(f"{paint(rule.id, severity)} {paint(rule.name, 'bold')} ({times})")
        line(f"  {paint(rule.doc.partition(chr(10))[0], 'dim')}")
        for place, violation in group.first:
            line(f"    {paint(self._output.shown(place), 'place')}: {self._said(violation)}")
        if group.count > PLACES:
            line(paint(f"    and {group.count - PLACES} more", "dim"))

    def _said(self, violation: Violation) -> str:
        """The violation without its rule's id, which stands above."""
        location = f"{violation.location}: " if violation.location else ""
        code = f" [{violation.code}]" if violation.code else ""
        return f"{self._output.shown(location + violation.message)}{code}"
