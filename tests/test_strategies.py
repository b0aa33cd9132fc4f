"""Requests that are valid by construction: under every choice, of every parameter, and readable."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.errors import InvalidArgument

from ec2codec import Codec, IpPermission, Platform, Profile, Request
from ec2codec.model import IngressRequest, UserIdGroupPair
from ec2codec.policy import Policy
from ec2codec.rules.permission import ALL_PORTS
from ec2codec.scalars import TEXT
from ec2codec.shape import Listing, Member, Structure
from ec2codec.strategies import requests
from ec2codec.strategies.choices import versions
from ec2codec.strategies.structures import ACTIONS, attributes, request_shape
from ec2codec.strategies.unrepeated import without_repeated_grants
from sampling import drawn, is_drawn, shortest

Predicate = Callable[[Any], Any]
CHOICES = [*product(Platform, (*Profile, None), (None, "nested", "flat"))]


@pytest.mark.parametrize(("platform", "profile", "style"), CHOICES)
def test_requests_are_valid_under_what_they_are_drawn_for(
    platform: Platform, profile: Profile | None, style: Any
) -> None:
    codec = Codec(platform=platform, profile=profile)

    @settings(max_examples=25)
    @given(requests(platform=platform, profile=profile, style=style))
    def judge(request: Request) -> None:
        errors = [violation for violation in codec.check(request) if violation.severity == "error"]
        assert [] == errors
        assert request == codec.decode(codec.encode(request))
        flat = isinstance(request, IngressRequest) and bool(names_of(request) & FLAT)
        assert style is None or flat == (style == "flat")
        if style is not None and profile is not None:
            codec.encode(request, style=style)

    judge()


FLAT = {*"IpProtocol FromPort ToPort CidrIp SourceSecurityGroupName SourceSecurityGroupOwnerId".split()}
TRANSLATING = Codec(profile=None)


def names_of(request: Request) -> set[str]:
    """The names of a request's parameters, every index as 1."""
    return {re.sub(r"\.\d+", ".1", name) for name, _value in TRANSLATING.encode_params(request)}


def parameters(action: str, version: str, *, lawful: bool) -> set[str]:
    """The names of all parameters; egress is in a VPC, where no source group goes by name (E315)."""
    names = set(parameters_of(request_shape(action), version))
    unlawful = "IpPermissions.1.Groups.1.GroupName" if lawful and "Egress" in action else ""
    return names - {unlawful}


def parameters_of(structure: Structure, version: str, prefix: str = "") -> Iterator[str]:
    for child in structure.members.values():
        name = prefix + child.name
        if child.since > version:
            continue
        if isinstance(child, Member):
            yield name
        elif isinstance(child.item, Member):
            yield f"{name}.1"
        else:
            yield from parameters_of(child.item, version, f"{name}.1.")


# Those that brought a parameter: between them nothing changes.
BRINGING = [version for version in versions() if version not in ("2009-08-15", "2012-12-01", "2014-09-01")]
CASES = [
    *product(ACTIONS, BRINGING, (None,)),
    *product(ACTIONS, ("2011-12-15", "2016-11-15"), (Profile.DOCUMENTED,)),
]


@pytest.mark.parametrize(("action", "version", "profile"), CASES)
def test_every_parameter_of_a_version_is_drawn_and_no_other(
    action: str, version: str, profile: Profile | None
) -> None:
    expected = parameters(action, version, lawful=profile is not None)
    seen: set[str] = set()
    # Some are seldom: the members of a source group of the flat form, say.
    for start in range(20):
        for request in drawn(requests(action, version, profile=profile), start=start):
            seen |= names_of(request)
        if expected <= seen:
            break

    assert expected == seen


def test_a_parameter_added_to_the_shape_is_drawn_without_more_ado() -> None:
    brandnew = Member("Brandnew", "brandnew", TEXT, "2016-11-15", "A parameter.", "made up")
    listing = Listing("Several", "several", brandnew, "2016-11-15", "A list.", "made up")
    permissions = request_shape("RevokeSecurityGroupIngress").members["IpPermissions"]
    assert isinstance(permissions, Listing)
    assert isinstance(permissions.item, Structure)
    members = {**permissions.item.members, "Brandnew": brandnew, "Several": listing}
    shape = replace(permissions.item, members=members)

    drawn_ones = drawn(attributes(shape, Policy(version="2016-11-15")))
    older = drawn(attributes(shape, Policy(version="2015-10-01")))

    assert any("brandnew" in one for one in drawn_ones)
    assert any("several" in one for one in drawn_ones)
    assert not any({"brandnew", "several"} & one.keys() for one in older)


@cache
def documented() -> list[Request]:
    return drawn(requests(), 500) + drawn(requests(style="flat"), 200)


def is_drawn_in(profile: str | None, predicate: Predicate) -> bool:
    return is_drawn(requests(profile=profile) | requests(profile=profile, style="flat"), predicate)


