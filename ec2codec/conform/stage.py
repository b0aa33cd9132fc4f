"""The groups that a run works on, made for it and removed after it; and what has to be in them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ec2codec import plan
from ec2codec.conform.budget import CutShort
from ec2codec.conform.casting import Member
from ec2codec.conform.picture import Picture, held, taken
from ec2codec.conform.service import Service, ServiceError
from ec2codec.errors import EncodeError, quoted
from ec2codec.model import Direction, IpPermission
from ec2codec.responses import SecurityGroup

if TYPE_CHECKING:
    from ec2codec.model import Grant

# Source groups of one request that are ours; what names more of them names strangers.
MAX_SOURCES = 8
PREFIX = "ec2codec-conform"
# Groups that the server may fail to remove before no more of them are made.
MAX_LEFT = 10


class Stage:
    """A target and some sources on a server.

    Each is made when it is needed. One in which something is that was not at first is made anew, for that
    needs no trust in how the server revokes. Every method but `close` raises ServiceError where the server
    does not do its part, and CutShort.

    vpc_id: where groups are made; None: where the server puts them.
    given: ids of groups to use in place of new ones, the target first: for servers that make none. They are
        emptied, and never deleted.
    """

    def __init__(self, service: Service, *, vpc_id: str | None = None, given: Sequence[str] = ()) -> None:
        self.picture: Picture = {}
        self._service = service
        self._vpc_id = vpc_id
        self._given = given
        self._prefix = f"{PREFIX}-{secrets.token_hex(4)}"
        self._count = 0
        self._members: list[Member] = []
        self._pristine: Picture = {}
        # Groups that may be there, by name: from before they are made until the server says they are gone.
        self._owed: dict[str, str | None] = {}

    @property
    def target(self) -> Member:
        """The group that requests are about; there is one after `clear`."""
        return self._members[0]

    @property
    def ids(self) -> dict[str, str]:
        """The ids of all groups by their names."""
        return {member.name: member.group_id for member in self._members}

    def source(self, number: int) -> Member | None:
        """The source group of a number, from 0 on; None if there are no more."""
        position = number + 1
        if position >= (len(self._given) or 1 + MAX_SOURCES):
            return None
        if position >= len(self._members):
            self._members.append(self._new(position))
            self._keep()
        return self._members[position]

    def clear(self) -> None:
        """Have everything as it was at first."""
        changed = {group_id for group_id, _ in self.picture.keys() ^ self._pristine.keys()}
        if self._members and not changed:
            return
        for position, member in enumerate(self._members):
            if member.group_id in changed:
                self._pay(member.name)
                self._members[position] = self._new(position)
        self._members = self._members or [self._new(0)]
        self._keep()

    def arrange(self, grants: Iterable[Grant], *, present: bool) -> bool:
        """Have grants in the target, or have them not; whether that went well."""
        there = dict(held(grants, self.target.group_id, self.ids))
        to_do = [grant for holding, grant in there.items() if (holding in self.picture) is not present]
        if to_do:
            self._ask(plan.authorize if present else plan.revoke, _group(self.target, to_do))
            self.look()
        return all((holding in self.picture) is present for holding in there)

    def look(self) -> None:
        """Take a picture of all groups."""
        described = self._service.described([member.group_id for member in self._members])
        self.picture = taken(described.values(), self.ids)

    def give_up(self) -> None:
        """Remove all groups, in which something is that cannot be described; `clear` makes others."""
        self._remove()
        self.picture = self._pristine = {}
        self._members = []

    def close(self) -> tuple[str, ...]:
        """Remove what was made; the names of groups that may be there still."""
        with suppress(KeyboardInterrupt, CutShort):
            self._remove()
        return tuple(self._owed)

    def _remove(self) -> None:
        # What refers to others may go later than they; in the second round nothing refers to anything.
        for name in (*self._owed, *self._owed):
            with suppress(ServiceError):
                self._pay(name)

    def _new(self, position: int) -> Member:
        return self._taken_over(self._given[position]) if self._given else self._made()

    def _made(self) -> Member:
        if len(self._owed) - len(self._members) >= MAX_LEFT:
            raise ServiceError(f"it does not remove security groups, {MAX_LEFT} so far: use --group-id")
        self._count += 1
        name = f"{self._prefix}-{self._count}"
        self._owed[name] = None
        try:
            self._owed[name] = self._service.create(name, self._vpc_id)
        except CutShort:
            # It was never asked for.
            del self._owed[name]
            raise
        group = self._service.named(name)
        if group is None or group.group_id is None:
            raise ServiceError("it does not describe the security group that it made")
        self._owed[name] = group.group_id
        return Member(group.group_id, name, group.owner_id)

    def _taken_over(self, group_id: str) -> Member:
        group = self._service.described([group_id]).get(group_id)
        if group is None:
            raise ServiceError(f"it has no security group {quoted(group_id)}")
        self._ask(plan.revoke, group)
        left = taken(self._service.described([group_id]).values(), {})
        if left:
            raise ServiceError(f"the security group {quoted(group_id)} cannot be emptied")
        return Member(group_id, str(group.group_name), group.owner_id)

    def _keep(self) -> None:
        self.look()
        self._pristine = self.picture

    def _pay(self, name: str) -> None:
        """Remove a group, if it was made and is there."""
        if name not in self._owed:
            return
        group_id = self._owed[name]
        if group_id is None:
            # It was asked for, and its answer was never read.
            group = self._service.named(name)
            group_id = group.group_id if group else None
        if group_id is None or self._service.delete(group_id):
            del self._owed[name]

    def _ask(self, planned: Any, group: SecurityGroup) -> None:
        for request in planned(group, everything=True):
            # What cannot be written cannot be put there; that it is missing shows in the next picture.
            with suppress(EncodeError):
                self._service.change(request)


def _group(target: Member, grants: Iterable[Grant]) -> SecurityGroup:
    """A target that holds these grants and no others, to be planned for."""
    sides: dict[Direction, list[IpPermission]] = {"ingress": [], "egress": []}
    for grant in grants:
        sources: dict[str, Any] = {plan.LISTS[type(grant.source)]: (grant.source,)}
        sides[grant.direction].append(
            IpPermission(
                ip_protocol=grant.ip_protocol, from_port=grant.from_port, to_port=grant.to_port, **sources
            )
        )
    return SecurityGroup(
        owner_id=target.owner,
        group_id=target.group_id,
        group_name=target.name,
        ip_permissions=tuple(sides["ingress"]),
        ip_permissions_egress=tuple(sides["egress"]),
    )
