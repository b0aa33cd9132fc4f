"""The harnesses of decode and of the envelope once more, over what Hypothesis makes of an input.

The bytes are the choices by which `ec2codec.strategies` draws; so whatever libFuzzer does to them, there is a
query or a document that is right, or nearly. What is found is an input of the plain one: a note says which.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ec2codec.strategies import envelopes, mutations, near_misses, queries
from fuzz import decode, envelope
from fuzz.target import Target

CHOICES = st.integers(0, 255)
QUERIES = st.one_of(queries(), near_misses(), queries().flatmap(mutations))
DOCUMENTS = envelopes() | envelopes().flatmap(mutations)


def _run(target: Target, texts: st.SearchStrategy[str]) -> Callable[[bytes], None]:
    """What gives a drawn text to another harness."""

    @settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(CHOICES, texts)
    def drawn(choice: int, text: str) -> None:
        data = bytes([choice]) + text.encode("utf-8", "surrogatepass")
        try:
            target.run(data)
        except Exception as error:
            error.add_note(f"as an input of {target.name}: {data!r}")
            raise

    # The decorator's type says nothing of what hangs on the function.
    test: Any = drawn

    def run(data: bytes) -> None:
        test.hypothesis.fuzz_one_input(data)

    return run


def seeds() -> Iterator[bytes]:
    """Choices without a meaning."""
    dice = random.Random(0)
    yield from (dice.randbytes(length) for length in (256, 1024, 4096) for _ in range(8))


def _target(name: str, target: Target, texts: st.SearchStrategy[str]) -> Target:
    piece = re.compile(rb"[\s\S]{1,8}")
    return Target(name, _run(target, texts), seeds, piece, (b"\0", b"\1", b"\xff" * 8, b"\0" * 8))


TARGETS = (
    _target("drawn-queries", decode.TARGET, QUERIES),
    _target("drawn-documents", envelope.TARGET, DOCUMENTS),
)
