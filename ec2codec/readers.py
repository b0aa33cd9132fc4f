"""Tables made of the response Schemas, once: what makes objects of a plain document's elements.

A reader takes an element as xmltodict gives it by default (None, a text, a dict, or a list if repeated), and
gives its value. It refuses what is not plain, and says nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, fields, make_dataclass
from typing import Any

from ec2codec.elements import ElementSchema
from ec2codec.fields import Indexed, Parameter, Structure
from ec2codec.model import opened
from ec2codec.xml import BLANK, TEXT_KEY, item_name

Reader = Callable[..., Any]


class NotPlain(ValueError):
    """The document is no plain one, or no response."""


def structure_reader(schema: ElementSchema) -> Reader:
    """What makes the object of an element that *schema* describes; further attributes are its keywords."""
    places = {
        name: (str(declared.attribute), _reader(name, declared)) for name, declared in schema.by_name.items()
    }
    closed: Any = schema.structure
    open_class = _with_init(closed)

    def read(element: Any, **values: Any) -> Any:
        for name, child in _members(element).items():
            try:
                attribute, read_child = places[name]
            except KeyError:
                raise NotPlain from None
            # Most children are texts: they are worth a question, which costs less than a call.
            values[attribute] = child if read_child is _text and type(child) is str else read_child(child)
        made = open_class(**values)
        made.__class__ = closed
        return made

    return read


def _reader(name: str, declared: Any) -> Reader:
    """What makes a value of a child as xmltodict gives it: None, a text, a dict, or a list if repeated."""
    match declared:
        case Indexed(item=item):
            return _listing(item_name(name), _reader("item", item))
        case Structure(schema=schema):
            return structure_reader(schema)
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


def _with_init(closed: type) -> Any:
    """*closed* with its slots open, and an ``__init__`` that takes what its own does."""
    given = [(given.name, object, field(default=given.default)) for given in fields(closed)]
    init = vars(make_dataclass("Opened", given, kw_only=True, eq=False, repr=False))["__init__"]
    return opened(closed, __init__=init)


def _members(element: Any) -> dict[str, Any]:
    """The children of an element by name; text beside them means nothing if it is blank."""
    if type(element) is not dict:
        text, members = element or "", {}
    else:
        text, members = element.pop(TEXT_KEY, ""), element
    if type(text) is not str or text.strip(BLANK):
        raise NotPlain
    return members
