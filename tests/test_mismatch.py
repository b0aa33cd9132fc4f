"""Why a revoke matches nothing: the field that was changed is the field that is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from described_groups import GROUP, OWNER, groups
from ec2codec import (
    IpPermission,
    IpRange,
    Ipv6Range,
    Request,
    RevokeSecurityGroupEgress,
    RevokeSecurityGroupIngress,
    SecurityGroup,
    UserIdGroupPair,
)
from ec2codec.mismatch import explain_mismatch
from ec2codec.model import Source
from ec2codec.plan import LISTS, authorize, revoke


def permission(protocol: str, first: int | None, last: int | None, *sources: Source) -> IpPermission:
    lists: dict[str, Any] = {}
    for source in sources:
        lists[LISTS[type(source)]] = (*lists.get(LISTS[type(source)], ()), source)
    return IpPermission(ip_protocol=protocol, from_port=first, to_port=last, **lists)


def group(*permissions: IpPermission, **members: Any) -> SecurityGroup:
    described: dict[str, Any] = {"owner_id": OWNER, "group_id": GROUP, "ip_permissions": permissions}
    return SecurityGroup(**described | members)


def asked(*permissions: IpPermission) -> Request:
    return RevokeSecurityGroupIngress(group_id=GROUP, ip_permissions=permissions)


RANGE = IpRange(cidr_ip="10.0.0.0/24", description="office")
BARE = IpRange(cidr_ip="10.0.0.0/24")
NAMED = UserIdGroupPair(user_id=OWNER, group_name="web")
BY_ID = UserIdGroupPair(user_id=OWNER, group_id="sg-2a2b3c4d", group_name="db")
VPC = {"vpc_id": "vpc-1a2b3c4d"}
# Many others, so that the nearest has to be found.
CROWD = tuple(permission("udp", port, port, IpRange(cidr_ip=f"192.0.2.{port}/32")) for port in range(50))


@given(groups, st.sampled_from((revoke, authorize)))
def test_a_plan_matches_all_that_it_means(described: SecurityGroup, verb: Any) -> None:
    for request in verb(described, everything=True):
        assert () == explain_mismatch(request, described)


@pytest.mark.parametrize(
    ("there", "sent", "differs", "said"),
    [
        (
            permission("icmp", 8, -1, BARE),
            permission("icmp", 8, 8, BARE),
            "ToPort",
            "ToPort is -1, not 8",
        ),
        (
            permission("tcp", 80, 80, BARE),
            permission("tcp", 22, 80, BARE),
            "FromPort",
            "FromPort is 80, not 22",
        ),
        (
            permission("tcp", 80, 80, BARE),
            permission("17", 80, 80, BARE),
            "IpProtocol",
            "IpProtocol is tcp, not udp",
        ),
        (
            permission("tcp", 80, 80, NAMED),
            permission("tcp", 80, 80, replace(NAMED, user_id="210987654321")),
            "UserId",
            "UserId is 123456789012, not 210987654321",
        ),
        (
            permission("tcp", 80, 80, BARE),
            permission("tcp", 80, 80, IpRange(cidr_ip="10.0.0.9/24")),
            "CidrIp",
            "CidrIp is 10.0.0.0/24, not 10.0.0.9/24: the same network, other host bits",
        ),
        (
            permission("tcp", 80, 80, RANGE),
            permission("tcp", 80, 80, replace(RANGE, description="home")),
            "Description",
            "Description is office, not home: the service does not match by it",
        ),
        (
            permission("tcp", 80, 80, BARE),
            permission("tcp", 80, 80, IpRange(cidr_ip="10.0.0.0/25")),
            "CidrIp",
            "the source is CidrIp 10.0.0.0/24, not CidrIp 10.0.0.0/25",
        ),
        (
            permission("tcp", 80, 80, BY_ID),
            permission("tcp", 80, 80, replace(NAMED, group_name="dbs")),
            "GroupName",
            "the source is GroupId sg-2a2b3c4d, not GroupName dbs",
        ),
    ],
)
def test_the_field_that_differs_is_named(
    there: IpPermission, sent: IpPermission, differs: str, said: str
) -> None:
    described = group(*CROWD, there)

    (found,) = explain_mismatch(asked(permission("tcp", 443, 443), sent), described)

    assert ((differs,), said) == (found.differs, found.message)
    assert found.nearest is not None
    assert there.sources == (found.nearest.source,)
    assert (differs == "Description") == found.matches
    assert f"{found.location}: {said}" == str(found)


def test_what_the_service_takes_for_the_same_is_no_mismatch() -> None:
    described = group(permission("tcp", 80, 80, RANGE, BY_ID), permission("-1", None, None, BARE), **VPC)
    by_name = UserIdGroupPair(group_name="db")

    request = asked(
        permission("6", 80, 80, IpRange(cidr_ip="10.0.0.9/24"), by_name), permission("-1", 0, 65535, BARE)
    )

    assert () == explain_mismatch(request, described)
    assert ["CidrIp"] == [
        name for found in explain_mismatch(request, described, platform="classic") for name in found.differs
    ]


def test_several_fields_may_differ() -> None:
    described = group(permission("icmp", 8, 0, BARE))

    (found,) = explain_mismatch(asked(permission("tcp", 22, 23, BARE)), described)

    assert ("IpProtocol", "FromPort", "ToPort") == found.differs


def test_the_other_side_of_the_group_is_looked_at() -> None:
    described = group(ip_permissions_egress=(permission("tcp", 80, 80, BARE),))
    request = asked(permission("tcp", 80, 80, BARE), permission("tcp", 81, 81, BARE))

    one, other = explain_mismatch(request, described)

    assert (("direction",), "direction is egress, not ingress") == (one.differs, one.message)
    assert (None, "the group has no grant for ingress") == (other.nearest, other.message)


def test_locations_are_those_of_the_request() -> None:
    ipv6 = Ipv6Range(cidr_ipv6="2001:db8::/32")
    flat = RevokeSecurityGroupIngress(
        group_id=GROUP,
        ip_protocol="tcp",
        from_port=1,
        to_port=1,
        cidr_ip="10.0.0.0/8",
        source_security_group_name="x",
    )
    nested = RevokeSecurityGroupEgress(
        version="2016-11-15",
        group_id=GROUP,
        ip_permissions=(permission("tcp", 1, 1, BARE), permission("-1", None, None, BARE, ipv6, BY_ID)),
    )

    found = [one.location for request in (flat, nested) for one in explain_mismatch(request, group())]

    assert [
        "CidrIp",
        *["SourceSecurityGroupName"] * 3,
        "IpPermissions.1.IpRanges.1.CidrIp",
        "IpPermissions.2.IpRanges.1.CidrIp",
        "IpPermissions.2.Ipv6Ranges.1.CidrIpv6",
        "IpPermissions.2.Groups.1.GroupId",
    ] == found


@given(groups, st.data())
def test_one_changed_field_is_the_field_that_is_named(described: SecurityGroup, data: st.DataObject) -> None:
    plain = [one for one in described.ip_permissions if one.ip_protocol in ("tcp", "udp") and one.ip_ranges]
    assume(plain)
    there = data.draw(st.sampled_from(plain))
    sent = permission(str(there.ip_protocol), there.from_port, there.to_port, there.ip_ranges[0].identity())
    changes: dict[str, Any] = {
        "FromPort": {"from_port": 7},
        "ToPort": {"to_port": 7},
        "IpProtocol": {"ip_protocol": "udp" if there.protocol == "tcp" else "tcp"},
    }
    name = data.draw(st.sampled_from(sorted(changes)))

    (found,) = explain_mismatch(asked(replace(sent, **changes[name])), group(there))

    assert (name,) == found.differs
