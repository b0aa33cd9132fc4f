"""One described security group, however it is at hand: our value, XML, or what the SDK returned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ec2codec.codec import decode_response
from ec2codec.errors import quoted, shown
from ec2codec.model import Direction, Grant, IpPermission, UserIdGroupPair
from ec2codec.policy import Platform, Profile
from ec2codec.responses import DescribeSecurityGroupsResponse, ErrorResponse, SecurityGroup
from ec2codec.scalars import IPV6_VERSION
from ec2codec.sdk import group_from_boto

Group = SecurityGroup | DescribeSecurityGroupsResponse | Mapping[str, Any] | str | bytes


def security_group(group: Group, *, group_id: str | None = None) -> SecurityGroup:
    """The security group of a describe response: an object, XML, or the SDK's answer or an item of it.

    group_id: which one, where there are several.
    Raises: EnvelopeError if it is no such response. ValueError if it holds no group, or not one of this id,
        or if a permission has an element that ec2codec does not know, so that a plan would miss it.
    """
    if isinstance(group, Mapping) and "SecurityGroups" not in group:
        group = group_from_boto(group)
    if isinstance(group, SecurityGroup):
        return group
    if isinstance(group, Mapping):
        return group_from_boto(_chosen(group["SecurityGroups"], group_id, lambda one: one.get("GroupId")))
    response = group if isinstance(group, DescribeSecurityGroupsResponse) else _decoded(group)
    for location, _ in response.unknown:
        if "ipPermissions" in location:
            raise ValueError(f"{shown(location)}: not known, so that a plan would miss it")
    described: SecurityGroup = _chosen(response.security_group_info, group_id, lambda one: one.group_id)
    return described


def _decoded(xml: str | bytes) -> DescribeSecurityGroupsResponse:
    response = decode_response(xml, request="DescribeSecurityGroups", profile=Profile.OBSERVED)
    if isinstance(response, ErrorResponse):
        raise ValueError(f"expected a described group, got the error {quoted(str(response.code))}")
    if not isinstance(response, DescribeSecurityGroupsResponse):
        raise ValueError(f"expected a described group, got {type(response).__name__}")
    return response


def _chosen(groups: Sequence[Any], group_id: str | None, id_of: Any) -> Any:
    """The only group, or that of the id."""
    found = [group for group in groups if group_id is None or id_of(group) == group_id]
    if len(found) != 1:
        which = "one group" if group_id is None else f"one group {quoted(group_id)}"
        raise ValueError(f"expected {which}, found {len(found)} of {len(groups)}")
    return found[0]


def platform_of(group: SecurityGroup, platform: Platform | str = Platform.ANY) -> Platform:
    """*platform*, or VPC where it is ANY and the group says that it is in one."""
    return Platform.VPC if Platform(platform) is Platform.ANY and group.vpc_id else Platform(platform)


def permissions_of(group: SecurityGroup, direction: Direction) -> tuple[IpPermission, ...]:
    """The permissions of one side of a group."""
    return group.ip_permissions if direction == "ingress" else group.ip_permissions_egress


def described_grants(group: SecurityGroup, direction: Direction) -> tuple[Grant, ...]:
    """The grants of one side of a group; each source as described, with its description and owner."""
    return tuple(
        replace(grant, source=source)
        for permission in permissions_of(group, direction)
        for grant, source in zip(
            permission.grants(direction, version=IPV6_VERSION), permission.sources, strict=True
        )
    )


def namings(grant: Grant) -> Iterator[Grant]:
    """A described grant by each name that a request may use: a source group has an id, and often a name."""
    yield grant
    source = grant.source
    if isinstance(source, UserIdGroupPair) and source.group_id is not None and source.group_name is not None:
        yield replace(grant, source=replace(source, group_id=None))
