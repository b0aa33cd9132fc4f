"""JUnit XML, which every CI server shows: one test case for each finding and for each lost input."""

from __future__ import annotations

from collections import Counter
from html import escape
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

from ec2codec.reports.finding import findings_of
from ec2codec.reports.summary import losses

if TYPE_CHECKING:
    from ec2codec.reports.finding import Finding
    from ec2codec.reports.output import Output
    from ec2codec.tally import Tally
    from ec2codec.verdict import Verdict

# The counts stand at the head and are known at the end: the cases wait, on disk beyond this many bytes.
IN_MEMORY = 1 << 20


class JUnitReport:
    """Errors failed; warnings passed, with what was found as output; inputs that were lost are errors."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._cases = SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8", newline="\n")  # noqa: SIM115
        self._counts: Counter[str] = Counter()

    def add(self, verdict: Verdict) -> None:
        """Keep the findings in one call."""
        for finding in findings_of(verdict, self._output):
            self._case(finding.severity, finding.file, _name(finding), _told(finding))

    def finish(self, tally: Tally) -> None:
        """Write everything."""
        shown, line = self._output.shown, self._output.line
        for note in losses(tally):
            told = _element("error", note.kind, shown(note.message))
            self._case("lost", shown(note.place), note.kind, told)
        if tally.interrupted:
            told = _element("error", "interrupted", "the check was interrupted: this is what was done")
            self._case("lost", "ec2codec", "check", told)
        if not self._counts:
            self._case("passed", "ec2codec", f"{tally.calls.total()} security-group calls", "")
        counts = self._attributes()
        line('<?xml version="1.0" encoding="UTF-8"?>')
        line(f'<testsuites name="ec2codec" {counts}>')
        line(f'<testsuite name="security-group calls" {counts} skipped="0" time="0">')
        self._cases.seek(0)
        for case in self._cases:
            line(case.rstrip("\n"))
        line("</testsuite>\n</testsuites>")
        self._cases.close()

    def _attributes(self) -> str:
        counts = self._counts
        return f'tests="{counts.total()}" failures="{counts["error"]}" errors="{counts["lost"]}"'

    def _case(self, kind: str, group: str, name: str, told: str) -> None:
        self._counts[kind] += 1
        self._cases.write(
            f'<testcase classname="{escape(group)}" name="{escape(name)}" time="0">{told}</testcase>\n'
        )


def _name(finding: Finding) -> str:
    """Rule, place and parameter: servers take two cases of one name for one."""
    location = f", {finding.location}" if finding.location else ""
    return f"{finding.rule} {finding.name} at {finding.unit} {finding.number}{location}"


def _told(finding: Finding) -> str:
    text = f"{finding.place}: {finding.told}"
    if finding.severity != "error":
        return f"<system-out>{escape(text)}</system-out>"
    return _element("failure", finding.code or finding.name, finding.message, text)


def _element(tag: str, kind: str, message: str, text: str = "") -> str:
    return f'<{tag} type="{escape(kind)}" message="{escape(message)}">{escape(text)}</{tag}>'
