"""From names to a layout: which values make which object. Kept by names, never by values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any

from ec2codec.compiled.items import Items
from ec2codec.compiled.kept import Kept
from ec2codec.compiled.kinds import Kinds
from ec2codec.compiled.law import Abstain, Law, Quick
from ec2codec.compiled.parts import Parts, gather
from ec2codec.compiled.sights import Sights, seen_in, spread
from ec2codec.compiled.source import PERMISSIONS, listings, scalars
from ec2codec.compiled.unrolled import KINDS, REQUEST, unrolled
from ec2codec.names import AUTH_PARAMETERS, AUTH_PLACEHOLDER
from ec2codec.rules.subjects import FLAT_NAMES, kind_of
from ec2codec.shape import Listing, Structure

# The values of a request, or of one item, in the order of their names.
Values = Sequence[Any]
Build = Callable[..., Any]
Pick = Callable[[Values], Any]

# A function of its own costs as much as a hundred calls of those there are: so many are written for each law,
# of layouts with at most so many names.
MAX_UNROLLED = 512
MAX_UNROLLED_LENGTH = 24
# What as many items have is picked in one go.
MAX_PICKED = 64
NONE = -1


# What makes and judges a permission of its values and kinds; of the permissions with these members, the kinds
# that were judged. Plain tuples, here and below, because Python takes them apart at once.
Block = tuple[Build, Kinds]
# What picks the texts that a rule sees, and its quick test.
Look = tuple[Pick, Quick]


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of one request.

    pick: picks the values of each permission. blocks: what makes a permission of them, in the same order.
    build: makes the request of its values, version, authentication and permissions.
    auth: names and positions of authentication parameters.
    flat: whether any parameter of the flat form came. kinds: of the permission that it is, those that were
    judged with the top-level names that came; ``()`` where there is none.
    looks: the tests of rules that no kind decides.
    """

    pick: Pick
    blocks: list[Block]
    build: Build
    auth: dict[str, int]
    flat: bool
    kinds: Kinds
    looks: tuple[Look, ...]


