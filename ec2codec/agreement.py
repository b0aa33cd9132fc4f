"""Whether the recorded answer of the service bears out what the codec says of a request."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ec2codec.envelope import decode_response
from ec2codec.errors import EnvelopeError
from ec2codec.policy import Profile
from ec2codec.responses import ActionResponse, ErrorResponse
from ec2codec.rule import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ec2codec.captures.exchange import Exchange, Response
    from ec2codec.errors import Violation


class Agreement(StrEnum):
    """What the answer says of a verdict.

    AGREES: both refuse, the service with a code of the rule; or both accept.
    MISSED: the service refused with a code of ours, and no error with that code was found.
    FALSE_ALARM: the service said true, and an error was found.
    UNKNOWN: it says nothing of the verdict.
    """

    AGREES = "agrees"
    MISSED = "missed"
    FALSE_ALARM = "false-alarm"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service did with a call.

    accepted: True: it said true; False: it refused; None: that cannot be told.
    code: EC2's error code, where it refused and said why.
    of_request: whether it refused for the request alone, and a rule has that code: so one should be broken.
    """

    accepted: bool | None = None
    code: str | None = None
    of_request: bool = False


NO_ANSWER = Answer()
ACCEPTED = Answer(accepted=True)
REFUSED = Answer(accepted=False)


def answer_of(exchange: Exchange) -> Answer:
    """The answer that was recorded, by its document if that was, else by its error code and HTTP status."""
    response = exchange.response
    if response is None or _failed(response):
        return NO_ANSWER
    if response.body is not None:
        answer = _read(response.body, exchange.action)
        # Emulators refuse with 200; that success comes with another status makes no sense.
        return NO_ANSWER if answer.accepted and response.status not in (None, 200) else answer
    if response.error_code is not None:
        return _refusal(response.error_code)
    return _by_status(response.status)


def _failed(response: Response) -> bool:
    """Whether the service broke down: that says nothing of the request."""
    return response.status is not None and response.status >= 500


def _read(body: str, action: str) -> Answer:
    # What servers are lax about is not at issue, so the document is read as the clients read it.
    try:
        document = decode_response(body, request=action, profile=Profile.OBSERVED)
    except EnvelopeError:
        return NO_ANSWER
    if isinstance(document, ErrorResponse):
        return _refusal(document.code, document.message or "")
    if isinstance(document, ActionResponse) and document.action == action and document.return_ is not False:
        return ACCEPTED
    return NO_ANSWER


def _refusal(code: str | None, message: str = "") -> Answer:
    of_state = code in STATE_CODES or any(text in message for text in STATE_TEXTS)
    return Answer(accepted=False, code=code, of_request=code in _CODES and not of_state)


def _by_status(status: int | None) -> Answer:
    # EC2 answers every success with 200, and no error.
    if status == 200:
        return ACCEPTED
    return REFUSED if status is not None and status >= 400 else NO_ANSWER


def agreement(violations: Iterable[Violation], answer: Answer) -> Agreement:
    """What the answer says of a call: of its violations as a whole."""
    errors = [violation for violation in violations if violation.severity == "error"]
    if errors and answer.accepted:
        return Agreement.FALSE_ALARM
    if answer.accepted is False and any(answer.code in _codes(error) for error in errors):
        return Agreement.AGREES
    return agreement_with_none(answer)


def agreement_with_none(answer: Answer) -> Agreement:
    """The same of a call in which no error was found."""
    if answer.accepted:
        return Agreement.AGREES
    return Agreement.MISSED if answer.of_request else Agreement.UNKNOWN


def agreements(violations: Iterable[Violation], answer: Answer, whole: Agreement) -> dict[str, Agreement]:
    """What the answer says of each rule that was found broken in a call, by id.

    whole: what it says of the call.
    """
    by_rule: dict[str, Agreement] = {}
    for violation in violations:
        told = _of_violation(violation, answer, whole)
        by_rule[violation.rule] = max(told, by_rule.get(violation.rule, told), key=_TELLING.index)
    return by_rule


def _of_violation(violation: Violation, answer: Answer, whole: Agreement) -> Agreement:
    error = violation.severity == "error"
    if answer.accepted:
        return Agreement.FALSE_ALARM if error else Agreement.AGREES
    # The service names one of several errors: of those with another code it says nothing.
    if answer.accepted is None or answer.code not in _codes(violation):
        return Agreement.UNKNOWN
    if error:
        return Agreement.AGREES
    # It was said to accept this; whether it refused for this only shows where no error explains it.
    return Agreement.MISSED if whole is Agreement.MISSED else Agreement.UNKNOWN


def _codes(violation: Violation) -> tuple[str | None, ...]:
    """The codes that this may have had: the wire does not say on which platform it was judged."""
    codes = RULES[violation.rule].codes
    return violation.code, codes.classic, codes.vpc


# Codes of refusals for what the service knew and a codec cannot: the state of groups, accounts and of the
# service. Of those only Duplicate is a code of ours as well; the others say why nothing is missed with them.
# Source: semantics 3.1, "State-dependent"; the official list of client error codes.
STATE_CODES = {
    "InvalidGroup.NotFound": "the group, or a source group, does not exist",
    "InvalidGroup.InUse": "the group is in use",
    "InvalidGroup.Reserved": "the group's name is reserved",
    "InvalidPermission.NotFound": "the group has no such rule",
    "InvalidPermission.Duplicate": "the group has the rule; within one request it is E410",
    "InvalidSecurityGroupRuleId.NotFound": "the group has no such rule",
    "InvalidPrefixListId.NotFound": "the prefix list does not exist",
    "RulesPerSecurityGroupLimitExceeded": "the group is full",
    "SecurityGroupLimitExceeded": "the account's limit",
    "RequestLimitExceeded": "throttled",
    "Throttling": "throttled",
    "DependencyViolation": "another resource depends on it",
    "DryRunOperation": "a dry run: rule bodies are not looked at (aws-sdk-ruby#1716)",
    "UnauthorizedOperation": "not allowed to this account",
    "UnsupportedOperation": "not for this group or account",
    "OptInRequired": "not allowed to this account",
    "AuthFailure": "authentication",
    "MissingAuthenticationToken": "authentication",
    "IncompleteSignature": "authentication",
    "InvalidClientTokenId": "authentication",
    "SignatureDoesNotMatch": "authentication",
    "RequestExpired": "the clock",
    "Blocked": "the account",
    "PendingVerification": "the account",
    "InternalError": "the service broke down",
    "InternalFailure": "the service broke down",
    "Unavailable": "the service broke down",
    "ServiceUnavailable": "the service broke down",
}
# Texts of InvalidParameterValue that hang on the state as well: whether the group is of a VPC is not in the
# request. Source: semantics 3.1, R7 and G6.
STATE_TEXTS = ("may not reference Amazon VPC security groups by name", "does not exist")
_CODES = frozenset(
    code
    for rule in RULES.values()
    for code in (rule.codes.classic, rule.codes.vpc, *rule.codes.others)
    if code is not None
)
# A rule may be broken twice in one call: the last of these is what it comes to.
_TELLING = (Agreement.UNKNOWN, Agreement.MISSED, Agreement.AGREES, Agreement.FALSE_ALARM)
