"""What a server said to one request, as far as it can be understood."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ec2codec.agreement import STATE_CODES, STATE_TEXTS
from ec2codec.envelope import decode_response
from ec2codec.errors import EnvelopeError
from ec2codec.policy import Profile
from ec2codec.responses import ActionResponse, DescribeSecurityGroupsResponse, ErrorResponse

if TYPE_CHECKING:
    from ec2codec.conform.client import Reply

# Refusals of a server that is busy, which may come with 503.
BUSY = frozenset({"RequestLimitExceeded", "Throttling"})


class Said(StrEnum):
    """TRUE: it did it, it says. REFUSED: it did not. NOTHING: no answer that clients understand."""

    TRUE = "true"
    REFUSED = "refused"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer.

    status: of HTTP; None where none came. code, message: EC2's, of a refusal that has them; of NOTHING,
    *message* says why.
    groups: what was described, where that was asked.
    """

    said: Said
    status: int | None = None
    code: str | None = None
    message: str = ""
    groups: DescribeSecurityGroupsResponse | None = None

    @property
    def is_heard(self) -> bool:
        """Whether clients take a refusal for one: the SDKs go by the status of HTTP."""
        return self.status is not None and self.status >= 400

    @property
    def state(self) -> str | None:
        """What only the service knows, and refused for; None where it refused for the request."""
        if self.code is None:
            return None
        if self.code in STATE_CODES:
            return STATE_CODES[self.code]
        is_of_state = self.code.endswith(_STATE_ENDINGS) or any(text in self.message for text in STATE_TEXTS)
        return "something that is not there, or is full" if is_of_state else None

    def __str__(self) -> str:
        if self.said is Said.TRUE:
            return "true"
        if self.said is Said.NOTHING:
            return self.message
        return f"{self.code or 'a refusal without a code'} (HTTP {self.status})"


def read(reply: Reply) -> Answer:
    """The answer in a reply. What clients are lax about is not at issue, so it is read as they read it."""
    if reply.failure is not None or reply.status is None:
        return _nothing(reply, reply.failure or "no answer")
    if 300 <= reply.status < 400:
        return _nothing(reply, f"HTTP {reply.status}, which is not followed")
    try:
        document = decode_response(reply.body, profile=Profile.OBSERVED)
    except EnvelopeError as error:
        if reply.status < 300 and _is_taken_for_true(reply.body, error):
            return Answer(said=Said.TRUE, status=reply.status)
        # What is wrong with a page that is no document anyway tells nothing.
        why = f": {error.violations[0].message}" if reply.status < 400 else ""
        return _nothing(reply, f"HTTP {reply.status}, and no EC2 document{why}")
    if isinstance(document, ErrorResponse):
        return _refusal(reply, document)
    if reply.status >= 400:
        return _nothing(reply, f"HTTP {reply.status} with a {document.root}")
    if isinstance(document, ActionResponse) and document.return_ is False:
        return Answer(said=Said.REFUSED, status=reply.status)
    groups = document if isinstance(document, DescribeSecurityGroupsResponse) else None
    return Answer(said=Said.TRUE, status=reply.status, groups=groups)


def _is_taken_for_true(body: bytes, error: EnvelopeError) -> bool:
    """Whether all that is wrong is a value among the rules that the answer tells again, as moto stores it.

    Clients take such an answer for a success.
    """
    return b"<return>true</return>" in body and all(
        violation.rule == "E502" and violation.message.startswith(_TOLD_AGAIN)
        for violation in error.violations
    )


def _nothing(reply: Reply, why: str) -> Answer:
    return Answer(said=Said.NOTHING, status=reply.status, message=why)


def _refusal(reply: Reply, document: ErrorResponse) -> Answer:
    code = document.code
    if reply.status is not None and reply.status >= 500 and code not in BUSY:
        return _nothing(reply, f"HTTP {reply.status}, {code}")
    return Answer(said=Said.REFUSED, status=reply.status, code=code, message=document.message or "")


_TOLD_AGAIN = ("securityGroupRuleSet.", "revokedSecurityGroupRuleSet.", "unknownIpPermissionSet.")
_STATE_ENDINGS = (".NotFound", "LimitExceeded")
