"""Pairs and nested mappings: the list encoding of the EC2 protocol, for any shape.

``{"Groups": [{"GroupId": "sg-1"}]}`` is ``Groups.1.GroupId=sg-1``. Lists count from 1, an absent value has no
pair, and there is no ``.member.``. Source: EC2Serializer of botocore; Smithy's ec2Query tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from ec2codec.scalars import format_scalar

Tree = dict[str | int, Any]
# A request is 5 segments deep; what is nested deeper than this has no name and is not walked further.
MAX_DEPTH = 16


def grow(leaves: Iterable[tuple[tuple[str | int, ...], object]]) -> Tree:
    """The nested mapping of paths and values; lists as mappings keyed by wire index, in ascending order.

    No path may run through another's leaf. An index costs one entry, however large it is.
    """
    root: Tree = {}
    for path, value in sorted(leaves, key=itemgetter(0)):
        node = root
        for segment in path[:-1]:
            node = node.setdefault(segment, {})
        node[path[-1]] = value
    return root


def is_dense(tree: Tree) -> bool:
    """Whether every list in *tree*, which is in ascending order, counts 1, 2, 3 and so on."""
    for child in tree.values():
        if type(child) is dict:
            last = next(reversed(child))
            if type(last) is int and last != len(child):
                return False
            if not is_dense(child):
                return False
    return True


def flatten(structure: Mapping[Any, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, object]]:
    """Names and values of a nested mapping; lists as sequences, or as mappings keyed by wire index.

    None and empty lists are absent. A list item without any member keeps its name, with None: it has no wire
    form, and must not get lost.
    """
    for key, value in structure.items():
        name = f"{prefix}{key}"
        items = dict(enumerate(value, 1)) if _is_sequence(value) else value
        if not isinstance(items, Mapping):
            if items is not None or isinstance(key, int):
                yield name, items
        elif depth > MAX_DEPTH or (isinstance(key, int) and not items):
            yield name, None
        else:
            yield from flatten(items, f"{name}.", depth + 1)


def _is_sequence(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray)


def format_pairs(structure: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    """Names and wire texts of a nested mapping; what has no wire form is left out."""
    for name, value in flatten(structure):
        if value is not None:
            yield name, format_scalar(value)
