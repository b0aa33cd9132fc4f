"""The acceptance table of the paper on hostile input, sections A to F, under this project's contract.

Each case: id, what it is, the query, and the errors in order as (rule, location, code). ``differs`` says
where the contract decides otherwise than the paper, and how. Warnings are not compared: W414 is in most.
"""

from __future__ import annotations

from typing import NamedTuple

A = "Action=RevokeSecurityGroupIngress"
WEB = f"{A}&GroupName=websrv"
NEW = f"{A}&Version=2016-11-15&GroupName=websrv"
ONE = "IpPermissions.1."
CIDR_NAME = f"{ONE}IpRanges.1.CidrIp"
IPV6_NAME = f"{ONE}Ipv6Ranges.1.CidrIpv6"
PORTS = f"{ONE}IpProtocol=tcp&{ONE}FromPort=80&{ONE}ToPort=80"
RULE = f"{PORTS}&{CIDR_NAME}=10.0.0.0/8"

VALUE = "InvalidParameterValue"
UNKNOWN = "UnknownParameter"
CHARACTER = "InvalidCharacter"
ESCAPE = "MalformedQueryString"
COMBINATION = "InvalidParameterCombination"
MALFORMED = "InvalidPermission.Malformed"
# A GroupName alone, before default VPCs, is EC2-Classic: the contract then gives Classic's code.
CLASSIC = "a GroupName alone is EC2-Classic, so the code is Classic's"
NO_PERMISSION = ("E406", "IpPermissions", "InvalidRequest")
ALSO_EMPTY = "the request has no permission either, and that is said too"


class Case(NamedTuple):
    """One row of the table."""

    id: str
    what: str
    query: str | bytes
    errors: tuple[tuple[str, str, str], ...] = ()
    differs: str = ""


def _permission(number: int) -> str:
    members = {"IpProtocol": "tcp", "FromPort": number, "ToPort": number, "IpRanges.1.CidrIp": "10.0.0.0/8"}
    return "&".join(f"IpPermissions.{number}.{member}={value}" for member, value in members.items())


def _indexed(index: str) -> str:
    return f"{WEB}&{RULE.replace('IpPermissions.1.', f'IpPermissions.{index}.')}"


def _at_index(index: str) -> tuple[tuple[str, str, str], ...]:
    members = ("IpProtocol", "FromPort", "ToPort", "IpRanges.1.CidrIp")
    return tuple(("E102", f"IpPermissions.{index}.{member}", UNKNOWN) for member in members)


def _from_port(text: str, to: str = "80", protocol: str = "tcp") -> str:
    ports = f"{ONE}IpProtocol={protocol}&{ONE}FromPort={text}&{ONE}ToPort={to}"
    return f"{WEB}&{ports}&{CIDR_NAME}=10.0.0.0/8"


def _port_case(id: str, what: str, text: str) -> Case:
    return Case(id, what, _from_port(text), (("E201", f"{ONE}FromPort", VALUE),))


def _cidr_case(id: str, text: str) -> Case:
    query = f"{WEB}&{PORTS}&{CIDR_NAME}={text}"
    return Case(id, f"CidrIp {text}", query, (("E203", CIDR_NAME, MALFORMED),), CLASSIC)


def _ipv6_case(id: str, text: str, *, good: bool = False) -> Case:
    query = f"{NEW}&{PORTS}&{IPV6_NAME}={text}"
    return Case(id, f"CidrIpv6 {text}", query, () if good else (("E209", IPV6_NAME, VALUE),))


