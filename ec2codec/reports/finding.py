"""One finding as reports show it: every text in it has gone through the output, and is printable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ec2codec.effects import told
from ec2codec.errors import Violation
from ec2codec.reports.about import MISSED
from ec2codec.reports.summary import ANSWERED
from ec2codec.verdict import Agreement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.reports.output import Output
    from ec2codec.verdict import Verdict

Severity = Literal["error", "warning", "note"]
# Of a refusal that no rule explains, the message says so.
_CAME_OF = {str(said): ANSWERED[said] for said in (Agreement.AGREES, Agreement.FALSE_ALARM)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of a report.

    unit, number: what is counted in the file, and where the call stands: ``"line"``, 3.
    time: in ISO 8601, with its zone; None where the capture does not say.
    severity: ``"note"`` for a refusal that no rule explains; its rule is `MISSED`.
    value: what was sent; None if nothing was, or if it is a secret.
    effect: what happened, or happens, although the service says true; happened: the same in words.
    status, observed: HTTP status and EC2's error code of the recorded answer, None where there is none.
    """

    file: str
    place: str
    unit: str
    number: int
    time: str | None
    action: str
    completeness: str
    rule: str
    name: str
    severity: Severity
    certainty: str
    code: str | None
    location: str
    message: str
    value: str | None
    effect: str | None
    happened: str | None
    agreement: str
    status: int | None
    observed: str | None
    fingerprint: str

    @property
    def line(self) -> int | None:
        """Line number, counted from 1."""
        return self.number if self.unit == "line" else None

    @property
    def said(self) -> str:
        """Location, message and code, without the rule."""
        place = f"{self.location}: " if self.location else ""
        code = f" [{self.code}]" if self.code else ""
        return f"{place}{self.message}{code}"

    @property
    def told(self) -> str:
        """The same, and what came of it: what happened, or else what the recorded answer says of it."""
        came_of = self.happened or _CAME_OF.get(self.agreement)
        return f"{self.said}; {came_of}" if came_of else self.said

    def record(self) -> dict[str, object]:
        """As JSON data; the number stands under the name of its unit."""
        record: dict[str, object] = {}
        for name in self.__slots__:
            if name == "unit":
                record[self.unit] = self.number
            elif name != "number":
                record[name] = getattr(self, name)
        return record


def findings_of(verdict: Verdict, output: Output) -> Iterator[Finding]:
    """The findings in a call as *output* shows them; and, at the end, that a refusal is not explained."""
    for violation in verdict.violations:
        agreement = verdict.agreements.get(violation.rule, Agreement.UNKNOWN)
        yield _finding(verdict, violation, output, agreement)
    if verdict.agreement is Agreement.MISSED:
        yield _finding(verdict, _unexplained(verdict), output, verdict.agreement)


def _unexplained(verdict: Verdict) -> Violation:
    """A refusal as if it were a violation; its value is the service's code, which makes its fingerprint."""
    message = f"the service refused the call with {verdict.error_code}, and no rule says why"
    return Violation(
        rule=MISSED,
        name="unexplained-refusal",
        code=None,
        location="",
        message=message,
        value=verdict.error_code,
        certainty="recorded",
    )


def _finding(verdict: Verdict, violation: Violation, output: Output, agreement: Agreement) -> Finding:
    shown, where = output.shown, verdict.where
    missed = violation.rule == MISSED
    effect = None if missed else verdict.effect(violation)
    return Finding(
        file=shown(where.file),
        place=shown(str(where)),
        unit=where.unit,
        number=where.number,
        time=verdict.time.isoformat() if verdict.time else None,
        action=shown(verdict.action),
        completeness=str(verdict.completeness),
        rule=violation.rule,
        name=violation.name,
        code=violation.code,
        severity="note" if missed else violation.severity,
        certainty=violation.certainty,
        location=shown(violation.location),
        message=shown(violation.message),
        value=None if missed else output.value(violation.location, violation.value),
        effect=None if effect is None else str(effect),
        happened=None if effect is None else told(effect, accepted=verdict.accepted),
        agreement=str(agreement),
        status=verdict.status,
        observed=None if verdict.error_code is None else shown(verdict.error_code),
        fingerprint=output.fingerprint(verdict.action, violation),
    )
