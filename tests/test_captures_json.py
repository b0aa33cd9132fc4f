from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from capturing import EVENT, read_bytes
from ec2codec.captures import Completeness, Exchange, Place, Response, web_record
from ec2codec.captures.json_values import integer, load_object

if TYPE_CHECKING:
    from pathlib import Path

PLACE = Place("log.json", 7)
QUERY = "Action=RevokeSecurityGroupIngress&GroupName=a"


def parse(record: dict[str, Any]) -> list[Exchange]:
    exchanges = web_record.parse(json.dumps(record).encode(), PLACE)

    assert exchanges is not None
    return exchanges


def requests(record: dict[str, Any]) -> list[object]:
    return [exchange.request for exchange in parse(record)]


@pytest.mark.parametrize(
    "record",
    [
        {"request_method": "GET", "request_uri": f"/?{QUERY}", "request_body": ""},
        {"request_method": "POST", "request_uri": "/", "request_body": QUERY},
        {
            "request_method": "POST",
            "request_uri": "/?Action=RevokeSecurityGroupIngress",
            "body": "GroupName=a",
        },
        {"request": f"GET /?{QUERY} HTTP/1.1", "status": "200"},
        {"request": f"GET /?{QUERY}"},
        {"request": {"method": "GET", "uri": f"/?{QUERY}"}, "status": 200},
        {"httpRequest": {"httpMethod": "GET", "uri": "/", "args": QUERY}},
        {"uri": "/", "args": f"?{QUERY}"},
        {"http.method": "POST", "http.url": "https://h/", "http.request.body": QUERY},
        {"log": f'h - - [-] "GET /?{QUERY} HTTP/1.1" 200 5\n', "stream": "stdout"},
        {"message": json.dumps({"message": QUERY})},
        {"a": ["x", {"b": QUERY}], "c": 1},
        {"method": "GET", "path": f"/?{QUERY}", "response_code": 200},
        {"RequestMethod": "GET", "RequestPath": f"/?{QUERY}", "DownstreamStatus": 200},
        {"httpRequest": {"requestMethod": "GET", "requestUrl": f"http://h/?{QUERY}", "status": 200}},
        {"request_verb": "GET", "request_url": f"http://h:80/?{QUERY}", "elb_status_code": "200"},
        {"cs-method": "GET", "cs-uri-stem": "/", "cs-uri-query": QUERY, "sc-status": "200"},
        {"path": "/var/log/app.log", "message": QUERY, "level": "INFO"},
    ],
)
def test_one_call_however_it_is_wrapped(record: dict[str, Any]) -> None:
    assert [b"?Action=RevokeSecurityGroupIngress&GroupName=a"] == requests(record)


def test_request_line_with_a_blank_in_it_is_one() -> None:
    assert [b"?Action=RevokeSecurityGroupIngress&X=a b"] == requests(
        {"request": "GET /?Action=RevokeSecurityGroupIngress&X=a b HTTP/1.1"}
    )


def test_what_a_record_says_of_the_answer_is_kept() -> None:
    [exchange] = parse({"request_uri": f"/?{QUERY}", "status": 503, "time": "2026-11-22T17:01:59+00:00"})

    assert Response(status=503) == exchange.response
    [other] = parse({"http.url": f"https://h/?{QUERY}", "status": "x", "http.status_code": 400})
    assert Response(status=400) == other.response
    assert exchange.time is not None
    assert PLACE == exchange.place


def test_record_without_status_has_no_response() -> None:
    [exchange] = parse({"request_uri": f"/?{QUERY}"})

    assert exchange.response is None


@pytest.mark.parametrize(
    "body",
    [{}, {"request_body": ""}, {"request_body": "-"}, {"request_body": None}, {"body": "<Response/>"}],
)
def test_body_that_was_not_logged_is_not_captured(body: dict[str, Any]) -> None:
    [exchange] = parse({"method": "POST", "url": "/?Action=RevokeSecurityGroupIngress", **body})

    assert Completeness.BODY_NOT_CAPTURED == exchange.completeness


