"""Which values the rules of a request look at. Items with the same names are looked at in one piece."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from ec2codec.compiled.items import Items
from ec2codec.compiled.parts import Parts

# Of a permission, for each rule that looks: the positions among its values.
Sights = tuple[Sequence[int], ...]


def seen_in(parts: Parts, sees: tuple[str, ...], *, whole: bool) -> list[int]:
    """The positions of values whose names end in one of *sees*.

    whole: whether the names are a request's. Those of an item stand behind a dot.
    """
    dot = "" if whole else "."
    seen = [position for name, position in parts.scalars.items() if f"{dot}{name}".endswith(sees)]
    for items in chain(*parts.lists.values()):
        seen += spread(items, [at for at, tail in enumerate(items.tails) if f".{tail}".endswith(sees)])
    return seen


def spread(items: Items, among: Sequence[int]) -> list[int]:
    """Where the values stand that are at certain positions among those of each item."""
    firsts = [items.positions[at] for at in among]
    if items.count == 1:
        return firsts
    length = len(items.tails)
    return [at for first in firsts for at in range(first, first + items.count * length, length)]
