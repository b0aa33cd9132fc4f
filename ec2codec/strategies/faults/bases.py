"""What faults begin with: the parameters of requests that break no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

from hypothesis.strategies import DrawFn, SearchStrategy

from ec2codec.model import IpPermission, Request, UserIdGroupPair
from ec2codec.policy import Platform, Profile
from ec2codec.scalars import GROUP_ID, GROUP_NAME
from ec2codec.schemas import SCHEMAS, RequestSchema
from ec2codec.strategies.faults.drawing import FLIP, pick, within
from ec2codec.strategies.faults.scene import Scene
from ec2codec.strategies.faults.sources import likeness
from ec2codec.strategies.requests import requests
from ec2codec.strategies.scalars import values
from ec2codec.style import Style
from ec2codec.tree import format_pairs

Params = dict[str, str]
# What signs a request, and what says when; none of it is a credential.
SIGNED = {
    "AWSAccessKeyId": "EXAMPLE",
    "SignatureMethod": "HmacSHA256",
    "SignatureVersion": "2",
    "Timestamp": "2012-01-15T12:00:00Z",
    "Signature": "example/c2lnbmF0dXJl+",
}


class Draft(NamedTuple):
    """The parameters of a request, by name, and the one permission of it that a fault is about.

    prefix: ``"IpPermissions.2."``, or ``""`` for the flat form.
    """

    params: Params
    prefix: str

    @property
    def permission(self) -> str:
        """``"IpPermissions.2"``."""
        return self.prefix.removesuffix(".")

    @property
    def cidr(self) -> str:
        """Name of the permission's first IPv4 range."""
        listing = f"{self.prefix}IpRanges."
        return first_of(self.params, listing, ".CidrIp") if self.prefix else "CidrIp"

    def set(self, member: str, value: int | str | None) -> str:
        """Give a member of the permission a value, None: none; its name."""
        name = self.prefix + member
        if value is None:
            self.params.pop(name, None)
        else:
            self.params[name] = str(value)
        return name


def whole(draw: DrawFn, scene: Scene) -> Params:
    """A request of either form."""
    return spelt_out(draw, _request(draw, scene, None))


def nested(draw: DrawFn, scene: Scene, permission: SearchStrategy[IpPermission]) -> Draft:
    """A request of the nested form with a permission, which shares no source with its neighbours."""
    return beside(draw, scene, draw(permission))


def beside(draw: DrawFn, scene: Scene, *own: IpPermission) -> Draft:
    """The same with several permissions in their order; the draft is about the last of them."""
    request = _request(draw, scene, "nested")
    permissions = _apart(request.ip_permissions, own)
    position = -1
    for permission in own:
        position = draw(within(position + 1, len(permissions)))
        permissions.insert(position, permission)
    stride = _stride(draw)
    params = spelt_out(draw, replace(request, ip_permissions=tuple(permissions)), stride=stride)
    return Draft(params, f"IpPermissions.{(position + 1) * stride}.")


def flat(draw: DrawFn, scene: Scene, permission: SearchStrategy[IpPermission]) -> Draft:
    """A request of the flat form, with ports and first range of a permission, or else its first group."""
    own = draw(permission)
    group, ranges = (own.groups or (UserIdGroupPair(),))[0], own.ip_ranges
    drawn: Any = _request(draw, scene, "flat")
    request: Request = replace(
        drawn,
        ip_protocol=own.ip_protocol if ranges else None,
        from_port=own.from_port if ranges else None,
        to_port=own.to_port if ranges else None,
        cidr_ip=ranges[0].cidr_ip if ranges else None,
        source_security_group_name=group.group_name,
        source_security_group_owner_id=group.user_id,
    )
    return Draft(spelt_out(draw, request), "")


def either(draw: DrawFn, scene: Scene, permission: SearchStrategy[IpPermission]) -> Draft:
    """A request with a permission with IPv4 ranges alone, nested, or where there is one in the flat form."""
    return (flat if scene.ingress and draw(FLIP) else nested)(draw, scene, permission)


