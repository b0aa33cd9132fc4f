"""Law 3: the compiled path says what the reference path says, or nothing; of what breaks no law, all."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

import ec2codec
from ec2codec import Codec, Profile, Request
from ec2codec.captures import Exchange, read_input
from ec2codec.compiled import Abstain, Compiled
from ec2codec.query import Wire
from ec2codec.reference import Reference
from material import needs_material, parameters, records
from strategies import VALUES, VERSIONS, query_texts, requests

CAPTURES = Path(__file__).parent.parent / "fixtures" / "captures"
CODECS = [
    Codec(platform=platform, profile=profile, version=version)
    for platform in ("any", "classic", "vpc")
    for profile in (*Profile, None)
    for version in (None, "2016-11-15")
]
codecs = st.sampled_from(CODECS)


def paths(codec: Codec) -> tuple[Compiled, Reference]:
    compiled = codec._compiled or codec._warm_up() or codec._warm_up()
    assert compiled is not None
    return compiled, codec._reference


# Warnings that the compiled path tells of.
TOLD = {"W207", "W414"}


def said_by_both(codec: Codec, query: Any) -> tuple[Any, Any]:
    """What the reference path and the compiled path say: the request, and what is found.

    Of the request, where it breaks the law; of what is found, where that is no error and not told of: None.
    """
    compiled, reference = paths(codec)
    asked = query if isinstance(query, str) else Wire(query, codec.limits)
    outcome = reference.judge(Wire(query, codec.limits))
    told = outcome.request is not None and TOLD.issuperset(v.rule for v in outcome.violations)
    judged = everything(outcome.request), _everything_found(outcome) if told else None
    said: list[Any] = []
    verbs: Any = ((compiled.decode, everything), (compiled.judge, _everything_found))
    for verb, shown in verbs:
        try:
            said.append(shown(verb(asked)))
        except Abstain:
            said.append(None)
    return judged, tuple(said)


def _everything_found(outcome: Any) -> Any:
    return everything(outcome.request), outcome.violations


def everything(request: Request | None) -> Any:
    """All that a request holds, also what its equality leaves out, and of which type it is."""
    return None if request is None else (type(request), repr(request), list(request.auth.items()))


@given(codecs, query_texts())
def test_law_3_yes_is_said_of_exactly_what_breaks_no_law(codec: Codec, query: str) -> None:
    note(query)

    judged, said = said_by_both(codec, query)

    assert judged == said


@st.composite
def near_requests(draw: st.DrawFn) -> tuple[Codec, Request]:
    """A codec, and a request that is valid under it, or under another."""
    codec = draw(codecs)
    platform = codec.platform if draw(st.booleans()) else draw(st.sampled_from(["any", "classic", "vpc"]))
    return codec, draw(requests(platform=platform, version=draw(st.none() | st.sampled_from(VERSIONS))))


@given(near_requests(), st.randoms(use_true_random=False))
def test_law_3_yes_is_said_of_generated_requests_in_any_order(
    drawn: tuple[Codec, Request], random: Any
) -> None:
    codec, request = drawn
    pairs = [*Codec(profile=None).encode_params(request), ("Signature", "a+b/c%3D"), ("Timestamp", "now")]
    random.shuffle(pairs)
    note(repr(pairs))

    judged, said = said_by_both(codec, pairs)

    assert judged == said


@given(near_requests())
def test_law_3_what_is_written_is_what_the_reference_path_writes(drawn: tuple[Codec, Request]) -> None:
    codec, request = drawn
    compiled, reference = paths(codec)
    pairs = codec._pairs(request)
    try:
        written = compiled.write(request)
    except Abstain:
        written = None

    judged = reference.judge(Wire(pairs, codec.limits)).request

    assert (
        None if judged is None else [(name, ec2codec.scalars.format_scalar(v)) for name, v in pairs]
    ) == written


@given(codecs, query_texts())
def test_law_3_numbers_in_pairs_may_be_numbers(codec: Codec, query: str) -> None:
    wire = Wire(query, codec.limits)
    natives: dict[str, object] = {"true": True, "false": False}
    pairs = [
        (pair.name, int(value) if value.isdecimal() and len(value) < 9 else natives.get(value, value))
        for pair in wire.pairs
        if isinstance(value := pair.value, str)
    ]
    note(repr(pairs))

    judged, said = said_by_both(codec, pairs)

    assert judged == said


RECORDED = [pair for pair in records("*/wire_pairs*.jsonl") if "params" in pair]


@needs_material
@pytest.mark.parametrize("pair", parameters(RECORDED))
def test_law_3_yes_is_said_of_recorded_requests_that_break_no_law(pair: dict[str, Any]) -> None:
    items = [("Action", pair["action"] or "RevokeSecurityGroupIngress"), ("Version", pair["version"])]
    pairs = [(name, value) for name, value in (*items, *pair["params"].items()) if value is not None]

    for codec in CODECS:
        judged, said = said_by_both(codec, pairs)
        assert judged == said


@pytest.mark.parametrize("path", sorted(CAPTURES.iterdir()), ids=lambda path: path.name)
def test_law_3_yes_is_said_of_captured_requests_that_break_no_law(path: Path) -> None:
    for found in read_input(str(path)):
        if isinstance(found, Exchange):
            request = found.request
            query = request.decode() if isinstance(request, bytes) and request.isascii() else request
            for codec in CODECS:
                judged, said = said_by_both(codec, query)
                assert judged == said


SLIPS: tuple[object, ...] = (
    *(0, 1, -1, 2**31, 2**70, 10**5000, True, False, 1.5, "", "80", b"80", None, (), [], ["x"], ("x",), {}),
    *({"GroupId": "sg-1a2b3c4d"}, object(), Ellipsis, "\ud800", "\x00", "a\nb"),
)


@given(codecs, requests(max_permissions=2), st.data())
def test_law_3_slips_in_a_request_are_judged_alike_when_it_is_encoded(
    codec: Codec, request: Request, data: st.DataObject
) -> None:
    slow = Codec(platform=codec.platform, profile=codec.profile, version=codec.version, compiled=False)
    owners: list[Any] = [request, *request.ip_permissions]
    for permission in request.ip_permissions:
        owners += permission.sources
    owner = data.draw(st.sampled_from(owners))
    name = data.draw(st.sampled_from([field.name for field in fields(owner) if field.name != "auth"]))
    slip = data.draw(st.sampled_from(SLIPS) | st.sampled_from(VALUES) | st.sampled_from(owners))
    object.__setattr__(owner, name, slip)
    note(f"{type(owner).__name__}.{name} is a {type(slip).__name__}")

    def outcome(codec: Codec) -> object:
        try:
            return codec.encode(request)
        except ec2codec.EncodeError as error:
            return error.violations

    assert outcome(slow) == outcome(codec)
