from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from capturing import CALL, CAPTURES, read_bytes
from ec2codec.captures import Completeness, Exchange, Response, read_input

if TYPE_CHECKING:
    from pathlib import Path

SENT = b"2023-10-13T15:30:19.602-0400 [DEBUG] provider.x: HTTP Request Sent: http.method=POST "
RECEIVED = b"2023-10-13T15:30:19.602-0400 [DEBUG] provider.x: HTTP Response Received: "
REFUSED = b"<Response><Errors><Error><Code>X.Y</Code></Error></Errors></Response>"
V2 = b"DEBUG Request\nPOST /%s HTTP/1.1\nHost: h\nContent-Length: %d\n\n"


def calls(data: bytes, tmp_path: Path) -> list[Exchange]:
    items = read_bytes(data, tmp_path, "go-debug")
    return [item for item in items if isinstance(item, Exchange)]


@pytest.mark.parametrize("name", ["go-v1", "go-v2", "terraform-0.14", "terraform-5"])
def test_calls_are_found_with_their_answers(name: str) -> None:
    items = list(read_input(str(CAPTURES / f"handmade-{name}.log")))
    found = [item for item in items if isinstance(item, Exchange)]

    assert ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupEgress"] == [item.action for item in found]
    assert len(items) == len(found)
    accepted, refused = (item.response or Response() for item in found)
    assert (200, None) == (accepted.status, accepted.error_code)
    assert (accepted.body or "").endswith("<return>true</return>\n</AuthorizeSecurityGroupIngressResponse>")
    assert (400, "InvalidParameterValue") == (refused.status, refused.error_code)
    assert all(item.time is not None for item in found)


def test_time_has_the_zone_of_the_log() -> None:
    call = next(item for item in read_input(str(CAPTURES / "handmade-terraform-5.log")))

    assert isinstance(call, Exchange)
    assert datetime(2023, 10, 13, 19, 30, 20, 602000, UTC) == call.time


def test_retry_in_the_fields_is_a_call_of_its_own(tmp_path: Path) -> None:
    line = SENT + b'http.request.body="' + CALL + b'\n" tf_req_id=7\n'

    assert [1, 3] == [call.place.number for call in calls(line * 2, tmp_path)]


def test_answers_go_to_the_request_that_asked(tmp_path: Path) -> None:
    log = b"".join(SENT + b'http.request.body="' + CALL + b'\n" tf_req_id=%d\n' % n for n in (1, 2))
    log += RECEIVED + b"tf_req_id=2 http.status_code=400\n" + RECEIVED + b"tf_req_id=1 http.status_code=200\n"

    assert [200, 400] == [call.response and call.response.status for call in calls(log, tmp_path)]


@pytest.mark.parametrize(
    ("end", "completeness"),
    [
        (b'\n" x=1\n', Completeness.COMPLETE),
        (b'\r\n" x=1\r\n', Completeness.COMPLETE),
        (b'\n[truncated...]" x=1\n', Completeness.COMPLETE),
        (b'"', Completeness.COMPLETE),
        (b"", Completeness.TRUNCATED),
    ],
)
def test_field_that_is_not_closed_is_truncated(
    end: bytes, completeness: Completeness, tmp_path: Path
) -> None:
    [call] = calls(SENT + b'http.request.body="' + CALL + end, tmp_path)

    assert b"?" + CALL == call.request
    assert completeness == call.completeness


def test_query_and_body_of_the_fields_are_one_request(tmp_path: Path) -> None:
    [call] = calls(SENT + b"http.url=https://h/?" + CALL + b" http.request.body=\n  | X=1\n", tmp_path)
    [unseen] = calls(SENT + b'http.url="https://h/?' + CALL + b'" http.request.body=""\n', tmp_path)

    assert b"?" + CALL + b"&X=1" == call.request
    assert (b"?" + CALL, Completeness.BODY_NOT_CAPTURED) == (unseen.request, unseen.completeness)


