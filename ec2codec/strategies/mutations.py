"""What becomes of a query string that is tampered with: by its structure, or without regard to it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from ec2codec.strategies.choices import expect_count
from ec2codec.strategies.oddities import INDEXES, NAMES, PIECES, VALUES
from ec2codec.strategies.spelling import canonical, seeds


def mutations(query: str | bytes, *, max_changes: int = 3) -> st.SearchStrategy[str]:
    """*query* with 1 to *max_changes* things done to it; what comes of it may be valid or not.

    Parameters are shuffled, dropped, repeated, added, given another name, value, index or case, or a piece of
    one another; characters are flipped, lost or put in, escapes broken. Bytes that are no UTF-8 become lone
    surrogates, as `decode` takes them.
    Raises: InvalidArgument for a query that is no text, and for a number that is not 1 or more.
    """
    if not isinstance(query, (str, bytes)):
        raise InvalidArgument(f"query: expected str or bytes, got {type(query).__name__}")
    expect_count("max_changes", max_changes)
    text = query if isinstance(query, str) else query.decode("utf-8", "surrogateescape")
    return _mutations(text, st.integers(1, max_changes))


@st.composite
def _mutations(draw: st.DrawFn, text: str, changes: st.SearchStrategy[int]) -> str:
    for _ in range(draw(changes)):
        # All that one change decides by chance is one number: see `spelling.seeds`.
        text = draw(_CHANGES)(text, Random(draw(seeds)))
    return text


Change = Callable[[str, Random], str]


def _of_pieces(change: Callable[[list[str], int, Random], list[str]]) -> Change:
    """A change of the parameters, one of which is chosen."""

    def changed(text: str, random: Random) -> str:
        pieces = text.split("&")
        return "&".join(change(pieces, random.randrange(len(pieces)), random))

    return changed


def _of_piece(change: Callable[[str, str, Random], str]) -> Change:
    """A change of one parameter's name or value, as they are quoted."""

    def changed(pieces: list[str], at: int, random: Random) -> list[str]:
        name, _, value = pieces[at].partition("=")
        return [*pieces[:at], change(name, value, random), *pieces[at + 1 :]]

    return _of_pieces(changed)


def _shuffle(pieces: list[str], at: int, random: Random) -> list[str]:
    random.shuffle(pieces)
    return pieces


def _reindex(name: str, value: str, random: Random) -> str:
    segments = name.split(".")
    places = [at for at, segment in enumerate(segments) if segment.isdecimal()]
    if places:
        segments[random.choice(places)] = random.choice(INDEXES)
    return f"{'.'.join(segments)}={value}"


def _exchange(pieces: list[str], at: int, random: Random) -> list[str]:
    """The value of one parameter for that of another."""
    other = random.choice(pieces).partition("=")[2]
    return [*pieces[:at], f"{pieces[at].partition('=')[0]}={other}", *pieces[at + 1 :]]


def _of_text(change: Callable[[str, Random], str]) -> Change:
    """A change of one character; of an empty text, one put in."""

    def changed(text: str, random: Random) -> str:
        at = random.randrange(len(text) + 1)
        return text[:at] + change(text[at : at + 1], random) + text[at + 1 :]

    return changed


def _flip(character: str, random: Random) -> str:
    return chr(ord(character or "\0") ^ 1 << random.randrange(7))


def _odd(texts: tuple[str, ...], random: Random) -> str:
    return canonical(random.choice(texts))


_CHANGES: st.SearchStrategy[Change] = st.sampled_from(
    (
        _of_pieces(_shuffle),
        _of_pieces(lambda pieces, at, random: pieces[:at] + pieces[at + 1 :]),
        _of_pieces(lambda pieces, at, random: [*pieces, pieces[at]]),
        _of_pieces(_exchange),
        _of_pieces(lambda pieces, at, random: [*pieces[:at], random.choice(PIECES), *pieces[at:]]),
        _of_pieces(
            lambda pieces, at, random: [
                *pieces[:at],
                f"{_odd(NAMES, random)}={_odd(VALUES, random)}",
                *pieces[at:],
            ]
        ),
        _of_piece(lambda name, value, random: f"{name}={_odd(VALUES, random)}"),
        _of_piece(lambda name, value, random: f"{_odd(NAMES, random)}={value}"),
        _of_piece(lambda name, value, random: f"{name.swapcase()}={value}"),
        _of_piece(lambda name, value, random: f"{name}={value.swapcase()}"),
        _of_piece(lambda name, value, random: f"{name}={canonical(value)}"),
        _of_piece(_reindex),
        _of_text(_flip),
        _of_text(lambda character, random: ""),
        _of_text(lambda character, random: character + random.choice(PIECES)),
        _of_text(lambda character, random: character * 2),
        lambda text, random: text[: random.randrange(len(text) + 1)],
    )
)
