"""The wire shape, read once from the Schemas into a frozen tree; every derivation reads this, not them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from marshmallow.fields import Field

from ec2codec import fields
from ec2codec.names import Path, is_index, snake_case
from ec2codec.rules.subjects import Misfit, Sent
from ec2codec.scalars import Scalar
from ec2codec.suggest import nearest
from ec2codec.tree import MAX_DEPTH

# What people write, and what they mean: the SDKs' names, botocore's of 2013 (aws-cli#48), flat parameters
# where only the nested form is.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "CidrIp": ("IpRanges", "IpPermissions"),
    "CidrIpv6": ("Ipv6Ranges",),
    "FromPort": ("IpPermissions",),
    "GroupName": ("GroupId",),
    "IpProtocol": ("IpPermissions",),
    "Item": ("IpPermissions",),
    "PrefixListId": ("PrefixListIds",),
    "SecurityGroupRuleIds": ("SecurityGroupRuleId",),
    "SourceSecurityGroupName": ("Groups", "IpPermissions"),
    "SourceSecurityGroupOwnerId": ("Groups", "IpPermissions"),
    "TagSpecifications": ("TagSpecification",),
    "Tags": ("Tag",),
    "ToPort": ("IpPermissions",),
    "UserIdGroupPairs": ("Groups",),
}


class Member(NamedTuple):
    """A scalar of the shape."""

    name: str
    attribute: str
    scalar: Scalar
    since: str
    doc: str
    source: str
    may_be_empty: bool = False


class Listing(NamedTuple):
    """A list of the shape; *item* is what each index holds."""

    name: str
    attribute: str
    item: Structure | Member
    since: str
    doc: str
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """A structure of the shape. name: EC2's name of the data type."""

    name: str
    members: Mapping[str, Member | Listing]


Node = Structure | Listing | Member


class Declares(Protocol):
    """A Schema, as far as it is read here."""

    fields: dict[str, Any]


def read(schema: Declares) -> Structure:
    """The shape that a Schema declares.

    Raises: TypeError for a field that this cannot read, or one with validators of its own.
    """
    members = {name: _read_field(name, declared) for name, declared in schema.fields.items()}
    return Structure(type(schema).__name__.removesuffix("Schema"), members)


def _read_field(name: str, declared: Field[Any]) -> Member | Listing:
    if declared.validators:
        raise TypeError(f"{name}: the law is in rules, not in validators")
    match declared:
        case fields.Parameter():
            return _read_parameter(name, declared)
        case fields.Indexed(item=fields.Structure() as item):
            inner: Structure | Member = read(item.schema)
        case fields.Indexed(item=fields.Parameter() as item):
            inner = _read_parameter(name, item)
        case _:
            raise TypeError(f"{name}: no field of ec2codec.fields")
    return Listing(name, snake_case(name), inner, declared.since, declared.doc, declared.source)


def _read_parameter(name: str, declared: fields.Parameter) -> Member:
    attribute = snake_case(name)
    return Member(
        name,
        attribute,
        declared.scalar,
        declared.since,
        declared.doc,
        declared.source,
        declared.may_be_empty,
    )


def resolve(root: Structure, sent: Sent, version: str) -> None:
    """Give a name its place in the shape of *version*: its path and scalar, or why it has none."""
    place = find(root, sent.name, version)
    if place is None:
        _diagnose(root, sent, version)
    else:
        sent.path, sent.scalar, sent.may_be_empty = place


def find(root: Structure, name: str, version: str) -> tuple[Path, Scalar, bool] | None:
    """Path and scalar of a name in the shape of *version*, and whether its value may be empty; or None."""
    return (_find if len(name) <= MAX_CACHED_NAME else _find.__wrapped__)(root, name, version)


# Good traffic has few names; hostile ones age out, and long ones (the longest of the API has 65 characters)
# are not kept at all.
MAX_CACHED_NAME = 128


@lru_cache(maxsize=4096)
def _find(root: Structure, name: str, version: str) -> tuple[Path, Scalar, bool] | None:
    node: Node = root
    path: list[str | int] = []
    for segment in name.split(".", MAX_DEPTH):
        if isinstance(node, Structure):
            child = node.members.get(segment)
            if child is None or child.since > version:
                return None
            node = child
            path.append(segment)
        elif isinstance(node, Listing) and is_index(segment):
            node = node.item
            path.append(int(segment))
        else:
            return None
    return (tuple(path), node.scalar, node.may_be_empty) if isinstance(node, Member) else None


