"""Requests as values: frozen, keyword-only dataclasses with EC2's names in snake case.

This mirrors `ec2codec.schemas` for editors and type checkers; a test holds the two together. Attributes are
documented there, one line each. ``None`` is an absent parameter (0 is a port), an empty tuple an absent list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from ec2codec.scalars import canonical_protocol, has_ports

DEFAULT_VERSION = "2011-12-15"
Direction = Literal["ingress", "egress"]


def opened(closed: type, **members: object) -> type:
    """*closed*, a frozen dataclass, with its slots open; as large, so that what is made in it can become one.

    members: of the new class, such as an ``__init__``. A frozen dataclass's own takes three to five times as
    long to fill the slots.
    """
    # Both, or neither is as fast as object's: they share a slot in C.
    setting = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type(f"Open{closed.__name__}", (closed,), {"__slots__": (), **setting, **members})


class Auth(Mapping[str, str]):
    """Authentication and common parameters of a request, by name; its repr shows names only."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = dict(values or {})

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return f"Auth({', '.join(self._values)})"


NO_AUTH = Auth()


@dataclass(frozen=True, slots=True, kw_only=True)
class UserIdGroupPair:
    """A source security group; ``Groups.m`` on the wire."""

    user_id: str | None = None
    group_name: str | None = None
    group_id: str | None = None
    vpc_id: str | None = None
    vpc_peering_connection_id: str | None = None
    description: str | None = None
    peering_status: str | None = None

    def identity(self) -> UserIdGroupPair:
        """What tells this source from others: the id, or else owner and name."""
        if self.group_id is not None:
            return UserIdGroupPair(group_id=self.group_id)
        return UserIdGroupPair(user_id=self.user_id, group_name=self.group_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class IpRange:
    """An IPv4 CIDR range."""

    cidr_ip: str | None = None
    description: str | None = None

    def identity(self) -> IpRange:
        """The range without its description."""
        return IpRange(cidr_ip=self.cidr_ip)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ipv6Range:
    """An IPv6 CIDR range."""

    cidr_ipv6: str | None = None
    description: str | None = None

    def identity(self) -> Ipv6Range:
        """The range without its description."""
        return Ipv6Range(cidr_ipv6=self.cidr_ipv6)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixListId:
    """A prefix list of AWS's or of the account's."""

    prefix_list_id: str | None = None
    description: str | None = None

    def identity(self) -> PrefixListId:
        """The prefix list without its description."""
        return PrefixListId(prefix_list_id=self.prefix_list_id)


Source = IpRange | Ipv6Range | PrefixListId | UserIdGroupPair


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One (direction, protocol, ports, source): what the service stores and matches, exactly.

    ip_protocol: canonical, ``"tcp"`` for 6.
    from_port, to_port: port numbers, or ICMP type and code; None for protocols without ports.
    source: without description; a group by id, or else by owner and name.
    """

    direction: Direction
    ip_protocol: str | None
    from_port: int | None
    to_port: int | None
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class IpPermission:
    """A bundle of grants that share protocol and ports; ``IpPermissions.n`` on the wire."""

    ip_protocol: str | None = None
    from_port: int | None = None
    to_port: int | None = None
    groups: tuple[UserIdGroupPair, ...] = ()
    ip_ranges: tuple[IpRange, ...] = ()
    ipv6_ranges: tuple[Ipv6Range, ...] = ()
    prefix_list_ids: tuple[PrefixListId, ...] = ()

    @property
    def protocol(self) -> str | None:
        """The canonical protocol: ``"tcp"`` for ``"6"``."""
        return None if self.ip_protocol is None else canonical_protocol(self.ip_protocol)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source of the permission: CIDR ranges, prefix lists, groups."""
        return (*self.ip_ranges, *self.ipv6_ranges, *self.prefix_list_ids, *self.groups)

    def grants(self, direction: Direction, *, version: str = DEFAULT_VERSION) -> tuple[Grant, ...]:
        """One grant for each source, as the API of *version* reads the ports."""
        protocol = self.protocol
        ported = has_ports(protocol, version)
        return tuple(
            Grant(
                direction=direction,
                ip_protocol=protocol,
                from_port=self.from_port if ported else None,
                to_port=self.to_port if ported else None,
                source=source.identity(),
            )
            for source in self.sources
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag of a security group rule."""

    key: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TagSpecification:
    """The tags that a call gives to what it creates."""

    resource_type: str | None = None
    tag: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the four requests share; never used itself.

    version: the API version as sent; what was missing is ``"2011-12-15"``.
    auth: authentication and common parameters: kept, not compared, never shown, not encoded.
    """

    action: ClassVar[str]
    direction: ClassVar[Direction]

    version: str = DEFAULT_VERSION
    group_id: str | None = None
    dry_run: bool | None = None
    ip_permissions: tuple[IpPermission, ...] = ()
    auth: Auth = field(default=NO_AUTH, compare=False, repr=False)

    def permissions(self) -> tuple[IpPermission, ...]:
        """The permissions, whichever form was used."""
        return self.ip_permissions

    def grants(self) -> tuple[Grant, ...]:
        """The grants of all permissions, canonical, in their order."""
        return tuple(
            grant
            for permission in self.permissions()
            for grant in permission.grants(self.direction, version=self.version)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IngressRequest(Request):
    """What the two ingress requests share: the name of the group, and the flat form."""

    direction: ClassVar[Direction] = "ingress"

    user_id: str | None = None
    group_name: str | None = None
    ip_protocol: str | None = None
    from_port: int | None = None
    to_port: int | None = None
    cidr_ip: str | None = None
    source_security_group_name: str | None = None
    source_security_group_owner_id: str | None = None

    def permissions(self) -> tuple[IpPermission, ...]:
        """The permissions of both forms; the flat group form is three.

        Source: live tests of fog ("tcp 1-65535, udp 1-65535, icmp -1/-1"); Eucalyptus NetworkGroupManager.
        """
        return (*self.ip_permissions, *self._flat_cidr(), *self._flat_group())

    def _flat_cidr(self) -> Iterator[IpPermission]:
        if (self.ip_protocol, self.from_port, self.to_port, self.cidr_ip) != (None, None, None, None):
            yield IpPermission(
                ip_protocol=self.ip_protocol,
                from_port=self.from_port,
                to_port=self.to_port,
                ip_ranges=() if self.cidr_ip is None else (IpRange(cidr_ip=self.cidr_ip),),
            )

    def _flat_group(self) -> Iterator[IpPermission]:
        name, owner = self.source_security_group_name, self.source_security_group_owner_id
        if name is None and owner is None:
            return
        groups = (UserIdGroupPair(user_id=owner, group_name=name),)
        for protocol, first, last in (("tcp", 1, 65535), ("udp", 1, 65535), ("icmp", -1, -1)):
            yield IpPermission(ip_protocol=protocol, from_port=first, to_port=last, groups=groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeSecurityGroupIngress(IngressRequest):
    """Removes grants from the ingress side of a security group."""

    action: ClassVar[str] = "RevokeSecurityGroupIngress"

    security_group_rule_id: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizeSecurityGroupIngress(IngressRequest):
    """Adds grants to the ingress side of a security group."""

    action: ClassVar[str] = "AuthorizeSecurityGroupIngress"

    tag_specification: tuple[TagSpecification, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeSecurityGroupEgress(Request):
    """Removes grants from the egress side of a VPC security group."""

    action: ClassVar[str] = "RevokeSecurityGroupEgress"
    direction: ClassVar[Direction] = "egress"

    security_group_rule_id: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizeSecurityGroupEgress(Request):
    """Adds grants to the egress side of a VPC security group."""

    action: ClassVar[str] = "AuthorizeSecurityGroupEgress"
    direction: ClassVar[Direction] = "egress"

    tag_specification: tuple[TagSpecification, ...] = ()
