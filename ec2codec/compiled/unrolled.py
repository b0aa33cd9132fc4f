"""The source of a function for one layout of a structure: all of its items in one piece, without a call.

Half as long at work as the functions of `source`, called one for each item; but each layout has its own, so
that only short ones, and so many, are written.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import count
from types import CodeType
from typing import Any

from ec2codec.compiled.law import Law
from ec2codec.compiled.parts import Parts, gather
from ec2codec.compiled.source import block, emit_filled, emit_scalar, listings, scalars
from ec2codec.shape import Listing, Member, Structure

# What a function is given beside the values: that of a permission, the kinds that were judged; that of a
# request, what `layout` found out itself.
KINDS = ("kinds",)
REQUEST = ("version", "auth", "ip_permissions")


def unrolled(structure: Structure, parts: Parts, law: Law, given: tuple[str, ...] = ()) -> Callable[..., Any]:
    """What makes a structure of its values, in the order of their names, and of what else is *given*.

    Raises: Abstain if a name in an item has no place.
    """
    source = source_of_layout(structure, parts, law, given)
    return law.define(_code(source), f"make_{structure.name}_at_once")


def source_of_layout(structure: Structure, parts: Parts, law: Law, given: tuple[str, ...] = ()) -> str:
    """The source of that function."""
    emitter = _Emitter(law)
    held = {name: name for name in given if given is not KINDS}
    lines, made = emitter.structure(structure, parts, held)
    return block(
        [
            f"def make_{structure.name}_at_once({', '.join(('values', *given))}):",
            *_emit_values(sorted(emitter.used), given),
            *lines,
            *(_emit_kind(made, held) if given is KINDS else ()),
            f"return {made}",
        ]
    )


@lru_cache(maxsize=1024)
def _code(source: str) -> CodeType:
    filename = f"<ec2codec compiled layout {hash(source):x}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    return compile(source, filename, "exec")


def _emit_values(positions: list[int], given: tuple[str, ...]) -> Iterator[str]:
    """Lines that name the values: all of an item's; of a request's, those that are no permission's."""
    if given is REQUEST:
        yield from (f"v{position} = values[{position}]" for position in positions)
    else:
        yield f"{''.join(f'v{position}, ' for position in positions)}= values"


def _emit_kind(made: str, held: dict[str, str]) -> Iterator[str]:
    """Lines that judge the kind of a permission, if that was not done yet. held: its attributes."""
    protocol, first, last = held["ip_protocol"], held["from_port"], held["to_port"]
    if "None" in (first, last):
        yield f"kind = kind_of({made})"
    else:  # the same without a call, as nearly all permissions have both
        yield f"kind = {protocol}, bisect(MARKS, {first}), bisect(MARKS, {last}), {first} <= {last}"
    yield "if not kinds.get(kind):"
    yield f"    kinds.judge(kind, judge_kind, {made})"


class _Emitter:
    """Emits the lines of one function. used: positions of the values that they name."""

    def __init__(self, law: Law) -> None:
        self.used: set[int] = set()
        self._law = law
        self._numbers = count(1)

    def structure(self, structure: Structure, parts: Parts, held: dict[str, str]) -> tuple[list[str], str]:
        """Lines that make a structure, and what they call it. held: by attribute, what it shall hold."""
        # Of the whole, the positions among the parts are those of the values.
        return self._structure(structure, parts, range(2**31), held)

    def _structure(
        self, structure: Structure, parts: Parts, at: Sequence[int], held: dict[str, str]
    ) -> tuple[list[str], str]:
        """at: by their positions among the parts, the positions of the values."""
        lines: list[str] = []
        for member in scalars(structure):
            held[member.attribute] = "None"
            if member.name in parts.scalars:
                name = self._value(at[parts.scalars[member.name]])
                lines += emit_scalar(member, name)
                held[member.attribute] = name
        for listing in listings(structure):
            items = [
                self._item(listing, items.tails, [at[position] for position in positions])
                for items in parts.lists.get(listing.name, ())
                for positions in items.each()
            ]
            lines += [line for item_lines, _ in items for line in item_lines]
            held[listing.attribute] = f"({''.join(f'{made}, ' for _, made in items)})"
        name = f"made{next(self._numbers)}"
        return [*lines, *emit_filled(structure, name, held)], name

    def _item(self, listing: Listing, names: list[str], at: list[int]) -> tuple[list[str], str]:
        if isinstance(listing.item, Member):
            return [], f"make_{listing.name}({self._value(at[0])})"
        return self._structure(listing.item, gather(listing.item, names, self._law), at, {})

    def _value(self, position: int) -> str:
        self.used.add(position)
        return f"v{position}"
