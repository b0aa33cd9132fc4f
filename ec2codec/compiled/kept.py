"""What is known by names, as far as memory goes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

# Most requests have one of few layouts; what is longer than this is laid out anew each time. Hostile names
# fill the memory up to so many, then all are forgotten.
MAX_KEPT_LENGTH = 256
MAX_KEPT = 32_768


class Kept(dict[Any, Any]):
    """What is known by names; forgets everything where that becomes too much."""

    def __init__(self) -> None:
        super().__init__()
        self._size = 0

    def keep(self, names: Collection[object], known: Any, key: object = None) -> None:
        """Remember *known* under *names*, or under a *key* made of them, unless they are too many."""
        if len(names) > MAX_KEPT_LENGTH:
            return
        self._size += len(names)
        if self._size > MAX_KEPT:
            self.clear()
            self._size = len(names)
        self[names if key is None else key] = known
