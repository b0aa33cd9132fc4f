"""Judging a recorded call: no files, no terminal, no state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ec2codec.captures.exchange import Completeness
from ec2codec.captures.relevance import action_of
from ec2codec.rule import RULES

if TYPE_CHECKING:
    from collections.abc import Container

    from ec2codec.captures.exchange import Exchange, Pairs, Place
    from ec2codec.codec import Codec
    from ec2codec.errors import Violation
    from ec2codec.model import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is to be said of one recorded call.

    violations: what counts of the codec's, given how much of the request was recorded.
    request: the decoded request; None where it breaks the law, or where it is not all there.
    status, error_code: what the service answered, None where that was not recorded.
    """

    where: Place
    action: str
    completeness: Completeness
    violations: tuple[Violation, ...]
    request: Request | None = field(default=None, repr=False)
    status: int | None = None
    error_code: str | None = None


def judge(exchange: Exchange, codec: Codec, *, ignore: Container[str] = ()) -> Verdict:
    """The verdict on a call.

    ignore: ids of rules that are not asked about.
    """
    request, violations = codec.judge(_whole_parameters(exchange))
    response = exchange.response
    return Verdict(
        where=exchange.place,
        action=exchange.action,
        completeness=exchange.completeness,
        violations=tuple(v for v in violations if v.rule not in ignore and _counts(v, exchange)),
        request=request,
        status=response.status if response else None,
        error_code=response.error_code if response else None,
    )


def _whole_parameters(exchange: Exchange) -> bytes | Pairs:
    """The request without the parameter in which it was cut off, of which nothing can be said."""
    request = exchange.request
    if exchange.completeness is Completeness.TRUNCATED and isinstance(request, bytes):
        whole = request.rpartition(b"&")[0]
        # The action was read in full, or this would be no call of ours.
        return whole if action_of(whole) else request
    return request


def _counts(violation: Violation, exchange: Exchange) -> bool:
    if exchange.completeness is not Completeness.COMPLETE and RULES[violation.rule].missing:
        return False
    return not (exchange.server_parsed and _is_of_the_wire(violation.rule))


def _is_of_the_wire(rule: str) -> bool:
    """Whether the rule is about spelling, which a server that parsed the request has lost, or made up.

    An unknown name stands in the server's record as well. The Version does not.
    """
    return rule == "W414" or (rule[1] == "1" and rule != "E101")
