"""How much one request may be: one below each limit, at it, and one above it."""

from __future__ import annotations

import pytest

from ec2codec import Codec, check

HEAD = "Action=AuthorizeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1a2b3c4d"
ALL = f"{HEAD}&IpPermissions.1.IpProtocol=-1"
ONE = "&IpPermissions.1.IpRanges."


def refused(query: str) -> list[str]:
    return [str(violation) for violation in check(query) if violation.rule == "E108"]


def test_what_is_at_its_limit_is_not_refused_beside_what_is_over() -> None:
    pairs = [("Action", "RevokeSecurityGroupIngress"), ("Version", "2011-12-15")]

    found = Codec(max_parameters=1, max_bytes=9).check(pairs)

    assert ["E108 expected at most 9 bytes, got 32 [InvalidRequest]"] == [
        str(violation) for violation in found
    ]


def test_nothing_is_within_limits_of_nothing() -> None:
    found = Codec(max_bytes=0, max_parameters=0, max_value=0).check("")

    assert ["E401"] == [violation.rule for violation in found]


def test_what_was_not_measured_is_within_every_limit() -> None:
    found = Codec(max_bytes=1, max_parameters=0, max_value=0).check("Action=RevokeSecurityGroupIngress")

    assert ["E108 expected at most 1 bytes, got 33 [InvalidRequest]"] == [
        str(violation) for violation in found
    ]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (9_999, []),
        (10_000, []),
        (10_001, ["E108 expected at most 10,000 parameters, got 10,001 [InvalidRequest]"]),
    ],
)
def test_a_request_has_at_most_10_000_parameters(count: int, expected: list[str]) -> None:
    query = ALL + "".join(f"{ONE}{n}.CidrIp=10.{n >> 8}.{n & 255}.0/24" for n in range(1, count - 3))

    found = refused(query)

    assert count == query.count("=")
    assert expected == found


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (16_383, []),
        (16_384, []),
        (16_385, ["E108 expected at most 16,384 characters in one value, got 16,385 [InvalidRequest]"]),
    ],
)
def test_a_value_has_at_most_16_384_characters(length: int, expected: list[str]) -> None:
    assert expected == refused(f"{ALL}{ONE}1.CidrIp=10.0.0.0/8&SecurityToken={'x' * length}")


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (1_048_575, []),
        (1_048_576, []),
        (1_048_577, ["E108 expected at most 1,048,576 bytes, got 1,048,577 [InvalidRequest]"]),
    ],
)
def test_a_request_has_at_most_a_mebibyte(size: int, expected: list[str]) -> None:
    query = ALL + "".join(f"{ONE}{n}.Description={'x' * 16_300}" for n in range(1, 65))
    query += "&" * (size - len(query))

    found = refused(query)

    assert size == len(query)
    assert expected == found
