"""Query strings that come near to a request, and what the tests' own strategies are made of."""

from __future__ import annotations

from urllib.parse import quote

from hypothesis import strategies as st

from ec2codec import Codec
from ec2codec.policy import Policy
from ec2codec.scalars import CIDR, GROUP_ID, GROUP_NAME, IPV6_CIDR, USER_ID
from ec2codec.strategies import requests
from ec2codec.strategies.choices import versions
from ec2codec.strategies.scalars import texts, values

__all__ = [
    "VALUES",
    "VERSIONS",
    "cidrs",
    "group_ids",
    "group_names",
    "ipv6_cidrs",
    "query_texts",
    "requests",
    "texts",
    "user_ids",
]

VERSIONS = versions()
cidrs, ipv6_cidrs, group_ids, group_names, user_ids = (
    values(scalar, Policy()) for scalar in (CIDR, IPV6_CIDR, GROUP_ID, GROUP_NAME, USER_ID)
)

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
