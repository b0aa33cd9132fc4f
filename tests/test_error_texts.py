"""EC2's error texts back into data, and its codes as an enum."""

from __future__ import annotations

from typing import Any

import pytest

import ec2codec
from ec2codec import RULES, Grant, IpRange, Ipv6Range, PrefixListId, UserIdGroupPair, Violation
from ec2codec.error_codes import ErrorCode
from ec2codec.error_texts import ErrorDetail, parse_error
from ec2codec.model import Source
from ec2codec.names import format_name, parse_name
from test_messages import ROWS

MALFORMED = "InvalidPermission.Malformed"
DUPLICATE = "InvalidPermission.Duplicate"
VALUE = "InvalidParameterValue"
NOT_FOUND = "InvalidGroup.NotFound"


def spoken() -> list[Any]:
    """Every error that the rules' examples and the table of texts give, by rule and location."""
    found: dict[str, Violation] = {}
    for rule in RULES.values():
        for example in rule.examples if rule.subject != "document" else ():
            for v in ec2codec.Codec(**example.options).check(example.text):  # type: ignore[arg-type]
                found[f"{v.rule} {v.location} {v.message}"] = v
    for row in ROWS:
        for v in ec2codec.check(row.query, platform=row.platform):
            found[f"{v.rule} {v.location} {v.message}"] = v
    texts = {key: v for key, v in found.items() if v.certainty != "ours" and v.code is not None}
    return [pytest.param(v, id=key[:60]) for key, v in texts.items()]


@pytest.mark.parametrize("violation", spoken())
def test_a_text_of_the_rules_names_the_parameter_that_the_rule_names(violation: Violation) -> None:
    message = violation.message.removesuffix(violation.hint)

    detail = parse_error(str(violation.code), message)

    assert detail is not None
    assert violation.code == detail.code
    if detail.value is not None:
        assert str("" if violation.value is None else violation.value) in (detail.value, "")
    # "The request received was invalid" names none, and E310, E311 and E406 stand at the permission itself.
    if detail.parameters and violation.rule not in ("E310", "E311", "E312", "E406", "E410"):
        path = [part for part in parse_name(violation.location) if isinstance(part, str)]
        # EC2 quotes the first segment of an unknown name; others are known by their last.
        assert not {path[0], path[-1], violation.location}.isdisjoint(_as_wire(detail.parameters))


def _as_wire(parameters: tuple[str, ...]) -> set[str]:
    aliases = {
        "CidrIp": ("CidrIpv6",),
        "UserId": ("SourceSecurityGroupOwnerId",),
        "GroupId": ("SourceSecurityGroupName",),
        "GroupName": ("SourceSecurityGroupName",),
    }
    return {*parameters, *(other for name in parameters for other in aliases.get(name, ()))}


def detail(code: str, *parameters: str, **members: Any) -> ErrorDetail:
    return ErrorDetail(code=ErrorCode.read(code), parameters=parameters, **members)


def granted(protocol: str, first: int | None, last: int | None, source: Source) -> Grant:
    return Grant(direction="ingress", ip_protocol=protocol, from_port=first, to_port=last, source=source)


