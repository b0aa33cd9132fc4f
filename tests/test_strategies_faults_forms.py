"""Law 9 in the other forms of a request: the object, and marshmallow's nested structure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject
from marshmallow import ValidationError

from ec2codec import (
    RULES,
    Codec,
    DecodeError,
    EncodeError,
    IpPermission,
    IpRange,
    Request,
    RevokeSecurityGroupIngress,
    check,
)
from ec2codec.labelled import Labelled
from ec2codec.names import AUTH_PARAMETERS, parse_name
from ec2codec.query import Wire
from ec2codec.rules.subjects import Limits
from ec2codec.schemas import SCHEMAS
from ec2codec.strategies.faults import invalid
from ec2codec.tree import grow

# What an object or a structure cannot say: names and indexes that are none, a name twice, a value that is no
# text, what stands beside the parameters of the action, what is missing from the header; gaps close.
UNSAID = {"E101", "E102", "E103", "E104", "W105", "E107", "E108", "E401", "E413", "W414", "W415"}
# Of the rest, values that an object has no type for, and those that no one translates.
UNTYPED = {"E201", "E208", "E402"}
ERRORS = [rule for rule in RULES if rule[0] == "E" and rule < "E5"]
OBJECTS = [rule for rule in ERRORS if rule not in UNSAID | UNTYPED]
STRUCTURES = [rule for rule in ERRORS if rule not in {"E103", "E107", "E108", "E401"}]

faults = cache(invalid)


def translated(case: Labelled) -> Request | None:
    """The request as it was meant, whatever the law says of it; None where no object can hold it."""
    try:
        return Codec(platform=case.options["platform"], profile=None).decode(case.query)
    except DecodeError:
        return None


def closed(name: str, names: list[str]) -> str:
    """*name* as it is written when lists count 1, 2, 3, as those of *names* need not."""
    path = parse_name(name)
    paths = [parse_name(other) for other in names]
    segments: list[str] = []
    for depth, segment in enumerate(path):
        if isinstance(segment, int):
            seen = {other[depth] for other in paths if other[:depth] == path[:depth] and len(other) > depth}
            segment = sorted(index for index in seen if isinstance(index, int)).index(segment) + 1
        segments.append(str(segment))
    return ".".join(segments)


def pairs_of(case: Labelled) -> list[tuple[str, Any]]:
    return [(pair.name, pair.value) for pair in Wire(case.query, Limits()).pairs]


@pytest.mark.parametrize("rule", OBJECTS)
@settings(max_examples=15)
@given(st.data())
def test_law_9_holds_for_request_objects(rule: str, data: DataObject) -> None:
    case = data.draw(faults(rule))
    request = translated(case)
    # Authentication is kept in an object, and never written.
    assume(request is not None and case.location not in AUTH_PARAMETERS)
    assert request is not None
    codec = Codec(**case.options)
    location = closed(case.location, [case.location, *(name for name, _ in pairs_of(case))])
    note(case.query)

    violations = codec.check(request)

    errors = [(v.rule, v.code, v.location) for v in violations if v.severity == "error"]
    assert [(case.rule, case.code, location)] == errors
    with pytest.raises(EncodeError) as refused:
        codec.encode(request)
    assert violations == refused.value.violations


def structure_of(case: Labelled) -> dict[str | int, Any] | None:
    """The parameters nested as a Schema loads them; None where one name runs through another's value."""
    leaves = {parse_name(name): value for name, value in pairs_of(case)}
    ends = set(leaves)
    if any(path[:depth] in ends for path in leaves for depth in range(1, len(path))):
        return None
    # A Schema takes segments of one name as they are told apart: all of a kind, to be sorted.
    return grow((tuple(map(str, path)), value) for path, value in leaves.items())


def texts_of(messages: Mapping[Any, Any] | list[Any]) -> Iterator[Any]:
    for message in messages.values() if isinstance(messages, Mapping) else messages:
        if isinstance(message, Mapping | list):
            yield from texts_of(message)
        else:
            yield message


@pytest.mark.parametrize("rule", STRUCTURES)
@settings(max_examples=15)
@given(st.data())
def test_law_9_holds_for_structures_of_marshmallow(rule: str, data: DataObject) -> None:
    case = data.draw(faults(rule))
    structure = structure_of(case)
    # Which Schema it is for, the action says.
    assume(structure is not None and structure.get("Action") in SCHEMAS)
    assert structure is not None
    note(f"{case.query}\n{case.options}")
    schema = SCHEMAS[structure["Action"]](**case.options)

    with pytest.raises(ValidationError) as refused:
        schema.load(structure)

    violations = [text.violation for text in texts_of(refused.value.messages)]
    assert [(case.rule, case.code, case.location)] == [(v.rule, v.code, v.location) for v in violations]


@pytest.mark.parametrize("value", [22.5, True, 2**31, "8_3"])
def test_law_9_holds_for_ports_that_are_no_integers(value: Any) -> None:
    ranges = (IpRange(cidr_ip="10.0.0.0/8"),)
    permission = IpPermission(ip_protocol="tcp", from_port=value, to_port=22, ip_ranges=ranges)
    request = RevokeSecurityGroupIngress(group_id="sg-1a2b3c4d", ip_permissions=(permission,))

    violations = check(request)

    assert [("E201", "IpPermissions.1.FromPort")] == [(v.rule, v.location) for v in violations]
