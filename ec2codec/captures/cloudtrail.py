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
    from ec2codec.captures.exchange import Place

    Event = dict[str, Any]

# Events name their API version seldom; CloudTrail is younger than every version but this one.
ASSUMED_VERSION = "2016-11-15"

# Names of ours have up to five segments, two more are for what we do not know; a text that nests without end
# would exhaust the stack.
_MAX_DEPTH = 7


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
            time=parse_moment(_text(event.get("eventTime", ""))),
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
        return Response(status=200)
    return None


def _is_omitted(parameters: dict[str, Any]) -> bool:
    structures = [parameters, *(value for value in parameters.values() if isinstance(value, dict))]
    return any(map(_says_omitted, structures))


def _says_omitted(structure: dict[str, Any]) -> bool:
    """Whether this is no parameter but what CloudTrail writes in the place of those too large for it."""
    return structure.get("omitted") in (True, "true")


def _pairs(parameters: object) -> list[tuple[str, str]]:
    """The parameters of a call by their names; none for null and ``{}``, which stand for an absent one."""
    pairs: list[tuple[str, str]] = []
    _add(pairs, "", parameters)
    return pairs


# A list is added to, for generators within generators take twice as long.
def _add(pairs: list[tuple[str, str]], name: str, value: object) -> None:
    if isinstance(value, str):
        pairs.append((name, value))
    elif value is None:
        return
    elif name.count(".") > _MAX_DEPTH:
        pairs.append((name, ""))
    elif isinstance(value, dict):
        _add_members(pairs, name, value)
    elif isinstance(value, list):
        _add_items(pairs, name, value)
    else:
        pairs.append((name, _text(value)))


def _add_items(pairs: list[tuple[str, str]], name: str, items: list[Any]) -> None:
    for number, item in enumerate(items, 1):
        is_single = isinstance(item, dict) and len(item) == 1
        _add(pairs, f"{name}.{number}", _only_value(name, item) if is_single else item)


def _add_members(pairs: list[tuple[str, str]], name: str, members: dict[str, Any]) -> None:
    if "omitted" in members and _says_omitted(members):
        return
    items = members.get("items")
    if isinstance(items, list):
        _add_items(pairs, name, items)
        return
    prefix = f"{name}." if name else ""
    for member, value in members.items():
        if type(value) is str:
            pairs.append((prefix + _wire_name(member), value))
            continue
        # Hand-made events have a lone object where a list belongs.
        if isinstance(value, dict) and value and "items" not in value and member in _LISTS:
            value = [value]
        _add(pairs, prefix + _wire_name(member), value)


# There are a few dozen of them.
@lru_cache(256)
def _wire_name(member: str) -> str:
    return _WIRE_NAMES.get(member, member[:1].upper() + member[1:])


def _only_value(name: str, item: dict[str, Any]) -> object:
    """The text in a list item that is an object around it: ``{"securityGroupRuleId": "sgr-..."}``."""
    ((member, value),) = item.items()
    return value if member[:1].upper() + member[1:] == name.rpartition(".")[2] else item


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
