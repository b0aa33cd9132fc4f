r"""JSON objects that describe a web request: access logs as JSON lines, and JSON that wraps log lines.

The names of the members vary; the tables at the foot hold those of nginx, Apache, Caddy, Envoy, Traefik,
Google's and Amazon's load balancers, CloudFront, AWS WAF and Terraform. What describes no request is searched
text by text: Docker's ``log``, everybody's ``message``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ec2codec.captures import access_log, cloudtrail, textline
from ec2codec.captures.access_log import WITH_BODY, split_request_line
from ec2codec.captures.exchange import Completeness, Exchange, Response
from ec2codec.captures.json_values import integer, load_object
from ec2codec.captures.moments import parse_moment
from ec2codec.captures.querytext import as_bytes, merge, query_of
from ec2codec.captures.relevance import MARK, PARAMETER, action_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.captures.exchange import Place


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
    is_request = _first(record, _TARGETS) or _first(record, _BODIES)
    if is_request and (calls := _call(record, place)):
        return calls
    if is_request:
        # A `path` may be that of the log file, and what is no message may be a referer.
        texts = [_first(record, (name,)) for name in _MESSAGES]
        return [exchange for text in texts for exchange in _parse_text(text, place)]
    return list(_calls_within(record, place))


def parse_text(text: bytes, place: Place) -> list[Exchange]:
    """The calls in a text that is no JSON object; in one behind a time, as CloudWatch's exports have it."""
    # Behind the beginning of an access line may stand JSON that its client wrote.
    calls = access_log.parse_by_beginning(text, place)
    if calls is not None:
        return calls
    start = text.find(b'{"')
    behind = parse(text[start:], place) if start > 0 else None
    return behind or textline.parse(text, place)


def _parse_text(text: bytes, place: Place) -> list[Exchange]:
    if MARK not in text:
        return []
    exchanges = parse(text, place)
    return parse_text(text, place) if exchanges is None else exchanges


def _calls_within(record: dict[str, Any], place: Place) -> Iterator[Exchange]:
    """What the texts in a record hold, and CloudTrail's events, which some wrap in arrays or a `_source`."""
    pending: list[Any] = [record]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            yield from _parse_text(as_bytes(value), place)
        elif isinstance(value, list):
            pending.extend(reversed(value))
        elif isinstance(value, dict):
            calls = cloudtrail.parse_event(value, place) if cloudtrail.is_event(value) else []
            yield from calls
            pending.extend(() if calls else reversed(value.values()))


def _call(record: dict[str, Any], place: Place) -> list[Exchange]:
    method, target = _first(record, _METHODS), _first(record, _TARGETS)
    if request := split_request_line(target):
        method, target = request
    query = query_of(target) or _first(record, _QUERIES).removeprefix(b"?")
    body = b"" if method == b"GET" else _first(record, _BODIES)
    if not PARAMETER.search(body):
        # It may be that of the answer, or of another kind.
        body = b""
    action = action_of(query) or action_of(body)
    if action is None:
        return []
    unseen = method in WITH_BODY and not body
    status = next((code for name in _STATUSES if (code := integer(record.get(name))) is not None), None)
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
    for name in names:
        value = record.get(name)
        if isinstance(value, str) and value.strip("-"):
            return as_bytes(value)
    return b""


_NESTED = ("request", "httpRequest")
_METHODS = (
    "request_method",
    "method",
    "http_method",
    "httpMethod",
    "verb",
    "http.method",
    "requestMethod",
    "RequestMethod",
    "request_verb",
    "cs-method",
)
# nginx's $uri has no query and is decoded, so it comes last; its query is then in $args.
_TARGETS = (
    "request_uri",
    "request",
    "url",
    "http.url",
    "requestUrl",
    "RequestPath",
    "request_url",
    "cs-uri-stem",
    "path",
    "uri",
)
_QUERIES = ("args", "query_string", "query", "cs-uri-query")
_BODIES = ("request_body", "http.request.body", "body")
_MESSAGES = ("message", "log", "msg", "textPayload")
_STATUSES = (
    "status",
    "status_code",
    "response_code",
    "http.status_code",
    "DownstreamStatus",
    "elb_status_code",
    "sc-status",
)
_TIMES = ("time", "@timestamp", "timestamp", "time_iso8601", "time_local", "ts", "start_time", "StartUTC")
