"""Faults of the flat form: E407 to E409."""

from __future__ import annotations

from hypothesis.strategies import DrawFn

from ec2codec.rules.subjects import FLAT_CIDR_FORM, FLAT_GROUP_FORM
from ec2codec.strategies.faults.bases import Params, flat, nested, unused
from ec2codec.strategies.faults.drawing import some
from ec2codec.strategies.faults.registry import Broken, breaking
from ec2codec.strategies.faults.scene import Scene
from ec2codec.strategies.faults.sources import PORTED, SPARE_RANGES, permission


def _is_flat(scene: Scene) -> bool:
    return scene.ingress


def _is_flat_by_name(scene: Scene) -> bool:
    """Whether the flat form may name a source group: a VPC wants its id, which the form does not have."""
    return scene.ingress and not scene.vpc


def _kept(params: Params, form: tuple[str, ...], kept: list[str]) -> Params:
    return {name: value for name, value in params.items() if name in kept or name not in form}


@breaking("E407", when=_is_flat)
def mixed_with_a_range(draw: DrawFn, scene: Scene) -> Broken:
    """Parts of the flat CIDR form beside permissions."""
    draft = nested(draw, scene, permission(scene))
    ports = draw(PORTED)
    spare = unused(draft.params, SPARE_RANGES)
    values = dict(zip(FLAT_CIDR_FORM, (*map(str, ports.values()), spare), strict=True))
    added = some(draw, FLAT_CIDR_FORM)
    return Broken(draft.params | {name: values[name] for name in added}, added[0])


@breaking("E407", when=_is_flat_by_name)
def mixed_with_a_group(draw: DrawFn, scene: Scene) -> Broken:
    """The flat group form, or one half of it, beside permissions."""
    draft = nested(draw, scene, permission(scene))
    values = dict(zip(FLAT_GROUP_FORM, ("websrv", "123456789012"), strict=True))
    added = some(draw, FLAT_GROUP_FORM)
    return Broken(draft.params | {name: values[name] for name in added}, added[0])


@breaking("E408", when=_is_flat)
def incomplete_cidr_form(draw: DrawFn, scene: Scene) -> Broken:
    """The flat CIDR form of a protocol that has ports, without some of its four."""
    draft = flat(draw, scene, permission(scene, ports=PORTED, kind="ip_ranges"))
    gone = some(draw, FLAT_CIDR_FORM, most=3)
    kept = [name for name in FLAT_CIDR_FORM if name not in gone]
    # Without a protocol, no one knows whether ports are missing.
    needed = FLAT_CIDR_FORM if "IpProtocol" in kept else ("IpProtocol", "CidrIp")
    missing = [name for name in needed if name in gone]
    return Broken(_kept(draft.params, FLAT_CIDR_FORM, kept), missing[0])


@breaking("E408", when=_is_flat)
def cidr_form_without_range(draw: DrawFn, scene: Scene) -> Broken:
    """The flat CIDR form of any protocol without its range."""
    draft = flat(draw, scene, permission(scene, kind="ip_ranges"))
    return Broken(draft.params, draft.set("CidrIp", None))


@breaking("E408", when=_is_flat_by_name)
def group_form_without_owner(draw: DrawFn, scene: Scene) -> Broken:
    """SourceSecurityGroupName alone."""
    draft = flat(draw, scene, permission(scene, kind="owned"))
    return Broken(draft.params, draft.set("SourceSecurityGroupOwnerId", None))


@breaking("E408", when=_is_flat, observed=True)
def group_form_without_name(draw: DrawFn, scene: Scene) -> Broken:
    """SourceSecurityGroupOwnerId alone, which the service refuses, too."""
    draft = flat(draw, scene, permission(scene, kind="owned"))
    return Broken(draft.params, draft.set("SourceSecurityGroupName", None))


@breaking("E409", when=_is_flat)
def range_with_owner(draw: DrawFn, scene: Scene) -> Broken:
    """Parts of the flat CIDR form, and the owner of a source group."""
    return _mixed(draw, scene, ["SourceSecurityGroupOwnerId"])


@breaking("E409", when=_is_flat_by_name)
def range_with_group(draw: DrawFn, scene: Scene) -> Broken:
    """Parts of the flat CIDR form, and those of the group form."""
    return _mixed(draw, scene, some(draw, FLAT_GROUP_FORM))


def _mixed(draw: DrawFn, scene: Scene, added: list[str]) -> Broken:
    draft = flat(draw, scene, permission(scene, ports=PORTED, kind="ip_ranges"))
    rest = _kept(draft.params, FLAT_CIDR_FORM, some(draw, FLAT_CIDR_FORM))
    values = dict(zip(FLAT_GROUP_FORM, ("websrv", "123456789012"), strict=True))
    return Broken(rest | {name: values[name] for name in added}, "SourceSecurityGroupName")