def spelt_out(draw: DrawFn, request: Request, *, stride: int | None = None) -> Params:
    """The parameters of a request by name; stride: what lists count by."""
    dumped = _schema(request.action).dump(request)
    params = dict(format_pairs(_counted(dumped, _stride(draw) if stride is None else stride)))
    if draw(within(0, 4)) == 4:
        params |= SIGNED
    return params


def _stride(draw: DrawFn) -> int:
    """What lists count by: gaps are no fault, and indexes may be large."""
    return pick(draw, (1, 1, 1, 1, 1, 1, 2, 99_999_999))


def _counted(node: Any, stride: int) -> Any:
    match node:
        case Mapping():
            return {name: _counted(child, stride) for name, child in node.items()}
        case list() if stride > 1:
            return {(n + 1) * stride: _counted(child, stride) for n, child in enumerate(node)}
        case _:
            return node


def names(params: Iterable[str], *, prefix: str = "", suffix: str = "") -> list[str]:
    """The names of parameters with this beginning and end."""
    return [name for name in params if name.startswith(prefix) and name.endswith(suffix)]


def first_of(params: Iterable[str], prefix: str, suffix: str) -> str:
    """The first of the names with this beginning and end; there must be one."""
    return names(params, prefix=prefix, suffix=suffix)[0]


def items(params: Iterable[str], listing: str) -> list[int]:
    """The indexes of a list, ``"IpPermissions.1.Groups."``, in ascending order."""
    inside = (name.removeprefix(listing) for name in params if name.startswith(listing))
    return sorted({int(rest.partition(".")[0]) for rest in inside})


def new_item(params: Iterable[str], listing: str) -> str:
    """``"IpPermissions.1.Groups.3."``, the item after the last of a list."""
    return f"{listing}{max(items(params, listing), default=0) + 1}."


def without(params: Params, *prefixes: str) -> Params:
    """The parameters whose names do not begin so."""
    return {name: value for name, value in params.items() if not name.startswith(prefixes)}


def unused(params: Params, candidates: Iterable[str]) -> str:
    """The first of some texts that no parameter has."""
    taken = set(params.values())
    return next(text for text in candidates if text not in taken)


def _request(draw: DrawFn, scene: Scene, style: Style | None) -> Request:
    """A request whose target is named as the scene has it."""
    profile = scene.profile or Profile.DOCUMENTED
    request: Any = draw(_requests(scene.action, scene.version, scene.where, profile, style))
    target: dict[str, Any] = {"group_id": None, "group_name": None} if scene.ingress else {"group_id": None}
    attribute, scalar = ("group_name", GROUP_NAME) if scene.named else ("group_id", GROUP_ID)
    target[attribute] = getattr(request, attribute) or draw(values(scalar, scene.policy))
    drawn: Request = replace(request, **target)
    return drawn


@cache
def _requests(
    action: str, version: str, where: Platform, profile: Profile, style: Style | None
) -> SearchStrategy[Request]:
    return requests(action, version, platform=where, profile=profile, style=style, max_permissions=2)


@cache
def _schema(action: str) -> RequestSchema:
    return SCHEMAS[action]()


def _apart(permissions: Iterable[IpPermission], own: Iterable[IpPermission]) -> list[IpPermission]:
    """*permissions* without the sources that those of *own* have, too; and without those left empty."""
    taken = {likeness(source) for permission in own for source in permission.sources}

    def rest(sources: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(source for source in sources if likeness(source) not in taken)

    kept = (
        replace(
            permission,
            groups=rest(permission.groups),
            ip_ranges=rest(permission.ip_ranges),
            ipv6_ranges=rest(permission.ipv6_ranges),
            prefix_list_ids=rest(permission.prefix_list_ids),
        )
        for permission in permissions
    )
    return [permission for permission in kept if permission.sources]
