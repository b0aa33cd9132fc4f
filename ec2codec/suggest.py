"""What a misspelt name was meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

# Longer texts are no misspelt names; the bound keeps the cost of a hostile one small.
MAX_LENGTH = 40


def nearest(text: str, candidates: Iterable[str]) -> str | None:
    """The candidate that *text* is but for letter case or one or two letters; None if there is none.

    Cost: the square of the length of *text*, which is bounded.
    """
    if len(text) > MAX_LENGTH:
        return None
    folded = text.lower()
    wanted = _deletions(folded)
    near = None
    for candidate in candidates:
        other = candidate.lower()
        if other == folded:
            return candidate
        if near is None and abs(len(other) - len(folded)) <= 1 and not wanted.isdisjoint(_known(other)):
            near = candidate
    return near


def _deletions(text: str) -> frozenset[str]:
    """*text*, and what it is without one letter: two words one edit apart share one of these."""
    return frozenset((text, *(text[:i] + text[i + 1 :] for i in range(len(text)))))


@lru_cache(maxsize=256)
def _known(candidate: str) -> frozenset[str]:
    return _deletions(candidate)
