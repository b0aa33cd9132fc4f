"""Law 9: what `invalid` draws breaks exactly the rule on its label; and what may be asked of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import Phase, find, given, note, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import DataObject, SearchStrategy

from ec2codec import RULES, Codec, Violation, check
from ec2codec.labelled import Labelled
from ec2codec.names import is_index
from ec2codec.query import Wire, write
from ec2codec.rules.header import is_known_version
from ec2codec.rules.subjects import Limits
from ec2codec.scalars import (
    Malformed,
    is_cidr,
    is_description,
    is_group_name,
    is_ipv6_cidr,
    is_protocol,
    is_resource_id,
    is_user_id,
    parse_boolean,
    parse_integer,
)
from ec2codec.strategies.faults import FILES, invalid, texts, wire
from ec2codec.strategies.faults.registry import FAULTS
from ec2codec.strategies.faults.scene import scenes

REQUEST_RULES = [rule for rule in RULES if rule < "E5" or (rule[0] == "W" and rule != "W505")]
Label = tuple[str | None, str | None, str]
faults = cache(invalid)


def label(case: Labelled) -> Label:
    return case.rule, case.code, case.location


def errors(violations: tuple[Violation, ...]) -> list[Label]:
    return [(v.rule, v.code, v.location) for v in violations if v.severity == "error"]


def said(violations: tuple[Violation, ...]) -> list[Label]:
    return [(v.rule, v.code, v.location) for v in violations]


def assert_says_the_label_alone(case: Labelled, violations: tuple[Violation, ...]) -> None:
    """That violation, and no other of severity error; a warning beside no error, but it may be one itself."""
    note(f"{case.query}\n{case.options}")
    if str(case.rule).startswith("E"):
        assert [label(case)] == errors(violations)
    else:
        assert label(case) in said(violations)
        assert {label(case)} >= {*errors(violations)}


@pytest.mark.usefixtures("both_paths")
@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=50)
@given(st.data())
def test_law_9_a_case_breaks_the_rule_on_its_label_alone(rule: str, data: DataObject) -> None:
    case = data.draw(faults(rule))

    violations = case.violations()

    assert rule == case.rule
    assert_says_the_label_alone(case, violations)


@pytest.mark.parametrize("rule", [rule for rule in REQUEST_RULES if rule not in ("E107", "E108")])
@settings(max_examples=15)
@given(st.data(), st.randoms(use_true_random=False))
def test_law_9_holds_for_pairs_in_any_order(rule: str, data: DataObject, random: Random) -> None:
    case = data.draw(faults(rule))
    pairs = [(pair.name, pair.value) for pair in Wire(case.query, Limits()).pairs]
    random.shuffle(pairs)

    violations = Codec(**case.options).check(pairs)

    assert_says_the_label_alone(case, violations)


SMALL = "Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=sg-1a2b3c4d"


@pytest.mark.parametrize("number", [0, 27, 28, 29])
def test_law_9_holds_for_what_is_over_each_limit_by_one(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    params = {"IpPermissions.1.IpRanges.1.CidrIp": "0.0.0.0/0", **dict(parse_qsl(SMALL))}
    monkeypatch.setattr(wire, "whole", lambda _draw, _scene: params)
    # Which limit is the only draw that counts here; each has one.
    drawn = iter([number, *[0] * 9])
    draw: Any = lambda strategy: next(drawn)  # noqa: E731
    scene: Any = None

    broken = wire.over_a_limit(draw, scene)

    sent: Any = broken.sent
    text = sent if isinstance(sent, str) else write(sent.items())
    assert ["E108"] == [violation.rule for violation in check(text)]
    assert {} == broken.options


@settings(max_examples=200)
@given(invalid())
def test_law_9_holds_whatever_rule_is_drawn(case: Labelled) -> None:
    assert_says_the_label_alone(case, case.violations())


@pytest.mark.parametrize(
    "choices",
    [
        {"platform": "classic"},
        {"platform": "vpc", "profile": "observed"},
        {"profile": None},
        {"action": "AuthorizeSecurityGroupEgress"},
        {"version": "2013-08-15", "profile": "documented"},
        {"version": "2014-10-01"},
    ],
    ids=str,
)
@settings(max_examples=50)
@given(st.data())
def test_what_is_chosen_is_drawn(choices: dict[str, str | None], data: DataObject) -> None:
    case = data.draw(chosen(**choices))

    note(case.query)
    for name in choices.keys() & {"platform", "profile"}:
        assert choices[name] == case.options[name]
    # A document, and a request whose header is the fault, may not say it.
    if not case.is_document and case.rule not in ("E107", "E108", "E401", "E402", "W414"):
        values = {pair.name: pair.value for pair in Wire(case.query, Limits()).pairs}
        for name in choices.keys() & {"action", "version"}:
            assert values[name.capitalize()] in (choices[name], "")
    assert_says_the_label_alone(case, case.violations())


@cache
def chosen(**choices: str | None) -> SearchStrategy[Labelled]:
    return invalid(**choices)


def test_every_rule_can_be_broken_and_no_other() -> None:
    assert {*RULES} == {fault.rule for fault in FAULTS}


def test_every_fault_is_in_a_file_that_is_named_and_can_be_made() -> None:
    everywhere = list(scenes())

    for fault in FAULTS:
        assert fault.breaker.__module__ in {file.__name__ for file in FILES}
        assert fault.breaker.__doc__
        assert any(map(fault.when, everywhere)), fault


@pytest.mark.parametrize("rule", REQUEST_RULES)
def test_both_directions_all_platforms_and_all_profiles_have_what_binds_there(rule: str) -> None:
    where = {
        (scene.ingress, scene.profile)
        for fault in FAULTS
        if fault.rule == rule
        for scene in scenes()
        if fault.when(scene)
    }

    profiles = {profile for _, profile in where}
    assert {"documented"} <= profiles
    assert (None in profiles) == RULES[rule].translating
    assert any(ingress for ingress, _ in where)


@pytest.mark.parametrize(
    ("rule", "shape"),
    [
        ("E304", lambda case: case.location == "ToPort"),
        ("E304", lambda case: case.location.startswith("IpPermissions.2.")),
        ("E107", lambda case: case.code == "MalformedQueryString" and not case.location),
        ("E201", lambda case: case.options["profile"] is None),
        ("E302", lambda case: case.options["platform"] == "any"),
        ("W307", lambda case: any(v.severity == "error" for v in case.violations())),
        ("E408", lambda case: case.options["profile"] == "observed"),
        ("E410", lambda case: case.location.endswith("CidrIpv6")),
        ("E410", lambda case: case.location.endswith("v6") and case.options["platform"] == "vpc"),
    ],
)
def test_ways_that_are_seldom_are_drawn(rule: str, shape: Callable[[Labelled], bool]) -> None:
    looked = settings(max_examples=2_000, database=None, phases=[Phase.generate])

    case = find(faults(rule), shape, settings=looked)

    assert shape(case)


@pytest.mark.parametrize("rule", RULES)
def test_the_simplest_example_is_one_to_read(rule: str) -> None:
    # Hypothesis begins with the first of every choice, which is where shrinking goes.
    first = settings(max_examples=1, database=None, phases=[Phase.generate])

    case = find(faults(rule), lambda case: True, settings=first)

    # What is over a limit is long.
    assert (17_000 if rule == "E108" else 400) > len(case.query)
    assert "documented" == case.options["profile"]


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"rule": "E999"}, "rule: expected one of None, E101, E102"),
        ({"rule": "e303"}, "rule: expected one of"),
        ({"action": "DescribeSecurityGroups"}, "action: expected one of None, RevokeSecurityGroupIngress"),
        ({"version": "2017-01-01"}, "version: expected a date up to 2016-11-15, got '2017-01-01'"),
        ({"platform": "moon"}, "platform: expected one of None, any, classic, vpc, got 'moon'"),
        ({"profile": "none"}, "profile: expected one of None, documented, observed, got 'none'"),
        ({"rule": ["E303"]}, r"rule: expected one of None, E101, .*, got \['E303'\]"),
        ({"version": 20111215}, "version: expected a date up to 2016-11-15, got 20111215"),
        (
            {"platform": "classic", "action": "RevokeSecurityGroupEgress"},
            "no rule can be broken with action='RevokeSecurityGroupEgress', platform='classic'; it can with "
            "action='RevokeSecurityGroupIngress' or 'AuthorizeSecurityGroupIngress', or with platform='any' "
            "or 'vpc'$",
        ),
        (
            {"rule": "E405", "platform": "classic"},
            "E405, vpc-target-by-name, cannot be broken with platform='classic'; it can with platform='vpc'$",
        ),
        (
            {"rule": "E303", "profile": None},
            "E303, ports-required, cannot be broken with profile=None; it can with "
            "profile='documented' or 'observed'$",
        ),
        ({"rule": "E209", "version": "2011-12-15"}, "it can with version='2016-11-15'$"),
        (
            {"rule": "E405", "platform": "classic", "action": "RevokeSecurityGroupEgress"},
            "cannot be broken with action='RevokeSecurityGroupEgress', platform='classic'$",
        ),
        (
            {"rule": "E310", "profile": "observed", "platform": "vpc"},
            "it can with profile='documented'$",
        ),
    ],
    ids=str,
)
def test_what_cannot_be_drawn_is_refused_when_asked_for(choices: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        invalid(**choices)


def test_the_strategy_says_which_rules_it_breaks() -> None:
    strategy = invalid("E303", platform="vpc")

    assert "E303" in repr(strategy)
    assert 100 > len(repr(strategy))
    assert "RevokeSecurityGroupIngress 2011-12-15 any documented named=False" == repr(next(scenes()))


def is_integer(text: str) -> bool:
    try:
        parse_integer(text)
    except Malformed:
        return False
    return True


def is_boolean(text: str) -> bool:
    try:
        parse_boolean(text)
    except Malformed:
        return False
    return True


@pytest.mark.parametrize(
    ("table", "is_value", "value"),
    [
        (texts.INTEGERS, is_integer, "2147483647"),
        (texts.INDEXES, is_index, "2147483647"),
        (texts.PROTOCOLS, lambda text: is_protocol(text.lower()), "255"),
        (texts.FOLDED_PROTOCOLS, is_protocol, "tcp"),
        (texts.CIDRS, is_cidr, "10.0.0.0/32"),
        (texts.IPV6_CIDRS, is_ipv6_cidr, "::/128"),
        (texts.IDS, lambda text: is_resource_id(text.replace("{}", "pl"), "pl"), "{}-0123456789abcdef0"),
        (texts.GROUP_NAMES, is_group_name, "x" * 255),
        (texts.NOT_VPC, lambda text: is_group_name(text, vpc=True), "!"),
        (texts.USER_IDS, is_user_id, "000000000000"),
        (texts.BOOLEANS, is_boolean, "true"),
        (texts.DESCRIPTIONS, is_description, "d" * 255),
        (texts.VERSIONS, is_known_version, "2016-11-15"),
    ],
)
def test_no_text_of_the_tables_is_a_value(
    table: tuple[str, ...], is_value: Callable[[str], bool], value: str
) -> None:
    assert [] == [text for text in table if is_value(text)]
    assert len({*table}) == len(table)
    assert is_value(value)
