"""The EC2 protocol suites of botocore and the SDKs for Go, JavaScript and Ruby, through our list encoding.

Every shape of a suite becomes a Schema over `BaseSchema`: the generic half of ec2codec, without any of EC2's
security groups in it. Types that security groups do not have are marshmallow's own fields, here.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest
from marshmallow.fields import Raw

from ec2codec.fields import Field, Indexed, Parameter, Structure
from ec2codec.query import write
from ec2codec.scalars import BOOLEAN, INTEGER, TEXT, Scalar
from ec2codec.schemas import BaseSchema
from material import ABSENT, SHARED_DATA

# What the AWS SDKs fill in where a caller gives no token; the suites agree on this one.
TOKEN = "00000000-0000-4000-8000-000000000000"
COMPRESSED = "how a body is compressed is the SDK's part; the case has no body text"


class Timestamp(Field):
    """A timestamp: ISO 8601, or the seconds of the epoch."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form = form

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        if self.form == "unixTimestamp":
            return str(value)
        moment = datetime.fromtimestamp(value, UTC)
        if self.form == "rfc822":
            return format_datetime(moment, usegmt=True)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Blob(Field):
    """Bytes, in Base64."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else base64.b64encode(value.encode()).decode()


class Float(Field):
    """A number, or NaN, Infinity, -Infinity, which the suites write as texts."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else str(value)


SCALARS: dict[str, Scalar] = {
    "boolean": BOOLEAN,
    "character": TEXT,
    "integer": INTEGER,
    "long": INTEGER,
    "string": TEXT,
}


class ShapeSchema(BaseSchema):
    """A structure of a suite: input keyed by the SDK's member names, output by the wire's."""

    structure = dict

    def on_bind_field(self, field_name: str, field_obj: Any) -> None:
        field_obj.attribute = field_obj.metadata["member"]


def schema_of(shape: dict[str, Any], shapes: dict[str, Any], depth: int = 0) -> type[ShapeSchema]:
    """A Schema class for a structure shape; recursive shapes to the depth that the suites use."""
    members: dict[str, Any] = {}
    for member, reference in shape.get("members", {}).items():
        declared = field_of(reference, shapes, depth)
        declared.metadata = {"member": member}
        members[wire_name(member, reference)] = declared
    return type("ShapeSchema", (ShapeSchema,), members)


def wire_name(member: str, reference: dict[str, Any]) -> str:
    """queryName as it stands, or else locationName or the member's name with a capital."""
    if "queryName" in reference:
        return str(reference["queryName"])
    name = str(reference.get("locationName", member))
    return name[:1].upper() + name[1:]


def field_of(reference: dict[str, Any], shapes: dict[str, Any], depth: int) -> Any:
    """The field of one member: ours for what ec2codec has, marshmallow's for the rest."""
    shape = shapes[reference["shape"]]
    match shape["type"]:
        case "structure" if depth > 4:
            return Raw()
        case "structure":
            return Structure(schema_of(shape, shapes, depth + 1))
        case "list":
            return Indexed(field_of(shape["member"], shapes, depth), "A list.", source="suite")
        case "timestamp":
            return Timestamp(reference.get("timestampFormat", shape.get("timestampFormat", "iso8601")))
        case "blob":
            return Blob()
        case "float" | "double":
            return Float()
        case kind:
            return Parameter(SCALARS[kind], "A scalar.", source="suite", may_be_empty=True)


def with_tokens(params: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    """*params* with idempotency tokens filled in, as an SDK does before it serializes."""
    tokens = {name for name, member in shape.get("members", {}).items() if member.get("idempotencyToken")}
    return {**dict.fromkeys(sorted(tokens), TOKEN), **params}


def cases() -> Iterator[Any]:
    """Every case of every input suite."""
    for path in sorted(SHARED_DATA.glob("*/protocols/*input-ec2.json")):
        label = f"{path.parent.parent.name}-{path.stem.removesuffix('-ec2')}"
        for suite in json.loads(path.read_text(encoding="utf-8")):
            for number, case in enumerate(suite["cases"], 1):
                name = case.get("id") or f"{suite['description'].replace(' ', '-')}-{number}"
                reason = "" if "body" in case["serialized"] else COMPRESSED
                marks = [pytest.mark.skip(reason=reason)] if reason else []
                yield pytest.param(suite, case, id=f"{label}-{name}", marks=marks)


@pytest.mark.parametrize(
    ("suite", "case"), list(cases()) or [pytest.param({}, {}, marks=pytest.mark.skip(reason=ABSENT))]
)
def test_input_is_serialized_as_the_suite_says(suite: dict[str, Any], case: dict[str, Any]) -> None:
    shapes = suite["shapes"]
    shape = shapes[case["given"]["input"]["shape"]] if "input" in case["given"] else {}
    header = {"Action": case["given"]["name"], "Version": suite["metadata"]["apiVersion"]}
    params = with_tokens(case.get("params") or {}, shape)

    query = schema_of(shape, shapes)().dumps(params)
    body = "&".join(filter(None, [write(header.items()), query]))

    assert sorted(parse_qsl(case["serialized"]["body"], True)) == sorted(parse_qsl(body, True))


@pytest.mark.skipif(not SHARED_DATA.is_dir(), reason=ABSENT)
def test_most_cases_run() -> None:
    count = [bool(case.marks) for case in cases()].count(False)

    assert count >= 90
