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
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from commanding import heed_interrupts, run, said
from ec2codec import cli
from ec2codec import corpus as corpora
from ec2codec.case_lines import line
from ec2codec.cli.progress import asking
from ec2codec.conform import Judgement, Outcome, Score
from ec2codec.conform.answer import Answer as Heard
from ec2codec.conform.answer import Said
from ec2codec.conform.case import Case, Passed
from ec2codec.conform.service import Service
from ec2codec.conform.table import cut, write_table
from ec2codec.integrations.server import Answer
from ec2codec.labelled import Labelled
from ec2codec.reports.output import Output
from small_ec2 import PLAIN, SmallEc2, served
from test_conform_judge import ALL, BASE, REVERSED, error, labelled
from test_conform_run import TRUE, Given, given, on

CREDULOUS = on(b"FromPort=90", TRUE)


FEW = "".join(
    f"{line(one)}\n"
    for one in (
        labelled(REVERSED, "E305", "IpPermissions.1.FromPort"),
        labelled(REVERSED.replace("Revoke", "Authorize"), "E305", "IpPermissions.1.FromPort"),
        labelled(ALL),
    )
)


def conformed(ec2: SmallEc2, *options: str, corpus: str = FEW) -> Any:
    with served(ec2) as url:
        return run("conform", url, "--corpus", "-", *options, stdin=corpus)


def conformed_by_examples(ec2: SmallEc2, *options: str) -> Any:
    with served(ec2) as url:
        return run("conform", url, *options)


def test_a_server_as_labelled_is_exit_0_and_a_table_without_holes() -> None:
    result = conformed_by_examples(SmallEc2())

    assert 0 == result.exit_code, said(result)
    lines = result.stdout.splitlines()
    assert lines[0].split("  ")[0] == "Requests that break a rule"
    assert any(line.startswith("E305 port-range-reversed ") and line.split()[2] == "2" for line in lines)
    assert any(line.startswith("Valid requests ") for line in lines)
    assert "12 passed over: its label does not hold for this platform, profile and these limits" == lines[-1]
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
    vpc = conformed_by_examples(SmallEc2(), "--platform", "vpc")
    observed = conformed_by_examples(SmallEc2(), "--profile", "observed")

    assert "E405 vpc-target-by-name" in vpc.stdout
    assert "E302 protocol-not-on-classic" not in vpc.stdout
    assert "E310 source-required" not in observed.stdout


def test_json_lists_every_case_with_its_outcome() -> None:
    result = conformed_by_examples(SmallEc2(judge=CREDULOUS), "--format", "json")

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
    assert {"its label does not hold for this platform, profile and these limits": 12} == document[
        "passed_over"
    ]


def test_a_corpus_comes_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "corpus.jsonl"
    file.write_text(FEW + "\n" + line(labelled(BASE)), encoding="utf-8")

    with served(SmallEc2()) as url:
        result = run("conform", url, "--corpus", file)

    assert 0 == result.exit_code, said(result)
    assert (
        "3 requests asked: 3 answered as labelled, 0 not, 0 refused for what is on the server"
        in result.stderr
    )
    assert "1 passed over: its label does not hold" in result.stdout


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("none.jsonl", None, "cannot be read: No such file or directory"),
        ("bad.jsonl", "{}\n", "line 1: expected an object with exactly query"),
        ("late.jsonl", FEW + "nonsense\n", "line 4: not JSON at column 1"),
    ],
)
def test_a_corpus_that_is_none_is_usage_and_nothing_is_sent(
    tmp_path: Path, name: str, text: str | None, told: str
) -> None:
    ec2 = SmallEc2()
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")

    with served(ec2) as url:
        result = run("conform", url, "--corpus", tmp_path / name)

    assert 2 == result.exit_code
    assert told in result.stderr
    assert [] == ec2.forms


def test_a_corpus_is_drawn_by_seed() -> None:
    pytest.importorskip("hypothesis", reason="hypothesis is absent")

    with served(SmallEc2()) as url:
        runs = [
            run("conform", url, "--corpus", "E305:3,valid:5", "--seed", seed, "--format", "json")
            for seed in "778"
        ]

    same, again, other = [[case["outcome"] for case in json.loads(one.stdout)["cases"]] for one in runs]
    assert [8, 8, 8] == [len(same), len(again), len(other)]
    assert same == again
    assert ["right-code"] * 3 == same[:3]
    assert {"right-code", "done", "state"} >= {*same, *other}


