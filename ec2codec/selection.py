"""Which of the recorded calls are judged: by action, and by time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from ec2codec.captures.moments import parse_moment

if TYPE_CHECKING:
    from collections.abc import Collection

    from ec2codec.captures import Exchange
    from ec2codec.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The calls that were asked for.

    actions: those whose calls are judged; others are not counted either.
    since, until: moments with their zones, both inclusive; None: no bound.
    """

    actions: Collection[str]
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, exchange: Exchange, tally: Tally) -> bool:
        """Whether a call is judged; *tally* counts what the bounds of time did.

        A call whose time is not known may be one of those asked for, so it is.
        """
        if exchange.action not in self.actions:
            return False
        if self.since is None and self.until is None:
            return True
        if exchange.time is None:
            tally.undated += 1
        elif not self._spans(exchange.time):
            tally.passed_over += 1
            return False
        return True

    def _spans(self, moment: datetime) -> bool:
        early = self.since is not None and moment < self.since
        return not early and (self.until is None or moment <= self.until)


def read_bound(text: str, *, end: bool) -> datetime | None:
    """The moment that a bound in ISO 8601 names, UTC where it has no zone; None if it names none.

    end: of a date the last moment is meant, not the first.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return parse_moment(text)
    return datetime.combine(day, time.max if end else time.min, UTC)
