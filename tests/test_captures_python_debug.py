from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from capturing import CAPTURES, notes, read_bytes
from ec2codec.captures import Completeness, Exchange, Note, Place, botocore_line, read_input, textline
from ec2codec.captures.dialogue import MAX_ANSWER, MAX_WAITING
from ec2codec.captures.exchange import Response

if TYPE_CHECKING:
    from pathlib import Path

TIME = b"2026-11-22 17:02:47,152 "
MAKING = TIME + b"botocore.endpoint [DEBUG] Making request for OperationModel(name=%s) with params: "
REVOKE = MAKING.replace(b"%s", b"RevokeSecurityGroupIngress")
DESCRIBE = MAKING.replace(b"%s", b"DescribeVpcs") + b"{'body': {'Action': 'DescribeVpcs'}}\n"
CALL = REVOKE + b"{'body': {'Action': 'RevokeSecurityGroupIngress', 'GroupName': 'a'}}\n"
ANSWER = TIME + b"botocore.parsers [DEBUG] Response body:\n"
TRUE = b"<RevokeSecurityGroupIngressResponse><return>true</return></RevokeSecurityGroupIngressResponse>"
REFUSED = b"<Response><Errors><Error><Code>InvalidGroup.NotFound</Code></Error></Errors></Response>"


def calls(data: bytes, tmp_path: Path) -> list[Exchange]:
    items = read_bytes(data, tmp_path, "python-debug")
    return [item for item in items if isinstance(item, Exchange)]


def test_calls_of_the_aws_cli_are_found_with_their_answers() -> None:
    [call] = read_input(str(CAPTURES / "awscli-debug.log"))

    assert isinstance(call, Exchange)
    assert str(call.place).endswith("awscli-debug.log:70")
    assert dict(call.request)["IpPermissions.1.FromPort"] == "80"  # type: ignore[arg-type]
    assert call.response is not None
    assert (400, "InvalidGroup.NotFound") == (call.response.status, call.response.error_code)
    assert "does not exist" in (call.response.body or "")
    assert datetime(2026, 11, 22, 17, 3, 22, 191000, UTC) == call.time


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("botocore-debug.log", [200, 200, 200, "InvalidParameterValue"]),
        ("boto2-debug.log", [None, None, "InvalidGroup.NotFound", "InvalidPermission.NotFound"]),
        ("http-client.log", [200, 200, 400]),
    ],
)
def test_each_call_is_found_once(name: str, answers: list[object]) -> None:
    items = list(read_input(str(CAPTURES / name)))
    responses = [item.response or Response() for item in items if isinstance(item, Exchange)]

    assert len(items) == len(responses)
    assert answers == [each.error_code or each.status for each in responses[: len(answers)]]


def test_no_secret_is_kept() -> None:
    for name in ("awscli-debug.log", "boto2-debug.log", "botocore-debug.log", "http-client.log"):
        for item in read_input(str(CAPTURES / name)):
            assert isinstance(item, Exchange)
            everything = f"{item.request!r}{item.response and item.response.body}"
            assert not any(word in everything for word in ("AKIA", "Signature", "TOKEN", "Credential"))


def test_answer_of_a_retry_replaces_the_one_before(tmp_path: Path) -> None:
    status = TIME + b'urllib3.connectionpool [DEBUG] http://h "POST / HTTP/1.1" %d 9\n'
    [call] = calls(CALL + status % 503 + status % 200 + ANSWER + repr(TRUE).encode() + b"\n", tmp_path)

    assert Response(status=200, body=TRUE.decode()) == call.response
    [call] = calls(CALL + ANSWER + REFUSED + b"\n" + status % 400 + status % 400 + status % 200, tmp_path)
    assert Response(status=200) == call.response


def test_status_may_follow_the_body(tmp_path: Path) -> None:
    [call] = calls(CALL + ANSWER + REFUSED + b"\n" + TIME + b"boto [ERROR]:400 Bad Request\n", tmp_path)

    assert call.response is not None
    assert (400, "InvalidGroup.NotFound") == (call.response.status, call.response.error_code)


def test_answer_in_plain_text_is_read(tmp_path: Path) -> None:
    [call] = calls(CALL + ANSWER + REFUSED + b"\n" + TIME + b"x\n", tmp_path)

    assert call.response is not None
    assert "InvalidGroup.NotFound" == call.response.error_code


@pytest.mark.parametrize(
    "log",
    [
        CALL + ANSWER + b"b'<DescribeVpcsResponse/>'\n",
        CALL + ANSWER + b"b'no markup'\n",
        CALL + DESCRIBE + ANSWER + repr(TRUE).encode() + b"\n",
        CALL + ANSWER + b"b'cut",
        CALL + ANSWER + TRUE + b" " * MAX_ANSWER + b"\n",
    ],
)
def test_what_answers_another_call_is_no_answer(log: bytes, tmp_path: Path) -> None:
    [call] = calls(log, tmp_path)

    assert call.response is None


