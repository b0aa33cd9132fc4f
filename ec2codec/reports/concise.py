"""One line for each finding, as compilers print them: ``file:line: location: id message [code]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
        place = self._output.paint(self._output.shown(str(verdict.where)), "place")
        for violation in verdict.violations:
            self._output.line(f"{place}: {self._output.shown(str(violation))}")

    def finish(self, tally: Tally) -> None:
        """Nothing was kept back."""
