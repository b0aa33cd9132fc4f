"""One JSON object for each finding, one on a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ec2codec.reports.finding import findings_of

if TYPE_CHECKING:
    from ec2codec.reports.output import Output
    from ec2codec.tally import Tally
    from ec2codec.verdict import Verdict


class JsonLinesReport:
    """Everything, at once, for programs."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def add(self, verdict: Verdict) -> None:
        """Write the findings in one call."""
        for finding in findings_of(verdict, self._output):
            self._output.line(json.dumps(finding.record(), ensure_ascii=False))

    def finish(self, tally: Tally) -> None:
        """Nothing was kept back."""
