"""Recordings of moto: a request in each line, without its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from ec2codec.captures.exchange import Completeness, Note, Place
from ec2codec.captures.http_body import from_base64
from ec2codec.captures.http_call import http_call
from ec2codec.captures.json_values import load_object
from ec2codec.captures.lines import BYTE_ORDER_MARK
from ec2codec.captures.moments import parse_moment
from ec2codec.captures.querytext import as_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.captures.exchange import Exchange
    from ec2codec.captures.source import Source

# Bytes: a request of 1 MiB, the codec's limit, in base64, with its headers.
MAX_LINE = 2 << 20


def read_moto(source: Source) -> Iterator[Exchange | Note]:
    """The calls in a recording."""
    for number, line in _lines(source.stream):
        place = Place(source.name, number)
        record = load_object(line.removeprefix(BYTE_ORDER_MARK))
        if len(line) > MAX_LINE:
            yield Note(str(place), f"the line is longer than {MAX_LINE} bytes and was not read")
        elif record is not None:
            if exchange := _call(record, place):
                yield exchange
        elif line.strip():
            yield Note(str(place), "the line is no whole JSON object and was not read")


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        yield number, line
        while len(line) > MAX_LINE and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE + 1)


def _call(record: dict[str, Any], place: Place) -> Exchange | None:
    body = as_bytes(_text(record, "body"))
    has_body = isinstance(record.get("body"), str)
    if body and record.get("body_encoded") is True:
        body = from_base64(body)
        has_body = bool(body)
    headers = record.get("headers")
    return http_call(
        place,
        as_bytes(_text(record, "method")),
        _url(_text(record, "url")),
        body,
        completeness=Completeness.COMPLETE if has_body else Completeness.BODY_NOT_CAPTURED,
        time=parse_moment(_text(headers, "X-Amz-Date")) if isinstance(headers, dict) else None,
    )


def _url(text: str) -> bytes:
    # Raw bytes of a target come through WSGI as the characters of their number.
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return as_bytes(text)


def _text(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    return value if isinstance(value, str) else ""
