from __future__ import annotations

import io
import json

import pytest

from ec2codec import Violation
from ec2codec.captures import Completeness, Place
from ec2codec.errors import shown
from ec2codec.reports import REPORTS, Output, wants_colour
from ec2codec.tally import Tally
from ec2codec.verdict import Verdict

HOSTILE = "\x1b[2J\u202e\ud800\u2028é AKIAIOSFODNN7EXAMPLE"
SAFE = "\\x1b[2J\\u202e\\ud800\\u2028é <redacted>"


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


def verdict(*violations: Violation, place: Place | None = None) -> Verdict:
    return Verdict(
        where=place or Place("x.log", 3),
        action="RevokeSecurityGroupIngress",
        completeness=Completeness.COMPLETE,
        violations=violations,
    )


def report(name: str, *verdicts: Verdict, coloured: bool = False) -> str:
    stream = io.BytesIO()
    output = Output(stream, coloured=coloured)
    writer = REPORTS[name](output)
    for each in verdicts:
        writer.add(each)
    writer.finish(Tally())
    output.flush()
    return stream.getvalue().decode("utf-8")


@pytest.mark.parametrize("name", REPORTS)
def test_nothing_found_is_nothing_written(name: str) -> None:
    assert "" == report(name, verdict())


def test_concise_report_has_a_line_for_each_finding() -> None:
    text = report("concise", verdict(violation(), violation(code=None, location="")))

    assert [
        "x.log:3: IpPermissions.1.FromPort: E201 expected an integer, got '80x' [InvalidParameterValue]",
        "x.log:3: E201 expected an integer, got '80x'",
    ] == text.splitlines()


def test_json_lines_hold_everything() -> None:
    line = report("jsonl", verdict(violation(), place=Place("x.har", 12, "entry")))

    assert {
        "file": "x.har",
        "place": "x.har#entry=12",
        "entry": 12,
        "action": "RevokeSecurityGroupIngress",
        "completeness": "complete",
        "rule": "E201",
        "name": "malformed-integer",
        "code": "InvalidParameterValue",
        "severity": "error",
        "certainty": "ours",
        "location": "IpPermissions.1.FromPort",
        "message": "expected an integer, got '80x'",
        "value": "80x",
    } == json.loads(line)


@pytest.mark.parametrize(("value", "told"), [(None, None), (80, "80"), (HOSTILE, SAFE)])
def test_value_is_text_in_json_lines(value: object, told: str | None) -> None:
    assert told == json.loads(report("jsonl", verdict(violation(value=value))))["value"]


def test_secret_value_is_not_in_json_lines() -> None:
    assert json.loads(report("jsonl", verdict(violation(location="Signature.1"))))["value"] is None


def test_text_report_groups_by_rule_errors_first() -> None:
    text = report(
        "text",
        verdict(violation(rule="W414", name="version-assumed", severity="warning", code=None, location="")),
        *(verdict(violation(), place=Place("x.log", number)) for number in range(1, 8)),
    )

    assert [
        "E201 malformed-integer (error, 7 places)",
        "  An integer is ASCII digits without leading zero, a minus before anything but 0, within 32 bits.",
        *(
            f"    x.log:{number}: IpPermissions.1.FromPort: expected an integer, got '80x' "
            "[InvalidParameterValue]"
            for number in range(1, 6)
        ),
        "    and 2 more",
        "",
        "W414 version-assumed (warning, 1 place)",
        "  A missing Version is read as 2011-12-15, and so is an older one.",
        "    x.log:3: expected an integer, got '80x'",
    ] == text.splitlines()


@pytest.mark.parametrize("name", REPORTS)
def test_captured_text_is_shown_printable_and_without_keys(name: str) -> None:
    hostile = violation(location=HOSTILE, message=HOSTILE, value=HOSTILE)
    text = report(name, verdict(hostile, place=Place(HOSTILE + "\n\udcff", 1)))

    assert text.replace("\n", "").isprintable()
    assert "AKIA" not in text


@pytest.mark.parametrize("name", ["text", "concise"])
def test_colours_change_no_word(name: str) -> None:
    coloured = report(name, verdict(*(violation() for _ in range(9))), coloured=True)
    for code in ("\x1b[1;31m", "\x1b[1;33m", "\x1b[36m", "\x1b[2m", "\x1b[1m", "\x1b[0m"):
        coloured = coloured.replace(code, "")

    assert "\x1b" not in coloured
    assert report(name, verdict(*(violation() for _ in range(9)))) == coloured


@pytest.mark.parametrize(
    ("terminal", "environment", "wanted"),
    [
        (True, {}, True),
        (True, {"NO_COLOR": ""}, True),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
        (False, {}, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    terminal: bool, environment: dict[str, str], wanted: bool
) -> None:
    assert wanted == wants_colour(terminal=terminal, environment=environment)


def test_shown_text_is_printable() -> None:
    assert SAFE == shown(HOSTILE)
