"""The laws of the codec, each a property; ARCHITECTURE.md numbers them."""

import os
import subprocess
import sys
from collections import Counter
from random import Random
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from ec2codec import Codec, DecodeError, EncodeError, Profile, Request, check, decode, encode
from ec2codec.query import Wire
from ec2codec.rules.subjects import Limits
from strategies import query_texts, requests

pytestmark = pytest.mark.usefixtures("both_paths")

PROFILES = st.sampled_from([*Profile, None])
PLATFORMS = st.sampled_from(["any", "classic", "vpc"])


@given(requests())
def test_law_1_decode_gives_back_what_encode_was_given(request: Request) -> None:
    assert request == decode(encode(request))


@given(requests())
def test_law_1_the_nested_style_keeps_the_grants(request: Request) -> None:
    nested = decode(encode(request, style="nested"))

    assert Counter(request.grants()) == Counter(nested.grants())
    assert nested.permissions() == nested.ip_permissions


@given(requests(max_permissions=1))
def test_law_1_the_flat_style_keeps_the_grants(request: Request) -> None:
    try:
        text = encode(request, style="flat")
    except EncodeError as error:
        assert {violation.rule for violation in error.violations} == {"E407"}  # noqa: PT017
        return

    assert request.grants() == decode(text).grants()
    assert "IpPermissions" not in text


@given(query_texts(), PROFILES)
def test_law_2_canonical_form_is_idempotent(query: str, profile: Profile | None) -> None:
    codec = Codec(profile=profile)
    try:
        request = codec.decode(query)
    except DecodeError:
        return

    canonical = codec.encode(request)

    note(query)
    assert request == codec.decode(canonical)
    assert canonical == codec.encode(codec.decode(canonical))


@given(query_texts(), PLATFORMS, PROFILES)
def test_law_4_check_finds_no_error_exactly_when_decode_returns(
    query: str, platform: str, profile: Profile | None
) -> None:
    codec = Codec(platform=platform, profile=profile)

    violations = codec.check(query)

    note(query)
    if any(violation.severity == "error" for violation in violations):
        with pytest.raises(DecodeError) as caught:
            codec.decode(query)
        assert violations == caught.value.violations
    else:
        codec.decode(query)


@given(
    st.text()
    | st.binary()
    | st.dictionaries(st.text(), st.text())
    | st.lists(st.tuples(st.text(), st.text()))
)
def test_law_5_check_returns_for_every_input(query: object) -> None:
    for violation in check(query):  # type: ignore[arg-type]
        assert str(violation).isprintable()


@pytest.mark.parametrize(
    "query", [None, 5, object(), [None], [("a",)], {1: 2}, {"Action": ["x"]}, [["Action", 1]]]
)
def test_law_5_check_returns_for_what_is_no_query(query: object) -> None:
    assert check(query)  # type: ignore[arg-type]


def calls(query: str) -> int:
    """Python functions that one check calls: a measure of work that no other load disturbs."""
    count = 0

    def profile(frame: object, event: str, arg: object) -> None:
        nonlocal count
        count += 1

    check(HEAD)  # what is made on first use is made
    sys.setprofile(profile)
    try:
        check(query)
    finally:
        sys.setprofile(None)
    return count


HEAD = "Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=sg-1a2b3c4d&"


@pytest.mark.parametrize(
    "parameter",
    [
        "IpPermissions.{}.IpProtocol=-1&IpPermissions.{}.IpRanges.1.CidrIp=10.0.0.0/8",
        "IpPermissions.1.IpRanges.{}.CidrIp=10.0.0.0/8",
        "IpPermissions.{}000000.Groups.{}.GroupId=sg-1a2b3c4d",
        "Unknown{}=x",
        "IpPermissions.x{}.FromPort=x",
        "a{}.b.c.d.e.f.g=%zz",
        "%zz{}=1",
        "IpPermissions.1.FromPort=80",
    ],
)
def test_law_5_work_grows_in_proportion_to_the_input(parameter: str) -> None:
    small, large = (
        calls(HEAD + "&".join(parameter.format(n, n) for n in range(1, count + 1))) for count in (1000, 4000)
    )

    # Four times the input; in quadratic time it would be sixteen times the work.
    assert large < 6 * small


@pytest.mark.parametrize("segment", [".member", ".1", ".0", ".", ".IpRanges", ".x"])
def test_law_5_a_name_of_100_000_segments_is_not_walked(segment: str) -> None:
    assert 2500 > calls(HEAD + "IpPermissions" + segment * 100_000 + "=x")


@given(query_texts(), PROFILES)
def test_law_7_every_parameter_is_in_the_object_or_in_a_violation(
    query: str, profile: Profile | None
) -> None:
    codec = Codec(profile=profile)
    sent = [pair.name for pair in Wire(query, Limits()).pairs]
    note(query)
    try:
        request = codec.decode(query)
    except DecodeError:
        return  # refused as a whole: nothing of it is used

    kept = [*codec.encode_params(request), *request.auth]
    # Indexes may differ, for gaps close; a Version that was missing is there.
    assert len(sent) + ("Version" not in sent) == len(kept)


@given(requests(max_permissions=2), st.randoms(use_true_random=False))
def test_law_7_no_parameter_is_in_vain(request: Request, random: Random) -> None:
    codec = Codec(profile=None)
    pairs = [*codec.encode_params(request), ("Timestamp", "2012-01-15T12:00:00Z"), ("Signature", "c2VjcmV0")]
    whole = codec.decode(pairs)

    gone = random.randrange(1, len(pairs))
    note(pairs[gone][0])
    try:
        rest = codec.decode([pair for pair in pairs if pair != pairs[gone]])
    except DecodeError:
        return  # what is left means nothing without it

    assert pairs[gone] == ("Version", "2011-12-15") or (whole, whole.auth) != (rest, rest.auth)


@given(query_texts(), st.randoms(use_true_random=False))
def test_law_8_violations_do_not_depend_on_the_order_of_parameters(query: str, random: Random) -> None:
    pieces = [piece for piece in query.split("&") if piece]
    shuffled = pieces[:]
    random.shuffle(shuffled)

    def findings(parts: list[str]) -> set[tuple[str, str, str]]:
        return {(v.rule, v.location, v.message) for v in check([*map(split, parts)])}

    def split(piece: str) -> tuple[str, str]:
        ((name, value),) = parse_qsl(piece, keep_blank_values=True) or [(piece, "")]
        return name, value

    assert findings(pieces) == findings(shuffled)


def test_law_8_violations_do_not_depend_on_the_hash_seed() -> None:
    query = (
        HEAD + "Bogus=1&Alpha=2&Signature=x&Signature=y&IpPermissions.2.FromPort=x&IpPermissions.4.ToPort=0"
    )
    program = f"import ec2codec\nfor v in ec2codec.check({query!r}): print(v)"

    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in range(4)
    }

    assert len(outputs) == 1
