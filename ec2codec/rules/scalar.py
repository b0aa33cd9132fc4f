"""Rules 2xx: the text of one value. `ec2codec.scalars` has the grammars, and says what judges which."""

from __future__ import annotations

from collections.abc import Iterator
from operator import methodcaller

from ec2codec.errors import quoted
from ec2codec.policy import Policy, Profile
from ec2codec.rule import Effect, Found, rule
from ec2codec.scalars import (
    ASCII_NAME,
    CIDR,
    CIDR_PATTERN,
    IPV6_CIDR,
    NETWORK_ENDINGS,
    PAIR_TEXT,
    PROTOCOLS,
    RANGE_TEXT,
    SHORT_INTEGER,
    USER_ID_PATTERN,
    VPC_NAME,
    Malformed,
    Scalar,
    cidr_network,
    has_host_bits,
    ipv6_network,
    is_cidr,
    is_description,
    is_group_name,
    is_ipv6_cidr,
    is_protocol,
    is_resource_id,
    is_user_id,
    parse_boolean,
    parse_integer,
    resource_id_pattern,
)

API = "API Reference 2011-12-15, RevokeSecurityGroupIngress"
API_2016 = "API Reference 2016-11-15"
# What says of a range, without a look at its bits, that it has none of a host.
WHOLE_NETWORK = {
    CIDR.name: methodcaller("endswith", NETWORK_ENDINGS),
    IPV6_CIDR.name: methodcaller("endswith", "/128"),
}


@rule(
    "E201",
    "malformed-integer",
    code="InvalidParameterValue",
    translating=True,
    source=f"{API}: Type: Integer",
    quick=lambda scalar, policy: SHORT_INTEGER.fullmatch,
)
def malformed_integer(text: str, scalar: Scalar, policy: Policy) -> Iterator[Found]:
    """An integer is ASCII digits without leading zero, a minus before anything but 0, within 32 bits.

    No plus, blank, underscore, fraction or digit of another script: servers that take them read 8_3 as 83.

    Okay: &IpPermissions.1.IpProtocol=icmp&IpPermissions.1.FromPort=8&IpPermissions.1.ToPort=-1
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E201 IpPermissions.1.FromPort: &IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=80-90
        &IpPermissions.1.ToPort=90&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E201 IpPermissions.1.FromPort: &IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=8_3
        &IpPermissions.1.ToPort=90&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E201 IpPermissions.1.ToPort: &IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=80
        &IpPermissions.1.ToPort=99999999999&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    try:
        parse_integer(text)
    except Malformed:
        yield Found("", f"expected an integer of 32 bits in decimal digits, got '{quoted(text)}'")


@rule(
    "E202",
    "unknown-protocol",
    code="InvalidParameterValue",
    classic="InvalidPermission.Malformed",
    source=f"{API}: IpProtocol; texts: terraform-provider-aws#1661, #1793; case: boto3#1012",
    quick=lambda scalar, policy: PROTOCOLS.__contains__,
)
def unknown_protocol(text: str, scalar: Scalar, policy: Policy) -> Iterator[Found]:
    """A protocol is tcp, udp, icmp, -1 (all), or a number from 0 to 255; icmpv6 from 2016-11-15.

    Lower case, as documented; the service folds the case. Other names and "all" are a client's shorthand.

    Okay: &IpPermissions.1.IpProtocol=50&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    Okay (profile=observed): &IpPermissions.1.IpProtocol=TCP&IpPermissions.1.FromPort=22
        &IpPermissions.1.ToPort=22&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E202 IpPermissions.1.IpProtocol: &IpPermissions.1.IpProtocol=all
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E202 IpPermissions.1.IpProtocol: &IpPermissions.1.IpProtocol=foo&IpPermissions.1.FromPort=80
        &IpPermissions.1.ToPort=80&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E202 IpPermissions.1.IpProtocol (platform=classic): &IpPermissions.1.IpProtocol=256
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    if is_protocol(text, version=policy.version):
        return
    # str.lower() turns characters such as U+212A into ASCII letters; the service is not known to.
    if (
        policy.profile is Profile.OBSERVED
        and text.isascii()
        and is_protocol(text.lower(), version=policy.version)
    ):
        return
    if policy.classic:
        message = f'Unsupported IP protocol "{quoted(text)}"  - supported: [tcp, udp, icmp]'
    else:
        message = f"Invalid value '{quoted(text)}' for IP protocol. Unknown protocol."
    yield Found("", message, "recorded")


