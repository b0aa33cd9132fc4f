"""The server side, for any framework: bytes in; a request, or the answer that refuses it, out.

Knows nothing of WSGI or ASGI: give it the query string and the body as they came, and send what it answers.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import unquote_plus
from uuid import uuid4

from ec2codec.codec import Codec
from ec2codec.errors import DecodeError
from ec2codec.model import Request
from ec2codec.responses import (
    ActionResponse,
    AuthorizeSecurityGroupEgressResponse,
    AuthorizeSecurityGroupIngressResponse,
    Error,
    ErrorResponse,
    Response,
    RevokeSecurityGroupEgressResponse,
    RevokeSecurityGroupIngressResponse,
)

HEADERS = (("Content-Type", "text/xml;charset=UTF-8"),)
_CODEC = Codec()


class Answer(NamedTuple):
    """An HTTP response. headers: names and values. body: an XML document in UTF-8."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def receive(
    body: bytes = b"", *, query: bytes = b"", codec: Codec = _CODEC, request_id: str | None = None
) -> Request | Answer:
    """The request of an HTTP request, or the answer with which EC2 would refuse it.

    body: the form that was posted. query: what stood behind the ``?``; the two are read as one, so that a
        parameter in both is one too many. codec: with the choices under which it is judged.
    request_id: for the refusal; None: a new one.
    """
    try:
        return codec.decode(_merged(body, query))
    except DecodeError as error:
        return refuse(error, request_id=request_id)


def action_of(body: bytes = b"", *, query: bytes = b"") -> str | None:
    """The Action of an HTTP request, for servers that know more of them; None if there is none."""
    for piece in _merged(body, query).split(b"&"):
        name, _, value = piece.partition(b"=")
        if _unquoted(name) == "Action":
            return _unquoted(value)
    return None


def _unquoted(text: bytes) -> str:
    return unquote_plus(text.decode("utf-8", "replace"))


def _merged(body: bytes, query: bytes) -> bytes:
    """Both as one text, which begins with ``&``: what looks like a URL in it is no URL."""
    return b"&".join((b"", query, body))


def refuse(error: DecodeError, *, request_id: str | None = None) -> Answer:
    """The answer with which EC2 would refuse a request. request_id: None: a new one."""
    return answer(error.to_response(request_id=request_id or str(uuid4())))


def fail(code: str, message: str, *, request_id: str | None = None) -> Answer:
    """The answer for what only the service knows, such as ``InvalidGroup.NotFound``."""
    return answer(
        ErrorResponse(errors=(Error(code=code, message=message),), request_id=request_id or str(uuid4()))
    )


def accept(request: Request, *, request_id: str | None = None, **members: Any) -> Answer:
    """The answer that says true to a request, in its own version.

    members: of the response, such as ``unknown_ip_permission_set``.
    """
    kind = RESPONSES[request.action]
    return answer(
        kind(version=request.version, request_id=request_id or str(uuid4()), return_=True, **members)
    )


def answer(response: Response) -> Answer:
    """The answer that carries a response: success, error or described groups.

    Raises: EnvelopeError as `ec2codec.encode_response`.
    """
    code = response.code if isinstance(response, ErrorResponse) else None
    status = 200 if code is None else STATUSES.get(code, 400)
    return Answer(status, HEADERS, _CODEC.encode_response(response).encode())


RESPONSES: dict[str, type[ActionResponse]] = {
    kind.action: kind
    for kind in (
        AuthorizeSecurityGroupEgressResponse,
        AuthorizeSecurityGroupIngressResponse,
        RevokeSecurityGroupEgressResponse,
        RevokeSecurityGroupIngressResponse,
    )
}
# What is neither success nor, as all that rules find, 400. Source: EC2 API, "Common client error codes",
# "Server error codes".
STATUSES = {
    "AuthFailure": 401,
    "Blocked": 403,
    "InvalidClientTokenId": 403,
    "MissingAuthenticationToken": 403,
    "OptInRequired": 403,
    "PendingVerification": 403,
    "SignatureDoesNotMatch": 403,
    "UnauthorizedOperation": 403,
    "DryRunOperation": 412,
    "InternalError": 500,
    "RequestLimitExceeded": 503,
    "ServiceUnavailable": 503,
    "Unavailable": 503,
}
