"""Text and value: the grammars, held against the standard library and against what it lets pass."""

import ipaddress
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2codec import scalars
from ec2codec.scalars import Malformed

octets = st.integers(0, 300).map(str)
cidrs = st.builds("{}.{}.{}.{}/{}".format, octets, octets, octets, octets, st.integers(0, 40))
near_cidrs = st.text("0123456789./: -ab\n", max_size=24) | cidrs
ipv6_texts = st.builds("{}/{}".format, st.ip_addresses(v=6).map(str), st.integers(0, 140))
near_ipv6 = st.text("0123456789abcdefABCDEF:./%\n", max_size=46) | ipv6_texts


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("-1", -1), ("65535", 65535), ("2147483647", 2**31 - 1), ("-2147483648", -(2**31))],
)
def test_integer_is_decimal_and_of_32_bits(text: str, value: int) -> None:
    assert value == scalars.parse_integer(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "-0",
        "+80",
        " 80",
        "80 ",
        "80\n",
        "8_0",
        "080",
        "80.0",
        "1e2",
        "0x50",
        "٨٠",
        "８０",
        "²",
        "2147483648",
        "-2147483649",
        "9" * 5000,
    ],
)
def test_what_int_lets_pass_or_chokes_on_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        scalars.parse_integer(text)


@given(st.integers(scalars.MIN_INTEGER, scalars.MAX_INTEGER))
def test_integer_reads_what_it_writes(value: int) -> None:
    assert value == scalars.parse_integer(scalars.format_scalar(value))


@pytest.mark.parametrize(
    ("value", "small"),
    [
        (True, True),
        (0.5, True),
        (0, True),
        (-1, True),
        (65535, True),
        (2**64 - 1, True),
        (-(2**64) + 1, True),
        (2**64, False),
        (-(2**64), False),
        ("1", False),
        (None, False),
    ],
)
def test_a_small_number_has_at_most_64_bits(value: object, small: bool) -> None:
    assert small is scalars.is_small_number(value)


@pytest.mark.parametrize("value", [True, False])
def test_boolean_reads_what_it_writes(value: bool) -> None:
    assert value is scalars.parse_boolean(scalars.format_scalar(value))


@pytest.mark.parametrize("text", ["True", "TRUE", "yes", "1", "0", "", " true", "true\n"])
def test_no_other_text_is_a_boolean(text: str) -> None:
    with pytest.raises(Malformed):
        scalars.parse_boolean(text)


@given(near_cidrs)
def test_cidr_range_is_what_ipaddress_takes_with_a_decimal_prefix(text: str) -> None:
    address, slash, prefix = text.partition("/")
    try:
        ipaddress.IPv4Address(address)
        expected = bool(slash) and prefix in {str(length) for length in range(33)}
    except ValueError:
        expected = False

    assert expected == scalars.is_cidr(text)


@given(near_ipv6)
def test_ipv6_range_is_what_ipaddress_takes_without_zone(text: str) -> None:
    address, slash, prefix = text.partition("/")
    try:
        ipaddress.IPv6Address(address)
        expected = bool(slash) and "%" not in address and prefix in {str(length) for length in range(129)}
    except ValueError:
        expected = False

    assert expected == scalars.is_ipv6_cidr(text)


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.0",
        "10.0.0.0/255.0.0.0",
        "1.2.3.4/0.0.0.0",
        "10.0.0.0/08",
        "010.0.0.0/8",
        "08.0.0.0/8",
        "10.01.0.0/16",
        "10.0.0/8",
        "10.0.0.0/33",
    ],
)
def test_what_ip_network_lets_pass_is_no_cidr_range(text: str) -> None:
    assert not scalars.is_cidr(text)


@pytest.mark.parametrize("text", ["1::2::3/64", "2001:00db8::/32", "[::]/0", "10.0.0.0/8", "::/129", "::/00"])
def test_what_is_no_ipv6_address_is_no_ipv6_range(text: str) -> None:
    assert not scalars.is_ipv6_cidr(text)


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_network_of_a_cidr_range_is_that_of_ipaddress(address: ipaddress.IPv4Address, prefix: int) -> None:
    text = f"{address}/{prefix}"

    network = scalars.cidr_network(text)

    assert str(ipaddress.ip_network(text, strict=False)) == network
    assert scalars.has_host_bits(text) == (network != text)


@given(st.ip_addresses(v=6), st.integers(0, 128))
def test_network_of_an_ipv6_range_is_that_of_ipaddress(address: ipaddress.IPv6Address, prefix: int) -> None:
    text = f"{address.exploded}/{prefix}"

    network = scalars.ipv6_network(text)

    assert str(ipaddress.ip_network(text, strict=False)) == network
    assert scalars.has_host_bits(text) == (int(ipaddress.ip_network(network).network_address) != int(address))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("6", "tcp"),
        ("17", "udp"),
        ("1", "icmp"),
        ("TCP", "tcp"),
        ("icmpv6", "58"),
        ("50", "50"),
        ("-1", "-1"),
    ],
)
def test_protocols_have_one_canonical_text(text: str, canonical: str) -> None:
    assert canonical == scalars.canonical_protocol(text)


