"""Plain documents, as EC2 writes them: read by tables made of the Schemas, in a third of the time.

This path only says yes. It gives what the reference path (`ec2codec.xml`, `fitting`, `elements`) gives for
the same document, or it abstains, and then that one answers; every message is there. A document is plain with
one namespace, that of the root, no attributes, no comments, no CDATA, and every element known by its first
spelling, and once. Of such a one, xmltodict need neither keep namespaces nor make a list at every name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from xml.parsers import expat

import xmltodict

from ec2codec.elements import NAMESPACE, NOTHING, Asked, Outcome, namespace_of, violations_of
from ec2codec.errors import Violation
from ec2codec.guard import Parser, Refused
from ec2codec.policy import Policy, Profile
from ec2codec.readers import NotPlain, Reader, structure_reader
from ec2codec.response_schemas import response_schemas
from ec2codec.responses import ErrorResponse
from ec2codec.rules.subjects import Document
from ec2codec.scalars import Malformed
from ec2codec.xml import MAX_ELEMENTS, MAX_TEXT, bytes_of

# All that says "ask the reference path"; anything else is a bug, and must not hide as slowness.
ABSTAINS = (NotPlain, Refused, Malformed, UnicodeError, expat.ExpatError)

# A plain document up to the end of the root's start tag. xmltodict does not see it, so that nothing else may
# stand there: no other encoding, no DOCTYPE, no instruction.
_HEAD = re.compile(
    rb"""(?:<\?xml[ ]version=(["'])1\.0\1
            (?:[ ]encoding=(["'])(?i:utf-8|us-ascii)\2)?
            (?:[ ]standalone=(["'])(?:yes|no)\3)?[ ]?\?>)?
        [ \t\r\n]*<(?P<root>[A-Za-z]+)(?:[ \t\r\n]+xmlns="%b")?[ \t\r\n]*(?P<end>/?>)"""
    % NAMESPACE.encode().replace(b"(", b"(?P<version>"),
    re.VERBOSE,
)
_MAX_HEAD = 256  # bytes, inclusive; EC2's have up to 150, and this many are remembered with what they say
# As numbers: Python asks of a text in bytes first whether it is one, which takes longer than to look for it.
_EXCLAMATION_MARK, _EQUALS_SIGN = b"!="
# What is known of a request, if it was given as it should be.
_NAME = (str, type(None))


def judge(text: object, profile: Profile | None, asked: Asked) -> Outcome | None:
    """The response in a plain document, with warnings if there are any; None for every other input."""
    try:
        return _judge(bytes_of(text), profile, asked)
    except ABSTAINS:
        return None


def _judge(text: bytes, profile: Profile | None, asked: Asked) -> Outcome | None:
    if asked is not NOTHING and not (isinstance(asked.action, _NAME) and isinstance(asked.version, _NAME)):
        raise NotPlain
    end = text.find(b">", text.find(b"Response")) + 1
    if end > _MAX_HEAD:
        raise NotPlain
    head = _head(text[:end])
    response = head.read(_element(head.tag + text[end:]), version=head.version)
    violations = _violations(head, profile, asked, getattr(response, head.telling, None) is not None)
    if violations and any(violation.severity == "error" for violation in violations):
        return None
    return Outcome(response, violations)


@dataclass(frozen=True, eq=False, slots=True)
class _Head:
    """What the beginning of a document says.

    root: name of the root. tag: its start tag, without the namespace. version: that the namespace names.
    read: what makes a response of the root's content. telling: the attribute whose presence a rule asks for.
    """

    root: str
    tag: bytes
    version: str | None
    read: Reader
    telling: str


@lru_cache(maxsize=256)
def _head(text: bytes) -> _Head:
    """What is said up to the end of the root's start tag, where the answers of one service are alike.

    Raises: NotPlain.
    """
    found = _HEAD.fullmatch(text)
    root = "" if found is None else found["root"].decode()
    if found is None or root not in _readers():
        raise NotPlain
    return _Head(
        root=root,
        tag=b"<" + found["root"] + found["end"],
        version=None if found["version"] is None else found["version"].decode(),
        read=_readers()[root],
        telling="code" if root == ErrorResponse.root else "return_",
    )


def _element(text: bytes) -> Any:
    """Content of the root as xmltodict gives it by default, blanks kept."""
    if not _is_small(text):
        raise NotPlain
    document = xmltodict.parse(
        text,
        expat=_Expat,
        strip_whitespace=False,
        # Without an equals sign there is no attribute, and nothing to look for in 65,000 elements.
        xml_attribs=_EQUALS_SIGN in text,
    )
    (element,) = document.values()
    return element


def _is_small(text: bytes) -> bool:
    """Whether a text without comments and CDATA keeps the limits of elements and of text, at a glance.

    Each start tag has a ``<`` that is not of an end tag; a text over its limit spans a window without one.
    """
    if _EXCLAMATION_MARK in text and b"<!" in text:
        return False
    if len(text) > MAX_ELEMENTS and _elements(text) > MAX_ELEMENTS:
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
def _violations(head: _Head, profile: Profile | None, asked: Asked, told: bool) -> tuple[Violation, ...]:
    """What the rules say of a plain document: they ask for no value in it, so that few differ.

    told: whether the response has what a rule asks for.
    """
    schemas = response_schemas(profile)
    document = Document(
        fault=None,
        root=head.root,
        namespace="" if head.version is None else namespace_of(head.version),
        version=head.version,
        roots=tuple(schemas),
        members=frozenset(schemas[head.root].places),
        # No root can have both.
        returned=told,
        coded=told,
        oddities=(),
        action=asked.action,
        request_version=asked.version,
    )
    return tuple(violations_of(document, Policy(profile=profile)))


@cache
def _readers() -> Mapping[str, Reader]:
    return {root: structure_reader(schema) for root, schema in response_schemas(None).items()}
