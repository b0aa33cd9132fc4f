"""Markup and nested data: what a Schema knows of a document, what it does not, and what would be lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from ec2codec.errors import quoted
from ec2codec.fields import Indexed, Parameter, Structure
from ec2codec.guard import Refused
from ec2codec.names import Path, format_name
from ec2codec.query import fault_of
from ec2codec.scalars import Malformed, format_scalar, is_small_number
from ec2codec.xml import BLANK, SEPARATOR, TEXT_KEY, XMLNS, Markup, Meter, item_name


def plant(structure: object, root: str) -> Markup:
    """The document of nested data keyed by element names; its namespace is under ``@xmlns``."""
    if not isinstance(structure, Mapping):
        return Markup(fault=f"expected a mapping, got {type(structure).__name__}")
    members = dict(structure)
    namespace = members.pop(XMLNS, None)
    try:
        element = _plant(members, root, Meter())
    except Refused as refused:
        fault = str(refused)
    else:
        return Markup(root=root, namespace=str(namespace or ""), element=element, built=True)
    return Markup(fault=fault)


def _plant(value: object, name: str, meter: Meter) -> dict[str, Any]:
    meter.start(name)
    element: dict[str, Any] = {}
    match value:
        case Mapping() if not _counts(value):
            for key, child in value.items():
                if child is not None:
                    element[_checked(key)] = [_plant(child, key, meter)]
        case Mapping() | list() | tuple():
            items = value.values() if isinstance(value, Mapping) else value
            element[item_name(name)] = [_plant(item, "item", meter) for item in items]
        case _:
            meter.read(value if isinstance(value, str) else "")
            element[TEXT_KEY] = value
    meter.end(name)
    return element


def with_lists(data: Mapping[str, Any], schema: Placing, version: str) -> dict[str, Any]:
    """Nested data with the empty lists that EC2 of that API version writes, in the order of the Schema."""
    members: dict[str, Any] = {}
    for name, (_, declared) in schema.places.items():
        if name in data:
            members[name] = _with_lists(data[name], declared, version)
        elif isinstance(declared, Indexed) and declared.always and declared.since <= version:
            members[name] = []
    return {**members, **{name: value for name, value in data.items() if name not in members}}


def _with_lists(value: Any, declared: Any, version: str) -> Any:
    if isinstance(declared, Indexed) and isinstance(value, list):
        return [_with_lists(item, declared.item, version) for item in value]
    if isinstance(declared, Structure) and isinstance(value, Mapping):
        return with_lists(value, declared.schema, version)
    return value


def _counts(value: Mapping[Any, object]) -> bool:
    """Whether a mapping is a list by position."""
    return bool(value) and all(type(key) is int for key in value)


def _checked(name: object) -> str:
    if not isinstance(name, str):
        raise Refused(f"expected names of elements, got {type(name).__name__}")
    return name


class Placing(Protocol):
    """What `fit` needs of a Schema: by element name, the name that it is loaded by, and the field."""

    @property
    def places(self) -> Mapping[str, tuple[str, Any]]:
        """Name and field, by element name."""
        ...


Notes = tuple[tuple[str, str], ...]


class Fitted(NamedTuple):
    """Nested data by a Schema.

    oddities: location and description of what would lose its meaning.
    unknown: location and text of what the Schema does not know.
    """

    content: Mapping[str, Any]
    oddities: Notes = ()
    unknown: Notes = ()


def fit(markup: Markup, schema: Placing) -> Fitted:
    """Nested data, as a Schema loads it, of a document whose root is that of the Schema.

    Empty scalars are absent. In nested data of ours, what would not be read back is an oddity, too.
    """
    fitting = _Fitting(markup)
    content = fitting.structure(markup.element, schema, ())
    return Fitted(content, tuple(fitting.oddities), tuple(fitting.unknown))


def _format(value: object) -> object:
    """The text of a value; an integer that Python would not print, which none within bounds is, stays one."""
    huge = isinstance(value, int) and not is_small_number(value)
    return value if huge else format_scalar(value)


class _Fitting:
    """One `fit`: the oddities and unknown elements found so far."""

    def __init__(self, markup: Markup) -> None:
        self.built = markup.built
        self.namespace = "" if markup.built else markup.namespace
        self.oddities: list[tuple[str, str]] = []
        self.unknown: list[tuple[str, str]] = []

    def structure(self, element: Any, schema: Placing, path: Path) -> dict[str, Any]:
        content: dict[str, Any] = {}
        seen: set[str] = set()
        for name, elements in self._children(element, path).items():
            place = schema.places.get(name)
            if place is None:
                self._keep(elements, (*path, name))
                continue
            key, declared = place
            if key in seen or len(elements) > 1:
                self._note((*path, key), "expected once, got more")
                continue
            seen.add(key)
            value = self._value(elements[0], declared, (*path, key))
            if value is not None:
                content[key] = value
        return content

    def _value(self, element: Any, declared: Any, path: Path) -> Any:
        if isinstance(declared, Indexed):
            return self._listing(element, declared, path)
        if isinstance(declared, Structure):
            return self.structure(element, declared.schema, path)
        return self._scalar(element, declared, path)

    def _listing(self, element: Any, declared: Indexed, path: Path) -> list[Any]:
        children = self._children(element, path)
        items = children.pop(item_name(str(path[-1])), [])
        for name, elements in children.items():
            self._keep(elements, (*path, name))
        return [self._value(item, declared.item, (*path, index)) for index, item in enumerate(items, 1)]

    def _scalar(self, element: Any, declared: Parameter, path: Path) -> Any:
        text, children = self._parts(element, path)
        scalar = declared.scalar
        if children:
            return self._note(path, f"expected {scalar.name}, got elements")
        text = _format(text) if type(text) is scalar.python else text
        if not isinstance(text, str):
            return self._note(path, f"expected {scalar.name}, got {type(text).__name__}")
        if scalar.python is not str:
            text = text.strip(BLANK)
        if text == "" and not declared.may_be_empty:
            return self._note(path, "expected None or a text that is not empty") if self.built else None
        return self._parse(text, declared, path)

    def _parse(self, text: str, declared: Parameter, path: Path) -> Any:
        if self.built and fault_of(text) is not None:
            return self._note(path, "expected characters that XML 1.0 can carry")
        try:
            return declared.scalar.parse(text)
        except Malformed:
            return self._note(path, f"expected {declared.scalar.name}, got '{quoted(text)}'")

    def _keep(self, elements: list[Any], path: Path) -> None:
        """Note elements that the Schema does not know; in data of ours there are none."""
        if self.built:
            self._note(path, "expected no element of this name")
            return
        for element in elements:
            text, children = self._parts(element, path)
            if not children:
                self.unknown.append((format_name(path), text))
                continue
            self._refuse_text(text, path)
            for name, inner in children.items():
                self._keep(inner, (*path, name))

    def _children(self, element: Any, path: Path) -> dict[str, list[Any]]:
        text, children = self._parts(element, path)
        self._refuse_text(text, path)
        return children

    def _refuse_text(self, text: Any, path: Path) -> None:
        if not isinstance(text, str):
            self._note(path, f"expected elements, got {type(text).__name__}")
        elif text.strip(BLANK):
            self._note(path, f"expected elements, got '{quoted(text.strip(BLANK))}'")

    def _parts(self, element: Any, path: Path) -> tuple[Any, dict[str, list[Any]]]:
        """The text of an element, and the elements of the root's namespace in it, by local name."""
        text: Any = ""
        children: dict[str, list[Any]] = {}
        for key, value in (element or {}).items():
            if key == TEXT_KEY:
                text = value if self.built else "".join(value)
                continue
            namespace, _, name = key.rpartition(SEPARATOR)
            if key.startswith("@"):
                if key != XMLNS or self.built:
                    self._note(path, f"expected no attribute, got '{quoted(name.removeprefix('@'))}'")
            elif namespace == self.namespace:
                children[name] = value
            else:
                self._note((*path, name), f"expected the namespace of the root, got '{quoted(namespace)}'")
        return text, children

    def _note(self, path: Path, text: str) -> None:
        self.oddities.append((format_name(path), text))
