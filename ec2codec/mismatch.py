"""Why a revoke will match nothing: for each grant that the group does not have, the nearest that it has.

The service matches exactly, and outside non-default VPCs says true all the same: ICMP 8/8 leaves 8/-1 as it
was (aws-cli#1075).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from ec2codec.described import Group, described_grants, namings, platform_of, security_group
from ec2codec.errors import quoted
from ec2codec.grants import canonical, source_key
from ec2codec.model import Grant, IngressRequest, IpPermission, IpRange, Request, Source, UserIdGroupPair
from ec2codec.policy import Platform
from ec2codec.responses import SecurityGroup
from ec2codec.scalars import cidr_network, is_cidr

# The parts of a grant: "loose" is the source without host bits, or a name without its owner.
Parts = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A grant of a request beside the nearest one of the group.

    location: parameter name of its source, as it would be sent.
    grant: what the request says, canonical but for the description.
    nearest: the described grant that differs in least; None if the group has none of this direction at all.
    differs: wire names of the members that differ, ``"ToPort"``; ``"direction"`` for the group's other side.
    matches: whether the service takes it all the same: only the description differs.
    message: both, in one line.
    """

    location: str
    grant: Grant
    nearest: Grant | None
    differs: tuple[str, ...]
    matches: bool
    message: str

    def __str__(self) -> str:
        return f"{self.location}: {self.message}"


def explain_mismatch(
    request: Request, group: Group, *, group_id: str | None = None, platform: Platform | str = Platform.ANY
) -> tuple[Mismatch, ...]:
    """Every grant of a request that the group does not have, in their order, and what is nearest to it.

    Also those that match although they say another description, which the service does not go by.
    group, group_id, platform: as for `ec2codec.plan.revoke`. Time grows in proportion to both.
    Raises: as `ec2codec.described.security_group`.
    """
    one = security_group(group, group_id=group_id)
    index = _Index(one, platform_of(one, platform))
    return tuple(found for location, grant in _placed(request) for found in index.explain(location, grant))


class _Index:
    """The grants of a group, by each combination of parts that a near one may share."""

    def __init__(self, group: SecurityGroup, platform: Platform) -> None:
        self.platform = platform
        self.owner = group.owner_id
        self.shared: dict[tuple[object, ...], Grant] = {}
        for grant in (*described_grants(group, "ingress"), *described_grants(group, "egress")):
            for named in namings(grant):
                parts = self._parts(named)
                for kept in NEARNESS:
                    self.shared.setdefault((kept, *(parts[part] for part in kept)), grant)

    def explain(self, location: str, grant: Grant) -> Iterator[Mismatch]:
        parts = self._parts(grant)
        nearest = next(filter(None, (self.shared.get((k, *map(parts.get, k))) for k in NEARNESS)), None)
        if nearest is None:
            message = f"the group has no grant for {grant.direction}"
            yield Mismatch(
                location=location, grant=grant, nearest=None, differs=(), matches=False, message=message
            )
            return
        differences = list(self._differences(grant, nearest))
        if differences:
            differs = tuple(name for name, _ in differences)
            yield Mismatch(
                location=location,
                grant=grant,
                nearest=nearest,
                differs=differs,
                matches=differs == ("Description",),
                message="; ".join(text for _, text in differences),
            )

    def _parts(self, grant: Grant) -> Parts:
        one = canonical(grant, platform=self.platform, owner=self.owner)
        return {
            "direction": one.direction,
            "protocol": one.ip_protocol,
            "first": one.from_port,
            "last": one.to_port,
            "source": source_key(one.source),
            "loose": source_key(_loose(one.source)),
        }

    def _differences(self, grant: Grant, nearest: Grant) -> Iterator[tuple[str, str]]:
        """Wire name of each member that differs, and both values."""
        sent = self._parts(grant)
        # Of the two namings of a described source group, the one that the request uses.
        there = min(map(self._parts, namings(nearest)), key=lambda parts: parts["source"] != sent["source"])
        for part, name in MEMBERS.items():
            if sent[part] != there[part]:
                yield name, f"{name} is {_said(there[part])}, not {_said(sent[part])}"
        if sent["source"] != there["source"]:
            yield _source_difference(grant.source, nearest.source, same=sent["loose"] == there["loose"])
        elif grant.source.description not in (None, nearest.source.description):
            yield (
                "Description",
                f"Description is {_said(nearest.source.description)}, not {_said(grant.source.description)}: "
                "the service does not match by it",
            )


