"""Calls in a log that wait for the answer that the log tells of further down."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ec2codec.captures.exchange import Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.captures.exchange import Exchange

# Threads or requests of which a call waits; more are no log of a program that waits for answers.
MAX_WAITING = 64
# Characters of an answer; ours are short, and those of Describe are not asked for.
MAX_ANSWER = 1 << 18

_ERROR_CODE = re.compile(r"<Code>([\w.]{1,128})</Code>", re.ASCII)
_ROOT = re.compile(r"\s*(?:<\?[^>]*>\s*)?<(\w+)", re.ASCII)


class Dialogue:
    """The calls that wait for their answers, one for each *who*: a thread, a request id, an action.

    A call is given on when the next of the same *who* begins, so that a retry's answer replaces the one
    before.
    """

    def __init__(self) -> None:
        self._waiting: dict[bytes, Exchange | None] = {}

    def call(self, who: bytes, exchange: Exchange | None) -> Iterator[Exchange]:
        """Begins a call, None for one that is not ours; gives those that no longer wait."""
        if before := self._waiting.pop(who, None):
            yield before
        self._waiting[who] = exchange
        if len(self._waiting) > MAX_WAITING:
            oldest = self._waiting.pop(next(iter(self._waiting)))
            if oldest:
                yield oldest

    def waiting(self, who: bytes) -> Exchange | None:
        """The call of *who*, if it is one of ours."""
        return self._waiting.get(who)

    def instead(self, who: bytes, exchange: Exchange) -> None:
        """Puts a call in the place of the same one of which less was known."""
        self._waiting[who] = exchange

    def answer(self, who: bytes, *, status: int | None = None, body: str | None = None) -> None:
        """Adds what is known of the answer; what answers another action belongs to another thread."""
        call = self._waiting.get(who)
        if call is None or (body is not None and not _answers(body, call.action)):
            return
        known = call.response or Response()
        if status is not None:
            # Another status is that of another attempt, and what it said is to come.
            known = (
                replace(known, status=status) if known.status in (None, status) else Response(status=status)
            )
        if body is not None:
            code = _ERROR_CODE.search(body)
            known = replace(known, body=body, error_code=code[1] if code else None)
        if known != Response():
            self._waiting[who] = replace(call, response=known)

    def rest(self) -> Iterator[Exchange]:
        """The calls that wait at the end of the log."""
        yield from filter(None, self._waiting.values())
        self._waiting.clear()


def _answers(body: str, action: str) -> bool:
    root = _ROOT.match(body) if len(body) <= MAX_ANSWER else None
    return root is not None and root[1] in ("Response", f"{action}Response")
