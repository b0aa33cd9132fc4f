"""moto under judgement: its four handlers refuse what EC2 would. moto is imported only by `install`.

moto takes unknown parameters, reversed ports and gaps between indexes, and stores something else or nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from ec2codec.codec import Codec
from ec2codec.errors import DecodeError
from ec2codec.names import snake_case
from ec2codec.policy import Platform, Profile
from ec2codec.schemas import SCHEMAS


class Installation:
    """What `install` gives; as a context manager it uninstalls at the end."""

    def __init__(self, undo: list[Callable[[], None]]) -> None:
        self._undo = undo

    def uninstall(self) -> None:
        """Give moto its own handlers back. Twice is as good as once."""
        while self._undo:
            self._undo.pop()()

    def __enter__(self) -> Installation:
        return self

    def __exit__(self, *_: object) -> None:
        self.uninstall()


def install(
    *, platform: Platform | str = Platform.ANY, profile: Profile | str | None = Profile.DOCUMENTED
) -> Installation:
    """Have moto judge the four requests first, in this process, under ``mock_aws`` and in its server.

    What EC2 would refuse is refused by moto's own error, so that the answer is as moto writes it.
    platform, profile: as for `ec2codec.Codec`.
    """
    from moto.ec2.responses.security_groups import SecurityGroups

    codec = Codec(platform=platform, profile=profile)
    undo: list[Callable[[], None]] = []
    for action in SCHEMAS:
        name = snake_case(action)
        handler = getattr(SecurityGroups, name)
        setattr(SecurityGroups, name, _judged(handler, codec))
        undo.append(lambda name=name, handler=handler: setattr(SecurityGroups, name, handler))  # type: ignore[misc]
    return Installation(undo)


def _judged(handler: Callable[[Any], Any], codec: Codec) -> Callable[[Any], Any]:
    """A handler that judges what came, as it came, before it does anything."""
    from moto.ec2.exceptions import EC2ClientError

    @wraps(handler)
    def judged(self: Any) -> Any:
        pairs = [(name, value) for name, values in self.querystring.items() for value in values]
        try:
            codec.decode(pairs)
        except DecodeError as error:
            refusal = error.to_response()
            raise EC2ClientError(refusal.code, refusal.message) from None
        return handler(self)

    return judged
