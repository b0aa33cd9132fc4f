"""Members that a rule ties to each other: they are drawn together, where others come or not as they like.

A tie takes the members that it ties out of the strategies by attribute, and gives one of their values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from ec2codec.policy import Policy
from ec2codec.scalars import IPV6_VERSION, PROTOCOL, canonical_protocol, has_ports
from ec2codec.strategies.scalars import Strategy, integers, values

Attributes = dict[str, Any]
Members = dict[str, Strategy]
Tie = Callable[[Members, Policy], st.SearchStrategy[Attributes]]

SOURCES = ("ip_ranges", "ipv6_ranges", "prefix_list_ids", "groups")
_RANGES = {"ip_ranges", "ipv6_ranges"}


def permission(members: Members, policy: Policy) -> st.SearchStrategy[Attributes]:
    """Protocol with ports (E301 to E308), and sources of the kinds that go together (E310, E311)."""
    for attribute in ("ip_protocol", "from_port", "to_port"):
        del members[attribute]
    sources = {attribute: members.pop(attribute) for attribute in SOURCES if attribute in members}
    return merged(protocols_and_ports(policy), _sources(sources, policy))


def _sources(sources: Members, policy: Policy) -> st.SearchStrategy[Attributes]:
    if not policy.documented:
        return optional(sources)
    ranges = {attribute: sources[attribute] for attribute in sources if attribute != "groups"}
    others = {attribute: sources[attribute] for attribute in ranges if attribute not in _RANGES}
    return _groups_or_ranges(st.none() | sources["groups"], optional(others), together({}, ranges))


@st.composite
def _groups_or_ranges(
    draw: st.DrawFn,
    groups: Strategy,
    others: st.SearchStrategy[Attributes],
    ranges: st.SearchStrategy[Attributes],
) -> Attributes:
    drawn = draw(groups)
    return draw(ranges) if drawn is None else {"groups": drawn} | draw(others)


def merged(*parts: st.SearchStrategy[Attributes]) -> st.SearchStrategy[Attributes]:
    """The values of all *parts* together."""
    return st.builds(_merge, *parts)


def _merge(*parts: Attributes) -> Attributes:
    return {attribute: value for part in parts for attribute, value in part.items()}


def protocols_and_ports(policy: Policy) -> st.SearchStrategy[Attributes]:
    """A protocol, and ports, or type and code, as the rules ask of it."""
    return _protocols_and_ports(values(PROTOCOL, policy), policy)


@st.composite
def _protocols_and_ports(draw: st.DrawFn, protocols: st.SearchStrategy[str], policy: Policy) -> Attributes:
    text = draw(protocols)
    first, last = draw(_ports_of(canonical_protocol(text), policy))
    ports = {"from_port": first, "to_port": last}
    return {"ip_protocol": text} | {name: port for name, port in ports.items() if port is not None}


def _ports_of(protocol: str, policy: Policy) -> st.SearchStrategy[tuple[int | None, int | None]]:
    if protocol in ("tcp", "udp"):
        return _PORT_RANGES
    if has_ports(protocol, policy.version):
        pairs = _TYPES_AND_CODES if policy.version < IPV6_VERSION else _TYPES_AND_THEIR_CODES
        return pairs if protocol == "icmp" else _NONE | pairs
    if protocol == "-1" and policy.documented:
        return _ALL_PORTS
    return _ANY_PORTS


def _port_range(number: int) -> tuple[int, int]:
    first, last = divmod(number, 65536)
    return min(first, last), max(first, last)


def _type_and_code(number: int) -> tuple[int, int]:
    """Any two of 0 to 255 and -1, which is the last."""
    icmp_type, code = divmod(number, 257)
    return -1 if icmp_type == 256 else icmp_type, -1 if code == 256 else code


def _type_and_its_code(number: int) -> tuple[int, int]:
    """All types have all codes: W307 is an error since 2016-11-15."""
    icmp_type, code = _type_and_code(number)
    return icmp_type, -1 if icmp_type == -1 else code


# One draw for two ports: what is drawn more often is shrunk less well.
_NONE = st.just((None, None))
_PORT_RANGES = st.integers(0, 65536**2 - 1).map(_port_range)
_TYPES_AND_CODES = st.integers(0, 257**2 - 1).map(_type_and_code)
_TYPES_AND_THEIR_CODES = st.integers(0, 257**2 - 1).map(_type_and_its_code)
_ALL_PORTS = st.sampled_from([(None, None)] * 3 + [(0, 0), (-1, -1), (0, 65535)])
_ANY_PORTS = _NONE | st.tuples(*[st.none() | integers] * 2)


def source_group(members: Members, policy: Policy) -> st.SearchStrategy[Attributes]:
    """A source group by id or by name, not both, and its owner (E312 to E315)."""
    by_id, by_name, owners = ({name: members.pop(name)} for name in ("group_id", "group_name", "user_id"))
    if policy.vpc:
        return together(by_id, owners)
    owned = policy.classic and policy.documented
    return together(by_id, owners) | (together(by_name | owners) if owned else together(by_name, owners))


def target(members: Members, policy: Policy) -> st.SearchStrategy[Attributes]:
    """The group to modify, by id or by name (E403 to E405)."""
    by_id = {"group_id": members.pop("group_id")}
    by_name = {name: members.pop(name) for name in ("group_name",) if name in members}
    if not by_name:
        return together(by_id)
    ways = [by_id, *([] if policy.vpc else [by_name]), *([] if policy.documented else [by_id | by_name])]
    return st.one_of([together(way) for way in ways])


def together(always: Members, sometimes: Members | None = None) -> st.SearchStrategy[Attributes]:
    """Values of *always*, and of some of *sometimes*, by attribute; one at least, if any is given."""
    sometimes = sometimes or {}
    return _together(always, _or_none(sometimes), dict([*sometimes.items()][:1]))


def optional(members: Members) -> st.SearchStrategy[Attributes]:
    """Values of some of *members*, or of none."""
    return _together({}, _or_none(members), {})


def _or_none(members: Members) -> Members:
    return {attribute: st.none() | strategy for attribute, strategy in members.items()}


@st.composite
def _together(draw: st.DrawFn, always: Members, sometimes: Members, at_least: Members) -> Attributes:
    drawn = {attribute: draw(strategy) for attribute, strategy in always.items()}
    for attribute, strategy in sometimes.items():
        value = draw(strategy)
        if value is not None:
            drawn[attribute] = value
    return drawn or {attribute: draw(strategy) for attribute, strategy in at_least.items()}


# By EC2's name of the structure.
TIES: Mapping[str, Tie] = {"IpPermission": permission, "UserIdGroupPair": source_group}
