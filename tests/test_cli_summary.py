from __future__ import annotations

from dataclasses import replace

import pytest

from commanding import HEALTHY, REFUSED, WARNED
from ec2codec import Codec
from ec2codec.captures import Completeness, Exchange, Note, Place, Response
from ec2codec.cli.summary import summary
from ec2codec.discretion import Discretion
from ec2codec.tally import Tally
from ec2codec.verdict import judge

UNSOURCED = HEALTHY.partition("&IpPermissions.1.IpRanges")[0]
TRUE, REFUSAL = Response(status=200), Response(error_code="InvalidParameterValue")
EXCHANGE = Exchange(place=Place("x", 1), action="RevokeSecurityGroupIngress", request=b"")


def tally(*calls: tuple[str, Response | None], **changes: object) -> Tally:
    made = Tally()
    for query, response in calls:
        made.add(judge(replace(EXCHANGE, request=query.encode(), response=response), Codec()))
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def told(made: Tally, *, quiet: bool = False, anonymize: bool = False) -> list[str]:
    return list(summary(made, Discretion(anonymize=anonymize), quiet=quiet))


def test_nothing_found_is_said_loudly() -> None:
    assert [
        "NO SECURITY-GROUP CALL WAS FOUND, so nothing was judged. Is this the right input?",
        "0 security-group calls",
        "0 errors, 0 warnings",
        "0 inputs read",
    ] == told(Tally())


def test_calls_findings_and_inputs_are_counted() -> None:
    made = tally((HEALTHY, None), (REFUSED, None), (WARNED, None))
    made.calls[Completeness.OMITTED] = 2
    made.inputs.update(["read", "skipped", "incomplete", "unreadable"])

    assert [
        "5 security-group calls: 3 complete, 2 omitted",
        "1 error, 1 warning",
        "1 input read, 1 skipped, 1 incomplete, 1 unreadable",
    ] == told(made)


def test_what_was_not_judged_or_not_new_is_counted() -> None:
    lines = told(tally((HEALTHY, None), passed_over=1, undated=2, known=3, interrupted=True))

    assert [
        "Interrupted: this is what was done.",
        "1 security-group calls: 1 complete",
        "1 more call outside the time asked for, not judged",
        "2 calls of unknown time judged all the same",
        "0 errors, 0 warnings; 3 more in the baseline",
        "0 inputs read",
    ] == lines


def test_answers_are_compared() -> None:
    made = tally(
        (HEALTHY, TRUE),
        (HEALTHY, REFUSAL),
        (HEALTHY, REFUSAL),
        (REFUSED, TRUE),
        (UNSOURCED, TRUE),
        (HEALTHY, None),
    )

    assert [
        "1 silent: where the service says true, it changes nothing (true is recorded for 1)",
        "agreement with the recorded answers: 1 agree, 2 missed (InvalidParameterValue x2), "
        "2 false alarms (E201, E310), 1 unknown",
        "by rule: E201 1 false alarm; E310 1 false alarm",
        "E310: an error by the API reference, a warning under --profile observed",
    ] == told(made)[2:6]


def test_rules_of_false_alarms_stand_by_frequency() -> None:
    made = tally((REFUSED, TRUE), *[(HEALTHY.replace("10.0.0.0", "x"), TRUE)] * 2)

    assert (
        "agreement with the recorded answers: 0 agree, 0 missed, 3 false alarms (E203 x2, E201), 0 unknown"
        in told(made)
    )


def test_answers_are_told_by_rule() -> None:
    made = tally((REFUSED, TRUE), (REFUSED, TRUE), (REFUSED, REFUSAL), (REFUSED, None), (UNSOURCED, None))

    assert "by rule: E201 1 agrees, 2 false alarms, 1 unknown" in told(made)
    assert not [line for line in told(tally((HEALTHY, TRUE))) if line.startswith("by rule")]


def test_answers_that_tell_nothing_are_not_compared() -> None:
    assert not [line for line in told(tally((UNSOURCED, None))) if line.startswith("agreement")]


@pytest.mark.parametrize("quiet", [True, False])
def test_notes_of_losses_are_always_told(quiet: bool) -> None:
    notes = [Note("10.0.0.1\n.log", "at \x1b", "incomplete"), Note("a.zip", "no reader", "skipped")]
    lines = told(tally(notes=notes), quiet=quiet)

    assert "10.0.0.1\\n.log: incomplete: at \\x1b" == lines[0]
    assert quiet is ("a.zip: skipped: no reader" not in lines)
    assert quiet is (len(lines) == 1)
    assert "<address>\\n.log: incomplete: at \\x1b" == told(tally(notes=notes), anonymize=True)[0]
