from __future__ import annotations

import io
import ipaddress
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2codec import check
from ec2codec.discretion import Discretion, masked, withheld
from ec2codec.errors import Violation
from ec2codec.fingerprint import fingerprint
from ec2codec.reports import Output
from ec2codec.rule import BASE

PLAIN, OPEN, HIDING = Discretion(), Discretion(show_secrets=True), Discretion(anonymize=True)
KEY = "AKIAIOSFODNN7EXAMPLE"
SENT = (
    b"?GroupId=sg-1a2b3c4d&X=1+2%33&%53ignature=a%2Bb&signatur=c&X-Amz-Security-Token=d&Sig%zznature=e"
    b"&Y=" + KEY.encode() + b"&Z&A=%FF\xff&&Authorization=f"
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a=1&Signatur%65=x&b=2", "a=1&Signatur%65=<redacted>&b=2"),
        ("%53ignature=x", "%53ignature=<redacted>"),
        ("Signatur%65&x", "Signatur%65&x"),
        ("Sig%zznature=x&%2553ignature=y", "Sig%zznature=<redacted>&%2553ignature=<redacted>"),
        ("got 'a=1&Signatur%65=x'", "got 'a=1&Signatur%65=<redacted>"),
        ("a=%1b&\x1b", "a=%1b&\\x1b"),
        ("", ""),
    ],
)
def test_query_is_shown_as_it_was_sent_but_for_secrets_however_they_are_written(
    text: str, plain: str
) -> None:
    assert plain == PLAIN.query(text)
    assert OPEN.shown(text) == OPEN.query(text)


@pytest.mark.parametrize(
    ("text", "plain", "opened"),
    [
        ("\x1b[2J\u202e", "\\x1b[2J\\u202e", "\\x1b[2J\\u202e"),
        (f"got '{KEY}'", "got '<redacted>'", f"got '{KEY}'"),
        ("https://x/?Signature=a%2Bb&b=1", "https://x/?Signature=<redacted>&b=1", None),
        ("signatur=abc&b=1", "signatur=<redacted>&b=1", None),
        ("X-Amz-Security-Token%3Dabc%26", "X-Amz-Security-Token%3D<redacted>", None),
        ('{"Signature": "abc", "b": 1}', '{"Signature": "<redacted>", "b": 1}', None),
        (r"{\"sessionToken\":\"abc\",", r"{\"sessionToken\":\"<redacted>\",", None),
        (
            "aws_secret_access_key = abc\n",
            "aws_secret_access_key = <redacted>\\n",
            "aws_secret_access_key = abc\\n",
        ),
        ("AWSAccessKeyId=abc b", "AWSAccessKeyId=<redacted> b", None),
        ("Authorization: AWS4 Credential=a, Signature=b", "Authorization: <redacted>", None),
        ("set-cookie: a=b; c=d\\n", "set-cookie: <redacted>\\n", None),
        ("'Cookie': 'a=b; c=d', 'x'", "'Cookie': '<redacted>', 'x'", None),
        ("Signature: E103 may only be specified once", None, None),
        ("Authorization: E101 The parameter is not recognized", None, None),
        ("https://me:abc@x/?b=1", "https://<redacted>@x/?b=1", None),
        ("https%3A%2F%2Fme%3Aabc%40x%2Fa%40b", "https%3A%2F%2F<redacted>%40x%2Fa%40b", None),
        ("got 'ftp://me:a@bc@x'", "got 'ftp://<redacted>@x'", None),
        # What a message cuts off may be the @.
        ("got 'https://me:abc...'", "got 'https://<redacted>...'", None),
        ("https://x/a@b, https://x", None, None),
        ("password=abc&b=1", "password=<redacted>&b=1", None),
        (
            '{"access_token": "abc", "client_secret": "d"}',
            '{"access_token": "<redacted>", "client_secret": "<redacted>"}',
            None,
        ),
        ("X-Api-Key: abc", "X-Api-Key: <redacted>", None),
        ("Bearer abcdefg.1", "Bearer <redacted>", None),
        ("basic YWI6Y2Q=", "basic <redacted>", None),
        ("basic rules", None, None),
        ("Token: E101 The parameter Token is not recognized", None, None),
        ("10.0.0.0/8 of 123456789012", None, None),
    ],
)
def test_secrets_in_a_text_are_shown_if_asked_for(text: str, plain: str | None, opened: str | None) -> None:
    assert (plain or text, opened or text) == (PLAIN.shown(text), OPEN.shown(text))


