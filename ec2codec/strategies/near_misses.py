"""Query strings one edit away from valid ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hypothesis import strategies as st

from ec2codec import scalars, shape
from ec2codec.model import Request
from ec2codec.names import MAX_INDEX, is_index
from ec2codec.policy import Platform, Profile
from ec2codec.scalars import MAX_INTEGER, MIN_INTEGER, Scalar
from ec2codec.strategies.oddities import INDEXES, NAMES, VALUES
from ec2codec.strategies.queries import pairs_of
from ec2codec.strategies.requests import requests
from ec2codec.strategies.spelling import Pairs, canonical, spelled
from ec2codec.strategies.structures import request_shape
from ec2codec.style import Style


def near_misses(
    action: str | None = None,
    version: str | None = None,
    *,
    platform: Platform | str = Platform.ANY,
    profile: Profile | str | None = Profile.DOCUMENTED,
    style: Style | None = None,
    max_permissions: int = 2,
) -> st.SearchStrategy[str]:
    """Texts one edit away from valid: such a one may break a rule, or several, or be valid still.

    A parameter is dropped or repeated, its name changed by a letter, its case, an index or for another name,
    its value emptied, changed for another, or for one at a bound of its type: n-1, n or n+1.

    The choices, and what is raised, are those of `requests`.
    """
    of_choices = requests(
        action,
        version,
        platform=platform,
        profile=profile,
        style=style,
        max_permissions=max_permissions,
    )
    return _near_misses(of_choices)


@st.composite
def _near_misses(draw: st.DrawFn, of: st.SearchStrategy[Request]) -> str:
    request = draw(of)
    pairs = pairs_of(request)
    position = draw(st.integers(0, len(pairs) - 1))
    name, value = pairs[position]
    put = draw(_EDITS)(draw, request, name, value)
    return "&".join(spelled(*pair, canonical) for pair in (*pairs[:position], *put, *pairs[position + 1 :]))


Edit = Callable[[st.DrawFn, Request, str, str], Pairs]


def _drop(draw: st.DrawFn, request: Request, name: str, value: str) -> Pairs:
    return []


def _repeat(draw: st.DrawFn, request: Request, name: str, value: str) -> Pairs:
    return [(name, value), (name, draw(st.sampled_from((value, *VALUES))))]


def _empty(draw: st.DrawFn, request: Request, name: str, value: str) -> Pairs:
    return [(name, "")]


def _revalue(draw: st.DrawFn, request: Request, name: str, value: str) -> Pairs:
    return [(name, draw(st.sampled_from(VALUES)))]


def _bound(draw: st.DrawFn, request: Request, name: str, value: str) -> Pairs:
    """A value at a bound of the parameter's type."""
    place = shape.find(request_shape(request.action), name, scalars.IPV6_VERSION)
    scalar = scalars.TEXT if place is None else place[1]
    return [(name, draw(st.sampled_from(_VERSIONS if name == "Version" else bounds_of(scalar))))]


def _rename(draw: st.DrawFn, request: Request, name: str, value: str) -> Pairs:
    return [(draw(st.sampled_from(NAMES)), value)]


def _misspell(draw: st.DrawFn, request: Request, name: str, value: str) -> Pairs:
    """A letter of the name left out, doubled, or changed."""
    at = draw(st.integers(0, len(name) - 1))
    letter = draw(st.sampled_from(("", name[at] * 2, "x", ".")))
    return [(name[:at] + letter + name[at + 1 :], value)]


def _recase(draw: st.DrawFn, request: Request, name: str, value: str) -> Pairs:
    return [(draw(st.sampled_from((name.lower(), name.upper(), name[:1].lower() + name[1:]))), value)]


def _reindex(draw: st.DrawFn, request: Request, name: str, value: str) -> Pairs:
    """Another index; without one, the first of a list that there is not."""
    segments = name.split(".")
    places = [at for at, segment in enumerate(segments) if is_index(segment)]
    if not places:
        return [(f"{name}.1", value)]
    at = draw(st.sampled_from(places))
    index = int(segments[at])
    near = (str(index - 1), str(index + 1), str(MAX_INDEX), str(MAX_INDEX + 1), *INDEXES)
    segments[at] = draw(st.sampled_from(near))
    return [(".".join(segments), value)]


_EDITS: st.SearchStrategy[Edit] = st.sampled_from(
    (_drop, _repeat, _empty, _revalue, _bound, _bound, _rename, _misspell, _recase, _reindex)
)


def _around(*marks: int) -> tuple[int, ...]:
    """Each of *marks*, and what is one less and one more."""
    return tuple(mark + step for mark in marks for step in (-1, 0, 1))


def bounds_of(scalar: Scalar) -> tuple[str, ...]:
    """Texts at the bounds of a type, the last that is a value and the first that is none."""
    if scalar.prefix:
        return tuple(f"{scalar.prefix}-{'a' * size}" for size in _around(8, 17))
    return _BOUNDS.get(scalar.name, ("x" * 16_383, "x" * 16_384, "x" * 16_385))


_LENGTHS = tuple("x" * size for size in (1, *_around(255)))
_VERSIONS = ("2011-12-14", "2011-12-15", "2011-12-16", "2016-11-14", "2016-11-15", "2016-11-16")
_BOUNDS: Mapping[str, tuple[str, ...]] = {
    scalars.INTEGER.name: tuple(map(str, _around(0, 255, 65535, MIN_INTEGER, MAX_INTEGER))),
    scalars.BOOLEAN.name: ("true", "false", "True", "1"),
    scalars.PROTOCOL.name: tuple(map(str, _around(0, 255))),
    scalars.CIDR.name: (
        *(f"10.0.0.0/{prefix}" for prefix in _around(0, 32)),
        *(f"{octet}.0.0.0/8" for octet in _around(0, 255)),
    ),
    scalars.IPV6_CIDR.name: tuple(f"::/{prefix}" for prefix in _around(0, 128)),
    scalars.GROUP_NAME.name: _LENGTHS,
    scalars.USER_ID.name: tuple("1" * size for size in _around(12)),
    scalars.RANGE_DESCRIPTION.name: _LENGTHS,
    scalars.PAIR_DESCRIPTION.name: _LENGTHS,
}
