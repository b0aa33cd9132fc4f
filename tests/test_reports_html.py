from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import html5lib
import pytest

from capturing import CAPTURES
from commanding import REFUSED, run
from ec2codec.captures import Completeness, Note
from ec2codec.discretion import Discretion
from ec2codec.reports import rows
from ec2codec.verdict import Agreement
from reporting import HOSTILE, MARKUP, SAFE, TIME, hostile, missed, report, verdict, violation, warning


def parse(page: str) -> Any:
    """The page as browsers read it; strict, so that a slip in the markup is an error."""
    return html5lib.HTMLParser(namespaceHTMLElements=False, strict=True).parse(page)


def text_of(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def texts(page: str, path: str) -> list[str]:
    return [text_of(element) for element in parse(page).iterfind(path)]


def skeleton(page: str) -> list[tuple[str, list[str]]]:
    """Every tag with the names of its attributes, in order, but for the places where a line may break."""
    tags = [(str(element.tag), sorted(element.attrib)) for element in parse(page).iter()]
    return [tag for tag in tags if tag != ("wbr", [])]


@pytest.mark.parametrize(
    ("calls", "headline"),
    [
        ([], "No security-group call was found"),
        ([verdict()], "Nothing to find fault with in 1 security-group call"),
        ([verdict(warning()), verdict()], "No errors; warnings in 1 of 2 security-group calls"),
        ([missed(), verdict(warning())], "1 of 2 security-group calls was refused, and no rule says why"),
        ([missed(), missed()], "2 of 2 security-group calls were refused, and no rule says why"),
        ([verdict(violation(), violation())], "1 of 1 security-group call breaks the rules of EC2"),
        ([verdict(violation())] * 1200, "1,200 of 1,200 security-group calls break the rules of EC2"),
    ],
)
def test_headline_says_the_result_in_words(calls: list[Any], headline: str) -> None:
    page = report("html", *calls)

    assert [headline] == texts(page, ".//h1")
    assert [f"{headline} – ec2codec"] == texts(page, ".//title")[:1]


@pytest.mark.parametrize(
    ("calls", "lead"),
    [
        ([], "So nothing was judged. Is this the right input?"),
        ([verdict()], ""),
        ([verdict(time=TIME)], "Calls of 2026-11-22."),
        (
            [verdict(time=TIME), verdict(time=TIME + timedelta(days=1))],
            "Calls from 2026-11-22 to 2026-11-23.",
        ),
        ([missed(), missed(), verdict(warning())], "Most often: W414 version-assumed, 1 time."),
        (
            [verdict(violation(), agreement=Agreement.FALSE_ALARM)],
            "Most often: E201 malformed-integer, 1 time. "
            "To 1 call with errors the service said true all the same.",
        ),
    ],
)
def test_lead_says_what_is_most_frequent_and_when_it_was(calls: list[Any], lead: str) -> None:
    assert [lead] == (texts(report("html", *calls), ".//p[@class='lead']") or [""])


@pytest.mark.parametrize(
    "text", [HOSTILE, MARKUP, "javascript:alert(1)", "`${7*7}`", "&#x3c;", "' onload=x", "{{ page }}"]
)
def test_captured_text_never_becomes_markup(text: str) -> None:
    page = report("html", hostile(text), notes=(Note(text, text),))
    harmless = report("html", hostile("harmless"), notes=(Note("harmless", "harmless"),))

    assert skeleton(harmless) == skeleton(page)
    assert "49" not in texts(page, ".//td/p")[0]


def test_captured_text_is_shown_as_it_is() -> None:
    assert SAFE in texts(report("html", hostile(HOSTILE)), ".//td/p")[0]


def test_page_asks_for_nothing_from_elsewhere() -> None:
    page = report("html", verdict(violation()), missed())
    attributes = [attribute for element in parse(page).iter() for attribute in element.attrib.items()]

    assert [] == [
        (name, value) for name, value in attributes if name in ("src", "style", "srcset", "action", "data")
    ]
    assert [] == [value for name, value in attributes if name == "href" and not str(value).startswith("#")]
    assert [] == [name for name, _ in attributes if str(name).startswith("on")]
    assert "url(" not in page
    assert "@import" not in page


def test_policy_allows_the_one_style_and_the_one_script() -> None:
    page = report("html", verdict(violation()))
    [policy] = [
        element.attrib["content"] for element in parse(page).iter("meta") if "http-equiv" in element.attrib
    ]
    parts = dict(part.split(" ", 1) for part in policy.split("; "))

    assert "'none'" == parts["default-src"] == parts["base-uri"] == parts["form-action"]
    for tag, name in (("style", "style-src"), ("script", "script-src")):
        [text] = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" == parts[name]


def test_charts_have_a_title_a_description_and_their_figures() -> None:
    calls = [
        verdict(violation(), time=TIME, completeness=Completeness.TRUNCATED),
        verdict(violation(rule="E310"), time=TIME + timedelta(hours=5), agreement=Agreement.AGREES),
    ]
    page = parse(report("html", *calls))
    charts = [
        chart for chart in page.iter("{http://www.w3.org/2000/svg}svg") if chart.attrib.get("role") == "img"
    ]
    ids = {element.attrib["id"]: text_of(element) for element in page.iter() if "id" in element.attrib}

    assert [
        "Findings by rule E201 malformed-integer: 1; E310 source-required: 1.",
        "What happens although the service says true nothing changes: 1.",
        "What the recorded answers say of our verdicts bear the verdict out: 1; "
        "tell nothing, or were not recorded: 1.",
        "How much of each call was captured complete: 1; cut off: 1.",
        "Calls and findings over time From 2026-11-22 17:00 to 2026-11-22 22:00: "
        "at most 1 calls and 1 findings an hour.",
    ] == [" ".join(ids[name] for name in chart.attrib["aria-labelledby"].split()) for chart in charts]
    assert len(charts) == len(
        [figure for figure in page.iter("figure") if figure.find(".//table") is not None]
    )


def test_ids_are_unique_and_references_lead_somewhere() -> None:
    page = parse(report("html", verdict(violation(), warning()), missed(), notes=(Note("x", "y"),)))
    ids = [element.attrib["id"] for element in page.iter() if "id" in element.attrib]
    named = [
        name
        for element in page.iter()
        for attribute in ("aria-labelledby", "href")
        for name in element.attrib.get(attribute, "").replace("#", "").split()
    ]

    assert sorted(set(ids)) == sorted(ids)
    assert set(named) <= set(ids)


def test_details_show_the_request_without_its_secrets() -> None:
    sent = (
        b"?Action=RevokeSecurityGroupIngress&IpPermissions.1.FromPort=80x"
        b"&Signature=SeCrEt&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE"
    )
    page = report("html", verdict(violation(), sent=sent, status=400, error_code="InvalidParameterValue"))

    assert [
        "Action RevokeSecurityGroupIngress",
        "IpPermissions.1.FromPort 80x",
        "Signature <redacted>",
        "AWSAccessKeyId <redacted>",
    ] == [" ".join(map(text_of, line)) for line in parse(page).iterfind(".//table[@class='sent']//tr")]
    assert ["IpPermissions.1.FromPort 80x"] == [
        " ".join(map(text_of, line))
        for line in parse(page).iter("tr")
        if "here" in line.attrib.get("class", "")
    ]
    assert "The service answered 400 InvalidParameterValue." in texts(page, ".//td/details/p")


def marked(location: str, *sent: tuple[str, str]) -> list[str]:
    page = parse(report("html", verdict(violation(location=location), sent=sent)))
    return [
        " ".join(map(text_of, line)) for line in page.iter("tr") if "here" in line.attrib.get("class", "")
    ]


def test_finding_about_a_permission_marks_all_of_it() -> None:
    sent = (
        ("IpPermissions.1.FromPort", "1"),
        ("IpPermissions.10.FromPort", "2"),
        ("IpPermissions.1.ToPort", "3"),
    )

    assert ["IpPermissions.1.FromPort 1", "IpPermissions.1.ToPort 3"] == marked("IpPermissions.1", *sent)


def test_what_is_missing_is_said_to_be_not_sent() -> None:
    assert ["GroupId (not sent)"] == marked("GroupId", ("Action", "RevokeSecurityGroupIngress"))


def test_what_is_missing_of_a_permission_is_looked_for_there() -> None:
    sent = tuple((f"IpPermissions.{number}.FromPort", str(number)) for number in range(1, 201))
    page = report("html", verdict(violation(location="IpPermissions.99.ToPort"), sent=sent))
    names = texts(page, ".//table[@class='sent']//th")

    assert 41 == len(names)
    assert "IpPermissions.99.FromPort" in names
    assert "IpPermissions.99.ToPort" == names[-1]


def test_finding_about_the_whole_input_marks_nothing() -> None:
    assert [] == marked("", ("Action", "RevokeSecurityGroupIngress"))


@pytest.mark.parametrize(
    ("number", "place", "first", "left_out"),
    [
        (40, 39, 0, 0),
        (41, 0, 0, 1),
        (41, 11, 1, 1),
        (41, 40, 1, 1),
        (200, 120, 110, 160),
        (200, 170, 160, 160),
    ],
)
def test_long_request_is_shown_around_the_finding(number: int, place: int, first: int, left_out: int) -> None:
    sent = tuple((f"P{index}", "x" * 201) for index in range(number))
    page = report("html", verdict(violation(location=f"P{place}"), sent=sent))
    names = texts(page, ".//table[@class='sent']//th")

    assert [f"P{index}" for index in range(first, first + 40)] == names
    assert "x" * 197 + "..." == texts(page, ".//table[@class='sent']//td")[0]
    assert (f"{left_out} more parameters are not shown." in texts(page, ".//td/details/p")) == bool(left_out)


def test_what_happened_is_said_before_the_details_are_opened() -> None:
    page = report("html", verdict(violation(rule="E310"), accepted=True, status=200))

    assert "Silent: the service said true and changed nothing." in texts(page, ".//td/p")
    assert "The service answered 200." in texts(page, ".//td/details/p")


def test_rows_are_capped_errors_first_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MAX_ROWS", 3)
    monkeypatch.setattr(rows, "OF_EACH_RULE", 1)
    monkeypatch.setattr("ec2codec.reports.page.MAX_ROWS", 3)
    calls = [*[verdict(warning())] * 4, missed(), verdict(violation())]

    exact, over = report("html", *calls[3:]), report("html", *calls)

    assert ["E201", "missed", "W414"] == texts(over, ".//table[@id='findings']/tbody/tr/td/a")
    assert [] == texts(exact, ".//p[@class='sub']")
    assert [
        "The table has 3 of 6 findings, some of every rule and else errors first; "
        "all that is above counts all. The JSON Lines report has every one."
    ] == texts(over, ".//p[@class='sub']")


def test_no_rule_is_without_a_row_however_many_errors_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MAX_ROWS", 5)
    monkeypatch.setattr(rows, "OF_EACH_RULE", 2)
    calls = [*[verdict(violation())] * 9, *[verdict(violation(rule="E203"))] * 9, verdict(warning())]

    assert ["E201", "E201", "E203", "E203", "W414"] == texts(
        report("html", *calls), ".//table[@id='findings']/tbody/tr/td/a"
    )


def test_nothing_judged_is_not_shown_as_nothing_wrong() -> None:
    kinds = [
        [each.attrib["class"] for each in parse(report("html", *calls)).iter("dd")]
        for calls in ([], [verdict()])
    ]

    assert [["plain"] * 4, ["plain", "good", "good", "plain"]] == kinds


def test_calls_of_unknown_time_are_said_not_to_be_in_the_chart_of_times() -> None:
    calls = [verdict(time=TIME), verdict(time=TIME + timedelta(hours=1)), verdict(), verdict()]

    assert ["2 calls of unknown time are not in it."] == texts(report("html", *calls), ".//figure/p")
    assert [] == texts(report("html", *calls[:2]), ".//figure/p")


def test_places_have_their_time_to_the_second_with_its_zone() -> None:
    times = (
        datetime(2026, 11, 22, 17, 9, 27, 123, UTC),
        datetime.fromisoformat("2026-11-22T17:09:27+01:00"),
        None,
    )
    page = report("html", *[verdict(violation(), time=time) for time in times])

    assert [
        ["RevokeSecurityGroupIngress", "2026-11-22 17:09:27 UTC"],
        ["RevokeSecurityGroupIngress", "2026-11-22 17:09:27+01:00"],
        ["RevokeSecurityGroupIngress"],
    ] == [
        [text_of(small) for small in line[2].iterfind("small")]
        for line in parse(page).iterfind(".//table[@id='findings']/tbody/tr")
    ]


def test_lost_inputs_are_listed_and_pointed_at() -> None:
    notes = (Note("x.gz", "cut short after record 18"), Note("y.pcap", "no reader", "skipped"))
    page = report("html", verdict(), notes=notes)

    assert ["x.gz incomplete cut short after record 18"] == [
        " ".join(map(text_of, line))
        for line in parse(page).iterfind(".//section[@aria-labelledby='notes']//tr")
    ]
    assert ["Something could not be read: what it is stands at the end."] == texts(
        page, ".//div[@class='alert']/p"
    )


def test_what_is_left_out_is_said_above() -> None:
    page = report("html", verdict(), known=1, passed_over=1000, interrupted=True)

    assert [
        "The check was interrupted: this is what was done.",
        "In the baseline, and not shown: 1 finding.",
        "Outside the time that was asked for, and not judged: 1,000 calls.",
    ] == texts(page, ".//div[@class='alert']/p")


def test_page_with_secrets_says_so() -> None:
    page = report("html", verdict(), discretion=Discretion(show_secrets=True))

    assert [
        "This page was made with --show-secrets: it may hold access keys, signatures and tokens."
    ] == texts(page, ".//div[@class='alert']/p")


def test_rule_has_what_the_recorded_answers_say_of_it() -> None:
    answers = (Agreement.AGREES, Agreement.AGREES, Agreement.FALSE_ALARM, Agreement.UNKNOWN)
    page = report("html", *[verdict(violation(), agreements={"E201": answer}) for answer in answers])

    assert "Recorded answers: 2 bear it out, 1 speaks against it, 1 tells nothing." in texts(
        page, ".//div[@id='rule-E201']/p"
    )


def test_rule_whose_findings_a_baseline_knows_is_not_among_the_broken() -> None:
    findings = Counter({("error", "E201"): 0, ("warning", "W414"): 2})
    page = report("html", findings=findings)

    assert ["W414"] == texts(page, ".//div[@class='rules']/details/summary/span/span")
    assert "E201" not in page


def test_every_rule_that_was_broken_is_explained_once_the_most_frequent_first() -> None:
    severe = violation(rule="W414", name="version-assumed", severity="error")
    page = report("html", verdict(violation(), severe, warning()), missed())

    assert ["W414", "E201", "missed"] == texts(page, ".//div[@class='rules']/details/summary/span/span")
    assert ["2", "1", "1"] == texts(page, ".//div[@class='rules']/details/summary/span[@class='number']")


def test_report_on_captures_is_well_formed() -> None:
    # Those that no extra is needed for.
    result = run("check", *sorted(CAPTURES.glob("*.log")), CAPTURES / "mitmproxy.har", "--format", "html")

    assert 1 == result.exit_code
    assert "security-group calls break the rules of EC2" in texts(result.stdout, ".//h1")[0]


def test_missing_extra_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    result = run("check", CAPTURES, "--report", f"html={tmp_path / 'x.html'}")

    assert 2 == result.exit_code
    assert "pip install 'ec2codec[html]'" in result.stderr


def test_other_reports_do_not_load_the_extra(tmp_path: Path) -> None:
    (tmp_path / "x.log").write_text(REFUSED)
    code = (
        "import sys\nfrom ec2codec.cli import main\n"
        f"main(['check', {str(tmp_path)!r}, '--format', 'sarif'], standalone_mode=False)\n"
        "print('jinja2' in sys.modules, file=sys.stderr)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stderr

    assert "False" == said.splitlines()[-1]
