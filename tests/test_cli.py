from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from capturing import CAPTURES
from commanding import HEALTHY, REFUSED, WARNED, run, said
from ec2codec.captures import Note
from ec2codec.tally import Tally
from ec2codec.verdict import verdict_on

if TYPE_CHECKING:
    from click.testing import Result


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "x.log"


def summary(result: Result) -> str:
    [line] = [line for line in result.stderr.splitlines() if re.match(r"\d+ security-group calls", line)]
    return line


def test_captures_are_checked() -> None:
    names = ("apache-combined.log", "handmade-cloudtrail.json", "mitmproxy.har", "nginx-*.log")
    result = run("check", *(CAPTURES / name for name in names))

    assert 1 == result.exit_code
    assert "41 security-group calls: 38 complete, 2 body-not-captured, 1 omitted" == summary(result)
    assert "6 inputs read" == result.stderr.splitlines()[-1]
    assert "nginx-json.log:7: IpPermissions.1.IpRanges.1.CidrIp: " in result.stdout


@pytest.mark.parametrize(
    ("query", "options", "status"),
    [
        (HEALTHY, [], 0),
        (WARNED, [], 0),
        (REFUSED, [], 1),
        (WARNED, ["--fail-on", "warning"], 1),
        (HEALTHY, ["--fail-on", "warning"], 0),
        (REFUSED, ["--fail-on", "never"], 0),
        (REFUSED, ["--ignore", "E201"], 0),
        (REFUSED, ["--ignore", "w414, malformed-integer"], 0),
        (REFUSED, ["--ignore", "W414", "--ignore", "E201"], 0),
        (REFUSED, ["--action", "RevokeSecurityGroupEgress"], 0),
        (REFUSED, ["--action", "RevokeSecurityGroupIngress"], 1),
        (REFUSED, ["--input-format", "lines"], 1),
        (REFUSED, ["--input-format", "har"], 3),
        (HEALTHY.replace("GroupId=sg-1a2b3c4d", "GroupName=a"), ["--platform", "vpc"], 1),
        (HEALTHY + "&GroupName=a", ["--profile", "observed"], 0),
        (HEALTHY + "&GroupName=a", [], 1),
        (HEALTHY + "&GroupName=a", ["--profile", "none"], 0),
    ],
)
def test_exit_status(query: str, options: list[str], status: int, log: Path) -> None:
    log.write_text(query)

    assert status == run("check", log, *options).exit_code


@pytest.mark.parametrize(
    "options",
    [
        ["--ignore", "E999"],
        ["--format", "pdf"],
        ["--since", "yesterday"],
        ["--until", "2026-02-30"],
        ["--since", "2026-01-02", "--until", "2026-01-01"],
        ["--show-secrets", "--anonymize"],
        ["--action", "DescribeSecurityGroups"],
        ["--report", "jsonl"],
        ["--report", "pdf=x"],
        ["--report", "jsonl="],
        ["--report", "jsonl=/nowhere/x"],
        ["--profile", "strict"],
    ],
)
def test_what_is_not_understood_is_usage(options: list[str], log: Path) -> None:
    log.write_text(REFUSED)

    assert 2 == run("check", log, *options).exit_code


def test_no_call_at_all_is_said_loudly(log: Path) -> None:
    log.write_text("nothing here\n")
    result = run("check", log)

    assert 0 == result.exit_code
    assert "NO SECURITY-GROUP CALL WAS FOUND" in result.stderr
    assert "0 security-group calls" == summary(result)


def test_missing_input_wins_and_the_others_are_checked(log: Path) -> None:
    log.write_text(REFUSED)
    result = run("check", log.with_name("missing"), log, "--format", "concise")

    assert 3 == result.exit_code
    assert "missing: unreadable: No such file or directory" in result.stderr
    assert f"{log}:1: IpPermissions.1.ToPort: E201 " in result.stdout
    assert "1 security-group calls: 1 complete" == summary(result)
    assert "1 input read, 1 unreadable" == result.stderr.splitlines()[-1]


