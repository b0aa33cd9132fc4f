"""Hypothesis strategies: requests that break no rule, and query strings that come near to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from ec2codec import (
    AuthorizeSecurityGroupEgress,
    AuthorizeSecurityGroupIngress,
    Codec,
    IpPermission,
    IpRange,
    Ipv6Range,
    Platform,
    PrefixListId,
    Request,
    RevokeSecurityGroupEgress,
    RevokeSecurityGroupIngress,
    Tag,
    TagSpecification,
    UserIdGroupPair,
)
from ec2codec.model import DEFAULT_VERSION, IngressRequest, Source
from ec2codec.policy import DEFAULT_VPC_VERSION
from ec2codec.scalars import canonical_protocol, cidr_network, has_ports, ipv6_network

ACTIONS: dict[str, type[Request]] = {
    kind.action: kind
    for kind in (
        AuthorizeSecurityGroupEgress,
        AuthorizeSecurityGroupIngress,
        RevokeSecurityGroupEgress,
        RevokeSecurityGroupIngress,
    )
}
# Each brought a parameter, or stands between two that did.
VERSIONS = (
    "2009-08-15",
    "2011-12-15",
    "2012-12-01",
    "2013-03-01",
    "2013-08-15",
    "2014-09-01",
    "2015-04-15",
    "2015-10-01",
    "2016-04-01",
    "2016-11-15",
)
NEWEST = VERSIONS[-1]

_VPC_CHARACTERS = "abcXYZ019 ._-:/()#,@[]+=&;{}!$*"
_ASCII_CHARACTERS = "".join(map(chr, range(0x20, 0x7F)))
_XML_CHARACTERS = st.characters(
    exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff", codec="utf-8"
) | st.sampled_from("\t\n\r")


def _hexadecimal(prefix: str) -> st.SearchStrategy[str]:
    digits = st.sampled_from((8, 17)).flatmap(
        lambda size: st.text("0123456789abcdef", min_size=size, max_size=size)
    )
    return digits.map(lambda text: f"{prefix}-{text}")


group_ids = _hexadecimal("sg")
texts = st.text(_XML_CHARACTERS, min_size=1, max_size=30)
user_ids = st.text("0123456789", min_size=12, max_size=12) | st.sampled_from(["amazon-elb", "amazon-a1"])
group_names = st.text(_ASCII_CHARACTERS, min_size=1, max_size=20) | st.sampled_from(
    ["default", "web srv+%", "sg-1a2b3c4d", "a&b=c;d", "x" * 255]
)
cidrs = st.builds(
    lambda address, prefix: f"{address}/{prefix}",
    st.ip_addresses(v=4).map(str) | st.sampled_from(["0.0.0.0", "10.0.0.0", "255.255.255.255"]),
    st.integers(0, 32),
)
ipv6_cidrs = st.builds(
    lambda address, prefix: f"{address}/{prefix}",
    st.ip_addresses(v=6).flatmap(
        lambda address: st.sampled_from([str(address), address.exploded, str(address).upper()])
    ),
    st.integers(0, 128),
)


def _descriptions(characters: str) -> st.SearchStrategy[str]:
    return st.text(characters, min_size=1, max_size=20) | st.just("d" * 255)


range_descriptions = _descriptions(_VPC_CHARACTERS)
pair_descriptions = _descriptions(_VPC_CHARACTERS.replace("&", ""))


@st.composite
def _optional(draw: st.DrawFn, strategy: st.SearchStrategy[Any], *, when: bool = True) -> Any:
    """A value of *strategy*, or None; always None unless *when*."""
    return draw(st.none() | strategy) if when else None


@st.composite
def _protocols_and_ports(
    draw: st.DrawFn, platform: Platform, version: str
) -> tuple[str, int | None, int | None]:
    names = ["tcp", "udp", "icmp", "6", "17", "1"]
    if platform is not Platform.CLASSIC:
        names += ["-1", "0", "47", "50", "58", "132", "255"]
        names += ["icmpv6"] if version >= NEWEST else []
    text = draw(st.sampled_from(names))
    protocol = canonical_protocol(text)
    if protocol in ("tcp", "udp"):
        first, last = sorted(draw(st.tuples(*[st.integers(0, 65535) | st.sampled_from([0, 22, 65535])] * 2)))
        return text, first, last
    if protocol == "icmp" or has_ports(protocol, version):
        kind = draw(st.integers(-1, 255))
        code = -1 if kind == -1 else draw(st.integers(-1, 255))
        omitted = protocol == "58" and draw(st.booleans())
        return (text, None, None) if omitted else (text, kind, code)
    if protocol == "-1":
        first_last = draw(st.sampled_from([(None, None)] * 3 + [(0, 0), (-1, -1), (0, 65535)]))
        return (text, *first_last)
    any_integer = st.integers(-(2**31), 2**31 - 1)
    return text, draw(_optional(any_integer)), draw(_optional(any_integer))


@st.composite
def _groups(draw: st.DrawFn, platform: Platform, version: str) -> UserIdGroupPair:
    peered = version >= "2015-10-01"
    shared = {
        "vpc_id": draw(_optional(_hexadecimal("vpc"), when=peered)),
        "vpc_peering_connection_id": draw(_optional(_hexadecimal("pcx"), when=peered)),
        "description": draw(_optional(pair_descriptions, when=version >= NEWEST)),
    }
    if platform is Platform.VPC or draw(st.booleans()):
        return UserIdGroupPair(group_id=draw(group_ids), user_id=draw(_optional(user_ids)), **shared)
    owner = draw(user_ids) if platform is Platform.CLASSIC else draw(_optional(user_ids))
    return UserIdGroupPair(group_name=draw(group_names), user_id=owner, **shared)


@st.composite
def _permissions(draw: st.DrawFn, platform: Platform, version: str) -> IpPermission:
    protocol, first, last = draw(_protocols_and_ports(platform, version))
    described = st.booleans() if version >= NEWEST else st.just(False)
    lists: dict[str, tuple[Source, ...]] = {}

    def fill(attribute: str, strategy: st.SearchStrategy[Source]) -> None:
        lists[attribute] = tuple(draw(st.lists(strategy, min_size=1, max_size=3)))

    kinds = ["ip_ranges", "groups"]
    kinds += ["prefix_list_ids"] if version >= "2015-04-15" else []
    kinds += ["ipv6_ranges", "both"] if version >= NEWEST else []
    kind = draw(st.sampled_from(kinds))
    if kind in ("ip_ranges", "both"):
        ranges = st.builds(IpRange, cidr_ip=cidrs, description=_described(described, range_descriptions))
        fill("ip_ranges", ranges)
    if kind in ("ipv6_ranges", "both"):
        ipv6 = st.builds(
            Ipv6Range, cidr_ipv6=ipv6_cidrs, description=_described(described, range_descriptions)
        )
        fill("ipv6_ranges", ipv6)
    if kind == "groups":
        fill("groups", _groups(platform, version))
    if kind == "prefix_list_ids" or (version >= "2015-04-15" and draw(st.booleans())):
        lists_of_prefixes = st.builds(
            PrefixListId,
            prefix_list_id=_hexadecimal("pl"),
            description=_described(described, pair_descriptions),
        )
        fill("prefix_list_ids", lists_of_prefixes)
    members: dict[str, Any] = dict(lists)
    return IpPermission(ip_protocol=protocol, from_port=first, to_port=last, **members)


def _described(
    described: st.SearchStrategy[bool], descriptions: st.SearchStrategy[str]
) -> st.SearchStrategy[str | None]:
    return described.flatmap(lambda has: descriptions if has else st.none())


def _key(source: Source) -> object:
    """What two sources share that could be one grant on any platform."""
    match source:
        case IpRange(cidr_ip=str(text)):
            return cidr_network(text)
        case Ipv6Range(cidr_ipv6=str(text)):
            return ipv6_network(text)
        case _:
            return source.identity()


def _without_repeated_grants(permissions: Sequence[IpPermission], version: str) -> tuple[IpPermission, ...]:
    """*permissions* without the sources that an earlier one grants the same; and without those left empty."""
    seen: set[object] = set()
    kept: list[IpPermission] = []
    for permission in permissions:
        ported = has_ports(permission.protocol, version)
        ports = (permission.from_port, permission.to_port) if ported else ()
        lists: dict[str, Any] = {}
        for attribute in ("ip_ranges", "ipv6_ranges", "prefix_list_ids", "groups"):
            fresh: list[Source] = []
            for source in getattr(permission, attribute):
                key = (permission.protocol, ports, _key(source))
                if key not in seen:
                    seen.add(key)
                    fresh.append(source)
            lists[attribute] = tuple(fresh)
        if any(lists.values()):
            kept.append(
                IpPermission(
                    ip_protocol=permission.ip_protocol,
                    from_port=permission.from_port,
                    to_port=permission.to_port,
                    **lists,
                )
            )
    return tuple(kept)


@st.composite
def _flat_forms(draw: st.DrawFn, platform: Platform, version: str) -> dict[str, Any]:
    if platform is not Platform.VPC and draw(st.booleans()):
        return {
            "source_security_group_name": draw(group_names),
            "source_security_group_owner_id": draw(user_ids),
        }
    protocol, first, last = draw(_protocols_and_ports(platform, version))
    return {"ip_protocol": protocol, "from_port": first, "to_port": last, "cidr_ip": draw(cidrs)}


_tags = st.builds(Tag, key=texts, value=st.none() | st.just("") | texts)
_tag_specifications = st.builds(
    TagSpecification,
    resource_type=st.just("security-group-rule") | texts,
    tag=st.lists(_tags, max_size=2).map(tuple),
)


@st.composite
def requests(
    draw: st.DrawFn,
    action: str | None = None,
    version: str | None = None,
    *,
    platform: Platform | str = Platform.ANY,
    max_permissions: int = 4,
) -> Any:
    """A request that `check` finds no error in, under the same *platform* and profile DOCUMENTED.

    All forms and members of its version: nested and flat, groups, ranges of both families, prefix lists,
    descriptions, tags, rule ids.
    """
    kind = ACTIONS[action or draw(st.sampled_from(sorted(ACTIONS)))]
    version = version or draw(st.sampled_from(VERSIONS))
    binding = max(version, DEFAULT_VERSION)
    where = Platform(platform)
    if where is Platform.ANY and kind.direction == "egress":
        where = Platform.VPC
    values: dict[str, Any] = {"version": version}
    ingress = issubclass(kind, IngressRequest)
    if ingress and where is not Platform.VPC and draw(st.booleans()):
        values["group_name"] = draw(group_names)
        if where is Platform.ANY and binding < DEFAULT_VPC_VERSION:
            where = Platform.CLASSIC
    else:
        values["group_id"] = draw(group_ids)
    if ingress:
        values["user_id"] = draw(_optional(texts))
    values["dry_run"] = draw(_optional(st.booleans(), when=binding >= "2013-08-15"))
    if ingress and draw(st.integers(0, 3)) == 0:
        values.update(draw(_flat_forms(where, binding)))
    else:
        permissions = draw(st.lists(_permissions(where, binding), min_size=1, max_size=max_permissions))
        values["ip_permissions"] = _without_repeated_grants(permissions, binding)
    if binding >= NEWEST and kind.action.startswith("Revoke"):
        values["security_group_rule_id"] = tuple(draw(st.lists(_hexadecimal("sgr"), max_size=2)))
        if values["security_group_rule_id"] and draw(st.booleans()):
            values.pop("ip_permissions", None)
    elif binding >= NEWEST:
        values["tag_specification"] = tuple(draw(st.lists(_tag_specifications, max_size=2)))
    return kind(**values)


# What stands where a value belongs and is none, or barely one.
VALUES = (
    *(
        "",
        " ",
        "0",
        "-1",
        "00",
        "-0",
        "+80",
        "8_0",
        "80 ",
        "80\n",
        "1e3",
        "0x50",
        "\u0663",
        "\uff18\uff10",
        "65536",
    ),
    *("2147483648", "9" * 5000, "True", "TRUE", "tcp", "TCP", "all", "256", "icmpv6", "\u212acp", "58"),
    *("10.0.0.0/8", "10.0.0.1/8", "10.0.0.0", "10.0.0.0/33", "010.0.0.0/8", "::/0", "fe80::1%eth0/64"),
    *("sg-1a2b3c4d", "SG-1A2B3C4D", "sg-", "websrv", "wéb", "123456789012", "1234-5678-9012", "amazon-elb"),
    *("a\x00b", "\x1b[31m", "\ufffe", "\u202e", "a&b", "a=b", "2011-12-15", "2016-11-15", "2017-01-01"),
)
NAMES = (
    *("IpPermissions", "IpPermissions.1", "IpPermissions.1.Groups", "IpPermissions.1.IpRanges.1"),
    *("IpPermissions.0.FromPort", "IpPermissions.01.FromPort", "IpPermissions.².ToPort", "IpPermissions..X"),
    *("IpPermissions.999999999.IpProtocol", "IpPermissions.2147483648.IpProtocol", "IpPermissions.-1.ToPort"),
    *("IpPermissions.member.1.IpProtocol", "IpPermissions.1.UserIdGroupPairs.1.GroupId", "ippermissions.1.X"),
    *("IpPermissions.1.ipprotocol", "Item.1.IpProtocol", "Bogus", "", "GroupName", "CidrIp", "FromPort"),
    *("IpPermissions.1.Ipv6Ranges.1.CidrIpv6", "IpPermissions.1.IpRanges.1.Description", "DryRun", "UserId"),
    *("Signature", "Signature.1", "AWSAccessKeyId", "AUTHPARAMS", "Action", "Version"),
    *("a.b.c.d.e.f.g.h.i", "GroupId.1", "Timestamp", "Expires"),
)
GARBAGE = (
    *("%", "%zz", "%FF", "%4", "%00", "%C0%AF", "&&&", "=", "=x"),
    *("?", "#", ";", "+=+", "\r\n&\t", "\ud800"),
)
INDEXES = ("0", "01", "+1", "2", "9", "2147483647", "foo", "member", "\uff11", "")
ESCAPES = (("quote",), ("quote",), ("quote", "all"), ("plus",), ("plus", "raw", "all"))


@st.composite
def _mutated(draw: st.DrawFn, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """*pairs* with one thing done to them."""
    position = draw(st.integers(0, max(len(pairs) - 1, 0)))
    name, value = pairs[position] if pairs else ("", "")
    kind = draw(st.sampled_from(["shuffle", "drop", "repeat", "value", "name", "add", "index", "case"]))
    match kind:
        case "shuffle":
            return draw(st.permutations(pairs))
        case "drop":
            return pairs[:position] + pairs[position + 1 :]
        case "repeat":
            return [*pairs, (name, draw(st.sampled_from([value, *VALUES])))]
        case "value":
            changed = (name, draw(st.sampled_from(VALUES) | texts))
        case "name":
            changed = (draw(st.sampled_from(NAMES) | texts), value)
        case "add":
            return [*pairs, (draw(st.sampled_from(NAMES)), draw(st.sampled_from(VALUES)))]
        case "index":
            index = draw(st.sampled_from(INDEXES))
            changed = (name.replace(".1.", f".{index}.", draw(st.sampled_from([1, -1]))), value)
        case _:
            changed = (name.swapcase(), value)
    return [*pairs[:position], changed, *pairs[position + 1 :]]


def _escaped(text: str, how: str) -> str:
    match how:
        case "all":
            return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))
        case "plus":
            return quote(text, safe="", errors="surrogatepass").replace("%20", "+")
        case "raw":
            return text
        case _:
            return quote(text, safe="", errors="surrogatepass")


@st.composite
def query_texts(draw: st.DrawFn) -> str:
    """A query string: a valid one with a few things done to it, or plain garbage."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.text(max_size=60) | st.lists(st.sampled_from(GARBAGE + NAMES)).map("&".join))
    pairs = Codec(profile=None).encode_params(draw(requests(max_permissions=2)))
    for _ in range(draw(st.integers(0, 3))):
        pairs = draw(_mutated(pairs))
    hows = draw(st.sampled_from(ESCAPES))
    pieces = [
        f"{_escaped(name, draw(st.sampled_from(hows)))}={_escaped(value, draw(st.sampled_from(hows)))}"
        for name, value in pairs
    ]
    if draw(st.integers(0, 4)) == 0:
        pieces.insert(draw(st.integers(0, len(pieces))), draw(st.sampled_from(GARBAGE)))
    prefix = draw(st.sampled_from(["", "", "", "?", "https://ec2.amazonaws.com/?", "/?"]))
    return prefix + draw(st.sampled_from(["&", "&", "&\n    ", "&&"])).join(pieces)
