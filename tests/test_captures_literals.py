from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2codec.captures.python_literals import MAX_DEPTH, read_structure, read_text

TEXTS = (
    st.text() | st.text(st.characters(codec="latin-1")) | st.sampled_from(["'", '"', "'\"", "\\", "\udc80"])
)
VALUES = st.recursive(
    TEXTS | st.integers().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_structures_are_read_back(structure: dict[str, object]) -> None:
    assert (structure, True) == read_structure(f"{structure!r}, rest", 0)


@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4), st.integers(0))
def test_structure_that_is_cut_is_never_whole(structure: dict[str, object], end: int) -> None:
    text = repr(structure)
    found, is_whole = read_structure(text[: end % len(text)], 0)

    assert not is_whole
    assert set(found) <= set(structure)


@given(st.binary())
def test_bytes_are_read_back(data: bytes) -> None:
    assert data.decode("utf-8", "surrogateescape") == read_text(repr(data))


@pytest.mark.parametrize(
    "literal",
    [r"'\a\b\f\v\t\n\r\\\'\"'", r"'\x41\u00e9\U0001f600\101\0'", r"u'\xe9'", r"B'\xc3\xa9'", r'"it\'s"'],
)
def test_escapes_are_those_of_python(literal: str) -> None:
    expected = ast.literal_eval(literal)
    expected = expected.decode() if isinstance(expected, bytes) else expected

    assert expected == read_text(literal)


def test_what_python_would_refuse_or_warn_of_is_kept_as_it_is() -> None:
    assert r"\d\U00110000" == read_text(r"'\d\U00110000'")
    assert "ab" == read_text("'a\\\nb'")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "{'a': 1, 'b': -2L, 'c': True, 'd': None, 'e': 1.5,}",
            {"a": "1", "b": "-2", "c": "true", "d": None, "e": "1.5"},
        ),
        ("{'a': (1, [2, {}], ()), 'b': [1,]}", {"a": ["1", ["2", {}], []], "b": ["1"]}),
        ("{}", {}),
    ],
)
def test_values_are_given_as_text(text: str, found: object) -> None:
    assert (found, True) == read_structure(text, 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("'a'", {}),
        ("{'a': <Config>, 'b': 1}", {}),
        ("{'a': 1, 'b' 2}", {"a": "1"}),
        ("{'a': 'x'; 'b': 2}", {"a": "x"}),
        ("{'a': 1; 'b': 2}", {}),
        ("{1: 2}", {}),
        ("{[: 2}", {}),
        ("{'a': }", {}),
        ("{'a': [1, 2", {"a": ["1"]}),
        ("{'a': [1 2]}", {"a": ["1"]}),
        ("{'a': 1x}", {}),
    ],
)
def test_what_goes_on_as_no_literal_is_given_up_to_there(text: str, found: object) -> None:
    assert (found, False) == read_structure(text, 0)


@pytest.mark.parametrize("text", ["", "x", "1", "'a", "b", "{"])
def test_what_is_no_text_is_none(text: str) -> None:
    assert read_text(text) is None


def test_depth_is_bounded() -> None:
    assert read_structure("{'a': " * MAX_DEPTH + "{}" + "}" * MAX_DEPTH, 0)[1]
    assert not read_structure("{'a': " * (MAX_DEPTH + 1) + "{}" + "}" * (MAX_DEPTH + 1), 0)[1]
    assert not read_structure("{'a': " + "[" * 100_000, 0)[1]
