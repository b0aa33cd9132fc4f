"""What several commands share."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from ec2codec import RULES, Codec, Platform, Profile
from ec2codec.errors import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ec2codec import Rule

NO_PROFILE = "none"
# Of what can be asked for by number.
MOST = 10**9


def judging(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--platform`` and ``--profile`` to a command, which gets the codec for them."""

    @wraps(command)
    def with_codec(*, platform: str, profile: str, **options: Any) -> None:
        command(codec=Codec(platform=platform, profile=None if profile == NO_PROFILE else profile), **options)

    judged: Callable[..., None] = with_codec
    for option in reversed(_JUDGING):
        judged = option(judged)
    return judged


def find_rule(text: str) -> Rule:
    """The rule of that id or name.

    Raises: click.BadParameter with what may have been meant.
    """
    by_name = {rule.name: rule for rule in RULES.values()}
    known = {**RULES, **by_name}
    rule = known.get(text) or known.get(text.upper()) or known.get(text.lower())
    if rule is None:
        near = _nearest(text.lower(), by_name) or _nearest(text.upper(), RULES)
        meant = f"; did you mean {' or '.join(near)}?" if near else "; `ec2codec rules` lists all"
        raise click.BadParameter(f"no rule {quoted(text)!r}{meant}")
    return rule


def _nearest(text: str, candidates: Iterable[str]) -> list[str]:
    # The cost grows with the square of the length.
    return difflib.get_close_matches(text[:80], candidates)


_JUDGING = (
    click.option(
        "--platform",
        type=click.Choice([str(platform) for platform in Platform]),
        default=str(Platform.ANY),
        show_default=True,
        help="Where the security groups live.",
    ),
    click.option(
        "--profile",
        type=click.Choice([*(str(profile) for profile in Profile), NO_PROFILE]),
        default=str(Profile.DOCUMENTED),
        show_default=True,
        help="Whose law is judged: the API reference's, what the service was seen to accept, or almost none.",
    ),
)
