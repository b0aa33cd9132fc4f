r"""LocalStack's log: one line for each call, with the parsed request in it where trace logging is on.

``AWS ec2.AuthorizeSecurityGroupIngress => 200`` says no more than that there was a call. With
``LS_LOG=trace`` the request follows, as the service had parsed it and with the SDKs' names:
``; 000000000000/us-east-1; AuthorizeSecurityGroupIngressRequest({...}, headers={...}); ...``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ec2codec.captures.exchange import Completeness, Exchange, Response
from ec2codec.captures.moments import parse_moment
from ec2codec.captures.python_literals import read_structure
from ec2codec.captures.relevance import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.captures.exchange import Place

# The only one that LocalStack serves.
VERSION = "2016-11-15"
MENTION = b" : AWS ec2."

_LINE = re.compile(
    rb"(?:(\d{4}-\d\d-\d\dT[\d:.]{8,12}) .{0,80}? : )?AWS ec2\.(\w+) => (\d{3})(?: \(([\w.]{1,128})\))?"
)
_REQUEST = re.compile(rb"; (?:\d{12}/[\w-]{1,40}; )?(\w+)Request\((?=\{)")


def parse(line: bytes, place: Place) -> list[Exchange] | None:
    """The call in a line of LocalStack's; None if it is no such line."""
    match = _LINE.search(line) if MENTION in line else None
    if match is None:
        return None
    action = match[2].decode("ascii", "replace")
    if action not in ACTIONS:
        return []
    request = _REQUEST.match(line, match.end())
    pairs, completeness = _parameters(line, request) if request else ((), Completeness.RESPONSE_ONLY)
    code = match[4].decode("ascii") if match[4] else None
    return [
        Exchange(
            place=place,
            action=action,
            request=(("Action", action), ("Version", VERSION), *pairs),
            completeness=completeness,
            server_parsed=True,
            response=Response(status=int(match[3]), error_code=code),
            time=parse_moment(match[1].decode("ascii")) if match[1] else None,
        )
    ]


def _parameters(line: bytes, request: re.Match[bytes]) -> tuple[tuple[tuple[str, str], ...], Completeness]:
    text = line[request.end() :].decode("utf-8", "surrogateescape")
    structure, is_whole = read_structure(text, 0)
    return tuple(_pairs_of("", structure)), Completeness.COMPLETE if is_whole else Completeness.TRUNCATED


def _pairs_of(name: str, value: object) -> Iterator[tuple[str, str]]:
    """The parameters of a structure with the SDKs' names; `read_structure` has bounded its depth."""
    if isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _pairs_of(f"{name}.{number}", item)
    elif isinstance(value, dict):
        for member, inner in value.items():
            wire_name = _WIRE_NAMES.get(member) or str(member)
            yield from _pairs_of(f"{name}.{wire_name}" if name else wire_name, inner)
    elif isinstance(value, str):
        yield name, value


# Every other name is the parameter's own.
_WIRE_NAMES = {
    "SecurityGroupRuleIds": "SecurityGroupRuleId",
    "TagSpecifications": "TagSpecification",
    "Tags": "Tag",
    "UserIdGroupPairs": "Groups",
}
