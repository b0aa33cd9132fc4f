from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from capturing import CALL, COMPRESSORS, EVENT, notes, places, read_bytes
from ec2codec.captures import (
    json_window,
)

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"Records": [EVENT, {}, 1, EVENT]}, ["log#record=1", "log#record=4"]),
        ([EVENT, EVENT], ["log#record=1", "log#record=2"]),
        ([{"request_uri": f"/?{CALL.decode()}"}], ["log#record=1"]),
        ({"Events": [{"CloudTrailEvent": json.dumps(EVENT)}]}, ["log#record=1"]),
        (EVENT, ["log#record=1"]),
        ({"detail": EVENT}, ["log#record=1"]),
        ({"Records": []}, []),
    ],
)
def test_documents_of_events(document: object, expected: list[str], tmp_path: Path) -> None:
    items = read_bytes(json.dumps(document, indent=1).encode(), tmp_path)

    assert expected == places(items)
    assert [] == notes(items)


def test_events_one_on_a_line(tmp_path: Path) -> None:
    line = json.dumps(EVENT).encode() + b"\n"

    assert ["log:1", "log:3"] == places(read_bytes(line + b"{}\n" + line, tmp_path))


def test_events_spread_over_lines_one_after_another(tmp_path: Path) -> None:
    document = json.dumps(EVENT, indent=2).encode()

    assert ["log#record=1", "log#record=2"] == places(read_bytes(document + b"\n" + document, tmp_path))


FILE = json.dumps({"Records": [EVENT, EVENT]}).encode()
LOOKUP = json.dumps({"Events": [EVENT], "NextToken": "a]b", "Next": None}, indent=4).encode()


@pytest.mark.parametrize("compress", [bytes, *COMPRESSORS])
@pytest.mark.parametrize(
    ("documents", "count"),
    [
        ([FILE, FILE, FILE], 6),
        ([FILE, b"\n\n", FILE, b" " * 3000, FILE], 6),
        ([FILE, json.dumps(EVENT).encode(), FILE], 5),
        ([json.dumps(EVENT, indent=1).encode(), FILE, b"[1, 2]", FILE], 5),
        ([json.dumps([EVENT]).encode(), b'"a", "b"', FILE, b'"c"'], 3),
        ([LOOKUP, LOOKUP, FILE], 4),
        ([json.dumps([EVENT]).encode(), json.dumps([EVENT]).encode()], 2),
    ],
)
def test_documents_one_after_another_are_all_read(
    documents: list[bytes], count: int, compress: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    items = read_bytes(b"".join(map(compress, documents)), tmp_path)

    assert count == len(places(items))
    assert [] == notes(items)


def test_compact_files_of_cloudtrail_one_after_another_are_all_read(tmp_path: Path) -> None:
    event = {"eventVersion": "1.08", **EVENT}
    file = json.dumps(
        {"Records": [event, {**event, "eventName": "A"}, event]}, separators=(",", ":")
    ).encode()

    items = read_bytes(file * 3, tmp_path)

    assert [f"log#record={number}" for number in (1, 3, 4, 6, 7, 9)] == places(items)
    assert [] == notes(items)


def test_what_follows_a_document_and_is_none_is_noted(tmp_path: Path) -> None:
    items = read_bytes(FILE + b"?" + FILE, tmp_path)

    assert ["incomplete: cut short after record 2: not JSON from there on"] == notes(items)


@pytest.mark.parametrize("cut", [-1, -20, -len(FILE) + 1])
def test_document_behind_another_may_be_cut_off(cut: int, tmp_path: Path) -> None:
    items = read_bytes((FILE + FILE)[:cut], tmp_path)

    assert 2 <= len(places(items))
    assert (cut != -1) == bool(notes(items))


def test_byte_order_mark_is_no_part_of_a_document(tmp_path: Path) -> None:
    assert ["log#record=1"] == places(read_bytes(b"\xef\xbb\xbf" + json.dumps([EVENT]).encode(), tmp_path))


@pytest.mark.parametrize("compress", [bytes, *COMPRESSORS])
def test_document_cut_off_anywhere_keeps_what_came_before(
    compress: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    data = json.dumps({"Records": [EVENT] * 3}).encode()

    # Without the last brace nothing is lost.
    for cut in range(len(data) - 1):
        items = read_bytes(compress(data[:cut]), tmp_path)
        records = len(places(items))
        assert data[:cut].count(b'"}}') == records
        if records:
            assert [f"incomplete: cut short after record {records}: the input ends there"] == notes(items)


def test_deep_nesting_in_a_document_keeps_what_came_before(tmp_path: Path) -> None:
    items = read_bytes(b'{"Records":[' + json.dumps(EVENT).encode() + b"," + b"[" * 500_000, tmp_path)

    assert ["log#record=1"] == places(items)
    assert ["incomplete: cut short after record 1: nested too deeply"] == notes(items)


@pytest.mark.parametrize(
    ("middle", "reason"),
    [
        (b"nonsense, " + b" " * 100, "not JSON from there on"),
        (b'{"a": 1,,}' + b" " * 100, "not JSON from there on"),
        (b'"' + b"x" * 2000, "what follows is longer than 1000 characters"),
    ],
)
def test_fault_in_a_document_keeps_what_came_before(
    middle: bytes, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_window, "MAX_VALUE", 1000)
    monkeypatch.setattr(json_window, "CHUNK", 256)
    event = json.dumps(EVENT).encode()
    items = read_bytes(b'{"Records":[' + event + b"," + middle + b"," + event + b"]}", tmp_path)

    assert ["log#record=1"] == places(items)
    assert [f"incomplete: cut short after record 1: {reason}"] == notes(items)


def test_value_longer_than_a_chunk_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_window, "CHUNK", 7)
    event = {**EVENT, "é": '\U0001f600é\\"\u2028' * 300, "n": 123456}

    assert 5 == len(places(read_bytes(json.dumps([event] * 5).encode(), tmp_path)))
    assert 5 == len(places(read_bytes(json.dumps([event] * 5, ensure_ascii=False).encode(), tmp_path)))


def test_blanks_between_values_may_fill_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_window, "CHUNK", 1)
    event = json.dumps(EVENT).encode()

    assert 2 == len(places(read_bytes(b"[{} \n, \n" + event + b" \n, " + event + b"  ]", tmp_path)))
