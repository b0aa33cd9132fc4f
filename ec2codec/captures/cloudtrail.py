"""CloudTrail events: requests as the service had parsed them, not as they were sent."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ec2codec.captures.exchange import Completeness, Exchange, Response
from ec2codec.captures.json_values import load_object
from ec2codec.captures.moments import parse_moment
from ec2codec.captures.querytext import as_bytes
from ec2codec.captures.relevance import ACTIONS

if TYPE_CHECKING:
    from datetime import datetime

    from ec2codec.captures.exchange import Place

    Event = dict[str, Any]

# Events name their API version seldom; CloudTrail is younger than every version but this one.
ASSUMED_VERSION = "2016-11-15"

# Segments of a name. Names of ours have up to five, three more are for what we do not know; a text that nests
# without end would exhaust the stack.
_MAX_DEPTH = 8
# Characters of a text that is remembered, and how many of them: what is captured may hold anything.
MAX_KEPT_NAME = 128
MAX_KEPT_NAMES = 4096


def is_event(record: Event) -> bool:
    """Whether a JSON object is a CloudTrail event, or holds one as EventBridge and LookupEvents have it."""
    return "eventName" in _event_in(record)


def parse_event(record: Event, place: Place) -> list[Exchange]:
    """The call that an event tells of; none if it is of another service or action."""
    event = _event_in(record)
    action = event["eventName"]
    if action not in ACTIONS or event.get("eventSource", "ec2.amazonaws.com") != "ec2.amazonaws.com":
        return []
    parameters = _structure(event, "requestParameters")
    omitted = not isinstance(parameters, dict) or not parameters or _is_omitted(parameters)
    return [
        Exchange(
            place=place,
            action=action,
            request=(
                ("Action", action),
                ("Version", _text(event.get("apiVersion") or ASSUMED_VERSION)),
                *_pairs(parameters),
            ),
            completeness=Completeness.OMITTED if omitted else Completeness.COMPLETE,
            server_parsed=True,
            response=_response(event),
            time=_time(event),
        )
    ]


def _event_in(record: Event) -> Event:
    # LookupEvents has an eventName-like member of its own, but the event itself is JSON in a text.
    text = record.get("CloudTrailEvent")
    inner = load_object(text.encode("utf-8", "replace")) if isinstance(text, str) else record.get("detail")
    event = inner if isinstance(inner, dict) else record
    if "eventname" not in event:
        return event
    return {_COLUMNS.get(name, name): value for name, value in event.items()}


def _structure(event: Event, name: str) -> object:
    # Athena's and CloudTrail Lake's rows hold structures as JSON in a text.
    value = event.get(name)
    return load_object(as_bytes(value)) if isinstance(value, str) else value


def _response(event: Event) -> Response | None:
    code = event.get("errorCode")
    if isinstance(code, str) and code:
        return Response(error_code=code.removeprefix("Client.").removeprefix("Server."))
    elements = _structure(event, "responseElements")
    if isinstance(elements, dict) and elements.get("_return") in (True, "true"):
        return _ACCEPTED
    return None


def _time(event: Event) -> datetime | None:
    text = _text(event.get("eventTime", ""))
    # Who writes more than that writes no time, and is not remembered.
    return _moment(text) if len(text) <= MAX_KEPT_NAME else parse_moment(text)


# Events that follow one another are of one second.
@lru_cache(64)
def _moment(text: str) -> datetime | None:
    return parse_moment(text)


def _is_omitted(parameters: dict[str, Any]) -> bool:
    structures = (value for value in parameters.values() if type(value) is dict and "omitted" in value)
    return _says_omitted(parameters) or any(map(_says_omitted, structures))


def _says_omitted(structure: dict[str, Any]) -> bool:
    """Whether this is no parameter but what CloudTrail writes in the place of those too large for it."""
    return structure.get("omitted") in (True, "true")


def _pairs(parameters: object) -> list[tuple[str, str]]:
    """The parameters of a call by their names; none for null and ``{}``, which stand for an absent one."""
    pairs: list[tuple[str, str]] = []
    _add(pairs, "", parameters, 0)
    return pairs


# A list is added to, for generators within generators take twice as long. JSON's types are exact: `type` is
# asked where nearly every value goes by, for it is quicker than `isinstance`.
def _add(pairs: list[tuple[str, str]], name: str, value: object, depth: int) -> None:
    if isinstance(value, dict):
        _add_structure(pairs, name, value, depth)
    elif isinstance(value, list):
        _add_items(pairs, name, value, depth)
    elif value is not None:
        pairs.append((name, _text(value)))


def _add_structure(pairs: list[tuple[str, str]], name: str, structure: dict[str, Any], depth: int) -> None:
    if "omitted" in structure and _says_omitted(structure):
        return
    if "items" in structure and isinstance(structure["items"], list):
        _add_items(pairs, name, structure["items"], depth)
    elif depth > _MAX_DEPTH:
        pairs.append((name, ""))
    else:
        _add_members(pairs, name, structure, depth + 1)


def _add_members(pairs: list[tuple[str, str]], name: str, members: dict[str, Any], depth: int) -> None:
    for member, value in members.items():
        if type(value) is str:
            pairs.append((_full_names[name, member], value))
        elif type(value) is not dict:
            _add(pairs, _full_names[name, member], value, depth)
        elif value:
            # Hand-made events have a lone object where a list belongs.
            is_lone = "items" not in value and member in _LISTS
            add = _add_lone_item if is_lone else _add_structure
            add(pairs, _full_names[name, member], value, depth)


def _add_items(pairs: list[tuple[str, str]], name: str, items: list[Any], depth: int) -> None:
    if depth > _MAX_DEPTH:
        pairs.append((name, ""))
        return
    for number, item in enumerate(items, 1):
        if type(item) is dict and len(item) == 1:
            item = _only_value(name, item)
        _add(pairs, f"{name}.{number}", item, depth + 1)


def _add_lone_item(pairs: list[tuple[str, str]], name: str, item: dict[str, Any], depth: int) -> None:
    _add_items(pairs, name, [item], depth)


class _FullNames(dict[tuple[str, str], str]):
    """Names of members, by the name of the structure and the member's own; short ones are kept.

    An event has some twenty, and the next event has most of them again; to join them takes longer than all
    the rest.
    """

    def __missing__(self, key: tuple[str, str]) -> str:
        name, member = key
        wire_name = _WIRE_NAMES.get(member, _capitalized(member))
        full_name = f"{name}.{wire_name}" if name else wire_name
        if len(full_name) <= MAX_KEPT_NAME:
            if len(self) >= MAX_KEPT_NAMES:
                self.clear()
            self[key] = full_name
        return full_name


def _capitalized(member: str) -> str:
    return member[:1].upper() + member[1:]


def _only_value(name: str, item: dict[str, Any]) -> object:
    """The text in a list item that is an object around it: ``{"securityGroupRuleId": "sgr-..."}``."""
    ((member, value),) = item.items()
    return value if _capitalized(member) == name.rpartition(".")[2] else item


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


# Athena's columns have no capital letters.
_COLUMNS = {
    name.lower(): name
    for name in (
        "apiVersion",
        "errorCode",
        "eventName",
        "eventSource",
        "eventTime",
        "requestParameters",
        "responseElements",
    )
}
_ACCEPTED = Response(status=200)
_full_names = _FullNames()
_LISTS = frozenset(
    {
        "groups",
        "ipPermissions",
        "ipRanges",
        "ipv6Ranges",
        "prefixListIds",
        "securityGroupRuleIds",
        "tagSpecificationSet",
        "tags",
    }
)
# Every other name is the parameter's own with a small first letter.
_WIRE_NAMES = {
    "securityGroupRuleIds": "SecurityGroupRuleId",
    "tagSpecificationSet": "TagSpecification",
    "tags": "Tag",
}
