"""Judging a recorded call: no files, no terminal, no state."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ec2codec.agreement import (
    NO_ANSWER,
    Agreement,
    Answer,
    agreement,
    agreement_with_none,
    agreements,
    answer_of,
)
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
    from ec2codec.trial import Outcome

__all__ = ["Agreement", "Effect", "Verdict", "effect_of", "judge"]

_PLAINLY_MARKED = re.compile(rb"\?[\w.%+-]+=")


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
    return verdict_on(exchange, codec, codec.judge(parameters_of(exchange)), ignore=ignore)


def agreement_on_nothing(exchange: Exchange, codec: Codec) -> Agreement:
    """Whether the answer bears out that nothing was found in a call: nearly every call is such a one."""
    return agreement_with_none(_weighed(answer_of(exchange), exchange, codec))


def verdict_on(
    exchange: Exchange, codec: Codec, outcome: Outcome, *, ignore: Collection[str] = ()
) -> Verdict:
    """The verdict on a call of whose parameters *codec* has said that."""
    request, violations = outcome
    counted = tuple(v for v in violations if _counts(v, exchange))
    told = tuple(v for v in counted if v.rule not in ignore) if ignore else counted
    response, answer = exchange.response, answer_of(exchange)
    weighed = _weighed(answer, exchange, codec)
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


def _weighed(answer: Answer, exchange: Exchange, codec: Codec) -> Answer:
    """The answer, if the codec was asked for the law, and saw everything that the service saw."""
    is_whole = codec.profile is not None and exchange.completeness is Completeness.COMPLETE
    return answer if is_whole else NO_ANSWER


def parameters_of(exchange: Exchange) -> bytes | Pairs:
    """The request without the parameter in which it was cut off, of which nothing can be said."""
    request = exchange.request
    if not isinstance(request, bytes):
        return request
    if exchange.completeness is Completeness.TRUNCATED:
        whole = request.rpartition(b"&")[0]
        # The action was read in full, or this would be no call of ours.
        request = whole if action_of(whole) else request
    # The mark says that this is no URL. Where that is plain without it, the codec is quicker without it.
    plain = request.startswith(b"?Action=") or _PLAINLY_MARKED.match(request)
    return request[1:] if plain else request


def _counts(violation: Violation, exchange: Exchange) -> bool:
    if exchange.completeness is not Completeness.COMPLETE and RULES[violation.rule].missing:
        return False
    return not (exchange.server_parsed and _is_of_the_wire(violation.rule))


def _is_of_the_wire(rule: str) -> bool:
    """Whether the rule is about spelling, which a server that parsed the request has lost, or made up.

    An unknown name stands in the server's record as well. The Version does not.
    """
    return rule == "W414" or (rule[1] == "1" and rule != "E101")
