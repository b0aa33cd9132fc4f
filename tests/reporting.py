"""What the tests of reports share."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from ec2codec import Violation
from ec2codec.captures import Completeness, Note, Place
from ec2codec.discretion import Discretion
from ec2codec.reports import REPORTS, Output
from ec2codec.tally import Tally
from ec2codec.verdict import Agreement, Verdict

# Terminal escapes, a bidirectional override, half a surrogate pair, a line separator, NUL, a command to
# GitHub's runner, and a key.
HOSTILE = "\x1b[2J\u202e\ud800\u2028\x00é ##[error]e AKIAIOSFODNN7EXAMPLE"
SAFE = "\\x1b[2J\\u202e\\ud800\\u2028\\x00é #\\x23[error]e <redacted>"
# What would be markup, a workflow command, a line or an expression of a template, if it were let.
MARKUP = (
    "</script></style><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}{%x%}]]>&lt;"
    "\n::error::%0A"
)
TIME = datetime(2026, 11, 22, 17, 9, 27, tzinfo=UTC)


def violation(**changes: object) -> Violation:
    given: dict[str, object] = {
        "rule": "E201",
        "name": "malformed-integer",
        "code": "InvalidParameterValue",
        "location": "IpPermissions.1.FromPort",
        "message": "expected an integer, got '80x'",
        "value": "80x",
    }
    return Violation(**{**given, **changes})  # type: ignore[arg-type]


def warning() -> Violation:
    return violation(
        rule="W414", name="version-assumed", severity="warning", code=None, location="", value=None
    )


def verdict(*violations: Violation, place: Place | None = None, **changes: object) -> Verdict:
    given: dict[str, object] = {
        "where": place or Place("x.log", 3),
        "action": "RevokeSecurityGroupIngress",
        "completeness": Completeness.COMPLETE,
        "violations": violations,
    }
    return Verdict(**{**given, **changes})  # type: ignore[arg-type]


def missed(code: str = "InvalidParameterValue") -> Verdict:
    """A refusal that no rule explains."""
    return verdict(status=400, error_code=code, accepted=False, agreement=Agreement.MISSED)


def hostile(text: str) -> Verdict:
    """A call in which everything that can come from a capture is *text*."""
    return verdict(
        violation(location=text, message=text, value=text),
        place=Place(text + "\n\udcff", 1, "entry"),
        agreement=Agreement.MISSED,
        error_code=text,
        sent=((text, text), ("Signature", text)),
        time=TIME,
    )


def report(
    name: str,
    *verdicts: Verdict,
    coloured: bool = False,
    notes: tuple[Note, ...] = (),
    discretion: Discretion | None = None,
    **counts: object,
) -> str:
    """What a report of that name says when it is given these, as the command gives them.

    counts: attributes of the tally that no call gives.
    """
    stream = io.BytesIO()
    output = Output(stream, coloured=coloured, discretion=discretion)
    writer = REPORTS[name](output)
    tally = Tally()
    for each in verdicts:
        tally.add(each)
        if each.notable:
            writer.add(each)
    with tally.input() as take:
        for note in notes:
            take(note)
    for attribute, count in counts.items():
        setattr(tally, attribute, count)
    writer.finish(tally)
    output.flush()
    return stream.getvalue().decode("utf-8")
