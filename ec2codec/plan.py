"""Describe, then revoke: the requests that remove exactly the chosen grants of a group, or add them.

What DescribeSecurityGroups answers is no request: it merges grants, names a source group twice, and says
what only a response says. Each step here answers a failure that was reported: see docs/guides/plan.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from ec2codec.described import Group, described_grants, namings, platform_of, security_group
from ec2codec.grants import Key, by_key, key
from ec2codec.model import (
    DEFAULT_VERSION,
    AuthorizeSecurityGroupEgress,
    AuthorizeSecurityGroupIngress,
    Direction,
    Grant,
    IngressRequest,
    IpPermission,
    IpRange,
    Ipv6Range,
    PrefixListId,
    Request,
    RevokeSecurityGroupEgress,
    RevokeSecurityGroupIngress,
    Source,
    UserIdGroupPair,
)
from ec2codec.policy import Platform
from ec2codec.responses import SecurityGroup
from ec2codec.scalars import IPV6_VERSION, has_ports

Matching = Callable[[Grant], bool] | Iterable[Grant]
Verb = Literal["Revoke", "Authorize"]

# No group has more: rules a group times groups an interface is 1,000 at most (Amazon VPC quotas).
MAX_GRANTS = 1000
SIDES: tuple[Direction, ...] = ("ingress", "egress")
PREFIX_LIST_VERSION = "2015-04-15"


def revoke(
    group: Group,
    *,
    matching: Matching | None = None,
    everything: bool = False,
    direction: Direction | None = None,
    group_id: str | None = None,
    platform: Platform | str = Platform.ANY,
    version: str | None = None,
    chunk: int = MAX_GRANTS,
) -> tuple[Request, ...]:
    """The requests that remove exactly the chosen grants of a described group; none if none is chosen.

    group: a `SecurityGroup`, a describe response, its XML, or what the AWS SDK for Python returned.
    matching: the grants; or a predicate on grants, whose sources have description and owner as described.
    everything: choose all; one of the two is needed, so that no slip empties a group.
    direction: ``"ingress"`` or ``"egress"``; None: both.
    group_id: which group, where *group* holds several.
    platform: of the group; ANY is VPC where the group has a VPC id.
    version: API version of the requests; None: of each the oldest that can say it.
    chunk: grants a request, 1 or more. Outside default VPCs a request with one grant that is not there
        revokes none, so that 1 isolates them.
    Raises: ValueError if nothing or too much is chosen, for a direction that is none, for a grant that the
        group does not have, and as `ec2codec.described.security_group`; EnvelopeError as that does.
    """
    one = security_group(group, group_id=group_id)
    chosen = _choose(one, matching, everything=everything, direction=direction, platform=platform)
    planner = _Planner("Revoke", one, platform_of(one, platform), target=one.group_id, version=version)
    return tuple(planner.requests(chosen, chunk))


def authorize(
    group: Group,
    *,
    matching: Matching | None = None,
    everything: bool = False,
    direction: Direction | None = None,
    group_id: str | None = None,
    target: str | None = None,
    platform: Platform | str = Platform.ANY,
    version: str | None = None,
    chunk: int = MAX_GRANTS,
) -> tuple[Request, ...]:
    """The requests that add exactly the chosen grants of a described group, with their descriptions.

    The mirror of `revoke`: on the group itself it undoes that. target: id of another group that shall get
    them. The other arguments and errors are those of `revoke`.
    """
    one = security_group(group, group_id=group_id)
    chosen = _choose(one, matching, everything=everything, direction=direction, platform=platform)
    where = platform_of(one, platform)
    planner = _Planner("Authorize", one, where, target=target or one.group_id, version=version)
    return tuple(planner.requests(chosen, chunk))


def _choose(
    group: SecurityGroup,
    matching: Matching | None,
    *,
    everything: bool,
    direction: Direction | None,
    platform: Platform | str,
) -> tuple[Grant, ...]:
    """The chosen grants in the order of the description, none twice."""
    if everything is (matching is not None):
        raise ValueError("expected either matching or everything=True")
    if direction not in (None, *SIDES):
        raise ValueError(f"expected ingress, egress or None as direction, got {direction!r}")
    sides = SIDES if direction is None else (direction,)
    grants = [grant for side in sides for grant in described_grants(group, side)]
    where = platform_of(group, platform)
    distinct = tuple(by_key(grants, where, group.owner_id).values())
    if matching is None:
        return distinct
    if callable(matching):
        return tuple(grant for grant in distinct if matching(grant))
    return _named(distinct, matching, where, group.owner_id)


def _named(
    grants: tuple[Grant, ...], wanted: Iterable[Grant], platform: Platform, owner: str | None
) -> tuple[Grant, ...]:
    """Those of *grants* that are *wanted*.

    Raises: ValueError for a wanted one that is not among them.
    """
    known: dict[Key, Grant] = {}
    for grant in grants:
        for naming in namings(grant):
            known.setdefault(key(naming, platform=platform, owner=owner), grant)
    chosen: set[int] = set()
    for want in wanted:
        found = known.get(key(want, platform=platform, owner=owner))
        if found is None:
            raise ValueError(f"the group has no {want}; ec2codec.mismatch.explain_mismatch says why")
        chosen.add(id(found))
    return tuple(grant for grant in grants if id(grant) in chosen)


class _Planner:
    """Writes the requests of one group."""

    def __init__(
        self,
        verb: Verb,
        group: SecurityGroup,
        platform: Platform,
        *,
        target: str | None,
        version: str | None,
    ) -> None:
        self.verb = verb
        self.group = group
        self.platform = platform
        self.target = target
        self.version = version

    def requests(self, grants: tuple[Grant, ...], chunk: int) -> Iterator[Request]:
        """Ingress first; *chunk* grants each."""
        if chunk < 1:
            raise ValueError(f"expected a chunk of 1 or more grants, got {chunk}")
        for direction in SIDES:
            side = [grant for grant in grants if grant.direction == direction]
            for start in range(0, len(side), chunk):
                yield self._request(direction, side[start : start + chunk])

    def _request(self, direction: Direction, grants: list[Grant]) -> Request:
        permissions = tuple(self._permissions(grants))
        version = self.version or _oldest_version(permissions)
        # By id wherever there is one, and never both: a name means a group of the default VPC (boto3#1697).
        if self.target is None and direction == "ingress":
            kind = INGRESS[self.verb]
            return kind(version=version, group_name=self.group.group_name, ip_permissions=permissions)
        kinds: Mapping[Verb, type[Request]] = INGRESS if direction == "ingress" else EGRESS
        return kinds[self.verb](version=version, group_id=self.target, ip_permissions=permissions)

    def _permissions(self, grants: list[Grant]) -> Iterator[IpPermission]:
        """One permission for each protocol, ports and kind of source, in the order of the grants."""
        bundles: dict[tuple[str | None, int | None, int | None, str], list[Source]] = {}
        for grant in grants:
            source = self._sent(grant)
            bundle = (grant.ip_protocol, grant.from_port, grant.to_port, LISTS[type(source)])
            bundles.setdefault(bundle, []).append(source)
        for (protocol, first, last, listing), sources in bundles.items():
            members: dict[str, Any] = {listing: tuple(sources)}
            yield IpPermission(ip_protocol=protocol, from_port=first, to_port=last, **members)

    def _sent(self, grant: Grant) -> Source:
        """A described source as a request names it: literal, once, without what only responses say."""
        source = grant.source
        named = source.identity()
        if isinstance(source, UserIdGroupPair):
            vpc = self.platform is Platform.VPC or grant.direction == "egress"
            named = self._named(source, vpc=vpc)
        return replace(named, description=source.description) if self.verb == "Authorize" else named

    def _named(self, group: UserIdGroupPair, *, vpc: bool) -> UserIdGroupPair:
        """By id, with the owner if that is another's; outside VPCs Amazon's own by owner and name."""
        owner = group.user_id or None
        amazon = group.group_name is not None and owner is not None and owner.startswith("amazon-")
        if group.group_id is None or (amazon and not vpc):
            return UserIdGroupPair(user_id=owner, group_name=group.group_name)
        return UserIdGroupPair(
            user_id=None if owner == self.group.owner_id else owner, group_id=group.group_id
        )


def _oldest_version(permissions: tuple[IpPermission, ...]) -> str:
    """The oldest API version, from 2011-12-15 on, that has every member of these."""
    if any(_is_new(permission) for permission in permissions):
        return IPV6_VERSION
    listed = any(permission.prefix_list_ids for permission in permissions)
    return PREFIX_LIST_VERSION if listed else DEFAULT_VERSION


def _is_new(permission: IpPermission) -> bool:
    """Whether only 2016-11-15 can say it: IPv6 ranges, types of ICMPv6, descriptions."""
    typed = permission.from_port is not None and not has_ports(permission.protocol, DEFAULT_VERSION)
    described = any(source.description is not None for source in permission.sources)
    return bool(permission.ipv6_ranges) or typed or described


INGRESS: dict[Verb, type[IngressRequest]] = {
    "Revoke": RevokeSecurityGroupIngress,
    "Authorize": AuthorizeSecurityGroupIngress,
}
EGRESS: dict[Verb, type[Request]] = {
    "Revoke": RevokeSecurityGroupEgress,
    "Authorize": AuthorizeSecurityGroupEgress,
}
LISTS: dict[type[Source], str] = {
    IpRange: "ip_ranges",
    Ipv6Range: "ipv6_ranges",
    PrefixListId: "prefix_list_ids",
    UserIdGroupPair: "groups",
}
