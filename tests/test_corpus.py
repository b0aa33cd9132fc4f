from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2codec import RULES, Codec, check, corpus, strategies
from ec2codec.labelled import Labelled
from ec2codec.strategies import drawing, requests

REQUEST_RULES = [
    rule.id for rule in RULES.values() if rule.severity == "error" and rule.subject != "document"
]
# Every program has limits of its own.
BINDING = [rule for rule in REQUEST_RULES if rule != "E108"]
CASE = Labelled("Action=\u00e9", "E401", "InvalidAction", "Action", {"platform": "vpc"})
LINE = (
    '{"query": "Action=\\u00e9", "label": "invalid", "rule": "E401", "code": "InvalidAction", '
    '"location": "Action", "options": {"platform": "vpc"}}'
)


def said(case: Labelled) -> list[tuple[str, str | None, str]]:
    """What ec2codec refuses in a case."""
    errors = (violation for violation in case.violations() if violation.severity == "error")
    return [(violation.rule, violation.code, violation.location) for violation in errors]


def labelled(case: Labelled) -> list[tuple[str, str | None, str]]:
    return [] if case.rule is None else [(case.rule, case.code, case.location)]


# Drawing


def test_same_seed_gives_the_same_examples() -> None:
    drawn = corpus.draw(requests(), 20, 7)

    assert drawn == corpus.draw(requests(), 20, 7)
    assert drawn != corpus.draw(requests(), 20, 8)
    assert drawn[:5] == corpus.draw(requests(), 5, 7)


PROGRAM = """
import sys
from hypothesis import Verbosity, settings
if "elsewhere" in sys.argv:
    sys.path.insert(0, sys.argv[1])
    import ours
    settings.register_profile("loud", derandomize=True, verbosity=Verbosity.debug, max_examples=3)
    settings.load_profile("loud")
from ec2codec import Codec, corpus
from ec2codec.strategies import requests
print(*corpus.draw(requests().map(Codec().encode), 20, 7), sep="\\n")
"""


def test_neither_other_modules_nor_profiles_nor_hash_seeds_change_what_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "ours.py").write_text("NUMBERS = [4711, 815, 99999]\nTEXTS = ['hello', 'sg-00000000']\n")

    outputs = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM, str(tmp_path), *words],
            check=True,
            capture_output=True,
            text=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed, words in (("1", []), ("2", ["elsewhere"]))
    ]

    assert outputs[0] == outputs[1]
    assert 20 == len(set(outputs[0].splitlines()))


def test_no_example_comes_twice_and_all_come_where_there_are_few() -> None:
    assert list(range(200)) == sorted(corpus.draw(st.integers(0, 199), 200, 1))


def test_drawing_ends_where_there_are_fewer_than_were_asked_for() -> None:
    assert [0, 1, 2] == sorted(corpus.draw(st.integers(0, 2), 1000, 1))
    assert [] == corpus.draw(st.integers().filter(lambda _number: False), 1, 1)


def test_what_a_strategy_rejects_is_no_example() -> None:
    drawn = corpus.draw(st.integers(0, 99).filter(lambda number: number % 10 == 0), 10, 1)

    assert list(range(0, 100, 10)) == sorted(drawn)


def test_cases_with_one_text_are_one() -> None:
    cases = st.sampled_from([Labelled("A", "E401", None, "", {}), Labelled("A", "E402", None, "", {})])

    assert 1 == len(corpus.draw(cases, 2, 1))


