"""Findings by rule: the law, how often it is broken, where first, and what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ec2codec.reports.about import about
from ec2codec.reports.finding import Finding, findings_of
from ec2codec.reports.summary import answers, counted
from ec2codec.verdict import Agreement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.reports.output import Output
    from ec2codec.tally import Tally
    from ec2codec.verdict import Verdict

# A reader wants an example or two; all places are in the other reports.
PLACES = 5


@dataclass(slots=True)
class _Group:
    count: int = 0
    first: list[Finding] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    # Of the calls: one answer is one, however often the rule is broken in its call.
    agreements: Counter[Agreement] = field(default_factory=Counter)

    def add(self, finding: Finding) -> None:
        self.count += 1
        if len(self.first) < PLACES:
            self.first.append(finding)
        if finding.happened:
            self.happened[finding.happened] += 1


class TextReport:
    """Errors first, then refusals that no rule explains, then warnings; each by rule."""

    def __init__(self, output: Output) -> None:
        self._output = output
        # A rule may be an error in one call and a warning in the next: W307, by version.
        self._groups: dict[tuple[str, str], _Group] = {}

    def add(self, verdict: Verdict) -> None:
        """Count the findings in one call."""
        told: dict[tuple[str, str], str] = {}
        for finding in findings_of(verdict, self._output):
            key: tuple[str, str] = (finding.severity, finding.rule)
            told[key] = finding.agreement
            self._groups.setdefault(key, _Group()).add(finding)
        for key, agreement in told.items():
            self._groups[key].agreements[Agreement(agreement)] += 1

    def finish(self, tally: Tally) -> None:
        """Write all groups."""
        for number, key in enumerate(sorted(self._groups)):
            if number:
                self._output.line()
            self._write(*key, self._groups[key])

    def _write(self, severity: str, rule_id: str, group: _Group) -> None:
        paint, line = self._output.paint, self._output.line
        rule = about(rule_id)
        times = f"({severity}, {counted(group.count, 'place')})"
        line(f"{paint(rule.id, severity)} {paint(rule.name, 'bold')} {times}")
        line(f"  {paint(rule.law, 'dim')}")
        for told in _came_of(group):
            line(f"  {told}")
        for finding in group.first:
            line(f"    {paint(finding.place, 'place')}: {finding.said}")
        if group.count > PLACES:
            line(paint(f"    and {group.count - PLACES} more", "dim"))


def _came_of(group: _Group) -> Iterator[str]:
    """What happened, and what the recorded answers say; nothing where none says anything."""
    for happened, count in group.happened.most_common():
        yield f"{happened} ({counted(count, 'place')})"
    told = answers(group.agreements)
    if told:
        yield f"recorded answers: {told}"