ANYWHERE = IpRange(cidr_ip="0.0.0.0/0")
BY_NAME = (
    "You may not reference Amazon VPC security groups by name. "
    "Please use the corresponding id for this operation."
)
RECORDED = [
    ("UnknownParameter", "The parameter Item is not recognized", detail("UnknownParameter", "Item")),
    (
        VALUE,
        "Value () for parameter groupId is invalid. The value cannot be empty",
        detail(VALUE, "GroupId", value=""),
    ),
    (
        "MissingParameter",
        "The request must contain the parameter groupName or groupId",
        detail("MissingParameter", "GroupName", "GroupId"),
    ),
    (
        "MissingParameter",
        "The request must contain the parameter groupId",
        detail("MissingParameter", "GroupId"),
    ),
    (
        "InvalidGroupId.Malformed",
        'Invalid id: "foo" (expecting "sg-...")',
        detail("InvalidGroupId.Malformed", "GroupId", value="foo"),
    ),
    (
        "InvalidGroupId.Malformed",
        "The security-group ID 'x' is malformed",
        detail("InvalidGroupId.Malformed", "GroupId", value="x"),
    ),
    (VALUE, f"Invalid value 'ipa' for groupName. {BY_NAME}", detail(VALUE, "GroupName", value="ipa")),
    (
        VALUE,
        "Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly.",
        detail(VALUE, "IpProtocol"),
    ),
    (
        MALFORMED,
        'Unsupported IP protocol "what"  - supported: [tcp, udp, icmp]',
        detail(MALFORMED, "IpProtocol", value="what"),
    ),
    (
        VALUE,
        "Invalid value 'all' for IP protocol. Unknown protocol.",
        detail(VALUE, "IpProtocol", value="all"),
    ),
    (MALFORMED, "TCP/UDP port (-1) out of range", detail(MALFORMED, "FromPort", "ToPort", value="-1")),
    (VALUE, "TCP/UDP (from) port (70000) out of range", detail(VALUE, "FromPort", value="70000")),
    (VALUE, "TCP/UDP (to) port (70000) out of range", detail(VALUE, "ToPort", value="70000")),
    (
        VALUE,
        "Invalid value 'Must specify both from and to ports with ICMP.' for portRange.",
        detail(VALUE, "FromPort", "ToPort"),
    ),
    (
        VALUE,
        "Invalid value for portRange. Must specify both from and to ports with TCP/UDP.",
        detail(VALUE, "FromPort", "ToPort"),
    ),
    (VALUE, "ICMP code (65535) out of range", detail(VALUE, "ToPort", value="65535")),
    (VALUE, "ICMP type (256) out of range", detail(VALUE, "FromPort", value="256")),
    (VALUE, "CIDR block ::/0 is malformed", detail(VALUE, "CidrIp", value="::/0")),
    (VALUE, "The same permission must not appear multiple times", detail(VALUE, "IpPermissions")),
    ("MissingParameter", "Source group ID missing.", detail("MissingParameter", "GroupId")),
    (VALUE, "Invalid value 's' for userId.", detail(VALUE, "UserId", value="s")),
    (
        VALUE,
        "missing mandatory parameter: exactly one of remote-security-group, remote-ip-range, "
        "remote-ipv6-range, or prefix-list-id must be present",
        detail(VALUE, "IpPermissions"),
    ),
    (
        "InvalidParameterCombination",
        "When protocol is ALL, you cannot specify from-port.",
        detail("InvalidParameterCombination", "FromPort"),
    ),
    (
        NOT_FOUND,
        "The security group 'x' does not exist",
        detail(NOT_FOUND, "GroupId", "GroupName", group="x"),
    ),
    (
        NOT_FOUND,
        "The security group 'x' does not exist in default VPC 'vpc-1a2b3c4d'",
        detail(NOT_FOUND, "GroupId", "GroupName", group="x", vpc_id="vpc-1a2b3c4d"),
    ),
    (
        NOT_FOUND,
        "The security group 'sg-1' does not exist in default VPC 'none'",
        detail(NOT_FOUND, "GroupId", "GroupName", group="sg-1"),
    ),
    (
        NOT_FOUND,
        "Unable to find group 'amazon-elb/amazon-elb-sg'",
        detail(NOT_FOUND, "GroupName", group="amazon-elb/amazon-elb-sg"),
    ),
    (
        NOT_FOUND,
        "You have specified two resources that belong to different networks.",
        detail(NOT_FOUND, "GroupId", "Groups"),
    ),
    (
        "Client.InvalidPermission.NotFound",
        "The specified rule does not exist in this security group.",
        detail("InvalidPermission.NotFound", "IpPermissions"),
    ),
    (
        "InvalidPermission.NotFound",
        "The specified rule does not exist in this security group",
        detail("InvalidPermission.NotFound", "IpPermissions"),
    ),
    (
        DUPLICATE,
        "The permission '5495791-1-8080-8080' has already been authorized on the specified group",
        detail(DUPLICATE, "IpPermissions", value="5495791-1-8080-8080"),
    ),
    (
        "InvalidGroup.Reserved",
        "The security group 'default' is reserved",
        detail("InvalidGroup.Reserved", "GroupName", group="default"),
    ),
    (
        "CannotDelete",
        'the specified group: "sg-1a2b3c4d" name: "default" cannot be deleted by a user',
        detail("CannotDelete", "GroupId", group="sg-1a2b3c4d"),
    ),
    (
        "RulesPerSecurityGroupLimitExceeded",
        "The maximum number of rules per security group has been reached.",
        detail("RulesPerSecurityGroupLimitExceeded", "IpPermissions"),
    ),
    (
        "DryRunOperation",
        "Request would have succeeded, but DryRun flag is set.",
        detail("DryRunOperation", "DryRun"),
    ),
    (VALUE, "Only Amazon VPC security groups may be used with this operation.", detail(VALUE, "GroupId")),
    ("InvalidRequest", "The request received was invalid.", detail("InvalidRequest")),
]


