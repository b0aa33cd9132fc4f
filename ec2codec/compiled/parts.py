"""What stands where: the names of one structure, sorted into its scalars and the items of its lists."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from ec2codec.compiled.law import Abstain, Law
from ec2codec.names import is_index
from ec2codec.shape import Member, Structure

# Names in an item, from the item on, and where their values stand.
Item = tuple[list[str], list[int]]


class Parts(NamedTuple):
    """The names of one structure. scalars: positions. lists: items in ascending order of their indexes."""

    scalars: dict[str, int]
    lists: dict[str, list[Item]]


def gather(structure: Structure, names: Iterable[str], positions: Iterable[int], law: Law) -> Parts:
    """Sort names, one level deep: what stands in an item is judged where the item is laid out.

    Work grows with the number of names: no name is looked up that has an index in it.
    Raises: Abstain if a name has no place, or where a list has gaps that the law speaks of.
    """
    depths = _depths(structure, law.policy.version)
    scalars: dict[str, int] = {}
    lists: dict[str, dict[str, Item]] = {}
    for name, position in zip(names, positions, strict=True):
        segments = name.split(".", 2)
        head = segments[0]
        if depths.get(head) != len(segments):
            raise Abstain  # E101, E104
        if len(segments) == 1:
            scalars[head] = position
            continue
        tails, at = lists.setdefault(head, {}).setdefault(segments[1], ([], []))
        tails.append(segments[-1])
        at.append(position)
    return Parts(scalars, {name: _ordered(items, law) for name, items in lists.items()})


@cache
def _depths(structure: Structure, version: str) -> dict[str, int]:
    """Of each member that a version has: 1 for a scalar, 2 for a list of scalars, 3 for one of structures."""
    return {
        name: 1 if isinstance(child, Member) else 2 if isinstance(child.item, Member) else 3
        for name, child in structure.members.items()
        if child.since <= version
    }


def _ordered(items: dict[str, Item], law: Law) -> list[Item]:
    """What stands under each index, in ascending order."""
    if list(items) == [str(number) for number in range(1, len(items) + 1)]:
        return list(items.values())
    if not all(map(is_index, items)):
        raise Abstain  # E102
    order = sorted(items, key=int)
    if int(order[-1]) > len(order) and "W105" in law.ids:
        raise Abstain
    return [items[index] for index in order]
