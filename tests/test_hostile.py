"""Hostile input: the paper's acceptance table, limits at their edges, secrets, pickles, seeds, and growth.

Nothing here is timed: growth is counted in calls, and memory in bytes.
"""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any

import pytest
from marshmallow import ValidationError

import ec2codec
from ec2codec import (
    Codec,
    DecodeError,
    EncodeError,
    EnvelopeError,
    IpPermission,
    IpRange,
    RevokeSecurityGroupIngress,
    names,
    query,
    scalars,
)
from ec2codec import errors as errors_module
from ec2codec import shape as shapes
from ec2codec.rules import request as request_rules
from ec2codec.rules.subjects import MAX_BYTES, MAX_PARAMETERS, MAX_VALUE
from ec2codec.schemas import RevokeSecurityGroupIngressSchema
from hostile_cases import CASES, NEW, RULE, Case

BASE = "Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=sg-1a2b3c4d"
GOOD = f"{BASE}&{RULE}"


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
def test_a_hostile_request_gets_the_errors_of_its_row(case: Case) -> None:
    found = tuple((v.rule, v.location, v.code) for v in ec2codec.check(case.query) if v.severity == "error")

    assert case.errors == found


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
def test_a_hostile_request_is_shown_in_short_printable_lines(case: Case) -> None:
    lines = [str(violation) for violation in ec2codec.check(case.query) if len(violation.location) < 200]
    messages = [violation.message for violation in ec2codec.check(case.query)]

    assert all(line.isprintable() for line in lines)
    assert all(len(message) <= 300 for message in messages)


def test_the_rows_that_the_paper_calls_good_are_decoded_losslessly() -> None:
    rows: dict[str, Any] = {case.id: ec2codec.decode(case.query) for case in CASES if not case.errors}

    assert rows["A18"].group_name == "a b c+d"
    assert rows["A24"].group_name == "a&Action=AuthorizeSecurityGroupIngress"
    assert [1, 2, 10] == [permission.from_port for permission in rows["B03"].ip_permissions]
    assert len(rows["B02"].ip_permissions) == 1
    assert rows["D23"].ip_permissions[0].ip_ranges == (IpRange(cidr_ip="0.0.0.0/0"),)
    assert rows["D25"].ip_permissions[0].ip_ranges == (IpRange(cidr_ip="100.68.0.18/18"),)


def test_two_thousand_colliding_ipv6_ranges_cost_no_more_than_others() -> None:
    # F08. What lies 2**61 - 1 apart has one hash as int, and as ipaddress object.
    prime = 2**61 - 1

    def request(step: int) -> str:
        texts = (f"{hexadecimal(k * step)}/128" for k in range(2000))
        ranges = (f"&IpPermissions.1.Ipv6Ranges.{n}.CidrIpv6={text}" for n, text in enumerate(texts, 1))
        return f"{NEW}&IpPermissions.1.IpProtocol=-1{''.join(ranges)}"

    def hexadecimal(number: int) -> str:
        digits = f"{number:032x}"
        return ":".join(digits[i : i + 4] for i in range(0, 32, 4))

    colliding, others = (_cost(_warm().check, request(step)) for step in (prime, prime - 1))

    # The comparisons of ipaddress objects are calls: 2,000 that collide would make two million of them.
    assert not errors_of(request(prime))
    assert colliding <= others * 1.5


# Not expressible as text: section S, as far as it is about requests.
PORTS = {
    "S01 True": True,
    "S02 80.0": 80.0,
    "S02 1.9": 1.9,
    "S02 NaN": float("nan"),
    "S02 5,000 digits": 10**5000,
    "a list": [80],
    "bytes": b"80",
}


