"""Faults of one source group: E312 to W316."""

from __future__ import annotations

from hypothesis.strategies import DrawFn, SearchStrategy

from ec2codec.policy import Platform, Policy
from ec2codec.scalars import GROUP_ID, GROUP_NAME, IPV6_VERSION, USER_ID
from ec2codec.strategies.faults.bases import Draft, flat, items, nested
from ec2codec.strategies.faults.drawing import pick
from ec2codec.strategies.faults.registry import Broken, breaking
from ec2codec.strategies.faults.scene import Scene
from ec2codec.strategies.faults.sources import Kind, permission
from ec2codec.strategies.scalars import values

# They are names everywhere: a VPC security group may have fewer characters in its own.
VPC_NAMES: SearchStrategy[str] = values(GROUP_NAME, Policy(Platform.VPC))


def _grouped(draw: DrawFn, scene: Scene, kind: Kind) -> tuple[Draft, str]:
    """A request, and one of the groups of a permission: ``"IpPermissions.1.Groups.2."``."""
    draft = nested(draw, scene, permission(scene, kind=kind))
    listing = f"{draft.prefix}Groups."
    return draft, f"{listing}{pick(draw, items(draft.params, listing))}."


@breaking("E312")
def unnamed_group(draw: DrawFn, scene: Scene) -> Broken:
    """A source group with neither id nor name, but an owner or a description."""
    draft, item = _grouped(draw, scene, "groups")
    for member in ("GroupId", "GroupName", "UserId", "Description", "VpcId", "VpcPeeringConnectionId"):
        draft.params.pop(item + member, None)
    later = ("Description",) if scene.since(IPV6_VERSION) else ()
    member = pick(draw, ("UserId", *later))
    draft.params[item + member] = draw(values(USER_ID, scene.policy))
    return Broken(draft.params, item.removesuffix("."))


@breaking("E313")
def group_named_twice(draw: DrawFn, scene: Scene) -> Broken:
    """A source group with id and name, as DescribeSecurityGroups answers it."""
    draft, item = _grouped(draw, scene, "groups")
    draft.params.setdefault(f"{item}GroupId", draw(values(GROUP_ID, scene.policy)))
    draft.params.setdefault(f"{item}GroupName", draw(VPC_NAMES))
    return Broken(draft.params, f"{item}GroupName")


@breaking("E314", when=lambda scene: scene.classic)
def group_without_owner(draw: DrawFn, scene: Scene) -> Broken:
    """A source group by name whose UserId is gone."""
    draft, item = _grouped(draw, scene, "owned")
    del draft.params[f"{item}UserId"]
    return Broken(draft.params, f"{item}UserId")


@breaking("E315", when=lambda scene: scene.vpc)
def group_by_name(draw: DrawFn, scene: Scene) -> Broken:
    """A source group by name, with its owner or without, where the id is asked for."""
    draft, item = _grouped(draw, scene, "known")
    del draft.params[f"{item}GroupId"]
    draft.params[f"{item}GroupName"] = draw(VPC_NAMES)
    return Broken(draft.params, f"{item}GroupName")


@breaking("E315", when=lambda scene: scene.vpc and scene.ingress)
def flat_group_by_name(draw: DrawFn, scene: Scene) -> Broken:
    """The source group of the flat form, which has no id."""
    draft = flat(draw, scene, permission(scene, kind="owned"))
    draft.params["SourceSecurityGroupName"] = draw(VPC_NAMES)
    return Broken(draft.params, "SourceSecurityGroupName")


@breaking("W316", when=lambda scene: scene.classic)
def group_by_id(draw: DrawFn, scene: Scene) -> Broken:
    """A source group by id on EC2-Classic."""
    draft, item = _grouped(draw, scene, "known")
    return Broken(draft.params, f"{item}GroupId")
