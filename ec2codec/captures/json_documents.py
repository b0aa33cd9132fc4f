"""JSON documents: CloudTrail's files, arrays of events or of web requests, and objects one after another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ec2codec.captures import web_record
from ec2codec.captures.event_search import EventSearch
from ec2codec.captures.exchange import Note, Place
from ec2codec.captures.json_window import JsonWindow, numbered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.captures.exchange import Exchange
    from ec2codec.captures.source import Source

# CloudTrail's files hold Records; what `aws cloudtrail lookup-events` prints holds Events.
_ARRAY = re.compile(r'[ \t\r\n]*(?:\{\s*"(?:Records|Events)"\s*:\s*)?\[')


def read_documents(source: Source) -> Iterator[Exchange | Note]:
    """The calls in a JSON document; records count from 1."""
    for place, record in _records(source):
        if isinstance(record, Note):
            yield record
        else:
            yield from web_record.parse_record(record, place)


def _records(source: Source) -> Iterator[tuple[Place, Any]]:
    """The records, but for those that the quick search for events has shown to be none of ours."""
    events = EventSearch(source.blocks)
    for number, record in events.relevant():
        yield Place(source.name, number, "record"), record
    window = JsonWindow(source, events.rest())
    # Files of CloudTrail's are put together by `zcat`, or as members of one gzip file: behind one is another.
    values = window.documents(_ARRAY, is_open=events.passed > 0)
    yield from numbered(source, "record", values, before=events.passed)
