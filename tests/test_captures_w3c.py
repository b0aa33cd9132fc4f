from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from capturing import CALL, CAPTURES, notes, places, read_bytes
from ec2codec.captures import Completeness, Exchange, Response, read_input

if TYPE_CHECKING:
    from pathlib import Path

HEADING = b"#Version: 1.0\n#Fields: date time cs-method cs-uri-stem cs-uri-query sc-status\n"


def read(data: bytes, tmp_path: Path) -> Exchange:
    [call] = read_bytes(data, tmp_path)

    assert isinstance(call, Exchange)
    return call


def test_fields_are_those_of_the_heading_before_the_line() -> None:
    calls = [item for item in read_input(str(CAPTURES / "handmade-iis.log")) if isinstance(item, Exchange)]

    assert [6, 7, 13] == [call.place.number for call in calls]
    assert ["complete", "body-not-captured", "complete"] == [call.completeness for call in calls]
    assert [Response(status=status) for status in (200, 400, 400)] == [call.response for call in calls]
    assert datetime(2024, 3, 21, 21, 0, 1, tzinfo=UTC) == calls[2].time


def test_escapes_of_cloudfront_are_undone_once() -> None:
    new, old = read_input(str(CAPTURES / "handmade-cloudfront.log"))

    assert isinstance(new, Exchange)
    assert isinstance(old, Exchange)
    assert Completeness.COMPLETE == new.completeness
    assert Completeness.LOSSY_DECODED == old.completeness
    assert b"=10.0.0.0%2F8&" in bytes(old.request)  # type: ignore[arg-type]


def test_percent_sign_that_a_client_sent_is_kept(tmp_path: Path) -> None:
    line = b"#Fields: cs-uri-query x-edge-location\n" + CALL + b"&X=100%25&Y=%2F IAD\n"

    assert b"?" + CALL + b"&X=100%25&Y=%2F" == read(line, tmp_path).request


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        (b"2024-03-21 20:59:30 GET / " + CALL + b" 200\n", b"?" + CALL),
        (b"2024-03-21\t20:59:30\tGET\t/\t?" + CALL + b"\t200\r\n", b"?" + CALL),
        (b"2024-03-21 20:59:30 GET /?" + CALL + b" - 200\n", b"?" + CALL),
    ],
)
def test_query_is_found_in_either_field(line: bytes, request_: bytes, tmp_path: Path) -> None:
    call = read(HEADING + line, tmp_path)

    assert request_ == call.request
    assert Response(status=200) == call.response
    assert datetime(2024, 3, 21, 20, 59, 30, tzinfo=UTC) == call.time


def test_line_with_fewer_fields_is_truncated(tmp_path: Path) -> None:
    call = read(HEADING + b"2024-03-21 20:59:30 GET / " + CALL, tmp_path)

    assert Completeness.TRUNCATED == call.completeness
    assert call.response is None


def test_line_with_more_fields_is_noted(tmp_path: Path) -> None:
    items = read_bytes(HEADING + b"a b GET / " + CALL + b" 200 7\n#" + CALL + b"\n", tmp_path)

    assert [] == places(items)
    assert ["incomplete: the line has 7 fields where 6 were announced"] == notes(items)


def test_line_before_the_fields_is_noted(tmp_path: Path) -> None:
    items = read_bytes(CALL + b"\n" + HEADING, tmp_path, "w3c")

    assert ["incomplete: the line has 1 fields where 0 were announced"] == notes(items)


def test_line_that_is_too_long_is_noted(tmp_path: Path) -> None:
    assert 1 == len(notes(read_bytes(HEADING + b"x" * 2_000_000, tmp_path)))
