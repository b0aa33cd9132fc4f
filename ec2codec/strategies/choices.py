"""What a tester chooses: the action, version, platform, profile and form of what is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from ec2codec.model import DEFAULT_VERSION, Request
from ec2codec.policy import DEFAULT_VPC_VERSION, Platform, Profile
from ec2codec.rules.header import is_known_version
from ec2codec.rules.subjects import RESPONSE_ONLY
from ec2codec.scalars import IPV6_VERSION
from ec2codec.shape import Listing, Structure
from ec2codec.strategies.structures import ACTIONS, request_shape
from ec2codec.style import Style

# None brought a parameter: what stands between versions that did.
_BETWEEN = ("2009-08-15", "2012-12-01", "2014-09-01", "2016-04-01")


def _brought_by(structure: Structure) -> Iterator[str]:
    """The version of every member."""
    for child in structure.members.values():
        yield child.since
        if isinstance(child, Listing) and isinstance(child.item, Structure):
            yield from _brought_by(child.item)


@cache
def versions() -> tuple[str, ...]:
    """Each version that brought a parameter or a rule, and some between, 2011-12-15 first."""
    brought = {since for action in ACTIONS for since in _brought_by(request_shape(action))}
    others = {*brought, *_BETWEEN, DEFAULT_VPC_VERSION} - {DEFAULT_VERSION, RESPONSE_ONLY}
    return (DEFAULT_VERSION, *sorted(others))


class Choices(NamedTuple):
    """The choices under which requests are drawn: strategies of what is open."""

    kinds: st.SearchStrategy[type[Request]]
    versions: st.SearchStrategy[str]
    platform: Platform
    profile: Profile | None
    style: Style | None
    max_permissions: int


def chosen(
    action: str | None,
    version: str | None,
    platform: Platform | str,
    profile: Profile | str | None,
    style: Style | None,
    max_permissions: int,
) -> Choices:
    """The choices, checked.

    Raises: InvalidArgument for a value that is none, and for choices that no request can meet.
    """
    law = checked(action, version, profile, tuple(ACTIONS))
    expect("platform", platform, tuple(map(str, Platform)))
    expect("style", style, (None, "nested", "flat"))
    expect_count("max_permissions", max_permissions)
    where = Platform(platform)
    kinds = [kind for name, kind in ACTIONS.items() if action in (None, name)]
    # Egress rules exist in VPCs only, and have no flat form.
    if where is Platform.CLASSIC or style == "flat":
        kinds = [kind for kind in kinds if kind.direction == "ingress"]
    if not kinds:
        other = f"platform={where}" if where is Platform.CLASSIC else f"style={style}"
        raise InvalidArgument(f"action={action} does not go together with {other}: that has ingress only")
    return Choices(
        st.sampled_from(kinds),
        st.sampled_from(versions()) if version is None else st.just(version),
        where,
        law,
        style,
        max_permissions,
    )


def checked(
    action: str | None, version: str | None, profile: Profile | str | None, actions: tuple[str, ...]
) -> Profile | None:
    """The profile, and whether it, one of *actions* and a version are meant.

    Raises: InvalidArgument for a value that is none.
    """
    expect("action", action, (None, *actions))
    expect("profile", profile, (None, *map(str, Profile)))
    if version is not None and not (isinstance(version, str) and is_known_version(version)):
        raise InvalidArgument(f"version: expected a date up to {IPV6_VERSION}, got {version!r}")
    return None if profile is None else Profile(profile)


def expect(name: str, value: object, known: tuple[object, ...]) -> None:
    """An argument is one of the values that are known.

    Raises: InvalidArgument.
    """
    if value not in known:
        expected = ", ".join("None" if each is None else str(each) for each in known)
        raise InvalidArgument(f"{name}: expected one of {expected}, got {value!r}")


def expect_count(name: str, value: object) -> None:
    """An argument is an integer from 1 on.

    Raises: InvalidArgument.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InvalidArgument(f"{name}: expected an integer from 1 on, got {value!r}")
