"""Workflow commands, which GitHub Actions shows as annotations of a run and beside changed lines."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ec2codec.reports.finding import findings_of
from ec2codec.reports.paths import relative
from ec2codec.reports.summary import counted

if TYPE_CHECKING:
    from ec2codec.reports.finding import Finding
    from ec2codec.reports.output import Output
    from ec2codec.tally import Tally
    from ec2codec.verdict import Verdict

# GitHub keeps ten of each level for a step, and drops the others without a word.
SHOWN = 10
LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


class GitHubReport:
    """The first findings of each level, and how many there are beyond them."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._counts: Counter[str] = Counter()

    def add(self, verdict: Verdict) -> None:
        """Write the findings in one call, as long as GitHub shows them."""
        for finding in findings_of(verdict, self._output):
            self._counts[finding.severity] += 1
            if self._counts[finding.severity] <= _limit(finding):
                self._output.line(annotation(finding))

    def finish(self, tally: Tally) -> None:
        """Say what is not shown, and what was not read: one notice, so that it is shown itself."""
        limits = {"error": SHOWN, "warning": SHOWN, "note": SHOWN - 1}
        more = [
            counted(self._counts[severity] - limit, f"more {severity}")
            for severity, limit in limits.items()
            if self._counts[severity] > limit
        ]
        if tally.lost_something:
            lost = tally.inputs["incomplete"] + tally.inputs["unreadable"]
            more.append(f"{counted(lost, 'input')} not read to the end")
        if tally.interrupted:
            more.append("interrupted: this is what was done")
        if more:
            self._output.line(f"::notice title=ec2codec::{_data(', '.join(more))}")


def _limit(finding: Finding) -> int:
    # The last notice is the one at the end.
    return SHOWN - 1 if finding.severity == "note" else SHOWN


def annotation(finding: Finding) -> str:
    """The workflow command for a finding."""
    properties = {
        "file": relative(finding.file),
        "line": finding.line,
        "title": f"{finding.rule} {finding.name}",
    }
    listed = ",".join(
        f"{name}={_property(str(value))}" for name, value in properties.items() if value is not None
    )
    # Without a line the place says more than the file.
    place = "" if finding.line else f"{finding.place}: "
    return f"::{LEVELS[finding.severity]} {listed}::{_data(place + finding.told)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
