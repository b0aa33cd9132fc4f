"""XML documents and nested data: the envelope's transport, and the only importer of xmltodict.

`loads` and `dumps` make this module the render module of the response Schemas. What was read is a `Markup`,
which `fit` turns into nested data by a Schema; `plant` is the way back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol
from xml.parsers import expat

import xmltodict

from ec2codec.errors import quoted
from ec2codec.fields import Indexed, Parameter, Structure
from ec2codec.names import Path, format_name
from ec2codec.query import fault_of
from ec2codec.scalars import Malformed, format_scalar

# Limits of one document, inclusive; over one of them it is refused whole, read or written. No figure of AWS's
# is known.
MAX_BYTES = 8_388_608  # 1,000 rules with all their elements and long descriptions are less than one MiB
MAX_ELEMENTS = 200_000  # the same rules are 20,000; a million siblings cost seconds
MAX_DEPTH = 32  # a tag or a source group stands 7 deep; much deeper, Python's own recursion ends first
MAX_ATTRIBUTES = 16  # per element, with namespace declarations; EC2 writes one, 100,000 cost half a second
MAX_TEXT = 65_536  # characters between two tags; four times the longest value of a request

# xmltodict joins namespace and name with this; expat refuses a namespace that holds it.
SEPARATOR = "|"
BLANK = " \t\r\n"
XMLNS = "@xmlns"
_TEXT = "#text"
_ENCODINGS = frozenset({"utf-8", "us-ascii"})
_BYTE_ORDER_MARK = "\ufeff"


def item_name(list_name: str) -> str:
    """What the items of a list are called; only the errors of an error document have a name of their own."""
    return "Error" if list_name == "Errors" else "item"


@dataclass(frozen=True, slots=True)
class Markup:
    """A document that was read, or the one that nested data would be.

    fault: why it is none; the rest is empty then.
    element: content of the root as xmltodict gives it: every name with a list, ``#text``, ``@attribute``.
    built: whether it was made from nested data.
    """

    fault: str | None = None
    root: str = ""
    namespace: str = ""
    element: Mapping[str, Any] = field(default_factory=dict)
    built: bool = False


class _Refused(ValueError):
    """The document is not read further; the message says why, and holds nothing of it."""


class _Meter:
    """The size of one document so far; its methods are handlers of expat."""

    def __init__(self) -> None:
        self.depth = 0
        self.elements = 0
        self.attributes = 0
        self.characters = 0

    def declare(self, _prefix: str | None, _namespace: str) -> None:
        self._count_attributes(1)

    def start(self, _name: str, attributes: Sequence[str] = ()) -> None:
        self._count_attributes(len(attributes) // 2)
        self.depth += 1
        self.elements += 1
        self.attributes = self.characters = 0
        _keep_limit(self.depth, MAX_DEPTH, "elements inside each other")
        _keep_limit(self.elements, MAX_ELEMENTS, "elements")

    def end(self, _name: str) -> None:
        self.depth -= 1
        self.characters = 0

    def read(self, text: str) -> None:
        self.characters += len(text)
        _keep_limit(self.characters, MAX_TEXT, "characters between two tags")

    def _count_attributes(self, count: int) -> None:
        self.attributes += count
        _keep_limit(self.attributes, MAX_ATTRIBUTES, "attributes of one element")


def _keep_limit(actual: int, limit: int, unit: str) -> None:
    if actual > limit:
        raise _Refused(f"expected at most {limit:,} {unit}")


class _GuardedExpat:
    """Stands in for the module expat, of which xmltodict uses nothing but ParserCreate."""

    @staticmethod
    def ParserCreate(encoding: str, separator: str) -> _GuardedParser:
        return _GuardedParser(expat.ParserCreate(encoding, separator))


class _GuardedParser:
    """A parser of expat that xmltodict sets up as usual, and that is guarded when it starts."""

    parser: expat.XMLParserType

    def __init__(self, parser: expat.XMLParserType) -> None:
        vars(self)["parser"] = parser

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self.parser, name, value)

    def Parse(self, text: bytes, is_final: bool) -> None:
        _guard(self.parser)
        self.parser.Parse(text, is_final)


def _guard(parser: Any) -> None:
    """Put a meter before the handlers of xmltodict, and refuse what no response has.

    A DOCTYPE is refused where it begins: entities and attribute defaults make gigabytes of kilobytes, and
    text with undefined entities is dropped in silence.
    """
    meter = _Meter()
    parser.StartNamespaceDeclHandler = _both(meter.declare, parser.StartNamespaceDeclHandler)
    parser.StartElementHandler = _both(meter.start, parser.StartElementHandler)
    parser.EndElementHandler = _both(meter.end, parser.EndElementHandler)
    parser.CharacterDataHandler = _both(meter.read, parser.CharacterDataHandler)
    parser.XmlDeclHandler = _refuse_other_encodings
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.ProcessingInstructionHandler = _refuse_instruction


def _both(first: Callable[..., None], second: Callable[..., None]) -> Callable[..., None]:
    def handler(*arguments: object) -> None:
        first(*arguments)
        second(*arguments)

    return handler


def _refuse_other_encodings(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in _ENCODINGS:
        raise _Refused(f"expected the encoding UTF-8, got '{quoted(encoding)}'")


def _refuse_doctype(*_: object) -> None:
    raise _Refused("expected no DOCTYPE")


def _refuse_instruction(target: str, _content: str) -> None:
    raise _Refused(f"expected no processing instruction, got '{quoted(target)}'")


def loads(text: object, **_: object) -> Markup:
    """The document in a text or in UTF-8 bytes, for a Schema to load."""
    try:
        return _read(_bytes_of(text))
    # The four kinds that expat, its Python module and xmltodict have for what is no XML.
    except (expat.ExpatError, ValueError, LookupError, TypeError) as error:
        fault = str(error)
    return Markup(fault=fault)


def _bytes_of(text: object) -> bytes:
    if isinstance(text, str):
        _keep_limit(len(text), MAX_BYTES, "bytes")
        encoded = text.removeprefix(_BYTE_ORDER_MARK).encode("utf-8")
    elif isinstance(text, bytes | bytearray | memoryview):
        _keep_limit(memoryview(text).nbytes, MAX_BYTES, "bytes")
        encoded = bytes(text).removeprefix(_BYTE_ORDER_MARK.encode("utf-8"))
    else:
        raise _Refused(f"expected XML as text or bytes, got {type(text).__name__}")
    _keep_limit(len(encoded), MAX_BYTES, "bytes")
    # Told that it is UTF-8, expat still reads what looks like UTF-16, of which every tag holds a NUL.
    if b"\0" in encoded:
        raise _Refused("expected UTF-8 without NUL")
    return encoded


def _read(text: bytes) -> Markup:
    document = xmltodict.parse(
        text,
        encoding="utf-8",
        expat=_GuardedExpat,
        process_namespaces=True,
        namespace_separator=SEPARATOR,
        # It would eat NBSP, too, and the blanks around a description.
        strip_whitespace=False,
        # Whether a name may come twice depends on its place, which the Schema knows: so a list everywhere.
        force_list=True,
        force_cdata=True,
    )
    ((name, (element,)),) = document.items()
    namespace, _, root = name.rpartition(SEPARATOR)
    return Markup(root=root, namespace=namespace, element=element or {})


def plant(structure: object, root: str) -> Markup:
    """The document of nested data keyed by element names; its namespace is under ``@xmlns``."""
    if not isinstance(structure, Mapping):
        return Markup(fault=f"expected a mapping, got {type(structure).__name__}")
    members = dict(structure)
    namespace = members.pop(XMLNS, None)
    try:
        element = _plant(members, root, _Meter())
    except _Refused as refused:
        fault = str(refused)
    else:
        return Markup(root=root, namespace=str(namespace or ""), element=element, built=True)
    return Markup(fault=fault)


def _plant(value: object, name: str, meter: _Meter) -> dict[str, Any]:
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
            element[_TEXT] = value
    meter.end(name)
    return element


def _counts(value: Mapping[Any, object]) -> bool:
    """Whether a mapping is a list by position."""
    return bool(value) and all(type(key) is int for key in value)


def _checked(name: object) -> str:
    if not isinstance(name, str):
        raise _Refused(f"expected names of elements, got {type(name).__name__}")
    return name


def dumps(markup: Markup, **_: object) -> str:
    """The text of a document that `plant` made and `fit` found nothing odd in."""
    declared = {XMLNS: markup.namespace} if markup.namespace else {}
    document = {markup.root: {**declared, **markup.element}}
    text = xmltodict.unparse(document, encoding="UTF-8", short_empty_elements=True)
    # A bare CR would be read back as LF (XML 1.0, section 2.11).
    return text.replace("\r", "&#13;")


def fault_of_size(text: str) -> str | None:
    """Why a written document would not be read back; None if it would."""
    return f"expected at most {MAX_BYTES:,} bytes" if len(text.encode("utf-8")) > MAX_BYTES else None


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
    huge = isinstance(value, int) and value.bit_length() > 64
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
            if key == _TEXT:
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
