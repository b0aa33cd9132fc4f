"""Texts of requests: equal ones in other spellings, near misses, mutations."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from ec2codec import Codec, Platform, Profile, check, decode, encode
from ec2codec.scalars import IPV6_VERSION, Scalar
from ec2codec.shape import members_of
from ec2codec.strategies import mutations, near_misses, queries, requests
from ec2codec.strategies.near_misses import bounds_of
from ec2codec.strategies.queries import texts_of
from ec2codec.strategies.spelling import with_gaps
from ec2codec.strategies.structures import ACTIONS, request_shape
from sampling import drawn, is_drawn, shortest

SIMPLE = (
    "Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=sg-00000000&IpPermissions.1.IpProtocol=tcp"
)


@pytest.mark.parametrize("profile", [*Profile, None])
@given(data=st.data())
def test_every_text_decodes_to_the_request_that_it_was_made_of(
    data: st.DataObject, profile: Profile | None
) -> None:
    request = data.draw(requests(profile=profile))
    text = data.draw(texts_of(st.just(request), gaps=True, signed=True, framed=True))

    assert request == Codec(profile=profile).decode(text)


@given(queries(style="nested", platform="vpc"))
def test_queries_are_valid_under_the_choices_of_their_requests(text: str) -> None:
    request = decode(text, platform="vpc")

    assert request.ip_permissions
    assert sorted(parse_qsl(text, keep_blank_values=True)) == sorted(
        parse_qsl(encode(request), keep_blank_values=True)
    )


@settings(max_examples=50)
@given(queries(gaps=True))
def test_gaps_are_a_warning_and_no_more(text: str) -> None:
    assert {violation.rule for violation in check(text) if violation.severity == "error"} == set()


@cache
def plain_queries() -> list[str]:
    return drawn(queries(), 300)


def rules_of(texts: list[str]) -> set[str]:
    return {violation.rule for text in texts for violation in check(text)}


def test_gaps_signatures_and_frames_come_where_they_are_asked_for() -> None:
    plain, gapped = plain_queries(), drawn(queries(gaps=True), 200)
    signed, framed = drawn(queries(signed=True), 60), drawn(queries(framed=True), 500)

    assert "W105" not in rules_of(plain)
    assert "W105" in rules_of(gapped)
    assert not any("Signature" in text for text in plain)
    assert all(decode(text).auth for text in signed)
    assert all(text[:1] not in "?/h&\n" and "\n" not in text for text in plain)
    assert {text[:1] for text in framed} >= {"?", "/", "h", "&", "\n"}


SPELLINGS = {
    "another order": lambda text: not text.startswith("Action="),
    "lower-case escapes": lambda text: "%2f" in text,
    "a plus for a space": lambda text: "+" in text and "%20" not in text,
    "nothing but escapes": lambda text: text.startswith("%"),
    "a raw slash": lambda text: "/" in text,
    "several manners in one": lambda text: "%2F" in text and "%2f" in text and "a" in text,
}


@pytest.mark.parametrize("what", SPELLINGS)
def test_different_but_equal_spellings_are_drawn(what: str) -> None:
    assert is_drawn(queries(), SPELLINGS[what])


def test_the_plainest_text_is_the_canonical_one() -> None:
    text = shortest(queries("RevokeSecurityGroupIngress", style="nested"), lambda text: len(text) > 100)

    assert text == encode(decode(text))


def test_gaps_keep_the_order_of_items_however_many() -> None:
    pairs = [(f"List.{index}.Item.1", str(index)) for index in range(1, 21)]

    gapped = with_gaps(pairs, 7)

    indexes = [int(name.split(".")[1]) for name, _value in gapped]
    assert sorted(indexes) == indexes
    assert len(set(indexes)) == 20
    assert indexes[-1] > 20
    assert pairs == with_gaps(pairs, 0)


@given(near_misses(), st.sampled_from(Platform))
def test_whatever_a_near_miss_is_the_check_says(text: str, platform: Platform) -> None:
    for violation in check(text, platform=platform):
        assert str(violation).isprintable()


def test_near_misses_break_many_rules_and_are_valid_at_times() -> None:
    texts = drawn(near_misses(), 300)

    assert rules_of(texts) >= {"E101", "E102", "E103", "E106"}
    assert len(rules_of(texts)) > 15
    assert any(not check(text) for text in texts)


@given(st.data())
def test_a_near_miss_is_one_edit_away(data: st.DataObject) -> None:
    text = data.draw(near_misses())
    pairs = parse_qsl(text, keep_blank_values=True)

    # Without one parameter, or two of one name, the rest is of a request that was valid.
    names = Counter(name for name, _value in pairs)
    assert sum(times - 1 for times in names.values()) <= 1


# Action, name, and type of the first parameter of each type.
TYPES: dict[str, tuple[str, str, Scalar]] = {
    member.scalar.name: (action, ".".join(map(str, path)), member.scalar)
    for action in reversed([*ACTIONS])
    for path, member in reversed([*members_of(request_shape(action))])
    if path not in (("Action",), ("Version",)) and member.since <= IPV6_VERSION
}


@pytest.mark.parametrize("of", TYPES)
def test_bounds_have_the_last_value_and_the_first_that_is_none(of: str) -> None:
    action, name, scalar = TYPES[of]
    head = f"Action={action}&Version={IPV6_VERSION}&{name}"

    refused = {
        any(v.rule == "E108" or (v.location, v.severity) == (name, "error") for v in check(f"{head}={bound}"))
        for bound in bounds_of(scalar)
        if bound
    }

    assert refused == {False, True}


@given(st.data())
def test_mutations_are_texts_that_decode_or_are_refused(data: st.DataObject) -> None:
    text = data.draw(mutations(data.draw(queries(max_permissions=1))))

    for violation in check(text):
        assert str(violation).isprintable()


@pytest.mark.parametrize(
    "query", ["", "a", "&", "=", b"", b"\xff\xfe=\x80&a.1.b=%4", "\ud800=1", "a=1&b.1=2"]
)
@given(data=st.data())
def test_anything_can_be_mutated(data: st.DataObject, query: str | bytes) -> None:
    text = data.draw(mutations(query))

    assert isinstance(text, str)
    check(text)


def test_mutations_change_structure_and_signs() -> None:
    query = f"{SIMPLE}&IpPermissions.1.FromPort=1"
    texts = drawn(mutations(query, max_changes=1), 500)

    assert any(sorted(text.split("&")) == sorted(query.split("&")) and text != query for text in texts)
    assert any(len(text.split("&")) < 5 for text in texts)
    assert any(len(text.split("&")) > 5 for text in texts)
    assert any("IpPermissions.0.FromPort" in text for text in texts)
    assert any(
        len(text) == len(query) and sum(a != b for a, b in zip(text, query, strict=True)) == 1
        for text in texts
    )
    assert set("E101 E102 E103 E106 E107 E204".split()) <= rules_of(texts)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"query": None}, "query: expected str or bytes, got NoneType"),
        ({"query": [("a", "b")]}, "query: expected str or bytes, got list"),
        ({"query": "a=b", "max_changes": 0}, "max_changes: expected an integer from 1 on, got 0"),
    ],
)
def test_mutations_of_what_is_no_text_are_refused_at_once(arguments: dict[str, Any], text: str) -> None:
    with pytest.raises(InvalidArgument, match=text):
        mutations(**arguments)
