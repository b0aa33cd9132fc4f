from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import ec2codec
from commanding import SECRETS, run
from ec2codec import RULES

if TYPE_CHECKING:
    pass


def test_rule_is_explained_by_id_and_by_name() -> None:
    text = run("explain", "E303").stdout

    assert text == run("explain", "ports-required").stdout == run("explain", "e303").stdout
    for title in ("What", "Why", "Code", "Example", "Use instead", "Source"):
        assert f"\n\n{title}\n  " in text


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_can_be_explained(rule: str) -> None:
    result = run("explain", rule)

    assert 0 == result.exit_code
    assert result.stdout.startswith(f"{rule} {RULES[rule].name} (")
    assert not SECRETS.search(result.stdout.replace("Signature=", ""))


@pytest.mark.parametrize(
    ("text", "hint"),
    [("ports-requird", "ports-required"), ("E3O3", "E303"), ("colour", "`ec2codec rules`")],
)
def test_unknown_rule_gives_a_hint(text: str, hint: str) -> None:
    result = run("explain", text)

    assert 2 == result.exit_code
    assert hint in result.stderr


def test_rules_are_listed() -> None:
    lines = run("rules").stdout.splitlines()

    assert set(RULES) == {line.split()[0] for line in lines}
    assert "W105" == lines[4].split()[0]


def test_version_is_told() -> None:
    assert f"ec2codec, version {ec2codec.__version__}\n" == run("--version").stdout
