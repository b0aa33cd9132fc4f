"""Values of each scalar of the shape, as the rules of a policy let them pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from string import ascii_letters, digits
from typing import Any

from hypothesis import strategies as st

from ec2codec import scalars
from ec2codec.policy import Policy, Profile
from ec2codec.scalars import IPV6_VERSION, MAX_INTEGER, MIN_INTEGER, Scalar, cidr_network, ipv6_network

Strategy = st.SearchStrategy[Any]

_VPC_CHARACTERS = f"{ascii_letters}{digits} ._-:/()#,@[]+=&;{{}}!$*"
_ASCII_CHARACTERS = "".join(map(chr, range(0x20, 0x7F)))
# What XML 1.0 can carry; of the control characters those that are told from blanks by few.
CHARACTERS = st.characters(
    exclude_categories=("Cs", "Cc"), include_characters="\t\n\r\x7f\x85", exclude_characters="\ufffe\uffff"
)

texts = st.text(CHARACTERS, min_size=1, max_size=30)
integers = st.integers(MIN_INTEGER, MAX_INTEGER)
_user_ids = st.one_of(
    st.integers(0, 10**12 - 1).map("{:012}".format),
    st.sampled_from(("000000000000", "amazon-elb", "amazon-a-1", "999999999999")),
)


@lru_cache(maxsize=1024)
def values(scalar: Scalar, policy: Policy) -> Strategy:
    """Values that the rules of *policy* let pass; without a profile any of the type, the empty text too."""
    if policy.profile is None and scalar.python is str:
        return _lawful(scalar, policy._replace(profile=Profile.OBSERVED)) | st.text(CHARACTERS, max_size=30)
    return _lawful(scalar, policy)


def _lawful(scalar: Scalar, policy: Policy) -> Strategy:
    if scalar.prefix:
        return resource_ids(scalar.prefix)
    return _BY_NAME.get(scalar.name, _by_type)(scalar, policy)


def _by_type(scalar: Scalar, policy: Policy) -> Strategy:
    return _BY_TYPE[scalar.python]


def resource_ids(prefix: str) -> st.SearchStrategy[str]:
    """*prefix*, a dash, and 8 or 17 digits."""
    short, long = st.integers(0, 16**8 - 1), st.integers(0, 16**17 - 1)
    return short.map(f"{prefix}-{{:08x}}".format) | long.map(f"{prefix}-{{:017x}}".format)


def _protocols(scalar: Scalar, policy: Policy) -> Strategy:
    ported = ("tcp", "udp", "icmp", "6", "17", "1")
    folded = ("TCP", "Udp", "iCMP") if policy.profile is Profile.OBSERVED else ()
    if policy.classic:
        return st.sampled_from((*ported, *folded))
    named = (*ported, "-1", "58", "50", *folded)
    if policy.version >= IPV6_VERSION:
        named += ("icmpv6", *(("ICMPv6",) if folded else ()))
    # One draw, as on EC2-Classic: what takes more is longer, and examples would shrink to the other.
    return st.sampled_from((*named * 12, *map(str, range(256))))


def _cidr(address: int, spelling: int) -> str:
    prefix, as_it_is = divmod(spelling, 2)
    text = f"{IPv4Address(address)}/{prefix}"
    return text if as_it_is else cidr_network(text)


_cidrs = st.builds(_cidr, st.integers(0, 2**32 - 1), st.integers(0, 2 * 33 - 1))


def _ipv6_cidr(number: int, spelling: int) -> str:
    prefix, manner = divmod(spelling, len(_SPELLINGS))
    return _SPELLINGS[manner](IPv6Address(number), prefix)


_SPELLINGS: tuple[Callable[[IPv6Address, int], str], ...] = (
    lambda address, prefix: ipv6_network(f"{address}/{prefix}"),
    lambda address, prefix: f"{address}/{prefix}",
    lambda address, prefix: f"{address.exploded}/{prefix}",
    lambda address, prefix: f"{address}/{prefix}".upper(),
    lambda address, prefix: f"::ffff:{IPv4Address(int(address) % 2**32)}/{prefix}",
)
_ipv6_cidrs = st.builds(_ipv6_cidr, st.integers(0, 2**128 - 1), st.integers(0, len(_SPELLINGS) * 129 - 1))


def _group_names(scalar: Scalar, policy: Policy) -> Strategy:
    if policy.vpc:
        return _names(_VPC_CHARACTERS, ("default", "web srv+1", "a&b=c;d", "x" * 255))
    return _names(_ASCII_CHARACTERS, ("default", "web srv+%", "a&b=c;d", "sg-1a2b3c4d", "x" * 255))


def _names(characters: str, usual: tuple[str, ...]) -> Strategy:
    return st.sampled_from(usual) | st.text(characters, min_size=1, max_size=255)


def _descriptions(scalar: Scalar, policy: Policy) -> Strategy:
    characters = _VPC_CHARACTERS if scalar.ampersand else _VPC_CHARACTERS.replace("&", "")
    return _names(characters, ("office", "d" * 255))


_BY_TYPE: Mapping[type, Strategy] = {str: texts, int: integers, bool: st.booleans()}
_BY_NAME: Mapping[str, Callable[[Scalar, Policy], Strategy]] = {
    scalars.PROTOCOL.name: _protocols,
    scalars.CIDR.name: lambda scalar, policy: _cidrs,
    scalars.IPV6_CIDR.name: lambda scalar, policy: _ipv6_cidrs,
    scalars.GROUP_NAME.name: _group_names,
    scalars.USER_ID.name: lambda scalar, policy: _user_ids,
    scalars.RANGE_DESCRIPTION.name: _descriptions,
    scalars.PAIR_DESCRIPTION.name: _descriptions,
}
