from __future__ import annotations

import base64
import gzip
import json
import random
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from capturing import CAPTURES, notes, places, read_bytes
from ec2codec.captures import Completeness, Exchange, Note, Response, read_input, yaml_members
from ec2codec.captures.formats import recognise
from ec2codec.captures.source import Source
from ec2codec.captures.vcr import read_vcr

SAMPLE = CAPTURES / "vcrpy.yaml"
QUERY = "Action=RevokeSecurityGroupIngress&GroupName=a"
ERROR = "<Response><Errors><Error><Code>InvalidGroup.NotFound</Code></Error></Errors></Response>"
RUBY = f"""---
http_interactions:
- request:
    method: post
    uri: http://localhost:5000/
    body:
      encoding: UTF-8
      string: {QUERY}
    headers:
      Authorization:
      - secret
  response:
    status:
      code: 400
      message: Bad Request
    headers:
      Date:
      - Thu, 01 Jan 1970 00:00:00 GMT
    body:
      encoding: UTF-8
      string: "{ERROR}"
  recorded_at: Sun, 22 Nov 2026 17:02:45 GMT
recorded_with: VCR 6.3.1
"""
GO = f"""---
version: 2
interactions:
    - id: 0
      request:
        proto: HTTP/1.1
        content_length: 45
        host: localhost
        body: {QUERY}
        form:
            Action:
                - RevokeSecurityGroupIngress
            GroupName:
                - a
        headers:
            Authorization:
                - secret
        url: http://localhost:5000/
        method: POST
      response:
        proto: HTTP/1.1
        body: "{ERROR}"
        headers: {{}}
        status: 400 Bad Request
        code: 400
        duration: 1.5ms
"""


def read(data: bytes | str) -> list[Exchange | Note]:
    data = data.encode() if isinstance(data, str) else data
    return list(read_vcr(Source("x.yaml", iter([data]))))


def cassette(request: dict[str, Any], response: dict[str, Any] | None = None) -> dict[str, Any]:
    response = {"status": {"code": 200}} if response is None else response
    return {"interactions": [{"request": request, "response": response}], "version": 1}


def only_exchange(data: bytes | str | dict[str, Any]) -> Exchange:
    [exchange] = read(yaml.dump(data) if isinstance(data, dict) else data)

    assert isinstance(exchange, Exchange)
    assert "x.yaml#interaction=1" == str(exchange.place)
    return exchange


def test_cassette_of_vcrpy_is_what_pyyaml_and_vcrpy_read() -> None:
    expected = [
        (f"vcrpy.yaml#interaction={number}", b"?" + item["request"]["body"].encode(), item["response"])
        for number, item in enumerate(yaml.safe_load(SAMPLE.read_bytes())["interactions"], 1)
        if re.search("(Authorize|Revoke)SecurityGroup", item["request"]["body"])
    ]
    items = [item for item in read_input(str(SAMPLE)) if isinstance(item, Exchange)]

    assert 4 == len(items)
    assert [place for place, _, _ in expected] == places([*items])
    assert [request for _, request, _ in expected] == [item.request for item in items]
    assert [(answer["status"]["code"], answer["body"]["string"]) for _, _, answer in expected] == [
        (item.response.status, item.response.body) for item in items if item.response
    ]
    assert datetime(2026, 11, 22, 17, 2, 45, tzinfo=UTC) == items[0].time


@pytest.mark.parametrize("text", [RUBY, GO])
def test_cassettes_of_ruby_and_go(text: str) -> None:
    exchange = only_exchange(text)

    assert "vcr" == recognise(text.encode()).name
    assert b"?" + QUERY.encode() == exchange.request
    assert Completeness.COMPLETE == exchange.completeness
    assert Response(status=400, body=ERROR, error_code="InvalidGroup.NotFound") == exchange.response
    assert "secret" not in repr([getattr(exchange, name) for name in exchange.__slots__])


def test_time_of_ruby_is_when_it_was_recorded() -> None:
    assert datetime(2026, 11, 22, 17, 2, 45, tzinfo=UTC) == only_exchange(RUBY).time
    assert None is only_exchange(RUBY.replace("Sun, 22", "on 22")).time


