"""Rule E410: what the permissions of one request must be to each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ec2codec.model import IngressRequest, IpPermission, IpRange, Ipv6Range, PrefixListId, Request, Source
from ec2codec.policy import Policy
from ec2codec.rule import Effect, Found, rule
from ec2codec.rules.subjects import Placed, Submission
from ec2codec.scalars import (
    NETWORK_ENDINGS,
    cidr_network,
    has_ports,
    ipv6_network,
    is_cidr,
    is_ipv6_cidr,
)


def _grants_differ(sources: Sequence[str], request: Request, policy: Policy) -> bool:
    """Whether every source is named once, or else with protocol and ports of its own."""
    if policy.vpc:
        sources = [
            s if "/" not in s or (s.endswith(NETWORK_ENDINGS) and ":" not in s) else _stored(s)
            for s in sources
        ]
    if len(set(sources)) == len(sources):
        return True
    if isinstance(request, IngressRequest) and (request.cidr_ip or request.source_security_group_name):
        return False
    grants = [
        (ports, *_source_key(source, policy))
        for permission in request.ip_permissions
        for ports in [_protocol_and_ports(permission, policy)]
        for source in permission.sources
    ]
    return len(set(grants)) == len(grants)


def _stored(source: str) -> str:
    """A range as a VPC stores it; what is no range stays as it is."""
    if is_cidr(source):
        return cidr_network(source)
    return ipv6_network(source) if is_ipv6_cidr(source) else source


@rule(
    "E410",
    "grant-repeated",
    code="InvalidParameterValue",
    classic="InvalidPermission.Duplicate",
    effect=Effect.REPEATED,
    source="text: terraform-provider-aws#2587, terraform#16876",
    quick=_grants_differ,
    sees=("CidrIp", "CidrIpv6", ".PrefixListId", ".GroupId", ".GroupName", "SourceSecurityGroupName"),
)
def grant_repeated(request: Submission, policy: Policy) -> Iterator[Found]:
    """No grant comes twice in one request: protocol 6 is tcp, and in a VPC 10.0.0.1/24 is 10.0.0.0/24.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
        &IpPermissions.1.IpRanges.2.CidrIp=10.0.0.0/9
    E410 IpPermissions.1.IpRanges.2.CidrIp: &IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8&IpPermissions.1.IpRanges.2.CidrIp=10.0.0.0/8
    E410 IpPermissions.2.Groups.1.GroupId: &IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.Groups.1.GroupId=sg-2a2b3c4d&IpPermissions.2.IpProtocol=-1
        &IpPermissions.2.Groups.1.GroupId=sg-2a2b3c4d
    """
    message = "The same permission must not appear multiple times"
    seen: set[tuple[object, ...]] = set()
    for placed, item, source in _sources(request):
        key = (*_protocol_and_ports(placed.permission, policy), *_source_key(source, policy))
        if key in seen:
            yield Found(
                placed.name(f"{item}.{_leaf(source)}"), message, "ours" if policy.classic else "recorded"
            )
        seen.add(key)


def _sources(request: Submission) -> Iterator[tuple[Placed, str, Source]]:
    """Every source that names one, of a permission that has a protocol, and its item: ``"IpRanges.2"``."""
    for placed in request.permissions:
        permission = placed.permission
        if permission.ip_protocol is None:
            continue
        listings: tuple[tuple[str, tuple[Source, ...]], ...] = (
            ("IpRanges", permission.ip_ranges),
            ("Ipv6Ranges", permission.ipv6_ranges),
            ("PrefixListIds", permission.prefix_list_ids),
            ("Groups", permission.groups),
        )
        for listing, sources in listings:
            for position, source in enumerate(sources):
                item = placed.item(listing, position)
                if placed.prefix + item not in request.unnamed:
                    yield placed, item, source


def _protocol_and_ports(permission: IpPermission, policy: Policy) -> tuple[object, ...]:
    protocol = permission.protocol
    if has_ports(protocol, policy.version):
        return protocol, permission.from_port, permission.to_port
    return protocol, None, None


def _leaf(source: Source) -> str:
    match source:
        case IpRange():
            return "CidrIp"
        case Ipv6Range():
            return "CidrIpv6"
        case PrefixListId():
            return "PrefixListId"
        case _:
            return "GroupName" if source.group_id is None else "GroupId"


def _source_key(source: Source, policy: Policy) -> tuple[object, ...]:
    """What two equal sources share. Texts only: see `scalars.cidr_network` for why no ipaddress object."""
    match source:
        case IpRange():
            text = str(source.cidr_ip)
            whole = not policy.vpc or text.endswith(NETWORK_ENDINGS) or not is_cidr(text)
            return ("CidrIp", text if whole else cidr_network(text))
        case Ipv6Range():
            text = str(source.cidr_ipv6)
            return ("CidrIpv6", ipv6_network(text) if policy.vpc and is_ipv6_cidr(text) else text)
        case PrefixListId():
            return ("PrefixListId", source.prefix_list_id)
        case _ if source.group_id is None:
            return ("GroupName", source.user_id, source.group_name)
        case _:
            return ("GroupId", source.group_id)
