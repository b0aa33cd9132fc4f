from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from capturing import CALL, CAPTURES, COMPRESSORS, notes, places, read_bytes
from ec2codec.captures import (
    Exchange,
    Note,
    read_input,
)
from ec2codec.captures.formats import FORMATS, recognise

if TYPE_CHECKING:
    pass


RECOGNISED = {
    "apache-combined.log": "lines",
    "awscli-debug.log": "python-debug",
    "boto2-debug.log": "python-debug",
    "botocore-debug.log": "python-debug",
    "emulator.pcap": "pcap",
    "handmade-alb.log": "lines",
    "handmade-cloudfront.log": "w3c",
    "handmade-cloudtrail.json": "cloudtrail",
    "handmade-go-v1.log": "go-debug",
    "handmade-go-v2.log": "go-debug",
    "handmade-iis.log": "w3c",
    "handmade-localstack.log": "localstack",
    "handmade-openstack.log": "openstack",
    "handmade-terraform-0.14.log": "go-debug",
    "handmade-terraform-5.log": "go-debug",
    "http-client.log": "python-debug",
    "mitmproxy.flow": "mitmproxy",
    "mitmproxy.har": "har",
    "moto-recorder.jsonl": "moto",
    "nginx-combined.log": "lines",
    "nginx-json.log": "json-lines",
    "nginx-postdata.log": "lines",
    "vcrpy.yaml": "vcr",
    "werkzeug.log": "lines",
}


@pytest.mark.parametrize("name", RECOGNISED)
def test_captures_are_recognised_by_content(name: str) -> None:
    assert RECOGNISED[name] == recognise((CAPTURES / name).read_bytes()).name


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"", "lines"),
        (b"12:30:01 GET /", "lines"),
        (b"[Sun Nov 22 17:01:59 2026] [dumpio:trace7]", "lines"),
        (b'{"log":"x\\n","stream":"stdout"}', "json-lines"),
        (b'{"Records": [', "cloudtrail"),
        (b'{\n "detail": {', "json"),
        (b' \n{ "log" : {', "har"),
        (b"\xef\xbb\xbf[\n {", "json"),
        (b"\0\0\0\0GET /", "lines"),
        (b"\x7fELF\x02\0", "binary"),
        (b"GET / HTTP/1.1 200 -\n" + b"\0" * 99, "lines"),
        (b"\x16\x03\0\xff\n" * 99 + b"GET / HTTP/1.1 200 -\r\n", "lines"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\n" + b"\xff" * 99, "binary"),
        ("GET / HTTP/1.1 200 -\r\n".encode("utf-16-le") * 9, "binary"),
        (b"access.log" + b"\0" * 247 + b"ustar\x0000", "tar"),
        (b"\x0a\x0d\x0d\x0a\x1c\0\0\0", "pcapng"),
        (b"PK\x03\x04\0", "zip"),
        (b"\xff\xfeA\0", "utf-16"),
        (b"#Version: 1.0\n#Fields: date time", "w3c"),
        (b'<?xml version="1.0"?>\n<items burpVersion="2">', "burp"),
        (b"---\nhttp_interactions:\n", "vcr"),
        (b"x\nDEBUG:botocore.hooks:Event", "python-debug"),
        (b"send: b'GET / HTTP/1.1", "python-debug"),
        (b"DEBUG Request\nPOST /", "go-debug"),
        (b"12:30 ---[ REQUEST POST-SIGN ]---", "lines"),
        (b"It logs `botocore.endpoint - DEBUG - Making request`", "lines"),
    ],
)
def test_inputs_are_recognised_by_their_first_bytes(head: bytes, name: str) -> None:
    assert name == recognise(head).name


def test_every_format_has_a_name_of_its_own() -> None:
    assert len(FORMATS) == len({known.name for known in FORMATS})


def test_input_of_a_kind_that_is_not_read_is_skipped(tmp_path: Path) -> None:
    items = read_bytes(b"PK\x03\x04\0", tmp_path)

    assert [
        Note(str(tmp_path / "log"), "no reader for this format yet (zip archive: unpack it first)", "skipped")
    ] == items


@pytest.mark.parametrize("hole", [b"\0", b"\0" * 5000, bytes(range(256)) * 20])
def test_what_is_no_text_within_a_log_costs_no_other_line(hole: bytes, tmp_path: Path) -> None:
    line = b'1.2.3.4 - - [22/Nov/2026:17:01:02 +0000] "GET /?' + CALL + b' HTTP/1.1" 200 9\n'
    items = read_bytes(line + hole + b"\n" + line, tmp_path)

    assert [] == notes(items)
    assert 2 == len(places(items))


def test_format_may_be_forced(tmp_path: Path) -> None:
    assert ["log:2"] == places(read_bytes(b"#Fields: x\n" + CALL, tmp_path, input_format="lines"))


def test_requests_in_the_captures_are_the_same_however_they_were_written_down() -> None:
    def requests(name: str) -> list[object]:
        items = read_input(str(CAPTURES / name))
        return [item.request for item in items if isinstance(item, Exchange)]

    # The two were logged by one server.
    assert requests("nginx-json.log") == requests("nginx-postdata.log")
    assert requests("nginx-combined.log") == [
        request if number != 2 else b"?Action=RevokeSecurityGroupIngress"
        for number, request in enumerate(requests("nginx-json.log")[4:])
    ]
    assert 7 == len(requests("mitmproxy.har"))


def test_mutated_captures_are_read_without_an_exception(tmp_path: Path) -> None:
    noise = random.Random(7)
    for name in ("nginx-json.log", "mitmproxy.har", "apache-combined.log"):
        for compress in (bytes, *COMPRESSORS):
            data = bytearray(compress((CAPTURES / name).read_bytes()))
            for _ in range(25):
                data[noise.randrange(len(data))] = noise.randrange(256)
                read_bytes(bytes(data[: noise.randrange(len(data))]), tmp_path)