PIECES = [
    "Signature",
    "cookie",
    "AUTHORIZATION",
    "password",
    "basic ",
    "://",
    "@",
    "...",
    "1234567=",
    "=",
    ":",
    '"',
    "'",
    "\\",
    "\n",
    " ",
    ",",
    "}",
    "%3D",
    "E101 ",
    "a",
]


@given(st.lists(st.sampled_from(PIECES)).map("".join), st.sampled_from([None, 2]))
def test_json_without_its_secrets_is_json(text: str, indent: int | None) -> None:
    document = {"a": text, f"{text}.": ["b", {"c": text}], "d": [[text]]}

    hidden = json.loads(withheld(json.dumps(document, indent=indent)))

    assert hidden.keys() >= {"a", "d"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("10.0.0.0/8", "<address>/8"),
        ("CIDR block 10.0.0.300/33 is malformed", "CIDR block <address>/33 is malformed"),
        ("10.0.0/24, 10.0/8", "<address>/24, <address>/8"),
        ("167772160/8", "<account>/8"),
        ("x_10.0.0.1_y", "x_<address>_y"),
        ("ip-10-0-0-1.ec2.internal", "ip-<address>.ec2.internal"),
        ("::/0, ::1, 2001:DB8::/32", "<address>/0, <address>, <address>/32"),
        ("fe80::1%eth0", "<address>%eth0"),
        ("::ffff:10.0.0.1", "<address>"),
        ("peer:2001:db8:0:0:0:0:0:1", "peer:<address>"),
        ("2001%3Adb8%3a%3A1", "<address>"),
        ("arn:aws:iam::123456789012:role/x", "arn:aws:iam::<account>:role/x"),
        ("123456789012_CloudTrail_us-east-1.json.gz:3", "<account>_CloudTrail_us-east-1.json.gz:3"),
        ("user123456789012", "user<account>"),
        ("Invalid value '12345678901' for userId.", "Invalid value '<account>' for userId."),
        ("1234-5678-9012 or 1234 5678 9012", "<account> or <account>"),
        ("x.log:12", None),
        ("IpPermissions.1.IpRanges.2.CidrIp", None),
        ("sg-1a2b3c4d, sg-12345678, pl-02cd2c6b", None),
        ("2016-11-15, 22/Nov/2026:17:01:59, 2026-11-22T17:01:59.123Z, 65536", None),
        ("Foo::Bar, a:b, amazon-elb", None),
    ],
)
def test_accounts_and_addresses_are_masked_if_asked_for(text: str, told: str | None) -> None:
    assert (told or text, text) == (HIDING.shown(text), PLAIN.shown(text))


@given(st.ip_addresses(), st.text(" /'=,[", min_size=1, max_size=3), st.sampled_from(["str", "exploded"]))
def test_every_address_is_masked(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, beside: str, form: str
) -> None:
    text = str(address) if form == "str" else address.exploded

    assert f"{beside}<address>{beside}" == masked(beside + text + beside)


@pytest.mark.parametrize(
    "text",
    [
        "1" * 100_000,
        "1." * 50_000,
        ":" * 100_000,
        "a:" * 50_000,
        "1-" * 50_000,
        "signatur" * 12_500,
        "://" * 30_000,
        "://a" * 25_000,
        "%3A%2F%2F" * 12_500,
        "://" + "@" * 100_000,
        "basic " * 20_000,
    ],
)
def test_work_grows_with_the_length(text: str) -> None:
    # Quadratic work would take minutes.
    assert len(HIDING.shown(text)) <= len(text) + 100