# What a profile lets pass, beyond what the document says.
OBSERVED: dict[str, Predicate] = {
    "a folded protocol": lambda r: any(p.ip_protocol == "TCP" for p in r.permissions()),
    "no source": lambda r: any(not p.sources for p in r.ip_permissions),
    "groups beside ranges": lambda r: any(p.groups and p.ip_ranges for p in r.ip_permissions),
    "two names of the target": lambda r: r.group_id and getattr(r, "group_name", None),
    "ports beside -1": lambda r: any(
        p.protocol == "-1" and (p.from_port, p.to_port) not in ALL_PORTS for p in r.ip_permissions
    ),
    "a flat form without CIDR": lambda r: getattr(r, "ip_protocol", None) and r.cidr_ip is None,
    "a flat group without owner": lambda r: (
        getattr(r, "source_security_group_name", None) and r.source_security_group_owner_id is None
    ),
}
ANYTHING: dict[str, Predicate] = {
    "nothing at all": lambda r: not r.permissions() and r.group_id is None,
    "an empty text": lambda r: r.group_id == "",
    "both forms": lambda r: r.ip_permissions and getattr(r, "cidr_ip", None),
    "a source group of no name": lambda r: any(
        group.group_id is None and group.group_name is None for p in r.ip_permissions for group in p.groups
    ),
    "a port out of range": lambda r: any(
        p.protocol == "tcp" and (p.from_port or 0) > 65535 for p in r.ip_permissions
    ),
}


@pytest.mark.parametrize("what", OBSERVED)
def test_what_was_observed_is_drawn_where_that_is_the_law(what: str) -> None:
    assert is_drawn_in("observed", OBSERVED[what])
    assert not any(map(OBSERVED[what], documented()))


@pytest.mark.parametrize("what", ANYTHING)
def test_without_a_profile_nearly_anything_is_drawn(what: str) -> None:
    assert is_drawn_in(None, ANYTHING[what])
    assert not any(map(ANYTHING[what], documented()))


# A request, and the text of the shortest example of it.
SHORT = "Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=sg-00000000&"
TCP = "IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=0&IpPermissions.1.ToPort=0&"
READABLE: dict[str, tuple[Any, Predicate, str]] = {
    "a permission": (
        requests("RevokeSecurityGroupIngress"),
        lambda r: r.ip_permissions,
        f"{SHORT}{TCP}IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0%2F0",
    ),
    "a source group": (
        requests("RevokeSecurityGroupIngress"),
        lambda r: any(p.groups for p in r.ip_permissions),
        f"{SHORT}{TCP}IpPermissions.1.Groups.1.GroupId=sg-00000000",
    ),
    "the flat form": (
        requests("RevokeSecurityGroupIngress"),
        lambda r: r.cidr_ip,
        f"{SHORT}IpProtocol=tcp&FromPort=0&ToPort=0&CidrIp=0.0.0.0%2F0",
    ),
}


@pytest.mark.parametrize("what", READABLE)
def test_requests_shrink_to_what_a_person_would_write(what: str) -> None:
    strategy, predicate, text = READABLE[what]

    # A digit more or less is as readable, and costs Hypothesis long to be rid of.
    assert text == re.sub(r"sg-0000000\d", "sg-00000000", Codec().encode(shortest(strategy, predicate)))


@pytest.mark.parametrize(
    ("choices", "text"),
    [
        ({"action": "RunInstances"}, "action: expected one of None, RevokeSecurityGroupIngress"),
        ({"version": "2016-11-16"}, "version: expected a date up to 2016-11-15, got '2016-11-16'"),
        ({"version": "today"}, "version: expected a date up to 2016-11-15, got 'today'"),
        ({"platform": "cloud"}, "platform: expected one of any, classic, vpc, got 'cloud'"),
        ({"profile": "none"}, "profile: expected one of None, documented, observed, got 'none'"),
        ({"style": "round"}, "style: expected one of None, nested, flat, got 'round'"),
        ({"version": 20161115}, "version: expected a date up to 2016-11-15, got 20161115"),
        ({"max_permissions": 0}, "max_permissions: expected an integer from 1 on, got 0"),
        ({"max_permissions": "4"}, "max_permissions: expected an integer from 1 on, got '4'"),
        ({"max_permissions": 2.5}, "max_permissions: expected an integer from 1 on, got 2.5"),
        ({"max_permissions": True}, "max_permissions: expected an integer from 1 on, got True"),
        (
            {"action": "RevokeSecurityGroupEgress", "platform": "classic"},
            "action=RevokeSecurityGroupEgress does not go together with platform=classic",
        ),
        (
            {"action": "RevokeSecurityGroupEgress", "style": "flat"},
            "action=RevokeSecurityGroupEgress does not go together with style=flat",
        ),
    ],
)
def test_impossible_choices_are_refused_when_the_strategy_is_made(choices: dict[str, Any], text: str) -> None:
    with pytest.raises(InvalidArgument, match=re.escape(text)):
        requests(**choices)


@given(requests(max_permissions=1, style="nested"))
def test_no_more_permissions_are_drawn_than_asked_for(request: Request) -> None:
    assert len(request.ip_permissions) == 1


def test_what_an_earlier_permission_grants_is_not_granted_again() -> None:
    group = UserIdGroupPair(group_id="sg-1a2b3c4d")
    other = replace(group, group_id="sg-2a2b3c4d")
    one = IpPermission(ip_protocol="tcp", from_port=1, to_port=2, groups=(group,))
    two = replace(one, ip_protocol="6", groups=(group, other))
    bare = IpPermission(ip_protocol="tcp", from_port=1, to_port=2)

    fresh = without_repeated_grants((one, two, one, bare), "ingress", Policy())

    assert (one, replace(two, groups=(other,)), bare) == fresh
