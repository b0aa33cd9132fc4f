"""apispec: the Schemas in an OpenAPI document, with types, descriptions and nesting."""

from __future__ import annotations

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from ec2codec.fields import Indexed, Parameter, Structure
from ec2codec.rules.subjects import RESPONSE_ONLY

# JSON's types of ours. Integers have 32 bits.
TYPES: dict[type, dict[str, str]] = {
    str: {"type": "string"},
    int: {"type": "integer", "format": "int32"},
    bool: {"type": "boolean"},
}


class Plugin(MarshmallowPlugin):
    """apispec's marshmallow plugin, which also knows ec2codec's fields."""

    def init_spec(self, spec: APISpec) -> None:
        """Teach the converter of this document our fields."""
        super().init_spec(spec)
        assert self.converter is not None
        self.converter.add_attribute_function(_properties)  # type: ignore[no-untyped-call]


def _properties(converter: Any, field: Any, **_: Any) -> dict[str, Any]:
    """What OpenAPI says of a field."""
    match field:
        case Parameter():
            return TYPES[field.scalar.python] | {"description": _described(field)}
        case Indexed():
            items = converter.field2property(field.item)
            return {"type": "array", "items": items, "description": _described(field)}
        case Structure():
            nested: dict[str, Any] = converter.resolve_nested_schema(type(field.schema))
            return nested
        case _:
            return {}


def _described(field: Parameter | Indexed) -> str:
    return field.doc if field.since == RESPONSE_ONLY else f"{field.doc} Since {field.since}."
