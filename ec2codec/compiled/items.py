"""Items of a list among the names of a structure: found in one piece where their names only count on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from operator import eq, methodcaller

from ec2codec.compiled.law import Abstain
from ec2codec.names import is_index


@dataclass(frozen=True, slots=True)
class Items:
    """Items that have the same names, in the same order, one after another.

    index: of the first. tails: names in each, from the item on. positions: of the first one's values, which
    stand together, and so do those of all that follow, if there is more than one. count: of the items.
    """

    index: int
    tails: list[str]
    positions: list[int]
    count: int = 1

    def each(self) -> Iterator[list[int]]:
        """The positions of the values of each item."""
        for number in range(self.count):
            yield [position + number * len(self.tails) for position in self.positions]


def items_at(names: Sequence[str], at: int, listing: str, index: str) -> Items:
    """The item that the name at a position is of, with the names after it, and the items with the same ones.

    Raises: Abstain if the index is none.
    """
    if not is_index(index):
        raise Abstain  # E102
    item = f"{listing}.{index}"
    # An item that is a scalar has one name, in which nothing follows.
    dot, end = ("", at + 1) if names[at] == item else (".", _end(names, at + 1, f"{item}."))
    cut = len(item) + len(dot)
    tails = [name[cut:] for name in names[at:end]]
    count = _count(names, at, f"{listing}.", int(index), dot, tails)
    if not is_index(str(int(index) + count - 1)):
        raise Abstain
    return Items(int(index), tails, [*range(at, end)], count)


def _end(names: Sequence[str], at: int, prefix: str) -> int:
    """Where the names end that begin so, from *at* on; more are looked at only while all did."""
    begins, size = methodcaller("startswith", prefix), 8
    while True:
        alike = sum(takewhile(bool, map(begins, names[at : at + size])))
        at += alike
        if alike < size:
            return at
        size *= 2


def _count(names: Sequence[str], at: int, listing: str, index: int, dot: str, tails: list[str]) -> int:
    """How many items from *at* on have these tails; more are looked at only while all that were had them."""
    count = 1
    while True:
        start = at + count * len(tails)
        size = min(count, (len(names) - start) // len(tails))
        numbers = range(index + count, index + count + size)
        expected = [f"{listing}{number}{dot}{tail}" for number in numbers for tail in tails]
        found = [*names[start : start + len(expected)]]
        if found != expected or not size:
            return count + _alike(found, expected) // len(tails)
        count += size


def _alike(found: list[str], expected: list[str]) -> int:
    """How many names are as expected, from the first on."""
    return sum(takewhile(bool, map(eq, found, expected)))


def in_order(pieces: list[Items]) -> list[Items]:
    """The items of a list in ascending order of their indexes, each index once."""
    ordered = sorted(pieces, key=_index)
    if any(one.index + one.count > other.index for one, other in pairwise(ordered)):
        return in_order([*_merged(pieces)])
    return ordered


def _index(items: Items) -> int:
    return items.index


def _merged(pieces: Iterable[Items]) -> Iterator[Items]:
    """One item for each index, with all its names in the order in which they stand."""
    merged: dict[int, Items] = {}
    for piece in pieces:
        for number, positions in enumerate(piece.each(), piece.index):
            item = merged.setdefault(number, Items(number, [], []))
            item.tails.extend(piece.tails)
            item.positions.extend(positions)
    return iter(merged.values())


def has_gaps(ordered: Sequence[Items]) -> bool:
    """Whether an index is missing between 1 and the last."""
    last = ordered[-1]
    return last.index + last.count - 1 > sum(items.count for items in ordered)