@rule(
    "E203",
    "malformed-cidr",
    code="InvalidParameterValue",
    classic="InvalidPermission.Malformed",
    source=f"{API}: CidrIp; aws-cli#2428; goamz live tests",
    quick=lambda scalar, policy: CIDR_PATTERN.fullmatch,
)
def malformed_cidr(text: str, scalar: Scalar, policy: Policy) -> Iterator[Found]:
    """A CIDR range is a dotted quad, a slash and a prefix from 0 to 32, with nothing around it.

    The prefix is not optional; netmasks, leading zeros and IPv6 (which has Ipv6Ranges) are refused.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=205.192.0.0/16
    E203 IpPermissions.1.IpRanges.1.CidrIp: &IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.IpRanges.1.CidrIp=205.192.0.0
    E203 IpPermissions.1.IpRanges.1.CidrIp: &IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.IpRanges.1.CidrIp=::/0
    E203 CidrIp: Action=AuthorizeSecurityGroupIngress&Version=2011-12-15&GroupName=websrv&IpProtocol=tcp
        &FromPort=80&ToPort=80&CidrIp=205.192.0.0/33
    """
    if not is_cidr(text):
        if policy.classic:
            yield Found("", f"Invalid IP range: '{quoted(text)}'", "documented")
        else:
            yield Found("", f"CIDR block {quoted(text)} is malformed", "recorded")


@rule(
    "E204",
    "malformed-group-id",
    code="InvalidGroupId.Malformed",
    source=f"{API}: GroupId; text: terraform#16673",
    quick=lambda scalar, policy: resource_id_pattern(scalar.prefix).fullmatch,
)
def malformed_group_id(text: str, scalar: Scalar, policy: Policy) -> Iterator[Found]:
    """A security group id is "sg-" and 8 or 17 lower-case hexadecimal digits, target or source.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.Groups.1.GroupId=sg-0123456789abcdef0
    E204 GroupId: Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=websrv
        &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E204 IpPermissions.1.Groups.1.GroupId: &IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.Groups.1.GroupId=SG-1A2B3C4D
    """
    if not is_resource_id(text, scalar.prefix):
        yield Found("", f'Invalid id: "{quoted(text)}" (expecting "sg-...")', "recorded")


@rule(
    "E205",
    "malformed-group-name",
    code="InvalidParameterValue",
    source="API Reference, CreateSecurityGroup, GroupName; text: Eucalyptus",
    quick=lambda scalar, policy: (VPC_NAME if policy.vpc else ASCII_NAME).fullmatch,
)
def malformed_group_name(text: str, scalar: Scalar, policy: Policy) -> Iterator[Found]:
    """A security group name is 1 to 255 printable ASCII characters; of fewer kinds in a VPC.

    VPC names have letters, digits, blanks and ._-:/()#,@[]+=&;{}!$* only.

    Okay: Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupName=web%20srv%2B%25
        &IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=22&IpPermissions.1.ToPort=22
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E205 GroupName: Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupName=w%C3%A9b
        &IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=22&IpPermissions.1.ToPort=22
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    if is_group_name(text, vpc=policy.vpc):
        return
    if not text.isascii():
        what = "Character sets beyond ASCII are not supported."
        yield Found("", f"Value ({quoted(text)}) for parameter GroupName is invalid. {what}", "documented")
    else:
        what = "expected 1 to 255 characters that group names may have"
        yield Found("", f"Value ({quoted(text)}) for parameter GroupName is invalid: {what}")


@rule(
    "E206",
    "malformed-user-id",
    code="InvalidParameterValue",
    classic="InvalidUserID.Malformed",
    source=f"{API}: UserId; text: ansible#57247; amazon-elb: boto#1547",
    quick=lambda scalar, policy: USER_ID_PATTERN.fullmatch,
)
def malformed_user_id(text: str, scalar: Scalar, policy: Policy) -> Iterator[Found]:
    """The owner of a source group is 12 digits, or one of Amazon's own such as amazon-elb.

    Account ids are texts: as numbers they would lose their leading zeros. The console's dashes are display.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.Groups.1.UserId=000123456789
        &IpPermissions.1.Groups.1.GroupId=sg-2a2b3c4d
    E206 IpPermissions.1.Groups.1.UserId: &IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.Groups.1.UserId=1234-5678-9012&IpPermissions.1.Groups.1.GroupId=sg-2a2b3c4d
    """
    if not is_user_id(text):
        if policy.classic:
            yield Found("", f'Invalid user ID: "{quoted(text)}"', "documented")
        else:
            yield Found("", f"Invalid value '{quoted(text)}' for userId.", "recorded")


@rule(
    "W207",
    "host-bits-set",
    effect=Effect.WIDENING,
    source="API Reference 2016-11-15: 100.68.0.18/18 becomes 100.68.0.0/18",
    quick=lambda scalar, policy: WHOLE_NETWORK[scalar.name],
)
def host_bits_set(text: str, scalar: Scalar, policy: Policy) -> Iterator[Found]:
    """A CIDR range names its network: a VPC stores the network, so that host bits mislead the reader.

    EC2-Classic stored the text as it came, and compared it so.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=100.68.0.0/18
    Okay (platform=classic): &IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=22
        &IpPermissions.1.ToPort=22&IpPermissions.1.IpRanges.1.CidrIp=127.0.0.1/24
    W207 IpPermissions.1.IpRanges.1.CidrIp: &IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.IpRanges.1.CidrIp=100.68.0.18/18
    """
    if policy.classic or not (is_cidr(text) or is_ipv6_cidr(text)):
        return
    if has_host_bits(text):
        network = ipv6_network(text) if ":" in text else cidr_network(text)
        yield Found("", f"{text} has host bits: a VPC stores {network}", "documented")


@rule(
    "E208",
    "malformed-boolean",
    code="InvalidParameterValue",
    translating=True,
    source=f"{API_2016}: DryRun",
    quick=lambda scalar, policy: {"true", "false"}.__contains__,
)
def malformed_boolean(text: str, scalar: Scalar, policy: Policy) -> Iterator[Found]:
    """A boolean is true or false.

    Okay: Action=RevokeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1a2b3c4d&DryRun=true
        &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E208 DryRun: Action=RevokeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1a2b3c4d&DryRun=TRUE
        &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    try:
        parse_boolean(text)
    except Malformed:
        yield Found("", f"expected true or false, got '{quoted(text)}'")


