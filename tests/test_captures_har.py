from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from ec2codec.captures import Completeness, Exchange, Note, Response
from ec2codec.captures.har import read_har
from ec2codec.captures.source import Source

QUERY = "Action=RevokeSecurityGroupIngress&GroupName=caf%C3%A9"


def archive(*entries: object, creator: str = "Firefox") -> bytes:
    log = {"version": "1.2", "creator": {"name": creator}, "pages": [], "entries": list(entries)}
    return json.dumps({"log": log}).encode()


def read(data: bytes) -> list[Exchange | Note]:
    return list(read_har(Source("x.har", iter([data]))))


def only_exchange(entry: dict[str, Any], **options: str) -> Exchange:
    [exchange] = read(archive({"request": {}}, entry, **options))

    assert isinstance(exchange, Exchange)
    assert "x.har#entry=2" == str(exchange.place)
    return exchange


def test_url_is_preferred() -> None:
    request = {"method": "GET", "url": f"http://h/?{QUERY}#f", "queryString": [{"name": "x", "value": "y"}]}
    exchange = only_exchange({"request": request})

    assert b"?" + QUERY.encode() == exchange.request
    assert Completeness.COMPLETE == exchange.completeness
    assert exchange.response is None


def test_text_of_the_body_is_preferred() -> None:
    posted = {"text": "GroupName=a", "params": [{"name": "GroupName", "value": "b"}]}
    exchange = only_exchange(
        {
            "request": {
                "method": "POST",
                "url": "http://h/?Action=RevokeSecurityGroupIngress",
                "postData": posted,
            }
        }
    )

    assert b"?Action=RevokeSecurityGroupIngress&GroupName=a" == exchange.request
    assert Completeness.COMPLETE == exchange.completeness


def test_body_may_be_base64() -> None:
    text = base64.b64encode(QUERY.encode()).decode()
    exchange = only_exchange(
        {"request": {"method": "POST", "postData": {"text": text, "encoding": "base64"}}}
    )

    assert b"?" + QUERY.encode() == exchange.request


def test_body_that_is_no_base64_is_lost() -> None:
    request = {
        "method": "POST",
        "url": "http://h/?Action=RevokeSecurityGroupIngress",
        "postData": {"text": "a", "encoding": "base64"},
    }

    assert Completeness.BODY_NOT_CAPTURED == only_exchange({"request": request}).completeness


@pytest.mark.parametrize(
    ("creator", "value"),
    [
        ("WebInspector", "a%26b"),
        ("Internet Explorer Network Inspector", "a%26b"),
        ("Firefox", "a&b"),
    ],
)
def test_parameters_alone_are_lossy(creator: str, value: str) -> None:
    params = [
        {"name": "Action", "value": "RevokeSecurityGroupIngress"},
        {"name": "GroupName", "value": value},
    ]
    exchange = only_exchange({"request": {"method": "POST", "postData": {"params": params}}}, creator=creator)

    assert b"?Action=RevokeSecurityGroupIngress&GroupName=a%26b" == exchange.request
    assert Completeness.LOSSY_DECODED == exchange.completeness


def test_query_parameters_alone_are_lossy() -> None:
    parameters = [{"name": "Action", "value": "RevokeSecurityGroupIngress"}, None]
    exchange = only_exchange({"request": {"method": "GET", "url": "http://h/", "queryString": parameters}})

    assert Completeness.LOSSY_DECODED == exchange.completeness


@pytest.mark.parametrize(
    ("size", "completeness"),
    [(-1, Completeness.BODY_NOT_CAPTURED), (0, Completeness.COMPLETE), (9, Completeness.BODY_NOT_CAPTURED)],
)
def test_body_that_is_not_there_was_empty_or_is_missing(size: int, completeness: Completeness) -> None:
    request = {"method": "POST", "url": "http://h/?Action=RevokeSecurityGroupIngress", "bodySize": size}

    assert completeness == only_exchange({"request": request}).completeness


@pytest.mark.parametrize("encoded", [True, False])
def test_answer_is_kept(encoded: bool) -> None:
    text = "<Response><Errors><Error><Code>InvalidGroup.NotFound</Code></Error></Errors></Response>"
    content = {"text": base64.b64encode(text.encode()).decode() if encoded else text}
    if encoded:
        content["encoding"] = "base64"
    exchange = only_exchange(
        {
            "startedDateTime": "2026-11-22T17:02:39.97+00:00",
            "request": {"method": "GET", "url": f"http://h/?{QUERY}"},
            "response": {"status": 400, "content": content},
        }
    )

    assert Response(status=400, body=text, error_code="InvalidGroup.NotFound") == exchange.response
    assert exchange.time is not None


def test_request_that_was_not_answered_has_no_answer() -> None:
    exchange = only_exchange({"request": {"url": f"http://h/?{QUERY}"}, "response": {"status": 0}})

    assert exchange.response is None


def test_answer_without_a_body() -> None:
    exchange = only_exchange({"request": {"url": f"http://h/?{QUERY}"}, "response": {"status": 200}})

    assert Response(status=200) == exchange.response


@pytest.mark.parametrize("entry", [1, None, {}, {"request": []}, {"request": {"url": 1, "queryString": {}}}])
def test_entries_of_any_shape_are_passed_over(entry: object) -> None:
    assert [] == read(archive(entry))


def test_archive_cut_off_gives_what_came_before() -> None:
    entry = {"request": {"method": "GET", "url": f"http://h/?{QUERY}"}}
    data = archive(entry, entry, entry)

    for cut in (len(data) - 30, len(data) - 3):
        *exchanges, note = read(data[:cut])
        assert isinstance(note, Note)
        assert 2 <= len(exchanges) <= 3
        assert f"cut short after entry {len(exchanges)}: the input ends there" == note.message


def test_archives_one_after_another_are_all_read() -> None:
    entry = {"request": {"method": "GET", "url": f"http://h/?{QUERY}"}}
    data = archive(entry, entry)

    assert ["x.har#entry=1", "x.har#entry=2", "x.har#entry=3", "x.har#entry=4"] == [
        str(item.place) for item in read(data + b"\n\n" + data)
    ]
    assert Note("x.har", "cut short after entry 3: the input ends there") == read((data + data)[:-4])[-1]


def test_archive_cut_off_before_its_entries() -> None:
    assert [Note("x.har", "cut short before the first entry")] == read(b'{"log": {"version": "1.2"')
