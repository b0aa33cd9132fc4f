from __future__ import annotations

import base64
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from capturing import notes, places, read_bytes
from ec2codec.captures import Completeness, Exchange, Note, Response, xml_items
from ec2codec.captures.burp import read_burp
from ec2codec.captures.formats import recognise
from ec2codec.captures.source import Source

QUERY = "Action=RevokeSecurityGroupIngress&GroupName=a"
POST = f"POST / HTTP/1.1\r\nHost: h\r\nAuthorization: secret\r\nContent-Length: 45\r\n\r\n{QUERY}"
ERROR = "<Response><Errors><Error><Code>InvalidGroup.NotFound</Code></Error></Errors></Response>"
# As Burp writes it before the items.
DTD = """<?xml version="1.0"?>
<!DOCTYPE items [
<!ELEMENT items (item*)>
<!ATTLIST items burpVersion CDATA "">
<!ATTLIST items exportTime CDATA "">
<!ELEMENT item (time, url, host, port, protocol, method, path, extension, request, status, response, comment)>
<!ATTLIST request base64 (true|false) "false">
]>
"""


def encoded(text: str) -> str:
    return f'base64="true"><![CDATA[{base64.b64encode(text.encode()).decode()}]]>'


def item(request: str, response: str = "", method: str = "POST") -> str:
    return f"""  <item>
    <time>Sun Nov 22 17:02:45 UTC 2026</time>
    <url><![CDATA[http://h/?{QUERY}]]></url>
    <host ip="127.0.0.1">h</host>
    <method><![CDATA[{method}]]></method>
    <request {request}</request>
    <status>400</status>
    <response {response or ">"}</response>
    <comment></comment>
  </item>
"""


def document(*items: str, before: str = DTD) -> str:
    return f'{before}<items burpVersion="2023.1" exportTime="x">\n{"".join(items)}</items>\n'


def read(text: str | bytes) -> list[Exchange | Note]:
    data = text.encode() if isinstance(text, str) else text
    return list(read_burp(Source("x.xml", iter([data]))))


def only_exchange(text: str) -> Exchange:
    [exchange] = read(text)

    assert isinstance(exchange, Exchange)
    return exchange


def test_item_is_a_request_with_its_response() -> None:
    answer = f"HTTP/1.1 400 Bad Request\r\nContent-Length: {len(ERROR)}\r\n\r\n{ERROR}"
    text = document(item(encoded(POST), encoded(answer)))
    exchange = only_exchange(text)

    assert "burp" == recognise(text.encode()).name
    assert "x.xml#item=1" == str(exchange.place)
    assert b"?" + QUERY.encode() == exchange.request
    assert Response(status=400, body=ERROR, error_code="InvalidGroup.NotFound") == exchange.response
    assert datetime(2026, 11, 22, 17, 2, 45, tzinfo=UTC) == exchange.time
    assert "secret" not in repr([getattr(exchange, name) for name in exchange.__slots__])


@pytest.mark.parametrize(
    "request_",
    [
        f"><![CDATA[{POST}]]>",
        f'base64="false"><![CDATA[{POST}]]>',
        encoded(POST.replace("HTTP/1.1", "HTTP/2")),
        encoded(POST.replace("Content-Length", "X-Length")),
    ],
)
def test_request_may_be_written_in_other_ways(request_: str) -> None:
    assert b"?" + QUERY.encode() == only_exchange(document(item(request_))).request


@pytest.mark.parametrize("request_", [">", 'base64="true">a', encoded("nothing")])
def test_request_that_is_not_there_leaves_its_url(request_: str) -> None:
    exchange = only_exchange(document(item(request_)))

    assert b"?" + QUERY.encode() == exchange.request
    assert Completeness.BODY_NOT_CAPTURED == exchange.completeness


def test_request_that_was_cut_is_truncated() -> None:
    assert Completeness.TRUNCATED == only_exchange(document(item(encoded(POST[:-9])))).completeness


def test_items_of_any_shape_are_counted() -> None:
    text = document("<item/>", "<item><request/><request>a</request><x><y/></x>b</item>", item(encoded(POST)))

    assert ["x.xml#item=3"] == places(read(text))
    assert [] == read("<items/>")


@pytest.mark.parametrize("size", [1, 7, 1 << 16])
def test_document_cut_off_loses_its_tail_and_says_so(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(xml_items, "CHUNK", size)
    text = document(*3 * [item(encoded(POST))])

    for at in range(0, len(text) - 1, 1 if size > 99 else 31):
        items = read(text[:at])
        whole = text[:at].count("</item>")
        assert whole == len(places(items))
        # Of a line break at the end nobody misses anything.
        expected = [] if text[:at].rstrip().endswith("</items>") else [whole]
        assert [
            f"incomplete: cut short after item {count}: the input ends there" for count in expected
        ] == notes(items)


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ('<!DOCTYPE items [<!ENTITY a "aaaa">]>', "the document declares entities"),
        ('<!DOCTYPE items [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "the document declares entities"),
        ('<!DOCTYPE items [<!ENTITY % a "aaaa">]>', "the document declares entities"),
        (
            f'<!DOCTYPE items [<!ATTLIST item a CDATA "{257 * "a"}">]>',
            "the document gives attributes of more than 256 characters by default",
        ),
        (40 * "<a>", "nested too deeply"),
        ('<?xml version="1.0" encoding="punycode"?>', "not XML from there on ("),
        ('<?xml version="1.0" encoding="zlib"?>', "not XML from there on ("),
        ('<?xml version="1.0" encoding="nobodys"?>', "not XML from there on ("),
        ("\0", "not XML from there on ("),
    ],
)
def test_hostile_documents_are_refused(before: str, reason: str) -> None:
    [note] = notes(read(document(item(encoded(POST)), before=before)))

    assert note.startswith(f"incomplete: cut short after item 0: {reason}")


def test_entity_that_is_not_declared_is_refused() -> None:
    text = document(item(encoded(POST)), before='<!DOCTYPE items SYSTEM "x">').replace(
        "<comment>", "<comment>&a;"
    )

    assert ["incomplete: cut short after item 0: the document declares entities"] == notes(read(text))


def test_default_of_an_attribute_may_be_as_long_as_its_bound() -> None:
    before = f'<!DOCTYPE items [<!ATTLIST item a CDATA "{256 * "a"}">]>'

    assert 1 == len(places(read(document(item(encoded(POST)), before=before))))


def test_item_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_items, "MAX_ITEM", 2000)
    text = document(item(encoded(POST)), item("> " + 2000 * "<a/>a"))

    assert ["incomplete: cut short after item 1: what follows is longer than 2000 characters"] == notes(
        read(text)
    )


def test_tag_without_end_is_given_up() -> None:
    text = document(item(encoded(POST)), "<item a='" + (2 << 20) * "a")

    assert ["incomplete: cut short after item 1: what follows is no tag within 1048576 bytes"] == notes(
        read(text)
    )


def test_damaged_documents_are_read_without_an_exception(tmp_path: Path) -> None:
    noise = random.Random(9)
    original = document(*3 * [item(encoded(POST))]).encode()
    for _ in range(200):
        data = bytearray(original)
        for _ in range(noise.randrange(1, 6)):
            data[noise.randrange(len(data))] = noise.randrange(256)
        read(bytes(data))
    assert 3 == len(places(read_bytes(original, tmp_path)))
