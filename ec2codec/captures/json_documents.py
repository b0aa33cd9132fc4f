"""JSON documents: CloudTrail's files, arrays of events or of web requests, and objects one after another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ec2codec.captures import web_record
from ec2codec.captures.exchange import Note
from ec2codec.captures.json_window import JsonWindow, numbered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.captures.exchange import Exchange
    from ec2codec.captures.source import Source

# CloudTrail's files hold Records; what `aws cloudtrail lookup-events` prints holds Events.
_ARRAY = re.compile(r'[ \t\r\n]*(?:\{\s*"(?:Records|Events)"\s*:\s*)?\[')


def read_documents(source: Source) -> Iterator[Exchange | Note]:
    """The calls in a JSON document; records count from 1."""
    window = JsonWindow(source)
    until = "]" if window.skip(_ARRAY) else ""
    for place, record in numbered(source, "record", window.values(until=until)):
        if isinstance(record, Note):
            yield record
        else:
            yield from web_record.parse_record(record, place)
