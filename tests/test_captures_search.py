"""Lines and events are searched for in blocks; what is found is what one finds by reading everything."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from capturing import CALL, EVENT, places, read_bytes
from ec2codec.captures import Exchange, Note, event_search, json_documents, line_numbers, lines
from ec2codec.captures.event_search import EventSearch
from ec2codec.captures.line_numbers import FileLines, PassingLines
from ec2codec.captures.relevance import MARK, find_mark
from ec2codec.captures.source import Source

LIMIT = 40
PIECES = [
    b"\n",
    b"\r\n",
    b"\\\n",
    b"&x",
    b" ",
    b"SecurityGroupIn",
    b"Security",
    b"GroupIn",
    b"SecurityGroups",
    b"a" * 12,
    b"\\",
    b"\x85",
    b"curl ",
]


def read_all_lines(data: bytes) -> list[tuple[int, bytes | None]]:
    """The same line by line, as slow as it is plain."""
    found: list[tuple[int, list[bytes]]] = []
    is_open = False
    for number, line in enumerate(io.BytesIO(data), 1):
        if is_open and continues(found[-1][1], line):
            found[-1][1].append(line)
            continue
        is_long = len(line) > lines.MAX_LINE
        is_open = not is_long and bool(lines._has_mark(line) or (lines._CURL.search(line) and goes_on(line)))
        if is_long or is_open:
            found.append((number, [] if is_long else [line]))
    return [
        (number, joined(group) if group else None)
        for number, group in found
        if not group or any(map(lines._has_mark, group))
    ]


def continues(group: list[bytes], line: bytes) -> bool:
    """Whether a line goes on with those before it."""
    if sum(map(len, group)) + len(line) > lines.MAX_LINE:
        return False
    return goes_on(group[-1]) or (line.lstrip().startswith(b"&") and any(map(lines._has_mark, group)))


def goes_on(line: bytes) -> bool:
    return line.rstrip(b"\r\n").endswith(b"\\")


def joined(group: list[bytes]) -> bytes:
    """Lines as one."""
    whole = group[0]
    for line in group[1:]:
        if line.lstrip().startswith(b"&"):
            whole = whole.rstrip() + line.lstrip()
        else:
            whole = whole.rstrip(b"\r\n")[:-1] + line
    return whole


@example(data=b"SecurityGroupIn \\\n \n&x", sizes=[70])
@given(st.lists(st.sampled_from(PIECES)).map(b"".join), st.lists(st.integers(1, 70), min_size=1))
def test_lines_found_in_blocks_are_those_found_one_by_one(data: bytes, sizes: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "MAX_LINE", LIMIT)
        patch.setattr(line_numbers, "KEPT", 2 * LIMIT)
        passing = PassingLines(blocks_of(data, sizes))
        by_number = list(lines._relevant_lines(passing, passing.number_at))
        by_offset = list(lines._relevant_lines(blocks_of(data, sizes), int))
        expected = read_all_lines(data)

    assert expected == by_number
    assert expected == [(data.count(b"\n", 0, offset) + 1, line) for offset, line in by_offset]


def blocks_of(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    """*data* in blocks of these sizes, over and over."""
    start = 0
    while start < len(data):
        size = sizes[start % len(sizes)]
        yield data[start : start + size]
        start += size


def test_line_without_end_is_not_kept() -> None:
    blocks = [b"x" * lines.MAX_LINE] * 50
    [(offset, whole)] = [found for found in lines._whole_lines([CALL + b"\n", *blocks]) if found[0]]

    assert len(CALL) + 1 == offset
    assert lines.MAX_LINE < whole.stop <= 2 * lines.MAX_LINE + 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"RevokeSecurityGroupIngress", True),
        (b"AuthorizeSecurityGroupEgress", True),
        (b"RevokeSecurityGroup\\u0049ngress", True),
        (b"RevokeSecurityGroupI\\u006egress", True),
        (b"RevokeSecurityGroup", True),
        (b"RevokeSecurityGroupE", True),
        (b"DescribeSecurityGroups&Action=RevokeSecurityGroupIngress", True),
        (b"DescribeSecurityGroups HTTP", False),
        (b"SecurityGroupId=x", False),
        (b'"SecurityGroup": 1', False),
        (b"", False),
    ],
)
def test_mark_is_found_where_a_name_of_ours_may_stand(text: bytes, found: bool) -> None:
    hit = find_mark(text, 0, len(text))

    assert found == (hit >= 0)
    assert not found or text.startswith(MARK, hit)


def test_numbers_of_lines_in_a_file_are_counted_as_far_as_asked(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(b"a\n" * 300_000)
    with FileLines(str(file)) as numbers:
        first, second, beyond = (numbers.count_to(offset) for offset in (5, 599_999, 700_000))

    assert (2, 299_999, 300_000) == (first, second, beyond)


def test_numbers_of_lines_are_those_of_the_file_that_was_read(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(b"a\n" * 9)
    with FileLines(str(file), 2, at_once=True) as numbers:
        file.rename(tmp_path / "log.1")
        file.write_bytes(b"another one")

        assert 4 == numbers.count_to(10)


def test_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with FileLines(str(tmp_path / "pipe"), at_once=True) as numbers:
        assert numbers is not None


def test_file_that_is_not_there_has_no_lines(tmp_path: Path) -> None:
    with FileLines(str(tmp_path / "log"), at_once=True) as numbers, pytest.raises(FileNotFoundError):
        numbers.count_to(1)


# What may stand in an event and mislead a search.
TEXTS = [
    "a",
    "[Boto3]",
    "}{",
    'x"y',
    "\\",
    '},{"eventVersion"',
    "é",
    "SecurityGroup",
    "\0",
    "]}",
    ACTION := "RevokeSecurityGroupIngress",
]
JSON = st.recursive(
    st.sampled_from(TEXTS) | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(TEXTS), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def events(draw: st.DrawFn) -> Any:
    event: dict[str, Any] = {
        "eventVersion": "1.08",
        "eventName": draw(st.sampled_from([ACTION, "GetObject", "RunInstances"])),
    }
    event["requestParameters"] = draw(st.sampled_from([{}, {"groupId": "sg-1a2b3c4d"}]) | JSON)
    if draw(st.integers(0, 9)) == 0:
        event["inner"] = [dict(event), dict(event)]
    if draw(st.integers(0, 9)) == 0:
        del event["eventVersion"]
    return event


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    records = draw(st.lists(events() | JSON if draw(st.integers(0, 9)) == 0 else events(), max_size=12))
    compact = json.dumps({"Records": records}, separators=(",", ":"), ensure_ascii=draw(st.booleans()))
    if draw(st.integers(0, 9)) == 0:
        compact = compact.replace('"RevokeS', '"\\u0052evoke\\u0053')
    return compact.encode()


class NoSearch(EventSearch):
    """Finds nothing, so that everything is read."""

    def relevant(self) -> Iterator[tuple[int, Any]]:
        return iter(())


def read(data: bytes, sizes: list[int], search: type[EventSearch]) -> list[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_documents, "EventSearch", search)
        return list(json_documents.read_documents(Source("x", blocks_of(data, sizes))))


@given(documents(), st.lists(st.integers(1, 900), min_size=1), st.integers(0, 4000))
def test_events_found_are_those_that_are_read(data: bytes, sizes: list[int], cut: int) -> None:
    # Cut off, or whole.
    data = data[: cut or None]

    assert read(data, sizes, NoSearch) == read(data, sizes, EventSearch)


@given(documents(), st.lists(st.integers(1, 900), min_size=1), st.integers(0), st.sampled_from(b'{}[]"\\,:a'))
def test_fault_in_a_document_costs_no_event_before_it(
    data: bytes, sizes: list[int], at: int, byte: int
) -> None:
    at %= len(data)
    data = data[:at] + bytes([byte]) + data[at + 1 :]
    plain, quick = (
        [item for item in read(data, sizes, search) if not isinstance(item, Note)]
        for search in (NoSearch, EventSearch)
    )

    assert plain == quick[: len(plain)]


@given(documents(), st.lists(st.integers(1, 900), min_size=1), st.sampled_from([0, 1000, event_search.BATCH]))
def test_events_found_are_those_that_json_has(data: bytes, sizes: list[int], batch: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(event_search, "BATCH", batch)
        items = list(json_documents.read_documents(Source("x", blocks_of(data, sizes))))
    expected = [
        (f"x#record={number}", record["eventName"])
        for number, record in enumerate(json.loads(data)["Records"], 1)
        if isinstance(record, dict) and record.get("eventName") == ACTION
    ]

    assert expected == [(str(item.place), item.action) for item in items if isinstance(item, Exchange)]


@given(st.lists(events() | JSON, max_size=12), st.lists(st.integers(1, 900), min_size=1), st.booleans())
def test_lines_found_are_those_that_json_has(records: list[Any], sizes: list[int], escaped: bool) -> None:
    texts = [json.dumps(record, ensure_ascii=escaped) for record in records]
    data = "\r\n".join(texts).encode()
    items = list(lines.read_lines(Source("x", blocks_of(data, sizes))))
    expected = [
        f"x:{number}"
        for number, record in enumerate(records, 1)
        if isinstance(record, dict) and record.get("eventName") == ACTION
    ]

    assert expected == [str(item.place) for item in items if isinstance(item, Exchange)]


def archive(*records: object) -> bytes:
    return json.dumps({"Records": records}, separators=(",", ":")).encode()


FIRST = {"eventVersion": "1", **EVENT}


def passed(*records: object, blocks: int = 1 << 16) -> int:
    """How many events the search goes through, the last one never being among them."""
    search = EventSearch(blocks_of(archive(*records), [blocks]))
    list(search.relevant())
    return search.passed


def test_events_are_handed_on_by_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_search, "BATCH", 1)
    event = {"eventVersion": "1.08", "eventName": ACTION, "requestParameters": {"groupId": "sg-1a2b3c4d"}}
    data = json.dumps({"Records": [event] * 5}, separators=(",", ":")).encode()

    assert 5 == len(read(data, [100], EventSearch))
    assert read(data, [100], NoSearch) == read(data, [100], EventSearch)


def test_events_are_searched_and_not_read() -> None:
    assert 999 == passed(*[FIRST] * 1000)
    assert 998 <= passed(*[FIRST] * 1000, blocks=500)


@pytest.mark.parametrize("odd", [1, {}, {"x": FIRST}, {**FIRST, "a": [FIRST, FIRST]}])
def test_search_ends_before_what_is_no_plain_event(odd: object, tmp_path: Path) -> None:
    items = read_bytes(archive(FIRST, odd, FIRST, FIRST), tmp_path)

    assert 0 == passed(FIRST, odd, FIRST, FIRST)
    assert ["log#record=1", "log#record=3", "log#record=4"] == [
        place for place in places(items) if not place.endswith("=2")
    ]


def test_letters_may_be_escaped(tmp_path: Path) -> None:
    plain = {"eventVersion": "<>", "eventName": "GetObject"}
    data = archive(plain, FIRST, plain, plain).replace(b"<>", rb"\u003c\u003e\u0041")
    data = data.replace(b'"RevokeS', rb'"\u0052evoke\u0053')

    assert ["log#record=2"] == places(read_bytes(data, tmp_path))
    assert 3 == len(list(EventSearch([data]).relevant()))


def test_events_that_are_the_same_are_each_found(tmp_path: Path) -> None:
    other = {"eventVersion": "1", "eventName": "GetObject"}

    assert [f"log#record={number}" for number in (1, 2, 4, 5)] == places(
        read_bytes(archive(FIRST, FIRST, other, FIRST, FIRST), tmp_path)
    )


@pytest.mark.parametrize(
    "text",
    ['"', "\\", '"{', '{"', 'a"b\\"},{"eventVersion"', '\\"', "\n[", '"},{"eventVersion":"1"},{"', "ä\\"],
)
def test_texts_with_escapes_are_no_structure(text: str, tmp_path: Path) -> None:
    odd = {"eventVersion": "1", "eventName": text, text: [{text: text}, {}]}
    records = [FIRST, odd, odd, FIRST, {**FIRST, "userAgent": text}, odd, FIRST]

    assert 6 == passed(*records)
    assert [f"log#record={number}" for number in (1, 4, 5, 7)] == places(
        read_bytes(archive(*records), tmp_path)
    )


@pytest.mark.parametrize("name", ["Authorize\\u0053ecurityGroupIngress", "RevokeSecurityGroup\\u0045gress"])
def test_action_is_found_however_it_is_escaped(name: str, tmp_path: Path) -> None:
    named = {**FIRST, "eventName": "~"}
    data = archive(FIRST, named, FIRST).replace(b"~", name.encode())

    assert ["log#record=1", "log#record=2", "log#record=3"] == places(read_bytes(data, tmp_path))


def test_control_character_ends_the_search(tmp_path: Path) -> None:
    data = archive(FIRST, {"eventVersion": "~"}, FIRST).replace(b"~", b"\0")

    assert ["log#record=1", "log#record=3"] == places(read_bytes(data, tmp_path, "cloudtrail"))


def test_event_that_is_too_long_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_search, "MAX_EVENT", 1000)

    assert 1 == passed(FIRST, {"eventVersion": "x" * 3000}, FIRST, blocks=200)


def test_shapes_beyond_the_limit_are_read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_search, "MAX_SHAPES", 0)

    assert 9 == passed(*[FIRST] * 10)
