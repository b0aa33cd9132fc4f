"""Judging a recorded call: no files, no terminal, no state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ec2codec.agreement import NO_ANSWER, Agreement, agreement, agreements, answer_of
from ec2codec.captures.exchange import Completeness
from ec2codec.captures.relevance import action_of
from ec2codec.effects import effect_of
from ec2codec.rule import RULES, Effect

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from ec2codec.captures.exchange import Exchange, Pairs, Place
    from ec2codec.codec import Codec
    from ec2codec.errors import Violation
    from ec2codec.model import Request

__all__ = ["Agreement", "Effect", "Verdict", "effect_of", "judge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is to be said of one recorded call.

    violations: what counts of the codec's, given how much of the request was recorded.
    request: the decoded request; None where it breaks the law, or where it is not all there.
    status, error_code: what the service answered, None where that was not recorded.
    time: when the call was made, with its zone; None where the capture does not say.
    accepted: whether the service is known to have said true, or to have refused; None where it is not known.
    agreement: whether the answer bears out the verdict; agreements: the same for each rule in it, by id.
    sent: the request as it was recorded. May hold a signature: it is shown through a `Discretion` only.
    """

    where: Place
    action: str
    completeness: Completeness
    violations: tuple[Violation, ...]
    request: Request | None = field(default=None, repr=False)
    status: int | None = None
    error_code: str | None = None
    time: datetime | None = None
    accepted: bool | None = None
    agreement: Agreement = Agreement.UNKNOWN
    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    sent: bytes | Pairs = field(default=(), repr=False)

    @property
    def notable(self) -> bool:
        """Whether there is anything to report of the call."""
        return bool(self.violations) or self.agreement is Agreement.MISSED

    def effect(self, violation: Violation) -> Effect | None:
        """What a breach did, or would do, in spite of a true; None where the service refused the call."""
        return None if self.accepted is False else effect_of(violation)


def judge(exchange: Exchange, codec: Codec, *, ignore: Collection[str] = ()) -> Verdict:
    """The verdict on a call.

    ignore: ids of rules that are not asked about.
    """
    request, violations = codec.judge(_whole_parameters(exchange))
    counted = tuple(v for v in violations if _counts(v, exchange))
    told = tuple(v for v in counted if v.rule not in ignore) if ignore else counted
    response, answer = exchange.response, answer_of(exchange)
    weighed = answer if _is_judged_whole(exchange, codec) else NO_ANSWER
    whole = agreement(counted, weighed)
    return Verdict(
        where=exchange.place,
        action=exchange.action,
        completeness=exchange.completeness,
        violations=told,
        request=request,
        status=response.status if response else None,
        error_code=answer.code or (response.error_code if response else None),
        time=exchange.time,
        accepted=answer.accepted,
        agreement=whole,
        agreements=agreements(told, weighed, whole),
        sent=exchange.request,
    )


def _is_judged_whole(exchange: Exchange, codec: Codec) -> bool:
    """Whether the codec was asked for the law, and saw everything that the service saw."""
    return codec.profile is not None and exchange.completeness is Completeness.COMPLETE


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
