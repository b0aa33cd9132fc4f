"""Access logs in the common and combined formats, and their like with more fields.

``host - user [time] "GET /?Action=... HTTP/1.1" 200 287 "referer" "agent"``, and the form body in quotes
somewhere after the request line where ``$request_body`` is logged. Fields are never counted: vhost, ALB
and home-made formats put others around these.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ec2codec.captures.exchange import Completeness, Exchange, Response
from ec2codec.captures.moments import parse_moment
from ec2codec.captures.querytext import merge, query_of, unescape
from ec2codec.captures.relevance import action_of

if TYPE_CHECKING:
    from datetime import datetime

    from ec2codec.captures.exchange import Place

    Field = re.Match[bytes]

# Unrolled: the plain alternation of it is three times slower. A field that the line's end cuts counts.
_QUOTED = re.compile(rb'"([^"\\]*(?:\\.[^"\\]*)*)(\\?$|")', re.DOTALL)
_REQUEST = re.compile(rb"([A-Z]{3,10}) (\S.*?)(?: HTTP/\d(?:\.\d)?)?", re.DOTALL)
_TIME = re.compile(rb"\[([^\]]{20,26})\]")
_STATUS = re.compile(rb'" (\d{3}) ')
_FORM = re.compile(rb"[\w.%+-]+=")
# Werkzeug, which moto and others serve with, logs the target percent-decoded (pallets/werkzeug#1435), quotes
# in it unescaped; its time has a blank where the common format has a colon.
_WERKZEUG = re.compile(
    rb'[^"\[]{0,256}\[\d\d/\w{3}/\d{4} [\d:]{8}\] "([A-Z]{3,10}) (.*) HTTP/\d\.\d" (\d{3}) ', re.DOTALL
)

# Methods whose parameters may stand in a body.
WITH_BODY = frozenset({b"POST", b"PUT", b"PATCH"})


def parse(line: bytes, place: Place) -> list[Exchange] | None:
    """The call in a line of an access log; None if it is no such line."""
    if match := _WERKZEUG.match(line):
        return _werkzeug_call(line, match, place)
    fields = _QUOTED.finditer(line.rstrip(b"\r\n"))
    for field in fields:
        if request := _REQUEST.fullmatch(field[1]):
            bodies = [later for later in fields if _FORM.match(later[1])]
            return _call(line, field, request, bodies[-1] if bodies else None, place)
    return None


def _call(
    line: bytes, field: Field, request: Field, body_field: Field | None, place: Place
) -> list[Exchange]:
    method, query = request[1], query_of(unescape(request[2]))
    if method not in WITH_BODY:
        body_field = None
    body = unescape(body_field[1]) if body_field else b""
    action = action_of(query) or action_of(body)
    if action is None:
        return []
    status = _STATUS.match(line, field.end() - 1)
    return [
        Exchange(
            place=place,
            action=action,
            request=merge(query, body),
            completeness=_completeness(method, body_field or field, body),
            response=Response(status=int(status[1])) if status else None,
            time=_time(line),
        )
    ]


def _completeness(method: bytes, last: Field, body: bytes) -> Completeness:
    if last[2] != b'"':
        return Completeness.TRUNCATED
    if method in WITH_BODY and not body:
        return Completeness.BODY_NOT_CAPTURED
    return Completeness.COMPLETE


def _werkzeug_call(line: bytes, match: Field, place: Place) -> list[Exchange]:
    query = query_of(match[2])
    action = action_of(query)
    if action is None:
        return []
    lossy = Completeness.BODY_NOT_CAPTURED if match[1] in WITH_BODY else Completeness.LOSSY_DECODED
    return [
        Exchange(
            place=place,
            action=action,
            request=merge(query),
            completeness=lossy,
            response=Response(status=int(match[3])),
            time=_time(line),
        )
    ]


def _time(line: bytes) -> datetime | None:
    match = _TIME.search(line)
    return parse_moment(match[1].decode("ascii", "replace")) if match else None
