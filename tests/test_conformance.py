"""The 128 conformance cases of the EC2 semantics, as data for any implementation: fixtures/rules/cases.jsonl.

A case: ``query`` under ``options`` gives exactly the findings in ``expect``, in this order, each as rule,
location, EC2's code and severity as far as the case says them; ``dump`` are members of the decoded request,
``grants`` its protocols and ports, ``encoded`` its canonical text. A case with ``part`` is held elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest

from ec2codec import Codec
from ec2codec.query import write

pytestmark = pytest.mark.usefixtures("both_paths")

FIXTURE = Path(__file__).parent.parent / "fixtures" / "rules" / "cases.jsonl"
CASES: list[dict[str, Any]] = [json.loads(line) for line in FIXTURE.read_text(encoding="utf-8").splitlines()]
QUERIES = {case["id"]: case for case in CASES if "query" in case}


def cases_with(key: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in QUERIES.values() if key in case]


def codec_of(case: dict[str, Any]) -> Codec:
    return Codec(**case["options"])


def test_every_case_of_the_paper_is_there() -> None:
    numbers = {int(case["id"].partition("-")[0]) for case in CASES}

    assert set(range(1, 129)) == numbers
    assert len({case["id"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", cases_with("expect"))
def test_a_case_gives_its_findings(case: dict[str, Any]) -> None:
    expected = [tuple(finding) for finding in case["expect"]]

    violations = codec_of(case).check(case["query"])

    # What a case does not say of a finding is not compared.
    found = [(v.rule, v.location, v.code, v.severity) for v in violations]
    sizes = [*map(len, expected), *[2] * (len(found) - len(expected))]
    assert expected == [facts[:size] for facts, size in zip(found, sizes, strict=False)]


@pytest.mark.parametrize("case", cases_with("expect"))
def test_a_finding_is_as_severe_as_its_letter_or_as_its_case_says(case: dict[str, Any]) -> None:
    letters = {"E": "error", "W": "warning"}
    expected = [finding[3] if len(finding) > 3 else letters[finding[0][0]] for finding in case["expect"]]

    violations = codec_of(case).check(case["query"])

    assert expected == [violation.severity for violation in violations]


@pytest.mark.parametrize("case", cases_with("dump"))
def test_a_case_decodes_to_its_members(case: dict[str, Any]) -> None:
    codec = codec_of(case)

    dumped = codec.dump(codec.decode(case["query"]))

    assert case["dump"] == {name: dumped.get(name) for name in case["dump"]}


@pytest.mark.parametrize("case", cases_with("grants"))
def test_a_case_has_its_grants(case: dict[str, Any]) -> None:
    request = codec_of(case).decode(case["query"])

    grants = [[grant.ip_protocol, grant.from_port, grant.to_port] for grant in request.grants()]

    assert case["grants"] == grants


@pytest.mark.parametrize("case", cases_with("same_grants_as"))
def test_two_spellings_have_the_same_grants(case: dict[str, Any]) -> None:
    other = QUERIES[case["same_grants_as"]]
    expected = codec_of(other).decode(other["query"]).grants()

    grants = codec_of(case).decode(case["query"]).grants()

    assert expected == grants


@pytest.mark.parametrize("case", cases_with("encoded"))
def test_a_case_is_encoded_canonically(case: dict[str, Any]) -> None:
    codec = codec_of(case)

    encoded = codec.encode(codec.decode(case["query"]))

    assert case["encoded"] == encoded


# Semantics 5.3; the secret is that of AWS's documents.
SECRET = b"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SIGNED = {
    "AWSAccessKeyId": "AKIAIOSFODNN7EXAMPLE",
    "Action": "RevokeSecurityGroupIngress",
    "SignatureMethod": "HmacSHA256",
    "SignatureVersion": "2",
    "Timestamp": "2012-01-15T12:00:00Z",
    "Version": "2011-12-15",
}
FLAT = {
    "CidrIp": "205.192.0.0/16",
    "FromPort": "80",
    "GroupName": "websrv",
    "IpProtocol": "tcp",
    "ToPort": "80",
}
NESTED = {
    f"IpPermissions.{index}.{member}": text
    for index in (1, 2, 10)
    for member, text in {
        "FromPort": str(index),
        "IpProtocol": "tcp",
        "IpRanges.1.CidrIp": "10.0.0.0/8",
        "ToPort": str(index),
    }.items()
}


@pytest.mark.parametrize(
    ("method", "own", "signature"),
    [
        ("GET", FLAT, "WsdY08OmgpdNIX/CDFSiKc9HrR3N+sB84xVaX/Flbmo="),
        ("POST", {"GroupName": "web srv+~é", **NESTED}, "o39PN68lEdXukSydCnz/aOUhToFCB6HgLeuGZPslchw="),
    ],
)
def test_the_canonical_query_is_the_one_that_signature_version_2_signs(
    method: str, own: dict[str, str], signature: str
) -> None:
    canonical = write(sorted((SIGNED | own).items()))

    signed = "\n".join((method, "ec2.amazonaws.com", "/", canonical)).encode()
    assert signature == base64.b64encode(hmac.digest(SECRET, signed, hashlib.sha256)).decode()
