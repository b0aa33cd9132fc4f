"""What a run may cost: requests, and seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

REQUESTS = 20_000
SECONDS = 900.0


class CutShort(Exception):
    """A run ends before its corpus does; says why."""


class Gone(CutShort):
    """The server is not there, or not any more."""


class Budget:
    """Requests and seconds that are left.

    requests: that may be sent. seconds: after which none is sent any more; one under way is waited for.
    clock: seconds.
    """

    def __init__(
        self, requests: int = REQUESTS, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.spent = 0
        self._requests = requests
        self._seconds = seconds
        self._clock = clock
        self._end = clock() + seconds
        self._closed = False

    def spend(self) -> None:
        """Take one request of it.

        Raises: CutShort if there is none left.
        """
        if not self._closed:
            if self.spent >= self._requests:
                raise CutShort(f"after {self.spent} requests: --max-requests")
            if self._clock() >= self._end:
                raise CutShort(f"after {self._seconds:g} seconds: --time-limit")
        self.spent += 1

    def close(self) -> None:
        """No longer bound anything: tidying up is owed, whatever it costs."""
        self._closed = True
