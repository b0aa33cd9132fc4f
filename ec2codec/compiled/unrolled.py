"""The source of a function for one layout of a structure: all of its items in one piece, without a call.

Half as long at work as the functions of `source`, called one for each item; but each layout has its own, so
that only short ones, and so many, are written.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import count
from types import CodeType
from typing import Any

from ec2codec.compiled.law import Law
from ec2codec.compiled.parts import Item, Parts, gather
from ec2codec.compiled.source import block, emit_filled, emit_scalar, listings, scalars
from ec2codec.shape import Listing, Member, Structure


def unrolled(structure: Structure, parts: Parts, length: int, law: Law) -> Callable[[Any], Any]:
    """What makes a structure of its *length* values, in the order of their names.

    Raises: Abstain if a name in an item has no place.
    """
    source = source_of_layout(structure, parts, length, law)
    return law.define(_code(source), f"make_{structure.name}_at_once")


def source_of_layout(structure: Structure, parts: Parts, length: int, law: Law) -> str:
    """The source of that function."""
    values = "".join(f"v{position}, " for position in range(length))
    lines, made = _emit(structure, parts, law, count(1))
    return block(
        [f"def make_{structure.name}_at_once(values):", f"{values}= values", *lines, f"return {made}"]
    )


@lru_cache(maxsize=1024)
def _code(source: str) -> CodeType:
    filename = f"<ec2codec compiled layout {hash(source):x}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    return compile(source, filename, "exec")


def _emit(structure: Structure, parts: Parts, law: Law, numbers: Iterator[int]) -> tuple[list[str], str]:
    """Lines that make a structure, and what they call it."""
    lines: list[str] = []
    held = {member.attribute: "None" for member in scalars(structure)}
    for member in scalars(structure):
        if member.name in parts.scalars:
            name = f"v{parts.scalars[member.name]}"
            lines += emit_scalar(member, name)
            held[member.attribute] = name
    for listing in listings(structure):
        items = [_emit_item(listing, item, law, numbers) for item in parts.lists.get(listing.name, ())]
        lines += [line for item_lines, _ in items for line in item_lines]
        held[listing.attribute] = f"({''.join(f'{made}, ' for _, made in items)})"
    name = f"made{next(numbers)}"
    return [*lines, *emit_filled(structure, name, held)], name


def _emit_item(listing: Listing, item: Item, law: Law, numbers: Iterator[int]) -> tuple[list[str], str]:
    names, positions = item
    if isinstance(listing.item, Member):
        return [], f"make_{listing.name}(v{positions[0]})"
    return _emit(listing.item, gather(listing.item, names, positions, law), law, numbers)
