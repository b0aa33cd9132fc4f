"""What a harness is made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple


class Target(NamedTuple):
    """One harness.

    name: as the command line and the folders of seeds and findings have it.
    run: does everything with an input that is to hold for it; raises if anything does not.
    seeds: inputs to begin with, beside those in ``fuzz/seeds/NAME`` and ``fixtures/fuzz/NAME``.
    piece: matches the pieces an input is made of, which are dropped, repeated and moved as wholes.
    tokens: what may stand in the place of a piece, or within one: the dictionary.
    max_len: bytes of the longest input that is tried.
    unpack: the bytes within an input, which are what is mutated, and what packs them again.
    watched: the modules and packages whose edges are counted, and for whose sake inputs are kept.
    """

    name: str
    run: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]
    piece: re.Pattern[bytes]
    tokens: tuple[bytes, ...]
    max_len: int = 4096
    unpack: Callable[[bytes], tuple[bytes, Callable[[bytes], bytes]]] = lambda data: (data, bytes)
    watched: tuple[str, ...] = ("ec2codec",)


class Broken(AssertionError):
    """A law does not hold for an input."""


def hold(law: str, holds: bool) -> None:
    """A law, and whether it holds; like ``assert``, but not to be switched off.

    Raises: Broken.
    """
    if not holds:
        raise Broken(law)
