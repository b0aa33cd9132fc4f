"""What `hypothesis.strategies.from_type` draws for the classes of requests and responses.

Importing `ec2codec.strategies` registers it. Hypothesis's own entry point would need no import of ours, but
it runs whenever Hypothesis is imported: that took 110 ms, and with ours 195 ms, for everyone who has ec2codec
installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from ec2codec import model
from ec2codec.elements import ElementSchema
from ec2codec.fields import Indexed, Structure
from ec2codec.labelled import Labelled
from ec2codec.policy import Policy
from ec2codec.response_schemas import RESPONSE_SCHEMAS, response_schemas
from ec2codec.responses import ActionResponse, AuthorizeResponse, Response, RevokeResponse
from ec2codec.scalars import IPV6_VERSION
from ec2codec.shape import Listing
from ec2codec.shape import Structure as Shape
from ec2codec.strategies import responses, structures
from ec2codec.strategies.faults import invalid
from ec2codec.strategies.requests import requests
from ec2codec.strategies.scalars import Strategy

_NEWEST = Policy(version=IPV6_VERSION)
_INGRESS = [action for action, kind in structures.ACTIONS.items() if kind.direction == "ingress"]


def register() -> None:
    """Register the classes of `ec2codec.model` and `ec2codec.responses`, and what is said of them."""
    # Both declare the parts of permissions; of requests they are stricter, and stand last.
    for strategies in (_of_responses(), _of_requests(), _without_schema()):
        for kind, strategy in strategies:
            st.register_type_strategy(kind, strategy)


def _of_requests() -> Iterator[tuple[type[Any], Strategy]]:
    yield model.Request, requests()
    yield model.IngressRequest, st.one_of([requests(action) for action in _INGRESS])
    for action, kind in structures.ACTIONS.items():
        yield kind, requests(action)
        for shape in _shapes_in(structures.request_shape(action)):
            yield getattr(model, shape.name), structures.objects(shape, _NEWEST)


def _shapes_in(shape: Shape) -> Iterator[Shape]:
    for child in shape.members.values():
        if isinstance(child, Listing) and isinstance(child.item, Shape):
            yield child.item
            yield from _shapes_in(child.item)


def _of_responses() -> Iterator[tuple[type[Any], Strategy]]:
    success = responses.responses(outcome="success")
    yield Response, responses.responses()
    yield ActionResponse, success.filter(lambda response: isinstance(response, ActionResponse))
    for root, schema in response_schemas(_NEWEST.profile).items():
        yield RESPONSE_SCHEMAS[root].structure, responses.of_root(root)
        for part in _schemas_in(schema):
            kind: Any = part.structure
            yield kind, responses.objects(part, _NEWEST)


def _schemas_in(schema: ElementSchema) -> Iterator[ElementSchema]:
    for declared in schema.fields.values():
        inner = declared.item if isinstance(declared, Indexed) else declared
        if isinstance(inner, Structure):
            yield inner.schema
            yield from _schemas_in(inner.schema)


def _without_schema() -> Iterator[tuple[type[Any], Strategy]]:
    """What has no Schema: what a request grants, what it may be answered, and what is said of it."""
    granted = requests().map(lambda request: tuple(request.grants())).filter(bool)
    yield model.Grant, granted.flatmap(st.sampled_from)
    for base in (AuthorizeResponse, RevokeResponse):
        roots = [root for root, schema in RESPONSE_SCHEMAS.items() if issubclass(schema.structure, base)]
        yield base, st.one_of([responses.of_root(root) for root in roots])
    yield Labelled, invalid()
