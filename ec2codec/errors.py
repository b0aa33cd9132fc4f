"""What may go wrong: the one finding type, and the three exceptions that carry findings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ec2codec.names import MAX_INDEX, is_secret, parse_name
from ec2codec.scalars import is_small_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ec2codec.responses import ErrorResponse

Severity = Literal["error", "warning"]
Certainty = Literal["recorded", "documented", "ours"]

# Access key ids are AKIA (long-lived) or ASIA (temporary) and sixteen more; a value or a message may
# quote one although the parameter's name does not give it away.
_ACCESS_KEY = re.compile(r"A[KS]IA[A-Z0-9]{12,}")
REDACTED = "<redacted>"


def redact(text: str) -> str:
    """*text* without the access keys in it."""
    return _ACCESS_KEY.sub(REDACTED, text) if "IA" in text else text


def printable(text: str) -> str:
    r"""*text* with everything but printable characters as ``\xNN``, ``\uNNNN`` or ``\UNNNNNNNN``.

    Covers terminal escapes (ESC and C1), bidirectional overrides, zero-width characters and surrogates.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def shown(text: str) -> str:
    """*text* as it may be shown: printable, without access keys."""
    return printable(redact(text))


def quoted(text: str) -> str:
    """*text* for a message: as it may be shown, 80 characters at most."""
    safe = shown(text)
    return safe if len(safe) <= 80 else safe[:77] + "..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One rule broken at one place: the only finding type.

    rule: id such as ``"E303"``; its first digit says where to look.
    name: the rule's name, ``"ports-required"``.
    code: EC2's error code, or None where the service would not refuse.
    location: the parameter name as it was sent, percent-decoded, 1-based; ``""`` for the whole input.
    message: EC2's own text where one is recorded.
    value: what was sent there; None if nothing was, or if it is a secret.
    severity: ``"error"`` (the service refuses) or ``"warning"`` (it accepts and probably it is not meant).
    certainty: ``"recorded"`` (the service was seen to say this), ``"documented"`` (AWS's documents or other
        implementations say it) or ``"ours"``.
    hint: the end of *message* that EC2 would not say.
    """

    rule: str
    name: str
    code: str | None
    location: str
    message: str
    value: object = None
    severity: Severity = "error"
    certainty: Certainty = "ours"
    hint: str = ""

    def __str__(self) -> str:
        place = f"{shown(self.location)}: " if self.location else ""
        code = f" [{self.code}]" if self.code else ""
        return f"{place}{self.rule} {shown(self.message)}{code}"


def shown_value(location: str, value: object) -> object:
    """*value* as a violation may hold it: nothing of a secret parameter, no access key in a text."""
    if is_secret(location):
        return None
    if isinstance(value, str):
        return redact(value)
    # A caller's object may be unhashable, survive no pickle, or have no repr.
    return value if is_small_number(value) else None


class Ec2CodecError(ValueError):
    """Base of the three errors below; never raised itself.

    violations: every finding, warnings too, in the order of the input.
    """

    violations: tuple[Violation, ...]

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        # args holds what __init__ takes, so that the error survives pickle and process pools.
        super().__init__(self.violations)

    def __str__(self) -> str:
        return "\n".join(str(violation) for violation in self.violations)


class RequestError(Ec2CodecError):
    """Base of the two errors about requests; never raised itself."""

    def to_response(self, *, request_id: str | None = None) -> ErrorResponse:
        """What EC2 would answer: one error, the first of form, action, request and permissions.

        A violation without a code of EC2's is an ``InvalidRequest``.
        """
        # Here, because there are many responses, and few who ask for one.
        from ec2codec.responses import Error, ErrorResponse

        first = min((v for v in self.violations if v.severity == "error"), key=_precedence)
        message = shown(first.message.removesuffix(first.hint))
        error = Error(code=first.code or "InvalidRequest", message=message)
        return ErrorResponse(errors=(error,), request_id=request_id)


def _precedence(violation: Violation) -> tuple[int, int]:
    """When EC2 would come to an error; the index of its permission, the flat form's last."""
    hundred = violation.rule[1]
    if hundred == "1":
        return 0, 0
    if violation.rule in ("E401", "E402"):
        return 1, 0
    listing, *rest = parse_name(violation.location)
    inside = listing == "IpPermissions" and rest
    if hundred == "4" or (hundred == "2" and not inside):
        return 2, 0
    index = rest[0] if inside else MAX_INDEX
    return 3, index if isinstance(index, int) else MAX_INDEX


class DecodeError(RequestError):
    """A request that was received breaks the law: the sender's fault."""


class EncodeError(RequestError):
    """A request that was to be sent breaks the law: the caller's fault."""


class EnvelopeError(Ec2CodecError):
    """An XML document is no response of the EC2 API, or one whose meaning would be lost."""
