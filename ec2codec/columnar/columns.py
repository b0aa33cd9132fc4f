"""The columns of verdicts: an Arrow schema, in which the request's are derived from the shape."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ec2codec.schemas import SCHEMAS
from ec2codec.shape import Listing, Member, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ec2codec.shape import Structure

# What the kernel takes: the bytes of an input, and the name under which what is found there is told.
_TEXTS: dict[str, pa.DataType] = {"place": pa.string(), "bytes": pa.binary()}
TEXTS = pa.schema(_TEXTS)


@cache
def verdicts() -> pa.Schema:
    """What the kernel gives: every column, each with its description under ``comment``; see docs/spark.md."""
    columns: list[tuple[str, pa.DataType, str]] = [*_COLUMNS, ("request", request_type(), _REQUEST)]
    return pa.schema([_described(*column) for column in columns])


def _described(name: str, kind: pa.DataType, comment: str) -> pa.Field[Any]:
    return pa.field(name, kind, metadata={"comment": comment})


def request_type() -> pa.StructType:
    """A decoded request, by wire names: every parameter that one of the four actions has."""
    return _structure(read(schema()) for schema in SCHEMAS.values())


def _structure(shapes: Iterable[Structure]) -> pa.StructType:
    members: dict[str, Member | Listing] = {}
    for shape in shapes:
        for name, member in shape.members.items():
            members.setdefault(name, member)
    return pa.struct(list(_fields(members)))


def _fields(members: Mapping[str, Member | Listing]) -> Iterator[tuple[str, pa.DataType]]:
    for name, member in members.items():
        if isinstance(member, Member):
            yield name, _SCALARS[member.scalar.python]
        elif isinstance(member.item, Member):
            yield name, pa.list_(_SCALARS[member.item.scalar.python])
        else:
            yield name, pa.list_(_structure([member.item]))


# By the Python type of a scalar's value; an EC2 Integer has 32 bits.
_SCALARS: dict[type, pa.DataType] = {str: pa.string(), int: pa.int32(), bool: pa.bool_()}
_REQUEST = "the decoded request by wire names; null where it is refused, and from a call's ninth finding on"
_PAIR = pa.struct([pa.field("name", pa.string()), pa.field("value", pa.string())])

_COLUMNS: tuple[tuple[str, pa.DataType, str], ...] = (
    ("kind", pa.string(), "what the row is: finding, call (in which nothing was found), note or input"),
    ("file", pa.string(), "the input as it was named, printable"),
    ("place", pa.string(), "where the call stands: access.log:123, x.json.gz#record=18"),
    ("unit", pa.string(), "what is counted in the file: line, record, entry, ..."),
    ("number", pa.int64(), "which of them it is, from 1"),
    ("action", pa.string(), "the call's action"),
    ("time", pa.timestamp("us", tz="UTC"), "when the call was made; null where that was not recorded"),
    ("utc_offset", pa.int32(), "seconds east of UTC of the clock that recorded the time"),
    ("completeness", pa.string(), "how much of the request was recorded: complete, truncated, ..."),
    ("status", pa.int32(), "the HTTP status of the recorded answer"),
    ("error_code", pa.string(), "the EC2 error code of the recorded answer"),
    ("accepted", pa.bool_(), "whether the service said true; null where that is not known"),
    ("agreement", pa.string(), "what the answer says of the call: agrees, missed, false-alarm, unknown"),
    ("finding", pa.int32(), "number of the finding in its call, from 1; 0 where nothing was found"),
    ("rule", pa.string(), "id of the rule that was broken"),
    ("name", pa.string(), "its name"),
    ("code", pa.string(), "the EC2 error code with which the service refuses this; null where it does not"),
    ("location", pa.string(), "the parameter's name as it was sent"),
    ("severity", pa.string(), "error or warning; of a note: unreadable, incomplete or skipped"),
    ("certainty", pa.string(), "recorded, documented or ours"),
    ("message", pa.string(), "what was found, or what was not read and why"),
    ("value", pa.string(), "what was sent there; null where that is a secret"),
    ("effect", pa.string(), "what happens although the service says true: silent, widening, repeated"),
    ("rule_agreement", pa.string(), "what the answer says of the rule; at its first finding in the call"),
    ("passed_over", pa.int64(), "of an input: calls outside the time asked for"),
    ("undated", pa.int64(), "of an input: calls judged although they do not say when they were made"),
    ("input", pa.int64(), "number of the input, from 0; two may be shown by one name"),
    (
        "part",
        pa.int64(),
        "part of the plan that the row comes from; by part and row, rows stand as in the inputs",
    ),
    ("row", pa.int64(), "number of the row in its part, from 0"),
    (
        "sent",
        pa.list_(_PAIR),
        "of a call that is to be reported: the parameters as sent; secrets are withheld",
    ),
)
