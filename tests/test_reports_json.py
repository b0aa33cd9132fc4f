from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from capturing import CAPTURES
from commanding import run
from ec2codec.captures import Note
from ec2codec.verdict import Agreement
from reporting import HOSTILE, MARKUP, TIME, hostile, missed, report, verdict, violation, warning

PAGE = Path(__file__).parent.parent / "docs" / "reports.md"


def schema() -> dict[str, object]:
    """The JSON schema that the documentation prints."""
    [block] = re.findall(r"```json\n(\{\n  \"\$schema\".*?)\n```", PAGE.read_text("utf-8"), re.DOTALL)
    read: dict[str, object] = json.loads(block)
    jsonschema.Draft202012Validator.check_schema(read)
    return read


@pytest.mark.parametrize(
    "calls",
    [
        [],
        [verdict(time=TIME)],
        [verdict(violation(), warning(), time=TIME), missed(), verdict(violation())],
        [hostile(HOSTILE), hostile(MARKUP)],
    ],
    ids=["no call", "no finding", "findings", "hostile"],
)
def test_document_is_of_the_documented_schema(calls: list[object]) -> None:
    text = report("json", *calls, notes=(Note("x.gz", "cut short", "incomplete"),))  # type: ignore[arg-type]

    jsonschema.validate(json.loads(text), schema(), cls=jsonschema.Draft202012Validator)


def test_report_on_captures_is_of_the_documented_schema() -> None:
    document = json.loads(run("check", CAPTURES, "--format", "json").stdout)

    jsonschema.validate(document, schema(), cls=jsonschema.Draft202012Validator)
    assert len(document["findings"]) == document["summary"]["errors"] + document["summary"]["warnings"]


def test_document_has_the_records_of_json_lines() -> None:
    calls = (verdict(violation(), warning()), missed())

    lines = report("jsonl", *calls).splitlines()

    assert [json.loads(line) for line in lines] == json.loads(report("json", *calls))["findings"]


def test_summary_counts_everything() -> None:
    document = json.loads(
        report(
            "json",
            verdict(violation(), warning(), time=TIME, agreements={"E201": Agreement.AGREES}),
            verdict(),
            missed(),
            notes=(Note("x", "y"),),
        )
    )

    assert {"incomplete": 1, "notes": [{"place": "x", "kind": "incomplete", "message": "y"}]} == document[
        "inputs"
    ]
    assert {
        "calls": 3,
        "completeness": {"complete": 3},
        "errors": 1,
        "warnings": 1,
        "rules": [
            {"rule": "E201", "name": "malformed-integer", "severity": "error", "count": 1},
            {"rule": "W414", "name": "version-assumed", "severity": "warning", "count": 1},
        ],
        "known": 0,
        "agreement": {"missed": 1, "unknown": 2},
        "agreement_by_rule": {"E201": {"agrees": 1}},
        "missed": {"InvalidParameterValue": 1},
        "effects": {},
        "confirmed_effects": {},
        "timeline": {
            "hours": 1,
            "undated": 2,
            "periods": [{"start": "2026-11-22T17:00:00+00:00", "calls": 1, "findings": 2}],
        },
        "passed_over": 0,
        "interrupted": False,
    } == document["summary"]