def test_input_cut_short_is_reported_as_far_as_it_was_read(log: Path) -> None:
    log.write_bytes(gzip.compress(((REFUSED + "\n") * 100).encode())[:-9])
    result = run("check", log, "--format", "concise")

    assert 3 == result.exit_code
    assert 99 <= len(result.stdout.splitlines()) <= 100
    assert f"{log}: incomplete: the compressed data ends early, after " in result.stderr


def test_many_notes_of_one_input_are_counted(log: Path) -> None:
    log.write_text('{"SecurityGroup\n' * 12)
    result = run("check", log)

    assert 3 == result.exit_code
    assert f"{log}:5: incomplete: " in result.stderr
    assert f"{log}:6: " not in result.stderr
    assert "and 7 more such notes" in result.stderr


def test_standard_input_is_read() -> None:
    for arguments in (["check", "-"], ["check"]):
        result = run(*arguments, "--format", "concise", stdin=REFUSED)

        assert 1 == result.exit_code
        assert result.stdout.startswith("-:1: IpPermissions.1.ToPort: E201 ")


def test_terminal_is_not_read_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click.testing._NamedTextIOWrapper, "isatty", lambda _self: True, raising=False)

    assert 2 == run("check").exit_code


def test_standard_output_has_the_report_alone(log: Path) -> None:
    log.write_text(REFUSED)
    result = run("check", log, "--format", "jsonl")

    assert "E201" == json.loads(result.stdout)["rule"]


def test_reports_are_written_to_files_as_well(log: Path, tmp_path: Path) -> None:
    log.write_text(REFUSED)
    result = run("check", log, "--report", f"jsonl={tmp_path / 'x'}", "--report", f"concise={tmp_path / 'y'}")

    assert result.stdout.startswith("E201 malformed-integer (error, 1 place)\n")
    assert "E201" == json.loads((tmp_path / "x").read_text())["rule"]
    assert "E201" in (tmp_path / "y").read_text()


def test_quiet_leaves_losses_to_be_said(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(HEALTHY)
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04")

    assert "" == run("check", tmp_path, "--quiet").stderr
    assert "unreadable" in run("check", tmp_path, tmp_path / "c", "--quiet").stderr


def test_file_names_are_shown_printable(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\x1b[2J\xff\nx.log"
    with open(name, "w") as file:
        file.write(REFUSED)
    with open(name + b".gz", "wb") as compressed:
        compressed.write(b"\x1f\x8b")
    result = run("check", tmp_path, "--format", "concise")

    assert said(result).replace("\n", "").isprintable()
    assert "\\x1b[2J\\udcff\\nx.log:1: " in result.stdout


def test_colours_are_shown_on_a_terminal(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log.write_text(REFUSED)
    monkeypatch.setattr(click.testing._NamedTextIOWrapper, "isatty", lambda _self: True, raising=False)

    assert "\x1b[1;31mE201\x1b[0m" in run("check", log).stdout


def test_interrupt_gives_what_was_done(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log.write_text(f"{REFUSED}\n{REFUSED}\n")

    def interrupted(*arguments: object, **options: object) -> object:
        monkeypatch.setattr("ec2codec.kernel.verdict_on", stop)
        return verdict_on(*arguments, **options)  # type: ignore[arg-type]

    def stop(*_arguments: object, **_options: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("ec2codec.kernel.verdict_on", interrupted)
    result = run("check", log)

    assert 130 == result.exit_code
    assert "Interrupted" in result.stderr
    assert "1 security-group calls: 1 complete" == summary(result)
    assert "E201" in result.stdout


def test_worst_note_counts() -> None:
    tally = Tally()
    with tally.input() as note:
        note(Note("x", "a", "skipped"))
        note(Note("x", "b"))

    assert tally.lost_something
    assert {"incomplete": 1} == tally.inputs
