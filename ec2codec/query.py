"""Query string and ordered pairs: the transport, and nothing of what the names mean.

`loads` and `dumps` make this module the render module of the Schemas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from string import ascii_letters, digits
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from ec2codec.rules.subjects import Fault, Limits, Measure, Pair
from ec2codec.tree import format_pairs

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://|/")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# What XML 1.0 cannot carry (production 2): C0 controls but tab, LF, CR; surrogates; U+FFFE and U+FFFF.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Never escaped: RFC 3986, section 2.3; the signature of a request is over this form.
_UNRESERVED = re.compile(r"[A-Za-z0-9\-_.~]*")
# The same, and the slash.
KEPT = f"{ascii_letters}{digits}-_.~/".encode()
# What decoding leaves as it is: printable ASCII without "%" and "+".
_PLAIN = re.compile("[ -$&-*,-~]*")
_BLANK = " \t\r\n"
_PAIRS: set[type] = {tuple, list}
_TEXTS: set[type] = {str}

# Names, and values in the same order.
Texts = tuple[tuple[str, ...], Sequence[str]]


class TooLarge(ValueError):
    """An input is over a limit. measure: the size that is."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        super().__init__(measure)


def read(source: object, limits: Limits) -> list[Pair]:
    """The pairs of a query string, form body or URL (text or bytes), of a mapping, or of an iterable.

    Text is decoded once: ``+`` and ``%XX``; in mappings and pairs nothing is.
    Raises: TooLarge, before anything is decoded, if the text or the number of pairs is over a limit.
    """
    if isinstance(source, str | bytes | bytearray | memoryview):
        return _read_text(source, limits)
    pairs = _read_pairs(source, limits)
    _refuse_longest(pairs, limits)
    return pairs


def _read_text(source: str | bytes | bytearray | memoryview, limits: Limits) -> list[Pair]:
    size = source.nbytes if isinstance(source, memoryview) else len(source)
    _refuse_over(Measure(limits, size=size))
    if isinstance(source, str):
        text = source
        if not text.isascii():
            _refuse_over(Measure(limits, size=len(text.encode("utf-8", "surrogatepass"))))
    else:
        # A byte that is no UTF-8 becomes a lone surrogate, which only spoils the pair it is in.
        text = bytes(source).decode("utf-8", "surrogateescape")
    pieces = [piece for piece in query_of(text).split("&") if piece]
    _refuse_over(Measure(limits, parameters=len(pieces)))
    pairs = [_read_pair(piece) for piece in pieces]
    if len(text) > limits.max_value:
        _refuse_longest(pairs, limits)
    return pairs


def _refuse_longest(pairs: Iterable[Pair], limits: Limits) -> None:
    longest = max((len(pair.value) for pair in pairs if isinstance(pair.value, str)), default=0)
    if longest > limits.max_value:
        raise TooLarge(Measure(limits, longest=longest))


def _refuse_over(measure: Measure) -> None:
    limits = measure.limits
    if measure.size > limits.max_bytes or measure.parameters > limits.max_parameters:
        raise TooLarge(measure)


def query_of(text: str) -> str:
    """The query of a URL or of a bare query string, without the line breaks that documents print."""
    broken = "\n" in text or "\r" in text
    if broken:
        text = _trim(text)
    if _SCHEME.match(text):
        text = text.partition("?")[2].partition("#")[0]
    elif text.startswith("?"):
        text = text[1:]
    return "&".join(map(_trim, text.split("&"))) if broken else text


def _trim(piece: str) -> str:
    """*piece* without blanks at either end that hold a line break."""
    stripped = piece.lstrip(_BLANK)
    if _breaks(piece[: len(piece) - len(stripped)]):
        piece = stripped
    stripped = piece.rstrip(_BLANK)
    return stripped if _breaks(piece[len(stripped) :]) else piece


def _breaks(blank: str) -> bool:
    return "\n" in blank or "\r" in blank


def _read_pair(piece: str) -> Pair:
    name, _, value = piece.partition("=")
    if _PLAIN.fullmatch(piece):
        return Pair(name, value)
    if not _PLAIN.fullmatch(name):
        name, fault = decode_text(name)
        if fault is not None:
            return Pair("", None, fault)
    if _PLAIN.fullmatch(value):
        return Pair(name, value)
    return Pair(name, *decode_text(value))


