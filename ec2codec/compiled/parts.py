"""What stands where: the names of one structure, sorted into its scalars and the items of its lists."""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import cache
from typing import NamedTuple

from ec2codec.compiled.items import Items, has_gaps, in_order, items_at
from ec2codec.compiled.law import Abstain, Law
from ec2codec.shape import Member, Structure


class Parts(NamedTuple):
    """The names of one structure, and where their values stand.

    lists: items in ascending order of their indexes. aside: names that belong to no structure.
    """

    scalars: dict[str, int]
    lists: dict[str, list[Items]]
    aside: dict[str, int]


def gather(structure: Structure, names: Sequence[str], law: Law, aside: Container[str] = ()) -> Parts:
    """Sort names, one level deep: what stands in an item is judged where the item is laid out.

    Work grows with the number of names: none is looked up that has an index in it, and of items whose names
    only count on, those of the first alone are taken apart.
    aside: names that are set aside.
    Raises: Abstain if a name has no place, or where a list has gaps that the law speaks of.
    """
    depths = _depths(structure, law.policy.version)
    parts = Parts({}, {}, {})
    at = 0
    while at < len(names):
        name = names[at]
        head, *inner = name.split(".", 2)
        if name in aside:
            parts.aside[name] = at
        elif depths.get(head) != len(inner):
            raise Abstain  # E101, E104
        elif not inner:
            parts.scalars[head] = at
        else:
            items = items_at(names, at, head, inner[0])
            parts.lists.setdefault(head, []).append(items)
            at += len(items.tails) * items.count - 1
        at += 1
    for head, pieces in parts.lists.items():
        parts.lists[head] = in_order(pieces)
        if has_gaps(parts.lists[head]):
            law.warns("W105")
    return parts


@cache
def _depths(structure: Structure, version: str) -> dict[str, int]:
    """Of each member that a version has: 0 for a scalar, 1 for a list of scalars, 2 for one of structures."""
    return {
        name: 0 if isinstance(child, Member) else 1 if isinstance(child.item, Member) else 2
        for name, child in structure.members.items()
        if child.since <= version
    }
