from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capturing import CAPTURES, notes, places, read_bytes
from ec2codec.captures import Completeness, Exchange, Note, moto_recorder, read_input
from ec2codec.captures.moments import moment_at, parse_http_date
from ec2codec.captures.moto_recorder import read_moto
from ec2codec.captures.source import HEAD, Source

QUERY = b"Action=RevokeSecurityGroupIngress&GroupName=a"
SAMPLE = CAPTURES / "moto-recorder.jsonl"


def record(**members: Any) -> dict[str, Any]:
    body = base64.b64encode(QUERY).decode()
    headers = {"Authorization": "secret", "X-Amz-Date": "20261122T170157Z"}
    return {
        "headers": headers,
        "method": "POST",
        "url": "http://h/",
        "body": body,
        "body_encoded": True,
    } | members


def read(*lines: object) -> list[Exchange | Note]:
    data = b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines)
    return list(read_moto(Source("x.jsonl", iter([data]))))


def only_exchange(line: object) -> Exchange:
    [exchange] = read(line)

    assert isinstance(exchange, Exchange)
    return exchange


def test_recording_of_moto_is_read_line_by_line() -> None:
    expected = []
    for number, line in enumerate(SAMPLE.read_text().splitlines(), 1):
        sent = json.loads(line)
        body = base64.b64decode(sent["body"]).decode() if sent["body_encoded"] else sent["body"]
        if "SecurityGroupIngress" in sent["url"] + body or "SecurityGroupEgress" in body:
            expected.append(f"moto-recorder.jsonl:{number}")

    assert expected == places(list(read_input(str(SAMPLE))))
    assert 51 == len(expected)


@pytest.mark.parametrize("before", [b"\n", b"\xef\xbb\xbf", b""])
def test_recording_is_recognised_whatever_is_first_in_it(before: bytes, tmp_path: Path) -> None:
    for size in (1, HEAD):
        upload, call = json.dumps(record(body="QUJD" * size)), json.dumps(record())
        items = read_bytes(before + f"{upload}\n{call}\n".encode(), tmp_path)

        assert [2 + before.count(b"\n")] == [
            item.place.number for item in items if isinstance(item, Exchange)
        ]
        assert [] == notes(items)


def test_first_recording_may_follow_a_byte_order_mark() -> None:
    assert b"?" + QUERY == only_exchange(b"\xef\xbb\xbf" + json.dumps(record()).encode()).request


def test_body_may_be_base64_or_plain() -> None:
    assert b"?" + QUERY == only_exchange(record()).request
    assert b"?" + QUERY == only_exchange(record(body=QUERY.decode(), body_encoded=False)).request
    assert datetime(2026, 11, 22, 17, 1, 57, tzinfo=UTC) == only_exchange(record()).time


@pytest.mark.parametrize("members", [{"body": None}, {"body": "a"}, {"body": 1}])
def test_body_that_cannot_be_read_was_not_captured(members: dict[str, Any]) -> None:
    url = "http://h/?Action=RevokeSecurityGroupIngress"

    assert Completeness.BODY_NOT_CAPTURED == only_exchange(record(url=url, **members)).completeness


@pytest.mark.parametrize("text", ["caf\u00c3\u00a9", "caf\u00e9\u0101"])
def test_raw_bytes_of_a_target_are_its_bytes(text: str) -> None:
    request = only_exchange(record(method="GET", url=f"http://h/?{QUERY.decode()}{text}")).request
    bytes_ = b"caf\xc3\xa9" if "\u0101" not in text else text.encode()

    assert b"?" + QUERY + bytes_ == request


def test_lines_that_are_no_objects_are_named() -> None:
    items = read(record(), b"\n", b"[]\n", record(headers=[]), b'{"method": "POST", "url"')

    assert ["x.jsonl:1", "x.jsonl:4"] == places(items)
    assert 2 * ["incomplete: the line is no whole JSON object and was not read"] == notes(items)
    assert ["x.jsonl:3", "x.jsonl:5"] == [item.place for item in items if isinstance(item, Note)]


def test_line_that_is_too_long_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moto_recorder, "MAX_LINE", len(json.dumps(record())) + 1)
    items = read(record(), record(z=500 * "z"), record())

    assert ["x.jsonl:1", "x.jsonl:3"] == places(items)
    assert [
        Note("x.jsonl:2", f"the line is longer than {moto_recorder.MAX_LINE} bytes and was not read")
    ] == items[1:2]


def test_recording_cut_off_loses_its_last_line() -> None:
    lines = [json.dumps(record()).encode() + b"\n" for _ in range(2)]
    data = b"".join(lines)

    for at in range(1, len(data)):
        items = read(data[:at])
        # A line may end without its line feed.
        whole = sum(at >= len(lines[0]) * number - 1 for number in (1, 2))
        assert whole == len(places(items))
        assert (at % len(lines[0]) not in (0, len(lines[0]) - 1)) == bool(notes(items))


def test_no_header_is_kept() -> None:
    exchange = only_exchange(record())

    assert "secret" not in repr([getattr(exchange, name) for name in exchange.__slots__])


@given(st.text() | st.from_regex(r"\A[A-Z][a-z]{2},? \d+ Nov \d+ \d+:\d+(?::\d+)? [+-]?\d*\Z"))
def test_no_date_is_fatal(text: str) -> None:
    assert getattr(parse_http_date(text), "tzinfo", True) is not None


@pytest.mark.parametrize("text", ["Sun, 22 Nov 2026 17:02:45 GMT", "Sun Nov 22 18:02:45 CET 2026"])
def test_zone_that_is_not_known_is_taken_for_universal_time(text: str) -> None:
    moment = parse_http_date(text)

    assert moment is not None
    assert UTC == moment.tzinfo


def test_time_is_that_of_the_calendar_or_none() -> None:
    assert datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC) == moment_at(1.0)
    assert 3 * [None] == [moment_at(seconds) for seconds in (1e300, float("nan"), -1e18)]


def test_placebo_is_said_to_hold_no_requests(tmp_path: Path) -> None:
    data = json.dumps(
        {"status_code": 200, "data": {"Return": True, "ResponseMetadata": {}}}, indent=4
    ).encode()
    items = read_bytes(data, tmp_path)

    assert ["skipped: a placebo recording: answers only, no requests"] == notes(items)