@rule("E209", "malformed-ipv6-cidr", code="InvalidParameterValue", source=f"{API_2016}: Ipv6Range")
def malformed_ipv6_cidr(text: str, scalar: Scalar, policy: Policy) -> Iterator[Found]:
    """An IPv6 CIDR range is an address, a slash and a prefix from 0 to 128, without zone.

    Okay: Action=RevokeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1a2b3c4d
        &IpPermissions.1.IpProtocol=-1&IpPermissions.1.Ipv6Ranges.1.CidrIpv6=2001:DB8::/32
    E209 IpPermissions.1.Ipv6Ranges.1.CidrIpv6: Action=RevokeSecurityGroupIngress&Version=2016-11-15
        &GroupId=sg-1a2b3c4d&IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.Ipv6Ranges.1.CidrIpv6=fe80::1%25eth0/64
    """
    if not is_ipv6_cidr(text):
        yield Found("", f"CIDR block {quoted(text)} is malformed")


@rule(
    "E210",
    "malformed-description",
    code="InvalidParameterValue",
    source=f"{API_2016}: IpRange, UserIdGroupPair",
    quick=lambda scalar, policy: (RANGE_TEXT if scalar.ampersand else PAIR_TEXT).fullmatch,
)
def malformed_description(text: str, scalar: Scalar, policy: Policy) -> Iterator[Found]:
    """A description is at most 255 letters, digits, blanks and ._-:/()#,@[]+=&;{}!$* only.

    Those of source groups and prefix lists have no "&".

    Okay: Action=AuthorizeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1a2b3c4d
        &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
        &IpPermissions.1.IpRanges.1.Description=the%20office
    E210 IpPermissions.1.IpRanges.1.Description: Action=AuthorizeSecurityGroupIngress&Version=2016-11-15
        &GroupId=sg-1a2b3c4d&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
        &IpPermissions.1.IpRanges.1.Description=%3Cb%3E
    """
    if not is_description(text, ampersand=scalar.ampersand):
        yield Found("", f"expected at most 255 of the documented characters, got '{quoted(text)}'")


@rule(
    "E211",
    "malformed-resource-id",
    code="InvalidParameterValue",
    source=f"{API_2016}, by example",
    quick=lambda scalar, policy: resource_id_pattern(scalar.prefix).fullmatch,
)
def malformed_resource_id(text: str, scalar: Scalar, policy: Policy) -> Iterator[Found]:
    """An id is its prefix (pl-, vpc-, pcx-, sgr-) and 8 or 17 lower-case hexadecimal digits.

    Okay: Action=RevokeSecurityGroupEgress&Version=2016-11-15&GroupId=sg-1a2b3c4d
        &IpPermissions.1.IpProtocol=-1&IpPermissions.1.PrefixListIds.1.PrefixListId=pl-1a2b3c4d
    E211 IpPermissions.1.PrefixListIds.1.PrefixListId: Action=RevokeSecurityGroupEgress&Version=2016-11-15
        &GroupId=sg-1a2b3c4d&IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.PrefixListIds.1.PrefixListId=sg-1a2b3c4d
    """
    if not is_resource_id(text, scalar.prefix):
        yield Found("", f"expected {scalar.prefix}- and 8 or 17 hexadecimal digits, got '{quoted(text)}'")
