"""What a report is, and all there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ec2codec.reports.concise import ConciseReport
from ec2codec.reports.jsonl import JsonLinesReport
from ec2codec.reports.text import TextReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from ec2codec.reports.output import Output
    from ec2codec.verdict import Verdict


class Report(Protocol):
    """Takes verdicts as they come, and may keep them back until all have come."""

    def add(self, verdict: Verdict) -> None:
        """Take one verdict; most have no violations."""

    def finish(self) -> None:
        """Write what was kept back."""


# What --format and --report offer. A new format is a line here.
REPORTS: dict[str, Callable[[Output], Report]] = {
    "text": TextReport,
    "concise": ConciseReport,
    "jsonl": JsonLinesReport,
}