def decode_text(text: str) -> tuple[str, Fault | None]:
    """*text* with ``+`` and ``%XX`` decoded, once, and why it is no text if it is none."""
    if _BROKEN_ESCAPE.search(text):
        return text, "escape"
    try:
        decoded = unquote_to_bytes(text.replace("+", " ")).decode("utf-8")
    except UnicodeError:
        return text, "utf-8"
    return decoded, fault_of(decoded)


def fault_of(text: str) -> Fault | None:
    """Why XML 1.0 could not carry *text*; None if it can."""
    return "character" if not text.isprintable() and _NOT_XML.search(text) else None


def _read_pairs(source: object, limits: Limits) -> list[Pair]:
    items = source.items() if isinstance(source, Mapping) else source
    if not isinstance(items, Iterable):
        return [Pair("", None, "type")]
    pairs: list[Pair] = []
    size = 0
    for item in items:
        pair = _read_item(item)
        pairs.append(pair)
        size += len(pair.name) + (len(pair.value) if isinstance(pair.value, str) else 0)
        _refuse_over(Measure(limits, size=size, parameters=len(pairs)))
    return pairs


def _read_item(item: object) -> Pair:
    match item:
        case (str(name), value):
            fault = fault_of(name)
            if fault is not None:
                return Pair("", None, fault)
            return Pair(name, value, fault_of(value) if isinstance(value, str) else None)
        case _:
            return Pair("", None, "type")


def read_texts(source: object, limits: Limits) -> Texts | None:
    """Names and values of a dict, list or tuple of pairs that are printable texts, and within the limits.

    None where they are anything else, which `read` takes pair by pair, in four times as long.
    """
    if type(source) is dict:
        names, values = tuple(source), tuple(source.values())
    elif (type(source) is list or type(source) is tuple) and {*map(type, source)} <= _PAIRS:
        try:
            names, values = zip(*source, strict=True)
        except ValueError:
            return None
    else:
        return None
    if not {*map(type, names), *map(type, values)} <= _TEXTS:
        return None
    name, value = "".join(names), "".join(values)
    longest = max(map(len, values), default=0) if len(value) > limits.max_value else 0
    is_small = len(name) + len(value) <= limits.max_bytes and len(names) <= limits.max_parameters
    # What XML cannot carry is not printable.
    is_plain = name.isprintable() and value.isprintable()
    return (names, values) if is_small and is_plain and longest <= limits.max_value else None


def write(pairs: Iterable[tuple[str, str]]) -> str:
    """The query string of *pairs*: spaces as ``%20``, only RFC 3986's unreserved characters as they are."""
    pairs = list(pairs)
    values = "".join([value for _, value in pairs])
    if values.isascii() and not values.encode("ascii").translate(None, KEPT):
        # Most values have slashes at most, and names have none.
        return "&".join(map("=".join, pairs)).replace("/", "%2F")
    return "&".join(f"{name}={_quote(value)}" for name, value in pairs)


def _quote(value: str) -> str:
    return value if _UNRESERVED.fullmatch(value) else quote(value, safe="-_.~")


class Wire:
    """What came over the wire, before it is judged: the pairs, or the measure that is over a limit.

    texts: names and values, where `read_texts` has seen at once that they are in order.
    """

    __slots__ = ("_pairs", "measure", "texts")

    def __init__(self, source: object, limits: Limits) -> None:
        self.measure = Measure(limits)
        self.texts = read_texts(source, limits)
        self._pairs: list[Pair] | None = None
        if self.texts is None:
            try:
                self._pairs = read(source, limits)
            except TooLarge as error:
                self.measure = error.measure

    @property
    def pairs(self) -> list[Pair]:
        """The pairs; none where they are over a limit."""
        if self._pairs is None:
            self._pairs = [] if self.texts is None else list(map(Pair, *self.texts))
        return self._pairs


def loads(text: str | bytes, **_: object) -> Wire:
    """The pairs of a query string, for a Schema to load."""
    return Wire(text, Limits())


def dumps(structure: Mapping[str, Any], **_: object) -> str:
    """The query string of what a Schema dumped."""
    return write(format_pairs(structure))
