"""Plain documents, as EC2 writes them: read by tables made of the Schemas, in a third of the time.

This path only says yes. It gives what the reference path (`ec2codec.xml`, `fitting`, `elements`) gives for
the same document, or it abstains, and then that one answers; every message is there. A document is plain with
one namespace, that of the root, no attributes, no comments, no CDATA, and every element known by its first
spelling, and once. Of such a one, xmltodict need neither keep namespaces nor make a list at every name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any
from xml.parsers import expat

import xmltodict

from ec2codec.elements import NAMESPACE, Asked, Outcome, namespace_of, violations_of
from ec2codec.errors import Violation
from ec2codec.guard import Parser, Refused
from ec2codec.policy import Policy, Profile
from ec2codec.readers import NotPlain, Reader, structure_reader
from ec2codec.response_schemas import response_schemas
from ec2codec.rules.subjects import Document
from ec2codec.scalars import Malformed
from ec2codec.xml import MAX_ELEMENTS, MAX_TEXT, XMLNS, bytes_of

# All that says "ask the reference path"; anything else is a bug, and must not hide as slowness.
ABSTAINS = (NotPlain, Refused, Malformed, UnicodeError, expat.ExpatError)

# A plain document up to the end of the root's start tag: its name, and the version in its namespace.
_HEAD = re.compile(
    rb'(?:<\?xml[^<>]*\?>)?[ \t\r\n]*<([A-Za-z]+)(?:[ \t\r\n]+xmlns="%b")?[ \t\r\n]*/?>' % NAMESPACE.encode()
)
# What is known of a request, if it was given as it should be.
_NAME = (str, type(None))


def judge(text: object, profile: Profile | None, asked: Asked) -> Outcome | None:
    """The response in a plain document, with warnings if there are any; None for every other input."""
    try:
        return _judge(bytes_of(text), profile, asked)
    except ABSTAINS:
        return None


def _judge(text: bytes, profile: Profile | None, asked: Asked) -> Outcome | None:
    head = _HEAD.match(text)
    if head is None or not (isinstance(asked.action, _NAME) and isinstance(asked.version, _NAME)):
        raise NotPlain
    root = head[1].decode()
    version = head[2] and head[2].decode()
    read = _readers().get(root)
    if read is None:
        raise NotPlain
    response = read(_element(text, head.end()), version=version)
    # Only these two of a response's own members are asked about by a rule.
    returned = getattr(response, "return_", None) is not None
    coded = getattr(response, "code", None) is not None
    violations = _violations(root, version, profile, asked, returned, coded)
    if violations and any(violation.severity == "error" for violation in violations):
        return None
    return Outcome(response, violations)


def _element(text: bytes, start: int) -> Any:
    """Content of the root, whose start tag ends at *start*, as xmltodict gives it by default, blanks kept."""
    if not _is_small(text):
        raise NotPlain
    document = xmltodict.parse(
        text,
        encoding="utf-8",
        expat=_Expat,
        strip_whitespace=False,
        # Without an equals sign there is no attribute, and nothing to look for in 65,000 elements.
        xml_attribs=text.find(b"=", start) >= 0,
    )
    (element,) = document.values()
    if isinstance(element, dict):
        element.pop(XMLNS, None)
    return element


def _is_small(text: bytes) -> bool:
    """Whether a text without comments and CDATA keeps the limits of elements and of text, at a glance.

    Each start tag has a ``<`` that is not of an end tag; a text over its limit spans a window without one.
    """
    if b"<!" in text or (len(text) > MAX_ELEMENTS and _elements(text) > MAX_ELEMENTS):
        return False
    return len(text) <= _WINDOW or all(
        text.find(b"<", at, at + _WINDOW) >= 0 for at in range(0, len(text) - _WINDOW, _WINDOW)
    )


def _elements(text: bytes) -> int:
    tags = text.count(b"<")
    return tags - text.count(b"</") if tags > MAX_ELEMENTS else tags


_WINDOW = MAX_TEXT // 2


class _Expat:
    """Stands in for the module expat: a parser that knows no namespaces, and that no `Meter` slows down."""

    @staticmethod
    def ParserCreate(_encoding: str, _separator: None) -> Parser:
        return Parser()


@lru_cache(maxsize=256)
def _violations(
    root: str, version: str | None, profile: Profile | None, asked: Asked, returned: bool, coded: bool
) -> tuple[Violation, ...]:
    """What the rules say of a plain document: they ask for no value in it, so that few differ."""
    schemas = response_schemas(profile)
    document = Document(
        fault=None,
        root=root,
        namespace="" if version is None else namespace_of(version),
        version=version,
        roots=tuple(schemas),
        members=frozenset(schemas[root].places),
        returned=returned,
        coded=coded,
        oddities=(),
        action=asked.action,
        request_version=asked.version,
    )
    return tuple(violations_of(document, Policy(profile=profile)))


@cache
def _readers() -> Mapping[str, Reader]:
    return {root: structure_reader(schema) for root, schema in response_schemas(None).items()}
