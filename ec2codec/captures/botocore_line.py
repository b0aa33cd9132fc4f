r"""Calls as botocore logs them before it encodes them: one line, with the parameters as a dictionary.

``botocore.endpoint - DEBUG - Making request for OperationModel(name=X) with params: {.. 'body': {..} ..}``.
The signature is made later, so none stands here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ec2codec.captures.exchange import Completeness, Exchange, Note
from ec2codec.captures.moments import parse_moment
from ec2codec.captures.python_literals import read_structure
from ec2codec.captures.relevance import ACTIONS

if TYPE_CHECKING:
    from datetime import datetime

    from ec2codec.captures.exchange import Place

MENTION = b"Making request for "
# Old versions wrote `Operation:Name (verify: True)`.
MAKING = re.compile(MENTION + rb"(?:OperationModel\(name=|Operation:)(\w+)")

_BODY = re.compile(r"u?'body': (?=\{)")
_TIME = re.compile(rb"\W{0,2}(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{3,6})?)")


def parse(line: bytes, place: Place) -> list[Exchange] | None:
    """The call in a line of botocore's; None if it is no such line, or not a whole one."""
    making = MAKING.search(line) if MENTION in line else None
    if making is None:
        return None
    found = made(line, making, place)
    return None if isinstance(found, Note) else [found] if found else []


def made(record: bytes, match: re.Match[bytes], place: Place) -> Exchange | Note | None:
    """The call that a record tells of; None if it is none of ours, a note if the record is cut short."""
    if match[1].decode("ascii", "replace") not in ACTIONS:
        return None
    text = record[match.end() :].decode("utf-8", "surrogateescape")
    body = _BODY.search(text)
    return call_of(text, body.end(), record, place) if body else cut_short(place)


def call_of(text: str, position: int, record: bytes, place: Place) -> Exchange | Note | None:
    """The call whose parameters are the dictionary at *position*."""
    parameters, is_whole = read_structure(text, position)
    action = parameters.get("Action")
    if action is None and not is_whole:
        return cut_short(place)
    if action not in ACTIONS:
        return None
    pairs = tuple((name, value) for name, value in parameters.items() if isinstance(value, str))
    return Exchange(
        place=place,
        action=action,
        request=pairs,
        completeness=Completeness.COMPLETE if is_whole else Completeness.TRUNCATED,
        time=_time(record),
    )


def cut_short(place: Place) -> Note:
    """The note on a record of which too little is left to know the call."""
    return Note(str(place), "the record is cut short and was not read")


def _time(record: bytes) -> datetime | None:
    match = _TIME.match(record)
    return parse_moment(match[1].decode("ascii")) if match else None
