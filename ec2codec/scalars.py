"""Text and value: one `Scalar` per EC2 type, and the grammar of each.

Every pattern is matched whole (``fullmatch``), in ASCII, without nested repetition; what Python's own
``int``, ``bool`` and ``ipaddress`` would let pass is listed where it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from ipaddress import AddressValueError, IPv6Address
from typing import NamedTuple

MIN_INTEGER, MAX_INTEGER = -(2**31), 2**31 - 1
# The version that brought IPv6 ranges, ICMPv6 and descriptions, and the newest that ec2codec knows.
IPV6_VERSION = "2016-11-15"


class Malformed(ValueError):
    """The text is no value of its type."""


# int() takes "+80", " 80 ", "8_0", "080", "-0" and digits of every script, and refuses over 4,300 digits
# with a message about a CPython setting: at most ten digits ever reach it.
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,9}")
# Those of which no one need ask whether they have 32 bits.
SHORT_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,8}")


def parse_integer(text: str) -> int:
    """Value of an EC2 Integer: ASCII digits without leading zero, a minus before anything but 0.

    Bounds: 32 bits signed.
    Raises: Malformed.
    Source: API Reference 2011-12-15, "Type: Integer"; no leading zeros is our choice.
    """
    if _INTEGER.fullmatch(text) is None:
        raise Malformed
    value = int(text)
    if not MIN_INTEGER <= value <= MAX_INTEGER:
        raise Malformed
    return value


def parse_boolean(text: str) -> bool:
    """Value of an EC2 Boolean: ``true`` or ``false``.

    Raises: Malformed.
    Source: what the AWS SDKs send; the documents say "Type: Boolean" only.
    """
    if text == "true":
        return True
    if text == "false":
        return False
    raise Malformed


def format_boolean(value: bool) -> str:
    """Text of an EC2 Boolean."""
    return "true" if value else "false"


_NAMED_NUMBERS = {"6": "tcp", "17": "udp", "1": "icmp"}


# What stands whole in a table is found faster than matched.
PROTOCOLS = frozenset({"tcp", "udp", "icmp", "-1", *map(str, range(256))})


def is_protocol(text: str, *, version: str = IPV6_VERSION) -> bool:
    """``tcp``, ``udp``, ``icmp``, ``-1``, 0 to 255, or ``icmpv6`` from 2016-11-15; lower case.

    Source: API Reference 2011-12-15, IpPermissions.n.IpProtocol; 2016-11-15 for icmpv6.
    """
    return text in PROTOCOLS or (text == "icmpv6" and version >= IPV6_VERSION)


@lru_cache(maxsize=512)
def canonical_protocol(text: str) -> str:
    """The one text of a protocol: lower case, ``tcp`` for 6, ``udp`` for 17, ``icmp`` for 1, 58 for icmpv6.

    Source: "For TCP, UDP, and ICMP, the value returned is the name"; the service folds case (boto3#1012).
    """
    folded = text.lower()
    return "58" if folded == "icmpv6" else _NAMED_NUMBERS.get(folded, folded)


def has_ports(protocol: str | None, version: str) -> bool:
    """Whether EC2 keeps ports, or type and code, for a canonical protocol: tcp, udp, icmp; 58 since ICMPv6.

    SCTP and DCCP have ports on the network, but not in EC2. Source: API Reference 2011-12-15, Description;
    2016-11-15 for ICMPv6.
    """
    return protocol in ("tcp", "udp", "icmp") or (protocol == "58" and version >= IPV6_VERSION)


# ipaddress takes a bare address, a netmask, a host mask (1.2.3.4/0.0.0.0 is then the whole Internet) and
# "/08": so the pattern alone decides. Octets have no leading zero, which some systems read as octal.
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
CIDR_PATTERN = re.compile(rf"{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}/(?:3[0-2]|[12]?[0-9])")


def is_cidr(text: str) -> bool:
    """Dotted quad, slash, prefix 0 to 32, nothing around it.

    Source: API Reference 2011-12-15, IpPermissions.n.IpRanges.m.CidrIp.
    """
    return CIDR_PATTERN.fullmatch(text) is not None


def cidr_network(text: str) -> str:
    """The network of a CIDR range: ``10.0.0.1/24`` gives ``10.0.0.0/24``, as a VPC stores it.

    A text and no ipaddress object: those hash by their number, which lets chosen ranges collide
    (cpython#77965), and cost ten times as much.
    """
    quad, _, prefix = text.partition("/")
    first, second, third, fourth = map(int, quad.split("."))
    hosts = 32 - int(prefix)
    bits = (first << 24 | second << 16 | third << 8 | fourth) >> hosts << hosts
    return f"{bits >> 24}.{bits >> 16 & 255}.{bits >> 8 & 255}.{bits & 255}/{prefix}"


# What IPv6Address takes beyond this is a zone ("fe80::1%eth0"), refused by the character class.
_IPV6_CIDR = re.compile(r"([0-9A-Fa-f:.]{2,45})/(12[0-8]|1[01][0-9]|[1-9]?[0-9])")


def is_ipv6_cidr(text: str) -> bool:
    """IPv6 address in any legal spelling, slash, prefix 0 to 128, no zone.

    Source: API Reference 2016-11-15, Ipv6Range.
    """
    match = _IPV6_CIDR.fullmatch(text)
    if match is None:
        return False
    try:
        IPv6Address(match[1])
    except AddressValueError:
        return False
    return True


# An IPv4 range that ends so has no host bits, whatever stands before; most ranges do.
NETWORK_ENDINGS = ("/32", ".0/24", ".0.0/16", ".0.0.0/8")


def has_host_bits(text: str) -> bool:
    """Whether a CIDR range, IPv4 or IPv6, names an address inside its network."""
    address, _, prefix = text.partition("/")
    if ":" not in address:
        return not text.endswith(NETWORK_ENDINGS) and cidr_network(text) != text
    number, hosts = int(IPv6Address(address)), 128 - int(prefix)
    return number >> hosts << hosts != number


def ipv6_network(text: str) -> str:
    """The network of an IPv6 CIDR range in the spelling of RFC 5952."""
    address, _, prefix = text.partition("/")
    hosts = 128 - int(prefix)
    return f"{IPv6Address(int(IPv6Address(address)) >> hosts << hosts)}/{prefix}"


# 8 digits in all of 2011, 17 since 2016.
@cache
def resource_id_pattern(prefix: str) -> re.Pattern[str]:
    """What the ids of one kind of resource match, whole."""
    return re.compile(rf"{re.escape(prefix)}-(?:[0-9a-f]{{17}}|[0-9a-f]{{8}})")


def is_resource_id(text: str, prefix: str) -> bool:
    """*prefix*, a dash, and 8 or 17 lower-case hexadecimal digits.

    Source: API Reference 2011-12-15 by example; "longer format resource IDs", 2016 to 2018.
    """
    return resource_id_pattern(prefix).fullmatch(text) is not None


ASCII_NAME = re.compile(r"[ -~]{1,255}")
VPC_NAME = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}")


def is_group_name(text: str, *, vpc: bool = False) -> bool:
    """1 to 255 printable ASCII characters; of fewer kinds for a VPC security group.

    Source: API Reference, CreateSecurityGroup, GroupName.
    """
    return (VPC_NAME if vpc else ASCII_NAME).fullmatch(text) is not None


# A string and never a number: account ids may begin with zeros.
USER_ID_PATTERN = re.compile(r"[0-9]{12}|amazon-[a-z0-9-]+")


def is_user_id(text: str) -> bool:
    """12 digits, or an owner of Amazon's such as ``amazon-elb``.

    Source: API Reference 2011-12-15, "AWS account ID"; amazon-elb: boto#1547.
    """
    return USER_ID_PATTERN.fullmatch(text) is not None


RANGE_TEXT = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}")
PAIR_TEXT = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=;{}!$*]{0,255}")


def is_description(text: str, *, ampersand: bool = True) -> bool:
    """At most 255 of the documented characters; those of source groups and prefix lists have no ``&``.

    Source: API Reference 2016-11-15, IpRange and UserIdGroupPair.
    """
    return (RANGE_TEXT if ampersand else PAIR_TEXT).fullmatch(text) is not None


def parse_text(text: str) -> str:
    """Value of an EC2 String: the text itself."""
    return text


class Scalar(NamedTuple):
    """An EC2 type: text and value, and the rule that judges its text.

    name: the type's name, for documentation.
    python: the type of the value.
    rules: ids of the 2xx rules; none where every text is allowed.
    parse: the value of a text that may be none. trusted: that of a text which the rules let pass.
    prefix: of a resource id. ampersand: whether a description may have one.
    """

    name: str
    python: type
    rules: tuple[str, ...] = ()
    parse: Callable[[str], object] = parse_text
    trusted: Callable[[str], object] = parse_text
    prefix: str = ""
    ampersand: bool = True


TEXT = Scalar("String", str)
INTEGER = Scalar("Integer", int, ("E201",), parse_integer, int)
BOOLEAN = Scalar("Boolean", bool, ("E208",), parse_boolean, "true".__eq__)
PROTOCOL = Scalar("IP protocol", str, ("E202",))
CIDR = Scalar("CIDR range", str, ("E203", "W207"))
IPV6_CIDR = Scalar("IPv6 CIDR range", str, ("W207", "E209"))
GROUP_ID = Scalar("security group id", str, ("E204",), prefix="sg")
GROUP_NAME = Scalar("security group name", str, ("E205",))
USER_ID = Scalar("AWS account id", str, ("E206",))
RANGE_DESCRIPTION = Scalar("description", str, ("E210",))
PAIR_DESCRIPTION = Scalar("description without &", str, ("E210",), ampersand=False)
PREFIX_LIST_ID = Scalar("prefix list id", str, ("E211",), prefix="pl")
VPC_ID = Scalar("VPC id", str, ("E211",), prefix="vpc")
PEERING_ID = Scalar("VPC peering connection id", str, ("E211",), prefix="pcx")
RULE_ID = Scalar("security group rule id", str, ("E211",), prefix="sgr")


def is_small_number(value: object) -> bool:
    """Whether *value* is a number that Python prints: it refuses integers of over 4,300 digits.

    No value within any bound of EC2's has more than 64 bits.
    """
    return isinstance(value, bool | float) or (isinstance(value, int) and value.bit_length() <= 64)


def format_scalar(value: object) -> str:
    """Wire text of a value: what `parse` of its scalar takes."""
    return format_boolean(value) if isinstance(value, bool) else str(value)
