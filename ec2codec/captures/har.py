"""HTTP archives (HAR 1.2) of browsers and proxies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from ec2codec.captures.exchange import Completeness, Exchange, Note
from ec2codec.captures.http_body import from_base64
from ec2codec.captures.http_call import answer
from ec2codec.captures.json_values import integer
from ec2codec.captures.json_window import JsonWindow, numbered
from ec2codec.captures.moments import parse_moment
from ec2codec.captures.querytext import as_bytes, merge, query_of
from ec2codec.captures.relevance import action_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.captures.exchange import Place, Response
    from ec2codec.captures.source import Source

    Entry = dict[str, Any]

_ENTRIES = re.compile(r'"entries"\s*:\s*\[')
_ENCODING = re.compile(r'"creator"\s*:\s*\{\s*"name"\s*:\s*"(?:WebInspector|Internet Explorer)')


def read_har(source: Source) -> Iterator[Exchange | Note]:
    """The calls in an HTTP archive; entries count from 1."""
    window = JsonWindow(source)
    before = window.find(_ENTRIES)
    if before is None:
        yield Note(source.name, "cut short before the first entry")
    number = 0
    # Archives may follow one another, as `zcat` has them.
    while before is not None:
        # Chrome and Internet Explorer percent-encode the values of `params`, Firefox does not.
        encoded = _ENCODING.search(before) is not None
        for place, entry in numbered(source, "entry", window.values(until="]"), before=number):
            number = place.number
            if isinstance(entry, Note):
                yield entry
                return
            yield from _calls(entry, place, encoded=encoded)
        before = window.find(_ENTRIES)


def _calls(entry: Entry, place: Place, *, encoded: bool) -> list[Exchange]:
    request = _object(entry, "request")
    posted = _object(request, "postData")
    query, body = query_of(as_bytes(_string(request, "url"))), _content(posted)
    lossy = False
    if not query:
        query, lossy = _joined(request.get("queryString"), encoded=encoded)
    if not body:
        body, params_only = _joined(posted.get("params"), encoded=encoded)
        lossy = lossy or params_only
    action = action_of(query) or action_of(body)
    if action is None:
        return []
    # A proxy that keeps no bodies still knows how long they were.
    unseen = _string(request, "method") == "POST" and not body and request.get("bodySize") != "0"
    return [
        Exchange(
            place=place,
            action=action,
            request=merge(query, body),
            completeness=_completeness(unseen=unseen, lossy=lossy),
            response=_response(_object(entry, "response")),
            time=parse_moment(_string(entry, "startedDateTime")),
        )
    ]


def _completeness(*, unseen: bool, lossy: bool) -> Completeness:
    if unseen:
        return Completeness.BODY_NOT_CAPTURED
    return Completeness.LOSSY_DECODED if lossy else Completeness.COMPLETE


def _content(content: Entry) -> bytes:
    text = as_bytes(_string(content, "text"))
    return from_base64(text) if content.get("encoding") == "base64" else text


def _joined(parameters: object, *, encoded: bool) -> tuple[bytes, bool]:
    """The query string of a list of names and values, and whether there was one."""
    if not isinstance(parameters, list):
        return b"", False
    named = [item for item in parameters if isinstance(item, dict)]
    pairs = [(_string(item, "name"), _string(item, "value")) for item in named]
    if not encoded:
        pairs = [(_quoted(name), _quoted(value)) for name, value in pairs]
    return as_bytes("&".join(f"{name}={value}" for name, value in pairs)), bool(pairs)


def _quoted(text: str) -> str:
    return quote_plus(as_bytes(text))


def _response(response: Entry) -> Response | None:
    status = integer(response.get("status"))
    # Browsers write 0 for a request that was not answered.
    if not status:
        return None
    content = _object(response, "content")
    return answer(status, _content(content))


def _object(value: Entry, name: str) -> Entry:
    member = value.get(name)
    return member if isinstance(member, dict) else {}


def _string(value: Entry, name: str) -> str:
    member = value.get(name)
    return member if isinstance(member, str) else ""
