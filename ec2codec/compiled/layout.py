"""From names to a layout: which values make which object. Kept by names, never by values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from ec2codec.compiled.law import Abstain, Law
from ec2codec.compiled.source import PERMISSIONS, listings, scalars
from ec2codec.names import AUTH_PARAMETERS, AUTH_PLACEHOLDER, is_index
from ec2codec.rules.subjects import FLAT_NAMES
from ec2codec.shape import Listing, Structure, find
from ec2codec.tree import Tree, grow, is_dense

# The values of a request, or of one permission, by position; the last is None, for whatever did not come.
Values = Sequence[Any]
Build = Callable[[Values], Any]
Kinds = set[tuple[object, ...]]

# Most requests have one of few layouts; what is longer than this is laid out anew each time. Hostile names
# fill the memory up to so many, then all are forgotten.
MAX_KEPT_LENGTH = 256
MAX_KEPT = 32_768
NONE = -1


class Block(NamedTuple):
    """The layout of one permission.

    build: makes it of its values. kinds: of the permissions with these members, the kinds known to be clean.
    """

    build: Build
    kinds: Kinds


class Layout(NamedTuple):
    """The layout of one request.

    blocks: what picks the values of each permission, and the block that they make.
    build: makes the request of its values, version, authentication and permissions.
    auth: names and positions of authentication parameters.
    flat: whether any parameter of the flat form came. kinds: of the permission that it is, those known to be
    clean with the top-level names that came; ``()`` where there is none.
    """

    blocks: tuple[tuple[Callable[[Values], Values], Block], ...]
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
    """Lays out the requests that one law binds, permission by permission."""

    def __init__(self, law: Law) -> None:
        self._law = law
        self._version = law.policy.version
        self._blocks = Kept()
        self._kinds: dict[object, Kinds] = {}
        self._request_kinds: dict[frozenset[str], Kinds] = {}
        permissions = law.root.members[PERMISSIONS]
        assert isinstance(permissions, Listing)
        assert isinstance(permissions.item, Structure)
        self._permission = permissions.item

    def lay_out(self, names: Sequence[str]) -> Layout:
        """The layout of the request that has these names.

        Raises: Abstain if any of them has no place, or where a list has gaps.
        """
        if len(set(names)) < len(names):
            raise Abstain  # E103
        blocks: dict[str, tuple[list[str], list[int]]] = {}
        rest: list[tuple[tuple[str | int, ...], int]] = []
        auth: list[tuple[str, int]] = []
        top_level: set[str] = set()
        for position, name in enumerate(names):
            listing, _, tail = name.partition(".")
            top_level.add(listing)
            if tail and listing == PERMISSIONS:
                index, _, member = tail.partition(".")
                members, positions = blocks.setdefault(index, ([], []))
                members.append(member)
                positions.append(position)
            elif name in AUTH_PARAMETERS or name == AUTH_PLACEHOLDER:
                auth.append((name, position))
            else:
                rest.append((self._path(self._law.root, name), position))
        return Layout(
            tuple(
                [
                    (itemgetter(*at, NONE), self._block(tuple(members)))
                    for members, at in self._ordered(blocks)
                ]
            ),
            self._request(self._dense(rest)),
            tuple(auth),
            not FLAT.isdisjoint(names),
            self._request_kinds.setdefault(frozenset(top_level), set()),
        )

    def _path(self, structure: Structure, name: str) -> tuple[str | int, ...]:
        place = find(structure, name, self._version)
        if place is None:
            raise Abstain  # E101, E102 or E104
        return place[0]

    def _dense(self, leaves: Iterable[tuple[tuple[str | int, ...], int]]) -> Tree:
        tree = grow(leaves)
        if not is_dense(tree) and "W105" in self._law.ids:
            raise Abstain
        return tree

    def _block(self, members: tuple[str, ...]) -> Block:
        block: Block | None = self._blocks.get(members)
        if block is None:
            leaves = [(self._path(self._permission, name), position) for position, name in enumerate(members)]
            tree = self._dense(leaves)
            block = Block(self._structure(self._permission, tree), self._kinds_of(tree))
            self._blocks.keep(members, block)
        return block

    def _kinds_of(self, tree: Tree) -> Kinds:
        """The kinds known to be clean, of all permissions with the same members and groups."""
        groups = frozenset(frozenset(group) for group in tree.get("Groups", {}).values())
        return self._kinds.setdefault((frozenset(tree), groups), set())

    def _request(self, tree: Tree) -> Callable[..., Any]:
        root, make = self._law.root, self._law.make[self._law.root.name]
        pick = _picker([tree.get(member.name, NONE) for member in scalars(root)])
        lists = self._lists(root, tree)

        if not lists:
            return lambda values, *given: make(*given, *pick(values))
        return lambda values, *given: make(*given, *pick(values), *[items(values) for items in lists])

    def _structure(self, structure: Structure, tree: Tree) -> Build:
        make = self._law.make[structure.name]
        pick = _picker([tree.get(member.name, NONE) for member in scalars(structure)])
        lists = self._lists(structure, tree) if listings(structure) else []
        if not lists:
            return lambda values: make(*pick(values))
        if all(items is _no_items for items in lists[:-1]):
            # Most structures hold one list: nothing is called for those that did not come.
            before, items = ((),) * (len(lists) - 1), lists[-1]
            return lambda values: make(*pick(values), *before, items(values))
        return lambda values: make(*pick(values), *[items(values) for items in lists])

    def _lists(self, structure: Structure, tree: Tree) -> list[Build]:
        """What makes the lists of a structure, up to the last that came."""
        lists = [
            _items([self._item(listing, item) for item in tree.get(listing.name, {}).values()])
            for listing in listings(structure)
        ]
        while lists and lists[-1] is _no_items:
            lists.pop()
        return lists

    def _item(self, listing: Listing, item: Any) -> Build:
        if isinstance(listing.item, Structure):
            return self._structure(listing.item, item)
        make = self._law.make[listing.name]
        return lambda values: make(values[item])

    def _ordered(self, blocks: dict[str, Any]) -> Iterable[Any]:
        """What stands under each index, in ascending order."""
        if list(blocks) == list(map(str, range(1, len(blocks) + 1))):
            return blocks.values()
        if not all(map(is_index, blocks)):
            raise Abstain  # E102
        order = sorted(blocks, key=int)
        if int(order[-1]) > len(order) and "W105" in self._law.ids:
            raise Abstain
        return [blocks[index] for index in order]


def _picker(positions: Sequence[int]) -> Callable[[Values], tuple[Any, ...]]:
    if len(positions) > 1:
        return itemgetter(*positions)
    return lambda values: tuple([values[position] for position in positions])


def _items(builds: Sequence[Build]) -> Build:
    if not builds:
        return _no_items
    if len(builds) == 1:
        (build,) = builds
        return lambda values: (build(values),)
    return lambda values: tuple([build(values) for build in builds])


def _no_items(values: Values) -> tuple[()]:
    return ()


FLAT = frozenset(FLAT_NAMES.values())
