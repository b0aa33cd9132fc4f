"""A request, made of values by its layout, and judged by its law."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ec2codec.compiled.exhibit import exhibit_parameters, exhibit_request
from ec2codec.compiled.forms import Bound
from ec2codec.compiled.law import Abstain, Law
from ec2codec.compiled.layout import Layout
from ec2codec.model import NO_AUTH, Auth, Request
from ec2codec.names import AUTH_PLACEHOLDER
from ec2codec.rule import RULES
from ec2codec.rules.subjects import kind_of
from ec2codec.trial import flat_permission

EMPTY_VALUE = RULES["E106"]


def make_request(bound: Bound, names: Sequence[str], values: Sequence[str]) -> Request:
    """The request of values that are texts without fault.

    Raises: Abstain.
    """
    law, layout = bound.law, bound.layout
    if "" in values:
        _refuse_empty(law, names, values)
    items = layout.pick(values)
    permissions = tuple(
        [build(item, kinds) for item, (build, kinds) in zip(items, layout.blocks, strict=True)]
    )
    auth = _auth(layout, values) if layout.auth else NO_AUTH
    request: Request = layout.build(values, bound.version, auth, permissions)
    kind = flat_kind(request) if layout.flat else ()
    if not layout.kinds.get(kind):
        submission = exhibit_request(law, names, values, request, flat=layout.flat)
        layout.kinds.judge(kind, law.judge_request_kind, submission)
    for pick, is_clean in layout.looks:
        if not is_clean(pick(values), request, law.policy):
            _judge_each(law, layout, names, values, request)
            return request
    if law.unguarded:
        _judge_each(law, layout, names, values, request)
    return request


def flat_kind(request: Any) -> tuple[object, ...]:
    """The kind of the permission that the flat form of a request is."""
    return kind_of(flat_permission(request))


def _judge_each(
    law: Law, layout: Layout, names: Sequence[str], values: Sequence[str], request: Request
) -> None:
    """Ask the rules that no kind decides."""
    law.judge_each(exhibit_request(law, names, values, request, flat=layout.flat))
    law.judge_parameters(exhibit_parameters(law, names, values))


def _refuse_empty(law: Law, names: Sequence[str], values: Sequence[str]) -> None:
    for sent in exhibit_parameters(law, names, values):
        if sent.value == "" and any(EMPTY_VALUE.judge(sent, law.policy)):
            raise Abstain


def _auth(layout: Layout, values: Sequence[str]) -> Auth:
    sent = {name: values[position] for name, position in layout.auth.items()}
    if sent.get(AUTH_PLACEHOLDER):
        raise Abstain  # E101: with a value it is no placeholder
    return Auth(sent)
