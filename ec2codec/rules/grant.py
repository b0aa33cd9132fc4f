"""Rule E410: what the permissions of one request must be to each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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


def _grants_differ(request: Request, policy: Policy) -> bool:
    """Whether every source is named once in all permissions, or else with protocol and ports of its own."""
    permissions = request.ip_permissions
    if not permissions:
        return True  # the flat form has one range and one group at most
    if isinstance(request, IngressRequest) and (request.cidr_ip or request.source_security_group_name):
        return False
    sources = _source_texts(permissions, policy)
    if len(set(sources)) == len(sources):
        return True
    grants = [
        (_protocol_and_ports(permission, policy), text)
        for permission in permissions
        for text in _source_texts((permission,), policy)
    ]
    return len(set(grants)) == len(grants)


def _source_texts(permissions: Iterable[IpPermission], policy: Policy) -> list[object]:
    """What tells the sources of permissions from each other, as `_source_key` has it."""
    texts: list[object] = []
    vpc = policy.vpc
    for permission in permissions:
        for range_ in permission.ip_ranges:
            text = range_.cidr_ip
            # Told by its end, most ranges are networks already.
            whole = not vpc or (text is not None and text.endswith(NETWORK_ENDINGS))
            texts.append(text if whole else _source_key(range_, policy)[1])
        for group in permission.groups:
            texts.append(group.group_id or (group.user_id, group.group_name))
        if permission.ipv6_ranges or permission.prefix_list_ids:
            texts += [_source_key(source, policy) for source in permission.ipv6_ranges]
            texts += [source.prefix_list_id for source in permission.prefix_list_ids]
    return texts


@rule(
    "E410",
    "grant-repeated",
    code="InvalidParameterValue",
    classic="InvalidPermission.Duplicate",
    effect=Effect.REPEATED,
    source="text: terraform-provider-aws#2587, terraform#16876",
    quick=_grants_differ,
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
            return ("CidrIp", cidr_network(text) if policy.vpc and is_cidr(text) else text)
        case Ipv6Range():
            text = str(source.cidr_ipv6)
            return ("CidrIpv6", ipv6_network(text) if policy.vpc and is_ipv6_cidr(text) else text)
        case PrefixListId():
            return ("PrefixListId", source.prefix_list_id)
        case _ if source.group_id is None:
            return ("GroupName", source.user_id, source.group_name)
        case _:
            return ("GroupId", source.group_id)
