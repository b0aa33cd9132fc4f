"""Requests as values, and the one deliberate second copy of the shape."""

import pickle
from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest
from marshmallow import Schema

from ec2codec import (
    Grant,
    IpPermission,
    IpRange,
    Ipv6Range,
    PrefixListId,
    Request,
    RevokeSecurityGroupIngress,
    UserIdGroupPair,
    decode,
)
from ec2codec.model import Auth
from ec2codec.names import snake_case
from ec2codec.schemas import SCHEMAS, BaseSchema
from ec2codec.shape import Listing, Structure, read

STRUCTURES = [
    schema for schema in BaseSchema.__subclasses__() if isinstance(getattr(schema, "structure", None), type)
]
# Attributes that are no parameters of the wire.
BESIDE = {"auth"}


@pytest.mark.parametrize("schema", [*STRUCTURES, *SCHEMAS.values()], ids=lambda schema: schema.__name__)
def test_model_has_an_attribute_for_every_parameter(schema: Any) -> None:
    expected = {snake_case(name) for name in schema().fields} - {"action"}

    assert expected == {field.name for field in fields(schema.structure)} - BESIDE


@pytest.mark.parametrize("schema", [*STRUCTURES, *SCHEMAS.values()], ids=lambda schema: schema.__name__)
def test_attributes_have_the_types_of_the_parameters(schema: Any) -> None:
    shape = read(schema())
    declared = {field.name: str(field.type) for field in fields(schema.structure)}

    for member in shape.members.values():
        match member:
            case Listing(item=Structure() as item):
                expected = f"tuple[{item.name}, ...]"
            case Listing():
                expected = "tuple[str, ...]"
            case _:
                expected = f"{member.scalar.python.__name__} | None"
        if member.name not in ("Action", "Version"):
            assert expected == declared[member.attribute]


def test_requests_are_frozen() -> None:
    request = RevokeSecurityGroupIngress(group_id="sg-1a2b3c4d")

    with pytest.raises(FrozenInstanceError):
        request.group_id = "x"  # type: ignore[misc]


def test_requests_have_no_room_for_slips() -> None:
    with pytest.raises(TypeError):
        RevokeSecurityGroupIngress(groupid="sg-1a2b3c4d")  # type: ignore[call-arg]


def test_authentication_is_kept_and_neither_compared_nor_shown() -> None:
    query = (
        "Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=sg-1a2b3c4d&IpPermissions.1.IpProtocol=-1"
        "&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"
    )
    signed = decode(query + "&Signature=c2VjcmV0&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE")

    assert signed.auth == {"Signature": "c2VjcmV0", "AWSAccessKeyId": "AKIAIOSFODNN7EXAMPLE"}
    assert decode(query) == signed
    assert hash(decode(query)) == hash(signed)
    assert "c2VjcmV0" not in repr(signed)
    assert repr(signed.auth) == "Auth(Signature, AWSAccessKeyId)"
    assert signed.auth == pickle.loads(pickle.dumps(signed)).auth
    assert len(signed.auth) == 2
    assert hash(signed.auth) == hash(Auth(dict(signed.auth)))


def test_flat_group_form_is_three_permissions() -> None:
    request = RevokeSecurityGroupIngress(
        source_security_group_name="web", source_security_group_owner_id="123456789012"
    )

    ports = [(p.ip_protocol, p.from_port, p.to_port) for p in request.permissions()]

    assert ports == [("tcp", 1, 65535), ("udp", 1, 65535), ("icmp", -1, -1)]
    assert {UserIdGroupPair(user_id="123456789012", group_name="web")} == {g.source for g in request.grants()}


def test_flat_and_nested_form_have_equal_grants() -> None:
    flat = RevokeSecurityGroupIngress(ip_protocol="6", from_port=80, to_port=80, cidr_ip="10.0.0.0/8")
    nested = RevokeSecurityGroupIngress(
        ip_permissions=(
            IpPermission(
                ip_protocol="tcp", from_port=80, to_port=80, ip_ranges=(IpRange(cidr_ip="10.0.0.0/8"),)
            ),
        )
    )

    assert nested.grants() == flat.grants()


def test_grants_are_canonical() -> None:
    permission = IpPermission(
        ip_protocol="50",
        from_port=80,
        to_port=80,
        groups=(UserIdGroupPair(group_id="sg-1a2b3c4d", user_id="123456789012", description="d"),),
    )

    (grant,) = permission.grants("egress")

    source = UserIdGroupPair(group_id="sg-1a2b3c4d")
    assert Grant(direction="egress", ip_protocol="50", from_port=None, to_port=None, source=source) == grant


@pytest.mark.parametrize(("version", "ports"), [("2015-10-01", (None, None)), ("2016-11-15", (8, 0))])
def test_icmpv6_has_type_and_code_since_2016(version: str, ports: tuple[int | None, int | None]) -> None:
    permission = IpPermission(
        ip_protocol="58", from_port=8, to_port=0, ip_ranges=(IpRange(cidr_ip="10.0.0.0/8"),)
    )

    (grant,) = permission.grants("ingress", version=version)

    assert ports == (grant.from_port, grant.to_port)


def test_permission_without_protocol_has_grants_too() -> None:
    (grant,) = IpPermission(ip_ranges=(IpRange(cidr_ip="10.0.0.0/8"),)).grants("ingress")

    assert grant.ip_protocol is None


def test_schemas_make_the_model_classes() -> None:
    assert all(
        issubclass(schema.structure, Request) and issubclass(schema, Schema) for schema in SCHEMAS.values()
    )


def test_every_source_is_told_by_what_it_names() -> None:
    range_, ipv6 = (
        IpRange(cidr_ip="10.0.0.0/8", description="d"),
        Ipv6Range(cidr_ipv6="::/0", description="d"),
    )
    prefixes = PrefixListId(prefix_list_id="pl-1a2b3c4d", description="d")

    assert IpRange(cidr_ip="10.0.0.0/8") == range_.identity()
    assert Ipv6Range(cidr_ipv6="::/0") == ipv6.identity()
    assert PrefixListId(prefix_list_id="pl-1a2b3c4d") == prefixes.identity()
