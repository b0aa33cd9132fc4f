"""The harness of the Schemas as marshmallow users have them, and of nested data, which `encode` has as JSON.

An input is one byte that chooses codec and Schema, and, by its first byte, a query, an object or a document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from marshmallow import ValidationError

from ec2codec import Codec, EncodeError, Platform, Profile
from ec2codec.loading import RuleText
from ec2codec.response_schemas import response_schemas
from ec2codec.schemas import SCHEMAS, RequestSchema
from fuzz import decode as queries
from fuzz import envelope
from fuzz.target import Target, hold

CHOICES = [
    (Codec(platform=platform, profile=profile), schema(platform=platform, profile=profile))
    for profile in (*Profile, None)
    for platform in Platform
    for schema in SCHEMAS.values()
]


def run(data: bytes) -> None:
    """Nothing but ValidationError and EncodeError; as many messages as there are errors."""
    codec, schema = CHOICES[data[0] % len(CHOICES)] if data else CHOICES[0]
    text = data[1:].decode("utf-8", "surrogateescape")
    if text.startswith("<"):
        for response in response_schemas(codec.profile).values():
            _loaded(response.loads, text)
    elif text.startswith("{"):
        structure = _read(text)
        _loaded(schema.load, structure)
        _hold_for_structure(codec, structure)
    else:
        _hold_for_query(codec, schema, text)


def _read(text: str) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return read


def _loaded(load: Callable[[Any], Any], data: object) -> tuple[Any, list[RuleText]]:
    """What a Schema loads, and the messages of what it refuses."""
    try:
        return load(data), []
    except ValidationError as error:
        json.dumps(error.messages)
        texts = list(_texts(error.messages))
        hold("what is refused has a message", bool(texts))
        return None, texts


def _texts(messages: object) -> Iterator[RuleText]:
    if isinstance(messages, RuleText):
        yield messages
        return
    hold("messages are a tree", isinstance(messages, dict | list))
    for inner in messages.values() if isinstance(messages, dict) else messages:  # type: ignore[attr-defined]
        yield from _texts(inner)


def _hold_for_structure(codec: Codec, structure: dict[str, Any]) -> None:
    try:
        request = codec.load(structure)
    except EncodeError:
        return
    hold("load(dump(r)) == r", codec.load(codec.dump(request)) == request)
    hold("what is loaded is encoded", codec.decode(codec.encode(request)) == request)


def _hold_for_query(codec: Codec, schema: RequestSchema, text: str) -> None:
    request, texts = _loaded(schema.loads, text)
    outcome = codec.judge(text)
    if request is not None:
        hold("a Schema loads what is decoded", outcome.request == request)
    elif outcome.request is None or outcome.request.action == schema.structure.action:
        errors = [violation for violation in outcome.violations if violation.severity == "error"]
        # Of an action that is another Schema's, a Schema says just that.
        is_other = any(text.rule in ("E401", "E402") for text in texts)
        hold("every error is told once", is_other or len(texts) == len(errors))


def seeds() -> Iterator[bytes]:
    """Queries, documents, and what is nested in the queries that decode."""
    for number, seed in enumerate(queries.seeds()):
        choice = bytes([number % len(CHOICES)])
        yield choice + seed[1:]
        request = Codec(profile=None).judge(seed[1:]).request
        if request is not None:
            yield choice + json.dumps(Codec(profile=None).dump(request)).encode()
    yield from envelope.seeds()


# Names that messages could be mistaken for, too.
NESTED = rb"""
_schema _schema= ._schema. ._schema= "_schema" "1" "2" 1 -1 1.5 1e999 null true false {} [] [{}] {"1":{}} NaN
"IpPermissions" "Groups" "IpRanges" "CidrIp" "GroupId" "Action" "Version" "2016-11-15" "\ud800" "\u0000"
""".split()
PIECE = re.compile(rb'"(?:[^"\\]|\\.)*"|<[^>]*>|[^&{}\[\],:<"]+&?|[\s\S]')
TARGET = Target("schemas", run, seeds, PIECE, (*queries.TARGET.tokens, *NESTED, *envelope.MARKUP))
