from __future__ import annotations

from xml.etree import ElementTree

import pytest

from ec2codec.captures import Note, Place
from ec2codec.verdict import Agreement, Verdict
from reporting import HOSTILE, MARKUP, hostile, missed, report, verdict, violation, warning


def suite(*verdicts: Verdict, notes: tuple[Note, ...] = ()) -> ElementTree.Element:
    [only] = ElementTree.fromstring(report("junit", *verdicts, notes=notes))
    return only


def test_error_is_a_failed_case() -> None:
    [case] = suite(verdict(violation()))

    assert {
        "classname": "x.log",
        "name": "E201 malformed-integer at line 3, IpPermissions.1.FromPort",
        "time": "0",
    } == case.attrib
    assert {"type": "InvalidParameterValue", "message": "expected an integer, got '80x'"} == case[0].attrib
    assert (
        "x.log:3: IpPermissions.1.FromPort: expected an integer, got '80x' [InvalidParameterValue]"
        == case[0].text
    )


def test_case_says_what_happened() -> None:
    [case] = suite(verdict(violation(rule="E310", code=None), accepted=True))

    assert str(case[0].text).endswith("; the service said true and changed nothing")
    assert "malformed-integer" == case[0].attrib["type"]


def test_warning_and_unexplained_refusal_pass_with_output() -> None:
    tags = [[child.tag for child in case] for case in suite(verdict(warning()), missed())]

    assert [["system-out"], ["system-out"]] == tags


def test_lost_input_is_a_case_in_error() -> None:
    only = suite(verdict(violation()), notes=(Note("x.gz", "cut short"), Note("y.pcap", "?", "skipped")))

    assert ("2", "1", "1") == (only.attrib["tests"], only.attrib["failures"], only.attrib["errors"])
    assert ["error"] == [child.tag for child in only[1]]


def test_interruption_is_a_case_in_error_and_a_notice() -> None:
    [case] = ElementTree.fromstring(report("junit", verdict(), interrupted=True))[0]

    assert ("check", "error") == (case.attrib["name"], case[0].tag)
    assert "::notice title=ec2codec::interrupted: this is what was done\n" == report(
        "github", verdict(), interrupted=True
    )


@pytest.mark.parametrize("calls", [[], [verdict()]], ids=["no call", "no finding"])
def test_nothing_found_is_a_case_that_passed(calls: list[Verdict]) -> None:
    [case] = suite(*calls)

    assert f"{len(calls)} security-group calls" == case.attrib["name"]
    assert [] == list(case)


@pytest.mark.parametrize("text", [HOSTILE, MARKUP, "]]>", "<!--", "&amp;", '"/><failure/>'])
def test_captured_text_is_text_in_xml(text: str) -> None:
    only = suite(hostile(text), hostile(text), notes=(Note(text, text),))

    assert ["testcase"] * 5 == [case.tag for case in only]
    assert {"failure", "system-out", "error"} == {child.tag for case in only for child in case}
    assert 5 == sum(len(case) for case in only)


def test_many_findings_wait_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ec2codec.reports.junit.IN_MEMORY", 100)

    assert 30 == len(suite(*[verdict(violation())] * 30))


def test_annotation_names_file_line_and_title() -> None:
    assert (
        "::error file=x.log,line=3,title=E201 malformed-integer::IpPermissions.1.FromPort: "
        "expected an integer, got '80x' [InvalidParameterValue]\n"
    ) == report("github", verdict(violation()))


def test_annotation_without_a_line_begins_with_its_place() -> None:
    text = report("github", verdict(warning(), place=Place("x.har", 12, "entry")))

    assert text.startswith("::warning file=x.har,title=W414 version-assumed::x.har#entry=12: ")


def test_annotations_are_escaped() -> None:
    text = report(
        "github", verdict(violation(location="", message="1%,2:3", code=None), place=Place("a,b:c%", 1))
    )

    assert "::error file=a%2Cb%3Ac%25,line=1,title=E201 malformed-integer::1%25,2:3\n" == text


@pytest.mark.parametrize("text", [HOSTILE, MARKUP, "\n::set-output name=x::y", "\r\n::error::"])
def test_captured_text_begins_no_workflow_command(text: str) -> None:
    lines = report("github", hostile(text), notes=(Note(text, text),)).splitlines()

    assert [True] * len(lines) == [line.startswith(("::error file=", "::notice ")) for line in lines]
    assert 3 == len(lines)


def test_as_many_annotations_are_written_as_github_shows() -> None:
    exact = report("github", *[verdict(violation(), warning())] * 10, *[missed()] * 9)
    over = report("github", *[verdict(violation(), warning())] * 12, *[missed()] * 10)

    assert 29 == len(exact.splitlines())
    assert 30 == len(over.splitlines())
    assert "::notice title=ec2codec::2 more errors, 2 more warnings, 1 more note" == over.splitlines()[-1]


def test_lost_inputs_are_noticed() -> None:
    assert "::notice title=ec2codec::1 input not read to the end\n" == report(
        "github", notes=(Note("x", "y"),)
    )


def test_agreement_does_not_hide_a_finding() -> None:
    call = verdict(violation(), agreement=Agreement.MISSED, error_code="MissingParameter")

    assert ["::error", "::notice"] == [line.partition(" ")[0] for line in report("github", call).splitlines()]
