"""Examples of a strategy outside of tests: the same ones for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from random import Random
from typing import Any, TypeVar

from hypothesis import Verbosity, given, settings
from hypothesis.strategies import SearchStrategy

from ec2codec.labelled import Labelled

Example = TypeVar("Example")

# Bytes for one example. Hypothesis itself takes no more than 8 KiB for one.
ENTROPY = 8192
# How many draws in a row may give nothing new: where *k* texts are equally likely, the last of them is missed
# once in e**10 times.
PATIENCE = 1000
PATIENCE_PER_EXAMPLE = 10


def distinct(strategy: SearchStrategy[Example], seed: str) -> Iterator[Example]:
    """Examples of *strategy*, none twice, until nothing new comes for long; the same for the same *seed*.

    Memory: some 100 bytes for each.
    """
    seen: set[bytes] = set()
    misses = 0
    for drawn in _draws(strategy, seed):
        fresh = [example for example in drawn if _identity(example) not in seen]
        seen.update(map(_identity, fresh))
        yield from fresh
        misses = 0 if fresh else misses + 1
        if misses > PATIENCE + PATIENCE_PER_EXAMPLE * len(seen):
            return


def _draws(strategy: SearchStrategy[Example], seed: str) -> Iterator[list[Example]]:
    """One example after the other, without end; an empty list where the strategy rejected what it began.

    By the interface that Hypothesis has for fuzzers, and not by its own runner: that one also tries constants
    of the modules that happen to be loaded, so that its examples for one seed differ from program to program.
    What a profile of the caller's says (derandomize, verbosity, database) plays no part either.
    """
    drawn: list[Example] = []

    @settings(database=None, deadline=None, verbosity=Verbosity.quiet)
    @given(strategy)
    def collect(example: Example) -> None:
        drawn.append(example)

    # A handle that is set on the function, which its type does not show.
    handle: Any = collect
    draw = handle.hypothesis.fuzz_one_input
    entropy = Random(seed)
    while True:
        drawn.clear()
        draw(entropy.randbytes(ENTROPY))
        yield drawn


def _identity(example: object) -> bytes:
    """What is the same for equal texts."""
    text = example.query if isinstance(example, Labelled) else repr(example)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