@pytest.mark.parametrize("text", ["tcp", "udp", "icmp", "-1", "0", "58", "255"])
def test_names_and_numbers_are_protocols(text: str) -> None:
    assert scalars.is_protocol(text, version="2011-12-15")


@pytest.mark.parametrize(
    "text", ["", "TCP", "all", "esp", "256", "999", "1000", "06", "+6", " 6", "6.0", "٦", "-2"]
)
def test_other_texts_are_no_protocols(text: str) -> None:
    assert not scalars.is_protocol(text)


def test_icmpv6_is_a_protocol_since_2016() -> None:
    assert [False, True] == [scalars.is_protocol("icmpv6", version=v) for v in ("2016-09-15", "2016-11-15")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sg-1a2b3c4d", True),
        ("sg-0123456789abcdef0", True),
        ("sg-1a2b3c4", False),
        ("sg-1a2b3c4d5", False),
        ("sg-0123456789abcdef", False),
        ("sg-0123456789abcdef01", False),
        ("sg-1A2B3C4D", False),
        ("SG-1a2b3c4d", False),
        ("sg-1a2b3c4d\n", False),
        ("pl-1a2b3c4d", False),
        ("sg-", False),
    ],
)
def test_resource_id_has_8_or_17_digits(text: str, expected: bool) -> None:
    assert expected is scalars.is_resource_id(text, "sg")


@pytest.mark.parametrize(("length", "expected"), [(0, False), (1, True), (255, True), (256, False)])
def test_group_name_has_1_to_255_characters(length: int, expected: bool) -> None:
    assert expected is scalars.is_group_name("a" * length)
    assert expected is scalars.is_group_name("a" * length, vpc=True)


@pytest.mark.parametrize(
    ("text", "classic", "vpc"), [("a b+%", True, False), ("wéb", False, False), ("a#b", True, True)]
)
def test_group_names_of_a_vpc_have_fewer_characters(text: str, classic: bool, vpc: bool) -> None:
    assert (classic, vpc) == (scalars.is_group_name(text), scalars.is_group_name(text, vpc=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("000123456789", True),
        ("amazon-elb", True),
        ("12345678901", False),
        ("1234567890123", False),
        ("1234-5678-9012", False),
        ("self", False),
        ("", False),
    ],
)
def test_user_id_has_12_digits_or_is_amazons(text: str, expected: bool) -> None:
    assert expected is scalars.is_user_id(text)


@pytest.mark.parametrize(("length", "expected"), [(0, True), (255, True), (256, False)])
def test_description_has_at_most_255_characters(length: int, expected: bool) -> None:
    assert expected is scalars.is_description("a" * length)
    assert expected is scalars.is_description("a" * length, ampersand=False)


def test_descriptions_of_groups_have_no_ampersand() -> None:
    assert (True, False) == (scalars.is_description("a&b"), scalars.is_description("a&b", ampersand=False))
    assert not scalars.is_description("<b>")


ASCII = list(map(chr, range(128)))
LETTERS_AND_DIGITS = set(string.ascii_letters + string.digits)
# API Reference 2016-11-15, CreateSecurityGroup, GroupName; IpRange and UserIdGroupPair, Description.
MARKS = set(" ._-:/()#,@[]+=;{}!$*")


@pytest.mark.parametrize("character", [*ASCII, "é", "\u0660", "\uff10", "\u212a"])
def test_a_text_has_exactly_the_documented_characters(character: str) -> None:
    documented = character in LETTERS_AND_DIGITS | MARKS | {"&"}

    assert documented is scalars.is_group_name(character, vpc=True)
    assert (" " <= character <= "~") is scalars.is_group_name(character)
    assert documented is scalars.is_description(character)
    assert (documented and character != "&") is scalars.is_description(character, ampersand=False)


@pytest.mark.parametrize("character", [*ASCII, "\u0660", "\uff10"])
def test_an_id_has_exactly_the_digits_of_its_kind(character: str) -> None:
    hexadecimal = character in set("0123456789abcdef")

    assert [hexadecimal] * 2 == [scalars.is_resource_id(f"pcx-{character * n}", "pcx") for n in (8, 17)]
    assert (character in set(string.digits)) is scalars.is_user_id(character * 12)
    assert (character in set(string.ascii_lowercase + string.digits + "-")) is scalars.is_user_id(
        f"amazon-{character}"
    )


def test_an_owner_of_amazons_has_a_name() -> None:
    assert [False, False, True] == [scalars.is_user_id(text) for text in ("amazon", "amazon-", "amazon-elb")]