def test_bodies_of_ruby_may_be_base64() -> None:
    text = base64.b64encode(QUERY.encode()).decode()

    assert (
        b"?" + QUERY.encode()
        == only_exchange(RUBY.replace(f"string: {QUERY}", f"base64_string: {text}")).request
    )
    lost = RUBY.replace(f"string: {QUERY}", "base64_string: a").replace("5000/", "5000/?" + QUERY)
    assert b"?" + QUERY.encode() == only_exchange(lost).request


def test_form_alone_is_lossy() -> None:
    text = GO.replace(f"body: {QUERY}", "body: ''").replace("- a\n", "- caf\u00e9&\n")
    exchange = only_exchange(text)

    assert b"?Action=RevokeSecurityGroupIngress&GroupName=caf%C3%A9%26" == exchange.request
    assert Completeness.LOSSY_DECODED == exchange.completeness
    single = GO.replace(f"body: {QUERY}", "body: ''").replace("\n                - ", " ")
    assert b"?" + QUERY.encode() == only_exchange(single).request


@pytest.mark.parametrize("indent", [None, 4])
def test_cassettes_may_be_json(indent: int | None) -> None:
    data = cassette({"method": "POST", "uri": "http://h/", "body": QUERY}) | {"z": 1.5}
    text = json.dumps(data, indent=indent)

    assert "vcr" == recognise(text.encode()).name
    assert "vcr" == recognise(f'{{"version": 1, {text.lstrip("{")}'.encode()).name
    assert b"?" + QUERY.encode() == only_exchange(text).request
    assert ["incomplete: cut short after interaction 0: the input ends there"] == notes(read(text[:70]))
    assert ["incomplete: cut short before the first interaction"] == notes(read(text[:10]))


@pytest.mark.parametrize("tag", ["!!python/unicode ", "!!python/str ", "!!binary ", "&id1 ", "! ", ""])
def test_tags_construct_nothing(tag: str) -> None:
    body = base64.b64encode(QUERY.encode()).decode() if "binary" in tag else QUERY
    text = yaml.dump(cassette({"method": "POST", "uri": "http://h/", "body": "BODY"})).replace(
        "BODY", f"{tag}'{body}'"
    )

    assert b"?" + QUERY.encode() == only_exchange(text).request


def test_objects_of_python_are_not_made(tmp_path: Path) -> None:
    file = tmp_path / "made"
    body = f"!!python/object/apply:os.system ['touch {file}']"
    text = yaml.dump(cassette({"method": "POST", "uri": f"http://h/?{QUERY}", "body": "BODY"}))

    assert 1 == len(places(read(text.replace("BODY", body))))
    assert not file.exists()


def test_body_that_was_a_file() -> None:
    content = base64.b64encode(QUERY.encode()).decode()
    state = f"!!python/object/new:_io.BytesIO\n      state: !!python/tuple [!!binary {content}, 0, null]"
    text = yaml.dump(cassette({"method": "POST", "uri": "http://h/", "body": "BODY"})).replace("BODY", state)

    assert b"?" + QUERY.encode() == only_exchange(text).request


def test_what_is_repeated_is_read_where_it_is_repeated() -> None:
    text = f"""interactions:
- request: {{body: &body '{QUERY}', method: &method POST, uri: http://h/}}
  response: &answer {{status: {{code: 200}}}}
- request: {{body: *body, method: *method, uri: http://h/}}
  response: *answer
- request: {{body: *body, method: *method, uri: http://h/}}
  response: {{status: &status {{code: 200}}, again: *status}}
version: 1
"""
    items = [item for item in read(text) if isinstance(item, Exchange)]

    assert 3 * [b"?" + QUERY.encode()] == [item.request for item in items]
    # Mappings are forgotten with their interaction.
    assert 3 * [Completeness.COMPLETE] == [item.completeness for item in items]


def test_bombs_of_aliases_cost_nothing() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join(9 * [f'*a{n - 1}'])}]" for n in range(1, 40)]
    request = "{body: {string: *a9}, method: POST, uri: [*a9], headers: {x-amz-date: *a9}}"
    bomb = f"interactions:\n- request: {request}\n"

    assert ["incomplete: cut short after interaction 0: the input ends there"] == notes(
        read("\n".join([*lines, bomb]))
    )


