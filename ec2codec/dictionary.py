"""A dictionary for AFL and libFuzzer, from the shape: the pieces of which requests are made."""

from __future__ import annotations

from collections.abc import Iterator

from ec2codec.names import AUTH_PARAMETERS, AUTH_PLACEHOLDER, MAX_INDEX
from ec2codec.scalars import (
    BOOLEAN,
    CIDR,
    GROUP_NAME,
    INTEGER,
    IPV6_CIDR,
    IPV6_VERSION,
    MAX_INTEGER,
    MIN_INTEGER,
    PROTOCOL,
    USER_ID,
)
from ec2codec.schemas import SCHEMAS
from ec2codec.shape import ALIASES, Listing, Member, Structure, read

# Bytes; AFL refuses the whole file for one token that is longer (MAX_DICT_FILE in its config.h).
MAX_TOKEN = 128
HEAD = "# Pieces of EC2's security-group calls: afl-fuzz -x FILE, libFuzzer -dict=FILE\n"


def text() -> str:
    """The whole file, in ASCII: one ``kind="value"`` a line, no value twice."""
    kinds: dict[str, str] = {}
    for kind, value in _tokens():
        kinds.setdefault(value, kind)
    return HEAD + "".join(f"{entry(kind, value)}\n" for value, kind in kinds.items())


def entry(kind: str, value: str) -> str:
    r"""One line of the file. kind: letters, digits and ``_``; fuzzers ignore it.

    In the value, quotes, backslashes and every byte of its UTF-8 that is not plain ASCII stand as ``\xNN``.
    Source: README.dictionaries of AFL; LLVM's documentation of libFuzzer, "Dictionaries".
    """
    return f'{kind}="{"".join(map(_escaped, value.encode("utf-8")))}"'


def _escaped(byte: int) -> str:
    plain = 0x20 <= byte < 0x7F and byte not in b'"\\'
    return chr(byte) if plain else f"\\x{byte:02x}"


def _tokens() -> Iterator[tuple[str, str]]:
    """Kind and value of every token."""
    nodes = [found for schema in SCHEMAS.values() for found in _nodes(read(schema()), "")]
    yield from (("action", f"Action={action}") for action in SCHEMAS)
    yield from (("version", f"Version={node.since}") for _, node in nodes if node.since <= IPV6_VERSION)
    for prefix, node in nodes:
        yield "member", node.name
        yield "name", f"{prefix}{node.name}{'.1.' if isinstance(node, Listing) else '='}"
        yield from (("value", value) for value in _values(node))
    yield from (("alias", name) for name in ALIASES)
    yield from (("auth", name) for name in (*sorted(AUTH_PARAMETERS), AUTH_PLACEHOLDER))
    yield from (("index", f".{index}.") for index in (0, "01", "member", MAX_INDEX, MAX_INDEX + 1))
    yield from (("syntax", piece) for piece in SYNTAX)


def _nodes(structure: Structure, prefix: str) -> Iterator[tuple[str, Member | Listing]]:
    """Every member and list of a shape, with what stands before its name; list indexes as 1."""
    for name, node in structure.members.items():
        yield prefix, node
        if isinstance(node, Listing) and isinstance(node.item, Structure):
            yield from _nodes(node.item, f"{prefix}{name}.1.")


def _values(node: Member | Listing) -> tuple[str, ...]:
    """Texts for a parameter: values, its first and last among them, and some that are none."""
    holder = node.item if isinstance(node, Listing) else node
    if isinstance(holder, Structure):
        return ()
    prefix = holder.scalar.prefix
    if prefix:
        return tuple(f"{prefix}-{'1a2b3c4d5e6f7a8b9'[:digits]}" for digits in (7, 8, 17))
    return VALUES.get(holder.scalar, ())


SYNTAX = (
    *("&", "=", "?", "%", "+", ";", "#", ".", "%00", "%26", "%2E", "%3D", "%zz"),
    # A superscript two, a full-width one, half of a character, a byte order mark, and an astral character.
    *("%C2%B2", "%EF%BC%91", "%C3", "\ufeff", "\U0001f600", "https://ec2.amazonaws.com/?"),
)
VALUES = {
    INTEGER: (
        *("-2", "-1", "0", "1", "255", "256", "65535", "65536"),
        *map(str, (MIN_INTEGER - 1, MIN_INTEGER, MAX_INTEGER, MAX_INTEGER + 1)),
    ),
    BOOLEAN: ("true", "false", "True"),
    PROTOCOL: ("tcp", "udp", "icmp", "icmpv6", "-1", "0", "1", "6", "17", "58", "255", "256"),
    CIDR: ("0.0.0.0/0", "10.0.0.0/8", "10.0.0.1/8", "255.255.255.255/32", "256.0.0.0/8", "10.0.0.0/33"),
    IPV6_CIDR: ("::/0", "2001:db8::/32", "::1/64", "::1/128", "::/129", "fe80::%25eth0/64"),
    GROUP_NAME: ("default", "sg-1a2b3c4d ", "w\u00e9b"),
    USER_ID: ("123456789012", "000000000000", "amazon-elb", "12345678901"),
}
