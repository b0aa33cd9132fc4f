"""Points in time as logs write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# The common log format, 22/Nov/2026:17:01:59 +0000; strptime's %b would depend on the locale.
_COMMON = re.compile(r"(\d\d)/([A-Z][a-z]{2})/(\d{4})[: ](\d\d:\d\d:\d\d)(?: ([+-]\d{4}))?", re.ASCII)


def parse_moment(text: str) -> datetime | None:
    """The point in time that *text* names, in ISO 8601 or the common log format; UTC where no zone is given.

    None if it names none: a wrong clock in a log is no reason to lose a call.
    """
    match = _COMMON.fullmatch(text)
    if match and match[2] in _MONTHS:
        text = f"{match[3]}-{_MONTHS.index(match[2]) + 1:02}-{match[1]}T{match[4]}{match[5] or ''}"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def moment_at(seconds: float) -> datetime | None:
    """The point in time so many seconds after 1970; None if it is outside the calendar."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def parse_http_date(text: str) -> datetime | None:
    """The point in time that HTTP's ``Date`` names, ``Sun, 22 Nov 2026 17:02:45 GMT``, or Java in its way.

    None if it names none; UTC where no zone is known.
    """
    # Few formats need it, and it takes a while to import.
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        # It was written for what stands in mails, and is not careful with anything else.
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
