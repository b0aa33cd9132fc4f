"""XML documents and responses: the verbs over the response Schemas."""

from __future__ import annotations

from ec2codec import plain
from ec2codec import xml as markup
from ec2codec.elements import NOTHING, Asked, Outcome, judge
from ec2codec.errors import EnvelopeError, Violation
from ec2codec.model import Request
from ec2codec.policy import Profile
from ec2codec.response_schemas import response_schemas
from ec2codec.responses import Response

Xml = str | bytes | bytearray | memoryview


def encode_response(response: Response, *, profile: Profile | None = Profile.DOCUMENTED) -> str:
    """The XML document of a response.

    Raises: EnvelopeError with every violation, warnings too, if any of them is an error; it is one, if the
        document would not be read back as this response.
    """
    schema = response_schemas(profile).get(getattr(response, "root", ""))
    if schema is None:
        fault = markup.Markup(fault=f"expected a response, got {type(response).__name__}")
        raise EnvelopeError(judge(fault, response_schemas(profile), profile=profile).violations)
    text, violations = schema.write(response)
    if text is None:
        raise EnvelopeError(violations)
    return text


def decode_response(
    xml: Xml,
    *,
    request: Request | str | None = None,
    profile: Profile | None = Profile.DOCUMENTED,
    version: str | None = None,
    compiled: bool = True,
) -> Response:
    """The response, success or error, in an XML document.

    request: that which it answers, or the name of its action. version: that of a request known by name alone.
    compiled: whether the quick path for plain documents may answer.
    Raises: EnvelopeError with every violation, warnings too, if any of them is an error.
    """
    outcome = _judge(xml, request, profile, version, compiled)
    if outcome.response is None:
        raise EnvelopeError(outcome.violations)
    response: Response = outcome.response
    return response


def check_response(
    xml: Xml,
    *,
    request: Request | str | None = None,
    profile: Profile | None = Profile.DOCUMENTED,
    version: str | None = None,
    compiled: bool = True,
) -> tuple[Violation, ...]:
    """Every violation of an XML document; never raises.

    request, version, compiled: as for `decode_response`.
    """
    return _judge(xml, request, profile, version, compiled).violations


def _judge(
    xml: Xml, request: Request | str | None, profile: Profile | None, version: str | None, compiled: bool
) -> Outcome:
    if isinstance(request, Request):
        asked = Asked(request.action, request.version)
    else:
        asked = NOTHING if request is None and version is None else Asked(request, version)
    outcome = plain.judge(xml, profile, asked) if compiled else None
    return outcome or judge(markup.loads(xml), response_schemas(profile), profile=profile, asked=asked)
