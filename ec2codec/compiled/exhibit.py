"""What the rules see, made of names and values that a layout has placed: only where no quicker way tells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ec2codec.compiled.law import Law
from ec2codec.names import AUTH_PLACEHOLDER
from ec2codec.rules.subjects import Sent, Submission
from ec2codec.scalars import TEXT
from ec2codec.shape import find
from ec2codec.tree import grow
from ec2codec.trial import place_permissions


def exhibit_parameters(law: Law, names: Sequence[str], values: Sequence[str]) -> list[Sent]:
    """The parameters as the rules of single ones see them."""
    return [
        _exhibit(law, name, value, position)
        for position, (name, value) in enumerate(zip(names, values, strict=True))
    ]


def _exhibit(law: Law, name: str, value: str, position: int) -> Sent:
    sent = Sent(name, value, position)
    place = find(law.root, name, law.policy.version)
    if place is not None:
        sent.path, sent.scalar, sent.may_be_empty = place
    else:  # authentication: a name without any place has no layout
        sent.scalar, sent.may_be_empty = TEXT, name == AUTH_PLACEHOLDER
    return sent


def exhibit_request(
    law: Law, names: Sequence[str], values: Sequence[str], request: Any, *, flat: bool
) -> Submission:
    """The request as the rules 4xx see it. flat: whether any parameter of the flat form came."""
    sent = exhibit_parameters(law, names, values)
    tree = grow((parameter.path, parameter.value) for parameter in sent if parameter.path)
    del tree["Action"]
    return Submission(
        action=request.action,
        version=law.policy.version,
        direction=request.direction,
        values=tree,
        sent=frozenset(name.partition(".")[0] for name in names),
        permissions=tuple(place_permissions(tree.get("IpPermissions", {}), request, flat=flat)),
        auth=frozenset(request.auth),
    )
