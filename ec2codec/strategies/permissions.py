"""Permissions that break no rule, and do not repeat each other's grants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from ec2codec.model import IpPermission, IpRange, Ipv6Range, PrefixListId, Source, UserIdGroupPair
from ec2codec.policy import Platform
from ec2codec.scalars import IPV6_VERSION, canonical_protocol, cidr_network, has_ports, ipv6_network
from ec2codec.strategies.scalars import (
    cidrs,
    group_ids,
    group_names,
    hexadecimal,
    ipv6_cidrs,
    optional,
    pair_descriptions,
    range_descriptions,
    user_ids,
)


@st.composite
def protocols_and_ports(
    draw: st.DrawFn, platform: Platform, version: str
) -> tuple[str, int | None, int | None]:
    """A protocol with ports, or type and code, as the API of *version* takes them."""
    names = ["tcp", "udp", "icmp", "6", "17", "1"]
    if platform is not Platform.CLASSIC:
        names += ["-1", "0", "47", "50", "58", "132", "255"]
        names += ["icmpv6"] if version >= IPV6_VERSION else []
    text = draw(st.sampled_from(names))
    protocol = canonical_protocol(text)
    if protocol in ("tcp", "udp"):
        first, last = sorted(draw(st.tuples(*[st.integers(0, 65535) | st.sampled_from([0, 22, 65535])] * 2)))
        return text, first, last
    if protocol == "icmp" or has_ports(protocol, version):
        kind = draw(st.integers(-1, 255))
        code = -1 if kind == -1 else draw(st.integers(-1, 255))
        omitted = protocol == "58" and draw(st.booleans())
        return (text, None, None) if omitted else (text, kind, code)
    if protocol == "-1":
        first_last = draw(st.sampled_from([(None, None)] * 3 + [(0, 0), (-1, -1), (0, 65535)]))
        return (text, *first_last)
    any_integer = st.integers(-(2**31), 2**31 - 1)
    return text, draw(optional(any_integer)), draw(optional(any_integer))


@st.composite
def _groups(draw: st.DrawFn, platform: Platform, version: str) -> UserIdGroupPair:
    peered = version >= "2015-10-01"
    shared = {
        "vpc_id": draw(optional(hexadecimal("vpc"), when=peered)),
        "vpc_peering_connection_id": draw(optional(hexadecimal("pcx"), when=peered)),
        "description": draw(optional(pair_descriptions, when=version >= IPV6_VERSION)),
    }
    if platform is Platform.VPC or draw(st.booleans()):
        return UserIdGroupPair(group_id=draw(group_ids), user_id=draw(optional(user_ids)), **shared)
    owner = draw(user_ids) if platform is Platform.CLASSIC else draw(optional(user_ids))
    return UserIdGroupPair(group_name=draw(group_names), user_id=owner, **shared)


@st.composite
def permissions(draw: st.DrawFn, platform: Platform, version: str) -> IpPermission:
    """One permission."""
    protocol, first, last = draw(protocols_and_ports(platform, version))
    described = st.booleans() if version >= IPV6_VERSION else st.just(False)
    lists: dict[str, tuple[Source, ...]] = {}

    def fill(attribute: str, strategy: st.SearchStrategy[Source]) -> None:
        lists[attribute] = tuple(draw(st.lists(strategy, min_size=1, max_size=3)))

    kinds = ["ip_ranges", "groups"]
    kinds += ["prefix_list_ids"] if version >= "2015-04-15" else []
    kinds += ["ipv6_ranges", "both"] if version >= IPV6_VERSION else []
    kind = draw(st.sampled_from(kinds))
    if kind in ("ip_ranges", "both"):
        ranges = st.builds(IpRange, cidr_ip=cidrs, description=_described(described, range_descriptions))
        fill("ip_ranges", ranges)
    if kind in ("ipv6_ranges", "both"):
        ipv6 = st.builds(
            Ipv6Range, cidr_ipv6=ipv6_cidrs, description=_described(described, range_descriptions)
        )
        fill("ipv6_ranges", ipv6)
    if kind == "groups":
        fill("groups", _groups(platform, version))
    if kind == "prefix_list_ids" or (version >= "2015-04-15" and draw(st.booleans())):
        lists_of_prefixes = st.builds(
            PrefixListId,
            prefix_list_id=hexadecimal("pl"),
            description=_described(described, pair_descriptions),
        )
        fill("prefix_list_ids", lists_of_prefixes)
    members: dict[str, Any] = dict(lists)
    return IpPermission(ip_protocol=protocol, from_port=first, to_port=last, **members)


def _described(
    described: st.SearchStrategy[bool], descriptions: st.SearchStrategy[str]
) -> st.SearchStrategy[str | None]:
    return described.flatmap(lambda has: descriptions if has else st.none())


def _key(source: Source) -> object:
    """What two sources share that could be one grant on any platform."""
    match source:
        case IpRange(cidr_ip=str(text)):
            return cidr_network(text)
        case Ipv6Range(cidr_ipv6=str(text)):
            return ipv6_network(text)
        case _:
            return source.identity()


def without_repeated_grants(permissions: Sequence[IpPermission], version: str) -> tuple[IpPermission, ...]:
    """*permissions* without the sources that an earlier one grants the same; and without those left empty."""
    seen: set[object] = set()
    kept: list[IpPermission] = []
    for permission in permissions:
        ported = has_ports(permission.protocol, version)
        ports = (permission.from_port, permission.to_port) if ported else ()
        lists: dict[str, Any] = {}
        for attribute in ("ip_ranges", "ipv6_ranges", "prefix_list_ids", "groups"):
            fresh: list[Source] = []
            for source in getattr(permission, attribute):
                key = (permission.protocol, ports, _key(source))
                if key not in seen:
                    seen.add(key)
                    fresh.append(source)
            lists[attribute] = tuple(fresh)
        if any(lists.values()):
            kept.append(
                IpPermission(
                    ip_protocol=permission.ip_protocol,
                    from_port=permission.from_port,
                    to_port=permission.to_port,
                    **lists,
                )
            )
    return tuple(kept)