@pytest.mark.parametrize("port", PORTS.values(), ids=PORTS.keys())
def test_a_port_that_is_no_integer_is_not_encoded(port: Any) -> None:
    permission = IpPermission(
        ip_protocol="tcp", from_port=port, to_port=80, ip_ranges=(IpRange(cidr_ip="10.0.0.0/8"),)
    )
    request = RevokeSecurityGroupIngress(group_id="sg-1a2b3c4d", ip_permissions=(permission,))

    with pytest.raises(EncodeError) as caught:
        ec2codec.encode(request)

    (violation,) = caught.value.violations
    assert violation.location.startswith("IpPermissions.1.FromPort")
    assert violation.rule in ("E201", "E104")
    assert repr(caught.value) == repr(pickle.loads(pickle.dumps(caught.value)))


def test_an_empty_list_and_an_absent_one_are_the_same() -> None:
    empty: Any = IpPermission(ip_protocol="-1", ip_ranges=(IpRange(cidr_ip="10.0.0.0/8"),), groups=())
    absent = IpPermission(ip_protocol="-1", ip_ranges=(IpRange(cidr_ip="10.0.0.0/8"),))

    queries = {
        ec2codec.encode(RevokeSecurityGroupIngress(group_id="sg-1a2b3c4d", ip_permissions=(permission,)))
        for permission in (empty, absent)
    }

    assert empty == absent
    assert len(queries) == 1


FOREIGN: dict[str, Any] = {
    "None": None,
    "a number": 5,
    "an object": object(),
    "a list of numbers": [1, 2],
    "a short pair": [("Action",)],
    "a long pair": [("Action", "x", "y")],
    "a name that is no text": {1: "x"},
    "a value that is a list": {"Action": "RevokeSecurityGroupIngress", "GroupId": ["sg-1a2b3c4d"]},
    "a value that is a structure": {"Action": "RevokeSecurityGroupIngress", "IpPermissions": [{}]},
    "a value that is a function": {"Action": "RevokeSecurityGroupIngress", "GroupId": print},
    "a huge number": {"Action": "RevokeSecurityGroupIngress", "FromPort": 10**5000},
    "no pairs": [],
    "an empty mapping": {},
    "a memoryview": memoryview(b"Action=x"),
    "a bytearray": bytearray(b"\xff\xfe"),
}


@pytest.mark.parametrize("value", FOREIGN.values(), ids=FOREIGN.keys())
def test_check_returns_for_anything_and_its_findings_are_plain_values(value: Any) -> None:
    violations = ec2codec.check(value)

    assert any(violation.severity == "error" for violation in violations)
    assert violations == pickle.loads(pickle.dumps(violations))
    assert all(repr(violation) and str(violation).isprintable() for violation in violations)
    assert len(set(violations)) == len(violations)


# Limits, at n - 1, n and n + 1.
def errors_of(value: Any, **options: Any) -> list[str]:
    return [v.rule for v in Codec(**options).check(value) if v.severity == "error"]


SIZES = {
    "max_bytes": len(GOOD),
    "max_parameters": GOOD.count("&") + 1,
    "max_value": len("RevokeSecurityGroupIngress"),
}


@pytest.mark.parametrize(("limit", "size"), SIZES.items(), ids=SIZES.keys())
def test_a_limit_is_inclusive(limit: str, size: int) -> None:
    verdicts = [errors_of(GOOD, **{limit: bound}) for bound in (size + 1, size, size - 1)]

    assert verdicts == [[], [], ["E108"]]


@pytest.mark.parametrize(("limit", "size"), SIZES.items(), ids=SIZES.keys())
def test_a_limit_holds_for_bytes_pairs_and_mappings_too(limit: str, size: int) -> None:
    pairs = [(name, value) for name, _, value in (piece.partition("=") for piece in GOOD.split("&"))]
    # Pairs have no "=" and "&" between them.
    size -= (2 * len(pairs) - 1) if limit == "max_bytes" else 0

    verdicts = [
        errors_of(form, **{limit: bound}) for form in (pairs, dict(pairs)) for bound in (size, size - 1)
    ]

    assert verdicts == [[], ["E108"], [], ["E108"]]
    assert ["E108"] == errors_of(GOOD.encode(), **{limit: size - 30})


