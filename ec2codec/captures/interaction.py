"""One interaction of a cassette: vcrpy, Ruby's VCR and go-vcr name the members alike, but not quite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from ec2codec.captures.access_log import WITH_BODY
from ec2codec.captures.exchange import Completeness
from ec2codec.captures.http_body import decoded, from_base64
from ec2codec.captures.http_call import answer, http_call
from ec2codec.captures.http_stream import MAX_BODY
from ec2codec.captures.json_values import integer
from ec2codec.captures.moments import parse_http_date, parse_moment
from ec2codec.captures.querytext import as_bytes

if TYPE_CHECKING:
    from datetime import datetime

    from ec2codec.captures.exchange import Exchange, Place, Response

    Members = dict[str, Any]


def call_in(interaction: Members, place: Place) -> Exchange | None:
    """The call that an interaction tells of; None if it is none of ours."""
    request = _mapping(interaction, "request")
    # Ruby writes `post`, older versions the symbol `:post`.
    method = as_bytes(_text(request.get("method"))).lstrip(b":").upper()
    body, form = _content(request.get("body")), b""
    if not body and method in WITH_BODY:
        form = _form(request.get("form"))
    return http_call(
        place,
        # Of an interaction that was cut off the method may be missing, which stands behind the body.
        method or b"POST",
        _content(request.get("uri")) or _content(request.get("url")),
        body or form,
        completeness=_completeness(interaction, request, is_lossy=bool(form)),
        response=_response(interaction),
        time=_time(interaction),
    )


def is_whole(interaction: Members) -> bool:
    """Whether the member is there that is written last: YAML that was cut off is YAML."""
    body = _mapping(interaction, "request").get("body")
    if isinstance(body, dict) and "encoding" in body:
        return "recorded_at" in interaction
    return _status(_mapping(interaction, "response")) is not None


def _completeness(interaction: Members, request: Members, *, is_lossy: bool) -> Completeness:
    if "response" not in interaction:
        return Completeness.TRUNCATED
    if "body" not in request and not is_lossy:
        return Completeness.BODY_NOT_CAPTURED
    return Completeness.LOSSY_DECODED if is_lossy else Completeness.COMPLETE


def _response(interaction: Members) -> Response | None:
    response = _mapping(interaction, "response")
    status = _status(response)
    if status is None:
        return None
    coding = _header(response, "content-encoding")
    body, is_undone = decoded(_content(response.get("body")), as_bytes(coding), MAX_BODY)
    return answer(status, body, is_undone and is_whole(interaction))


def _status(response: Members) -> int | None:
    status = response.get("status")
    # go-vcr: `status: 200 OK` and `code: 200`.
    code = integer(status.get("code") if isinstance(status, dict) else response.get("code"))
    # Less has been cut off.
    return code if code is not None and code >= 100 else None


def _content(body: object) -> bytes:
    """The bytes of a body, which may be a text, or a mapping that holds one and says how."""
    if isinstance(body, dict):
        if isinstance(body.get("base64_string"), str):
            return from_base64(body["base64_string"])
        # `state` is that of io.BytesIO, as vcrpy recorded bodies that were files.
        body = body.get("string", body.get("state"))
    if isinstance(body, list) and body:
        body = body[0]
    return body if isinstance(body, bytes) else as_bytes(_text(body))


def _form(form: object) -> bytes:
    """The query string of go-vcr's form, which has the parameters by name, decoded."""
    if not isinstance(form, dict):
        return b""
    lists = ((name, values if isinstance(values, list) else [values]) for name, values in form.items())
    pairs = ((as_bytes(name), as_bytes(_text(value))) for name, values in lists for value in values)
    return as_bytes("&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs))


def _time(interaction: Members) -> datetime | None:
    signed = _header(_mapping(interaction, "request"), "x-amz-date")
    recorded = _text(interaction.get("recorded_at")) or _header(_mapping(interaction, "response"), "date")
    return parse_moment(signed) or parse_http_date(recorded)


def _header(message: Members, name: str) -> str:
    """The first value of a header; credentials stand beside it, so no other is looked at."""
    headers = _mapping(message, "headers")
    value = next((headers[header] for header in headers if header.lower() == name), "")
    value = value[0] if isinstance(value, list) and value else value
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else _text(value)


def _mapping(value: Members, name: str) -> Members:
    member = value.get(name)
    return member if isinstance(member, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
