"""The algebra of grants, against oracles that try every packet of a small world."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from itertools import product
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2codec import Grant, IpRange, Ipv6Range, Platform, PrefixListId, UserIdGroupPair
from ec2codec.grants import Difference, canonical, covers, diff, equal, key, overlaps
from ec2codec.model import Direction, Source

RANGE = IpRange(cidr_ip="10.0.0.0/30")
V6 = Ipv6Range(cidr_ipv6="2001:db8::/126")
GROUP = UserIdGroupPair(group_id="sg-1a2b3c4d")
NAMED = UserIdGroupPair(user_id="123456789012", group_name="web")
LIST = PrefixListId(prefix_list_id="pl-1a2b3c4d")


def grant(
    protocol: str | None = "tcp",
    first: int | None = 80,
    last: int | None = 80,
    source: Source = RANGE,
    direction: Direction = "ingress",
) -> Grant:
    return Grant(direction=direction, ip_protocol=protocol, from_port=first, to_port=last, source=source)


class Packet(NamedTuple):
    direction: str
    protocol: int
    first: int  # port, or ICMP type
    second: int  # ICMP code
    sender: str  # address, or what is opaque here


SENDERS = (
    *(f"10.0.0.{last}" for last in range(8)),
    *(
        "11.0.0.0",
        "2001:db8::",
        "2001:db8::3",
        "2001:db8::4",
        "sg-1a2b3c4d",
        "123456789012/web",
        "pl-1a2b3c4d",
    ),
)
PACKETS = [
    Packet(direction, protocol, first, second, sender)
    for direction, protocol, first, sender in product(
        ("ingress", "egress"), (6, 17, 1, 58, 50, 47), (0, 1, 2, 3, 4, 255, 65535), SENDERS
    )
    for second in ((0, 1, 255) if protocol in (1, 58) else (0,))
    if first < 256 or protocol in (6, 17)
]
NUMBERS = {"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58}


def admits(one: Grant, packet: Packet) -> bool:
    """Whether a well-formed grant lets a packet through, by the words of the API reference."""
    if one.direction != packet.direction or not is_sender(one.source, packet.sender):
        return False
    text = str(one.ip_protocol)
    number = NUMBERS[text] if text in NUMBERS else int(text)
    if number == -1:
        return True
    if number != packet.protocol:
        return False
    if number in (6, 17):
        return (one.from_port or 0) <= packet.first <= (one.to_port or 0)
    if number not in (1, 58):
        return True
    return one.from_port in (None, -1, packet.first) and one.to_port in (None, -1, packet.second)


def is_sender(source: Source, sender: str) -> bool:
    match source:
        case IpRange(cidr_ip=str(text)) | Ipv6Range(cidr_ipv6=str(text)):
            return (
                sender[0].isdigit()
                and "/" not in sender
                and ip_address(sender) in ip_network(text, strict=False)
            )
        case PrefixListId():
            return sender == source.prefix_list_id
        case _:
            assert isinstance(source, UserIdGroupPair)
            return sender == (source.group_id or f"{source.user_id}/{source.group_name}")


SOURCES: tuple[Source, ...] = (
    *(
        IpRange(cidr_ip=text)
        for text in ("10.0.0.0/30", "10.0.0.1/30", "10.0.0.0/29", "10.0.0.4/31", "0.0.0.0/0")
    ),
    *(Ipv6Range(cidr_ipv6=text) for text in ("2001:DB8::/126", "2001:db8:0::3/126", "::/0")),
    *(GROUP, NAMED, LIST),
)
ports = st.lists(st.sampled_from((0, 1, 2, 3, 65535)), min_size=2, max_size=2).map(sorted)
kinds = st.tuples(st.sampled_from((-1, 0, 1, 2, 255)), st.sampled_from((-1, 0, 1)))
protocols: st.SearchStrategy[tuple[Any, Any, Any]] = st.one_of(
    st.builds(lambda name, span: (name, *span), st.sampled_from(("tcp", "6", "udp", "17")), ports),
    st.builds(lambda name, kind: (name, *kind), st.sampled_from(("icmp", "1", "58", "icmpv6")), kinds),
    st.sampled_from(
        (("-1", None, None), ("-1", 0, 65535), ("50", None, None), ("50", 1, 2), ("58", None, None))
    ),
)
grants = st.builds(
    lambda what, source, direction: grant(what[0], what[1], what[2], source, direction),
    protocols,
    st.sampled_from(SOURCES),
    st.sampled_from(("ingress", "ingress", "egress")),
)


@given(grants, grants)
def test_covers_says_what_trying_every_packet_says(wide: Grant, narrow: Grant) -> None:
    expected = all(admits(wide, packet) for packet in PACKETS if admits(narrow, packet))

    answer = covers(wide, narrow)

    assert expected == answer


@given(grants, grants)
def test_overlaps_says_what_trying_every_packet_says(one: Grant, other: Grant) -> None:
    expected = any(admits(one, packet) and admits(other, packet) for packet in PACKETS)

    answer = overlaps(one, other)

    assert expected == answer


@given(grants, grants, st.sampled_from(Platform))
def test_equal_grants_cover_each_other(one: Grant, other: Grant, platform: Platform) -> None:
    if equal(one, other, platform=platform):
        assert covers(one, other)
        assert covers(other, one)
    assert equal(one, other, platform=platform) == (
        canonical(one, platform=platform) == canonical(other, platform=platform)
    )


@given(grants, st.sampled_from(Platform))
def test_canonical_form_is_idempotent(one: Grant, platform: Platform) -> None:
    form = canonical(one, platform=platform)

    assert form == canonical(form, platform=platform)
    assert equal(form, one, platform=platform)


@given(st.lists(grants, max_size=6), st.lists(grants, max_size=6), st.randoms(), st.sampled_from(Platform))
def test_diff_says_what_comparing_each_with_each_says(
    have: list[Grant], want: list[Grant], random: Any, platform: Platform
) -> None:
    def among(one: Grant, others: list[Grant]) -> bool:
        return any(equal(one, other, platform=platform) for other in others)

    found = diff(have, want, platform=platform)
    shuffled_have, shuffled_want = random.sample(have, len(have)), random.sample(want, len(want))
    again = diff(shuffled_have * 2, shuffled_want, platform=platform)

    for part, members in (
        (found.missing, [one for one in want if not among(one, have)]),
        (found.extra, [one for one in have if not among(one, want)]),
        (found.shared, [one for one in have if among(one, want)]),
    ):
        assert {key(one, platform=platform) for one in members} == {
            key(one, platform=platform) for one in part
        }
        assert len({key(one, platform=platform) for one in part}) == len(part)
    keys = [[key(one, platform=platform) for one in part] for part in found]
    assert keys == [[key(one, platform=platform) for one in part] for part in again]


@pytest.mark.parametrize(
    ("one", "other", "options", "expected"),
    [
        (grant("6"), grant("tcp"), {}, True),
        (grant("TCP"), grant("tcp"), {}, True),
        (grant("icmpv6", -1, -1), grant("58", None, None), {}, True),
        (grant("icmp", -1, -1), grant("icmp", None, None), {}, False),
        (grant("50", -1, -1), grant("50", None, None), {}, True),
        (grant("-1", 0, 65535), grant("-1", None, None), {}, True),
        (grant("tcp", 0, 0), grant("tcp", None, None), {}, False),
        (grant("icmp", 8, 8), grant("icmp", 8, -1), {}, False),
        (grant(source=IpRange(cidr_ip="10.0.0.1/30")), grant(), {}, False),
        (grant(source=IpRange(cidr_ip="10.0.0.1/30")), grant(), {"platform": "classic"}, False),
        (grant(source=IpRange(cidr_ip="10.0.0.1/30")), grant(), {"platform": "vpc"}, True),
        (grant(source=IpRange(cidr_ip="10.0.0.0/30", description="x")), grant(), {}, True),
        (grant(source=Ipv6Range(cidr_ipv6="2001:DB8:0:0::1/126")), grant(source=V6), {}, True),
        (grant(source=UserIdGroupPair(group_name="web")), grant(source=NAMED), {}, False),
        (
            grant(source=UserIdGroupPair(group_name="web")),
            grant(source=NAMED),
            {"owner": "123456789012"},
            True,
        ),
        (grant(source=UserIdGroupPair(group_id="sg-1a2b3c4d", user_id="1")), grant(source=GROUP), {}, True),
        (grant(source=RANGE), grant(source=RANGE, direction="egress"), {}, False),
    ],
)
def test_identity_is_what_the_service_goes_by(
    one: Grant, other: Grant, options: dict[str, Any], expected: bool
) -> None:
    answer = equal(one, other, **options)

    assert expected == answer


def test_egress_grants_are_of_a_vpc_unless_told_otherwise() -> None:
    one, other = (
        grant(source=IpRange(cidr_ip=text), direction="egress") for text in ("10.0.0.1/24", "10.0.0.0/24")
    )

    assert equal(one, other)
    assert not equal(one, other, platform="classic")


@pytest.mark.parametrize(
    "nothing",
    [
        grant("tcp", None, 80),
        grant("tcp", 81, 80),
        grant("udp", -1, 80),
        grant("tcp", 0, 65536),
        grant("icmp", None, None),
        grant("icmp", 256, 0),
        grant("icmp", 0, -2),
        grant("58", None, 0),
        grant(None, None, None),
        grant(source=IpRange(cidr_ip="10.0.0.0")),
        grant(source=IpRange()),
        grant(source=Ipv6Range(cidr_ipv6="fe80::1%eth0/64")),
        grant(source=UserIdGroupPair()),
        grant(source=PrefixListId()),
    ],
)
def test_what_says_no_traffic_is_covered_by_its_equals_only(nothing: Grant) -> None:
    everything = grant("-1", None, None, nothing.source)

    assert covers(nothing, nothing)
    assert overlaps(nothing, nothing)
    assert not covers(everything, nothing)
    assert not overlaps(everything, nothing)
    assert not covers(nothing, everything)


def test_diff_gives_each_grant_as_it_was_given() -> None:
    have = [grant("6", source=IpRange(cidr_ip="10.0.0.1/30", description="office")), grant("udp")]
    want = [grant("tcp"), grant("icmp", 8, -1)]

    found = diff(have, want, platform="vpc")

    assert Difference(missing=(want[1],), extra=(have[1],), shared=(have[0],)) == found


def test_no_key_holds_an_ipaddress_object() -> None:
    def leaves(value: object) -> set[type]:
        return set().union(*map(leaves, value)) if isinstance(value, tuple) else {type(value)}

    found = leaves(key(grant(source=V6))) | leaves(key(grant(source=RANGE), platform="vpc"))

    assert {str, bool, int} == found


def test_icmpv6_without_types_lets_every_type_through() -> None:
    every, some = grant("58", None, None), grant("58", 128, 0)

    assert covers(every, some)
    assert not covers(some, every)
