"""Query string and pairs: read as sent, decoded once, nothing lost."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2codec.query import TooLarge, Wire, fault_of, read, read_texts, write
from ec2codec.rules.subjects import Limits, Pair

LIMITS = Limits()
carried = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\t\n\r"), max_size=20
).filter(lambda text: fault_of(text) is None)
names = st.from_regex(r"[A-Za-z][A-Za-z0-9.\-]{0,12}", fullmatch=True)


def pairs(source: object) -> list[tuple[str, object]]:
    return [(pair.name, pair.value) for pair in read(source, LIMITS)]


@given(st.lists(st.tuples(names, carried)))
def test_written_pairs_read_as_they_were(written: list[tuple[str, str]]) -> None:
    assert written == pairs(write(written))


@given(st.lists(st.tuples(names, carried), min_size=1))
def test_standard_library_reads_what_is_written(written: list[tuple[str, str]]) -> None:
    assert written == parse_qsl(write(written), keep_blank_values=True, strict_parsing=True)


@pytest.mark.parametrize(
    "source",
    [
        "A=1&B=2",
        b"A=1&B=2",
        bytearray(b"A=1&B=2"),
        memoryview(b"A=1&B=2"),
        "?A=1&B=2",
        "https://ec2.amazonaws.com/?A=1&B=2#top",
        "/?A=1&B=2",
        "\nhttps://ec2.amazonaws.com/?A=1\n&B=2\n",
        "A=1 \r\n & \n B=2",
        "&&A=1&&B=2&",
        {"A": "1", "B": "2"},
        [("A", "1"), ("B", "2")],
        iter([["A", "1"], ["B", "2"]]),
    ],
)
def test_every_kind_of_source_reads_alike(source: object) -> None:
    assert pairs(source) == [("A", "1"), ("B", "2")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A=a+b", "a b"),
        ("A=a%20b", "a b"),
        ("A=a%2Bb", "a+b"),
        ("A=a%2bb", "a+b"),
        ("A=a%2520b", "a%20b"),
        ("A=a=b", "a=b"),
        ("A=a;B=2", "a;B=2"),
        ("A=caf%C3%A9", "café"),
        ("A=café", "café"),
        ("A", ""),
        ("A= x", " x"),
        ("A=a#b", "a#b"),
    ],
)
def test_value_is_decoded_once(text: str, value: str) -> None:
    assert [("A", value)] == pairs(text)


def test_raw_utf8_bytes_are_text() -> None:
    assert pairs("A=café".encode()) == [("A", "café")]


def test_url_without_query_has_no_pairs() -> None:
    assert pairs("https://ec2.amazonaws.com/") == []


def test_blanks_without_line_break_are_data() -> None:
    assert pairs("A=1 & B=2") == [("A", "1 "), (" B", "2")]


def test_escaped_name_is_the_name() -> None:
    assert pairs("A%2E1%2EB=x") == [("A.1.B", "x")]


def test_mapping_is_not_decoded() -> None:
    assert pairs({"A": "a%20b+c"}) == [("A", "a%20b+c")]


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("A=%zz", "escape"),
        ("A=%", "escape"),
        ("A=%4", "escape"),
        ("A=%FF", "utf-8"),
        ("A=%C0%AF", "utf-8"),
        ("A=%ED%A0%80", "utf-8"),
        ("A=a\udc80", "utf-8"),
        (b"A=a\xff", "utf-8"),
        ("A=%00", "character"),
        ("A=%1B", "character"),
        ("A=%EF%BF%BE", "character"),
        ("A=%C2%85", None),
        ({"A": "\x00"}, "character"),
        ([("A", "\ud800")], "character"),
    ],
)
def test_fault_of_a_value_stays_with_its_name(source: object, fault: str | None) -> None:
    (pair,) = read(source, LIMITS)

    assert ("A", fault) == (pair.name, pair.fault)


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("%zz=1", "escape"),
        ("%00=1", "character"),
        ("%FF=1", "utf-8"),
        ({"\x00": "1"}, "character"),
        ({1: "1"}, "type"),
        ([1], "type"),
        ([("A",)], "type"),
        (5, "type"),
        (None, "type"),
    ],
)
def test_broken_name_is_no_name(source: object, fault: str) -> None:
    assert [Pair("", None, fault)] == read(source, LIMITS)  # type: ignore[arg-type]


def test_bad_byte_costs_its_own_pair_only() -> None:
    assert [(pair.name, pair.fault) for pair in read(b"A=1&B=\xff&C=3", LIMITS)] == [
        ("A", None),
        ("B", "utf-8"),
        ("C", None),
    ]


@pytest.mark.parametrize(
    ("limits", "fits", "exceeds"),
    [
        (Limits(max_bytes=5), "A=123", "A=1234"),
        (Limits(max_bytes=5), b"A=123", b"A=1234"),
        (Limits(max_bytes=4), "A=\xe9", "A=\xe91"),
        (Limits(max_parameters=2), "A=1&B=2", "A=1&B=2&C"),
        (Limits(max_parameters=2), "&&A=1&&B=2&&", "A=1&&B=2&C"),
        (Limits(max_value=3), "A=%31%32%33", "A=1234"),
        (Limits(max_bytes=4), {"A": "123"}, {"A": "1234"}),
        (Limits(max_parameters=1), {"A": "1"}, {"A": "1", "B": "2"}),
        (Limits(max_value=3), {"A": "123"}, {"A": "1234"}),
    ],
)
def test_limits_are_inclusive(limits: Limits, fits: object, exceeds: object) -> None:
    assert read(fits, limits)
    with pytest.raises(TooLarge):
        read(exceeds, limits)


def test_only_unreserved_characters_are_written_as_they_are() -> None:
    assert write([("A", "a-b_c.d~e +/é")]) == "A=a-b_c.d~e%20%2B%2F%C3%A9"


class Text(str):
    """A text of a class of its own, as template engines and frameworks have."""

    __slots__ = ()


def wire_of(source: object, limits: Limits) -> tuple[list[Pair], object]:
    wire = Wire(source, limits)
    return wire.pairs, wire.measure


def read_by_pairs(source: object, limits: Limits) -> tuple[list[Pair], object]:
    """The same without `read_texts`."""
    try:
        return read(source, limits), Wire((), limits).measure
    except TooLarge as error:
        return [], error.measure


items = st.tuples(st.text(max_size=3), st.text(max_size=3) | st.integers())
sequences = st.lists(items | items.map(list) | st.text(max_size=3))
small = st.builds(
    Limits,
    max_bytes=st.integers(0, 9),
    max_parameters=st.integers(0, 4),
    max_value=st.integers(0, 4),
)


@given(sequences | sequences.map(tuple) | st.dictionaries(st.text(max_size=3), st.text(max_size=3)), small)
def test_what_is_seen_at_once_is_what_pairs_are_read_as(source: object, limits: Limits) -> None:
    assert read_by_pairs(source, limits) == wire_of(source, limits)


@pytest.mark.parametrize("source", [{"A": "1", "B": "é"}, [("A", "1"), ["B", "é"]], (("A", "1"), ("B", "é"))])
def test_plain_pairs_are_seen_at_once(source: object) -> None:
    assert read_texts(source, LIMITS) == (("A", "B"), ("1", "é"))


@pytest.mark.parametrize(
    "source",
    [
        "A=1",
        None,
        ["A1"],
        [("A",)],
        [("A", "1"), ("B",)],
        [("A", "1", "2")],
        [("A", 1)],
        [(1, "A")],
        [("A", Text("1"))],
        [("A", "1\t")],
        [("A", "\ud800")],
        {"A\n": "1"},
        iter([("A", "1")]),
    ],
)
def test_all_else_is_read_pair_by_pair(source: object) -> None:
    assert read_texts(source, LIMITS) is None


@pytest.mark.parametrize(
    ("limits", "is_small"),
    [
        (Limits(max_bytes=7), True),
        (Limits(max_bytes=6), False),
        (Limits(max_parameters=2), True),
        (Limits(max_parameters=1), False),
        (Limits(max_value=3), True),
        (Limits(max_value=2), False),
    ],
)
def test_texts_over_a_limit_are_measured(limits: Limits, is_small: bool) -> None:
    source = [("A", "12"), ("B", "345")]

    assert is_small == (read_texts(source, limits) is not None)
    assert read_by_pairs(source, limits) == wire_of(source, limits)