def test_threads_are_told_apart_where_they_are_named(tmp_path: Path) -> None:
    def line(thread: bytes, rest: bytes) -> bytes:
        return b"2026-11-22 17:02:47,152 - " + thread + b" - botocore.x - DEBUG - " + rest

    making = b"Making request for" + CALL.partition(b"Making request for")[2]
    log = line(b"A", making) + line(b"B", making) + line(b"A", b"Response body:\n" + REFUSED + b"\n")

    assert ["InvalidGroup.NotFound", None] == [
        call.response and call.response.error_code for call in calls(log, tmp_path)
    ]


def test_calls_without_answers_are_bounded(tmp_path: Path) -> None:
    count = MAX_WAITING + 10
    log = b"".join(CALL.replace(b"152 botocore", b"152 - T%d - botocore" % number) for number in range(count))
    silent = b"".join(DESCRIBE.replace(b"152 botocore", b"152 - S%d - botocore" % n) for n in range(count))

    assert list(range(1, count + 1)) == [call.place.number for call in calls(log, tmp_path)]
    assert 1 == len(calls(silent + CALL, tmp_path))


def test_old_versions_are_read(tmp_path: Path) -> None:
    line = (
        b"Making request for Operation:RevokeSecurityGroupIngress (verify: True) with params: "
        b"{u'body': {u'Action': u'RevokeSecurityGroupIngress', u'IpPermissions.1.FromPort': 80L}}\n"
    )
    [call] = calls(line, tmp_path)

    assert ("IpPermissions.1.FromPort", "80") == call.request[1]


def test_record_that_is_cut_is_truncated_or_noted(tmp_path: Path) -> None:
    for end in range(len(CALL)):
        items = read_bytes(CALL + CALL[:end], tmp_path, "python-debug")
        [whole, *_] = (item for item in items if isinstance(item, Exchange))
        cut = [item for item in items if item is not whole]

        assert 1 == whole.place.number
        # From where the name of the action is whole.
        assert len(cut) == (end >= len(REVOKE) - len(") with params: "))
    assert ["incomplete: the record is cut short and was not read"] == notes(
        read_bytes(REVOKE + b"{'body': {'Act", tmp_path, "python-debug")
    )
    assert ["incomplete: the record is cut short and was not read"] == notes(
        read_bytes(REVOKE + b"{'url_path'", tmp_path, "python-debug")
    )
    assert ["incomplete: the record is cut short and was not read"] == notes(
        read_bytes(b"send: b'GET / HTTP/1.1", tmp_path, "python-debug")
    )
    [call] = calls(CALL[:-8], tmp_path)
    assert Completeness.TRUNCATED == call.completeness
    assert (("Action", "RevokeSecurityGroupIngress"),) == call.request


def test_head_and_body_that_were_sent_apart_are_one_request(tmp_path: Path) -> None:
    head = rb"send: b'POST /?Action=RevokeSecurityGroupIngress HTTP/1.1\r\nContent-Length: 11\r\n\r\n"
    joined = head + b"GroupName=a'\n"
    [apart] = calls(head + b"'\nsend: b'GroupName=a'\nsend: b'&X=1'\n", tmp_path)
    [together] = calls(joined, tmp_path)
    [without] = calls(head.replace(b"11", b"0") + b"'\n", tmp_path)

    assert b"?Action=RevokeSecurityGroupIngress&GroupName=a" == apart.request == together.request
    assert Completeness.COMPLETE == apart.completeness == without.completeness
    assert b"?Action=RevokeSecurityGroupIngress" == without.request


def test_line_that_stands_alone_in_another_log_is_read() -> None:
    place = Place("app.log", 3)
    found = textline.parse(b"worker-1 | " + CALL, place)

    assert [place] == [call.place for call in found]
    assert found == botocore_line.parse(b"worker-1 | " + CALL, place)
    assert [] == botocore_line.parse(DESCRIBE, place)
    assert botocore_line.parse(REVOKE + b"{'url", place) is None
    assert botocore_line.parse(b"Making request for tea", place) is None


@pytest.mark.parametrize("input_format", ["python-debug", "go-debug"])
def test_access_log_among_the_lines_is_read(input_format: str, tmp_path: Path) -> None:
    line = b'h - - [22/Nov/2026:17:01:59 +0000] "GET /?Action=RevokeSecurityGroupIngress HTTP/1.1" 200 9\n'
    log = DESCRIBE + line + b"SecurityGroup\n" + DESCRIBE + line

    places = [item.place.number for item in read_bytes(log, tmp_path, input_format)]  # type: ignore[union-attr]

    assert [2, 5] == places


def test_request_in_double_quotes_is_found_once(tmp_path: Path) -> None:
    assert 1 == len(
        calls(b'send: b"GET /?Action=RevokeSecurityGroupIngress&X=\' HTTP/1.1\\r\\n"\n', tmp_path)
    )


def test_line_that_is_too_long_is_noted_and_the_rest_is_read(tmp_path: Path) -> None:
    items = read_bytes(CALL + b"x" * 3_000_000 + b"\n" + CALL, tmp_path, "python-debug")

    assert [2] == [int(str(item.place).rpartition(":")[2]) for item in items if isinstance(item, Note)]
    assert [1, 3] == [item.place.number for item in items if isinstance(item, Exchange)]


def test_record_without_end_is_given_in_parts(tmp_path: Path) -> None:
    assert 1 == len(calls(CALL + b"x\n" * 600_000, tmp_path))
