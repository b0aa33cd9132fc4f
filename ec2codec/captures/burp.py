"""Items that Burp saved: requests and responses as they went over the wire, in XML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ec2codec.captures.exchange import Completeness, Note, Place
from ec2codec.captures.http_body import from_base64
from ec2codec.captures.http_call import http_call, message_call
from ec2codec.captures.http_head import REQUESTS, RESPONSES
from ec2codec.captures.http_message import parse_message
from ec2codec.captures.moments import parse_http_date
from ec2codec.captures.querytext import as_bytes
from ec2codec.captures.xml_items import CutShort, Field, read_items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.captures.exchange import Exchange
    from ec2codec.captures.source import Source

    Item = dict[str, Field]

_FIELDS = frozenset({"time", "url", "method", "request", "response"})
_ABSENT = Field("", {})


def read_burp(source: Source) -> Iterator[Exchange | Note]:
    """The calls among saved items, which count from 1."""
    number = 0
    try:
        for number, item in enumerate(read_items(source.stream, _FIELDS), 1):
            if exchange := _call(item, Place(source.name, number, "item")):
                yield exchange
    except CutShort as reason:
        yield Note(source.name, f"cut short after item {number}: {reason}")


def _call(item: Item, place: Place) -> Exchange | None:
    time = parse_http_date(item.get("time", _ABSENT).text)
    request = parse_message(_bytes(item.get("request", _ABSENT)), REQUESTS)
    response = parse_message(_bytes(item.get("response", _ABSENT)), RESPONSES)
    if request is not None:
        return message_call(place, request, response, time)
    method, url = (as_bytes(item.get(name, _ABSENT).text) for name in ("method", "url"))
    # Whether there was a body, and of what kind, nobody knows.
    return http_call(place, method, url, b"", completeness=Completeness.BODY_NOT_CAPTURED, time=time)


def _bytes(field: Field) -> bytes:
    is_encoded = field.attributes.get("base64") == "true"
    return from_base64(field.text) if is_encoded else as_bytes(field.text)
