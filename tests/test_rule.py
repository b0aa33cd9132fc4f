"""What a rule is, and how its docstring reads."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ec2codec import rules
from ec2codec.policy import Policy
from ec2codec.rule import BASE, RULES, SUBJECTS, Example, Found, Subject, read_docstring, rule, rules_of


def test_docstring_is_prose_and_then_examples() -> None:
    prose, examples = read_docstring("""A law.

    A reason.

    Okay: &A=1
    E303 B.1: B.1=
        &C=2
    W207 - (platform=vpc, profile=observed): <x/>
    """)

    assert "A law.\n\nA reason." == prose
    assert (
        Example(f"{BASE}&A=1", None, "", {}),
        Example("B.1=&C=2", "E303", "B.1", {}),
        Example("<x/>", "W207", "", {"platform": "vpc", "profile": "observed"}),
    ) == examples


def test_ids_are_never_reused() -> None:
    def again(text: str, policy: Policy) -> Iterator[Found]:
        yield Found("", "")

    with pytest.raises(TypeError, match="E303"):
        rule("E303", "again", source="")(again)


def test_first_parameter_names_what_a_rule_sees() -> None:
    def stranger(thing: str, policy: Policy) -> Iterator[Found]:
        yield Found("", "")

    with pytest.raises(TypeError, match="thing"):
        rule("E999", "stranger", source="")(stranger)
    assert "E999" not in RULES


def test_rules_of_a_subject_are_by_number() -> None:
    ids = [rule.id[1:] for rule in rules_of("permission")]

    assert ids == sorted(ids)
    assert all(rule.codes.vpc for rule in RULES.values() if rule.severity == "error" and rule.id < "E5")


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_rule_is_asked_after_those_that_silence_it(subject: Subject) -> None:
    ids = [rule.id for rule in rules_of(subject)]

    for judging in rules_of(subject):
        assert set(ids[: ids.index(judging.id)]) >= judging.unless.intersection(ids)


def test_the_package_of_rules_names_every_module_that_has_some() -> None:
    files = Path(rules.__file__).parent.glob("*.py")

    assert sorted({path.stem for path in files} - {"__init__", "subjects"}) == sorted(rules.__all__)


def test_rules_are_registered_by_number() -> None:
    numbers = [rule_id[1:] for rule_id in RULES]

    assert sorted(numbers) == numbers
