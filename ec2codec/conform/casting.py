"""Groups of this server in the parts of those that a request names, and nothing else of it touched."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from ec2codec.scalars import is_group_name, is_resource_id

_ACCOUNT = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class Member:
    """A group that is there. owner: account, 12 digits; None where the server does not say."""

    group_id: str
    name: str
    owner: str | None = None


@dataclass(slots=True, kw_only=True)
class Casting:
    """Who plays whom in one request.

    Every well-formed id or name of a target becomes the target's, every one of a source that of a source:
    the same for the same text, others for others, so that what is repeated or distinct stays so. What is
    malformed stays: a label may be about it. Misspelt parameters are read as what they were meant to be,
    since a lax server may take them for that: no request shall reach a group that is not ours.

    source: gives the source of a number, from 0 on; None if there are no more.
    vpc: whether names of groups are those of VPCs only.
    """

    target: Member
    source: Callable[[int], Member | None]
    vpc: bool = False
    _sources: dict[str, Member | None] = field(default_factory=dict)
    _targets: set[str] = field(default_factory=set)

    def cast(self, query: str) -> str:
        """The request for these groups; its spelling is kept wherever nothing is put in."""
        pieces = query.split("&")
        # A source may be the target itself, before it or after.
        self._targets = {value for role, value in map(_decoded, pieces) if role in ("groupid", "groupname")}
        return "&".join(self._piece(piece) for piece in pieces)

    def _piece(self, piece: str) -> str:
        role, value = _decoded(piece)
        put = _ROLES.get(role)
        text = put(self, value) if put else None
        return piece if text is None else f"{piece.partition('=')[0]}={text}"

    def _part(self, text: str) -> Member | None:
        """The group for a source that is named so."""
        if text in self._targets:
            return self.target
        if text not in self._sources:
            self._sources[text] = self.source(len(self._sources))
        return self._sources[text]

    def _target_id(self, value: str) -> str | None:
        return self.target.group_id if is_resource_id(value, "sg") else None

    def _target_name(self, value: str) -> str | None:
        return self.target.name if is_group_name(value, vpc=self.vpc) else None

    def _source_id(self, value: str) -> str | None:
        found = self._part(value) if is_resource_id(value, "sg") else None
        return found.group_id if found else None

    def _source_name(self, value: str) -> str | None:
        found = self._part(value) if is_group_name(value, vpc=self.vpc) else None
        return found.name if found else None

    def _owner(self, value: str) -> str | None:
        return self.target.owner if _ACCOUNT.fullmatch(value) else None


def _decoded(piece: str) -> tuple[str, str]:
    """What a parameter is about, and its value."""
    name, _, value = piece.partition("=")
    return _role(unquote_plus(name)), unquote_plus(value)


def _role(name: str) -> str:
    """``"groupid"`` of the target, ``".groupid"`` of a source: the last word, however it is written."""
    words = [word for word in name.lower().split(".") if not word.isdigit()]
    return f".{words[-1]}" if len(words) > 1 else "".join(words)


_ROLES: dict[str, Callable[[Casting, str], str | None]] = {
    "groupid": Casting._target_id,
    "groupname": Casting._target_name,
    "sourcesecuritygroupname": Casting._source_name,
    "sourcesecuritygroupownerid": Casting._owner,
    ".groupid": Casting._source_id,
    ".groupname": Casting._source_name,
    ".userid": Casting._owner,
}
