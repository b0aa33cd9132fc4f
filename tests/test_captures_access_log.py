from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ec2codec.captures import Completeness, Exchange, Place, Response, access_log

PLACE = Place("access.log", 1)
ACTION = "RevokeSecurityGroupIngress"


def parse(line: bytes) -> Exchange | None:
    exchanges = access_log.parse(line, PLACE)

    assert exchanges is not None
    return exchanges[0] if exchanges else None


def combined(request: bytes, rest: bytes = b"") -> bytes:
    return b'127.0.0.1 - - [22/Nov/2026:17:01:59 +0000] "' + request + b'" 400 287 "-" "Boto/2.49"' + rest


def test_everything_a_line_says_is_kept() -> None:
    exchange = parse(combined(b"GET /?Action=RevokeSecurityGroupIngress&GroupName=websrv HTTP/1.1"))

    assert exchange == Exchange(
        place=PLACE,
        action=ACTION,
        request=b"?Action=RevokeSecurityGroupIngress&GroupName=websrv",
        completeness=Completeness.COMPLETE,
        response=Response(status=400),
        time=datetime(2026, 11, 22, 17, 1, 59, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("field", "query"),
    [
        (rb"\x22\x5C\xC3\xA9%22", b'"\\\xc3\xa9%22'),
        (rb"\"\\\xc3\xa9%22", b'"\\\xc3\xa9%22'),
        (rb"a\tb\nc", b"a\tb\nc"),
        (rb"\q", rb"\q"),
    ],
)
def test_escapes_of_nginx_and_apache_become_the_bytes_that_were_sent(field: bytes, query: bytes) -> None:
    exchange = parse(combined(b"GET /?Action=RevokeSecurityGroupIngress&X=" + field + b" HTTP/1.1"))

    assert exchange is not None
    assert b"?Action=RevokeSecurityGroupIngress&X=" + query == exchange.request


def test_body_of_a_post_is_not_in_a_combined_log() -> None:
    exchange = parse(combined(b"POST /?Action=RevokeSecurityGroupIngress HTTP/1.1"))

    assert exchange is not None
    assert Completeness.BODY_NOT_CAPTURED == exchange.completeness


@pytest.mark.parametrize("empty", [b' "-"', b' ""', b' "-" "1.2.3.4"'])
def test_body_that_was_not_logged_is_not_captured(empty: bytes) -> None:
    exchange = parse(combined(b"POST /?Action=RevokeSecurityGroupIngress HTTP/1.1", empty))

    assert exchange is not None
    assert Completeness.BODY_NOT_CAPTURED == exchange.completeness


@pytest.mark.parametrize(
    "field",
    [
        b' - - arn:aws:x "Root=1-58337262-36d228ad5d99923122bbe354" "-" "-" 0',
        b' "session=abc; theme=dark"',
        b' rt=0.004 "upstream=10.0.0.1:80" Groups',
    ],
)
def test_field_without_a_parameter_of_ours_is_no_body(field: bytes) -> None:
    exchange = parse(combined(b"POST /?Action=RevokeSecurityGroupIngress HTTP/1.1", field))

    assert exchange is not None
    assert b"?Action=RevokeSecurityGroupIngress" == exchange.request
    assert Completeness.BODY_NOT_CAPTURED == exchange.completeness


@pytest.mark.parametrize("field", [b" %s", b" %s 0.004", b" rt=0.004 body=%s", b' request_body:%s "-"'])
def test_body_need_not_stand_in_quotes(field: bytes) -> None:
    form = rb"Foo=1&GroupName=caf%C3%A9\x0A"
    exchange = parse(combined(b"POST /?Action=RevokeSecurityGroupIngress HTTP/1.1", field % form))
    alone = parse(combined(b"POST / HTTP/1.1", field % b"Version=1&Action=RevokeSecurityGroupIngress"))

    assert exchange is not None
    assert alone is not None
    assert Completeness.COMPLETE == exchange.completeness == alone.completeness
    assert b"?Version=1&Action=RevokeSecurityGroupIngress" == alone.request
    assert b"?Action=RevokeSecurityGroupIngress&Foo=1&GroupName=caf%C3%A9\n" == exchange.request


def test_body_follows_the_query() -> None:
    exchange = parse(
        combined(b"POST /?Action=RevokeSecurityGroupIngress HTTP/1.1", b' "GroupName=caf%C3%A9"')
    )

    assert exchange is not None
    assert b"?Action=RevokeSecurityGroupIngress&GroupName=caf%C3%A9" == exchange.request
    assert Completeness.COMPLETE == exchange.completeness


def test_action_may_stand_in_the_body_alone() -> None:
    exchange = parse(combined(b"POST / HTTP/1.1", b' "Action=RevokeSecurityGroupIngress&GroupName=a"'))

    assert exchange is not None
    assert b"?Action=RevokeSecurityGroupIngress&GroupName=a" == exchange.request


def test_get_has_no_body() -> None:
    exchange = parse(combined(b"GET /?Action=RevokeSecurityGroupIngress HTTP/1.1", b' "GroupName=a"'))

    assert exchange is not None
    assert b"?Action=RevokeSecurityGroupIngress" == exchange.request


def test_post_without_any_parameter_is_not_known_to_be_ours() -> None:
    assert parse(combined(b"POST / HTTP/1.1")) is None


def test_page_that_led_to_a_request_is_no_call() -> None:
    line = b'h - - [-] "GET /favicon.ico HTTP/1.1" 404 9 "http://h/?Action=RevokeSecurityGroupIngress" "-"'

    assert parse(line) is None


def test_agent_that_looks_like_a_request_is_no_call() -> None:
    line = combined(b"GET / HTTP/1.1", b' "GET /?Action=RevokeSecurityGroupIngress HTTP/1.1"')

    assert parse(line) is None


def test_whole_url_is_logged_by_load_balancers() -> None:
    exchange = parse(
        b"http 2026-11-22T17:01:59.1Z app/x 1.2.3.4:5 6.7.8.9:80 0 0 0 200 200 34 366 "
        b'"GET http://h:80/?Action=RevokeSecurityGroupIngress&GroupName=a#x HTTP/1.1" "curl/7.46.0" - - 0'
    )

    assert exchange is not None
    assert b"?Action=RevokeSecurityGroupIngress&GroupName=a" == exchange.request
    assert Response(status=200) == exchange.response
    assert datetime(2026, 11, 22, 17, 1, 59, 100000, tzinfo=UTC) == exchange.time


def test_load_balancer_without_an_answer_has_no_status() -> None:
    exchange = parse(
        b"2026-11-22T17:01:59.100000Z elb 1.2.3.4:5 - -1 -1 -1 - - 0 0 "
        b'"GET http://h:80/?Action=RevokeSecurityGroupIngress HTTP/2" "-" - -'
    )

    assert exchange is not None
    assert b"?Action=RevokeSecurityGroupIngress" == exchange.request
    assert exchange.response is None


@pytest.mark.parametrize(
    "end",
    [b"&GroupName=a", b"&GroupName=a\\", b"&GroupName=a HTTP/1"],
)
def test_line_that_ends_within_the_request_is_truncated(end: bytes) -> None:
    exchange = parse(b'h - - [-] "GET /?Action=RevokeSecurityGroupIngress' + end + b"\r\n")

    assert exchange is not None
    assert Completeness.TRUNCATED == exchange.completeness
    assert exchange.response is None


def test_line_that_ends_within_the_body_is_truncated() -> None:
    exchange = parse(combined(b"POST / HTTP/1.1", b' "Action=RevokeSecurityGroupIngress&GroupN'))

    assert exchange is not None
    assert Completeness.TRUNCATED == exchange.completeness


def test_werkzeug_has_decoded_the_target() -> None:
    exchange = parse(
        b'h - - [22/Nov/2026 17:01:59] "GET /?Action=RevokeSecurityGroupIngress&X=a"b/c HTTP/1.1" 200 -'
    )

    assert exchange is not None
    assert b'?Action=RevokeSecurityGroupIngress&X=a"b/c' == exchange.request
    assert Completeness.LOSSY_DECODED == exchange.completeness
    assert Response(status=200) == exchange.response


def test_werkzeug_writes_what_was_refused_in_colours() -> None:
    request = b"GET /?Action=RevokeSecurityGroupIngress&X=a/b HTTP/1.1"
    exchange = parse(b'h - - [22/Nov/2026 17:01:59] "\x1b[31m\x1b[1m' + request + b'\x1b[0m" 400 -')

    assert exchange is not None
    assert b"?Action=RevokeSecurityGroupIngress&X=a/b" == exchange.request
    assert Completeness.LOSSY_DECODED == exchange.completeness
    assert Response(status=400) == exchange.response


def test_werkzeug_logs_no_bodies() -> None:
    exchange = parse(
        b'h - - [22/Nov/2026 17:01:59] "POST /?Action=RevokeSecurityGroupIngress HTTP/1.1" 200 -'
    )

    assert exchange is not None
    assert Completeness.BODY_NOT_CAPTURED == exchange.completeness


def test_werkzeug_line_of_another_action_is_no_call() -> None:
    line = b'h - - [22/Nov/2026 17:01:59] "GET /?Action=DescribeSecurityGroups HTTP/1.1" 200 -'

    assert parse(line) is None


def test_line_without_a_quoted_request_is_left_to_others() -> None:
    assert access_log.parse(b'"-" "Action=RevokeSecurityGroupIngress"', PLACE) is None


def test_long_hostile_field_takes_linear_time() -> None:
    assert access_log.parse(b'"' + b'\\"' * 200_000 + b"x", PLACE) is None
    assert access_log.parse(b'"GET /' + b" HTTP/1" * 50_000, PLACE) == []
    assert access_log.parse(b'[22/Nov/2026 17:01:59] "GET ' * 30_000, PLACE) == []


# A line in the common format, in pieces; and what may come in place of a piece, or be lost.
COMMON = [
    b"127.0.0.1",
    b" - - ",
    b"[22/Nov/2026:17:01:59 +0000]",
    b" ",
    b'"GET ',
    b"/",
    b"?Action=RevokeSecurityGroupIngress",
    b"&X=1",
    b" HTTP/1.1",
    b'" ',
    b"200",
    b' 287 "-" "Boto/2.49"',
]
ODD = [
    b"",
    b'"',
    b"\\",
    b'\\"',
    b"\\x22",
    b" ",
    b"\t",
    b"[",
    b"]",
    b"#",
    b"?",
    b"&",
    b"a",
    b"\xff",
    b"\n",
    b'"POST ',
    b'"get ',
    b" HTTP/1.0",
    b" HTTP/2",
    b" HTTP/11",
    b"-",
    b"500",
    b"[22/Nov/2026 17:01:59]",
    b"[22/Nov/2026:24:00:00 +0000]",
    b"[22/Nov/2026:23:59:60 +0000]",
    b"[31/Feb/2026:17:01:59 -0330]",
    b"[01/Xxx/0000:00:00:00 +2400]",
    b"[2026-11-22T17:01:59+00:00]",
    b"?Action=DescribeSecurityGroups",
    b"?x=/?Action=RevokeSecurityGroupEgress",
    b"http://h/",
    b" : AWS ec2.",
]


@given(st.dictionaries(st.integers(0, 11), st.sampled_from(ODD), max_size=3), st.integers(0, 130))
@example({}, 0)
@example({7: b'"'}, 0)
@example({7: b"&X=\\x22"}, 0)
@example({7: b"#"}, 0)
def test_common_lines_say_what_they_say_when_read_like_all_others(odd: dict[int, bytes], cut: int) -> None:
    line = b"".join(odd.get(index, piece) for index, piece in enumerate(COMMON))[: -cut or None] + b"\n"
    quick = access_log.parse(line, PLACE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(access_log, "_COMMON", re.compile(rb"(?!)"))
        slow = access_log.parse(line, PLACE)

    assert slow == quick
