from __future__ import annotations

import io
import json
import re
from collections.abc import Callable

import pytest

from ec2codec import Violation
from ec2codec.captures import Note, Place
from ec2codec.discretion import Discretion
from ec2codec.reports import REPORTS, Output, Report, wants_colour
from ec2codec.reports.concise import ConciseReport
from ec2codec.reports.github import GitHubReport
from ec2codec.reports.html_page import HtmlReport
from ec2codec.reports.json_document import JsonReport
from ec2codec.reports.jsonl import JsonLinesReport
from ec2codec.reports.junit import JUnitReport
from ec2codec.reports.sarif import SarifReport
from ec2codec.reports.text import TextReport
from ec2codec.tally import Tally
from ec2codec.verdict import Agreement, Verdict
from reporting import HOSTILE, MARKUP, SAFE, TIME, hostile, missed, report, verdict, violation, warning

RECORD = {
    "file": "x.har",
    "place": "x.har#entry=12",
    "entry": 12,
    "time": "2026-11-22T17:09:27+00:00",
    "action": "RevokeSecurityGroupIngress",
    "completeness": "complete",
    "rule": "E310",
    "name": "source-required",
    "severity": "error",
    "certainty": "ours",
    "code": "MissingParameter",
    "location": "IpPermissions.1",
    "message": "expected a source",
    "value": None,
    "effect": "silent",
    "happened": "the service said true and changed nothing",
    "agreement": "false-alarm",
    "status": 200,
    "observed": None,
}


def silent() -> Violation:
    return violation(
        rule="E310",
        name="source-required",
        code="MissingParameter",
        location="IpPermissions.1",
        message="expected a source",
        value=None,
    )


def accepted(*violations: Violation, place: Place | None = None) -> Verdict:
    return verdict(
        *violations,
        place=place,
        time=TIME,
        status=200,
        accepted=True,
        agreement=Agreement.FALSE_ALARM,
        agreements={each.rule: Agreement.FALSE_ALARM for each in violations},
    )


# That each of them is a report is for the type checker to see: the table loads them by name.
CLASSES: list[Callable[[Output], Report]] = [
    TextReport,
    ConciseReport,
    JsonLinesReport,
    JsonReport,
    SarifReport,
    JUnitReport,
    GitHubReport,
    HtmlReport,
]


def test_table_has_every_report() -> None:
    reports = [make(Output(io.BytesIO())) for make in REPORTS.values()]

    for each in reports:
        each.finish(Tally())

    assert CLASSES == [type(each) for each in reports]


@pytest.mark.parametrize("name", ["text", "concise", "jsonl", "github"])
def test_nothing_found_is_nothing_written(name: str) -> None:
    assert "" == report(name, verdict())


def test_concise_report_has_a_line_for_each_finding() -> None:
    text = report("concise", verdict(violation(), violation(code=None, location="")), missed())

    assert [
        "x.log:3: IpPermissions.1.FromPort: E201 expected an integer, got '80x' [InvalidParameterValue]",
        "x.log:3: E201 expected an integer, got '80x'",
        "x.log:3: missed the service refused the call with InvalidParameterValue, and no rule says why",
    ] == text.splitlines()


def test_json_lines_hold_everything() -> None:
    record = json.loads(report("jsonl", accepted(silent(), place=Place("x.har", 12, "entry"))))

    assert re.fullmatch("[0-9a-f]{32}", record.pop("fingerprint"))
    assert RECORD == record


def test_refusal_that_no_rule_explains_is_a_note_of_its_own() -> None:
    first, second = (
        json.loads(report("jsonl", missed(code))) for code in ("MissingParameter", "InvalidRequest")
    )

    assert ("missed", "note", "MissingParameter") == (first["rule"], first["severity"], first["observed"])
    assert first["fingerprint"] != second["fingerprint"]


@pytest.mark.parametrize(("value", "told"), [(None, None), (80, "80"), (HOSTILE, SAFE)])
def test_value_is_text_in_json_lines(value: object, told: str | None) -> None:
    assert told == json.loads(report("jsonl", verdict(violation(value=value))))["value"]


