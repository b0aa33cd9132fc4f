"""Described groups for tests: generated ones, their XML, and a model of the service that has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from ec2codec import (
    DescribeSecurityGroupsResponse,
    Grant,
    IpPermission,
    IpRange,
    Ipv6Range,
    PrefixListId,
    Request,
    SecurityGroup,
    UserIdGroupPair,
    encode_response,
)
from ec2codec.grants import Key, key

OWNER = "123456789012"
GROUP = "sg-1a2b3c4d"

_CIDRS = ("10.0.0.0/8", "10.0.0.0/16", "192.0.2.7/32", "0.0.0.0/0")
_DESCRIPTIONS = st.sampled_from((None, None, "office"))
_RANGES = st.builds(IpRange, cidr_ip=st.sampled_from(_CIDRS), description=_DESCRIPTIONS)
_IPV6_RANGES = st.builds(
    Ipv6Range, cidr_ipv6=st.sampled_from(("::/0", "2001:db8::/32")), description=_DESCRIPTIONS
)
_LISTS = st.builds(PrefixListId, prefix_list_id=st.just("pl-1a2b3c4d"), description=_DESCRIPTIONS)
_PAIRS = st.sampled_from(
    (
        UserIdGroupPair(user_id=OWNER, group_id="sg-2a2b3c4d"),
        UserIdGroupPair(user_id=OWNER, group_id=GROUP, group_name="self"),
        UserIdGroupPair(
            user_id="210987654321", group_id="sg-3a2b3c4d", peering_status="active", vpc_id="vpc-1"
        ),
        UserIdGroupPair(user_id="amazon-elb", group_id="sg-843f59ed", group_name="amazon-elb-sg"),
        UserIdGroupPair(group_id="sg-4a2b3c4d", description="peer"),
        UserIdGroupPair(user_id=OWNER, group_name="named"),
    )
)
_WHAT = st.sampled_from(
    (
        *(
            ("tcp", 80, 80),
            ("tcp", 0, 65535),
            ("udp", 0, 0),
            ("icmp", 8, -1),
            ("icmp", -1, -1),
            ("icmp", 8, 0),
        ),
        *(("-1", None, None), ("50", None, None), ("58", -1, -1), ("58", 128, 0), ("58", None, None)),
    )
)


def _unique(sources: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(sources, max_size=3, unique_by=lambda source: source.identity()).map(tuple)


def _permission(what: tuple[Any, Any, Any], *lists: Any) -> IpPermission:
    ip_ranges, ipv6_ranges, prefix_list_ids, groups = lists
    protocol, first, last = what
    return IpPermission(
        ip_protocol=protocol,
        from_port=first,
        to_port=last,
        ip_ranges=ip_ranges,
        ipv6_ranges=ipv6_ranges,
        prefix_list_ids=prefix_list_ids,
        groups=groups,
    )


# EC2 merges what has equal protocol and ports into one item.
_SIDES = st.lists(
    st.builds(_permission, _WHAT, *map(_unique, (_RANGES, _IPV6_RANGES, _LISTS, _PAIRS))),
    max_size=4,
    unique_by=lambda permission: (permission.ip_protocol, permission.from_port, permission.to_port),
).map(tuple)
groups = st.builds(
    SecurityGroup,
    owner_id=st.just(OWNER),
    group_id=st.just(GROUP),
    group_name=st.just("self"),
    group_description=st.just("a group"),
    vpc_id=st.sampled_from(("vpc-1a2b3c4d", None)),
    ip_permissions=_SIDES,
    ip_permissions_egress=_SIDES,
)


def xml_of(*described: SecurityGroup) -> str:
    """The describe document of groups."""
    return encode_response(
        DescribeSecurityGroupsResponse(version="2016-11-15", request_id="r", security_group_info=described)
    )


class Model:
    """What the service keeps of a group: grants, matched exactly; source groups by id where it has one."""

    def __init__(self, grants: Iterable[Grant]) -> None:
        self.grants = {_service_key(grant): grant for grant in grants}

    def revoke(self, request: Request) -> None:
        """Remove the grants of a request; a KeyError is the service's InvalidPermission.NotFound."""
        for grant in request.grants():
            del self.grants[_service_key(grant)]

    def authorize(self, request: Request) -> None:
        """Add the grants of a request; none may be there."""
        for grant in request.grants():
            assert _service_key(grant) not in self.grants
            self.grants[_service_key(grant)] = grant


_IDS = {("amazon-elb", "amazon-elb-sg"): "sg-843f59ed", (OWNER, "self"): GROUP}


def _service_key(grant: Grant) -> Key:
    """The service knows every group's id, whatever it is called."""
    source = grant.source
    if isinstance(source, UserIdGroupPair) and source.group_id is None:
        found = _IDS.get((source.user_id or "", source.group_name or ""))
        grant = replace(grant, source=replace(source, group_id=found))
    return key(grant, platform="vpc", owner=OWNER)
