"""W3C extended logs, as IIS and CloudFront write them: a ``#Fields`` line says what the columns are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ec2codec.captures.access_log import WITH_BODY
from ec2codec.captures.exchange import Completeness, Exchange, Note, Place, Response
from ec2codec.captures.moments import parse_moment
from ec2codec.captures.numbered_lines import numbered_lines
from ec2codec.captures.querytext import merge, query_of
from ec2codec.captures.relevance import MARK, action_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.captures.source import Source

    Row = dict[str, bytes]

_HEADING = b"#Fields:"
_PERCENT = re.compile(rb"%(?!25[0-9A-Fa-f]{2})")


def read_w3c(source: Source) -> Iterator[Exchange | Note]:
    """The calls in a W3C extended log; lines before the first ``#Fields`` are not understood."""
    fields: list[str] = []
    for number, line in numbered_lines(source):
        if isinstance(line, Note):
            yield line
        elif line.startswith(_HEADING):
            # A server that is started anew writes a heading in the middle, with other fields perhaps.
            fields = line[len(_HEADING) :].decode("ascii", "replace").lower().split()
        elif MARK in line and not line.startswith(b"#"):
            is_whole = line.endswith(b"\n") or source.fault is None
            yield from _read_line(line, fields, Place(source.name, number), is_whole=is_whole)


def _read_line(line: bytes, fields: list[str], place: Place, *, is_whole: bool) -> Iterator[Exchange | Note]:
    text = line.rstrip(b"\r\n")
    values = text.split(b"\t") if b"\t" in text else text.split(b" ")
    if len(values) > len(fields):
        yield Note(str(place), f"the line has {len(values)} fields where {len(fields)} were announced")
        return
    row = dict(zip(fields, values, strict=False))
    yield from _call(row, place, is_whole=is_whole and len(values) == len(fields))


def _call(row: Row, place: Place, *, is_whole: bool) -> Iterator[Exchange]:
    query = _said(row, "cs-uri-query") or query_of(_said(row, "cs-uri") or _said(row, "cs-uri-stem"))
    query = query.removeprefix(b"?")
    completeness = Completeness.COMPLETE if is_whole else Completeness.TRUNCATED
    if "x-edge-location" in row and b"%25" in query and not _PERCENT.search(query):
        # CloudFront's logs of old encode every % once more; whether this one does, nothing in it says.
        query, completeness = query.replace(b"%25", b"%"), Completeness.LOSSY_DECODED
    action = action_of(query)
    if action is None:
        return
    if _said(row, "cs-method") in WITH_BODY:
        completeness = Completeness.BODY_NOT_CAPTURED
    status = _said(row, "sc-status")
    moment = b"%sT%s" % (_said(row, "date"), _said(row, "time"))
    yield Exchange(
        place=place,
        action=action,
        request=merge(query),
        completeness=completeness,
        response=Response(status=int(status)) if status.isdigit() and len(status) == 3 else None,
        time=parse_moment(moment.decode("ascii", "replace")),
    )


def _said(row: Row, name: str) -> bytes:
    """The value of a field, empty where the log has ``-`` for none, or no such field."""
    value = row.get(name, b"-")
    return b"" if value == b"-" else value
