r"""JSON objects that describe a web request: access logs as JSON lines, and JSON that wraps log lines.

The names of the members vary; the tables at the foot hold those of nginx, Apache, Caddy, AWS WAF and
Terraform. What describes no request is searched text by text: Docker's ``log``, everybody's ``message``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ec2codec.captures import cloudtrail, textline
from ec2codec.captures.access_log import WITH_BODY
from ec2codec.captures.exchange import Completeness, Exchange, Response
from ec2codec.captures.json_values import integer, load_object, texts_in
from ec2codec.captures.moments import parse_moment
from ec2codec.captures.querytext import as_bytes, merge, query_of
from ec2codec.captures.relevance import MARK, action_of

if TYPE_CHECKING:
    from ec2codec.captures.exchange import Place

_REQUEST_LINE = re.compile(rb"([A-Z]{3,10}) (\S+)(?: HTTP/\d(?:\.\d)?)?")


def parse(line: bytes, place: Place) -> list[Exchange] | None:
    """The calls in a JSON object; None if *line* is none."""
    record = load_object(line)
    return None if record is None else parse_record(record, place)


def parse_record(record: dict[str, Any], place: Place) -> list[Exchange]:
    """The calls in a JSON object that has been read."""
    if cloudtrail.is_event(record):
        return cloudtrail.parse_event(record, place)
    for name in _NESTED:
        if isinstance(record.get(name), dict):
            record = {**record, **record[name]}
    if _first(record, _TARGETS) or _first(record, _BODIES):
        return _call(record, place)
    return [exchange for text in texts_in(record) for exchange in _parse_text(as_bytes(text), place)]


def _parse_text(text: bytes, place: Place) -> list[Exchange]:
    if MARK not in text:
        return []
    exchanges = parse(text, place)
    return textline.parse(text, place) if exchanges is None else exchanges


def _call(record: dict[str, Any], place: Place) -> list[Exchange]:
    method, target = _first(record, _METHODS), _first(record, _TARGETS)
    if match := _REQUEST_LINE.fullmatch(target):
        method, target = match[1], match[2]
    query = query_of(target) or _first(record, _QUERIES).removeprefix(b"?")
    body = b"" if method == b"GET" else _first(record, _BODIES)
    action = action_of(query) or action_of(body)
    if action is None:
        return []
    unseen = method in WITH_BODY and not body
    status = integer(record.get("status"))
    return [
        Exchange(
            place=place,
            action=action,
            request=merge(query, body),
            completeness=Completeness.BODY_NOT_CAPTURED if unseen else Completeness.COMPLETE,
            response=None if status is None else Response(status=status),
            time=parse_moment(_first(record, _TIMES).decode("utf-8", "replace")),
        )
    ]


def _first(record: dict[str, Any], names: tuple[str, ...]) -> bytes:
    """The first of these members that says something: nginx writes ``-`` or nothing for an empty variable."""
    values = (record.get(name) for name in names)
    return next((as_bytes(value) for value in values if isinstance(value, str) and value.strip("-")), b"")


_NESTED = ("request", "httpRequest")
_METHODS = ("request_method", "method", "http_method", "httpMethod", "verb", "http.method")
# nginx's $uri has no query and is decoded, so it comes last; its query is then in $args.
_TARGETS = ("request_uri", "request", "url", "http.url", "path", "uri")
_QUERIES = ("args", "query_string", "query")
_BODIES = ("request_body", "http.request.body", "body")
_TIMES = ("time", "@timestamp", "timestamp", "time_iso8601", "time_local", "ts")