TRANSPORT = [
    Case("A01", "seed example", f"{WEB}&IpProtocol=tcp&FromPort=80&ToPort=80&CidrIp=205.192.0.0/16"),
    Case("A02", "nested form", f"{WEB}&{RULE}"),
    Case("A03", "empty body", "", (("E401", "Action", "MissingAction"),)),
    Case("A04", "only separators", "&&&", (("E401", "Action", "MissingAction"),)),
    Case("A05", "empty pairs", f"{A}&&&GroupName=websrv&&&{RULE}&"),
    Case("A06", "%zz", f"{A}&GroupName=a%zzb&{RULE}", (("E107", "GroupName", ESCAPE),)),
    Case("A07", "lone %", f"{A}&GroupName=a%&{RULE}", (("E107", "GroupName", ESCAPE),)),
    Case("A09", "%4", f"{A}&GroupName=a%4&{RULE}", (("E107", "GroupName", ESCAPE),)),
    Case("A12", "overlong", f"{A}&GroupName=a%C0%AF&{RULE}", (("E107", "GroupName", CHARACTER),)),
    Case("A13", "surrogate", f"{A}&GroupName=a%ED%A0%80&{RULE}", (("E107", "GroupName", CHARACTER),)),
    Case(
        "A14",
        "raw byte",
        f"{A}&GroupName=a".encode() + b"\xff" + f"&{RULE}".encode(),
        (("E107", "GroupName", CHARACTER),),
    ),
    Case("A17", "U+FFFE", f"{A}&GroupName=a%EF%BF%BE&{RULE}", (("E107", "GroupName", CHARACTER),)),
    Case("A18", "plus and %20", f"{A}&GroupName=a+b%20c%2Bd&{RULE}"),
    Case("A21", "name without =", f"{WEB}&{ONE}IpProtocol", (("E106", f"{ONE}IpProtocol", VALUE),)),
    Case("A22", "empty name", f"{WEB}&=tcp&{RULE}", (("E101", "", UNKNOWN),)),
    Case(
        "A23",
        "double encoding",
        f"{WEB}&{PORTS}&{CIDR_NAME}=10.0.0.0%252F8",
        (("E203", CIDR_NAME, MALFORMED),),
        CLASSIC,
    ),
    Case("A24", "encoded &", f"{A}&GroupName=a%26Action%3DAuthorizeSecurityGroupIngress&{RULE}"),
    Case(
        "A25", "encoded dots", f"{WEB}&{RULE.replace(f'{ONE}IpProtocol', 'IpPermissions%2E1%2EIpProtocol')}"
    ),
    Case(
        "A26",
        "byte order mark",
        b"\xef\xbb\xbf" + f"{WEB}&{RULE}".encode(),
        (("E401", "Action", "MissingAction"),),
        "without an Action nothing else is judged",
    ),
    Case("A27", "leading ?", f"?{WEB}&{RULE}", (), "a leading ? is dropped"),
    Case("A28", "lower-case escapes", f"{WEB}&{RULE.replace('/', '%2f')}"),
    Case(
        "A29",
        "group name é",
        f"{A}&GroupName=%C3%A9&{RULE}",
        (("E205", "GroupName", VALUE),),
        "decodes losslessly; the check that the paper leaves to a validator is here",
    ),
    Case(
        "A30",
        "escaped CR LF",
        f"{A}&GroupName=a%0D%0AFAKE&{RULE}",
        (("E205", "GroupName", VALUE),),
        "as A29",
    ),
    Case("A31", "raw newline at the end", f"{WEB}&{RULE}\n", (), "line breaks of documents are dropped"),
    Case(
        "A32",
        "lone surrogate",
        f"{WEB}&{RULE}\ud800",
        (("E107", CIDR_NAME, CHARACTER),),
        "it only spoils the value it is in",
    ),
]