@pytest.mark.parametrize(
    ("location", "value", "told"),
    [
        ("IpPermissions.1.FromPort", 80, "80"),
        ("GroupName", f"a\n{KEY}", "a\\n<redacted>"),
        ("Signature.1", "abc", None),
        ("GroupName", None, None),
        ("GroupName", object(), None),
    ],
)
def test_value_of_a_parameter_is_text(location: str, value: object, told: str | None) -> None:
    assert told == PLAIN.value(location, value)


def test_secret_value_is_shown_if_asked_for() -> None:
    assert "abc" == OPEN.value("Signature", "abc")
    assert "<address>/8" == HIDING.value("CidrIp", "10.0.0.0/8")


def test_recorded_parameters_are_decoded_and_secrets_redacted() -> None:
    hidden = "<redacted>"

    assert [
        ("GroupId", "sg-1a2b3c4d"),
        ("X", "1 23"),
        ("Signature", hidden),
        ("signatur", hidden),
        ("X-Amz-Security-Token", hidden),
        ("Sig%zznature", hidden),
        ("Y", hidden),
        ("Z", ""),
        ("A", "\\xff\\xff"),
        ("Authorization", hidden),
    ] == PLAIN.parameters(SENT)
    assert [
        ("Signature", "a+b"),
        ("signatur", "c"),
        ("X-Amz-Security-Token", "d"),
        ("Sig%zznature", "e"),
    ] == (OPEN.parameters(SENT)[2:6])


def test_parsed_parameters_are_shown_as_they_are() -> None:
    assert [("A", "%20 <address>+")] == HIDING.parameters((("A", "%20 10.0.0.1+"),))


def test_output_shows_with_discretion() -> None:
    output = Output(io.BytesIO(), discretion=HIDING)
    hidden = violation(value="10.0.0.1/33")

    assert HIDING.parameters(SENT) == output.parameters(SENT)
    assert fingerprint(ACTION, hidden, HIDING) == output.fingerprint(ACTION, hidden)
    assert fingerprint(ACTION, hidden) == Output(io.BytesIO()).fingerprint(ACTION, hidden)


def violation(**changes: object) -> Violation:
    [found] = check(
        BASE + "&IpPermissions.1.IpProtocol=-1&IpPermissions.2.IpRanges.1.CidrIp=x", ignore=IGNORED
    )
    return Violation(**{**{name: getattr(found, name) for name in Violation.__slots__}, **changes})


IGNORED = ("E301", "E310")
ACTION = "RevokeSecurityGroupIngress"


def test_fingerprint_is_of_rule_action_location_and_value() -> None:
    first = fingerprint(ACTION, violation())

    assert 32 == len(first)
    assert first == fingerprint(ACTION, violation(location="IpPermissions.7.IpRanges.3.CidrIp", message="?"))
    assert first == fingerprint(ACTION, violation(value="X"))
    others = [
        fingerprint("AuthorizeSecurityGroupIngress", violation()),
        fingerprint(ACTION, violation(rule="E209")),
        fingerprint(ACTION, violation(location="IpPermissions.2.Ipv6Ranges.1.CidrIpv6")),
        fingerprint(ACTION, violation(value="y")),
        fingerprint(ACTION, violation(value=None)),
    ]
    assert len({first, *others}) == 6


def test_fingerprint_is_the_same_in_every_run_and_release() -> None:
    assert "30961f630d53ab3d058b719d78f1fe02" == fingerprint(ACTION, violation())


def test_fingerprint_of_what_is_hidden_does_not_tell_it() -> None:
    one, other = violation(value="10.0.0.1/33"), violation(value="10.9.8.7/33")

    assert fingerprint(ACTION, one) != fingerprint(ACTION, other)
    assert fingerprint(ACTION, one, HIDING) == fingerprint(ACTION, other, HIDING)


def test_text_that_json_cannot_hold_has_a_fingerprint() -> None:
    assert fingerprint(ACTION, violation(location="\ud800")) != fingerprint(
        ACTION, violation(location="\udfff")
    )
