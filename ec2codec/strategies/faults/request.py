"""Faults of the request as a whole: E401 to E406, E410 to W415."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ec2codec.model import DEFAULT_VERSION
from ec2codec.rules.subjects import FLAT_NAMES
from ec2codec.strategies.faults import texts
from ec2codec.strategies.faults.bases import Params, first_of, flat, names, nested, whole, without
from ec2codec.strategies.faults.drawing import FLIP, pick
from ec2codec.strategies.faults.group import VPC_NAMES
from ec2codec.strategies.faults.registry import Broken, Parameter, breaking
from ec2codec.strategies.faults.scene import Scene
from ec2codec.strategies.faults.sources import permission


@breaking("E401")
def without_action(draw: DrawFn, scene: Scene) -> Broken:
    """No Action at all."""
    return Broken(_without(whole(draw, scene), "Action"), "Action", "MissingAction")


@breaking("E401")
def unknown_action(draw: DrawFn, scene: Scene) -> Broken:
    """An Action that is none of the four; without a profile, the empty text is another."""
    empty = () if scene.judged else ("",)
    action = pick(draw, texts.ACTIONS + empty)
    return Broken(whole(draw, scene) | {"Action": action}, "Action", "InvalidAction")


@breaking("E402")
def unknown_version(draw: DrawFn, scene: Scene) -> Broken:
    """A Version that is no date, or one that is too late; without a profile, the empty text is another."""
    empty = () if scene.judged else ("",)
    version = pick(draw, texts.VERSIONS + empty)
    return Broken(whole(draw, scene) | {"Version": version}, "Version")


@breaking("E403")
def without_target(draw: DrawFn, scene: Scene) -> Broken:
    """Neither GroupId nor GroupName."""
    return Broken(_without(whole(draw, scene), "GroupId", "GroupName"), "GroupId")


@breaking("E404", when=lambda scene: scene.ingress)
def target_named_twice(draw: DrawFn, scene: Scene) -> Broken:
    """GroupId and GroupName."""
    params = whole(draw, scene)
    params.setdefault("GroupId", "sg-1a2b3c4d")
    params.setdefault("GroupName", draw(VPC_NAMES))
    return Broken(params, "GroupName")


@breaking("E405", when=lambda scene: scene.ingress and scene.vpc)
def target_by_name(draw: DrawFn, scene: Scene) -> Broken:
    """GroupName where a VPC wants GroupId."""
    params = _without(whole(draw, scene), "GroupId")
    return Broken(params | {"GroupName": draw(VPC_NAMES)}, "GroupName")


@breaking("E406")
def without_permission(draw: DrawFn, scene: Scene) -> Broken:
    """A request that permits nothing, in either form, and names no rule."""
    rest = without(whole(draw, scene), "IpPermissions.", "SecurityGroupRuleId.")
    return Broken(_without(rest, *FLAT_NAMES.values()), "IpPermissions")


@breaking("W411", when=lambda scene: scene.ingress)
def old_user_id(draw: DrawFn, scene: Scene) -> Broken:
    """The deprecated UserId of the request."""
    user_id = pick(draw, ("123456789012", "EXAMPLE", "1234-5678-9012", "w\u00e9b"))
    return Broken(whole(draw, scene) | {"UserId": user_id}, "UserId")


@breaking("W412", when=lambda scene: scene.named)
def target_name_like_an_id(draw: DrawFn, scene: Scene) -> Broken:
    """A GroupName that begins as ids do."""
    return Broken(whole(draw, scene) | {"GroupName": draw(LIKE_AN_ID)}, "GroupName")


@breaking("W412", when=lambda scene: scene.ingress and not scene.vpc)
def flat_name_like_an_id(draw: DrawFn, scene: Scene) -> Broken:
    """The same of the flat form's source group."""
    draft = flat(draw, scene, permission(scene, kind="owned"))
    return Broken(draft.params, draft.set("SourceSecurityGroupName", draw(LIKE_AN_ID)))


@breaking("W412", when=lambda scene: not scene.vpc)
def source_name_like_an_id(draw: DrawFn, scene: Scene) -> Broken:
    """The same of a source group."""
    draft = nested(draw, scene, permission(scene, kind="owned"))
    name = first_of(draft.params, f"{draft.prefix}Groups.", ".GroupName")
    # A letter case of its own for each: no other group may become its equal.
    others = {draft.params[other] for other in names(draft.params, suffix=".GroupName") if other != name}
    draft.params[name] = draw(LIKE_AN_ID.filter(lambda text: text not in others))
    return Broken(draft.params, name)


LIKE_AN_ID = st.sampled_from(("sg-1a2b3c4d", "sg-0123456789abcdef0", "sg-", "sg-web", "sg-1A2B3C4D"))


@breaking("E413")
def timestamp_and_expires(draw: DrawFn, scene: Scene) -> Broken:
    """Both of the times that a signature may hold."""
    times = {"Timestamp": "2012-01-15T12:00:00Z", "Expires": "2012-01-15T12:05:00Z"}
    return Broken(whole(draw, scene) | times, "Expires")


@breaking("W414", when=lambda scene: scene.version <= DEFAULT_VERSION)
def assumed_version(draw: DrawFn, scene: Scene) -> Broken:
    """No Version, or one older than the oldest that is known."""
    params = whole(draw, scene)
    old = pick(draw, ("2011-12-14", "2009-08-15", "2006-06-26", "0001-01-01"))
    if scene.version < DEFAULT_VERSION:
        return Broken(params, "Version")
    return Broken(_without(params, "Version") if draw(FLIP) else params | {"Version": old}, "Version")


@breaking("W415")
def placeholder(draw: DrawFn, scene: Scene) -> Broken:
    """AUTHPARAMS, as the API reference prints it in place of a signature."""
    parameters: list[Parameter] = [*whole(draw, scene).items(), ("AUTHPARAMS", pick(draw, (None, "")))]
    return Broken(parameters, "AUTHPARAMS")


def _without(params: Params, *gone: str) -> Params:
    return {name: value for name, value in params.items() if name not in gone}
