"""boto3 and botocore: the four calls are judged before they leave. botocore is imported only by `install`.

Two documented events do it: ``provide-client-params``, which sees a call's arguments before botocore's own
validation and under its Stubber too, and ``before-send``, which may answer in the service's place.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, Literal, get_args

from ec2codec.codec import Codec
from ec2codec.errors import DecodeError, Violation
from ec2codec.integrations.server import refuse
from ec2codec.policy import Platform, Profile
from ec2codec.schemas import SCHEMAS
from ec2codec.sdk import from_boto, renamed, sdk_location, to_boto
from ec2codec.tree import flatten

__all__ = ["Finding", "Installation", "RequestWarning", "from_boto", "install", "to_boto"]

Mode = Literal["raise", "warn", "collect", "answer"]
# Whose frames stand between the caller and here.
HOSTS = ("boto3.", "botocore.", __name__)
# No host of any service; RFC 2606.
NOWHERE = "https://refused.invalid/"
# What EC2 answers to a request that it refuses.
BAD_REQUEST = 400


class RequestWarning(UserWarning):
    """A call that breaks a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A violation of a call.

    operation: of the call, ``"RevokeSecurityGroupIngress"``. violation: with its location on the wire.
    parameter: the same place in the call's arguments, ``"IpPermissions[1].UserIdGroupPairs[0].GroupId"``.
    """

    operation: str
    violation: Violation
    parameter: str

    def __str__(self) -> str:
        return str(replace(self.violation, location=self.parameter))


class Installation:
    """What `install` gives: it judges until `uninstall`, also through clients made from a session meanwhile.

    findings: in mode ``collect``, warnings too, in the order of the calls; the caller may clear it.
    """

    def __init__(self, codec: Codec, mode: Mode) -> None:
        self.codec = codec
        self.mode = mode
        self.active = True
        self.findings: list[Finding] = []
        self._undo: list[Callable[[], None]] = []

    def uninstall(self) -> None:
        """Judge no more. Twice is as good as once."""
        self.active = False
        for undo in self._undo:
            undo()
        self._undo.clear()

    def __enter__(self) -> Installation:
        return self

    def __exit__(self, *_: object) -> None:
        self.uninstall()

    def register(self, emitter: Any) -> None:
        """Listen to the four calls; ahead of others, so that an answer is not another's."""
        event, handler = self._listener()
        for action in SCHEMAS:
            name = f"{event}.ec2.{action}"
            emitter.register_first(name, handler)
            self._undo.append(lambda name=name: emitter.unregister(name, handler))  # type: ignore[misc]

    def _listener(self) -> tuple[str, Callable[..., Any]]:
        if self.mode == "answer":
            return "before-send", self._answer
        return "provide-client-params", self._judge

    def _judge(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        """A call's arguments, before botocore looks at them."""
        if not self.active:
            return
        pairs = [
            ("Action", model.name),
            ("Version", model.service_model.api_version),
            *flatten(renamed(params)),
        ]
        violations = self.codec.check(pairs)
        if violations:
            self._report(model.name, violations)

    def _report(self, operation: str, violations: tuple[Violation, ...]) -> None:
        findings = [
            Finding(operation=operation, violation=v, parameter=sdk_location(v.location)) for v in violations
        ]
        if self.mode == "collect":
            self.findings += findings
        elif self.mode == "warn":
            said = "\n".join(map(str, findings))
            warnings.warn(f"{operation}:\n{said}", RequestWarning, stacklevel=_depth_of_call())
        elif any(v.severity == "error" for v in violations):
            raise _client_error(operation, violations, findings)

    def _answer(self, request: Any, **_: Any) -> Any:
        """The service's refusal of what is about to be sent; None lets it go."""
        if not self.active:
            return None
        from botocore.awsrequest import AWSResponse  # type: ignore[import-untyped]

        try:
            self.codec.decode(request.body or b"")
        except DecodeError as error:
            status, headers, body = refuse(error)
            refused = AWSResponse(request.url, status, dict(headers), _Raw(body))
            # botocore takes the first answer and asks the other handlers all the same: one that plays the
            # service, such as moto's, would do what is refused here.
            request.url = NOWHERE
            return refused
        return None


def _depth_of_call() -> int:
    """How many frames the caller of this is below the code that made the call."""
    depth = 1
    frame = sys._getframe(1)
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).startswith(HOSTS):
        frame = frame.f_back
        depth += 1
    return depth


class _Raw(BytesIO):
    """A body as urllib3 gives it."""

    def stream(self, **_: Any) -> Any:
        """What is left, in pieces."""
        while piece := self.read(65536):
            yield piece


def _client_error(operation: str, violations: tuple[Violation, ...], findings: list[Finding]) -> Exception:
    """What botocore raises where EC2 refuses, so that existing except-clauses take it."""
    from botocore.exceptions import ClientError  # type: ignore[import-untyped]

    refusal = DecodeError(violations).to_response()
    error: Exception = ClientError(
        {
            "Error": {"Code": refusal.code, "Message": refusal.message},
            "ResponseMetadata": {"HTTPStatusCode": BAD_REQUEST, "RetryAttempts": 0},
        },
        operation,
    )
    error.violations = violations  # type: ignore[attr-defined]
    error.findings = tuple(findings)  # type: ignore[attr-defined]
    return error


def install(
    target: Any,
    mode: Mode = "raise",
    *,
    platform: Platform | str = Platform.ANY,
    profile: Profile | str | None = Profile.DOCUMENTED,
) -> Installation:
    """Judge the four calls of a client, a resource, or of every client that a session makes from now on.

    mode: ``"raise"``: a ``ClientError`` with EC2's code, and `violations` and `findings` on it, for what EC2
        would refuse. ``"warn"``: a `RequestWarning`, also for what it accepts and is hardly meant.
        ``"collect"``: `Installation.findings`, of both. ``"answer"``: EC2's error document, and nothing is
        sent; not under a Stubber, which sends nothing itself.
    platform, profile: as for `ec2codec.Codec`.
    Raises: ValueError for a mode that is none. TypeError for a target that is none.
    """
    if mode not in get_args(Mode):
        raise ValueError(f"expected raise, warn, collect or answer as mode, got {mode!r}")
    installation = Installation(Codec(platform=platform, profile=profile), mode)
    installation.register(_emitter_of(target))
    return installation


def _emitter_of(target: Any) -> Any:
    """Where a client, a resource, or a session of boto3 or botocore sends its events."""
    meta = getattr(target, "meta", None)
    if meta is not None:
        return getattr(meta, "client", target).meta.events
    if hasattr(target, "get_component"):
        return target.get_component("event_emitter")
    if hasattr(target, "events"):
        return target.events
    raise TypeError(f"expected a client, a resource or a session, got {type(target).__name__}")
