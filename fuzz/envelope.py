"""The harness of `decode_response`, `check_response` and `encode_response`.

An input is one byte that chooses the profile, what was asked, and the kind of text, and the document itself.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from typing import NamedTuple

from ec2codec import RULES, EnvelopeError, Profile, Response, plain, xml
from ec2codec.elements import Asked, ElementSchema, Outcome, judge
from ec2codec.envelope import Xml, check_response, decode_response, encode_response
from ec2codec.fields import Indexed, Structure
from ec2codec.response_schemas import response_schemas
from fuzz.target import Target, hold

ACTIONS = (None, "RevokeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "DescribeSecurityGroups")


class Choice(NamedTuple):
    """Under what a document is read."""

    profile: Profile | None
    asked: Asked


CHOICES = [
    Choice(profile, Asked(action, version))
    for profile in (*Profile, None)
    for action in ACTIONS
    for version in (None, "2016-11-15")
]


def run(data: bytes) -> None:
    """Laws 3, 4 and 6 of ARCHITECTURE.md for one document."""
    (profile, asked), text = _chosen(data)
    outcome = judge(xml.loads(text), response_schemas(profile), profile=profile, asked=asked)
    quick = plain.judge(text, profile, asked)
    hold(
        "the quick path abstains, or says the same",
        quick is None or _everything(quick) == _everything(outcome),
    )

    violations = check_response(text, request=asked.action, profile=profile, version=asked.version)
    hold("check says what the reference path says", violations == outcome.violations)
    refuses = any(violation.severity == "error" for violation in violations)
    try:
        response = decode_response(text, request=asked.action, profile=profile, version=asked.version)
    except EnvelopeError as error:
        hold("decode refuses what has an error", refuses)
        hold("decode refuses with what check says", error.violations == violations)
        _hold_for_refused(error)
    else:
        hold("decode returns what has no error", not refuses)
        _hold_for_response(response, profile)


def _chosen(data: bytes) -> tuple[Choice, Xml]:
    choice = data[0] if data else 0
    text: Xml = data[1:]
    if choice & 0x80:
        text = data[1:].decode("utf-8", "surrogateescape")
    return CHOICES[(choice & 0x7F) % len(CHOICES)], text


def _everything(outcome: Outcome) -> object:
    """All that is said, also what the equality of responses leaves out."""
    response = outcome.response
    return response and (type(response), repr(response)), outcome.violations


def _hold_for_refused(error: EnvelopeError) -> None:
    hold("an error is said in printable lines", all(line.isprintable() for line in str(error).split("\n")))
    hold("an error survives pickle", pickle.loads(pickle.dumps(error)).violations == error.violations)


def _hold_for_response(response: Response, profile: Profile | None) -> None:
    text = encode_response(response, profile=profile)
    again = decode_response(text, profile=profile)
    hold("decode_response(encode_response(r)) == r", again == response)
    hold("what is written is written once more", encode_response(again, profile=profile) == text)


def seeds() -> Iterator[bytes]:
    """Every example of a rule that is a document, and a document of every kind."""
    for rule in RULES.values():
        for example in rule.examples:
            if example.text.startswith("<"):
                yield from (bytes([choice]) + example.text.encode() for choice in (0, 3, 12, 19))
    for root, schema in response_schemas(None).items():
        body = b"".join(_elements(schema))
        yield b'\0<%b xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">%b</%b>' % (
            root.encode(),
            body,
            root.encode(),
        )


def _elements(schema: ElementSchema) -> Iterator[bytes]:
    """Every element of a structure, each list with one item."""
    for name, declared in schema.by_name.items():
        content = b"1"
        inner = declared.item if isinstance(declared, Indexed) else declared
        if isinstance(inner, Structure):
            content = b"".join(_elements(inner.schema))
        if isinstance(declared, Indexed):
            item = xml.item_name(name).encode()
            content = b"<%b>%b</%b>" % (item, content, item)
        yield b"<%b>%b</%b>" % (name.encode(), content, name.encode())


def tokens() -> Iterator[bytes]:
    """Tags of every element, whole elements too, and what else is of meaning in XML."""
    elements = {e for schema in response_schemas(None).values() for e in _elements(schema)}
    tags = {tag for element in elements for tag in _TAG.findall(element)}
    for root in response_schemas(None):
        tags |= {f"<{root}>".encode(), f"</{root}>".encode(), f'<{root} xmlns="{NAMESPACE}">'.encode()}
    yield from sorted(tags)
    yield from (e for e in sorted(elements) if len(e) < LONGEST)
    yield from MARKUP


_TAG = re.compile(rb"<[^>]*>")
NAMESPACE = "http://ec2.amazonaws.com/doc/2011-12-15/"
# libFuzzer copies a token of the dictionary at most so long.
LONGEST = 64
MARKUP = rb"""
<item> </item> <Error> </Error> <Errors> </Errors> <return>true</return> <return>1</return>
<requestId>a</requestId> <?xml?> <![CDATA[ ]]> <!-- --> <!DOCTYPE <?pi?> &amp; &lt; &#13; &#x85; &#0; &a;
xmlns="" xmlns:e="e" e: /> < > " = true false tcp 22 -1 10.0.0.0/8
""".split()

TARGET = Target("envelope", run, seeds, re.compile(rb"<[^>]*>|[^<]+|<"), tuple(tokens()))
