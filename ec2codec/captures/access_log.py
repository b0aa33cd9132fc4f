"""Access logs in the common and combined formats, and their like with more fields.

``host - user [time] "GET /?Action=... HTTP/1.1" 200 287 "referer" "agent"``, and the form body somewhere
after the request line where ``$request_body`` is logged. Fields are never counted: vhost, ALB and home-made
formats put others around these.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from ec2codec.captures.exchange import Completeness, Exchange, Place, Response
from ec2codec.captures.moments import parse_moment
from ec2codec.captures.querytext import merge, query_of, unescape
from ec2codec.captures.relevance import BY_NAME, MARK, NAMES, PARAMETER, action_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    Field = re.Match[bytes]

# A field that the line's end cuts counts. Unrolled, for the plain alternation is three times slower; and
# lines without a backslash are read twice as fast by what knows none.
_PLAIN = re.compile(rb'"([^"]*)($|")')
_QUOTED = re.compile(rb'"([^"\\]*(?:\\.[^"\\]*)*)(\\?$|")', re.DOTALL)
_METHOD = re.compile(rb"([A-Z]{3,10}) (?=\S)")
_VERSION = re.compile(rb"\d(?:\.\d)?")
_TIME = re.compile(rb"\[([^\]]{20,26})\]")
_STATUS = re.compile(rb'" (\d{3}) ')
# Load balancers write the time first, and the status before the request.
_BALANCER = re.compile(
    rb"(?:[a-z\d]{2,6} )?(\d{4}-\d\d-\d\dT[\d:.]{8,15}Z) (?:\S{1,256} ){3}(?:-?[\d.]{1,16} ){3}(\d{3}|-) "
)
_FORM = re.compile(rb"[\w.%+-]+=")
# What people write before a field to say what it is: `body=Action=...`. Names of ours begin with capitals.
_LABEL = re.compile(rb"\A[a-z_-]{1,32}[=:](?=[A-Z])")
# Werkzeug, which moto and others serve with, logs the target percent-decoded (pallets/werkzeug#1435), quotes
# in it unescaped; its time has a blank where the common format has a colon.
_WERKZEUG = re.compile(
    rb'[^"\[]{0,256}\[\d\d/\w{3}/\d{4} [\d:]{8}\] "'
    # What was refused it writes in colours, to files too.
    rb'(?:\x1b\[[\d;]{0,8}m){0,4}([A-Z]{3,10}) (.*) HTTP/\d\.\d(?:\x1b\[[\d;]{0,8}m)?" (\d{3}) ',
    re.DOTALL,
)

# What nearly every call is: GET, in the common format, without an escape. All that is below would read it in
# the same way, but in four times as long. The query goes on to the first blank, which is found five times as
# soon as the first of several characters; the others are looked for in it.
_COMMON = re.compile(
    rb'[^"\[]{0,256}\[(\d\d/[A-Z][a-z]{2}/\d{4}:(?:[01]\d|2[0-3]):[0-5]\d):([0-5]\d) ([+-]\d{4})\]'
    rb' "GET /[^"\\?# ]*(\?(?:Action=(' + NAMES + rb')(?=[& ]))?[^ ]*) HTTP/\d\.\d" (\d{3}) '
)
# How a line of those formats begins, whatever its client wrote behind.
_BEGINNING = re.compile(rb'[^"\[]{0,256}\[\d\d/\w{3}/\d{4}[ :][\d:]{8}(?: [+-]\d{4})?\] "')
_SECONDS = {b"%02d" % count: timedelta(seconds=count) for count in range(60)}

# Methods whose parameters may stand in a body.
WITH_BODY = frozenset({b"POST", b"PUT", b"PATCH"})


def parse(line: bytes, place: Place) -> list[Exchange] | None:
    """The call in a line of an access log; None if it is no such line."""
    calls = parse_common(line, place)
    return parse_uncommon(line, place) if calls is None else calls


def parse_common(line: bytes, place: Place) -> list[Exchange] | None:
    """The same, for what nearly every line is; None if it is another one."""
    match = _COMMON.match(line)
    return _common_call(match, place) if match else None


def parse_by_beginning(line: bytes, place: Place) -> list[Exchange] | None:
    """The same, for what begins with a client and a time, as servers write; None if it is another one."""
    return parse(line, place) if _BEGINNING.match(line) else None


def parse_uncommon(line: bytes, place: Place) -> list[Exchange] | None:
    """The same, for every other line of an access log."""
    if match := _WERKZEUG.match(line):
        return _werkzeug_call(line, match, place)
    text = line.rstrip(b"\r\n")
    for field in _quoted(text, 0):
        if request := split_request_line(field[1]):
            return _call(text, field, *request, place)
    return None


def _common_call(match: Field, place: Place) -> list[Exchange] | None:
    # With the mark before it, a query is a request as it stands.
    minute, second, zone, request, name, status = match.groups()
    if b'"' in request or b"\\" in request or b"#" in request:
        return None
    action = BY_NAME[name] if name else action_of(request)
    if action is None:
        return []
    return [
        Exchange(
            place=place,
            action=action,
            request=request,
            response=_response(status),
            time=(begun := _minute(minute, zone)) and begun + _SECONDS[second],
        )
    ]


def parse_among(record: bytes, place: Place) -> Iterator[Exchange]:
    """The calls in lines of an access log that stand among those of a record, as containers mix their output.

    place: of the record's first line. What http.client prints in double quotes is no such line.
    """
    if MARK not in record:
        return
    for offset, line in enumerate(record.split(b"\n")):
        if MARK in line and not line.startswith(b"send: "):
            yield from parse(line, Place(place.file, place.number + offset)) or ()


def split_request_line(text: bytes) -> tuple[bytes, bytes] | None:
    """Method and target of a request line, of HTTP/0.9 too, which had no version; None if *text* is none."""
    method = _METHOD.match(text)
    if method is None:
        return None
    rest = text[method.end() :]
    target, mark, version = rest.rpartition(b" HTTP/")
    return method[1], target if mark and _VERSION.fullmatch(version) else rest


def _quoted(line: bytes, position: int) -> Iterator[Field]:
    return (_QUOTED if b"\\" in line else _PLAIN).finditer(line, position)


def _call(line: bytes, field: Field, method: bytes, target: bytes, place: Place) -> list[Exchange]:
    query = query_of(unescape(target))
    body_field = _body_field(line, field.end()) if method in WITH_BODY else None
    body = b""
    if method in WITH_BODY:
        body = unescape(body_field[1] if body_field else _unquoted_body(line, field.end()))
    action = action_of(query) or action_of(body)
    if action is None:
        return []
    response, time = _response_and_time(line, field)
    return [
        Exchange(
            place=place,
            action=action,
            request=merge(query, body),
            completeness=_completeness(method, body_field or field, body),
            response=response,
            time=time,
        )
    ]


def _body_field(line: bytes, position: int) -> Field | None:
    """The last quoted field that is a form with a parameter in it, or is cut off and may be one."""
    fields = [field for field in _quoted(line, position) if _is_form(field)]
    return fields[-1] if fields else None


def _is_form(field: Field) -> bool:
    # `Root=1-67891233-abcdef` is an id of a load balancer's, `session=1` a cookie.
    return bool(PARAMETER.search(field[1]) if field[2] == b'"' else _FORM.match(field[1]))


def _unquoted_body(line: bytes, position: int) -> bytes:
    """The last word outside of quotes that is a form with a parameter in it; empty if there is none."""
    words = (_LABEL.sub(b"", word) for word in _QUOTED.sub(b" ", line[position:]).split())
    return next((word for word in reversed(list(words)) if PARAMETER.search(word)), b"")


def _response_and_time(line: bytes, field: Field) -> tuple[Response | None, datetime | None]:
    if status := _STATUS.match(line, field.end() - 1):
        return _response(status[1]), _time(line)
    if balancer := _BALANCER.match(line):
        return _response(balancer[2]), _moment(balancer[1])
    return None, _time(line)


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
            response=_response(match[3]),
            time=_time(line),
        )
    ]


def _time(line: bytes) -> datetime | None:
    match = _TIME.search(line)
    return _moment(match[1]) if match else None


# Lines that follow one another are of one second, and statuses are few.
@lru_cache(64)
def _moment(text: bytes) -> datetime | None:
    return parse_moment(text.decode("ascii", "replace"))


@lru_cache(64)
def _minute(text: bytes, zone: bytes) -> datetime | None:
    return parse_moment(f"{text.decode('ascii')}:00 {zone.decode('ascii')}")


@lru_cache(64)
def _response(status: bytes) -> Response | None:
    return None if status == b"-" else Response(status=int(status))
