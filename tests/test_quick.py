"""Quick tests tell of common traffic that it is clean: the compiled path asks no rule about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ec2codec import (
    RULES,
    Codec,
    IpPermission,
    IpRange,
    Ipv6Range,
    Platform,
    PrefixListId,
    Request,
    RevokeSecurityGroupEgress,
    RevokeSecurityGroupIngress,
    UserIdGroupPair,
)
from ec2codec.policy import Policy
from ec2codec.scalars import (
    BOOLEAN,
    CIDR,
    GROUP_ID,
    GROUP_NAME,
    INTEGER,
    IPV6_CIDR,
    PAIR_DESCRIPTION,
    PREFIX_LIST_ID,
    PROTOCOL,
    RANGE_DESCRIPTION,
    USER_ID,
    Scalar,
)
from ec2codec.tree import flatten

VPC, CLASSIC = Policy(platform=Platform.VPC), Policy(platform=Platform.CLASSIC)


@pytest.mark.parametrize(
    ("rule", "scalar", "texts"),
    [
        ("E201", INTEGER, ["-1", "0", "1", "9", "10", "22", "80", "443", "1024", "65535", "-999999999"]),
        ("E201", INTEGER, [f"{first}{'0' * count}" for first in range(1, 10) for count in range(9)]),
        ("E201", INTEGER, [f"1{digit}" for digit in range(10)]),
        ("E202", PROTOCOL, ["tcp", "udp", "icmp", "-1", "0", "6", "17", "58", "255"]),
        ("E203", CIDR, ["0.0.0.0/0", "10.0.0.0/8", "192.168.1.1/32"]),
        ("E204", GROUP_ID, ["sg-1a2b3c4d", "sg-0123456789abcdef0"]),
        ("E205", GROUP_NAME, ["websrv", "web srv", "a" * 255]),
        ("E206", USER_ID, ["000123456789", "amazon-elb"]),
        ("W207", CIDR, ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.3/32"]),
        ("W207", IPV6_CIDR, ["::1/128", "2001:db8::1/128"]),
        ("E208", BOOLEAN, ["true", "false"]),
        ("E210", RANGE_DESCRIPTION, ["the office", "a&b", ""]),
        ("E210", PAIR_DESCRIPTION, ["the office", ""]),
        ("E211", PREFIX_LIST_ID, ["pl-1a2b3c4d"]),
    ],
)
def test_a_common_text_is_told_at_once(rule: str, scalar: Scalar, texts: list[str]) -> None:
    test = RULES[rule].quick
    assert test is not None

    told = [text for text in texts for policy in (VPC, CLASSIC) if test(scalar, policy)(text)]

    assert [text for text in texts for _ in range(2)] == told


@pytest.mark.parametrize(
    ("rule", "scalar", "text"),
    [
        # Ten digits may be more than 32 bits.
        ("E201", INTEGER, "1000000000"),
        ("E201", INTEGER, "-1000000000"),
        ("E201", INTEGER, "01"),
        ("E201", INTEGER, "-0"),
        ("W207", CIDR, "10.0.0.1/8"),
        ("W207", IPV6_CIDR, "2001:db8::/32"),
    ],
)
def test_what_takes_a_look_is_left_to_the_rule(rule: str, scalar: Scalar, text: str) -> None:
    test = RULES[rule].quick
    assert test is not None

    assert not test(scalar, VPC)(text)


def permission(
    *sources: IpRange | Ipv6Range | PrefixListId | UserIdGroupPair,
    protocol: str = "tcp",
    ports: tuple[int | None, int | None] = (22, 22),
) -> IpPermission:
    return IpPermission(
        ip_protocol=protocol,
        from_port=ports[0],
        to_port=ports[1],
        ip_ranges=tuple(source for source in sources if isinstance(source, IpRange)),
        ipv6_ranges=tuple(source for source in sources if isinstance(source, Ipv6Range)),
        prefix_list_ids=tuple(source for source in sources if isinstance(source, PrefixListId)),
        groups=tuple(source for source in sources if isinstance(source, UserIdGroupPair)),
    )


def cidr(text: str) -> IpRange:
    return IpRange(cidr_ip=text)


def ipv6(text: str) -> Ipv6Range:
    return Ipv6Range(cidr_ipv6=text)


def named(name: str, owner: str | None = None) -> UserIdGroupPair:
    return UserIdGroupPair(group_name=name, user_id=owner)


def ided(text: str) -> UserIdGroupPair:
    return UserIdGroupPair(group_id=text)


def prefix_list(text: str) -> PrefixListId:
    return PrefixListId(prefix_list_id=text)


def revoke(*permissions: IpPermission) -> Request:
    return RevokeSecurityGroupIngress(
        version="2016-11-15", group_id="sg-1a2b3c4d", ip_permissions=permissions
    )


def passes(rule_id: str, request: Request, policy: Policy) -> bool:
    """Whether a rule's quick test, of the texts that the rule sees, says that the request is clean."""
    rule = RULES[rule_id]
    assert rule.quick is not None
    sent = flatten(Codec(profile=None).dump(request))
    seen = [str(text) for name, text in sent if text is not None and name.endswith(rule.sees)]
    return bool(rule.quick(seen, request, policy))


