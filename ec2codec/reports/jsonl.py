"""One JSON object for each finding, one on a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ec2codec.errors import Violation
    from ec2codec.reports.output import Output
    from ec2codec.tally import Tally
    from ec2codec.verdict import Verdict


class JsonLinesReport:
    """Everything, at once, for programs."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def add(self, verdict: Verdict) -> None:
        """Write the findings in one call."""
        for violation in verdict.violations:
            self._output.line(json.dumps(finding(verdict, violation, self._output), ensure_ascii=False))

    def finish(self, tally: Tally) -> None:
        """Nothing was kept back."""


def finding(verdict: Verdict, violation: Violation, output: Output) -> dict[str, object]:
    """A finding as JSON data; every text in it is printable, a number stands under the name of its unit.

    value: what was sent, as text; null if nothing was, or if it is a secret.
    """
    where, shown = verdict.where, output.shown
    return {
        "file": shown(where.file),
        "place": shown(str(where)),
        where.unit: where.number,
        "action": verdict.action,
        "completeness": str(verdict.completeness),
        "rule": violation.rule,
        "name": violation.name,
        "code": violation.code,
        "severity": violation.severity,
        "certainty": violation.certainty,
        "location": shown(violation.location),
        "message": shown(violation.message),
        "value": output.value(violation.location, violation.value),
    }
