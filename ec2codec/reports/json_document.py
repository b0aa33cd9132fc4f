"""One JSON document: the findings as they come, then inputs and counts. docs/reports.md has its schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ec2codec.reports.finding import findings_of
from ec2codec.reports.items import Items
from ec2codec.reports.summary import inputs, summary

if TYPE_CHECKING:
    from ec2codec.reports.output import Output
    from ec2codec.tally import Tally
    from ec2codec.verdict import Verdict

# Goes up when a reader of the document has to change.
SCHEMA_VERSION = 1


class JsonReport:
    """All findings, all notes, all counts."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._items = Items(output, f'{{"schema_version": {SCHEMA_VERSION}, "findings": [')

    def add(self, verdict: Verdict) -> None:
        """Write the findings in one call."""
        for finding in findings_of(verdict, self._output):
            self._items.add(finding.record())

    def finish(self, tally: Tally) -> None:
        """Write the rest of the document."""
        self._items.finish(
            {"inputs": inputs(tally, self._output), "summary": summary(tally, self._output)}, "}"
        )
