"""What happened although the service said ``true``: the findings that no error code ever tells of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ec2codec.rule import RULES, Effect

if TYPE_CHECKING:
    from ec2codec.errors import Violation


def effect_of(violation: Violation) -> Effect | None:
    """What a breach does where the service takes the request; None if nothing that surprises.

    Source: semantics 1.3 (flat half), 2.6 (protocol -1 with ports), 2.7 (/0 with host bits), M10, M12.
    """
    effect = RULES[violation.rule].effect
    return effect if effect and _happens(violation) else None


def _happens(violation: Violation) -> bool:
    """Whether this breach is one of those of its rule that have the effect."""
    # Host bits are lost in any range, but only of /0 do people think that it is one address.
    if violation.rule == "W207":
        return str(violation.value).endswith("/0")
    # Without CidrIp the service did nothing; without the owner it took the caller.
    return violation.rule != "E408" or violation.location == "CidrIp"


def told(effect: Effect, *, accepted: bool | None) -> str:
    """The effect in words.

    accepted: whether the service is known to have said true; None where its answer was not recorded.
    """
    if accepted:
        return f"the service said true and {_HAPPENED[effect]}"
    return f"where the service says true, it {_HAPPENS[effect]}"


_HAPPENED = {
    Effect.SILENT: "changed nothing",
    Effect.WIDENING: "acted on more than was written",
    Effect.REPEATED: "did once what was asked twice",
}
_HAPPENS = {
    Effect.SILENT: "changes nothing",
    Effect.WIDENING: "acts on more than was written",
    Effect.REPEATED: "does once what was asked twice",
}