NAMES = [
    Case("B02", "start at 2", _indexed("2")),
    Case("B03", "order 10, 2, 1", "&".join([WEB, *map(_permission, (10, 2, 1))])),
    Case("B07", "index 0", _indexed("0"), _at_index("0")),
    Case("B09", "index 01", _indexed("01"), _at_index("01")),
    Case("B11", "index +1", _indexed("%2B1"), _at_index("+1")),
    Case("B13", "full-width index", _indexed("%EF%BC%91"), _at_index("\uff11")),
    Case("B14", "Arabic-Indic index", _indexed("%D9%A1"), _at_index("\u0661")),
    Case(
        "B19",
        "no index",
        f"{WEB}&IpPermissions.IpProtocol=tcp",
        (("E102", "IpPermissions.IpProtocol", UNKNOWN),),
    ),
    Case(
        "B20",
        "empty segment",
        f"{WEB}&IpPermissions..IpProtocol=tcp",
        (("E102", "IpPermissions..IpProtocol", UNKNOWN),),
    ),
    Case(
        "B23",
        "prefix confusion",
        f"{WEB}&IpPermissionsX1.IpProtocol=tcp",
        (("E101", "IpPermissionsX1.IpProtocol", UNKNOWN), NO_PERMISSION),
        ALSO_EMPTY,
    ),
    Case("B25", "other case", f"{WEB}&{RULE}&{ONE}ipprotocol=udp", (("E101", f"{ONE}ipprotocol", UNKNOWN),)),
    Case("B27", "unknown member", f"{WEB}&{RULE}&{ONE}Bogus=1", (("E101", f"{ONE}Bogus", UNKNOWN),)),
    Case(
        "B28",
        ".member.",
        f"{WEB}&IpPermissions.member.1.IpProtocol=tcp",
        (("E101", "IpPermissions.member.1.IpProtocol", UNKNOWN),),
    ),
    Case(
        "B32",
        "repeated, other value",
        f"{WEB}&{RULE}&{ONE}IpProtocol=udp",
        (("E103", f"{ONE}IpProtocol", COMBINATION),),
    ),
    Case(
        "B33",
        "two Actions",
        f"Action=AuthorizeSecurityGroupIngress&{WEB}&{RULE}",
        (("E103", "Action", COMBINATION),),
    ),
    Case(
        "B37",
        "list and scalar",
        f"{WEB}&{RULE}&IpPermissions=x",
        (("E104", "IpPermissions", "InvalidRequest"),),
        "a misplaced value is InvalidRequest, as the service answers",
    ),
    Case(
        "B41",
        "5,000 segments",
        f"{WEB}&{ONE}{'G.1.' * 2500}X=1",
        (("E101", f"{ONE}{'G.1.' * 2500}X", UNKNOWN),),
        "the contract has no limit of depth: a name costs its length",
    ),
    Case(
        "B42",
        "9 segments",
        f"{WEB}&a.b.c.d.e.f.g.h.i=x",
        (("E101", "a.b.c.d.e.f.g.h.i", UNKNOWN), NO_PERMISSION),
        ALSO_EMPTY,
    ),
    Case("B46", "Action __class__", f"Action=__class__&{RULE}", (("E401", "Action", "InvalidAction"),)),
    Case(
        "B47",
        "Action misspelt",
        f"Action=RevokeSecurityGroupIngres&{RULE}",
        (("E401", "Action", "InvalidAction"),),
    ),
]

NUMBERS = [
    _port_case("C01", "Arabic digit", "%D9%A3"),
    _port_case("C03", "trailing blank", "80+"),
    _port_case("C07", "hexadecimal", "0x50"),
    _port_case("C08", "exponent", "1e3"),
    _port_case("C10", "minus zero", "-0"),
    _port_case("C11", "full-width digits", "%EF%BC%98%EF%BC%90"),
    Case("C15", "-2", _from_port("-2"), (("E304", f"{ONE}FromPort", MALFORMED),), CLASSIC),
    _port_case("C18", "5,000 digits", "9" * 5000),
    _port_case("C19", "True", "True"),
    Case(
        "C21",
        "1,000,000 digits",
        _from_port("9" * 1_000_000),
        (("E108", "", "InvalidRequest"),),
        "a limit refuses the whole input, at no location",
    ),
    Case("C22", "0 and 65535", _from_port("0", "65535")),
    Case("C24", "90 to 80", _from_port("90"), (("E305", f"{ONE}FromPort", MALFORMED),), CLASSIC),
    Case("C26", "icmp -1/0", _from_port("-1", "0", "icmp"), (), "a warning (W307) before 2016-11-15"),
    Case("C27", "icmp 8/65535", _from_port("8", "65535", "icmp"), (("E306", f"{ONE}ToPort", VALUE),)),
    Case(
        "C32",
        "protocol İcmp",
        _from_port("80", "80", "%C4%B0cmp"),
        (("E202", f"{ONE}IpProtocol", MALFORMED),),
        CLASSIC,
    ),
    Case(
        "C34",
        "-1 without ports",
        f"{WEB}&{ONE}IpProtocol=-1&{CIDR_NAME}=10.0.0.0/8",
        (("E302", f"{ONE}IpProtocol", MALFORMED),),
        "EC2-Classic, deduced from GroupName, does not know -1",
    ),
    Case("C34-id", "-1 to an id", f"{A}&GroupId=sg-12345678&{ONE}IpProtocol=-1&{CIDR_NAME}=10.0.0.0/8"),
    Case(
        "C35",
        "DryRun=TRUE",
        f"{WEB}&{RULE}&DryRun=TRUE",
        (("E101", "DryRun", UNKNOWN),),
        "2011-12-15 has no DryRun",
    ),
    Case("C35-2016", "DryRun=TRUE", f"{NEW}&{RULE}&DryRun=TRUE", (("E208", "DryRun", VALUE),)),
]