def test_texts_kept_for_aliases_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_members, "MAX_ANCHORED", 2 * len(QUERY))
    item = "- request: {{body: {}, method: POST, uri: http://h/}}\n  response: {{code: 200}}\n"
    anchors = "".join(item.format(f"&b{number} {QUERY}") for number in range(3))
    aliases = "".join(item.format(f"*b{number}") for number in range(3))

    assert 4 == len(places(read(f"interactions:\n{anchors}{aliases}version: 1")))


def test_interaction_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_members, "MAX_VALUE", 100_000)
    text = GO + "    - request: {body: '" + 300_000 * "a" + "'}"

    assert ["incomplete: cut short after interaction 1: what follows is longer than 100000 bytes"] == notes(
        read(text)
    )
    assert 1 == len(places(read(text)))


@pytest.mark.parametrize("text", [SAMPLE.read_text(), RUBY, GO])
def test_cassette_cut_off_loses_its_tail_and_says_so(text: str) -> None:
    step = 1 if len(text) < 2000 else 37
    whole = {str(item.place): item for item in read(text) if isinstance(item, Exchange)}

    for at in range(1, len(text), step):
        items = read(text[:at])
        for item in items:
            if not isinstance(item, Exchange):
                assert re.fullmatch(r"cut short after interaction \d+: .*", item.message)
                continue
            assert isinstance(item.request, bytes)
            full = whole[str(item.place)]
            assert str(full.request, "ascii").startswith(str(item.request, "ascii"))  # type: ignore[arg-type]
            assert item.completeness is Completeness.TRUNCATED or full.request == item.request
            assert item.response is None or item.response.body in (None, full.response and full.response.body)
        # go-vcr writes nothing behind the last interaction, and a duration last in it.
        is_certain = at < len(text.rstrip()) - (40 if text is GO else 12)
        assert notes(items) or not is_certain, text[:at]


@pytest.mark.parametrize(
    ("request_", "completeness"),
    [
        ({"method": "GET", "uri": f"http://h/?{QUERY}"}, Completeness.BODY_NOT_CAPTURED),
        ({"method": "GET", "uri": f"http://h/?{QUERY}", "body": None}, Completeness.COMPLETE),
        ({"method": "POST", "uri": f"http://h/?{QUERY}", "body": "null"}, Completeness.COMPLETE),
    ],
)
def test_body_that_is_null_was_empty(request_: dict[str, Any], completeness: Completeness) -> None:
    assert completeness == only_exchange(cassette(request_)).completeness


def test_compressed_answer_is_expanded() -> None:
    request = {"method": "GET", "uri": f"http://h/?{QUERY}", "body": None}
    response = {
        "status": {"code": 400},
        "headers": {"content-encoding": "gzip", b"Date": ["Sun, 22 Nov 2026 17:02:45 GMT"]},
        "body": {"string": gzip.compress(ERROR.encode())},
    }
    exchange = only_exchange(cassette(request, response))

    assert Response(status=400, body=ERROR, error_code="InvalidGroup.NotFound") == exchange.response


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "- a",
        "interactions: 1",
        "interactions: {a: 1}",
        "interactions:\n- a\n- [a]\n- {? {a: 1} : 2}\n- {}\n- {request: [], response: {status: []}}\n",
        "interactions: [[[[[[[[[[[[",
        "interactions: *a",
        "%TAG",
        "\t",
        "a: \x01",
    ],
)
def test_yaml_of_any_shape_is_passed_over(text: str) -> None:
    assert [] == places(read(text))
    assert ["incomplete"] == [note.partition(":")[0] for note in notes(read(text))]


def test_damaged_cassettes_are_read_without_an_exception(tmp_path: Path) -> None:
    noise = random.Random(3)
    for text in (SAMPLE.read_text(), RUBY, GO, json.dumps(cassette({"uri": f"/?{QUERY}"}))):
        for _ in range(60):
            data = bytearray(text.encode())
            for _ in range(noise.randrange(1, 9)):
                data[noise.randrange(len(data))] = noise.choice(b"\x00\xff{}[]&*!|>'\"%@`:-\n \t?#a1")
            read_bytes(bytes(data), tmp_path, "vcr")


def test_parser_of_python_alone_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader")

    assert b"?" + QUERY.encode() == only_exchange(GO).request


def test_missing_library_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)

    assert [Note("x.yaml", "to read it: pip install 'ec2codec[vcr]'", "unreadable")] == read(GO)
    assert 1 == len(read(json.dumps(cassette({"method": "GET", "uri": f"/?{QUERY}"}))))
