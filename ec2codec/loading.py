"""Between marshmallow's `load` and the reference path: nested data in, a tree of messages out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import takewhile
from typing import Any

from marshmallow import ValidationError

from ec2codec.errors import Violation
from ec2codec.names import parse_name
from ec2codec.query import Wire
from ec2codec.rules.subjects import Limits
from ec2codec.tree import MAX_DEPTH, flatten

# Where marshmallow puts what concerns a structure as a whole.
WHOLE = "_schema"


class RuleText(str):
    """The message of a violation, for plain users a text. rule: its id; violation: all of it."""

    __slots__ = ("violation",)
    violation: Violation

    def __new__(cls, violation: Violation) -> RuleText:
        """Wrap the message of *violation*."""
        text = super().__new__(cls, violation.message)
        text.violation = violation
        return text

    @property
    def rule(self) -> str:
        """Id of the rule, such as ``"E303"``."""
        return self.violation.rule

    def __getnewargs__(self) -> tuple[Violation]:  # type: ignore[override]
        return (self.violation,)


def as_wire(data: object) -> Wire:
    """The parameters that nested data would be on the wire; anything but a mapping is none."""
    return Wire(flatten(data) if isinstance(data, Mapping) else None, Limits())


def load_many(load: Callable[[Any], Any], data: Any) -> list[Any]:
    """Load each item of *data*; the messages of those refused are keyed by position, from 0."""
    loaded, messages = [], {}
    for position, item in enumerate(data):
        try:
            loaded.append(load(item))
        except ValidationError as error:
            messages[position] = error.messages
    if messages:
        raise ValidationError(messages)
    return loaded


def error_tree(violations: Iterable[Violation]) -> dict[str | int, Any]:
    """The errors among *violations* as marshmallow nests them, by wire name and wire index.

    The input itself is left out: it may hold a signature.
    """
    root: dict[str | int, Any] = {}
    for violation in violations:
        if violation.severity == "error":
            _put(root, _path(violation.location), RuleText(violation))
    return {key: _pruned(key, node) for key, node in root.items()}


def _path(location: str) -> Iterable[str | int]:
    """Where the messages of a location stand.

    Segments that are too many for a tree that people walk are one. What is sent under the name where
    marshmallow has messages is told of what it stands in.
    """
    if not location:
        return ()
    segments = location.split(".", MAX_DEPTH)
    path = (*parse_name(".".join(segments[:MAX_DEPTH])), *segments[MAX_DEPTH:])
    return takewhile(lambda segment: segment != WHOLE, path)


def _put(root: dict[str | int, Any], path: Iterable[str | int], text: RuleText) -> None:
    node = root
    for segment in path:
        node = node.setdefault(segment, {})
    node.setdefault(WHOLE, []).append(text)


def _pruned(key: str | int, node: Any) -> Any:
    """*node*, or its messages alone if it is a parameter: an item's own findings stay under ``_schema``."""
    if not isinstance(node, dict):
        return node
    if isinstance(key, str) and node.keys() == {WHOLE}:
        return node[WHOLE]
    return {inner: _pruned(inner, child) for inner, child in node.items()}