def test_error_in_a_strategy_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        corpus.draw(st.just(0).map(lambda number: 1 // number), 1, 1)


# Cases


def test_valid_cases_break_no_rule_under_their_options() -> None:
    cases = list(corpus.valid(20, 1, platform="vpc"))

    assert 20 == len({case.query for case in cases})
    assert [{"platform": "vpc"}] * 20 == [case.options for case in cases]
    assert [] == [case.query for case in cases if said(case) or case.rule is not None]


def test_profile_of_valid_cases_may_be_none() -> None:
    (case,) = corpus.valid(1, 1, profile=None)

    assert {"profile": None} == case.options
    assert [] == said(case)


def test_invalid_cases_break_every_rule_about_requests_in_turn() -> None:
    cases = list(corpus.invalid(2 * len(BINDING), 1))

    assert BINDING * 2 == [case.rule for case in cases]
    assert [labelled(case) for case in cases] == [said(case) for case in cases]


def test_labels_of_requests_hold_for_whoever_asks_check() -> None:
    for case in (*corpus.mixed(2 * len(BINDING), 1), *corpus.invalid(5, 1, "E108")):
        errors = [v for v in check(case.query, **case.options) if v.severity == "error"]
        assert [(case.rule, case.location)][: case.rule is not None] == [(v.rule, v.location) for v in errors]


def test_invalid_cases_of_one_rule_and_of_several() -> None:
    assert ["E303"] * 3 == [case.rule for case in corpus.invalid(3, 1, "E303")]
    assert ["E305", "E303", "E305"] == [case.rule for case in corpus.invalid(3, 1, ["E305", "E303"])]


def test_documents_are_given_where_their_rule_is_named() -> None:
    (case,) = corpus.invalid(1, 1, "E502")

    assert case.is_document
    assert labelled(case) == said(case)


@pytest.mark.parametrize("rule", [rule.id for rule in RULES.values() if rule.severity == "warning"])
def test_cases_that_only_warn_are_valid_and_keep_their_rule(rule: str) -> None:
    for case in corpus.invalid(20, 1, rule):
        refused = [found.code for found in case.violations() if found.severity == "error"]

        assert (rule, *(refused or [None])) == (case.rule, case.code)
        assert ("invalid" if refused else "valid") == corpus.label(case)
        assert [case] == list(corpus.read([corpus.line(case)]))


def test_mixed_cases_are_valid_and_invalid_in_turn() -> None:
    cases = list(corpus.mixed(4, 1, "E305"))

    assert [None, "E305", None, "E305"] == [case.rule for case in cases]


def test_one_rule_does_not_change_what_is_drawn_for_another() -> None:
    several = [case for case in corpus.invalid(8, 1, ["E303", "E305"]) if case.rule == "E305"]

    assert several == list(corpus.invalid(4, 1, "E305"))


def test_choices_hold_for_valid_and_invalid_cases() -> None:
    cases = corpus.mixed(40, 1, action="RevokeSecurityGroupEgress", version="2016-11-15")
    drawn = [Codec().decode(case.query) for case in cases if case.rule is None]

    assert [("RevokeSecurityGroupEgress", "2016-11-15")] * 20 == [
        (request.action, request.version) for request in drawn
    ]


def test_rules_that_the_choices_leave_no_way_to_break_are_passed_over() -> None:
    rules = {case.rule for case in corpus.invalid(200, 1, platform="vpc")}

    assert "E315" in rules
    assert "E302" not in rules


@pytest.mark.parametrize(
    ("rule", "choices"),
    [
        ("E999", {}),
        ("E302", {"platform": "vpc"}),
        (None, {"platform": "moon"}),
        (None, {"version": "2017-01-01"}),
    ],
)
def test_choices_that_no_case_can_meet_are_refused_at_once(rule: str | None, choices: dict[str, str]) -> None:
    with pytest.raises(corpus.NoCases):
        corpus.invalid(1, 1, rule, **choices)


def test_valid_choices_that_no_request_can_meet_are_refused_at_once() -> None:
    with pytest.raises(corpus.NoCases, match="flat"):
        corpus.valid(1, 1, action="RevokeSecurityGroupEgress", style="flat")


def test_wrong_name_of_a_choice_is_a_mistake_of_the_program() -> None:
    with pytest.raises(TypeError, match="colour"):
        corpus.valid(1, 1, colour="red")


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """As if nothing had been drawn yet."""
    monkeypatch.delitem(sys.modules, drawing.__name__)
    monkeypatch.delattr(strategies, "drawing")
    return monkeypatch


def test_without_hypothesis_the_command_that_brings_it_is_named(undrawn: pytest.MonkeyPatch) -> None:
    undrawn.setitem(sys.modules, "hypothesis", None)

    with pytest.raises(corpus.NeedsHypothesis, match=r"pip install 'ec2codec\[fuzz\]'"):
        corpus.valid(1, 1)
    assert [] != list(corpus.examples())


def test_other_module_that_is_missing_is_told_as_it_is(undrawn: pytest.MonkeyPatch) -> None:
    undrawn.setitem(sys.modules, "ec2codec.labelled", None)

    with pytest.raises(ModuleNotFoundError, match="labelled"):
        corpus.draw(st.none(), 1, 1)


# Examples of the rules


def test_examples_are_requests_and_what_is_said_of_them_is_true() -> None:
    cases = list(corpus.examples())

    assert 100 < len(cases) < 200
    assert [labelled(case) for case in cases] == [said(case) for case in cases]
    assert not any(case.is_document for case in cases)
    assert set(BINDING) <= {case.rule for case in cases}


def test_examples_come_once_each() -> None:
    lines = list(map(corpus.line, corpus.examples()))

    assert len(lines) == len(set(lines))


def test_example_that_only_warns_is_valid() -> None:
    warned = {example.text for example in RULES["W105"].examples if example.rule}

    assert {None} == {case.rule for case in corpus.examples() if case.query in warned}


# Other options


@pytest.mark.parametrize("platform", ["any", "classic", "vpc"])
def test_cases_that_hold_on_a_platform_are_labelled_for_it(platform: str) -> None:
    cases = list(corpus.holding(corpus.examples(), platform=platform))

    assert 60 < len(cases) < len(list(corpus.examples()))
    assert {platform} == {case.options["platform"] for case in cases}
    assert [labelled(case) for case in cases] == [said(case) for case in cases]


@pytest.mark.parametrize(("rule", "elsewhere"), [("E302", "vpc"), ("E405", "classic"), ("E405", "any")])
def test_case_of_another_platform_is_left_out(rule: str, elsewhere: str) -> None:
    cases = [case for case in corpus.examples() if case.rule == rule]

    assert 0 < len(cases)
    assert [] == list(corpus.holding(cases, platform=elsewhere))


def test_code_is_that_of_the_platform() -> None:
    case = next(case for case in corpus.examples() if case.rule == "E303" and not case.options)
    (other,) = corpus.holding([case], platform="classic")

    assert ("InvalidParameterValue", "InvalidPermission.Malformed") == (case.code, other.code)


def test_case_that_warns_holds_where_it_is_accepted() -> None:
    (case,) = corpus.invalid(1, 1, "W316")
    (other,) = corpus.holding([case], platform="any")

    assert ("W316", "classic", "any") == (case.rule, case.options["platform"], other.options["platform"])


def test_documents_hold_everywhere() -> None:
    document = Labelled("<Response/>", "E504", None, "", {})

    assert [document] == list(corpus.holding([document], platform="vpc"))


# Specs


@pytest.mark.parametrize(
    ("spec", "rules"),
    [
        ("valid:2", [None, None]),
        ("E303:2,E305:1", ["E303", "E303", "E305"]),
        ("invalid:2", REQUEST_RULES[:2]),
        ("all:3", [None, REQUEST_RULES[0], None]),
        ("examples:1", [None]),
    ],
)
def test_spec_names_cases(spec: str, rules: list[str | None]) -> None:
    assert rules == [case.rule for case in corpus.named(spec, 1)]


def test_spec_takes_platform_and_profile() -> None:
    cases = list(corpus.named("examples,valid:3,E303:3", 1, platform="vpc", profile="documented"))

    assert {("vpc", "documented")} == {(case.options["platform"], case.options["profile"]) for case in cases}
    assert [labelled(case) for case in cases] == [said(case) for case in cases]


def test_word_without_a_number_gives_a_hundred_cases_or_every_example() -> None:
    assert 100 == len(list(corpus.named("valid", 1)))
    assert list(corpus.examples()) == list(corpus.named("examples", 1))


@pytest.mark.parametrize(
    "text", ["", "corpus.jsonl", "valid:", "valid:-1", "all,", "e303", "E303:1:2", "E3O3"]
)
def test_what_is_no_spec_is_refused(text: str) -> None:
    assert not corpus.is_spec(text)
    with pytest.raises(corpus.NoCases, match="expected such as"):
        corpus.named(text, 1)


# JSON Lines


def test_line_is_ascii_with_its_members_in_order() -> None:
    assert LINE == corpus.line(CASE)
    assert "valid" == json.loads(corpus.line(Labelled("", None, None, "", {})))["label"]


def test_lines_are_read_as_they_were_written() -> None:
    cases = [*corpus.mixed(100, 1), *corpus.invalid(2, 1, "E502"), CASE]
    text = "\n".join(map(corpus.line, cases))

    assert cases == list(corpus.read(text.splitlines()))
    assert cases == list(corpus.read(text.encode("ascii").splitlines(keepends=True)))


@given(st.text(), st.text())
def test_any_text_survives_its_line(query: str, location: str) -> None:
    case = Labelled(query, "E107", None, location, {})
    line = corpus.line(case)

    assert line.isascii()
    assert line.isprintable()
    assert [case] == list(corpus.read([line]))


def test_blank_lines_are_passed_over() -> None:
    assert [CASE, CASE] == list(corpus.read(["", LINE, "  \n", LINE, "\n"]))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON at column 2: Expecting property name enclosed in double quotes"),
        ("[]", "expected an object with exactly query, label, rule, code, location, options"),
        (LINE.replace('"rule"', '"rules"'), "expected an object with exactly query, label"),
        (LINE.replace('"code": "InvalidAction", ', ""), "expected an object with exactly query, label"),
        (LINE.replace('"label"', '"query": "", "label"'), "an object has the same member twice"),
        (LINE.replace('"InvalidAction"', "7"), "code: expected a text or null, got int"),
        (LINE.replace('"Action", ', "null, "), "location: expected a text, got NoneType"),
        (LINE.replace('{"platform": "vpc"}', "[]"), "options: expected an object, got list"),
        (LINE.replace("E401", "E999"), "rule: there is no 'E999'"),
        (LINE.replace('"invalid"', '"valid"'), "label: expected 'invalid' with rule E401, got 'valid'"),
        (LINE.replace('"E401"', "null"), "label: expected 'valid' with rule None, got 'invalid'"),
        (LINE.replace('"vpc"', '"moon"'), "options: 'moon' is not a valid Platform"),
        (LINE.replace('"platform"', '"colour"'), "options: Codec.__init__() got an unexpected keyword"),
        (LINE.replace('"vpc"', '["vpc"]'), "options: expected texts, numbers, true, false or null"),
        ("[" * 100_000, "nested too deeply"),
        (b'{"query": "\xff"}', "not UTF-8 at byte 11"),
        ('{"query": ' + "9" * 5000 + "}", "Exceeds the limit"),
    ],
)
def test_line_that_is_no_case_is_refused_with_its_number(line: str | bytes, message: str) -> None:
    with pytest.raises(corpus.MalformedLine) as caught:
        list(corpus.read([LINE, "", line]))

    assert str(caught.value).startswith(f"line 3: {message}")


def test_lines_before_a_malformed_one_are_read() -> None:
    cases = corpus.read([LINE, "{"])

    assert CASE == next(cases)
    with pytest.raises(corpus.MalformedLine):
        next(cases)


# Files for fuzzers


def test_file_of_a_case_is_its_text_named_by_its_sha1() -> None:
    empty = Labelled("", "E401", None, "", {})

    assert ("da39a3ee5e6b4b0d3255bfef95601890afd80709", b"") == corpus.file_of(empty)
    assert b"Action=\xc3\xa9" == corpus.file_of(CASE)[1]


def test_sources_that_end_leave_the_turns_to_the_others() -> None:
    assert [*"adbec"] == list(corpus._in_turn(map(iter, ("abc", "de"))))
