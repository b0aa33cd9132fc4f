"""The grants in a faulty request that are meant all the same: what a lax server may act on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from ec2codec.codec import decode
from ec2codec.errors import DecodeError
from ec2codec.model import DEFAULT_VERSION
from ec2codec.policy import Profile
from ec2codec.schemas import SCHEMAS
from ec2codec.suggest import nearest
from ec2codec.trial import FLAT

if TYPE_CHECKING:
    from ec2codec.conform.case import Case
    from ec2codec.model import Request

# Permissions of one request that are looked at.
MAX_PERMISSIONS = 20
_LIST = "IpPermissions."


def healthy(case: Case) -> tuple[Request, ...]:
    """A request for every permission that could be taken alone; of a valid request, itself.

    The faulty parameter is left out where nothing can be made of the permission with it.
    """
    if case.request is not None:
        return (case.request,)
    pieces = [(unquote_plus(piece.partition("=")[0]), piece) for piece in case.query.split("&")]
    head = list(_head(case, pieces))
    bundles: dict[str, list[tuple[str, str]]] = {}
    for name, piece in pieces:
        if name.startswith(_LIST) or name in FLAT:
            bundles.setdefault(_bundle(name), []).append((name, piece))
    found = (_decoded(head, bundle, case.location) for bundle in list(bundles.values())[:MAX_PERMISSIONS])
    return tuple(request for request in found if request is not None)


def _head(case: Case, pieces: list[tuple[str, str]]) -> Iterator[str]:
    """Action, version and a target, as they are, or as they may have been meant."""
    values = {name: unquote_plus(piece.partition("=")[2]) for name, piece in pieces}
    yield f"Action={nearest(values.get('Action', ''), SCHEMAS) or 'RevokeSecurityGroupIngress'}"
    yield f"Version={DEFAULT_VERSION if case.rule == 'E402' else values.get('Version', DEFAULT_VERSION)}"
    yield "GroupId=sg-00000000"


def _bundle(name: str) -> str:
    """What the parameters of one permission share."""
    return name.split(".")[1] if name.startswith(_LIST) else ""


def _decoded(head: list[str], bundle: list[tuple[str, str]], location: str) -> Request | None:
    for pieces in (bundle, [(name, piece) for name, piece in bundle if not _is_at(name, location)]):
        try:
            return decode("&".join(head + [piece for _, piece in pieces]), profile=Profile.OBSERVED)
        except DecodeError:
            continue
    return None


def _is_at(name: str, location: str) -> bool:
    return name == location or name.startswith(f"{location}.")
