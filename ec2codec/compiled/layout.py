"""From names to a layout: which values make which object. Kept by names, never by values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from ec2codec.compiled.law import Abstain, Law
from ec2codec.compiled.parts import Item, Parts, gather
from ec2codec.compiled.source import PERMISSIONS, listings, scalars
from ec2codec.compiled.unrolled import unrolled
from ec2codec.names import AUTH_PARAMETERS, AUTH_PLACEHOLDER
from ec2codec.rules.subjects import FLAT_NAMES
from ec2codec.shape import Listing, Structure

# The values of a request, or of one item, in the order of their names.
Values = Sequence[Any]
Build = Callable[[Values], Any]
# Whether what is of a kind is clean, as far as it was asked.
Kinds = dict[tuple[object, ...], bool]

# Most requests have one of few layouts; what is longer than this is laid out anew each time, item by item.
# Hostile names fill the memory up to so many, then all are forgotten.
MAX_KEPT_LENGTH = 256
MAX_KEPT = 32_768
# A function of its own costs as much as a hundred calls of those there are: so many are written for each law,
# of layouts with at most so many names.
MAX_UNROLLED = 512
MAX_UNROLLED_LENGTH = 24
NONE = -1


class Block(NamedTuple):
    """The layout of one item of a list.

    build: makes it of its values. kinds: of the permissions with these members, the kinds that were judged.
    """

    build: Build
    kinds: Kinds


Blocks = tuple[tuple[Callable[[Values], Values], Block], ...]


class Layout(NamedTuple):
    """The layout of one request.

    blocks: what picks the values of each permission, and the block that they make.
    build: makes the request of its values, version, authentication and permissions.
    auth: names and positions of authentication parameters.
    flat: whether any parameter of the flat form came. kinds: of the permission that it is, those that were
    judged with the top-level names that came; ``()`` where there is none.
    """

    blocks: Blocks
    build: Callable[..., Any]
    auth: tuple[tuple[str, int], ...]
    flat: bool
    kinds: Kinds


class Kept(dict[Any, Any]):
    """What is known by names; forgets everything where that becomes too much."""

    def __init__(self) -> None:
        super().__init__()
        self._size = 0

    def keep(self, names: Sequence[str], known: Any, key: object = None) -> None:
        """Remember *known* under *names*, unless they are too many."""
        if len(names) > MAX_KEPT_LENGTH:
            return
        self._size += len(names)
        if self._size > MAX_KEPT:
            self.clear()
            self._size = len(names)
        self[names if key is None else key] = known


class Layouts:
    """Lays out the requests that one law binds, item by item."""

    def __init__(self, law: Law) -> None:
        self._law = law
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
        auth = tuple([(name, position) for position, name in enumerate(names) if name in AUTH])
        positions = [position for position, name in enumerate(names) if name not in AUTH]
        parts = gather(root, [names[position] for position in positions], positions, self._law)
        permissions = root.members[PERMISSIONS]
        assert isinstance(permissions, Listing)
        heads = frozenset([*parts.scalars, *parts.lists, *[name for name, _ in auth]])
        return Layout(
            self._items(permissions, parts.lists.get(PERMISSIONS, [])),
            self._general(root, parts),
            auth,
            not FLAT.isdisjoint(parts.scalars),
            self._kinds.setdefault(heads, {}),
        )

    def _items(self, listing: Listing, items: list[Item]) -> Blocks:
        item = listing.item
        if isinstance(item, Structure):
            return tuple([(_picker(at), self._block(item, tuple(names))) for names, at in items])
        make = self._law.make[listing.name]
        block = Block(lambda values: make(*values), {})
        return tuple([(_picker(at), block) for _, at in items])

    def _block(self, structure: Structure, names: tuple[str, ...]) -> Block:
        """The layout of an item that has these names."""
        block: Block | None = self._blocks.get((structure.name, names))
        if block is None:
            parts = gather(structure, names, range(len(names)), self._law)
            block = Block(self._build(structure, parts, len(names)), self._kinds_of(parts))
            self._blocks.keep(names, block, (structure.name, names))
        return block

    def _kinds_of(self, parts: Parts) -> Kinds:
        """The kinds that were judged, of all permissions with the same members and groups."""
        groups = frozenset([frozenset(names) for names, _ in parts.lists.get("Groups", ())])
        return self._kinds.setdefault((frozenset([*parts.scalars, *parts.lists]), groups), {})

    def _build(self, structure: Structure, parts: Parts, length: int) -> Build:
        if length > MAX_UNROLLED_LENGTH or self._unrolled >= MAX_UNROLLED:
            return self._general(structure, parts)
        self._unrolled += 1
        return unrolled(structure, parts, length, self._law)

    def _general(self, structure: Structure, parts: Parts) -> Callable[..., Any]:
        """What makes a structure of its values, and of what else is given, by the functions of the source."""
        make = self._law.make[structure.name]
        positions = [parts.scalars.get(member.name, NONE) for member in scalars(structure)]
        pick = _picker(positions)
        lists = [self._items(listing, parts.lists.get(listing.name, [])) for listing in listings(structure)]
        if not any(lists):
            return lambda values, *given: make(*given, *pick((*values, None)))
        return lambda values, *given: make(
            *given,
            *pick((*values, None)),
            *[tuple([build(at(values)) for at, (build, _) in items]) for items in lists],
        )


def _picker(positions: Sequence[int]) -> Callable[[Values], Values]:
    """What picks the values at these positions, as a sequence; NONE is the last."""
    first, length = positions[0], len(positions)
    if length == 1 or (first != NONE and list(positions) == list(range(first, first + length))):
        return itemgetter(slice(first, first + length or None))
    return itemgetter(*positions)


AUTH = AUTH_PARAMETERS | {AUTH_PLACEHOLDER}
FLAT = frozenset(FLAT_NAMES.values())