def test_so_many_are_drawn_of_each_rule_and_each_action(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[object, ...]] = []

    def invalid(n: int, seed: int, rule: str, **choices: object) -> Iterator[Labelled]:
        if rule == "E315":
            raise corpora.NoCases
        drawn.append((n, seed, rule, *choices.values()))
        return iter([labelled(REVERSED, "E305", "IpPermissions.1.FromPort")] if rule == "E305" else [])

    def valid(n: int, seed: int, **choices: object) -> Iterator[Labelled]:
        drawn.append((n, seed, *choices.values()))
        return iter([labelled(ALL)])

    monkeypatch.setattr(corpora, "invalid", invalid)
    monkeypatch.setattr(corpora, "valid", valid)

    with served(SmallEc2()) as url:
        result = run("conform", url, "-n", "3", "--seed", "5", "--profile", "none")

    assert 0 == result.exit_code, said(result)
    assert {3} == {one[0] for one in drawn}
    assert (3, 5, "E101", "any", None) in drawn
    assert (3, 5, "RevokeSecurityGroupIngress", "any", None) in drawn
    assert len(drawn) > 40


def test_without_hypothesis_nothing_is_drawn_and_it_is_said_how_it_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    for module in [name for name in sys.modules if name.startswith("ec2codec.strategies")]:
        monkeypatch.delitem(sys.modules, module)

    result = run("conform", "http://127.0.0.1", "-n", "1")

    assert 2 == result.exit_code
    assert "pip install 'ec2codec[fuzz]'" in result.stderr


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_how_far_it_is_is_shown_on_a_terminal_where_that_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    drawn = []

    for wanted in (False, True):
        with asking(wanted=wanted) as advance:
            advance(1)
        drawn.append(terminal.getvalue() != "")

    assert [False, True] == drawn


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
        *(
            (("http://127.0.0.1", "--timeout", seconds), "--timeout")
            for seconds in ("0", "86401", "inf", "nan")
        ),
        (("http://127.0.0.1", "--time-limit", "nan"), "--time-limit"),
        (("http://127.0.0.1", "-n", "99999999999999999999"), "-n"),
        (("http://127.0.0.1", "-n", "1", "--corpus", "-"), "give either --corpus or -n"),
        (("http://127.0.0.1", "--corpus", "valid:1,E999:1"), "there is no rule 'E999'"),
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


@pytest.mark.parametrize("format_", ["text", "json"])
def test_secrets_under_escaped_names_are_not_shown_either(format_: str) -> None:
    hidden = labelled(f"{REVERSED}&Signatur%65=abcdef", "E305", "IpPermissions.1.FromPort")
    quoting = Answer(400, PLAIN, error("InvalidRequest", f"got {hidden.query.replace('&', '&amp;')}"))

    result = conformed(SmallEc2(judge=on(b"FromPort=90", quoting)), "--format", format_, corpus=line(hidden))

    assert "Signatur%65=<redacted>" in result.stdout
    assert "abcdef" not in said(result)


def test_a_label_with_another_code_does_not_hold() -> None:
    wrong = replace(labelled(REVERSED, "E305", "IpPermissions.1.FromPort"), code="Wrong")

    result = conformed(SmallEc2(), corpus=line(wrong))

    assert f"1 passed over: {Passed.LABEL}" in result.stdout


def test_a_long_request_is_cut_and_says_so() -> None:
    assert ("abc", "ab... (1 more)") == (cut("abc", 3), cut("abc", 2))


def test_an_empty_score_is_an_empty_table() -> None:
    score = Score()
    score.passed_over[Passed.FORM] += 2

    assert written(score).startswith("2 passed over: not to be written in UTF-8")


def test_an_interrupted_run_shows_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = Service.ask

    def interrupt(service: Service, form: bytes) -> Heard:
        if b"IpProtocol=-1" in form:
            raise KeyboardInterrupt
        return ask(service, form)

    monkeypatch.setattr(Service, "ask", interrupt)
    ec2 = SmallEc2()

    result = conformed(ec2)

    assert 130 == result.exit_code
    assert "Interrupted: this is what was done." in result.stderr
    assert "2 requests asked: 2 answered as labelled" in result.stderr
    assert {} == ec2.groups


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
