"""Faults of E410: one grant twice in a request, as equal as the platform takes grants to be."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from hypothesis.strategies import DrawFn

from ec2codec.model import IpPermission, IpRange, Ipv6Range, PrefixListId, Source, UserIdGroupPair
from ec2codec.scalars import IPV6_VERSION, has_ports
from ec2codec.strategies.faults.bases import beside, first_of, items
from ec2codec.strategies.faults.drawing import FLIP, pick, within
from ec2codec.strategies.faults.registry import Broken, breaking
from ec2codec.strategies.faults.scene import Scene
from ec2codec.strategies.faults.sources import permission

LISTS: dict[type, tuple[str, str]] = {
    IpRange: ("ip_ranges", "IpRanges"),
    Ipv6Range: ("ipv6_ranges", "Ipv6Ranges"),
    PrefixListId: ("prefix_list_ids", "PrefixListIds"),
    UserIdGroupPair: ("groups", "Groups"),
}
# Two ways to write each protocol that has two.
OTHER_NAMES = {"tcp": "6", "6": "tcp", "udp": "17", "17": "udp", "icmp": "1", "1": "icmp"}
ICMPV6_NAMES = {"58": "icmpv6", "icmpv6": "58"}


@breaking("E410")
def repeated_in_one_permission(draw: DrawFn, scene: Scene) -> Broken:
    """A source once more at the end of its list."""
    own = draw(permission(scene))
    source = pick(draw, own.sources)
    attribute, listing = LISTS[type(source)]
    lists: dict[str, Any] = {attribute: (*getattr(own, attribute), _again(draw, scene, source))}
    draft = beside(draw, scene, replace(own, **lists))
    last = items(draft.params, f"{draft.prefix}{listing}.")[-1]
    return Broken(draft.params, f"{draft.prefix}{listing}.{last}.{_leaf(source)}")


@breaking("E410")
def repeated_in_another_permission(draw: DrawFn, scene: Scene) -> Broken:
    """A source once more in a permission after its own, whose protocol may be written otherwise."""
    own = draw(permission(scene))
    source = pick(draw, own.sources)
    attribute, listing = LISTS[type(source)]
    lists: dict[str, Any] = {attribute: (_again(draw, scene, source),)}
    other = IpPermission(**_ports_again(draw, scene, own), **lists)
    draft = beside(draw, scene, own, other)
    return Broken(draft.params, first_of(draft.params, f"{draft.prefix}{listing}.", f".{_leaf(source)}"))


def _leaf(source: Source) -> str:
    match source:
        case IpRange():
            return "CidrIp"
        case Ipv6Range():
            return "CidrIpv6"
        case PrefixListId():
            return "PrefixListId"
        case UserIdGroupPair(group_id=None):
            return "GroupName"
        case _:
            return "GroupId"


def _again(draw: DrawFn, scene: Scene, source: Source) -> Source:
    """A source that is the same grant, but for its description, and what else is not part of it."""
    same = replace(source, description=None) if draw(FLIP) else source
    match same:
        case IpRange(cidr_ip=str(text)) if scene.vpc:
            return replace(same, cidr_ip=_other_address(draw, IPv4Network(text, strict=False)))
        case Ipv6Range(cidr_ipv6=str(text)) if scene.vpc:
            return replace(same, cidr_ipv6=_other_address(draw, IPv6Network(text, strict=False)))
        case UserIdGroupPair(group_id=str()):
            return replace(same, user_id=pick(draw, (None, same.user_id, "123456789012")), vpc_id=None)
        case _:
            return same


def _other_address(draw: DrawFn, network: IPv4Network | IPv6Network) -> str:
    """An address of the network, written in full: a VPC stores both as the network."""
    address = network[draw(within(0, network.num_addresses - 1))]
    return f"{pick(draw, (str(address), address.exploded.upper()))}/{network.prefixlen}"


def _ports_again(draw: DrawFn, scene: Scene, own: IpPermission) -> dict[str, Any]:
    """The same protocol, perhaps by its other name, and the same ports; none, where EC2 keeps none."""
    protocol = own.ip_protocol or ""
    other_names = OTHER_NAMES | (ICMPV6_NAMES if scene.since(IPV6_VERSION) else {})
    again: dict[str, Any] = {"ip_protocol": pick(draw, (protocol, other_names.get(protocol, protocol)))}
    if has_ports(own.protocol, scene.binding) or draw(FLIP):
        again |= {"from_port": own.from_port, "to_port": own.to_port}
    return again
