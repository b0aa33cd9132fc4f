"""How much memory values take."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from typing import Any


def deep_size(value: object) -> int:
    """Bytes of an object and all that it holds, each counted once; classes and None are not held."""
    seen: dict[int, object] = {}
    todo: list[object] = [value]
    while todo:
        item = todo.pop()
        if item is None or isinstance(item, type) or id(item) in seen:
            continue
        seen[id(item)] = item
        todo += item if isinstance(item, tuple | list) else _slots(item)
    return sum(map(sys.getsizeof, seen.values()))


def _slots(item: object) -> list[Any]:
    names = [name for kind in type(item).__mro__ for name in getattr(kind, "__slots__", ())]
    return [getattr(item, name) for name in names if isinstance(name, str) and hasattr(item, name)]


def traced_size(function: Callable[[str], object], inputs: list[str]) -> float:
    """Bytes that a result keeps allocated, on average over *inputs*."""
    for given in inputs:
        function(given)
    tracemalloc.start()
    try:
        kept = [function(given) for given in inputs]
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return size / len(kept)
