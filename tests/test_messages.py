"""What a violation says: code, text and certainty of every row of the semantics paper's table 3.1.

Recorded texts are verbatim; a hint of ours at the end of one is `Violation.hint` and set aside here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from marshmallow import ValidationError

import ec2codec
from ec2codec import RULES, Codec, Violation
from ec2codec.response_schemas import ErrorResponseSchema

pytestmark = pytest.mark.usefixtures("both_paths")

REVOKE = "Action=RevokeSecurityGroupIngress&Version=2011-12-15"
BASE = f"{REVOKE}&GroupId=sg-1a2b3c4d"
EGRESS = "Action=AuthorizeSecurityGroupEgress&Version=2011-12-15&GroupId=sg-1a2b3c4d"
ONE = "IpPermissions.1."
CIDR = f"{ONE}IpRanges.1.CidrIp=10.0.0.0/8"
TCP = f"{ONE}IpProtocol=tcp&{ONE}FromPort=22&{ONE}ToPort=22"
GOOD = f"{TCP}&{CIDR}"
FLAT = "IpProtocol=tcp&FromPort=80&ToPort=80"

NO_SOURCE = "Missing source specification: include source security group or CIDR information"
NOT_BY_NAME = (
    "Invalid value 'web' for groupName. You may not reference Amazon VPC security groups by name. "
    "Please use the corresponding id for this operation."
)
ONLY_TCP_UDP_ICMP = 'Unsupported IP protocol "{}"  - supported: [tcp, udp, icmp]'
NAMED_TWICE = "The parameter groupName cannot be used with the parameter groupId"
INVALID = "InvalidParameterValue"
MALFORMED = "InvalidPermission.Malformed"
MISSING = "MissingParameter"
COMBINATION = "InvalidParameterCombination"


class Row(NamedTuple):
    """One row of the table on one platform; text None: none is recorded, and ours is free."""

    key: str
    query: str
    platform: str
    rule: str
    code: str | None
    text: str | None
    certainty: str


def ports(protocol: str, first: object, last: object) -> str:
    members = {"IpProtocol": protocol, "FromPort": first, "ToPort": last}
    sent = (f"{ONE}{name}={value}" for name, value in members.items() if value is not None)
    return f"{BASE}&{'&'.join(sent)}&{CIDR}"


def group(*members: str) -> str:
    return f"{BASE}&{TCP}&" + "&".join(f"{ONE}Groups.1.{member}" for member in members)


def cidr(text: str) -> str:
    return f"{BASE}&{TCP}&{ONE}IpRanges.1.CidrIp={text}"


ROWS = [
    Row("P1 none", f"Version=2011-12-15&{GOOD}", "any", "E401", "MissingAction", None, ""),
    Row("P1 unknown", f"Action=Revoke&Version=2011-12-15&{GOOD}", "any", "E401", "InvalidAction", None, ""),
    Row(
        "P2 unknown",
        f"Action=RevokeSecurityGroupIngress&Version=2017-01-01&{GOOD}",
        "any",
        "E402",
        "NoSuchVersion",
        None,
        "ours",
    ),
    Row(
        "P3 top level",
        f"{BASE}&{GOOD}&Item.1.IpProtocol=tcp",
        "any",
        "E101",
        "UnknownParameter",
        "The parameter Item is not recognized",
        "recorded",
    ),
    Row(
        "P3 SDK name",
        f"{BASE}&{GOOD}&UserIdGroupPairs.1.GroupId=sg-1a2b3c4d",
        "any",
        "E101",
        "UnknownParameter",
        "The parameter UserIdGroupPairs is not recognized",
        "recorded",
    ),
    Row("P3 leaf", f"{BASE}&{GOOD}&{ONE}Foo=1", "any", "E101", "UnknownParameter", None, "ours"),
    Row(
        "P3 no leaf",
        f"{BASE}&{TCP}&{ONE}IpRanges.1=10.0.0.0/8",
        "any",
        "E104",
        "InvalidRequest",
        "The request received was invalid",
        "recorded",
    ),
    # Contract: InvalidParameterCombination; the paper's code is its own choice.
    Row("P4", f"{BASE}&{GOOD}&{ONE}ToPort=22", "any", "E103", COMBINATION, None, "ours"),
    Row("P5", f"{BASE}&{GOOD}&IpPermissions.0.ToPort=22", "any", "E102", "UnknownParameter", None, "ours"),
    Row("P6", ports("tcp", "http", 80), "any", "E201", INVALID, None, "ours"),
    Row(
        "P7",
        f"{REVOKE}&GroupId=&{GOOD}",
        "any",
        "E106",
        INVALID,
        "Value () for parameter groupId is invalid. The value cannot be empty",
        "recorded",
    ),
    Row(
        "R1 none",
        f"{REVOKE}&{GOOD}",
        "any",
        "E403",
        MISSING,
        "The request must contain the parameter groupName or groupId",
        "recorded",
    ),
    Row(
        "R1 none on egress",
        f"Action=RevokeSecurityGroupEgress&Version=2011-12-15&{GOOD}",
        "any",
        "E403",
        MISSING,
        "The request must contain the parameter groupId",
        "recorded",
    ),
    Row("R1 both", f"{BASE}&GroupName=web&{GOOD}", "any", "E404", COMBINATION, NAMED_TWICE, "ours"),
    Row(
        "R2 id",
        f"{REVOKE}&GroupId=foo&{GOOD}",
        "any",
        "E204",
        "InvalidGroupId.Malformed",
        'Invalid id: "foo" (expecting "sg-...")',
        "recorded",
    ),
    Row(
        "R2 name",
        f"{REVOKE}&GroupName=w%C3%A9b&{GOOD}",
        "any",
        "E205",
        INVALID,
        "Value (wéb) for parameter GroupName is invalid. Character sets beyond ASCII are not supported.",
        "documented",
    ),
    Row("R3", BASE, "classic", "E406", "InvalidRequest", "The request received was invalid.", "documented"),
    Row("R3", BASE, "vpc", "E406", MISSING, NO_SOURCE, "recorded"),
    Row("R3", BASE, "any", "E406", MISSING, NO_SOURCE, "recorded"),
    Row(
        "R4",
        f"{BASE}&CidrIp=10.0.0.0/8&{GOOD}",
        "any",
        "E407",
        COMBINATION,
        "cidrIp and ipPermissions must not both be set",
        "documented",
    ),
    Row(
        "R5 no range",
        f"{BASE}&{FLAT}",
        "any",
        "E408",
        MISSING,
        "cidrIp must be set if ipProtocol is set.",
        "documented",
    ),
    Row(
        "R5 no owner",
        f"{BASE}&SourceSecurityGroupName=web",
        "any",
        "E408",
        MISSING,
        "sourceSecurityGroupOwnerId must be set if sourceSecurityGroupName is set.",
        "documented",
    ),
    Row(
        "R5 owner alone",
        f"{BASE}&SourceSecurityGroupOwnerId=123456789012",
        "any",
        "E408",
        MISSING,
        "Source group ID missing.",
        "recorded",
    ),
    Row(
        "R5 mixed",
        f"{BASE}&CidrIp=10.0.0.0/8&SourceSecurityGroupName=web&SourceSecurityGroupOwnerId=123456789012",
        "any",
        "E409",
        COMBINATION,
        "cidrIp and sourceSecurityGroupName must not both be set",
        "documented",
    ),
    *(
        Row(
            f"R6 {name}",
            f"{EGRESS}&{GOOD}&{name}={value}",
            "any",
            "E101",
            "UnknownParameter",
            f"The parameter {name} is not recognized",
            "recorded",
        )
        for name, value in {"GroupName": "web", "CidrIp": "10.0.0.0/8"}.items()
    ),
    Row("R7", f"{REVOKE}&GroupName=web&{GOOD}", "vpc", "E405", INVALID, NOT_BY_NAME, "recorded"),
    Row(
        "M1",
        f"{BASE}&{CIDR}",
        "classic",
        "E301",
        MISSING,
        "The request must contain the parameter ipProtocol",
        "ours",
    ),
    Row(
        "M1",
        f"{BASE}&{CIDR}",
        "vpc",
        "E301",
        INVALID,
        "Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly.",
        "recorded",
    ),
    Row(
        "M2",
        ports("what", None, None),
        "classic",
        "E202",
        MALFORMED,
        ONLY_TCP_UDP_ICMP.format("what"),
        "recorded",
    ),
    Row(
        "M2",
        ports("all", None, None),
        "vpc",
        "E202",
        INVALID,
        "Invalid value 'all' for IP protocol. Unknown protocol.",
        "recorded",
    ),
    Row(
        "M3",
        ports("-1", None, None),
        "classic",
        "E302",
        MALFORMED,
        ONLY_TCP_UDP_ICMP.format("-1"),
        "recorded",
    ),
    Row(
        "M3 deduced",
        f"{REVOKE}&GroupName=web&{ONE}IpProtocol=50&{CIDR}",
        "any",
        "E302",
        MALFORMED,
        ONLY_TCP_UDP_ICMP.format("50"),
        "recorded",
    ),
    Row(
        "M4 tcp",
        ports("tcp", None, 22),
        "classic",
        "E303",
        MALFORMED,
        "TCP/UDP port (-1) out of range",
        "recorded",
    ),
    Row(
        "M4 tcp",
        ports("tcp", None, 22),
        "vpc",
        "E303",
        INVALID,
        "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
        "recorded",
    ),
    Row(
        "M4 icmp",
        ports("icmp", 8, None),
        "classic",
        "E303",
        MALFORMED,
        "Must specify both type and code for ICMP.",
        "documented",
    ),
    Row(
        "M4 icmp",
        ports("icmp", 8, None),
        "vpc",
        "E303",
        INVALID,
        "Invalid value 'Must specify both from and to ports with ICMP.' for portRange.",
        "recorded",
    ),
    Row(
        "M5 -1",
        ports("tcp", -1, 80),
        "classic",
        "E304",
        MALFORMED,
        "TCP/UDP port (-1) out of range",
        "recorded",
    ),
    Row(
        "M5",
        ports("tcp", 80, 70000),
        "classic",
        "E304",
        MALFORMED,
        "TCP/UDP port (70000) out of range",
        "documented",
    ),
    Row(
        "M5 from",
        ports("tcp", -1, 80),
        "vpc",
        "E304",
        INVALID,
        "TCP/UDP (from) port (-1) out of range",
        "recorded",
    ),
    Row(
        "M5 to",
        ports("udp", 80, 70000),
        "vpc",
        "E304",
        INVALID,
        "TCP/UDP (to) port (70000) out of range",
        "ours",
    ),
    Row("M6", ports("tcp", 90, 80), "classic", "E305", MALFORMED, None, "ours"),
    Row("M6", ports("tcp", 90, 80), "vpc", "E305", INVALID, "Invalid TCP/UDP port range.", "documented"),
    *(
        Row(
            "M7 code",
            ports("icmp", 0, 65535),
            platform,
            "E306",
            INVALID,
            "ICMP code (65535) out of range",
            "recorded",
        )
        for platform in ("classic", "vpc")
    ),
    Row("M7 type", ports("icmp", 256, 0), "any", "E306", INVALID, "ICMP type (256) out of range", "ours"),
    Row(
        "M8",
        ports("icmp", -1, 0).replace("2011-12-15", "2016-11-15"),
        "vpc",
        "W307",
        INVALID,
        None,
        "ours",
    ),
    *(
        Row("M10", f"{BASE}&{TCP}", platform, "E310", MISSING, NO_SOURCE, "recorded")
        for platform in ("classic", "vpc")
    ),
    Row(
        "M11",
        f"{BASE}&{GOOD}&{ONE}Groups.1.GroupId=sg-2a2b3c4d",
        "any",
        "E311",
        COMBINATION,
        "source security group and CIDR IP address range cannot both be specified in IpPermissions.n",
        "ours",
    ),
    Row(
        "M12",
        f"{BASE}&{GOOD}&{ONE}IpRanges.2.CidrIp=10.0.0.0/8",
        "classic",
        "E410",
        "InvalidPermission.Duplicate",
        None,
        "ours",
    ),
    Row(
        "M12",
        f"{BASE}&{GOOD}&{ONE}IpRanges.2.CidrIp=10.0.0.0/8",
        "vpc",
        "E410",
        INVALID,
        "The same permission must not appear multiple times",
        "recorded",
    ),
    # The code is recorded, the text is Eucalyptus's.
    Row("S1", cidr("::/0"), "classic", "E203", MALFORMED, "Invalid IP range: '::/0'", "documented"),
    Row("S1", cidr("::/0"), "vpc", "E203", INVALID, "CIDR block ::/0 is malformed", "recorded"),
    Row(
        "S1 no prefix",
        cidr("10.0.0.0"),
        "any",
        "E203",
        INVALID,
        "CIDR block 10.0.0.0 is malformed",
        "recorded",
    ),
    Row("S2", cidr("10.0.0.1/8"), "vpc", "W207", None, None, ""),
    Row(
        "G1 neither",
        group("UserId=123456789012"),
        "any",
        "E312",
        MISSING,
        "Source group ID missing.",
        "recorded",
    ),
    Row("G1 both", group("GroupId=sg-2a2b3c4d", "GroupName=web"), "any", "E313", COMBINATION, None, "ours"),
    Row("G2", group("GroupName=web"), "classic", "E314", MISSING, None, "ours"),
    Row(
        "G3",
        group("UserId=x", "GroupName=web"),
        "classic",
        "E206",
        "InvalidUserID.Malformed",
        'Invalid user ID: "x"',
        "documented",
    ),
    Row(
        "G3",
        group("UserId=s", "GroupId=sg-2a2b3c4d"),
        "vpc",
        "E206",
        INVALID,
        "Invalid value 's' for userId.",
        "recorded",
    ),
    Row(
        "G4",
        group("GroupId=foo"),
        "any",
        "E204",
        "InvalidGroupId.Malformed",
        'Invalid id: "foo" (expecting "sg-...")',
        "recorded",
    ),
    Row("G6", group("GroupName=web"), "vpc", "E315", INVALID, NOT_BY_NAME, "recorded"),
    Row(
        "G6 flat",
        f"{BASE}&SourceSecurityGroupName=web&SourceSecurityGroupOwnerId=123456789012",
        "vpc",
        "E315",
        INVALID,
        NOT_BY_NAME,
        "recorded",
    ),
]


def only(query: str, platform: str) -> Violation:
    """The one violation of a query that breaks one rule."""
    (violation,) = ec2codec.check(query, platform=platform)
    return violation


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row.key}-{row.platform}") for row in ROWS])
def test_a_violation_has_the_code_and_the_text_of_its_row(row: Row) -> None:
    violation = only(row.query, row.platform)

    text = violation.message.removesuffix(violation.hint)
    assert (row.rule, row.code) == (violation.rule, violation.code)
    assert row.text in (None, text)
    assert row.certainty in ("", violation.certainty)


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row.key}-{row.platform}") for row in ROWS])
def test_a_violation_prints_as_one_line_with_its_place_and_rule(row: Row) -> None:
    violation = only(row.query, row.platform)

    line = str(violation)

    code = f" [{row.code}]" if row.code else ""
    assert line.startswith(f"{violation.location}: {row.rule} ")
    assert line.endswith(f"{violation.message}{code}")
    assert line.isprintable()


HINTS = {
    f"{BASE}&{GOOD}&{ONE}UserIdGroupPairs.1.GroupId=sg-2a2b3c4d": f"{ONE}Groups.1.GroupId",
    f"{BASE}&{GOOD}&{ONE}IpRanges.member.2.CidrIp=10.0.0.0/9": f"{ONE}IpRanges.2.CidrIp",
    f"{BASE}&{GOOD}&ippermissions.2.ipprotocol=tcp": "IpPermissions.2.IpProtocol",
    f"{BASE}&{GOOD}&IpPermissions.02.ToPort=22": "IpPermissions.2.ToPort",
    f"{BASE}&{TCP}&{ONE}IpRanges.1=10.0.0.0/8": f"{ONE}IpRanges.1.CidrIp",
    f"{BASE}&{GOOD}&{ONE}FromPrt=22": f"{ONE}FromPort",
    f"{BASE}&{GOOD}&Item.2.ToPort=443": "IpPermissions.2.ToPort",
    f"{BASE.replace('2011-12-15', '2016-11-15')}&{GOOD}&SecurityGroupRuleIds.1=sgr-1a2b3c4d": (
        "SecurityGroupRuleId.1"
    ),
}


@pytest.mark.parametrize(("query", "meant"), HINTS.items(), ids=HINTS.values())
def test_a_name_that_is_not_known_is_told_what_was_meant(query: str, meant: str) -> None:
    violation = only(query, "any")

    assert f"; did you mean {meant}?" == violation.hint


def test_a_name_that_is_newer_than_the_version_is_told_which_version_brought_it() -> None:
    violation = only(f"{BASE}&DryRun=true&{GOOD}", "any")

    assert violation.message == f"The parameter DryRun is not recognized{violation.hint}"
    assert "2013-08-15" in violation.hint
    assert "2011-12-15" in violation.hint


def test_a_text_that_would_break_a_line_is_shown_escaped_and_cut() -> None:
    violation = only(cidr("a%0D%0A%1B%E2%80%AE" + "x" * 200), "any")

    assert violation.message.isprintable()
    assert len(violation.message) < 120


FIXTURE = Path(__file__).parent.parent / "fixtures" / "rules" / "messages.jsonl"
SAID: list[dict[str, Any]] = [json.loads(line) for line in FIXTURE.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", SAID, ids=lambda case: case["text"][-60:])
def test_what_is_said_is_said_letter_for_letter(case: dict[str, Any]) -> None:
    options = dict(case.get("options", {}))
    request = options.pop("request", None)
    codec = Codec(**options)

    found = (
        codec.check_response(case["text"], request=request)
        if case["text"].startswith("<")
        else codec.check(case["text"])
    )

    assert case["says"] == [[str(v), v.severity, v.certainty, v.hint] for v in found]


def test_every_rule_is_heard() -> None:
    said = " ".join(line for case in SAID for line, *_ in case["says"])

    assert [] == [rule for rule in RULES if f"{rule} " not in said]


def test_a_value_that_is_no_text_is_told_by_its_type() -> None:
    pairs: list[tuple[str, object]] = [
        ("Action", "RevokeSecurityGroupIngress"),
        ("Version", "2011-12-15"),
        ("GroupId", 5),
    ]

    found = ec2codec.check(pairs)

    assert ["GroupId: E104 The request received was invalid; expected text, got int [InvalidRequest]"] == [
        str(v) for v in found if v.location == "GroupId"
    ]


def test_the_schema_of_one_response_names_the_root_that_it_expects() -> None:
    with pytest.raises(ValidationError) as caught:
        ErrorResponseSchema().loads("<html/>")

    assert {"_schema": ["expected the root element Response, got 'html'"]} == caught.value.messages