def test_secret_value_is_not_in_json_lines() -> None:
    assert json.loads(report("jsonl", verdict(violation(location="Signature.1"))))["value"] is None


def test_text_report_groups_by_rule_errors_first() -> None:
    text = report(
        "text",
        verdict(warning()),
        *(verdict(violation(), place=Place("x.log", number)) for number in range(1, 8)),
        missed(),
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
        "missed unexplained-refusal (note, 1 place)",
        "  The service refused the call, and no rule says why.",
        "  recorded answers: 1 not explained",
        "    x.log:3: the service refused the call with InvalidParameterValue, and no rule says why",
        "",
        "W414 version-assumed (warning, 1 place)",
        "  A missing Version is read as 2011-12-15, and so is an older one.",
        "    x.log:3: expected an integer, got '80x'",
    ] == text.splitlines()


def test_text_report_says_what_happened_and_what_the_answers_say() -> None:
    agreed = verdict(silent(), agreements={"E310": Agreement.AGREES}, accepted=False)
    text = report("text", accepted(silent()), accepted(silent()), verdict(silent()), agreed)

    assert [
        "E310 source-required (error, 4 places)",
        "  A permission has a CIDR range, IPv4 or IPv6, a prefix list, or a source group.",
        "  the service said true and changed nothing (2 places)",
        "  where the service says true, it changes nothing (1 place)",
        "  recorded answers: 1 bears it out, 2 speak against it, 1 tells nothing",
    ] == text.splitlines()[:5]


def test_answer_is_counted_once_though_the_rule_is_broken_twice() -> None:
    text = report("text", accepted(silent(), violation(rule="E310", location="IpPermissions.2")))

    assert "  recorded answers: 1 speaks against it" in text.splitlines()


OUTCOMES = {
    "the service said true and changed nothing": accepted(silent()),
    "the service said true": accepted(violation()),
    "confirmed by the answer": verdict(violation(), agreements={"E201": Agreement.AGREES}),
}


@pytest.mark.parametrize("name", ["concise", "sarif", "junit", "github"])
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_finding_is_told_with_what_came_of_it(name: str, outcome: str) -> None:
    told = report(name, OUTCOMES[outcome])

    assert re.search(rf"]; {outcome}(\n|\"|</)", told)


@pytest.mark.parametrize("name", ["concise", "sarif", "junit", "github"])
def test_nothing_is_told_of_an_answer_that_was_not_recorded(name: str) -> None:
    assert "]; " not in report(name, verdict(violation()))


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("text", [HOSTILE, MARKUP])
def test_captured_text_is_shown_printable_and_without_keys(name: str, text: str) -> None:
    told = report(name, hostile(text), notes=(Note(text, text, "unreadable"),))

    assert told.replace("\n", "").isprintable()
    assert "AKIA" not in told


@pytest.mark.parametrize("name", REPORTS)
def test_secrets_are_shown_to_those_who_ask(name: str) -> None:
    call = verdict(violation(message=HOSTILE))

    assert "AKIAIOSFODNN7EXAMPLE" in report(name, call, discretion=Discretion(show_secrets=True))


@pytest.mark.parametrize("name", REPORTS)
def test_accounts_and_addresses_are_masked_on_demand(name: str) -> None:
    text = "123456789012 10.0.0.1"
    told = report(name, hostile(text), notes=(Note(text, text),), discretion=Discretion(anonymize=True))

    assert "123456789012" not in told
    assert "10.0.0.1" not in told.replace("10.0.0.1/24", "")


@pytest.mark.parametrize("name", ["text", "concise"])
def test_colours_change_no_word(name: str) -> None:
    calls = (verdict(*(violation() for _ in range(9)), warning()), missed())
    coloured = report(name, *calls, coloured=True)
    for code in ("\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m", "\x1b[36m", "\x1b[2m", "\x1b[1m", "\x1b[0m"):
        coloured = coloured.replace(code, "")

    assert "\x1b" not in coloured
    assert report(name, *calls) == coloured


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


def test_shown_text_is_printable_and_no_command() -> None:
    assert SAFE == Discretion().shown(HOSTILE)
