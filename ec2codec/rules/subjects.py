"""What the rules see: small records that the runner fills and a rule's first parameter names."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

from ec2codec.model import IpPermission
from ec2codec.scalars import Scalar

# Limits of one request; over one of them the whole input is refused and nothing is cut (a proxy that cut
# at its own limit hid the rest: CVE-2026-39825). No figure of AWS's is known.
MAX_BYTES = 1_048_576  # 1,000 permissions with descriptions of 255 characters are some 430 kB
MAX_PARAMETERS = 10_000  # 1,000 permissions of 4 to 6; Go and Tomcat stop there too
MAX_VALUE = 16_384  # characters; session tokens are the longest values of good traffic

# Stands for the version of a member that no request has.
RESPONSE_ONLY = "responses"


class Limits(NamedTuple):
    """Bounds of one request, inclusive: bytes of text, parameters, characters of a decoded value."""

    max_bytes: int = MAX_BYTES
    max_parameters: int = MAX_PARAMETERS
    max_value: int = MAX_VALUE


class Measure(NamedTuple):
    """The size of an input beside its limits; unmeasured is 0."""

    limits: Limits
    size: int = 0
    parameters: int = 0
    longest: int = 0


Fault = Literal["escape", "utf-8", "character", "type"]


class Pair(NamedTuple):
    """One name and value as read. fault: why the text (the name's, if *name* is ``""``) is none."""

    name: str
    value: object
    fault: Fault | None = None


class Header(NamedTuple):
    """What says how the rest is read.

    action, version: as sent; None if missing. expected: the actions that may come.
    """

    action: str | None
    version: str | None
    expected: tuple[str, ...]
    assumed: str


Misfit = Literal["unknown", "index", "misplaced", "type"]


@dataclass(slots=True)
class Sent:
    """One parameter name of the input, however often it came.

    position: of its first pair in the input. times: how often it came.
    scalar: the type of its value; None where the name has no place.
    fault: why the value is no text.
    misfit: why the name has no place (no such parameter, no index where one belongs, a value where the shape
        has none or none where it has one), or the value none: it is no text.
    since: the version that brought the parameter, if that is newer than the request's.
    meant: the nearest name that has a place.
    path: the segments of the name as far as it has a place, indexes as int.
    """

    name: str
    value: object
    position: int
    fault: Fault | None = None
    times: int = 1
    scalar: Scalar | None = None
    may_be_empty: bool = False
    misfit: Misfit | None = None
    since: str | None = None
    meant: str | None = None
    path: tuple[str | int, ...] = ()


class Indexes(NamedTuple):
    """The indexes of one list: *seen* in any name, *held* by parameters that were not refused."""

    seen: frozenset[int]
    held: frozenset[int]


# Members of the permission that the flat form is, and the parameters that hold them.
FLAT_NAMES = {
    "IpProtocol": "IpProtocol",
    "FromPort": "FromPort",
    "ToPort": "ToPort",
    "IpRanges.1.CidrIp": "CidrIp",
    "Groups.1.GroupName": "SourceSecurityGroupName",
    "Groups.1.UserId": "SourceSecurityGroupOwnerId",
}
FLAT_CIDR_FORM = ("IpProtocol", "FromPort", "ToPort", "CidrIp")
FLAT_GROUP_FORM = ("SourceSecurityGroupName", "SourceSecurityGroupOwnerId")


# Where the rules draw lines between ports, and ICMP types and codes: whoever compares with another number
# adds it here (and the one after it, where the number itself matters), or leaves ``by_kind`` away.
MARKS = (-1, 0, 1, 256, 65535, 65536)


def kind_of(permission: IpPermission) -> tuple[object, ...]:
    """What rules marked ``by_kind`` may see of a permission, beside which members it and its groups have.

    The protocol, between which of `MARKS` each port lies, and whether they are in order. There are few kinds.
    """
    first, last = permission.from_port, permission.to_port
    if first is None or last is None:
        either = first if last is None else last
        return permission.ip_protocol, either is None or bisect(MARKS, either)
    return permission.ip_protocol, bisect(MARKS, first), bisect(MARKS, last), first <= last


class Placed(NamedTuple):
    """A permission, and where its members stand.

    prefix: ``"IpPermissions.2."``, or ``""`` for the flat form.
    indexes: wire indexes of its lists by wire name; those of a list not named count from 1.
    """

    permission: IpPermission
    prefix: str
    indexes: Mapping[str, tuple[int, ...]] = MappingProxyType({})

    @property
    def flat(self) -> bool:
        """Whether this is the flat form."""
        return not self.prefix

    def name(self, member: str) -> str:
        """Parameter name of a member; of the permission itself, if that is ``""``."""
        if self.flat:
            return FLAT_NAMES[member]
        return self.prefix + member if member else self.prefix[:-1]

    def item(self, listing: str, position: int) -> str:
        """``"Groups.3"`` for the item at *position*, from 0, of a list."""
        indexes = self.indexes.get(listing)
        return f"{listing}.{indexes[position] if indexes else position + 1}"


class Submission(NamedTuple):
    """A request as the rules of floor 4xx see it: what of it was not refused.

    values: top-level parameters by name; a list, if anything in it was not refused.
    sent: top-level names that came, refused or only meant too: what stands there is not missing.
    permissions: those of which nothing was refused, the flat form last.
    auth: names of authentication parameters.
    unnamed: names of source groups that E312 or E313 refused.
    """

    action: str
    version: str
    direction: str
    values: Mapping[str | int, object]
    sent: frozenset[str]
    permissions: tuple[Placed, ...]
    auth: frozenset[str] = frozenset()
    unnamed: frozenset[str] = frozenset()


class Document(NamedTuple):
    """An XML document as the rules see it.

    fault: why it is none; nothing else is known then.
    root, namespace: of the root element. version: the API version that the namespace names.
    roots: names of the root elements that may come.
    members: names of the elements that a response with this root has; empty if root or namespace is none.
    returned: whether it has a `return`, of the root. coded: whether an Error of it has a Code.
    oddities: location and description of what would lose its meaning.
    action, request_version: of the request that it answers, where they are known.
    """

    fault: str | None
    root: str
    namespace: str
    version: str | None
    roots: tuple[str, ...]
    members: frozenset[str]
    returned: bool
    coded: bool
    oddities: tuple[tuple[str, str], ...]
    action: str | None
    request_version: str | None
