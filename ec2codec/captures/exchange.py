"""What every reader gives: one recorded call, where it stands, and how much of it was recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

Pairs = tuple[tuple[str, str], ...]


class Completeness(StrEnum):
    """How much of a request the capture holds; only a complete request may miss something."""

    COMPLETE = "complete"
    BODY_NOT_CAPTURED = "body-not-captured"
    TRUNCATED = "truncated"
    LOSSY_DECODED = "lossy-decoded"
    OMITTED = "omitted"
    RESPONSE_ONLY = "response-only"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call stands: ``access.log:123`` or ``x.har#entry=12``.

    file: the name as the user gave it, or as the folder gave it; not made printable.
    number: counts from 1.
    unit: what is counted, ``"line"`` in files that have lines.
    """

    file: str
    number: int
    unit: str = "line"

    def __str__(self) -> str:
        mark = ":" if self.unit == "line" else f"#{self.unit}="
        return f"{self.file}{mark}{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What the service answered, as far as it was recorded.

    status: HTTP status; 200 too where CloudTrail recorded ``_return``.
    body: the text of the answer.
    error_code: EC2's error code without its ``Client.`` or ``Server.``.
    """

    status: int | None = None
    body: str | None = field(default=None, repr=False)
    error_code: str | None = None


# Not frozen: that would make it three times as slow to make, and 2 % of a check of an access log is that.
@dataclass(slots=True, kw_only=True)
class Exchange:
    """One recorded call of a security-group action; not to be changed.

    request: a query string in bytes that begins with ``?``, percent-decoded nowhere; or the pairs of a
        request that a server had parsed before it was written down. May hold a signature, so no repr.
    server_parsed: nothing can be said about how the request was spelled on the wire.
    time: when the call was made, with its zone; None where the capture does not say.
    """

    place: Place
    action: str
    request: bytes | Pairs = field(repr=False)
    completeness: Completeness = Completeness.COMPLETE
    server_parsed: bool = False
    response: Response | None = None
    time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What was not read of an input, and why: ``log:9: the line is longer than 1048576 bytes``.

    place: the input, or the line of it.
    kind: ``"incomplete"``: something is lost, from there on or there; ``"unreadable"``: all of it;
        ``"skipped"``: the input is of a kind that is not read, which is no fault.
    """

    place: str
    message: str
    kind: Literal["incomplete", "unreadable", "skipped"] = "incomplete"
