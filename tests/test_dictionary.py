from __future__ import annotations

import re

import pytest

from ec2codec import RULES, dictionary
from ec2codec.policy import Policy
from ec2codec.scalars import IPV6_VERSION
from ec2codec.schemas import SCHEMAS
from ec2codec.shape import members_of, read

# load_extras_file in AFL's afl-fuzz.c: a name, a level, blanks, an equals sign, and a value in quotes.
ENTRY = re.compile(rb'[A-Za-z0-9_]+(?:@[0-9]+)?[ \t]*=[ \t]*"((?:[ !#-\[\]-~]|\\(?:\\|"|x[0-9a-fA-F]{2}))+)"')


def parsed(line: bytes) -> bytes:
    """The token of a line, as AFL reads it; fails where AFL would."""
    match = ENTRY.fullmatch(line)
    assert match is not None, line
    return re.sub(rb'\\(?:x(..)|(["\\]))', lambda m: bytes.fromhex(m[1].decode()) if m[1] else m[2], match[1])


def tokens() -> list[str]:
    lines = dictionary.text().encode("ascii").splitlines()
    return [parsed(line).decode("utf-8") for line in lines if not line.startswith(b"#")]


def test_every_line_is_one_that_fuzzers_read() -> None:
    assert 150 < len(tokens())
    assert max(len(token.encode()) for token in tokens()) <= dictionary.MAX_TOKEN


def test_no_token_comes_twice() -> None:
    assert len(tokens()) == len(set(tokens()))


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("a b~", 'x="a b~"'),
        ('"\\', r'x="\x22\x5c"'),
        ("\x00\x1f\x7f\n", r'x="\x00\x1f\x7f\x0a"'),
        ("\u00e9\U0001f600", r'x="\xc3\xa9\xf0\x9f\x98\x80"'),
    ],
)
def test_what_is_not_plain_is_escaped_byte_by_byte(value: str, line: str) -> None:
    assert line == dictionary.entry("x", value)
    assert value.encode() == parsed(line.encode())


def test_parser_of_this_test_refuses_what_afl_refuses() -> None:
    for line in (b'x="a', b"x=a", b'x="\\n"', b'x="\xc3"', b'x=""', b'x="a"b"'):
        with pytest.raises(AssertionError):
            parsed(line)


def test_every_parameter_of_every_action_is_there() -> None:
    names = {
        ".".join(map(str, path)) for schema in SCHEMAS.values() for path, member in members_of(read(schema()))
    }

    # A list of scalars has no parameter but its items.
    assert names - {"SecurityGroupRuleId.1"} <= {token.removesuffix("=") for token in tokens()}
    assert {"SecurityGroupRuleId.1.", "IpPermissions.1.", "IpPermissions.1.Groups.1."} <= set(tokens())


def test_actions_and_versions_are_there() -> None:
    assert {f"Action={action}" for action in SCHEMAS} <= set(tokens())
    assert {"Version=2011-12-15", "Version=2016-11-15"} <= set(tokens())
    assert "Version=responses" not in tokens()


SCALARS = {
    member.scalar.name: member.scalar
    for schema in SCHEMAS.values()
    for _, member in members_of(read(schema()))
}


@pytest.mark.parametrize("name", sorted(SCALARS.keys() - {"String"}))
def test_some_tokens_are_values_of_a_type_and_some_are_none(name: str) -> None:
    scalar = SCALARS[name]
    (law,) = [RULES[rule] for rule in scalar.rules if rule.startswith("E")]

    verdicts = {not [*law.judge(token, scalar, Policy(version=IPV6_VERSION))] for token in tokens()}

    assert {True, False} == verdicts


def test_bounds_of_integers_are_there_and_what_lies_beyond_them() -> None:
    assert {"-2147483649", "-2147483648", "2147483647", "2147483648", "65535", "65536"} <= set(tokens())
