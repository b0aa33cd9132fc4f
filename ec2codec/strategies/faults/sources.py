"""Permissions for faults: with the protocol, the ports and the kind of source that a rule is about."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ec2codec import scalars
from ec2codec.model import IpPermission, IpRange, Ipv6Range, PrefixListId, Source, UserIdGroupPair
from ec2codec.policy import Policy
from ec2codec.scalars import IPV6_VERSION, cidr_network, ipv6_network
from ec2codec.strategies.faults.scene import Scene
from ec2codec.strategies.scalars import values
from ec2codec.strategies.ties import protocols_and_ports

# By attribute of a permission; "owned" groups are by name, with their owner, "known" ones by id.
Kind = Literal["ip_ranges", "ipv6_ranges", "prefix_list_ids", "groups", "owned", "known"]
ATTRIBUTES = {"owned": "groups", "known": "groups"}

PREFIX_LIST_VERSION = "2015-04-15"
PEERING_VERSION = "2015-10-01"

# A protocol and its ports, by attribute.
Ports = dict[str, Any]


def likeness(source: Source) -> object:
    """What two sources share that could be one grant on any platform."""
    match source:
        case IpRange(cidr_ip=str(text)):
            return cidr_network(text)
        case Ipv6Range(cidr_ipv6=str(text)):
            return ipv6_network(text)
        case _:
            return source.identity()


def permission(
    scene: Scene, *, ports: SearchStrategy[Ports] | None = None, kind: Kind | None = None
) -> SearchStrategy[IpPermission]:
    """Permissions that break no rule, with these protocols and ports, and one kind of source."""
    return _permission(scene.policy, ports, kind)


@cache
def _permission(
    policy: Policy, ports: SearchStrategy[Ports] | None, kind: Kind | None
) -> SearchStrategy[IpPermission]:
    drawn = protocols_and_ports(policy) if ports is None else ports
    kinds = _kinds(policy.version) if kind is None else (kind,)
    return st.one_of([st.builds(_permitted, drawn, _sources(each, policy)) for each in kinds])


def _permitted(ports: Ports, sources: Ports) -> IpPermission:
    return IpPermission(**ports, **sources)


def _kinds(version: str) -> tuple[Kind, ...]:
    kinds: tuple[Kind, ...] = ("ip_ranges", "groups")
    kinds += ("prefix_list_ids",) if version >= PREFIX_LIST_VERSION else ()
    return (*kinds, "ipv6_ranges") if version >= IPV6_VERSION else kinds


def _sources(kind: Kind, policy: Policy) -> SearchStrategy[dict[str, tuple[Source, ...]]]:
    """One to three sources of one kind, by attribute; no two are one grant."""
    made = st.one_of([_SOURCES[each](policy) for each in _GROUPS.get((kind, policy.vpc), (kind,))])
    sources = st.lists(made, min_size=1, max_size=3, unique_by=likeness)
    attribute = ATTRIBUTES.get(kind, kind)
    return sources.map(lambda drawn: {attribute: tuple(drawn)})


_GROUPS = {("groups", True): ("known",), ("groups", False): ("known", "owned")}


def _described(kind: type, policy: Policy, scalar: scalars.Scalar, **naming: Any) -> SearchStrategy[Any]:
    description = st.none()
    if policy.version >= IPV6_VERSION:
        description |= values(scalar, policy)
    return st.builds(kind, description=description, **naming)


def _groups(policy: Policy, **naming: Any) -> SearchStrategy[Any]:
    if policy.version >= PEERING_VERSION:
        naming["vpc_id"] = st.none() | values(scalars.VPC_ID, policy)
        naming["vpc_peering_connection_id"] = st.none() | values(scalars.PEERING_ID, policy)
    return _described(UserIdGroupPair, policy, scalars.PAIR_DESCRIPTION, **naming)


def _ranges(policy: Policy) -> SearchStrategy[Any]:
    return _described(IpRange, policy, scalars.RANGE_DESCRIPTION, cidr_ip=values(scalars.CIDR, policy))


def _ipv6_ranges(policy: Policy) -> SearchStrategy[Any]:
    cidrs = values(scalars.IPV6_CIDR, policy)
    return _described(Ipv6Range, policy, scalars.RANGE_DESCRIPTION, cidr_ipv6=cidrs)


def _prefix_lists(policy: Policy) -> SearchStrategy[Any]:
    ids = values(scalars.PREFIX_LIST_ID, policy)
    return _described(PrefixListId, policy, scalars.PAIR_DESCRIPTION, prefix_list_id=ids)


def _known(policy: Policy) -> SearchStrategy[Any]:
    owners = st.none() | values(scalars.USER_ID, policy)
    return _groups(policy, group_id=values(scalars.GROUP_ID, policy), user_id=owners)


def _owned(policy: Policy) -> SearchStrategy[Any]:
    owners = values(scalars.USER_ID, policy)
    return _groups(policy, group_name=values(scalars.GROUP_NAME, policy), user_id=owners)


_SOURCES = {
    "ip_ranges": _ranges,
    "ipv6_ranges": _ipv6_ranges,
    "prefix_list_ids": _prefix_lists,
    "known": _known,
    "owned": _owned,
}


def _numbered(
    protocols: SearchStrategy[str], pairs: SearchStrategy[tuple[int, int]]
) -> SearchStrategy[Ports]:
    return st.builds(
        lambda protocol, pair: {"ip_protocol": protocol, "from_port": pair[0], "to_port": pair[1]},
        protocols,
        pairs,
    )


def types_of(*protocols: str) -> SearchStrategy[Ports]:
    """Protocols with ICMP type and code, which are not all types."""
    return _numbered(st.sampled_from(protocols), st.tuples(st.integers(0, 255), st.integers(-1, 255)))


_PORT = st.sampled_from((0, 22, 80, 1024, 65535)) | st.integers(0, 65535)
_PORT_RANGES = st.tuples(_PORT, _PORT).map(lambda pair: (min(pair), max(pair)))
# Protocols with a range of ports, in order; with type and code, before and since ICMPv6; with either.
TCP_AND_UDP = _numbered(st.sampled_from(("tcp", "udp", "6", "17")), _PORT_RANGES)
ICMP = types_of("icmp", "1")
ICMP_AND_ICMPV6 = types_of("icmp", "1", "58", "icmpv6")
PORTED = TCP_AND_UDP | ICMP


def icmp(scene: Scene) -> SearchStrategy[Ports]:
    """Every protocol that has type and code."""
    return ICMP_AND_ICMPV6 if not scene.classic and scene.since(IPV6_VERSION) else ICMP


# For `bases.unused`: more than one request holds.
SPARE_IDS = tuple(f"sg-{n:08x}" for n in range(64))
SPARE_NAMES = tuple(f"websrv{n}" for n in range(64))
SPARE_RANGES = tuple(f"192.0.2.{n}/32" for n in range(64))
