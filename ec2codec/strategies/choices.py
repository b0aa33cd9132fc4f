"""What a tester chooses: the action, version, platform, profile and form of what is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hypothesis.errors import InvalidArgument

from ec2codec.model import (
    AuthorizeSecurityGroupEgress,
    AuthorizeSecurityGroupIngress,
    IngressRequest,
    Request,
    RevokeSecurityGroupEgress,
    RevokeSecurityGroupIngress,
)
from ec2codec.policy import Platform, Profile
from ec2codec.rules.header import is_known_version
from ec2codec.style import Style

ACTIONS: Mapping[str, type[Request]] = {
    kind.action: kind
    for kind in (
        RevokeSecurityGroupIngress,
        AuthorizeSecurityGroupIngress,
        RevokeSecurityGroupEgress,
        AuthorizeSecurityGroupEgress,
    )
}
# Each brought a parameter, or stands between two that did.
VERSIONS = (
    "2011-12-15",
    "2009-08-15",
    "2012-12-01",
    "2013-03-01",
    "2013-08-15",
    "2014-09-01",
    "2015-04-15",
    "2015-10-01",
    "2016-04-01",
    "2016-11-15",
)


class Choices(NamedTuple):
    """The choices under which requests are drawn; what is open stands in all its values."""

    kinds: tuple[type[Request], ...]
    versions: tuple[str, ...]
    platform: Platform
    profile: Profile | None
    style: Style | None


def chosen(
    action: str | None,
    version: str | None,
    platform: Platform | str,
    profile: Profile | str | None,
    style: Style | None,
) -> Choices:
    """The choices, checked.

    Raises: InvalidArgument for a value that is none, and for choices that no request can meet.
    """
    if action is not None and action not in ACTIONS:
        raise InvalidArgument(f"action: expected one of {', '.join(ACTIONS)}, got {action!r}")
    if version is not None and not is_known_version(version):
        raise InvalidArgument(f"version: expected a date up to 2016-11-15, got {version!r}")
    if style not in (None, "nested", "flat"):
        raise InvalidArgument(f"style: expected nested, flat or None, got {style!r}")
    where = Platform(platform)
    kinds = tuple(ACTIONS.values()) if action is None else (ACTIONS[action],)
    if style == "flat":
        kinds = tuple(kind for kind in kinds if issubclass(kind, IngressRequest))
    if where is Platform.CLASSIC:
        kinds = tuple(kind for kind in kinds if kind.direction == "ingress")
    if not kinds:
        raise InvalidArgument(f"{action} does not go together with platform={where} and style={style}")
    law = None if profile in (None, "none") else Profile(profile)
    return Choices(kinds, VERSIONS if version is None else (version,), where, law, style)
