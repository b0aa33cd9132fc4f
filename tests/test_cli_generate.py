from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from commanding import run
from ec2codec import Codec, corpus, dictionary, strategies
from ec2codec.cli import main, progress, storage
from ec2codec.cli.progress import Progress
from ec2codec.strategies import drawing

ROOT = Path(__file__).resolve().parent.parent


def lines(*arguments: str | Path) -> list[dict[str, Any]]:
    result = run("generate", *arguments)

    assert 0 == result.exit_code, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_lines_are_those_of_the_corpus() -> None:
    cases = corpus.mixed(6, 7, platform="vpc")

    result = run("generate", "-n", "6", "--seed", "7", "--platform", "vpc")

    assert "".join(f"{corpus.line(case)}\n" for case in cases) == result.stdout
    assert "" == result.stderr


def test_seed_that_is_made_is_told_and_gives_the_same_again() -> None:
    first = run("generate", "-n", "2", "--valid")
    seed = first.stderr.removeprefix("Seed: ").strip()

    assert first.stdout == run("generate", "-n", "2", "--valid", "--seed", seed).stdout
    assert first.stdout != run("generate", "-n", "2", "--valid", "--seed", f"{int(seed) + 1}").stdout


@pytest.mark.parametrize(
    ("arguments", "labels"),
    [
        (["--valid"], ["valid"] * 4),
        (["--invalid", "E303"], ["E303"] * 4),
        (["--invalid", "ports-required", "--invalid", "e305"], ["E303", "E305"] * 2),
        (["--valid", "--invalid", "E303"], ["valid", "E303"] * 2),
        (["--invalid", "all"], ["E101", "E102", "E103", "E104"]),
        (["--invalid", "all", "--invalid", "E303"], ["E101", "E102", "E103", "E104"]),
        ([], ["valid", "E101", "valid", "E102"]),
        (["--valid", "--invalid", "all"], ["valid", "E101", "valid", "E102"]),
    ],
)
def test_what_is_asked_for_comes_in_turn(arguments: list[str], labels: list[str]) -> None:
    made = lines("-n", "4", "--seed", "1", *arguments)

    assert labels == [case["rule"] or case["label"] for case in made]


def test_a_hundred_requests_are_made_unless_told_otherwise() -> None:
    assert 100 == len(lines("--seed", "1", "--invalid", "E303"))


def test_choices_hold() -> None:
    made = lines(
        *("--valid", "-n", "5", "--seed", "1", "--action", "AuthorizeSecurityGroupIngress"),
        *("--version", "2016-11-15", "--profile", "observed", "--platform", "classic"),
    )
    requests = [Codec(platform="classic", profile="observed").decode(case["query"]) for case in made]

    assert [("AuthorizeSecurityGroupIngress", "2016-11-15")] * 5 == [
        (request.action, request.version) for request in requests
    ]
    assert [{"platform": "classic", "profile": "observed"}] * 5 == [case["options"] for case in made]


def test_profile_may_be_none() -> None:
    assert [{"profile": None}] == [
        case["options"] for case in lines("--valid", "-n", "1", "--seed", "1", "--profile", "none")
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--invalid", "ports-requird"], "did you mean ports-required"),
        (["--invalid", "E3O3"], "or E303"),
        (["--invalid", "colour"], "`ec2codec rules` lists all"),
        (["-n", "0"], "0 is not in the range 1<=x<=1000000000"),
        (["--action", "RevokeSecurityGroup"], "'RevokeSecurityGroup' is not one of"),
        (["--version", "2017-01-01"], "2017-01-01"),
        (["--action", "RevokeSecurityGroupEgress", "--platform", "classic"], "RevokeSecurityGroupEgress"),
        (["--seed", "x"], "'x' is not a valid integer"),
    ],
)
def test_what_cannot_be_asked_is_told(arguments: list[str], message: str) -> None:
    result = run("generate", "--seed", "1", *arguments)

    assert 2 == result.exit_code
    assert message in result.stderr
    assert "" == result.stdout


def test_without_hypothesis_the_command_that_brings_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, drawing.__name__)
    monkeypatch.delattr(strategies, "drawing")
    monkeypatch.setitem(sys.modules, "hypothesis", None)

    result = run("generate", "--seed", "1")

    assert 2 == result.exit_code
    assert "pip install 'ec2codec[fuzz]'" in result.stderr


def test_fewer_than_were_asked_for_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    (only,) = corpus.valid(1, 1)
    monkeypatch.setattr(corpus, "valid", lambda _n, _seed: iter([only]))

    result = run("generate", "--seed", "1", "--valid", "-n", "3")

    assert f"{corpus.line(only)}\n" == result.stdout
    assert "Only 1 of 3: nothing new came for long.\n" == result.stderr
    assert 0 == result.exit_code