def _loose(source: Source) -> Source:
    """A range as its network, a named source group without its owner."""
    match source:
        case IpRange(cidr_ip=str(text)) if is_cidr(text):
            return IpRange(cidr_ip=cidr_network(text))
        case UserIdGroupPair(group_id=None):
            return UserIdGroupPair(group_name=source.group_name)
        case _:
            return source


def _source_difference(sent: Source, there: Source, *, same: bool) -> tuple[str, str]:
    """The member that tells two sources apart, and both values."""
    name, value = _leaf(sent)
    other_name, other = _leaf(there)
    if same and isinstance(sent, UserIdGroupPair) and isinstance(there, UserIdGroupPair):
        return "UserId", f"UserId is {_said(there.user_id)}, not {_said(sent.user_id)}"
    if same:
        return name, f"{name} is {_said(other)}, not {_said(value)}: the same network, other host bits"
    return name, f"the source is {other_name} {_said(other)}, not {name} {_said(value)}"


def _leaf(source: Source) -> tuple[str, str | None]:
    """Wire name and value of the member that names a source."""
    key = source_key(source)
    return key[0], key[1][1] if key[1][0] else None


def _said(value: object) -> str:
    return "absent" if value is None else quoted(str(value))


def _placed(request: Request) -> Iterator[tuple[str, Grant]]:
    """Every grant of a request, with descriptions, and the parameter name of its source."""
    for position, permission in enumerate(request.ip_permissions, 1):
        yield from _of_permission(request, permission, f"IpPermissions.{position}.")
    if isinstance(request, IngressRequest):
        for permission in request.permissions()[len(request.ip_permissions) :]:
            name = "SourceSecurityGroupName" if permission.groups else "CidrIp"
            for grant in permission.grants(request.direction, version=request.version):
                yield name, grant


def _of_permission(request: Request, permission: IpPermission, prefix: str) -> Iterator[tuple[str, Grant]]:
    grants = permission.grants(request.direction, version=request.version)
    for (listing, position, source), grant in zip(_listed(permission), grants, strict=True):
        yield f"{prefix}{listing}.{position}.{_leaf(source)[0]}", replace(grant, source=source)


def _listed(permission: IpPermission) -> Iterator[tuple[str, int, Any]]:
    """List, position and source, in the order of `IpPermission.sources`."""
    lists: Iterable[tuple[str, tuple[Source, ...]]] = (
        ("IpRanges", permission.ip_ranges),
        ("Ipv6Ranges", permission.ipv6_ranges),
        ("PrefixListIds", permission.prefix_list_ids),
        ("Groups", permission.groups),
    )
    for listing, sources in lists:
        for position, source in enumerate(sources, 1):
            yield listing, position, source


MEMBERS = {"direction": "direction", "protocol": "IpProtocol", "first": "FromPort", "last": "ToPort"}
# What two grants share that are near, the nearest first: all; all but one; fewer.
NEARNESS: tuple[tuple[str, ...], ...] = (
    ("direction", "protocol", "first", "last", "source"),
    ("direction", "protocol", "first", "last", "loose"),
    ("direction", "protocol", "first", "source"),
    ("direction", "protocol", "last", "source"),
    ("direction", "first", "last", "source"),
    ("protocol", "first", "last", "source"),
    ("direction", "protocol", "source"),
    ("direction", "protocol", "first", "last"),
    ("direction", "source"),
    ("direction", "loose"),
    ("direction", "protocol"),
    ("direction",),
)
