"""One line for each finding, as compilers print them: ``file:line: location: id message [code]; outcome``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ec2codec.reports.finding import findings_of

if TYPE_CHECKING:
    from ec2codec.reports.output import Output
    from ec2codec.tally import Tally
    from ec2codec.verdict import Verdict


class ConciseReport:
    """Everything, at once."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def add(self, verdict: Verdict) -> None:
        """Write the findings in one call."""
        for finding in findings_of(verdict, self._output):
            place = self._output.paint(finding.place, "place")
            location = f"{finding.location}: " if finding.location else ""
            told = finding.told.removeprefix(location)
            self._output.line(f"{place}: {location}{finding.rule} {told}")

    def finish(self, tally: Tally) -> None:
        """Nothing was kept back."""