# Files for fuzzers


def test_folder_gets_a_file_each_named_by_its_sha1(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "here"
    texts = [case["query"].encode() for case in lines("-n", "6", "--seed", "1")]

    result = run("generate", "-n", "6", "--seed", "1", "--corpus", folder)

    assert (0, "", "") == (result.exit_code, result.stdout, result.stderr)
    assert sorted(texts) == sorted(file.read_bytes() for file in folder.iterdir())
    assert all(file.name == hashlib.sha1(file.read_bytes()).hexdigest() for file in folder.iterdir())


def test_folder_keeps_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")

    run("generate", "-n", "2", "--seed", "1", "--valid", "--corpus", tmp_path)
    run("generate", "-n", "2", "--seed", "1", "--valid", "--corpus", tmp_path)

    assert 3 == len(list(tmp_path.iterdir()))
    assert "mine" == (tmp_path / "mine").read_text()


def test_dictionary_is_written_beside_the_lines(tmp_path: Path) -> None:
    made = lines("-n", "1", "--seed", "1", "--dictionary", tmp_path / "ec2.dict")

    assert 1 == len(made)
    assert dictionary.text() == (tmp_path / "ec2.dict").read_text("ascii")


@pytest.mark.parametrize("option", ["--corpus", "--dictionary"])
def test_file_that_cannot_be_written_is_told(option: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    result = run("generate", "-n", "1", "--seed", "1", option, tmp_path / "file" / "x")

    assert 2 == result.exit_code
    assert f"Invalid value for {option}: '{tmp_path}/file/x' cannot be" in result.stderr.replace("\n", " ")


# Progress


def test_line_shows_requests_and_their_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, clock = io.StringIO(), iter([0.0, 2.0])
    monkeypatch.setenv("COLUMNS", "100")

    Progress(terminal, 1000, lambda: next(clock), verb="Generating", amount=progress._requests).advance(250)

    assert (
        "Generating [######------------------]  25%  250 requests, 125 requests/s, 0:06 left"
        == terminal.getvalue().removeprefix("\r\x1b[2K")
    )


@pytest.mark.parametrize(
    ("output", "folder", "shown"),
    [("file", False, True), ("terminal", False, False), ("file", True, True), ("terminal", True, True)],
)
def test_progress_is_shown_where_the_requests_go_elsewhere(
    output: str, folder: bool, shown: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "PAUSE", -1)
    monkeypatch.setenv("COLUMNS", "100")
    stream = click.testing._NamedTextIOWrapper
    monkeypatch.setattr(
        stream, "isatty", lambda self: output == "terminal" or self.name == "<stderr>", raising=False
    )

    options: list[str | Path] = ["--corpus", tmp_path / "corpus"] if folder else []
    result = run("generate", "-n", "2", "--seed", "1", "--valid", *options)

    assert shown == ("Generating [" in result.stderr)
    assert 2 == len(list((tmp_path / "corpus").iterdir()) if folder else result.stdout.splitlines())


# What is left behind


def test_nothing_is_left_in_the_current_folder_or_that_of_temporary_files(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    current = tmp_path / "current"
    current.mkdir()

    subprocess.run(
        [sys.executable, "-m", "ec2codec", "generate", "-n", "1", "--seed", "1"],
        check=True,
        cwd=current,
        env={**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)},
        timeout=120,
    )

    assert [] == [*temporary.iterdir(), *current.iterdir()]


def test_tables_of_hypothesis_are_kept_where_the_user_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(storage.VARIABLE, "mine")
    with storage.passing_storage():
        assert "mine" == os.environ[storage.VARIABLE]
    monkeypatch.delenv(storage.VARIABLE)
    with storage.passing_storage():
        folder = Path(os.environ[storage.VARIABLE])
        assert folder.is_dir()

    assert not folder.exists()
    assert storage.VARIABLE not in os.environ


def test_closed_output_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # As Python has it after `>&-`.
    monkeypatch.setattr(sys, "stdout", None)

    status = main.main(["generate", "-n", "1", "--seed", "1"], standalone_mode=False)

    assert 3 == status
    told = "Error: the output cannot be written: standard output is closed\n"
    assert ("", told) == capfd.readouterr()


@pytest.mark.parametrize("number", ["0", "1000000001", "99999999999999999999"])
def test_number_that_nobody_waits_for_is_refused(number: str) -> None:
    assert 2 == run("generate", "-n", number, "--seed", "1").exit_code