def test_page_that_led_to_a_request_is_no_call() -> None:
    assert [] == parse({"request_uri": "/", "http_referer": f"/?{QUERY}"})
    line = f'h - - [-] "GET / HTTP/1.1" 200 5 "http://h/?{QUERY}" "-"'
    assert [] == parse({"request_uri": "/", "message": line})


def test_text_is_not_decoded_but_by_json() -> None:
    assert [b'?Action=RevokeSecurityGroupIngress&X=caf%C3%A9"\xc3\xa9\\'] == requests(
        {"request_uri": '/?Action=RevokeSecurityGroupIngress&X=caf%C3%A9"é\\'}
    )


def test_escapes_that_are_not_json_are_the_bytes_nginx_meant() -> None:
    line = rb'{"request_uri":"/?Action=RevokeSecurityGroupIngress&X=\x22\xC3\xA9\\x22"}'
    exchanges = web_record.parse(line, PLACE)

    assert exchanges is not None
    assert b'?Action=RevokeSecurityGroupIngress&X="\xc3\xa9\\x22' == exchanges[0].request


def test_bytes_that_are_not_utf8_are_kept() -> None:
    exchanges = web_record.parse(b'{"url":"/?Action=RevokeSecurityGroupIngress&X=\xe9"}', PLACE)

    assert exchanges is not None
    assert b"?Action=RevokeSecurityGroupIngress&X=\xe9" == exchanges[0].request


@pytest.mark.parametrize(
    "line",
    [b"", b"[]", b"{", b'{"a": }', b'{"a": "\\q"}', b'{"a": "\\x2"}', b'{"a":' * 100_000, b"{'a': 1}"],
)
def test_what_is_no_json_object_is_left_to_others(line: bytes) -> None:
    assert web_record.parse(line, PLACE) is None


def test_numbers_keep_their_spelling() -> None:
    assert {"a": "80.0", "b": "NaN", "c": "1" * 5000} == load_object(
        b'{"a": 80.0, "b": NaN, "c": ' + b"1" * 5000 + b"}"
    )


def test_calls_in_texts_come_in_order() -> None:
    assert [QUERY.encode() + b"&X=" + name for name in (b"1", b"2", b"3")] == [
        request.removeprefix(b"?")
        for request in requests(
            {"x": QUERY + "&X=1", "y": [None, {"z": QUERY + "&X=2"}, EVENT], "w": QUERY + "&X=3"}
        )
        if isinstance(request, bytes)
    ]


@pytest.mark.parametrize(
    "line",
    [
        json.dumps({"awsAccountId": "1", "Records": [EVENT]}),
        json.dumps({"_index": "x", "_source": EVENT}),
        json.dumps({"logEvents": [{"id": "1", "message": json.dumps(EVENT)}]}),
        "2026-11-22T17:01:02.000Z " + json.dumps(EVENT),
        "2026-11-22T17:01:02+00:00 stream " + json.dumps({"detail": EVENT}),
        json.dumps({"log": "Nov 22 17:01:02 h app: " + json.dumps(EVENT)}),
        json.dumps({"a": {"eventName": "Other", "more": EVENT}}),
    ],
)
def test_event_of_cloudtrail_is_found_however_it_is_wrapped(line: str, tmp_path: Path) -> None:
    first, second = read_bytes(f"{line}\n\n{line}\r\n".encode(), tmp_path)

    assert isinstance(first, Exchange)
    assert isinstance(second, Exchange)
    assert first.server_parsed
    assert (1, 3) == (first.place.number, second.place.number)
    assert first.request == second.request == parse(EVENT)[0].request


@pytest.mark.parametrize("line", ['%s {"a": ', '%s {"a": 1}', 'x {"a": "%s"', "{%s"])
def test_line_with_a_brace_may_be_no_json(line: str, tmp_path: Path) -> None:
    assert 1 == len(read_bytes((line % QUERY).encode(), tmp_path))


@pytest.mark.parametrize(
    ("value", "status"), [("200", 200), ("0200", None), ("", None), (None, None), ("²", None)]
)
def test_status(value: object, status: int | None) -> None:
    assert status == integer(value)
