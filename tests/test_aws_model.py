"""Our Schemas at 2011-12-15 against AWS's own model of that version.

Two deviations, both of the contract: the flat form has no place on egress (the model lists it, the service
refuses it: boto3#790), and the deprecated top-level UserId of the API reference is in no model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ec2codec.model import DEFAULT_VERSION
from ec2codec.schemas import SCHEMAS
from ec2codec.shape import Listing, Member, Structure, read

MODEL = "aws-sdk-ruby/EC2-2011-12-15.yml"
HEADER = {"Action", "Version"}
FLAT = {
    *("IpProtocol", "FromPort", "ToPort", "CidrIp"),
    *("SourceSecurityGroupName", "SourceSecurityGroupOwnerId"),
}
# What the model says, by action, that we do not; and the other way round.
LEFT_OUT = {name: FLAT if name.endswith("Egress") else set() for name in SCHEMAS}
ADDED = {name: set() if name.endswith("Egress") else {"UserId"} for name in SCHEMAS}
TYPES: dict[type, str] = {str: "string", int: "integer", bool: "boolean"}


@cache
def _operations(path: Path) -> dict[str, Any]:
    # The file is Ruby's YAML: its keys are symbols such as ":name", which a plain loader keeps as texts.
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {operation[":name"]: operation for operation in document[":operations"]}


def _members_of_model(inputs: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Names, list indexes as 1, and types of the model's inputs."""
    for name, facts in inputs.items():
        kind = facts[0]
        if isinstance(kind, str):
            yield f"{prefix}{name}", kind.removeprefix(":")
        else:
            item = kind[":list"][0]
            yield from _members_of_model(item[":structure"], f"{prefix}{name}.1.")


def _members_of_shape(shape: Structure, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, child in shape.members.items():
        match child:
            case Member(since=since) | Listing(since=since) if since > DEFAULT_VERSION:
                continue
            case Member(scalar=scalar):
                yield f"{prefix}{name}", TYPES[scalar.python]
            case Listing(item=Structure() as item):
                yield from _members_of_shape(item, f"{prefix}{name}.1.")


@pytest.mark.parametrize("action", sorted(SCHEMAS))
def test_names_types_and_nesting_are_those_of_the_model(
    action: str, shared_data: Callable[[str], Path]
) -> None:
    operation = _operations(shared_data(MODEL))[action]
    expected = dict(_members_of_model(operation[":inputs"]))

    actual = dict(_members_of_shape(read(SCHEMAS[action]())))

    without = LEFT_OUT[action] | ADDED[action] | HEADER
    assert {n: t for n, t in expected.items() if n not in without} == {
        n: t for n, t in actual.items() if n not in without
    }
    assert LEFT_OUT[action] == expected.keys() - actual.keys()
    assert ADDED[action] | HEADER == actual.keys() - expected.keys()


def test_only_egress_requires_a_parameter_in_the_model(shared_data: Callable[[str], Path]) -> None:
    operations = _operations(shared_data(MODEL))

    required = {
        (action, name)
        for action in SCHEMAS
        for name, facts in operations[action][":inputs"].items()
        if ":required" in facts
    }

    assert {
        ("AuthorizeSecurityGroupEgress", "GroupId"),
        ("RevokeSecurityGroupEgress", "GroupId"),
    } == required
