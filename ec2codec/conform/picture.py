"""What groups permit, and what a call changed of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ec2codec.described import described_grants
from ec2codec.grants import ALL_PROTOCOLS, Key, key, source_key
from ec2codec.model import Grant, UserIdGroupPair
from ec2codec.plan import SIDES
from ec2codec.policy import Platform
from ec2codec.responses import SecurityGroup

# Id of a group, and what tells its grants apart.
Holding = tuple[str, Key]
Picture = Mapping[Holding, Grant]


@dataclass(frozen=True, slots=True)
class Change:
    """What is there now and was not, and what is not there any more."""

    added: Picture
    removed: Picture

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def same_as(self, other: Change) -> bool:
        """Whether both are the same grants of the same groups."""
        return self.added.keys() == other.added.keys() and self.removed.keys() == other.removed.keys()


def taken(groups: Iterable[SecurityGroup], ids: Mapping[str, str]) -> Picture:
    """All grants of the groups. ids: of groups by their names, which servers may use in their stead."""
    return {
        holding: grant
        for group in groups
        for side in SIDES
        for holding, grant in held(described_grants(group, side), str(group.group_id), ids)
    }


def held(grants: Iterable[Grant], group_id: str, ids: Mapping[str, str]) -> Iterator[tuple[Holding, Grant]]:
    """Grants by what a group of that id would have: source groups by id, networks without host bits."""
    for grant in grants:
        yield (group_id, key(_identified(grant, ids), platform=Platform.VPC)), grant


def _identified(grant: Grant, ids: Mapping[str, str]) -> Grant:
    """The grant with the id of its source group, where it only has a name of ours."""
    source = grant.source
    if not isinstance(source, UserIdGroupPair) or source.group_id is not None:
        return grant
    group_id = ids.get(str(source.group_name))
    return grant if group_id is None else replace(grant, source=UserIdGroupPair(group_id=group_id))


def change(before: Picture, after: Picture) -> Change:
    """How one picture became the other."""
    return Change(
        added={holding: after[holding] for holding in sorted(after.keys() - before.keys())},
        removed={holding: before[holding] for holding in sorted(before.keys() - after.keys())},
    )


def told(grants: Iterable[Grant]) -> str:
    """Grants in words: ``"ingress tcp 80-90 10.0.0.0/8, egress all 0.0.0.0/0"``."""
    return ", ".join(_told(grant) for grant in grants)


def _told(grant: Grant) -> str:
    protocol = "all" if grant.ip_protocol == ALL_PROTOCOLS else str(grant.ip_protocol)
    ports = f" {_port(grant.from_port)}-{_port(grant.to_port)}"
    has_none = grant.from_port is None and grant.to_port is None
    name = source_key(grant.source)[1][1]
    return f"{grant.direction} {protocol}{'' if has_none else ports} {name or 'from nowhere'}"


def _port(number: int | None) -> str:
    return "none" if number is None else str(number)
