"""The findings that a page has room for: some of every rule, then errors, each with its request."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from ec2codec.names import MAX_SEGMENTS
from ec2codec.reports.finding import findings_of
from ec2codec.reports.summary import ANSWERED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.reports.finding import Finding
    from ec2codec.reports.output import Output
    from ec2codec.verdict import Verdict

# Rows of one page: beyond these browsers become slow, and nobody reads on.
MAX_ROWS = 5000
# Rows that every rule has whatever else there is, so that the filter finds what the charts count.
OF_EACH_RULE = 20
# What is shown of one request, and of one text in it: a request may have 10,000 parameters, and 1 MiB.
MAX_PARAMETERS, MAX_TEXT = 40, 200
SEVERITIES = ("error", "note", "warning")


class Parameter(NamedTuple):
    """One parameter of a request. here: whether a finding is about it."""

    name: str
    value: str
    here: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One finding and its call. left_out: parameters of the request that are not among *parameters*."""

    finding: Finding
    parameters: list[Parameter]
    left_out: int

    @property
    def time(self) -> str:
        """When the call was made, to the second; or nothing."""
        if self.finding.time is None:
            return ""
        time = datetime.fromisoformat(self.finding.time)
        return time.isoformat(" ", "seconds").replace("+00:00", " UTC")

    @property
    def code(self) -> str | None:
        """EC2's code for what was found; of a refusal that no rule explains, the one that was observed."""
        return self.finding.observed if self.finding.severity == "note" else self.finding.code

    @property
    def answer(self) -> str:
        """What the service answered."""
        status, code = self.finding.status, self.finding.observed
        told = " ".join(str(part) for part in (status, code) if part is not None)
        return f"The service answered {told}." if told else "The answer was not recorded."

    @property
    def agreement(self) -> str:
        """What that says of the finding."""
        return ANSWERED[self.finding.agreement]


class Rows:
    """The rows as the findings come."""

    def __init__(self, output: Output) -> None:
        self._output = output
        # With each row whether it is one of the first of its rule.
        self._kept: dict[str, list[tuple[Row, bool]]] = {severity: [] for severity in SEVERITIES}
        self._of_rule: Counter[tuple[str, str]] = Counter()
        self.count = 0
        # Calls that have findings of a severity.
        self.calls: Counter[str] = Counter()

    def add(self, verdict: Verdict) -> None:
        """Keep the findings in one call, as long as there is room for their severity, or for their rule."""
        found = list(findings_of(verdict, self._output))
        self.count += len(found)
        self.calls.update({finding.severity for finding in found})
        sent: _Sent | None = None
        for finding in found:
            kept = self._kept[finding.severity]
            self._of_rule[finding.severity, finding.rule] += 1
            is_first = self._of_rule[finding.severity, finding.rule] <= OF_EACH_RULE
            if is_first or len(kept) < MAX_ROWS:
                sent = sent or _Sent(self._output.parameters(verdict.sent))
                kept.append((Row(_shortened(finding), *sent.around(finding.location)), is_first))

    def __iter__(self) -> Iterator[Row]:
        """The rows of the page."""
        kept = [each for severity in SEVERITIES for each in self._kept[severity]]
        room = MAX_ROWS - sum(is_first for _row, is_first in kept)
        for row, is_first in kept:
            room -= not is_first
            if is_first or room >= 0:
                yield row


class _Sent:
    """A request, and where each name and each structure in it comes first.

    It is gone through once, however many findings there are in it.
    """

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs
        self._first: dict[str, int] = {}
        for number, (name, _value) in enumerate(pairs):
            for part in _structures(name):
                self._first.setdefault(part, number)

    def around(self, location: str) -> tuple[list[Parameter], int]:
        """The parameters that are shown of a finding there, and the number of those that are not."""
        # What is missing is looked for where it would stand.
        near = next((self._first[part] for part in _structures(location) if part in self._first), 0)
        start = max(0, min(near - MAX_PARAMETERS // 4, len(self._pairs) - MAX_PARAMETERS))
        shown = self._pairs[start : start + MAX_PARAMETERS]
        listed = [Parameter(_cut(name), _cut(value), _is_about(location, name)) for name, value in shown]
        if location and location not in self._first:
            listed.append(Parameter(_cut(location), "(not sent)", here=True))
        return listed, len(self._pairs) - len(shown)


def _structures(name: str) -> Iterator[str]:
    """*name*, and what it is in, the innermost first: ``IpPermissions.1``, ``IpPermissions``."""
    yield name
    segments = name.split(".", MAX_SEGMENTS)
    for number in reversed(range(1, len(segments))):
        yield ".".join(segments[:number])


def _is_about(location: str, name: str) -> bool:
    """Whether a finding there is about this parameter; one about a permission is about all of it."""
    return name == location or name.startswith(f"{location}.") if location else False


def _shortened(finding: Finding) -> Finding:
    return replace(
        finding,
        file=_cut(finding.file),
        place=_cut(finding.place),
        location=_cut(finding.location),
        message=_cut(finding.message),
        value=None,
    )


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 3]}..."