def _diagnose(root: Structure, sent: Sent, version: str) -> None:
    """Say why a name has no place, and which one was meant: the slow half of `resolve`."""
    walk = _Walk(version)
    segments = sent.name.split(".", MAX_DEPTH)
    node: Node | None = root
    while node is not None and segments:
        node = walk.step(node, segments)
    sent.path = tuple(walk.known)
    sent.since = walk.since
    if node is None:
        sent.misfit = "unknown"
        return
    walk.complete(node, sent.name.rpartition(".")[2])
    sent.misfit = walk.misfit or "misplaced"
    sent.meant = ".".join(walk.meant)
    if sent.meant == sent.name:
        sent.meant = None


class _Walk:
    """A walk through the shape along a name that has no place in it, mending as it goes.

    misfit: the first in the order E101, E102, E104. known: the path before the first fault.
    """

    def __init__(self, version: str) -> None:
        self.version = version
        self.meant: list[str] = []
        self.known: list[str | int] = []
        self.misfit: Misfit | None = None
        self.since: str | None = None

    def step(self, node: Node, segments: list[str]) -> Node | None:
        """The node that the next segment means; None if it means none."""
        if isinstance(node, Structure):
            return self._member(node, segments.pop(0))
        if isinstance(node, Listing):
            return self._item(node, segments)
        # A scalar has no members: what follows it is in vain.
        segments.clear()
        return node

    def _member(self, node: Structure, segment: str) -> Node | None:
        child = node.members.get(segment)
        if child is None:
            child = _meant(node, segment, self.version)
            self._fault("unknown")
        elif child.since > self.version:
            self.since = child.since
            self._fault("unknown")
        if child is None:
            return None
        self._go(child.name, child.name)
        return child

    def _item(self, node: Listing, segments: list[str]) -> Node:
        segment = segments[0]
        if segment == "member":
            self._fault("unknown")
            segments.pop(0)
            return node
        if is_index(segment):
            segments.pop(0)
            self._go(segment, int(segment))
            return node.item
        self._fault("index")
        if not (isinstance(node.item, Structure) and segment in node.item.members):
            segments.pop(0)
        self._go(_index_meant(segment), 0)
        return node.item

    def _go(self, meant: str, known: str | int) -> None:
        self.meant.append(meant)
        if self.misfit is None:
            self.known.append(known)

    def _fault(self, misfit: Misfit) -> None:
        if self.misfit != "unknown":
            self.misfit = misfit

    def complete(self, node: Node, last: str) -> None:
        """Add what a name that ends too early lacks, as far as its *last* segment tells.

        A flat parameter's name is a member of the permission, or of an item in it; a structure as small as
        IpRange has one member that can be meant.
        """
        if isinstance(node, Listing) and self.misfit == "unknown":
            self.meant.append("1")
            node = node.item
        if not isinstance(node, Structure):
            return
        child = _meant(node, last, self.version)
        if child is None and len(node.members) <= 2:
            child = next(iter(node.members.values()))
        if child is not None:
            self.meant.append(child.name)
            self.complete(child, last)


def _meant(node: Structure, segment: str, version: str) -> Member | Listing | None:
    members = {name: child for name, child in node.members.items() if child.since <= version}
    for alias in (nearest(segment, members), *ALIASES.get(segment, ())):
        if alias in members:
            return members[alias]
    return None


def _index_meant(segment: str) -> str:
    """The index that a malformed one means: ``1`` for ``01``; where none is told, 1."""
    digits = segment.lstrip("0")
    return digits if is_index(digits) else "1"


def members_of(root: Structure) -> Iterator[tuple[Path, Member]]:
    """Every scalar of a shape by its path, list indexes as 1."""
    for name, child in root.members.items():
        if isinstance(child, Member):
            yield (name,), child
        elif isinstance(child.item, Member):
            yield (name, 1), child.item
        else:
            yield from (((name, 1, *path), member) for path, member in members_of(child.item))
