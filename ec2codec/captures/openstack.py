r"""Debug logs of OpenStack's EC2 API: nova-api of old, ec2-api of later days.

One line for the action and one for each parameter, in no order and between those of other requests:
``... DEBUG nova.api.ec2 [req-...] arg: IpPermissions.1.FromPort\t\tval: 22``. The parameters are those that
the service had parsed: decoded, without Version and signature. A line of nova's own access log tells of the
answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ec2codec.captures.exchange import Completeness, Exchange, Note, Place, Response
from ec2codec.captures.moments import parse_moment
from ec2codec.captures.numbered_lines import numbered_lines
from ec2codec.captures.relevance import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ec2codec.captures.source import Source

# Requests whose parameters are still coming; and characters of the parameters of one, the codec's own limit.
MAX_OPEN = 64
MAX_SIZE = 1 << 20

_REQUEST_ID = re.compile(rb"\[(req-[\w-]{1,64})[^\]]{0,200}\] ?")
_ACTION = re.compile(rb"action: (\w+)")
# Old releases write where in the source they are at the end of each line.
_PARAMETER = re.compile(rb"arg: ([^\t]*)\t\tval: (.*?)(?: __call__ /\S+\.py:\d+)?\r?\n?", re.DOTALL)
_ANSWER = re.compile(rb"\w+Controller:(\w+) (\d{3}) ")
_TIME = re.compile(rb"(?:\w{3} +\d+ [\d:]{8} \S+ \S+ )?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{3,6})?)")


@dataclass(slots=True)
class _Call:
    place: Place
    action: str
    time: datetime | None
    parameters: list[tuple[str, str]] = field(default_factory=list)
    size: int = 0
    status: int | None = None


def read_openstack(source: Source) -> Iterator[Exchange | Note]:
    """The calls that a debug log of OpenStack's EC2 API tells of."""
    calls: dict[bytes, _Call] = {}
    line: bytes | Note = b""
    for number, line in numbered_lines(source):
        if isinstance(line, Note):
            yield line
            continue
        request_id = _REQUEST_ID.search(line)
        if request_id is None:
            continue
        yield from _step(calls, line, request_id, Place(source.name, number))
    # Parameters may have been to come where the log does not end with a line.
    is_cut = source.fault is not None or (isinstance(line, bytes) and not line.endswith(b"\n"))
    for exchange in map(_exchange, calls.values()):
        yield replace(exchange, completeness=Completeness.TRUNCATED) if is_cut else exchange


def _step(
    calls: dict[bytes, _Call], line: bytes, request_id: re.Match[bytes], place: Place
) -> Iterator[Exchange]:
    who = request_id[1]
    action = _ACTION.match(line, request_id.end())
    if action:
        # Ids are unique; one that comes again is that of a client that sends its own.
        if who in calls:
            yield _exchange(calls.pop(who))
        name = action[1].decode("ascii", "replace")
        if name in ACTIONS:
            calls[who] = _Call(place, name, _time(line))
        if len(calls) > MAX_OPEN:
            yield _exchange(calls.pop(next(iter(calls))))
    elif who in calls:
        _add(calls[who], line, request_id.end())
        if calls[who].status is not None:
            yield _exchange(calls.pop(who))


def _add(call: _Call, line: bytes, position: int) -> None:
    parameter = _PARAMETER.fullmatch(line, position)
    if parameter:
        name, value = (part.decode("utf-8", "surrogateescape") for part in parameter.groups())
        call.size += len(name) + len(value) + 2
        if call.size <= MAX_SIZE:
            call.parameters.append((name, value))
    elif answer := _ANSWER.search(line, position):
        call.status = int(answer[2])


def _exchange(call: _Call) -> Exchange:
    return Exchange(
        place=call.place,
        action=call.action,
        request=(("Action", call.action), *call.parameters),
        completeness=Completeness.COMPLETE if call.size <= MAX_SIZE else Completeness.TRUNCATED,
        server_parsed=True,
        response=None if call.status is None else Response(status=call.status),
        time=call.time,
    )


def _time(line: bytes) -> datetime | None:
    match = _TIME.match(line)
    return parse_moment(match[1].decode("ascii")) if match else None
