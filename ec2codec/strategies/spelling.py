"""One request, many texts: order, indexes and quoting that change nothing of what is decoded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from random import Random
from urllib.parse import quote

from hypothesis import strategies as st

from ec2codec.names import Path, format_name, parse_name

Pairs = list[tuple[str, str]]
# What spelling does by chance is drawn as one number, of which 0 is "nothing": a draw for each character
# would be most of the time. So an example shrinks to its plainest text.
seeds = st.integers(0, 2**32 - 1)

# RFC 3986, section 3.4: what stands in a query as it is, but for what parts and decodes it.
_RAW = "-_.~!$'()*,;:@/?="


def spelled(name: str, value: str, quoting: Callable[[str], str]) -> str:
    """One parameter; a name has no sign that must be quoted, but may be."""
    return f"{quoting(name).replace('=', '%3D')}={quoting(value)}"


def canonical(text: str) -> str:
    """As `encode` writes it."""
    return quote(text, safe="-_.~", errors="surrogatepass")


def _raw(text: str) -> str:
    return quote(text, safe=_RAW)


def _plus(text: str) -> str:
    return canonical(text).replace("%20", "+")


def _lower(text: str) -> str:
    return "".join(_escaped(byte).lower() if byte not in _UNRESERVED else chr(byte) for byte in text.encode())


def _all(text: str) -> str:
    return "".join(map(_escaped, text.encode()))


def _escaped(byte: int) -> str:
    return f"%{byte:02X}"


_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
_QUOTINGS = (canonical, _raw, _plus, _lower, _all)


def _mixed(random: Random) -> Callable[[str], str]:
    """Every character in a manner of its own."""
    return lambda text: "".join(random.choice(_QUOTINGS)(character) for character in text)


def shuffled(pairs: Iterable[tuple[str, str]], seed: int) -> Pairs:
    """*pairs* in an order of which 0 is their own."""
    some = list(pairs)
    if seed:
        Random(seed).shuffle(some)
    return some


def with_gaps(pairs: Iterable[tuple[str, str]], seed: int) -> Pairs:
    """*pairs* with lists whose indexes leave some out, in the same order; 0 leaves them as they are."""
    some = [(parse_name(name), value) for name, value in pairs]
    if not seed:
        return [(format_name(path), value) for path, value in some]
    indexes = _spread((path for path, _value in some), Random(seed))
    return [(format_name(_moved(path, indexes)), value) for path, value in some]


def _spread(paths: Iterable[Path], random: Random) -> Mapping[Path, int]:
    """A new index of every item, by its path."""
    indexes: dict[Path, int] = {}
    last: dict[Path, int] = {}
    for item in sorted({*_items(paths)}, key=lambda item: item[-1]):
        listing = item[:-1]
        last[listing] = indexes[item] = last.get(listing, 0) + random.choice((1, 1, 2, 9))
    return indexes


def _items(paths: Iterable[Path]) -> Iterator[Path]:
    """Every path that ends with an index."""
    for path in paths:
        yield from (path[: at + 1] for at, segment in enumerate(path) if isinstance(segment, int))


def _moved(path: Path, indexes: Mapping[Path, int]) -> Path:
    return tuple(indexes.get(path[: depth + 1], segment) for depth, segment in enumerate(path))


@st.composite
def spellings(draw: st.DrawFn, pairs: Pairs, *, gaps: bool = False, framed: bool = False) -> str:
    """Texts of *pairs*, in any order and quoting.

    gaps: also with gaps in indexes. framed: also with what `decode` takes off: ``?``, a URL's beginning,
        line breaks at ``&``, empty pieces.
    """
    if gaps:
        pairs = with_gaps(pairs, draw(seeds))
    pairs = shuffled(pairs, draw(seeds))
    manner = draw(_MANNERS)
    quoting = _QUOTINGS[manner] if manner < len(_QUOTINGS) else _mixed(Random(draw(seeds)))
    pieces = [spelled(name, value, quoting) for name, value in pairs]
    if not framed:
        return "&".join(pieces)
    return draw(_BEGINNINGS) + draw(_SEPARATORS).join(pieces) + draw(_ENDS)


_MANNERS = st.integers(0, len(_QUOTINGS))
_BEGINNINGS = st.sampled_from(("", "?", "/?", "https://ec2.amazonaws.com/?", "&", "\n  "))
_SEPARATORS = st.sampled_from(("&", "&\n    ", "&&", "\r\n&"))
_ENDS = st.sampled_from(("", "&", "\r\n"))
