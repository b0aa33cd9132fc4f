"""SARIF 2.1.0 (OASIS, with errata 01), as GitHub code scanning takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ec2codec import __version__
from ec2codec.reports.about import about
from ec2codec.reports.finding import findings_of
from ec2codec.reports.items import Items
from ec2codec.reports.paths import uri
from ec2codec.reports.summary import losses

if TYPE_CHECKING:
    from ec2codec.captures import Note
    from ec2codec.reports.about import About
    from ec2codec.reports.finding import Finding
    from ec2codec.reports.output import Output
    from ec2codec.tally import Tally
    from ec2codec.verdict import Verdict

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# GitHub refuses a file with more in a run, and shows the 5,000 most severe of them.
MAX_RESULTS = 25_000


class SarifReport:
    """One run: the first results, the rules that they name, and a notification of whatever is missing."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._items = Items(output, f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{{"results": [')
        self._count = 0
        self._rules: set[str] = set()

    def add(self, verdict: Verdict) -> None:
        """Write the findings in one call, up to the limit."""
        for finding in findings_of(verdict, self._output):
            self._count += 1
            if self._count <= MAX_RESULTS:
                self._rules.add(finding.rule)
                self._items.add(result(finding))

    def finish(self, tally: Tally) -> None:
        """Write what the results refer to, and what is missing."""
        rules = [descriptor(about(rule)) for rule in sorted(self._rules)]
        tool = {"driver": {"name": "ec2codec", "semanticVersion": __version__, "rules": rules}}
        invocation = {
            "executionSuccessful": not (tally.interrupted or tally.lost_something),
            "toolExecutionNotifications": self._notifications(tally),
        }
        self._items.finish({"tool": tool, "invocations": [invocation]}, "}]}")

    def _notifications(self, tally: Tally) -> list[dict[str, object]]:
        notifications = [_lost(note, self._output) for note in losses(tally)]
        if tally.interrupted:
            notifications.append(_notification("error", "The check was interrupted: this is what was done."))
        if not tally.calls.total():
            notifications.append(_notification("warning", "No security-group call was found."))
        if self._count > MAX_RESULTS:
            more = f"{self._count - MAX_RESULTS} more results were left out: the limit is {MAX_RESULTS}."
            notifications.append(_notification("warning", more))
        return notifications


def result(finding: Finding) -> dict[str, object]:
    """A finding as a SARIF result."""
    return {
        "ruleId": finding.rule,
        "level": finding.severity,
        "message": {"text": finding.told},
        "locations": [_location(finding)],
        # GitHub goes by the first name, others by any; the same finding in the same file is one alert.
        "partialFingerprints": {
            "primaryLocationLineHash": f"{finding.fingerprint}:1",
            "ec2codec/v1": finding.fingerprint,
        },
        "properties": {
            "place": finding.place,
            "action": finding.action,
            "completeness": finding.completeness,
            "certainty": finding.certainty,
            "agreement": finding.agreement,
        },
    }


def _location(finding: Finding) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": uri(finding.file)}}
    if finding.line:
        physical["region"] = {"startLine": finding.line}
        return {"physicalLocation": physical}
    name = f"{finding.unit} {finding.number}"
    return {
        "physicalLocation": physical,
        "logicalLocations": [{"name": name, "fullyQualifiedName": finding.place}],
    }


def descriptor(rule: About) -> dict[str, object]:
    """A rule as a SARIF reporting descriptor, with help as text and as Markdown."""
    why = " ".join(rule.why)
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.law},
        "fullDescription": {"text": f"{rule.law} {why}".strip()},
        "defaultConfiguration": {"level": rule.severity},
        "help": {
            "text": _help(rule, "{title}:\n{example}"),
            "markdown": _help(rule, "**{title}**\n```\n{example}\n```"),
        },
        "properties": {"tags": ["ec2", "security-groups"]},
    }


def _help(rule: About, example: str) -> str:
    examples = {"Breaks it": rule.breaks, "Use instead": rule.keeps}
    shown = [example.format(title=title, example=text) for title, text in examples.items() if text]
    source = f"Source: {rule.source}." if rule.source else ""
    return "\n\n".join(text for text in (rule.law, *rule.why, *shown, source) if text)


def _lost(note: Note, output: Output) -> dict[str, object]:
    level = "error" if note.kind == "unreadable" else "warning"
    return _notification(level, output.shown(f"{note.place}: {note.kind}: {note.message}"))


def _notification(level: str, text: str) -> dict[str, object]:
    return {"level": level, "message": {"text": text}}