class Layouts:
    """Lays out the requests that one law binds, item by item."""

    def __init__(self, law: Law) -> None:
        self._law = law
        permissions = law.root.members[PERMISSIONS]
        assert isinstance(permissions, Listing)
        assert isinstance(permissions.item, Structure)
        self._permission = permissions.item
        self._builds = Kept()
        self._blocks = Kept()
        self._unrolled = 0
        self._kinds: dict[object, Kinds] = {}

    def lay_out(self, names: Sequence[str]) -> Layout:
        """The layout of the request that has these names.

        Raises: Abstain if any of them has no place, or where a list has gaps.
        """
        if len(set(names)) < len(names):
            raise Abstain  # E103
        root = self._law.root
        parts = gather(root, names, self._law, AUTH)
        heads = frozenset([*parts.scalars, *parts.lists, *parts.aside])
        permissions = [(items, *self._block(items.tails)) for items in parts.lists.pop(PERMISSIONS, [])]
        return Layout(
            _picker_of_items([items for items, _, _ in permissions]),
            [block for items, one, _ in permissions for block in [one] * items.count],
            self._head(parts),
            parts.aside,
            not FLAT.isdisjoint(parts.scalars),
            self._kinds.setdefault(heads, Kinds()),
            tuple(self._looks(parts, permissions)),
        )

    def _looks(self, parts: Parts, permissions: list[tuple[Items, Block, Sights]]) -> Iterator[Look]:
        """parts: of all but the permissions."""
        for number, look in enumerate(self._law.looks):
            seen = seen_in(parts, look.sees, whole=True)
            for items, _, sights in permissions:
                seen += spread(items, sights[number])
            if seen:
                yield _picker(sorted(seen)), look.quick

    def _head(self, parts: Parts) -> Build:
        """What makes a request whose permissions are made."""
        root = self._law.root
        places = [*parts.scalars.items(), *parts.lists.items()]
        length = len(parts.scalars) + sum(len(i.tails) * i.count for i in chain(*parts.lists.values()))
        return self._build(root, parts, length, repr(places), REQUEST)

    def _block(self, tails: list[str]) -> tuple[Block, Sights]:
        """The layout of a permission that has these names, and what is looked at in it."""
        names = tuple(tails)
        known: tuple[Block, Sights] | None = self._blocks.get(names)
        if known is None:
            parts = gather(self._permission, names, self._law)
            build = self._build(self._permission, parts, len(names), names, KINDS)
            sights = tuple([seen_in(parts, look.sees, whole=False) for look in self._law.looks])
            known = (build, self._kinds_of(parts)), sights
            self._blocks.keep(names, known)
        return known

    def _kinds_of(self, parts: Parts) -> Kinds:
        """The kinds that were judged, of all permissions with the same members and groups."""
        groups = frozenset([frozenset(items.tails) for items in parts.lists.get("Groups", ())])
        return self._kinds.setdefault((frozenset([*parts.scalars, *parts.lists]), groups), Kinds())

    def _build(
        self, structure: Structure, parts: Parts, length: int, key: object, given: tuple[str, ...] = ()
    ) -> Build:
        """What makes a structure of its values, and of what else is *given*: at once, if it is short."""
        build: Build | None = self._builds.get((structure.name, key))
        if build is not None:
            return build
        if length > MAX_UNROLLED_LENGTH or self._unrolled >= MAX_UNROLLED:
            general = self._general(structure, parts)
            return general if given is not KINDS else self._judging(general)
        self._unrolled += 1
        build = unrolled(structure, parts, self._law, given)
        self._builds.keep(range(length), build, (structure.name, key))
        return build

    def _judging(self, build: Build) -> Build:
        """*build* of a permission, and a look at its kind."""
        judge = self._law.judge_kind

        def judged(values: Values, kinds: Kinds) -> Any:
            made = build(values)
            kind = kind_of(made)
            if not kinds.get(kind):
                kinds.judge(kind, judge, made)
            return made

        return judged

    def _general(self, structure: Structure, parts: Parts) -> Build:
        """The same, by the functions of the source."""
        make = self._law.make[structure.name]
        pick = _picker([parts.scalars.get(member.name, NONE) for member in scalars(structure)])
        lists = [self._items(listing, parts.lists.get(listing.name, [])) for listing in listings(structure)]
        return lambda values, *given: make(
            *given,
            *pick((*values, None)),
            *[
                tuple([build(item) for item, build in zip(pick_items(values), builds, strict=True)])
                for pick_items, builds in lists
            ],
        )

    def _items(self, listing: Listing, pieces: list[Items]) -> tuple[Pick, list[Build]]:
        """What picks the values of each item, and what makes it of them."""
        builds = [build for items in pieces for build in [self._item(listing, items)] * items.count]
        return _picker_of_items(pieces), builds

    def _item(self, listing: Listing, items: Items) -> Build:
        if isinstance(listing.item, Structure):
            names = tuple(items.tails)
            parts = gather(listing.item, names, self._law)
            return self._build(listing.item, parts, len(names), names)
        make = self._law.make[listing.name]
        return lambda values: make(*values)


def _picker(positions: Sequence[int]) -> Pick:
    """What picks the values at these positions, as a sequence; NONE is the last."""
    if list(positions) == [NONE]:
        return itemgetter(slice(NONE, None))
    span = _span(positions)
    return itemgetter(*positions) if span is None else itemgetter(span)


def _picker_of_items(pieces: Sequence[Items]) -> Pick:
    """What picks the values of each item: gives a sequence of sequences."""
    if len(pieces) == 1:
        return _picker_of_equals(pieces[0])
    if pieces and sum(items.count for items in pieces) <= MAX_PICKED:
        spans = [_span(positions) for items in pieces for positions in items.each()]
        if None not in spans:
            return itemgetter(*spans)
    pickers = [_picker_of_equals(items) for items in pieces]
    return lambda values: [item for pick in pickers for item in pick(values)]


def _picker_of_equals(items: Items) -> Pick:
    """The same of items that have the same names."""
    length = len(items.tails)
    if items.count == 1:
        pick = _picker(items.positions)
        return lambda values: (pick(values),)
    run = slice(items.positions[0], items.positions[0] + length * items.count)
    return lambda values: zip(*[iter(values[run])] * length, strict=True)


def _span(positions: Sequence[int]) -> slice | None:
    """The positions as a slice, if they stand together."""
    first, length = positions[0], len(positions)
    together = first != NONE and list(positions) == list(range(first, first + length))
    return slice(first, first + length) if together else None


AUTH = AUTH_PARAMETERS | {AUTH_PLACEHOLDER}
FLAT = frozenset(FLAT_NAMES.values())
