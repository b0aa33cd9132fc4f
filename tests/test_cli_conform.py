"""``ec2codec conform`` from its command line to its exit status."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commanding import heed_interrupts, run, said
from ec2codec import cli
from ec2codec.conform import Judgement, Outcome, Score
from ec2codec.conform.answer import Answer as Heard
from ec2codec.conform.answer import Said
from ec2codec.conform.case import Case, Passed
from ec2codec.conform.table import cut, write_table
from ec2codec.integrations.server import Answer
from ec2codec.reports.output import Output
from small_ec2 import PLAIN, SmallEc2, served
from test_conform_run import TRUE, Given, given, on

CREDULOUS = on(b"FromPort=90", TRUE)


def conformed(ec2: SmallEc2, *options: str) -> Any:
    with served(ec2) as url:
        return run("conform", url, *options)


def test_a_server_as_labelled_is_exit_0_and_a_table_without_holes() -> None:
    result = conformed(SmallEc2())

    assert 0 == result.exit_code, said(result)
    lines = result.stdout.splitlines()
    assert lines[0].split("  ")[0] == "Requests that break a rule"
    assert any(line.startswith("E305 port-range-reversed ") and line.split()[2] == "2" for line in lines)
    assert any(line.startswith("Valid requests ") for line in lines)
    assert "18 passed over: its label does not hold for this platform, profile and these limits" == lines[-1]
    first, last = result.stderr.splitlines()
    assert first.startswith("Makes and removes security groups at http://127.0.0.1:")
    assert last.endswith(" answered as labelled, 0 not, 1 refused for what is on the server")


def test_holes_are_exit_1_and_shown_with_the_request() -> None:
    result = conformed(SmallEc2(judge=CREDULOUS))

    assert 1 == result.exit_code
    shown = result.stdout.partition("did-nothing E305 port-range-reversed\n")[2].splitlines()
    assert (
        "  expected  InvalidParameterValue or InvalidPermission.Malformed at IpPermissions.1.FromPort"
        == shown[0]
    )
    assert "  answered  said true and did nothing" == shown[1]
    assert shown[2].startswith("  request   Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=sg-")


def test_no_examples_are_shown_where_none_are_wanted() -> None:
    result = conformed(SmallEc2(judge=CREDULOUS), "--examples", "0", "--quiet")

    assert "request   " not in result.stdout
    assert "" == result.stderr


def test_platform_and_profile_choose_the_law() -> None:
    vpc = conformed(SmallEc2(), "--platform", "vpc")
    observed = conformed(SmallEc2(), "--profile", "observed")

    assert "E405 vpc-target-by-name" in vpc.stdout
    assert "E302 protocol-not-on-classic" not in vpc.stdout
    assert "E310 source-required" not in observed.stdout


def test_json_lists_every_case_with_its_outcome() -> None:
    result = conformed(SmallEc2(judge=CREDULOUS), "--format", "json")

    document = json.loads(result.stdout)
    rows = {**document["rules"], **document["valid"]}
    counted = Counter(case["outcome"] for case in document["cases"])
    backwards = next(case for case in document["cases"] if case["rule"] == "E305")
    assert (True, None, "any", "documented", []) == tuple(
        document[name] for name in ("complete", "cut_short", "platform", "profile", "groups_left")
    )
    assert {"name": "port-range-reversed", "did-nothing": 2} == document["rules"]["E305"]
    assert counted == sum(
        (Counter({k: v for k, v in row.items() if k != "name"}) for row in rows.values()), Counter()
    )
    assert ("did-nothing", 200, None) == tuple(backwards[name] for name in ("outcome", "status", "code"))
    assert document["holes"] == counted["did-nothing"]
    assert {"its label does not hold for this platform, profile and these limits": 18} == document[
        "passed_over"
    ]


def test_profile_none_has_a_name_in_json() -> None:
    result = conformed(SmallEc2(), "--format", "json", "--profile", "none")

    assert "none" == json.loads(result.stdout)["profile"]


def test_an_endpoint_that_is_not_there_is_exit_3() -> None:
    with served(SmallEc2()) as url:
        pass

    result = run("conform", url)

    assert 3 == result.exit_code
    assert "Cut short: the endpoint cannot be reached" in result.stderr
    assert "NO REQUEST WAS ASKED" in result.stderr
    assert "NOT REMOVED" not in result.stderr
    assert "" == result.stdout


@pytest.mark.parametrize("options", [("--max-requests", "9"), ("--time-limit", "0.000001")])
def test_a_budget_that_ends_is_exit_3(options: tuple[str, str]) -> None:
    ec2 = SmallEc2()

    result = conformed(ec2, *options)

    assert 3 == result.exit_code
    assert (
        f"Cut short: after {'9 requests' if '9' in options else '1e-06 seconds'}: {options[0]}"
        in result.stderr
    )
    assert {} == ec2.groups


def test_groups_that_stay_are_exit_3_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SmallEc2, "DeleteSecurityGroup", lambda *_: Answer(500, PLAIN, b""))

    result = conformed(SmallEc2(), "--quiet")

    assert 3 == result.exit_code
    assert "NOT REMOVED, and maybe still there: security groups ec2codec-conform-" in result.stderr


def test_groups_that_are_given_are_said_to_be_emptied() -> None:
    ec2: Given = given()

    result = conformed(ec2, "--group-id", "sg-0000000a", "--group-id", "sg-0000000b")

    assert 0 == result.exit_code, said(result)
    assert result.stderr.startswith("Empties sg-0000000a, sg-0000000b at http://127.0.0.1:")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("http://192.0.2.1",), "is not on this machine: that needs --allow-remote"),
        (("https://localhost",), "expected http://HOST"),
        (("http://127.0.0.1", "--access-key", "a\nb"), "expected 1 to 128 letters"),
        (("http://127.0.0.1", "--region", ""), "expected 1 to 128 letters"),
        (("http://127.0.0.1", "--timeout", "0"), "--timeout"),
        ((), "Missing argument 'ENDPOINT'"),
    ],
)
def test_what_cannot_be_meant_is_usage(arguments: tuple[str, ...], told: str) -> None:
    result = run("conform", *arguments)

    assert 2 == result.exit_code
    assert told in result.stderr


def test_another_machine_is_asked_where_that_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []

    def refuse(_client: object, address: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr("ec2codec.conform.client.Client._try", refuse)

    result = run("conform", "http://192.0.2.1:4566", "--allow-remote")

    assert 3 == result.exit_code
    assert [("192.0.2.1", 4566)] == [address[1] for address in tried]  # type: ignore[index]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    # The package has the command under the name of its module.
    shown = sys.modules["ec2codec.cli.conform"]._shown_progress

    for wanted, name in ((True, "xterm"), (False, "xterm"), (True, "dumb")):
        monkeypatch.setenv("TERM", name)
        before = len(terminal.getvalue())
        with shown(wanted=wanted) as advance:
            advance()
        assert (wanted and name == "xterm") is (len(terminal.getvalue()) > before)


def judged(query: str, outcome: Outcome, saying: str = "true") -> Judgement:
    case = Case(query=query, rule="E305", location="IpPermissions.1.FromPort", codes=frozenset({"X"}))
    return Judgement(case=case, outcome=outcome, said=saying, answer=Heard(said=Said.TRUE))


def written(score: Score, *, coloured: bool = False) -> str:
    stream = io.BytesIO()
    write_table(score, Output(stream, coloured=coloured))
    return stream.getvalue().decode()


def test_what_is_not_as_it_should_be_is_coloured() -> None:
    score = Score()
    for outcome in (Outcome.RIGHT, Outcome.OTHER, Outcome.ACCEPTED):
        score.add(judged("Action=X", outcome))

    painted = written(score, coloured=True)

    assert "\x1b[1;33m         1\x1b[0m" in painted
    assert "\x1b[1;31m       1\x1b[0m" in painted
    assert "\x1b" not in written(score)


def test_secrets_and_terminal_escapes_are_never_shown() -> None:
    score = Score()
    score.add(judged("A=AKIAIOSFODNN7EXAMPLE&B=\x1b[2J&Signature=abcdef", Outcome.ACCEPTED, "said \x1b[2J"))

    text = written(score)

    assert "\x1b" not in text
    assert "AKIA" not in text
    assert "abcdef" not in text


def test_a_long_request_is_cut_and_says_so() -> None:
    assert ("abc", "ab... (1 more)") == (cut("abc", 3), cut("abc", 2))


def test_an_empty_score_is_an_empty_table() -> None:
    score = Score()
    score.passed_over[Passed.FORM] += 2

    assert written(score).startswith("2 passed over: no form")


def interrupted(ec2: SmallEc2, moment: Callable[[], bool], number: int) -> subprocess.CompletedProcess[str]:
    """The command, sent a signal when it is under way."""
    with served(ec2) as url:
        process = subprocess.Popen(
            [sys.executable, "-m", "ec2codec", "conform", url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=heed_interrupts,
            env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[2])},
        )
        deadline = time.monotonic() + 60
        while not moment() and time.monotonic() < deadline:
            time.sleep(0.005)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess([], process.returncode, out, err)


def test_ctrl_c_shows_what_was_done_tidies_up_and_is_exit_130() -> None:
    ec2 = SmallEc2()

    result = interrupted(ec2, lambda: len(ec2.forms) > 40, signal.SIGINT)

    assert 130 == result.returncode
    assert "Interrupted: this is what was done." in result.stderr
    assert "E101 unknown-parameter" in result.stdout
    assert {} == ec2.groups