@pytest.mark.parametrize(
    ("dump", "request_", "completeness"),
    [
        (V2 % (b"?" + CALL, 3) + b"X=1\n", b"?" + CALL + b"&X=1", Completeness.COMPLETE),
        (V2 % (b"?" + CALL, 3) + b"X=", b"?" + CALL + b"&X=", Completeness.TRUNCATED),
        (V2 % (b"?" + CALL, 3) + b"X=1", b"?" + CALL + b"&X=1", Completeness.COMPLETE),
        (V2 % (b"?" + CALL, 9) + b"X=1\n", b"?" + CALL + b"&X=1", Completeness.COMPLETE),
        (V2 % (b"?" + CALL, 9) + b"-----\n", b"?" + CALL, Completeness.BODY_NOT_CAPTURED),
        ((V2 % (b"?" + CALL, 9))[:-8], b"?" + CALL, Completeness.BODY_NOT_CAPTURED),
        (b"DEBUG Request\nPOST /?" + CALL, b"?" + CALL, Completeness.TRUNCATED),
        (b"DEBUG Request\nPOST /?" + CALL + b" HTTP", b"?" + CALL, Completeness.TRUNCATED),
        (b"DEBUG Request\nGET /?" + CALL + b" HTTP/1.1\n\n", b"?" + CALL, Completeness.COMPLETE),
        (b"DEBUG Request\nPOST / HTTP/1.1\n\n" + CALL, b"?" + CALL, Completeness.COMPLETE),
    ],
)
def test_dump_is_as_complete_as_its_body(
    dump: bytes, request_: bytes, completeness: Completeness, tmp_path: Path
) -> None:
    [call] = calls(dump, tmp_path)

    assert (request_, completeness) == (call.request, call.completeness)


@pytest.mark.parametrize(
    "log",
    [
        b"DEBUG Request\nno request line\n",
        b"DEBUG Request\nPOST / HTTP/1.1\n\nAction=DescribeVpcs\n",
        b"DEBUG Request ec2/X Details:\n---[ REQUEST POST-SIGN ]---",
        b"DEBUG Response\nHTTP/1.1 200 OK\n\n<Response></Response>\n",
        RECEIVED + b"http.status_code=200\n",
        b"nothing of the kind\n",
        b"",
    ],
)
def test_what_holds_no_call_gives_none(log: bytes, tmp_path: Path) -> None:
    assert [] == read_bytes(log, tmp_path, "go-debug")


def test_answer_without_end_is_none(tmp_path: Path) -> None:
    [call] = calls(
        V2 % (b"", 0) + CALL + b"\nDEBUG Response\nHTTP/1.1 503 X\n\nResponse> <Response>", tmp_path
    )

    assert Response(status=503) == call.response


@pytest.mark.parametrize(
    "start",
    [
        b"2022/02/02 10:00:00 [DEBUG] [aws-sdk-go-v2] ",
        b"2022/02/02 10:00:00 [DEBUG] missing_context: ",
        b"2022-02-02T10:00:00.100Z [INFO]  provider.aws_v4.1.0_x5: 2022/02/02 10:00:00 DEBUG ",
        b"SDK 2022/02/02 10:00:00 DEBUG ",
        b"DEBUG: ",
    ],
)
def test_messages_of_version_2_are_found_behind_any_logger(start: bytes, tmp_path: Path) -> None:
    log = start + V2[6:] % (b"", len(CALL)) + CALL + b": timestamp=2022-02-02T10:00:00.100Z\n"
    log += start + b"Response\r\nHTTP/1.1 400 Bad Request\r\n\r\n" + REFUSED + b"\r\n"
    [call] = calls(log, tmp_path)

    assert b"?" + CALL == call.request
    assert Response(status=400, error_code="X.Y", body=REFUSED.decode()) == call.response


def test_prefixed_lines_of_others_end_a_dump(tmp_path: Path) -> None:
    prefix = b"2020-12-16T17:42:31.608Z [DEBUG] %s: "
    log = (
        prefix % b"plugin.aws" + b"2020/12/16 17:42:31 [DEBUG] [aws-sdk-go] DEBUG: Request ec2/X Details:\n"
        + prefix % b"plugin.aws" + b"---[ REQUEST POST-SIGN ]---\n"
        + prefix % b"plugin.aws" + b"POST / HTTP/1.1\n"
        + prefix % b"plugin.aws" + b"\n"
        + prefix % b"plugin.other" + CALL + b"\n"
        + prefix % b"plugin.aws" + CALL + b"\n"
    )  # fmt: skip

    assert [] == calls(log, tmp_path)


def test_line_that_is_too_long_is_noted_and_the_rest_is_read(tmp_path: Path) -> None:
    dump = V2 % (b"", 9) + CALL + b"\n"
    items = read_bytes(dump + b"x" * 3_000_000 + b"\n" + dump, tmp_path, "go-debug")

    assert 3 == len(items)