def test_bytes_are_counted_and_not_characters() -> None:
    text = f"{GOOD}&UserId=é"
    size = len(text.encode())

    verdicts = [errors_of(form, max_bytes=n) for form in (text, text.encode()) for n in (size, size - 1)]

    assert verdicts == [[], ["E108"], [], ["E108"]]


DEFAULTS: dict[str, tuple[int, Callable[[int], str]]] = {
    "bytes": (MAX_BYTES, lambda n: f"{GOOD}&{'x' * (n - len(GOOD) - 1)}"),
    "parameters": (MAX_PARAMETERS, lambda n: "&".join([GOOD, *(f"x{k}=1" for k in range(n - 7))])),
    "characters in one value": (MAX_VALUE, lambda n: f"{GOOD}&UserId={'x' * n}"),
}


@pytest.mark.parametrize(("unit", "limit"), DEFAULTS.items(), ids=DEFAULTS.keys())
def test_the_default_limits_are_those_of_the_contract(
    unit: str, limit: tuple[int, Callable[[int], str]]
) -> None:
    bound, query_of_size = limit

    refused = ["E108" in errors_of(query_of_size(size)) for size in (bound - 1, bound, bound + 1)]
    messages = [v.message for v in ec2codec.check(query_of_size(bound + 1))]

    assert refused == [False, False, True]
    assert messages == [f"expected at most {bound:,} {unit}, got {bound + 1:,}"]


def test_the_limits_are_1_mib_10000_parameters_and_16384_characters() -> None:
    assert (MAX_BYTES, MAX_PARAMETERS, MAX_VALUE) == (1024 * 1024, 10_000, 16_384)


def test_an_endless_iterable_is_left_as_soon_as_it_is_over_a_limit() -> None:
    taken = 0

    def endless() -> Any:
        nonlocal taken
        while True:
            taken += 1
            yield f"x{taken}", "1"

    assert errors_of(endless(), max_parameters=50) == ["E108"]
    assert taken == 51


def test_indexes_are_bounded_by_the_largest_32_bit_integer() -> None:
    tops = (2147483646, 2147483647, 2147483648)

    verdicts = [
        errors_of(f"{BASE}&IpPermissions.{n}.IpProtocol=-1&IpPermissions.{n}.IpRanges.1.CidrIp=10.0.0.0/8")
        for n in tops
    ]

    assert verdicts == [[], [], ["E102", "E102"]]


INTEGERS = {-(2**31) - 1: ["E201"], -(2**31): [], 2**31 - 1: [], 2**31: ["E201"]}


@pytest.mark.parametrize(("number", "expected"), INTEGERS.items())
def test_integers_are_bounded_to_32_bits(number: int, expected: list[str]) -> None:
    permission = f"IpPermissions.1.IpProtocol=50&IpPermissions.1.FromPort={number}"

    verdict = errors_of(f"{BASE}&{permission}&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8")

    assert expected == verdict


