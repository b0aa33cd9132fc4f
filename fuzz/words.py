"""The dictionary: words of the wire, read from the Schemas, and those that are known to be misread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ec2codec.names import AUTH_PARAMETERS, AUTH_PLACEHOLDER, format_name
from ec2codec.schemas import SCHEMAS
from ec2codec.shape import members_of, read


def names() -> Iterator[bytes]:
    """Every parameter's name, as a pair without its value."""
    known = {format_name(path) for schema in SCHEMAS.values() for path, _ in members_of(read(schema()))}
    for name in (*sorted(known), *sorted(AUTH_PARAMETERS)):
        yield f"{name}=".encode()


def parameters() -> Iterator[bytes]:
    """Whole pairs, so that a request becomes valid, or breaks one rule, in one step."""
    for action in SCHEMAS:
        yield f"Action={action}&".encode()
    yield from (pair + b"&" for pair in PAIRS.encode().split())
    yield AUTH_PLACEHOLDER.encode()


def values() -> tuple[bytes, ...]:
    """Values that stand on both sides of a rule."""
    return tuple(VALUES.encode().split())


def segments() -> Iterator[bytes]:
    """Words of which names are made."""
    known = {word for name in names() for word in name.rstrip(b"=").split(b".")}
    yield from sorted(known)


def as_dictionary(tokens: Iterable[bytes]) -> str:
    """The tokens in libFuzzer's form, one a line; without what it cannot hold."""
    return "".join(f'"{_escaped(token)}"\n' for token in dict.fromkeys(tokens) if token)


def _escaped(token: bytes) -> str:
    return "".join(chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\x{b:02X}" for b in token)


PAIRS = """
Version=2011-12-15 Version=2016-11-15 Version=2009-04-04 GroupId=sg-1a2b3c4d GroupName=web
IpProtocol=tcp FromPort=80 ToPort=80 CidrIp=10.0.0.0/8 SourceSecurityGroupName=a
SourceSecurityGroupOwnerId=123456789012
IpPermissions.1.IpProtocol=tcp IpPermissions.1.IpProtocol=icmp IpPermissions.1.IpProtocol=-1
IpPermissions.1.FromPort=22 IpPermissions.1.ToPort=23 IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
IpPermissions.1.Ipv6Ranges.1.CidrIpv6=2001:db8::/32 IpPermissions.1.PrefixListIds.1.PrefixListId=pl-1a2b3c4d
IpPermissions.1.Groups.1.GroupId=sg-1a2b3c4d IpPermissions.1.Groups.1.GroupName=a
IpPermissions.1.Groups.1.UserId=123456789012 IpPermissions.1.Groups.1.VpcId=vpc-1a2b3c4d
IpPermissions.2.IpProtocol=udp IpPermissions.2.FromPort=53 IpPermissions.2.ToPort=53
IpPermissions.2.IpRanges.1.CidrIp=0.0.0.0/0 SecurityGroupRuleId.1=sgr-1a2b3c4d DryRun=true
TagSpecification.1.ResourceType=security-group-rule TagSpecification.1.Tag.1.Key=k
"""
VALUES = """
tcp udp icmp icmpv6 -1 0 1 6 17 58 255 256 65535 65536 2147483647 2147483648 -2147483648 01 +1 1_0
%EF%BC%91 %D9%A1 %C2%B2 %00 %ED%A0%80 %C0%AF %FF %EF%BF%BE %zz % %2 %26 %3D %2E %25 %20 %0A + ? # / ; ..
.0. .1. .2. .01. .member. .2147483647. .2147483648. true false True 0.0.0.0/0 10.0.0.1/8 10.0.0.0/33
10.0.0.0/08 ::/0 fe80::%1/64 2001:db8::1/32 ::ffff:10.0.0.0/104 sg-1a2b3c4d sg-1a2b3c4d5e6f7a8b9
pl-1a2b3c4d vpc-1a2b3c4d pcx-1a2b3c4d sgr-1a2b3c4d 123456789012 amazon-elb AKIAIOSFODNN7EXAMPLE
https://ec2.amazonaws.com/? 2011-12-15 2012-12-01 2013-03-01 2014-02-01 2016-11-15 2020-01-01 1999-01-01
"""