def test_a_prefix_of_an_id_is_no_pattern() -> None:
    assert not scalars.is_resource_id("sgx1a2b3c4d", "sg.")
    assert not scalars.is_resource_id("sgx-1a2b3c4d", "sg.")


def test_integers_have_any_digits_behind_the_first() -> None:
    texts = [
        *map(str, range(-1100, 1101)),
        *(f"{n}{'0' * count}" for n in range(1, 10) for count in range(9)),
    ]

    assert [int(text) for text in texts] == [scalars.parse_integer(text) for text in texts]


def test_every_octet_and_every_prefix_is_read() -> None:
    places = ("{}.0.0.0", "0.{}.0.0", "0.0.{}.0", "0.0.0.{}")
    quads = [place.format(octet) for octet in range(256) for place in places]

    assert all(scalars.is_cidr(f"{quad}/32") for quad in quads)
    assert all(scalars.is_cidr(f"10.0.0.0/{prefix}") for prefix in range(33))


@pytest.mark.parametrize("mark", ["", " ", "x", "..", ":", "-"])
def test_octets_are_separated_by_one_dot(mark: str) -> None:
    quads = [mark.join(("1.2", "3.4")), mark.join(("1", "2.3.4")), mark.join(("1.2.3", "4"))]

    assert not any(scalars.is_cidr(f"{quad}/8") for quad in quads)


@pytest.mark.parametrize(
    "address",
    [
        "::",
        "0123:4567:89ab:cdef:ABCD:EF01::",
        "1:2:3:4:5:6:7:8",
        "::255.255.255.255",
        "0000:0000:0000:0000:0000:ffff:255.255.255.255",
    ],
)
def test_an_ipv6_address_has_2_to_45_characters_of_any_kind(address: str) -> None:
    assert all(scalars.is_ipv6_cidr(f"{address}/{prefix}") for prefix in range(129))
    assert not any(
        scalars.is_ipv6_cidr(f"{address}/{prefix}") for prefix in ("129", "130", "200", "00", "", "-1")
    )


def test_every_number_of_a_protocol_has_one_canonical_text() -> None:
    names = {"1": "icmp", "6": "tcp", "17": "udp"}
    numbers = [str(number) for number in range(256)]

    assert all(scalars.is_protocol(number, version="2011-12-15") for number in numbers)
    assert [names.get(number, number) for number in numbers] == [
        scalars.canonical_protocol(n) for n in numbers
    ]


@pytest.mark.parametrize(
    ("protocol", "old", "new"),
    [
        ("tcp", True, True),
        ("udp", True, True),
        ("icmp", True, True),
        ("58", False, True),
        ("57", False, False),
        ("59", False, False),
        ("132", False, False),
        ("-1", False, False),
        (None, False, False),
    ],
)
def test_ports_are_kept_for_four_protocols(protocol: str | None, old: bool, new: bool) -> None:
    kept = [scalars.has_ports(protocol, version) for version in ("2016-11-14", "2016-11-15", "2017-01-01")]

    assert [old, new, new] == kept


def test_icmpv6_stays_a_protocol_after_2016() -> None:
    assert scalars.is_protocol("icmpv6", version="2017-01-01")
    assert scalars.is_protocol("icmpv6")


@pytest.mark.parametrize(
    ("text", "network"),
    [("10.0.0.100/27", "10.0.0.96/27"), ("10.0.0.10/29", "10.0.0.8/29"), ("100.0.0.0/4", "96.0.0.0/4")],
)
def test_a_network_may_be_written_with_higher_digits(text: str, network: str) -> None:
    assert network == scalars.cidr_network(text)
    assert scalars.has_host_bits(text)
    assert not scalars.has_host_bits(network)


@pytest.mark.parametrize("prefix", range(33))
def test_a_range_has_host_bits_below_its_prefix_alone(prefix: int) -> None:
    def ranged(number: int) -> str:
        return f"{ipaddress.IPv4Address(number % 2**32)}/{prefix}"

    assert not scalars.has_host_bits(ranged(1 << 32 - prefix))
    assert scalars.has_host_bits(ranged((1 << 32 - prefix) + 1)) == (prefix < 32)
    assert ranged(1 << 32 - prefix) == scalars.cidr_network(ranged((1 << 33 - prefix) - 1))


@pytest.mark.parametrize("prefix", range(129))
def test_an_ipv6_range_has_host_bits_below_its_prefix_alone(prefix: int) -> None:
    def ranged(number: int) -> str:
        return f"{ipaddress.IPv6Address(number % 2**128)}/{prefix}"

    assert not scalars.has_host_bits(ranged(1 << 128 - prefix))
    assert scalars.has_host_bits(ranged((1 << 128 - prefix) + 1)) == (prefix < 128)
    assert ranged(1 << 128 - prefix) == scalars.ipv6_network(ranged((1 << 129 - prefix) - 1))
