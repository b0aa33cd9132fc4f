"""marshmallow fields for the wire shape: one parameter, one structure, one indexed list.

marshmallow's own would not do: its Integer takes ``"8_0"`` and ``80.7``, its Boolean ``"yes"``, its List
counts from 0 and closes gaps. The law is not here: see `ec2codec.reference`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from marshmallow import Schema, ValidationError, fields

from ec2codec.model import DEFAULT_VERSION
from ec2codec.scalars import Malformed, Scalar

if TYPE_CHECKING:
    Field = fields.Field[Any]
else:
    Field = fields.Field  # marshmallow 3 has no generic one


class Parameter(Field):
    """A scalar: its type, what it is, where that is written, and the API version that brought it.

    may_be_empty: whether an empty text is a value.
    """

    def __init__(
        self,
        scalar: Scalar,
        doc: str,
        *,
        source: str,
        since: str = DEFAULT_VERSION,
        may_be_empty: bool = False,
        **kwargs: Any,
    ) -> None:
        self.scalar = scalar
        self.doc = doc
        self.source = source
        self.since = since
        self.may_be_empty = may_be_empty
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if type(value) is self.scalar.python:
            return value
        try:
            return self.scalar.parse(value)
        except (Malformed, TypeError) as error:
            raise ValidationError(f"expected {self.scalar.name}") from error


class Structure(Field):
    """A structure, by its Schema; built once."""

    def __init__(self, schema: type[Schema], **kwargs: Any) -> None:
        self.schema: Any = schema()
        super().__init__(**kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        # What is no such structure stays what it is: a value without a place in the shape, which E104 names.
        return self.schema.dump(value) if isinstance(value, self.schema.structure) else value

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return self.schema.build(value)


class Indexed(Field):
    """A list of the EC2 protocol: ``Name.1``, ``Name.2``; loads a mapping keyed by wire index to a tuple.

    always: whether EC2 writes the element of a list that is empty, from the version *since* on.
    """

    def __init__(
        self,
        item: Parameter | Structure,
        doc: str,
        *,
        source: str,
        since: str = DEFAULT_VERSION,
        always: bool = False,
        **kwargs: Any,
    ) -> None:
        self.item = item
        self.doc = doc
        self.source = source
        self.since = since
        self.always = always
        super().__init__(**kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        if not isinstance(value, tuple | list):
            return value
        return [self.item._serialize(item, attr, obj) for item in value]

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        items = value.values() if isinstance(value, Mapping) else value
        return tuple([self.item._deserialize(item, attr, data) for item in items])
