"""What a run may cost: requests, and seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

REQUESTS = 20_000
SECONDS = 900.0
# Seconds for removing what was made: owed also after the others are spent, but not for ever.
TIDYING = 60.0


class CutShort(Exception):
    """A run ends before its corpus does; says why."""


class Gone(CutShort):
    """The server is not there, or not any more."""


class Budget:
    """Requests and seconds that are left, and those for tidying up once it is closed.

    requests: that may be sent. seconds: after which none is sent any more; one under way is waited for.
    clock: seconds.
    """

    def __init__(
        self, requests: int = REQUESTS, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.spent = 0
        self._requests: float = requests
        self._clock = clock
        self._end = clock() + seconds
        self._time = f"{seconds:g} seconds: --time-limit"

    def spend(self) -> None:
        """Take one request of it.

        Raises: CutShort if there is none left.
        """
        if self.spent >= self._requests:
            raise CutShort(f"after {self.spent} requests: --max-requests")
        if self._clock() >= self._end:
            raise CutShort(f"after {self._time}")
        self.spent += 1

    def close(self) -> None:
        """From now on only what tidies up is bounded, by its own time."""
        self._requests = float("inf")
        self._end = self._clock() + TIDYING
        self._time = f"{TIDYING:g} seconds of tidying up"
