"""Every limit of the law, one below it, at it, and one above it, in whole requests."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from ec2codec import Codec

pytestmark = pytest.mark.usefixtures("both_paths")

HEAD = "Action=AuthorizeSecurityGroupIngress&Version={}&GroupId=sg-1a2b3c4d"
OLD, NEW = HEAD.format("2011-12-15"), HEAD.format("2016-11-15")
ONE = "&IpPermissions.1."
ALL = f"{ONE}IpProtocol=-1"
RANGE = f"{ONE}IpRanges.1.CidrIp=10.0.0.0/8"
GROUP = f"{ONE}Groups.1.GroupId=sg-2a2b3c4d"


class Limit(NamedTuple):
    """A request with holes, what is put there, and the rule that it breaks; None: none."""

    name: str
    query: str
    values: dict[str, str | None]
    options: dict[str, str] = {}  # noqa: RUF012 (never changed)


def repeated(character: str, verdicts: dict[int, str | None]) -> dict[str, str | None]:
    return {character * count: rule for count, rule in verdicts.items()}


PORTS: dict[str, str | None] = {"-1": "E304", "0": None, "1": None, "65534": None, "65535": None}
BOUNDS_OF_32_BITS: dict[str, str | None] = {
    "-2147483649": "E201",
    "-2147483648": "E304",
    "-2147483647": "E304",
    "2147483646": "E304",
    "2147483647": "E304",
    "2147483648": "E201",
    # More digits than any number of 32 bits.
    "9999999999": "E201",
    "10000000000": "E201",
}
TYPES: dict[str, str | None] = {"-2": "E306", "0": None, "1": None, "254": None, "255": None, "256": "E306"}
PREFIXES: dict[str, str | None] = {"-1": "E203", "0": None, "1": "W207", "31": None, "32": None, "33": "E203"}
IDS: dict[int, bool] = {7: False, 8: True, 9: False, 16: False, 17: True, 18: False}

LIMITS = [
    *(
        Limit(
            f"{side} of {protocol}",
            f"{OLD}{ONE}IpProtocol={protocol}{ports}{RANGE}",
            PORTS | {"65536": "E304"} | BOUNDS_OF_32_BITS,
            {"platform": platform},
        )
        for protocol in ("tcp", "udp", "6", "17")
        for platform in ("classic", "vpc")
        for side, ports in (
            ("first port", f"{ONE}FromPort={{}}{ONE}ToPort=65535"),
            ("last port", f"{ONE}FromPort=0{ONE}ToPort={{}}"),
        )
    ),
    *(
        Limit(
            f"ICMP {side}",
            f"{query}{ports}{RANGE}",
            TYPES | {"-1": "W307" if side == "type" else None},
        )
        for query in (f"{OLD}{ONE}IpProtocol=icmp", f"{OLD}{ONE}IpProtocol=1", f"{NEW}{ONE}IpProtocol=58")
        for side, ports in (
            ("type", f"{ONE}FromPort={{}}{ONE}ToPort=0"),
            ("code", f"{ONE}FromPort=3{ONE}ToPort={{}}"),
        )
    ),
    Limit(
        "a range that begins where it ends",
        f"{OLD}{ONE}IpProtocol=tcp{ONE}FromPort={{}}{ONE}ToPort=80{RANGE}",
        {"79": None, "80": None, "81": "E305"},
    ),
    Limit(
        "protocol number",
        f"{OLD}{ONE}IpProtocol={{}}{RANGE}",
        {"-2": "E202", "-1": None, "0": None, "2": None, "254": None, "255": None, "256": "E202"},
    ),
    Limit("prefix", f"{OLD}{ALL}{ONE}IpRanges.1.CidrIp=128.0.0.0/{{}}", PREFIXES | {"0": "W207", "1": None}),
    Limit(
        "prefix of the whole Internet",
        f"{OLD}{ALL}{ONE}IpRanges.1.CidrIp=0.0.0.0/{{}}",
        {"-1": "E203", "0": None, "1": None, "31": None, "32": None, "33": "E203"},
    ),
    *(
        Limit(
            f"octet of {quad}",
            f"{OLD}{ALL}{ONE}IpRanges.1.CidrIp={quad}/32",
            {"-1": "E203", "0": None, "1": None, "9": None, "10": None, "99": None, "100": None}
            | {"199": None, "200": None, "249": None, "250": None, "254": None, "255": None, "256": "E203"},
        )
        for quad in ("{}.0.0.0", "0.{}.0.0", "0.0.{}.0", "0.0.0.{}")
    ),
    Limit(
        "prefix of an IPv6 range",
        f"{NEW}{ALL}{ONE}Ipv6Ranges.1.CidrIpv6=::/{{}}",
        {"-1": "E209", "0": None, "1": None, "9": None, "10": None, "99": None, "100": None, "109": None}
        | {"110": None, "119": None, "120": None, "127": None, "128": None, "129": "E209"},
    ),
    *(
        Limit(
            f"group name on {platform}",
            "Action=AuthorizeSecurityGroupIngress&Version=2011-12-15&GroupName={}"
            f"{ONE}IpProtocol=tcp{ONE}FromPort=22{ONE}ToPort=22{RANGE}",
            repeated("a", {0: "E106", 1: None, 2: None, 254: None, 255: None, 256: "E205"}),
            {"platform": platform, "profile": "observed"},
        )
        for platform in ("classic", "any")
    ),
    Limit(
        "name of a source group in a VPC",
        f"{OLD}{ALL}{ONE}Groups.1.GroupName={{}}",
        repeated("a", {1: "E315", 255: "E315", 256: "E205"}),
        {"platform": "vpc"},
    ),
    *(
        Limit(
            f"description of {what}",
            f"{NEW}{ALL}{item}{{}}",
            repeated("a", {0: "E106", 1: None, 254: None, 255: None, 256: "E210"}),
        )
        for what, item in {
            "a range": f"{RANGE}{ONE}IpRanges.1.Description=",
            "a source group": f"{GROUP}{ONE}Groups.1.Description=",
        }.items()
    ),
    Limit(
        "digits of a group id",
        f"{OLD}{ALL}{ONE}Groups.1.GroupId=sg-{{}}",
        {"0123456789abcdef01"[:count]: None if good else "E204" for count, good in IDS.items()},
    ),
    Limit(
        "digits of a prefix list id",
        f"Action=AuthorizeSecurityGroupEgress&Version=2016-11-15&GroupId=sg-1a2b3c4d{ALL}"
        f"{ONE}PrefixListIds.1.PrefixListId=pl-{{}}",
        {"0123456789abcdef01"[:count]: None if good else "E211" for count, good in IDS.items()},
    ),
    Limit(
        "digits of an account id",
        f"{OLD}{ALL}{GROUP}{ONE}Groups.1.UserId={{}}",
        repeated("0", {11: "E206", 12: None, 13: "E206"}) | repeated("9", {11: "E206", 12: None, 13: "E206"}),
    ),
    Limit(
        "index",
        f"{OLD}&IpPermissions.{{}}.IpProtocol=-1&IpPermissions.{{}}.IpRanges.1.CidrIp=10.0.0.0/8",
        {"1": None, "2": "W105", "2147483646": "W105", "2147483647": "W105"},
    ),
    Limit(
        "index of nothing",
        f"{OLD}{ALL}{RANGE}&IpPermissions.{{}}.ToPort=1",
        {"0": "E102", "2147483648": "E102"},
    ),
    Limit(
        "newest version",
        f"Action=RevokeSecurityGroupIngress&Version={{}}&GroupId=sg-1a2b3c4d{ALL}{RANGE}",
        {"2016-11-14": None, "2016-11-15": None, "2016-11-16": "E402"},
    ),
    Limit(
        "oldest version",
        f"Action=RevokeSecurityGroupIngress&Version={{}}&GroupId=sg-1a2b3c4d{ALL}{RANGE}",
        {"2011-12-14": "W414", "2011-12-15": None, "2011-12-16": None},
    ),
    Limit(
        "version of icmpv6 by name",
        f"Action=RevokeSecurityGroupIngress&Version={{}}&GroupId=sg-1a2b3c4d"
        f"{ONE}IpProtocol=icmpv6{ONE}FromPort=-1{ONE}ToPort=-1{RANGE}",
        {"2016-11-14": "E202", "2016-11-15": None},
    ),
    Limit(
        "version that stores types of ICMPv6",
        f"Action=RevokeSecurityGroupIngress&Version={{}}&GroupId=sg-1a2b3c4d"
        f"{ONE}IpProtocol=58{ONE}FromPort=-1{ONE}ToPort=-1{RANGE}",
        {"2016-11-14": "W309", "2016-11-15": None},
    ),
    Limit(
        "id of a peering connection",
        f"{NEW}{ALL}{GROUP}{ONE}Groups.1.VpcPeeringConnectionId={{}}",
        {"pcx-1a2b3c4": "E211", "pcx-1a2b3c4d": None, "pcx-1a2b3c4d5": "E211", "vpc-1a2b3c4d": "E211"},
    ),
    Limit(
        "version that judges types of ICMPv6",
        f"Action=RevokeSecurityGroupIngress&Version={{}}&GroupId=sg-1a2b3c4d"
        f"{ONE}IpProtocol=58{ONE}FromPort=-1{ONE}ToPort=256{RANGE}",
        {"2016-11-14": "W309", "2016-11-15": "E306"},
    ),
]


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_a_limit_is_where_it_is(limit: Limit) -> None:
    codec = Codec(**limit.options)  # type: ignore[arg-type]

    found = {value: codec.check(limit.query.replace("{}", value)) for value in limit.values}

    expected = {value: [rule] * (rule is not None) for value, rule in limit.values.items()}
    assert expected == {value: [v.rule for v in violations] for value, violations in found.items()}


@pytest.mark.parametrize(("version", "severity"), [("2016-11-14", "warning"), ("2016-11-15", "error")])
def test_all_types_with_one_code_are_refused_since_2016_11_15(version: str, severity: str) -> None:
    query = f"{HEAD.format(version)}{ONE}IpProtocol=icmp{ONE}FromPort=-1{ONE}ToPort={{}}{RANGE}"

    found = {code: [(v.rule, v.severity) for v in Codec().check(query.format(code))] for code in (-1, 0, 1)}

    assert {-1: [], 0: [("W307", severity)], 1: [("W307", severity)]} == found


@pytest.mark.parametrize("name", [5, None, b"\xff", ("GroupId",)])
def test_a_name_that_is_no_text_is_refused_for_that(name: object) -> None:
    pairs = [(name, "1"), *(pair.split("=") for pair in f"{NEW}{ALL}{RANGE}".split("&"))]

    [found] = Codec().check(pairs)  # type: ignore[arg-type] # a type checker refuses it, too

    assert ("E107", "InvalidCharacter") == (found.rule, found.code)
    assert found.message.endswith(": expected text")


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False)])
def test_a_boolean_is_read_as_it_is_written(text: str, value: bool) -> None:
    request = Codec().decode(f"{NEW}{ALL}{RANGE}&DryRun={text}")

    assert value is request.dry_run
