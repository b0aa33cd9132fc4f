"""What was learnt of kinds: of two subjects of one kind, both pass or neither does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ec2codec.compiled.law import Abstain

# There are some 260 protocols; what is hostile is judged each time.
MAX_KINDS = 4096


class Kinds(dict[tuple[object, ...], bool]):
    """Whether what is of a kind passes, as far as it was asked."""

    def judge(self, kind: tuple[object, ...], judge: Callable[[Any], None], subject: object) -> None:
        """Judge what is of a kind, once, and remember what came of it.

        Raises: Abstain if it does not pass.
        """
        passes = self.get(kind)
        if passes is None:
            passes = _passes(judge, subject)
            if len(self) < MAX_KINDS:
                self[kind] = passes
        if not passes:
            raise Abstain


def _passes(judge: Callable[[Any], None], subject: object) -> bool:
    try:
        judge(subject)
    except Abstain:
        return False
    return True