TEN, OTHER = cidr("10.0.0.0/8"), cidr("10.0.0.0/9")


@pytest.mark.parametrize(
    ("permissions", "classic", "vpc"),
    [
        ([permission(TEN)], True, True),
        ([permission(TEN, OTHER)], True, True),
        ([permission(IpRange(description="no range"), TEN)], True, True),
        ([permission(IpRange(description="no range"), TEN), permission(TEN, protocol="udp")], True, True),
        ([permission(Ipv6Range(description="no range"), TEN), permission(TEN, protocol="udp")], True, True),
        ([permission(TEN, TEN)], False, False),
        ([permission(TEN), permission(TEN)], False, False),
        ([permission(TEN), permission(TEN, protocol="udp")], True, True),
        ([permission(TEN), permission(TEN, protocol="6")], False, False),
        ([permission(TEN), permission(TEN, ports=(22, 23))], True, True),
        ([permission(TEN), permission(TEN, ports=(21, 22))], True, True),
        # Ports of what has none are not stored.
        ([permission(TEN, protocol="50"), permission(TEN, protocol="50", ports=(None, None))], False, False),
        ([permission(cidr("10.0.0.1/8"), TEN)], True, False),
        ([permission(cidr("10.0.0.1/8"), cidr("10.0.0.2/8"))], True, False),
        ([permission(cidr("10.0.0.1/32"), cidr("10.0.0.2/32"))], True, True),
        ([permission(ided("sg-1a2b3c4d"), ided("sg-2a2b3c4d"))], True, True),
        ([permission(ided("sg-1a2b3c4d"), ided("sg-1a2b3c4d"))], False, False),
        ([permission(named("web"), named("db"))], True, True),
        ([permission(named("web"), named("web"))], False, False),
        ([permission(named("web", "123456789012"), named("web", "123456789013"))], True, True),
        ([permission(named("web"), named("web", "123456789012"))], True, True),
        ([permission(ipv6("::/0"), ipv6("2001:db8::/32"))], True, True),
        ([permission(ipv6("::/0"), ipv6("::/0"))], False, False),
        ([permission(ipv6("::/0"), ipv6("0::/0"))], True, False),
        ([permission(prefix_list("pl-1a2b3c4d"), prefix_list("pl-2a2b3c4d"))], True, True),
        ([permission(prefix_list("pl-1a2b3c4d"), prefix_list("pl-1a2b3c4d"))], False, False),
        ([permission(ipv6("::/0"), prefix_list("pl-1a2b3c4d"), TEN, ided("sg-1a2b3c4d"))], True, True),
    ],
)
def test_grants_that_differ_are_told_at_once(
    permissions: list[IpPermission], classic: bool, vpc: bool
) -> None:
    told = tuple(passes("E410", revoke(*permissions), policy) for policy in (CLASSIC, VPC))

    assert (classic, vpc) == told


def test_hundreds_of_grants_that_differ_are_told_at_once() -> None:
    ranges = [cidr(f"10.0.{n}.0/24") for n in range(200)]

    assert passes("E410", revoke(permission(*ranges), permission(*ranges, protocol="udp")), VPC)


@pytest.mark.parametrize(
    ("flat", "alone", "beside"),
    [
        ({}, True, True),
        ({"cidr_ip": "10.0.0.0/9"}, True, True),
        ({"cidr_ip": "10.0.0.0/8"}, True, False),
        ({"source_security_group_name": "db"}, True, True),
        ({"source_security_group_name": "web"}, True, False),
    ],
)
def test_a_source_of_both_forms_is_left_to_the_rule(flat: dict[str, Any], alone: bool, beside: bool) -> None:
    listed = revoke(permission(TEN, named("web"), protocol="udp"))

    told = tuple(passes("E410", replace(request, **flat), VPC) for request in (revoke(), listed))

    assert (alone, beside) == told


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (revoke(permission(TEN)), True),
        (revoke(permission(named("web"))), True),
        (revoke(permission(named("web"), named("sg-1a2b3c4d"))), False),
        (revoke(permission(ided("sg-1a2b3c4d"))), True),
        (RevokeSecurityGroupIngress(group_name="web"), True),
        (RevokeSecurityGroupIngress(group_name="sg-1a2b3c4d"), False),
        (RevokeSecurityGroupIngress(source_security_group_name="web"), True),
        (RevokeSecurityGroupIngress(source_security_group_name="sg-1a2b3c4d"), False),
        (RevokeSecurityGroupEgress(group_id="sg-1a2b3c4d", ip_permissions=(permission(TEN),)), True),
    ],
)
def test_names_that_look_like_no_id_are_told_at_once(request_: Request, expected: bool) -> None:
    assert expected is passes("W412", request_, VPC)
