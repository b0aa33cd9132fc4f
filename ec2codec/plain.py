"""Plain documents, as EC2 writes them: read by tables made of the Schemas, in a third of the time.

This path only says yes. It gives what the reference path (`ec2codec.xml`, `fitting`, `elements`) gives for
the same document, or it abstains, and then that one answers; every message is there. A document is plain with
one namespace, that of the root, no attributes, no comments, no CDATA, and every element known by its first
spelling, and once. Of such a one, xmltodict need neither keep namespaces nor make a list at every name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field, fields, make_dataclass
from functools import cache, lru_cache
from typing import Any
from xml.parsers import expat

import xmltodict

from ec2codec.elements import NAMESPACE, Asked, ElementSchema, Outcome, namespace_of, violations_of
from ec2codec.errors import Violation
from ec2codec.fields import Indexed, Parameter, Structure
from ec2codec.policy import Policy, Profile
from ec2codec.response_schemas import response_schemas
from ec2codec.rules.subjects import Document
from ec2codec.scalars import Malformed
from ec2codec.xml import BLANK, MAX_ELEMENTS, MAX_TEXT, TEXT_KEY, XMLNS, Parser, Refused, bytes_of, item_name


class NotPlain(ValueError):
    """The document is no plain one, or no response."""


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
    response = _reader_of(root)(_element(text, head.end()), version=version)
    # Only these two of a response's own members are asked about by a rule.
    returned = getattr(response, "return_", None) is not None
    coded = getattr(response, "code", None) is not None
    violations = _violations(root, version, profile, asked, returned, coded)
    if violations and any(violation.severity == "error" for violation in violations):
        return None
    return Outcome(response, violations)


def _element(text: bytes, start: int) -> Any:
    """Content of the root, whose start tag ends at *start*, as xmltodict gives it without a wish."""
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
    tags = text.count(b"<")
    if b"<!" in text or (tags > MAX_ELEMENTS and tags - text.count(b"</") > MAX_ELEMENTS):
        return False
    return len(text) <= _WINDOW or all(
        text.find(b"<", at, at + _WINDOW) >= 0 for at in range(0, len(text) - _WINDOW, _WINDOW)
    )


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


Reader = Callable[..., Any]


@cache
def _readers() -> Mapping[str, Reader]:
    return {root: _structure(schema) for root, schema in response_schemas(None).items()}


def _reader_of(root: str) -> Reader:
    reader = _readers().get(root)
    if reader is None:
        raise NotPlain
    return reader


def _reader(name: str, declared: Any) -> Reader:
    """What makes a value of a child as xmltodict gives it: None, a text, a dict, or a list if repeated."""
    match declared:
        case Indexed(item=item):
            return _listing(item_name(name), _reader("item", item))
        case Structure(schema=schema):
            return _structure(schema)
        case Parameter(scalar=scalar) if scalar.python is str:
            return _text_or_empty if declared.may_be_empty else _text
        case _:
            return _scalar(declared)


def _text(child: Any) -> str | None:
    if child is None or type(child) is str:
        return child
    raise NotPlain


def _text_or_empty(child: Any) -> str:
    return _text(child) or ""


def _scalar(declared: Parameter) -> Reader:
    parse, may_be_empty = declared.scalar.parse, declared.may_be_empty

    def read(child: Any) -> object:
        text = child.strip(BLANK) if type(child) is str else _text_or_empty(child)
        return parse(text) if text or may_be_empty else None

    return read


def _listing(item: str, read_item: Reader) -> Reader:
    def read(element: Any) -> tuple[Any, ...]:
        if element is None:
            return ()
        members = _members(element)
        items = members.pop(item, [])
        if members:
            raise NotPlain
        return tuple([read_item(child) for child in items]) if type(items) is list else (read_item(items),)

    return read


def _structure(schema: ElementSchema) -> Reader:
    places = _Places(
        (name, (str(declared.attribute), _reader(name, declared)))
        for name, declared in schema.by_name.items()
    )
    closed: Any = schema.structure
    opened = _opened(closed)

    def read(element: Any, **values: Any) -> Any:
        for name, child in _members(element).items():
            attribute, read_child = places[name]
            # Most children are texts: they are worth a question, which costs less than a call.
            values[attribute] = child if read_child is _text and type(child) is str else read_child(child)
        made = opened(**values)
        made.__class__ = closed
        return made

    return read


class _Places(dict[str, tuple[str, Reader]]):
    """By name of an element, the attribute and what reads it; any other name is not plain."""

    def __missing__(self, name: str) -> tuple[str, Reader]:
        raise NotPlain


def _opened(closed: type) -> Any:
    """*closed*, a frozen dataclass, with its slots open; as large, so that what is made of it can become one.

    A frozen one's own `__init__` takes three times as long to fill them.
    """
    given = [(given.name, object, field(default=given.default)) for given in fields(closed)]
    init = vars(make_dataclass("Opened", given, kw_only=True, eq=False, repr=False))["__init__"]
    return type("Opened", (closed,), {"__slots__": (), "__init__": init, "__setattr__": object.__setattr__})


def _members(element: Any) -> dict[str, Any]:
    """The children of an element by name; text beside them means nothing if it is blank."""
    if element is None:
        return {}
    text, members = (element.pop(TEXT_KEY, ""), element) if type(element) is dict else (element, {})
    if type(text) is not str or text.strip(BLANK):
        raise NotPlain
    return members