@pytest.mark.parametrize(("code", "message", "expected"), RECORDED, ids=lambda text: str(text)[:50])
def test_every_recorded_text_gives_what_it_speaks_of(code: str, message: str, expected: ErrorDetail) -> None:
    parsed = parse_error(code, message)

    assert expected == parsed


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("peer: 0.0.0.0/0, TCP, from port: 22, to port: 22, ALLOW", granted("tcp", 22, 22, ANYWHERE)),
        (
            "peer: sg-8b3b99f3, TCP, from port: 0, to port: 65535, ALLOW",
            granted("tcp", 0, 65535, UserIdGroupPair(group_id="sg-8b3b99f3")),
        ),
        (
            "peer: 12.12.12.12/32, protocol: 50, ALLOW",
            granted("50", None, None, IpRange(cidr_ip="12.12.12.12/32")),
        ),
        ("peer: 0.0.0.0/0, ICMP, type: ALL, code: ALL, ALLOW", granted("icmp", -1, -1, ANYWHERE)),
        ("peer: 0.0.0.0/0, ICMP, type: 8, code: 0, ALLOW", granted("icmp", 8, 0, ANYWHERE)),
        ("peer: 0.0.0.0/0, ALL, ALLOW", granted("-1", None, None, ANYWHERE)),
        (
            "peer: ::/0, UDP, from port: 53, to port: 53, ALLOW",
            granted("udp", 53, 53, Ipv6Range(cidr_ipv6="::/0")),
        ),
        (
            "peer: pl-1a2b3c4d, ALL, ALLOW",
            granted("-1", None, None, PrefixListId(prefix_list_id="pl-1a2b3c4d")),
        ),
        ("peer: elsewhere, ALL, ALLOW", None),
    ],
)
def test_a_duplicate_gives_the_grant_that_is_there(rule: str, expected: Grant | None) -> None:
    parsed = parse_error(DUPLICATE, f'the specified rule "{rule}" already exists')

    assert detail(DUPLICATE, "IpPermissions", grant=expected) == parsed


def test_the_direction_is_the_callers_to_know() -> None:
    parsed = parse_error(
        DUPLICATE, 'the specified rule "peer: ::/0, ALL, ALLOW" already exists', direction="egress"
    )

    assert parsed is not None
    assert parsed.grant is not None
    assert "egress" == parsed.grant.direction


@pytest.mark.parametrize(
    "message",
    [
        "",
        "Something new",
        'the specified rule "peer: ::/0, TCP, from port: 999999, to port: 1, ALLOW" already exists',
    ],
)
def test_an_unknown_text_is_not_guessed_at(message: str) -> None:
    assert parse_error("InvalidParameterValue", message) is None


def test_every_code_of_the_rules_is_in_the_enum() -> None:
    codes = {
        code
        for rule in RULES.values()
        for code in (rule.codes.classic, rule.codes.vpc, *rule.codes.others)
        if code
    }

    assert set() == codes - set(ErrorCode)


def test_codes_compare_as_texts_and_unknown_ones_stay_texts() -> None:
    read = [ErrorCode.read(text) for text in ("InvalidGroup.NotFound", "Server.InternalError", "Brand.New")]

    assert ["InvalidGroup.NotFound", "InternalError", "Brand.New"] == read
    assert [True, True, False] == [isinstance(code, ErrorCode) for code in read]


def test_a_long_text_takes_time_in_proportion() -> None:
    hostile = "Value (" + ") for parameter a is invali" * 50_000

    assert parse_error("x", hostile) is None


def test_locations_of_the_table_are_wire_names() -> None:
    assert all(
        format_name(parse_name(name)) == name for _, _, expected in RECORDED for name in expected.parameters
    )
