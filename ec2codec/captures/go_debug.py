r"""Debug logs of the AWS SDKs for Go, and of Terraform, whose provider is built on them.

Three shapes: version 1 of the SDK dumps messages between ``---[ REQUEST POST-SIGN ]---`` and a rule,
version 2 under ``DEBUG Request``, and Terraform's provider since 5.0 writes fields: a body is
``http.request.body="Action=...``, a line feed and ``"``. Terraform before 0.15 puts a prefix before every
line of a dump, later ones before the first alone. Bodies are one line. Content-Length is believed at the end
of the input only, for people shorten what they paste. A retry that is dumped once more is a call once more.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ec2codec.captures.access_log import WITH_BODY, parse_among
from ec2codec.captures.dialogue import Dialogue
from ec2codec.captures.exchange import Completeness, Exchange, Note, Place
from ec2codec.captures.moments import parse_moment
from ec2codec.captures.numbered_lines import numbered_lines, records
from ec2codec.captures.querytext import merge, query_of
from ec2codec.captures.relevance import action_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from ec2codec.captures.numbered_lines import Line
    from ec2codec.captures.source import Source

_DATE = rb"\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d"
_PREFIX = re.compile(_DATE + rb"\S{0,20} \[[A-Z]+\] +([\w.@/+-]{1,200}):(?: |(?=\r?\n))")
# `DEBUG: Request ec2/Action Details:`, `DEBUG Request`, and Terraform's `[DEBUG] [aws-sdk-go-v2] Request`.
_DUMP = re.compile(
    rb"(?:" + _DATE + rb" )?(?:\[[\w-]+\] ){0,2}(?:DEBUG:? |missing_context: )?"
    rb"Re(?:quest|sponse)(?: \w+/\w+ Details:)?\s*$"
)
_BEGINNING = re.compile(rb"(?:SDK )?" + _DATE + rb"|" + _DUMP.pattern)
_TIME = re.compile(
    rb"(?:SDK )?(\d{4})[-/](\d\d)[-/](\d\d)[ T]"
    rb"(\d\d:\d\d:\d\d(?:\.\d{3,6})?(?:Z|[+-]\d{4})?)"
)

_SENT = re.compile(rb": HTTP Request Sent:")
_RECEIVED = re.compile(rb": HTTP Response Received:")
_REQUEST = re.compile(rb"\bRequest(?: (\w+/\w+) Details:)?[ \r]*\n(?:---\[[^\n]*\n)?(?=[A-Z]{3,7} )")
_RESPONSE = re.compile(rb"\bResponse(?: (\w+/\w+) Details:)?[ \r]*\n(?:---\[[^\n]*\n)?(?=HTTP/)")
_HEAD = re.compile(rb"([A-Z]{3,7}) (\S+)( HTTP/\d\.\d\r?\n(?:[\w-]+:[^\n]*\n)*(\r?\n)?)?")
_LENGTH = re.compile(rb"\nContent-Length: *(\d{1,9})", re.IGNORECASE)
# Terraform adds the time to the last line of what a provider writes. Where no body is logged, a rule follows.
_BODY = re.compile(rb"(?!---)([^\r\n]*?)(?:: timestamp=\S+)?(\r?\n|$)")
_STATUS = re.compile(rb"^HTTP/\d(?:\.\d)? (\d{3})|\bhttp\.status_code=(\d{3})\b", re.MULTILINE)
_ANSWER = re.compile(rb"<(?:\?xml|\w*Response\b)")
_ANSWER_END = b"Response>"

# In quotes with a line feed before the second, or behind the bars of hclog.
_FIELD_BODY = re.compile(rb"\bhttp\.request\.body=(?:\"|\n *\| )([^\"\r\n]*)([\"\r\n])?")
_FIELD_METHOD = re.compile(rb"\bhttp\.method=(\w+)")
_FIELD_URL = re.compile(rb"\bhttp\.url=\"?([^\s\"]+)")
_FIELD_WHO = re.compile(rb"\b(?:tf_req_id|rpc\.method)=([\w-]{1,64})")
_BAR = re.compile(rb"^ *\| ", re.MULTILINE)


def read_go_debug(source: Source) -> Iterator[Exchange | Note]:
    """The calls that a debug log of Terraform or of a Go SDK tells of, with their answers."""
    dialogue = Dialogue()
    for number, record in records(_unprefixed(numbered_lines(source)), _begins):
        if isinstance(record, Note):
            yield record
            continue
        place = Place(source.name, number)
        yield from _read(dialogue, record, place)
        yield from parse_among(record, place)
    yield from dialogue.rest()


def _read(dialogue: Dialogue, record: bytes, place: Place) -> Iterator[Exchange]:
    for pattern, step in _STEPS:
        if match := pattern.search(record):
            yield from step(dialogue, record, match, place)
            return


def _unprefixed(lines: Iterator[Line]) -> Iterator[Line]:
    """The lines, those of dumps without the prefix that Terraform puts before each of them."""
    dumping = b""
    for number, line in lines:
        prefix = None if isinstance(line, Note) else _PREFIX.match(line)
        if prefix is None or isinstance(line, Note):
            dumping = b""
            yield number, line
            continue
        rest = line[prefix.end() :]
        if _DUMP.match(rest):
            dumping = prefix[1]
        elif prefix[1] != dumping or _BEGINNING.match(rest):
            dumping = b""
        yield number, rest if dumping else line


def _begins(line: bytes) -> bool:
    return _BEGINNING.match(line) is not None


def _sent(dialogue: Dialogue, record: bytes, match: re.Match[bytes], place: Place) -> Iterator[Exchange]:
    url, method = _FIELD_URL.search(record), _FIELD_METHOD.search(record)
    query = query_of(url[1]) if url else b""
    body = _FIELD_BODY.search(record)
    call = _call(query, body[1] if body else b"", record, place)
    if call and body and body[2] is None:
        call = replace(call, completeness=Completeness.TRUNCATED)
    elif call and method and method[1] in WITH_BODY and not (body and body[1]):
        call = replace(call, completeness=Completeness.BODY_NOT_CAPTURED)
    yield from dialogue.call(_who(record), call)


def _dumped(dialogue: Dialogue, record: bytes, match: re.Match[bytes], place: Place) -> Iterator[Exchange]:
    head = _HEAD.match(record, match.end())
    call = None
    if head:
        logged = _BODY.match(record, head.end()) if head[4] else None
        body = logged[1] if logged else b""
        call = _call(query_of(head[2]), body, record, place)
        if call and (not head[3] or (logged and not logged[2] and _is_short(head[0], body))):
            call = replace(call, completeness=Completeness.TRUNCATED)
        elif call and head[1] in WITH_BODY and not body:
            call = replace(call, completeness=Completeness.BODY_NOT_CAPTURED)
    yield from dialogue.call(match[1] or b"", call)


def _is_short(head: bytes, body: bytes) -> bool:
    """Whether a body that ends with the input is not all there."""
    length = _LENGTH.search(head)
    return length is not None and len(body) < int(length[1])


def _received(dialogue: Dialogue, record: bytes, match: re.Match[bytes], place: Place) -> Iterator[Exchange]:
    status = _STATUS.search(record)
    dialogue.answer(
        match[1] or b"" if match.re is _RESPONSE else _who(record),
        status=int(status[1] or status[2]) if status else None,
        body=_answer(record),
    )
    yield from ()


def _answer(record: bytes) -> str | None:
    start, end = _ANSWER.search(record), record.rfind(_ANSWER_END)
    if start is None or record.rfind(b"</", start.start(), end) < 0:
        return None
    text = record[start.start() : end + len(_ANSWER_END)]
    return _BAR.sub(b"", text).replace(b'\\"', b'"').decode("utf-8", "replace")


def _call(query: bytes, body: bytes, record: bytes, place: Place) -> Exchange | None:
    action = action_of(query) or action_of(body)
    if action is None:
        return None
    return Exchange(place=place, action=action, request=merge(query, body), time=_time(record))


def _who(record: bytes) -> bytes:
    return b" ".join(sorted(set(_FIELD_WHO.findall(record))))


def _time(record: bytes) -> datetime | None:
    match = _TIME.match(record)
    return parse_moment((b"%s-%s-%sT%s" % match.groups()).decode("ascii")) if match else None


_STEPS: tuple[tuple[re.Pattern[bytes], Callable[..., Iterator[Exchange]]], ...] = (
    (_SENT, _sent),
    (_RECEIVED, _received),
    (_REQUEST, _dumped),
    (_RESPONSE, _received),
)
