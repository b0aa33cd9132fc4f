"""Plans against a real moto server: exactly the chosen grants disappear, and come back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ec2codec import Request, SecurityGroup
from ec2codec.described import described_grants, security_group
from ec2codec.grants import Key, by_key, key
from ec2codec.plan import SIDES, authorize, revoke
from ec2codec.sdk import to_boto
from moto_service import moto_client

CALLS = {
    "RevokeSecurityGroupIngress": "revoke_security_group_ingress",
    "RevokeSecurityGroupEgress": "revoke_security_group_egress",
    "AuthorizeSecurityGroupIngress": "authorize_security_group_ingress",
    "AuthorizeSecurityGroupEgress": "authorize_security_group_egress",
}
RANGES = {"IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "office"}, {"CidrIp": "192.0.2.0/24"}]}
MERGED: dict[str, Any] = {**RANGES, "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}]}


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with moto_client() as client:
        yield client


@pytest.fixture(scope="module")
def group_id(client: Any) -> str:
    # Without an IPv6 block moto says true to revoking IPv6 egress, and does nothing.
    vpc = client.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]["VpcId"]
    ids = [
        client.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
        for name in ("web", "db")
    ]
    sources = {"UserIdGroupPairs": [{"GroupId": one} for one in ids]}
    # moto falls over a protocol number without ports (TypeError, 500), which EC2 takes.
    permissions = [
        {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, **MERGED, **sources},
        {"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, **RANGES},
        {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, **RANGES},
        {"IpProtocol": "-1", **sources},
    ]
    client.authorize_security_group_ingress(GroupId=ids[0], IpPermissions=permissions)
    client.authorize_security_group_egress(GroupId=ids[0], IpPermissions=permissions[:2])
    return str(ids[0])


def described(client: Any, group_id: str) -> SecurityGroup:
    return security_group(client.describe_security_groups(GroupIds=[group_id]))


def keys(group: SecurityGroup) -> set[Key]:
    return {
        key(grant, platform="vpc", owner=group.owner_id)
        for side in SIDES
        for grant in described_grants(group, side)
    }


def send(client: Any, requests: tuple[Request, ...]) -> None:
    for request in requests:
        answer = getattr(client, CALLS[request.action])(**to_boto(request))
        assert answer["Return"] is True


@given(st.data())
@settings(max_examples=12)
def test_a_real_service_loses_exactly_the_chosen_grants(
    client: Any, group_id: str, data: st.DataObject
) -> None:
    before = described(client, group_id)
    grants = by_key([g for side in SIDES for g in described_grants(before, side)], "vpc", before.owner_id)
    chosen = data.draw(st.lists(st.sampled_from(sorted(grants)), unique=True))
    matching = [grants[one] for one in chosen]

    send(client, revoke(before, matching=matching))

    assert keys(before) - set(chosen) == keys(described(client, group_id))
    send(client, authorize(before, matching=matching))
    assert keys(before) == keys(described(client, group_id))


def test_a_real_service_loses_everything_when_asked(client: Any, group_id: str) -> None:
    before = described(client, group_id)

    send(client, revoke(before, everything=True, chunk=2))

    assert set() == keys(described(client, group_id))
    assert 20 == len(keys(before))
