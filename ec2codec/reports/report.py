"""What a report is, and all there are."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

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


def _made(module: str, name: str) -> Callable[[Output], Report]:
    """What makes a report; its module is loaded with the first one, for a check makes one or two."""

    def make(output: Output) -> Report:
        report: Report = getattr(import_module(f"ec2codec.reports.{module}"), name)(output)
        return report

    return make


# What --format and --report offer. A new format is a line here.
REPORTS: dict[str, Callable[[Output], Report]] = {
    "text": _made("text", "TextReport"),
    "concise": _made("concise", "ConciseReport"),
    "jsonl": _made("jsonl", "JsonLinesReport"),
    "json": _made("json_document", "JsonReport"),
    "sarif": _made("sarif", "SarifReport"),
    "junit": _made("junit", "JUnitReport"),
    "github": _made("github", "GitHubReport"),
    "html": _made("html_page", "HtmlReport"),
}