# Cost.
def operations(act: Callable[[], object]) -> int:
    """How many calls *act* makes, of Python functions and of C functions."""
    count = 0

    def profile(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        act()
    finally:
        sys.setprofile(before)
    return count


def _warm() -> Codec:
    """A codec that has done what is done once."""
    codec = Codec()
    for _ in range(2):
        codec.decode(f"{BASE}&{_at(1)}")
        codec.check(f"{BASE}&{_at(1)}&UserId=%41")
    return codec


def _cost(ask: Callable[[str], object], query: str) -> int:
    """Calls that an answer takes. Names that came before would take fewer, but only so many."""
    for cache in (shapes._find, names._is_near_secret):
        cache.cache_clear()
    return operations(partial(ask, query))


def _at(index: int) -> str:
    return RULE.replace("IpPermissions.1.", f"IpPermissions.{index}.")


def test_a_hostile_index_costs_one_entry() -> None:
    small, large = f"{BASE}&{_at(2)}", f"{BASE}&{_at(999_999_999)}"

    costs = [_cost(_warm().decode, text) for text in (small, large)]
    codec = _warm()
    tracemalloc.start()
    codec.decode(large)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    # The name is longer, the list is not.
    assert abs(costs[1] - costs[0]) < 50
    assert peak < 200_000


def _repeated(piece: str) -> Callable[[int], str]:
    return lambda n: "&".join([BASE, *(piece.format(n=k + 1) for k in range(n))])


SHAPES: dict[str, Callable[[int], str]] = {
    "permissions": lambda n: "&".join(
        [BASE, *(_at(k + 1).replace("10.0", f"10.{k % 250}") for k in range(n))]
    ),
    "ranges": lambda n: _repeated("IpPermissions.1.IpRanges.{n}.CidrIp=10.0.0.0/8")(n),
    "scattered indexes": _repeated("IpPermissions.{n}999.IpProtocol=tcp"),
    "repeated names": lambda n: "&".join([BASE, *(["IpPermissions.1.IpProtocol=tcp"] * n)]),
    "unknown names": _repeated("x{n}=1"),
    "nearly known names": _repeated("GroupIdd{n}=1"),
    "malformed indexes": _repeated("IpPermissions.0{n}.IpProtocol=tcp"),
    "broken escapes": _repeated("x{n}=%zz"),
    "empty pairs": lambda n: BASE + "&" * n,
    "segments": lambda n: f"{BASE}&IpPermissions.1{'.G.1' * n}=1",
    "dots": lambda n: f"{BASE}&{'.' * n}=1",
    "escapes": lambda n: f"{BASE}&UserId={'%41' * n}",
    "line breaks": lambda n: BASE + "\r\n" * n,
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_cost_grows_with_the_input_and_not_with_its_square(shape: Callable[[int], str]) -> None:
    codec, costs = _warm(), {}
    codec.check(shape(100))
    for size in (400, 800, 1600):
        costs[size] = _cost(codec.check, shape(size))

    # Twice as much when linear, four times when quadratic.
    assert costs[1600] - costs[800] <= 3 * (costs[800] - costs[400]) + 500


def _nested(depth: int) -> dict[str, Any]:
    structure: dict[str, Any] = {"FromPort": 80}
    for _ in range(depth):
        structure = {"IpPermissions": [structure]}
    return structure


@pytest.mark.parametrize("depth", [2, 16, 17, 18, 200, 20_000])
def test_a_structure_that_is_nested_too_deep_is_refused_and_not_walked(depth: int) -> None:
    structure = {"Action": "RevokeSecurityGroupIngress", "GroupId": "sg-1a2b3c4d", **_nested(depth)}

    with pytest.raises(EncodeError) as caught:
        Codec().load(structure)

    (violation,) = (v for v in caught.value.violations if v.severity == "error")
    assert violation.rule in ("E101", "E104")
    assert violation.location.startswith("IpPermissions.1.IpPermissions")


def test_a_list_that_holds_itself_many_times_is_left_at_the_limit_of_parameters() -> None:
    endless: list[Any] = []
    endless.extend([endless] * 10)

    with pytest.raises(ValidationError) as caught:
        RevokeSecurityGroupIngressSchema().load({"GroupId": "sg-1a2b3c4d", "IpPermissions": endless})

    assert "expected at most 10,000 parameters" in str(caught.value)


# Secrets.
SECRET = "wJalrXUtnFEMI-K7MDENG-bPxRfiCY"
KEY = "AKIAIOSFODNN7EXAMPLE"
SPELLINGS = (
    *("Signature", "%53ignature", "signature", "SIGNATURE", "X-Amz-signature", "X-Amz-Signature"),
    *("AWSAccessKeyId", "AWSAccessKeyID", "SecurityToken", "X-Amz-Credential", "X-Amz-Security-Token"),
    *("Authorization", "authorization", "Cookie", "Signature.1", "Signature+", "AccessKeyId"),
)
TROUBLES = (
    "",
    "&Signature=second",
    "&GroupId=",
    "&Bogus=1",
    "&%zz=1",
    "&Version=x",
    "&Action=x",
    "&Expires=1",
)


def _everything_said(text: str, **options: Any) -> str:
    """All texts that an input leaves behind."""
    said: list[object] = []
    codec = Codec(**options)
    for violation in codec.check(text):
        said += [str(violation), repr(violation), violation.message, violation.value, violation.hint]
    try:
        request = codec.decode(text)
        said += [repr(request), str(request), codec.dump(request), codec.encode_params(request)]
    except DecodeError as error:
        said += [str(error), repr(error), error.args, pickle.dumps(error), error.__cause__, error.__context__]
    return " ".join(map(str, said))


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("name", SPELLINGS)
def test_a_secret_is_in_no_message_repr_or_pickle(name: str, trouble: str) -> None:
    said = _everything_said(f"{GOOD}&{name}={SECRET}{trouble}")

    assert SECRET not in said
    assert SECRET.lower() not in said.lower()


@pytest.mark.parametrize("trouble", ["%zz", "%FF", "%00", "", "x" * (MAX_VALUE + 1)])
def test_a_broken_secret_is_not_shown_either(trouble: str) -> None:
    said = _everything_said(f"{GOOD}&Signature={SECRET}{trouble}")

    assert SECRET not in said


PLACES = {
    "Action": f"Action={KEY}&Version=2011-12-15",
    "Version": f"Action=RevokeSecurityGroupIngress&Version={KEY}",
    "GroupId": f"Action=RevokeSecurityGroupIngress&GroupId={KEY}&{RULE}",
    "IpProtocol": f"{BASE}&IpPermissions.1.IpProtocol={KEY}",
    "FromPort": f"{BASE}&IpPermissions.1.FromPort={KEY}",
    "CidrIp": f"{BASE}&IpPermissions.1.IpRanges.1.CidrIp={KEY}",
    "Groups.1.UserId": f"{BASE}&IpPermissions.1.Groups.1.UserId={KEY}",
    "an unknown name": f"{GOOD}&Bogus={KEY}",
}


@pytest.mark.parametrize("text", PLACES.values(), ids=PLACES.keys())
@pytest.mark.parametrize("platform", ["any", "classic", "vpc"])
def test_an_access_key_that_stands_elsewhere_is_not_in_a_finding(text: str, platform: str) -> None:
    violations = ec2codec.check(text, platform=platform)

    assert violations
    assert KEY not in repr(violations)


@pytest.mark.parametrize("platform", ["any", "classic", "vpc"])
def test_an_access_key_as_group_name_is_not_in_a_finding(platform: str) -> None:
    texts = (
        f"Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupName={KEY}",
        f"{BASE}&SourceSecurityGroupName={KEY}",
        f"{BASE}&IpPermissions.1.IpProtocol=-1&IpPermissions.1.Groups.1.GroupName={KEY}&UserId=1",
    )

    findings = [ec2codec.check(text, platform=platform) for text in texts]

    assert all(findings)
    assert KEY not in repr(findings)


# Pickles.
@pytest.mark.parametrize("kind", [DecodeError, EncodeError, EnvelopeError])
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_error_survives_pickle(kind: type[ec2codec.Ec2CodecError], protocol: int) -> None:
    error = kind(ec2codec.check(f"{BASE}&IpPermissions.0.FromPort=x&Signature={SECRET}&Signature=x"))

    copy = pickle.loads(pickle.dumps(error, protocol))

    assert type(error) is type(copy)
    assert error.violations == copy.violations
    assert str(error) == str(copy)


# One input, one answer.
SCRIPT = """
import json, sys
from hostile_cases import CASES
import ec2codec
for case in CASES:
    for platform in ("any", "classic", "vpc"):
        for profile in ("documented", "observed", None):
            found = ec2codec.check(case.query, platform=platform, profile=profile)
            print(case.id, json.dumps([(str(v), v.severity, v.certainty, repr(v.value)) for v in found]))
"""


def _printed(*options: str, **environment: str) -> bytes:
    paths = os.pathsep.join([os.path.dirname(__file__), os.path.dirname(os.path.dirname(__file__))])
    return subprocess.run(
        [sys.executable, *options, "-c", SCRIPT],
        env={**os.environ, "PYTHONPATH": paths, **environment},
        capture_output=True,
        check=True,
    ).stdout


@pytest.fixture(scope="module")
def printed_under_seed_0() -> bytes:
    return _printed(PYTHONHASHSEED="0")


@pytest.mark.parametrize("seed", ["1", "2", "3", "4"])
def test_the_answer_does_not_depend_on_the_hash_seed(seed: str, printed_under_seed_0: bytes) -> None:
    printed = _printed(PYTHONHASHSEED=seed)

    assert printed_under_seed_0 == printed
    assert printed.count(b"\n") == len(CASES) * 9


@pytest.mark.parametrize(
    "options", [("-O",), ("-X", "int_max_str_digits=0"), ("-X", "int_max_str_digits=640")]
)
def test_the_answer_does_not_depend_on_the_interpreters_options(
    options: tuple[str, ...], printed_under_seed_0: bytes
) -> None:
    printed = _printed(*options, PYTHONHASHSEED="0")

    assert printed_under_seed_0 == printed


@pytest.mark.parametrize("name", ["IpPermissions.1.ToPort", "Bogus", "IpPermissions.0.ToPort", "Action"])
def test_the_findings_do_not_depend_on_which_of_two_values_stands_first(name: str) -> None:
    forwards, backwards = (f"{GOOD}&{name}={first}&{name}={second}" for first, second in ("ab", "ba"))

    assert set(ec2codec.check(forwards)) == set(ec2codec.check(backwards))


# Regular expressions.
MODULES: tuple[ModuleType, ...] = (errors_module, names, query, scalars, request_rules)
PATTERNS = {
    f"{module.__name__.removeprefix('ec2codec.')}.{name}": value
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, re.Pattern)
}
SIZE = 100_000
BAITS = (
    *("0", "9", "-", "1.", "255.", "a", "a-", "sg-", ":", "f:", "0/", "%", "%4", "A", "AKIA", " ", "\n"),
    *(".", "=", "&", "/", "://", "h+", "2011-", "\ud800", "\u0663"),
)
TEXTS = [(bait * SIZE)[:SIZE] + end for bait in BAITS for end in ("", "!", "\n", "/33")]


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS.keys())
def test_a_pattern_returns_for_100_kb_of_any_bait(pattern: re.Pattern[str]) -> None:
    # With nested repetition it would not come back within a lifetime.
    results = [match(text) for text in TEXTS for match in (pattern.fullmatch, pattern.match)]

    assert len(results) == 2 * len(TEXTS)


def test_all_patterns_of_the_package_are_asked() -> None:
    assert len(PATTERNS) >= 14


PREDICATES: tuple[Callable[[str], object], ...] = (
    *(scalars.is_cidr, scalars.is_ipv6_cidr, scalars.is_group_name, scalars.is_user_id, scalars.is_protocol),
    *(scalars.is_description, scalars.canonical_protocol, names.is_index, names.parse_name, names.is_secret),
    *(errors_module.quoted, lambda text: scalars.is_resource_id(text, "sg"), names.snake_case),
)


@pytest.mark.parametrize("text", [letter * SIZE for letter in "a1.-:%"])
def test_every_reader_of_a_value_returns_for_100_kb(text: str) -> None:
    results = [predicate(text) for predicate in PREDICATES]

    assert results[:4] == [False] * 4
