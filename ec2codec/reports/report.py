"""What a report is, and all there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ec2codec.reports.concise import ConciseReport
from ec2codec.reports.jsonl import JsonLinesReport
from ec2codec.reports.text import TextReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from ec2codec.reports.output import Output
    from ec2codec.tally import Tally
    from ec2codec.verdict import Verdict


class Report(Protocol):
    """Takes verdicts as they come, and may keep them back until all have come.

    Whatever it says of a capture goes through `Output.shown` and `Output.value`.
    """

    def add(self, verdict: Verdict) -> None:
        """Take a notable verdict; they come in the order of the input."""

    def finish(self, tally: Tally) -> None:
        """Write what was kept back. tally: counts of everything, notable or not, and the notes."""


# What --format and --report offer. A new format is a line here.
REPORTS: dict[str, Callable[[Output], Report]] = {
    "text": TextReport,
    "concise": ConciseReport,
    "jsonl": JsonLinesReport,
}
