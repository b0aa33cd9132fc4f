"""Calls of ours among recorded HTTP requests, whatever recorded them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ec2codec.captures.access_log import WITH_BODY
from ec2codec.captures.exchange import Completeness, Exchange, Response
from ec2codec.captures.querytext import merge, query_of
from ec2codec.captures.relevance import action_of

if TYPE_CHECKING:
    from datetime import datetime

    from ec2codec.captures.exchange import Place
    from ec2codec.captures.http_message import Message, Origin

_ERROR_CODE = re.compile(rb"<Code>([\w.]{1,128})</Code>")


def http_call(
    place: Place,
    method: bytes,
    target: bytes,
    body: bytes,
    *,
    completeness: Completeness = Completeness.COMPLETE,
    response: Response | None = None,
    time: datetime | None = None,
) -> Exchange | None:
    """The call that an HTTP request makes; None if it makes none of ours.

    target: of the request line, or the whole URL.
    """
    query = query_of(target)
    body = body if method in WITH_BODY else b""
    action = action_of(query) or action_of(body)
    if action is None:
        return None
    return Exchange(
        place=place,
        action=action,
        request=merge(query, body),
        completeness=completeness,
        response=response,
        time=time,
    )


def message_call(
    place: Place, request: Message[Origin], response: Message[Origin] | None, time: datetime | None = None
) -> Exchange | None:
    """The call that a request makes as it was found in the bytes of a connection or a dump."""
    return http_call(
        place,
        request.start.method,
        request.start.target,
        request.body,
        completeness=completeness_of(request),
        response=answer(response.start.status, response.body, response.is_whole) if response else None,
        time=time,
    )


def completeness_of(request: Message[Origin]) -> Completeness:
    """How much of a request there was: a body that is missing as a whole takes no parameter with it."""
    if request.is_whole:
        return Completeness.COMPLETE
    if request.body or not request.start.is_whole:
        return Completeness.TRUNCATED
    return Completeness.BODY_NOT_CAPTURED if request.start.method in WITH_BODY else Completeness.COMPLETE


def answer(status: int | None, body: bytes, is_whole: bool = True) -> Response:
    """What was answered; the text of an answer is only given where all of it was recorded."""
    code = _ERROR_CODE.search(body)
    return Response(
        status=status,
        body=body.decode("utf-8", "replace") if body and is_whole else None,
        error_code=code[1].decode("ascii", "replace") if code else None,
    )