RANGES = [
    *(
        _cidr_case(id, text)
        for id, text in {
            "D01": "192.168.1/24",
            "D02": "010.0.0.0/8",
            "D08": "10.0.0.0/33",
            "D09": "10.0.0.0/-1",
            "D10": "10.0.0.0/",
            "D11": "/8",
            "D17": "10.0.0.0/%D9%A8",
            "D19": "10.0.0.0/8%0A",
        }.items()
    ),
    Case("D23", "0.0.0.0/0", f"{WEB}&{PORTS}&{CIDR_NAME}=0.0.0.0/0"),
    Case("D25", "host bits", f"{WEB}&{PORTS}&{CIDR_NAME}=100.68.0.18/18"),
    _ipv6_case("D27", "2001:DB8::/32", good=True),
    _ipv6_case("D28", "2001:db8::1/32", good=True),
    _ipv6_case("D30", "fe80::1%25eth0/64"),
    _ipv6_case("D32", "1::2::3/64"),
    _ipv6_case("D34", "2001:00db8::/32"),
    _ipv6_case("D35", "[::]/0"),
    _ipv6_case("D37", "10.0.0.0/8"),
]

CROSS_FIELD = [
    Case("E03", "no target", f"{A}&{RULE}", (("E403", "GroupId", "MissingParameter"),)),
    Case(
        "E04",
        "no source",
        f"{WEB}&{PORTS}",
        (("E310", "IpPermissions.1", "MissingParameter"),),
        "the finding stands at the permission",
    ),
    Case(
        "E06",
        "id with newline",
        f"{A}&GroupId=sg-12345678%0A&{RULE}",
        (("E204", "GroupId", "InvalidGroupId.Malformed"),),
    ),
    Case(
        "E08",
        "malformed UserId",
        f"{WEB}&{PORTS}&{ONE}Groups.1.GroupName=web&{ONE}Groups.1.UserId=x",
        (("E206", f"{ONE}Groups.1.UserId", "InvalidUserID.Malformed"),),
    ),
    Case(
        "E10",
        "description with <",
        f"{WEB}&{RULE}&{ONE}IpRanges.1.Description=%3Cb%3E",
        (("E101", f"{ONE}IpRanges.1.Description", UNKNOWN),),
        "2011-12-15 has no descriptions",
    ),
    Case(
        "E10-2016",
        "description with <",
        f"{NEW}&{RULE}&{ONE}IpRanges.1.Description=%3Cb%3E",
        (("E210", f"{ONE}IpRanges.1.Description", VALUE),),
    ),
]

LIMITS = [
    Case(
        "F06",
        "long name",
        f"{WEB}&{RULE}&{'A' * 700}=1",
        (("E101", "A" * 700, UNKNOWN),),
        "no limit of names; the message is cut",
    ),
    Case(
        "F07",
        "value of 50 KB",
        f"{A}&GroupName={'a' * 50_000}&{RULE}",
        (("E108", "", "InvalidRequest"),),
        "a limit refuses the whole input, at no location",
    ),
]

CASES = [*TRANSPORT, *NAMES, *NUMBERS, *RANGES, *CROSS_FIELD, *LIMITS]
