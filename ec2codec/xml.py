"""XML documents and nested data: the envelope's transport.

`loads` and `dumps` make this module the render module of the response Schemas. What was read is a `Markup`,
which `ec2codec.fitting` turns into nested data by a Schema, and back.
"""

from __future__ import annotations

import codecs
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

import xmltodict

from ec2codec.guard import Handler, Parser, Refused

# Limits of one document, inclusive; over one of them it is refused whole, read or written. No figure of AWS's
# is known.
MAX_BYTES = 8_388_608  # 1,000 rules with all their elements and long descriptions are less than one MiB
MAX_ELEMENTS = 200_000  # the same rules are 20,000; a million siblings cost seconds
MAX_DEPTH = 32  # a tag or a source group stands 7 deep; much deeper, Python's own recursion ends first
MAX_ATTRIBUTES = 16  # per element, with namespace declarations; EC2 writes one, 100,000 cost half a second
MAX_TEXT = 65_536  # characters between two tags; four times the longest value of a request

# xmltodict joins namespace and name with this; expat refuses a namespace that holds it.
SEPARATOR = "|"
NUL = 0  # as a byte
BLANK = " \t\r\n"
XMLNS = "@xmlns"
TEXT_KEY = "#text"


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


class Meter:
    """The size of one document so far; its methods are handlers of expat."""

    def __init__(self) -> None:
        self.depth = 0
        self.elements = 0
        self.attributes = 0
        self.characters = 0

    def declare(self, _prefix: str | None, _namespace: str) -> None:
        """Count a namespace declaration."""
        self._count_attributes(1)

    def start(self, _name: str, attributes: Collection[str] = ()) -> None:
        """Count an element; *attributes* by name."""
        self._count_attributes(len(attributes))
        self.depth += 1
        self.elements += 1
        self.attributes = self.characters = 0
        _keep_limit(self.depth, MAX_DEPTH, "elements inside each other")
        _keep_limit(self.elements, MAX_ELEMENTS, "elements")

    def end(self, _name: str) -> None:
        """Leave an element."""
        self.depth -= 1
        self.characters = 0

    def read(self, text: str) -> None:
        """Count text, in as many pieces as it comes."""
        self.characters += len(text)
        _keep_limit(self.characters, MAX_TEXT, "characters between two tags")

    def _count_attributes(self, count: int) -> None:
        self.attributes += count
        _keep_limit(self.attributes, MAX_ATTRIBUTES, "attributes of one element")


def _keep_limit(actual: int, limit: int, unit: str) -> None:
    if actual > limit:
        raise Refused(f"expected at most {limit:,} {unit}")


class _GuardedExpat:
    """Stands in for the module expat, of which xmltodict uses nothing but ParserCreate."""

    @staticmethod
    def ParserCreate(_encoding: str, _separator: str) -> Parser:
        return _MeasuredParser()


class _MeasuredParser(Parser):
    """One that knows namespaces, and of whose document a `Meter` keeps the limits."""

    separator = SEPARATOR

    def Parse(self, text: bytes, is_final: bool) -> None:
        """Read all of a document, with a meter before the handlers of xmltodict."""
        meter = Meter()
        self.StartNamespaceDeclHandler = _both(meter.declare, self.StartNamespaceDeclHandler)
        self.StartElementHandler = _both(meter.start, self.StartElementHandler)
        self.EndElementHandler = _both(meter.end, self.EndElementHandler)
        self.CharacterDataHandler = _both(meter.read, self.CharacterDataHandler)
        super().Parse(text, is_final)


def _both(first: Handler, second: Handler) -> Handler:
    def handler(*arguments: object) -> None:
        first(*arguments)
        second(*arguments)

    return handler


def loads(text: object, **_: object) -> Markup:
    """The document in a text or in UTF-8 bytes, for a Schema to load."""
    try:
        return _read(bytes_of(text))
    # The four kinds that expat, its Python module and xmltodict have for what is no XML.
    except (expat.ExpatError, ValueError, LookupError, TypeError) as error:
        fault = str(error)
    return Markup(fault=fault)


def _size_of(text: bytearray | memoryview) -> int:
    try:
        return memoryview(text).nbytes
    except ValueError as released:
        raise Refused(str(released)) from None


def bytes_of(text: object) -> bytes:
    """The UTF-8 of a document, without a byte order mark.

    Raises: Refused; UnicodeEncodeError for surrogates.
    """
    if isinstance(text, bytes):
        encoded = text
    elif isinstance(text, str):
        _keep_limit(len(text), MAX_BYTES, "bytes")
        encoded = text.encode("utf-8")
    elif isinstance(text, bytearray | memoryview):
        _keep_limit(_size_of(text), MAX_BYTES, "bytes")
        encoded = bytes(text)
    else:
        raise Refused(f"expected XML as text or bytes, got {type(text).__name__}")
    encoded = encoded.removeprefix(codecs.BOM_UTF8)
    _keep_limit(len(encoded), MAX_BYTES, "bytes")
    # Told that it is UTF-8, expat still reads what looks like UTF-16, of which every tag holds a NUL.
    if NUL in encoded:
        raise Refused("expected UTF-8 without NUL")
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
