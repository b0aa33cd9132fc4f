"""First lines and headers of HTTP/1.x messages; of the headers only those that say how long a body is."""

from __future__ import annotations

import re
from typing import NamedTuple

# Proxies show HTTP/2 as if it were HTTP/1.
# Proxies show HTTP/2 as if it were HTTP/1.
_REQUEST_LINE = re.compile(rb"([A-Z]{1,16}) ([^\r\n]*) HTTP/\d(?:\.\d)?\r?\n")
# Of a head that was cut off in its first line.
_CUT_REQUEST_LINE = re.compile(rb"([A-Z]{1,16}) (\S*)")
_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})(?!\d)")
_FIELD = re.compile(
    rb"\n(Content-Length|Transfer-Encoding|Content-Encoding)[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE
)
_LENGTH = re.compile(rb"(\d{1,12})[ \t]*(?:\Z|,)")


class Kind(NamedTuple):
    """Which way messages go.

    may_begin: matches the first bytes of a message, however few of them have come.
    """

    is_request: bool
    may_begin: re.Pattern[bytes]


REQUESTS = Kind(True, re.compile(rb"[A-Z]{1,16}(?:\Z| (?:\Z|\S))"))
RESPONSES = Kind(False, re.compile(rb"HTTP/\d|(?:H|HT|HTT|HTTP|HTTP/)\Z"))


class Start(NamedTuple):
    """What the first line says: method and target of a request, or the status of a response.

    is_whole: the line was not cut off.
    """

    method: bytes = b""
    target: bytes = b""
    status: int = 0
    is_whole: bool = True

    @property
    def is_interim(self) -> bool:
        """Whether another response to the same request follows: ``100 Continue``."""
        return 100 <= self.status < 200


class Framing(NamedTuple):
    """What the headers say of the body.

    length: bytes; None where they do not say.
    coding: Content-Encoding, as sent.
    """

    length: int | None = None
    is_chunked: bool = False
    coding: bytes = b""


def parse_start(head: bytes, kind: Kind, *, is_whole: bool) -> Start | None:
    """The first line of a message; None if it is none.

    is_whole: the head was not cut off.
    """
    if not kind.is_request:
        line = _STATUS_LINE.match(head)
        return Start(status=int(line[1])) if line else None
    if line := _REQUEST_LINE.match(head):
        return Start(line[1], line[2])
    cut = None if is_whole or b"\n" in head else _CUT_REQUEST_LINE.match(head)
    return Start(cut[1], cut[2], is_whole=False) if cut else None


def parse_framing(head: bytes) -> Framing:
    """What the headers say of the body; the last of several headers counts."""
    fields = {name.lower(): value for name, value in _FIELD.findall(head)}
    length = _LENGTH.match(fields.get(b"content-length", b""))
    return Framing(
        length=int(length[1]) if length else None,
        is_chunked=b"chunked" in fields.get(b"transfer-encoding", b"").lower(),
        coding=fields.get(b"content-encoding", b""),
    )
