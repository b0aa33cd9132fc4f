"""Rules beside each other: one mistake is one finding, and what is not at hand is not judged."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ec2codec import RULES, Codec, Rule, Violation, plain
from ec2codec.captures import Completeness, Exchange, Place
from ec2codec.policy import Policy
from ec2codec.rule import BASE, Found
from ec2codec.rules.header import is_known_version
from ec2codec.verdict import judge

FIXTURE = Path(__file__).parent.parent / "fixtures" / "rules" / "messages.jsonl"
CASES: list[dict[str, Any]] = [json.loads(line) for line in FIXTURE.read_text("utf-8").splitlines()]
pytestmark = pytest.mark.usefixtures("both_paths")

REVOKE = "Action=RevokeSecurityGroupIngress&Version=2011-12-15"
NEW = "Action=RevokeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1a2b3c4d"
ONE = "&IpPermissions.1."
ALL = f"{ONE}IpProtocol=-1"
TCP = f"{ONE}IpProtocol=tcp{ONE}FromPort=22{ONE}ToPort=22"
RANGE = f"{ONE}IpRanges.1.CidrIp=10.0.0.0/8"
GROUP = f"{ONE}Groups.1."
OWNER = f"{GROUP}UserId=123456789012"
FLAT = "&IpProtocol=tcp&FromPort=80&ToPort=80&CidrIp=10.0.0.0/8"


def ported(protocol: str, first: int, last: int) -> str:
    return f"{ONE}IpProtocol={protocol}{ONE}FromPort={first}{ONE}ToPort={last}{RANGE}"


@pytest.mark.parametrize(
    ("query", "platform", "rule"),
    [
        # The second mistake follows from the first.
        (f"{BASE}{ported('tcp', 70000, 80)}", "any", "E304"),
        (f"{BASE}{ported('-1', 22, 22)}", "classic", "E302"),
        (f"{BASE}{ported('50', 22, 22)}", "classic", "E302"),
        (f"{NEW}{ported('58', 256, 0)}", "classic", "E302"),
        (f"{NEW}{ported('58', -1, 0)}", "classic", "E302"),
        (f"{BASE}{ported('icmp', -1, 256)}", "any", "E306"),
        (f"{NEW}{TCP}{GROUP}Description=x", "classic", "E312"),
        (f"{BASE}{ALL}{GROUP}GroupId=sg-2a2b3c4d{GROUP}GroupName=web", "vpc", "E313"),
        (f"{BASE}{TCP}{GROUP}GroupId=sg-2a2b3c4d{GROUP}GroupName=web", "classic", "E313"),
        (f"{BASE}&IpProtocol=tcp{TCP}{RANGE}", "any", "E407"),
        (f"{BASE}&SourceSecurityGroupName=web{TCP}{RANGE}", "any", "E407"),
        (f"{BASE}&CidrIp=10.0.0.0/8&SourceSecurityGroupName=web", "any", "E409"),
        (f"{BASE}{TCP}{RANGE}&Timestamp=", "any", "E106"),
        (f"{BASE}{TCP}{RANGE}&AUTHPARAMS=", "any", "W415"),
        # What was refused is not missing.
        (f"{BASE}&SourceSecurityGroupName=w%C3%A9b&SourceSecurityGroupOwnerId=123456789012", "any", "E205"),
        (f"{BASE}&SourceSecurityGroupName=web&SourceSecurityGroupOwnerId=self", "any", "E206"),
        (f"{BASE}&IpProtocol=tcp&FromPort=80&ToPort=80&CidrIp=10.0.0.0", "any", "E203"),
        (f"{BASE}&IpProtocol=tcp&FromPort=x&ToPort=80&CidrIp=10.0.0.0/8", "any", "E201"),
        (f"{BASE}&IpProtocol=what&FromPort=80&ToPort=80&CidrIp=10.0.0.0/8", "any", "E202"),
        (f"{REVOKE}&GroupId=sg{TCP}{RANGE}", "any", "E204"),
        (f"{REVOKE}&GroupName=web&GroupId=sg{ALL}{RANGE}", "vpc", "E204"),
        (f"{REVOKE}&GroupId=sg-1a2b3c4d&GroupName=w%C3%A9b{ALL}{RANGE}", "vpc", "E205"),
        (f"{BASE}{ONE}IpProtocol=what", "any", "E202"),
        # Nor is what came under a misspelt name.
        (f"{BASE}{TCP}{RANGE}".replace("1.FromPort", "01.FromPort"), "any", "E102"),
        (
            f"{BASE}{TCP}{RANGE}".replace("IpPermissions.1.FromPort", "ippermissions.1.FromPort"),
            "any",
            "E101",
        ),
        (f"{BASE}{TCP}&IpPermission.1.IpRanges.1.CidrIp=10.0.0.0/8", "any", "E101"),
        # The flat form answers to rules of its own.
        (f"{BASE}&CidrIp=10.0.0.0/8", "any", "E408"),
        (f"{BASE}&IpProtocol=tcp&ToPort=80&CidrIp=10.0.0.0/8", "any", "E408"),
        (f"{BASE}&IpProtocol=-1", "any", "E408"),
        (f"{BASE}&SourceSecurityGroupOwnerId=123456789012", "any", "E408"),
        (f"{BASE}&SourceSecurityGroupName=web", "classic", "E408"),
        (f"{BASE}{FLAT}&SourceSecurityGroupName=web&SourceSecurityGroupOwnerId=123456789012", "any", "E409"),
    ],
)
def test_one_mistake_is_one_finding(query: str, platform: str, rule: str) -> None:
    found = Codec(platform=platform).check(query)

    assert [rule] == [violation.rule for violation in found]


@pytest.mark.parametrize(
    ("ranges", "platform", "rules"),
    [
        (("10.0.0.1/8", "10.0.0.0/8"), "classic", []),
        (("10.0.0.1/8", "10.0.0.1/8"), "classic", ["E410"]),
        (("10.0.0.1/8", "10.0.0.0/8"), "vpc", ["W207", "E410"]),
        (("10.0.0.1/8", "10.0.0.2/8"), "vpc", ["W207", "W207", "E410"]),
        (("10.0.0.1/32", "10.0.0.2/32"), "vpc", []),
    ],
)
def test_a_vpc_stores_networks_and_ec2_classic_stores_texts(
    ranges: tuple[str, str], platform: str, rules: list[str]
) -> None:
    query = f"{BASE}{TCP}{ONE}IpRanges.1.CidrIp={ranges[0]}{ONE}IpRanges.2.CidrIp={ranges[1]}"

    found = Codec(platform=platform).check(query)

    assert rules == [violation.rule for violation in found]


def test_without_a_profile_a_text_may_be_empty_and_a_number_not() -> None:
    empty = Codec(profile=None).check(f"{REVOKE}&GroupId={TCP}{RANGE}")
    number = Codec(profile=None).check(f"{BASE}{ONE}IpProtocol=tcp{ONE}FromPort={ONE}ToPort=22{RANGE}")

    assert ([], ["E106"]) == ([v.rule for v in empty], [v.rule for v in number])


def test_misspelt_name_beside_the_right_one_hides_nothing() -> None:
    found = Codec().check(f"{BASE}&IpPermissions.0.IpProtocol=udp{ported('tcp', 90, 80)}")

    assert ["E102", "E305"] == [violation.rule for violation in found]


def test_two_mistakes_are_two_findings() -> None:
    unnamed = "&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"
    twice = "".join(
        f"&IpPermissions.{n}.IpProtocol=-1&IpPermissions.{n}.IpRanges.1.CidrIp=10.0.0.0/8" for n in (2, 3)
    )

    found = Codec().check(f"{BASE}{unnamed}{twice}")

    assert [
        ("E301", "IpPermissions.1.IpProtocol"),
        ("E410", "IpPermissions.3.IpRanges.1.CidrIp"),
    ] == [(violation.rule, violation.location) for violation in found]


@pytest.mark.parametrize("protocol", ["tcp", "udp", "icmp", "6", "17", "1"])
def test_the_flat_form_has_ports_where_the_protocol_has(protocol: str) -> None:
    bare = Codec().check(f"{BASE}&IpProtocol={protocol}&CidrIp=10.0.0.0/8")
    ported = Codec().check(f"{BASE}&IpProtocol={protocol}&FromPort=8&ToPort=8&CidrIp=10.0.0.0/8")

    assert ([("E408", "FromPort")], ()) == ([(v.rule, v.location) for v in bare], ported)


WHOLE = {
    "range": f"{BASE}{TCP}{RANGE}",
    "source group by name": f"{BASE}{TCP}{GROUP}GroupName=web{OWNER}",
    "flat form": f"{BASE}{FLAT}",
    "flat form of a group": f"{BASE}&SourceSecurityGroupName=web&SourceSecurityGroupOwnerId=123456789012",
}
# What is found where one parameter is gone.
ABSENT = {
    ("range", "Version"): "W414",
    ("range", "GroupId"): "E403",
    ("range", "IpPermissions.1.IpProtocol"): "E301",
    ("range", "IpPermissions.1.FromPort"): "E303",
    ("range", "IpPermissions.1.ToPort"): "E303",
    ("range", "IpPermissions.1.IpRanges.1.CidrIp"): "E310",
    ("source group by name", "IpPermissions.1.Groups.1.GroupName"): "E312",
    ("source group by name", "IpPermissions.1.Groups.1.UserId"): "E314",
    ("flat form", "IpProtocol"): "E408",
    ("flat form", "FromPort"): "E408",
    ("flat form", "ToPort"): "E408",
    ("flat form", "CidrIp"): "E408",
    ("flat form of a group", "SourceSecurityGroupName"): "E408",
    ("flat form of a group", "SourceSecurityGroupOwnerId"): "E408",
}


def found_in(query: str, completeness: Completeness) -> tuple[Violation, ...]:
    action = "RevokeSecurityGroupIngress"
    exchange = Exchange(place=Place("x", 1), action=action, request=query.encode(), completeness=completeness)
    return judge(exchange, Codec(platform="classic")).violations


@pytest.mark.parametrize(("case", "rule"), ABSENT.items(), ids=[f"{n}-{gone}" for n, gone in ABSENT])
def test_what_is_left_of_a_good_request_is_not_accused(case: tuple[str, str], rule: str) -> None:
    name, gone = case
    left = "&".join(pair for pair in WHOLE[name].split("&") if pair.partition("=")[0] != gone)

    assert [] == [v.rule for v in found_in(f"?{WHOLE[name]}", Completeness.COMPLETE)]
    assert [rule] == [v.rule for v in found_in(f"?{left}", Completeness.COMPLETE)]
    assert [] == [v.rule for v in found_in(f"?{left}&Sig", Completeness.TRUNCATED)]


def test_a_request_that_was_cut_off_before_its_permissions_is_not_accused() -> None:
    assert ["E406"] == [v.rule for v in found_in(f"?{BASE}", Completeness.COMPLETE)]
    assert [] == [v.rule for v in found_in(f"?{BASE}&IpPerm", Completeness.TRUNCATED)]


def test_what_is_there_is_judged_in_a_request_that_was_cut_off() -> None:
    query = f"?{BASE}&GroupName=web{ported('tcp', 90, 80)}{GROUP}GroupId=sg-2a2b3c4d&Sig"

    assert ["E404", "W316", "E305", "E311"] == sorted(
        (v.rule for v in found_in(query, Completeness.TRUNCATED)), key=["E404", "W316", "E305", "E311"].index
    )


def test_a_rule_of_one_text_or_document_speaks_of_that_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    spoken: dict[str, set[str]] = {}
    violation = Policy.violation

    def heard(policy: Policy, rule: Rule, found: Found, *place: Any) -> Violation:
        spoken.setdefault(rule.id, set()).add(found.member)
        return violation(policy, rule, found, *place)

    plain._violations.cache_clear()  # what it remembers is not said again
    monkeypatch.setattr(Policy, "violation", heard)
    for case in CASES:
        _check(case)
    Codec().check([("Action", "RevokeSecurityGroupIngress"), ("GroupId", 5)])

    whole = [
        rule.id for rule in RULES.values() if rule.subject in ("measure", "pair", "sent", "text", "document")
    ]
    assert {rule: {""} for rule in whole} == {rule: spoken.get(rule) for rule in whole}


def test_every_day_from_the_oldest_version_to_the_newest_may_be_a_version() -> None:
    first, last = date(2011, 12, 15).toordinal(), date(2016, 11, 15).toordinal()

    known = [is_known_version(date.fromordinal(day).isoformat()) for day in range(first, last + 2)]

    assert [True] * (last - first + 1) + [False] == known


def test_a_finding_has_one_of_the_codes_of_its_rule() -> None:
    found = {(v.rule, v.code) for case in CASES if case["text"][0] != "<" for v in _check(case)}

    assert [] == [
        (rule, code)
        for rule, code in found
        if code not in (RULES[rule].codes.classic, RULES[rule].codes.vpc, *RULES[rule].codes.others)
    ]


def _check(case: dict[str, Any]) -> tuple[Violation, ...]:
    options = dict(case.get("options", {}))
    request = options.pop("request", None)
    codec = Codec(**options)
    if case["text"].startswith("<"):
        return codec.check_response(case["text"], request=request)
    return codec.check(case["text"])
