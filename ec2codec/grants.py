"""The algebra of grants: which are one and the same, which covers which, how two sets of them differ.

Two questions, two answers. *Identity* is what the service goes by when it revokes: equal protocol, equal
ports, equal source, no more and no less (`canonical`, `key`, `equal`, `diff`). *Traffic* is what a grant
lets through: tcp 0-65535 from 10.0.0.0/8 covers tcp 80 from 10.1.2.3/32, and revoking the one leaves the
other as it was (`covers`, `overlaps`).

Nothing here is keyed by ipaddress objects: they hash by their number, which lets chosen ranges collide
(cpython#77965).
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network
from typing import NamedTuple

from ec2codec.model import Grant, IpRange, Ipv6Range, PrefixListId, Source, UserIdGroupPair
from ec2codec.policy import Platform
from ec2codec.scalars import canonical_protocol, cidr_network, ipv6_network, is_cidr, is_ipv6_cidr

Network = IPv4Network | IPv6Network
# First and last of a range, both inclusive.
Span = tuple[int, int]
# Whether there is a value, and the value or a stand-in: None does not compare with texts.
Text = tuple[bool, str]
Number = tuple[bool, int]
Key = tuple[str, Text, Number, Number, str, Text, Text]

ALL_PROTOCOLS = "-1"
# All that a type or code of ICMP may be; -1 means all of them.
_EVERY: Span = (0, 255)


def canonical(grant: Grant, *, platform: Platform | str = Platform.ANY, owner: str | None = None) -> Grant:
    """The one form of all grants that the service takes for the same.

    6 is tcp and icmpv6 is 58; there are no ports where the protocol has none, and for ICMPv6 -1/-1 is as
    good as none; an IPv6 range is its network as RFC 5952 spells it, and on VPC an IPv4 range is its network
    too (EC2-Classic stored the text). A source group is its id, or else owner and name; descriptions do not
    count.

    platform: egress grants are of a VPC, whatever it says but CLASSIC.
    owner: AWS account of source groups that are named without one; 12 digits.
    """
    protocol = None if grant.ip_protocol is None else canonical_protocol(grant.ip_protocol)
    first, last = _canonical_ports(protocol, grant.from_port, grant.to_port)
    where = Platform(platform)
    vpc = where is Platform.VPC or (where is Platform.ANY and grant.direction == "egress")
    return Grant(
        direction=grant.direction,
        ip_protocol=protocol,
        from_port=first,
        to_port=last,
        source=_canonical_source(grant.source, vpc=vpc, owner=owner),
    )


def _canonical_ports(
    protocol: str | None, first: int | None, last: int | None
) -> tuple[int | None, int | None]:
    if protocol in (None, "tcp", "udp", "icmp") or (protocol == "58" and (first, last) != (-1, -1)):
        return first, last
    return None, None


def _canonical_source(source: Source, *, vpc: bool, owner: str | None) -> Source:
    match source:
        case IpRange(cidr_ip=str(text)) if vpc and is_cidr(text):
            return IpRange(cidr_ip=cidr_network(text))
        case Ipv6Range(cidr_ipv6=str(text)) if is_ipv6_cidr(text):
            return Ipv6Range(cidr_ipv6=ipv6_network(text))
        case UserIdGroupPair(group_id=None, user_id=None, group_name=str(name)):
            return UserIdGroupPair(user_id=owner, group_name=name)
        case _:
            return source.identity()


def key(grant: Grant, *, platform: Platform | str = Platform.ANY, owner: str | None = None) -> Key:
    """What equal grants share and others do not: texts and numbers, hashable and sortable.

    platform, owner: as for `canonical`.
    """
    one = canonical(grant, platform=platform, owner=owner)
    ports = _number(one.from_port), _number(one.to_port)
    return (one.direction, _text(one.ip_protocol), *ports, *source_key(one.source))


def source_key(source: Source) -> tuple[str, Text, Text]:
    """What equal sources share, as they are: kind, id or range or name, and the owner of a name."""
    match source:
        case IpRange():
            return "CidrIp", _text(source.cidr_ip), _text(None)
        case Ipv6Range():
            return "CidrIpv6", _text(source.cidr_ipv6), _text(None)
        case PrefixListId():
            return "PrefixListId", _text(source.prefix_list_id), _text(None)
        case _ if source.group_id is None:
            return "GroupName", _text(source.group_name), _text(source.user_id)
        case _:
            return "GroupId", _text(source.group_id), _text(None)


def _text(value: str | None) -> Text:
    return (False, "") if value is None else (True, value)


def _number(value: int | None) -> Number:
    return (False, 0) if value is None else (True, value)


def equal(
    one: Grant, other: Grant, *, platform: Platform | str = Platform.ANY, owner: str | None = None
) -> bool:
    """Whether the service takes the two for the same grant. platform, owner: as for `canonical`."""
    return key(one, platform=platform, owner=owner) == key(other, platform=platform, owner=owner)


class Difference(NamedTuple):
    """How two sets of grants differ, each part in the order of `key`, each grant as it was given.

    missing: wanted, and not there. extra: there, and not wanted. shared: there and wanted, as it is there.
    """

    missing: tuple[Grant, ...]
    extra: tuple[Grant, ...]
    shared: tuple[Grant, ...]


def diff(
    have: Iterable[Grant],
    want: Iterable[Grant],
    *,
    platform: Platform | str = Platform.ANY,
    owner: str | None = None,
) -> Difference:
    """What is to be authorized (missing) and revoked (extra), so that *have* becomes *want*.

    The order of neither counts, nor how often a grant stands in it. platform, owner: as for `canonical`.
    """
    there = by_key(have, platform, owner)
    wanted = by_key(want, platform, owner)
    return Difference(
        missing=tuple(wanted[k] for k in sorted(wanted.keys() - there.keys())),
        extra=tuple(there[k] for k in sorted(there.keys() - wanted.keys())),
        shared=tuple(there[k] for k in sorted(there.keys() & wanted.keys())),
    )


def by_key(grants: Iterable[Grant], platform: Platform | str, owner: str | None) -> dict[Key, Grant]:
    """The grants by their keys, in their order; of equal ones the first."""
    found: dict[Key, Grant] = {}
    for grant in grants:
        found.setdefault(key(grant, platform=platform, owner=owner), grant)
    return found


def covers(wide: Grant, narrow: Grant) -> bool:
    """Whether *wide* lets through all that *narrow* does.

    Protocol -1 covers every protocol, ICMP type -1 every type, a range every range inside it. Prefix lists
    and source groups cover themselves only, since nobody knows here who is in them. A grant that says no
    traffic (ports missing, reversed or out of range; a range that is none) is covered by its equals only.
    """
    if equal(wide, narrow):
        return True
    if wide.direction != narrow.direction or not _source_covers(wide.source, narrow.source):
        return False
    outer, inner = _traffic(wide), _traffic(narrow)
    if outer is None or inner is None:
        return False
    if outer.protocol == ALL_PROTOCOLS:
        return True
    if outer.protocol != inner.protocol:
        return False
    return all(a <= c and d <= b for (a, b), (c, d) in zip(outer.spans, inner.spans, strict=True))


def overlaps(one: Grant, other: Grant) -> bool:
    """Whether some traffic is let through by both; for what the two may be, see `covers`."""
    if equal(one, other):
        return True
    if one.direction != other.direction or not _sources_overlap(one.source, other.source):
        return False
    mine, theirs = _traffic(one), _traffic(other)
    if mine is None or theirs is None:
        return False
    if ALL_PROTOCOLS in (mine.protocol, theirs.protocol):
        return True
    if mine.protocol != theirs.protocol:
        return False
    return all(a <= d and c <= b for (a, b), (c, d) in zip(mine.spans, theirs.spans, strict=True))


class _Traffic(NamedTuple):
    """A protocol, and the span of its ports, or those of its types and codes."""

    protocol: str
    spans: tuple[Span, ...] = ()


def _traffic(grant: Grant) -> _Traffic | None:
    """What a grant lets through, whoever sends it; None if that is nothing."""
    one = canonical(grant)
    if one.ip_protocol is None:
        return None
    match one.ip_protocol, one.from_port, one.to_port:
        case ("tcp" | "udp" as protocol, int(first), int(last)) if 0 <= first <= last <= 65535:
            return _Traffic(protocol, ((first, last),))
        case ("58" as protocol, None, None):
            return _Traffic(protocol, (_EVERY, _EVERY))
        case ("icmp" | "58" as protocol, int(kind), int(code)) if -1 <= kind <= 255 and -1 <= code <= 255:
            return _Traffic(protocol, (_icmp(kind), _icmp(code)))
        case ("tcp" | "udp" | "icmp" | "58", _, _):
            return None
        case _:
            return _Traffic(one.ip_protocol)


def _icmp(value: int) -> Span:
    """What a type or a code stands for."""
    return _EVERY if value == -1 else (value, value)


def _network(source: Source) -> Network | None:
    """The network of a range, whose texts ipaddress alone would not hold to the grammar."""
    match source:
        case IpRange(cidr_ip=str(text)) if is_cidr(text):
            return IPv4Network(cidr_network(text))
        case Ipv6Range(cidr_ipv6=str(text)) if is_ipv6_cidr(text):
            return IPv6Network(ipv6_network(text))
        case _:
            return None


def _source_covers(wide: Source, narrow: Source) -> bool:
    match _network(wide), _network(narrow):
        case (IPv4Network() as outer, IPv4Network() as inner):
            return inner.subnet_of(outer)
        case (IPv6Network() as outer, IPv6Network() as inner):
            return inner.subnet_of(outer)
        case (None, None):
            kind, (named, _), _ = alike = source_key(wide)
            return named and not kind.startswith("Cidr") and alike == source_key(narrow)
        case _:
            return False


def _sources_overlap(one: Source, other: Source) -> bool:
    return _source_covers(one, other) or _source_covers(other, one)
