"""Flow files of mitmproxy, read by mitmproxy itself, which knows those of its older versions too."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ec2codec.captures.exchange import Completeness, Note, Place
from ec2codec.captures.http_body import decoded
from ec2codec.captures.http_call import answer, http_call
from ec2codec.captures.http_stream import MAX_BODY
from ec2codec.captures.moments import moment_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from ec2codec.captures.exchange import Exchange, Response
    from ec2codec.captures.source import Source

# Bytes. A flow holds both bodies, and proxies record downloads of this size.
MAX_FLOW = 64 << 20


def read_mitmproxy(source: Source) -> Iterator[Exchange | Note]:
    """The calls in a flow file; flows count from 1, whatever their protocol."""
    try:
        http, flow_files = map(importlib.import_module, ("mitmproxy.http", "mitmproxy.io"))
    except ImportError:
        yield Note(source.name, "to read it: pip install 'ec2codec[mitm]'", "unreadable")
        return
    stream = _Bounded(source.stream)
    for place, flow in _flows(source.name, lambda: flow_files.FlowReader(stream).stream()):
        if isinstance(flow, Note):
            yield flow
        elif isinstance(flow, http.HTTPFlow) and (exchange := _call(flow, place)):
            yield exchange


def _flows(name: str, read_on: Callable[[], Iterator[Any]]) -> Iterator[tuple[Place, Any]]:
    """The flows that can be read, and notes of those that cannot.

    read_on: reads the flows from where the file stands. After a flow that is damaged within its bounds it
        stands at the next one.
    """
    number = last_read = 0
    flows = read_on()
    while number - last_read < 2:
        number += 1
        try:
            flow = next(flows, None)
        except Exception:
            # FlowReadException mostly; what stands in a damaged flow can make mitmproxy raise anything.
            flows = read_on()
            continue
        if flow is None:
            number -= 1
            break
        if number - last_read > 1:
            yield Place(name, number, "flow"), Note(f"{name}#flow={number - 1}", "the flow could not be read")
        last_read = number
        yield Place(name, number, "flow"), flow
    if number > last_read:
        reason = "what follows is no flow, or not a whole one"
        yield Place(name, number, "flow"), Note(name, f"cut short after flow {last_read}: {reason}")


def _call(flow: Any, place: Place) -> Exchange | None:
    request = flow.request
    body, is_whole = _body(request)
    return http_call(
        place,
        request.data.method,
        request.data.path,
        body,
        completeness=Completeness.COMPLETE if is_whole else Completeness.BODY_NOT_CAPTURED,
        response=_response(flow),
        time=moment_at(request.timestamp_start),
    )


def _response(flow: Any) -> Response | None:
    if flow.response is None:
        return None
    body, is_whole = _body(flow.response)
    return answer(flow.response.status_code, body, is_whole)


def _body(message: Any) -> tuple[bytes, bool]:
    """The body, and whether it is all there; a proxy that streamed it through has kept nothing of it."""
    if message.raw_content is None:
        return b"", False
    coding = message.headers.get("content-encoding", "").encode("utf-8", "surrogateescape")
    return decoded(message.raw_content, coding, MAX_BODY)


class _Bounded:
    """A file that gives no more than `MAX_FLOW` bytes at a time, whatever length a damaged flow claims."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= MAX_FLOW:
            raise ValueError("longer than a flow")
        return self._stream.read(size)

    def peek(self, size: int) -> bytes:
        peeked: bytes = self._stream.peek(size)  # type: ignore[attr-defined]
        return peeked
