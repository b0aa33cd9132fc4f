"""Faults of names and indexes: E101 to E104, and the gap of W105."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from hypothesis.strategies import DrawFn

from ec2codec.names import AUTH_PARAMETERS
from ec2codec.rules.subjects import FLAT_NAMES, RESPONSE_ONLY
from ec2codec.scalars import IPV6_VERSION
from ec2codec.schemas import SCHEMAS
from ec2codec.shape import Listing, Structure, read
from ec2codec.strategies.faults import texts
from ec2codec.strategies.faults.bases import Params, items, nested, whole
from ec2codec.strategies.faults.drawing import FLIP, pick, within
from ec2codec.strategies.faults.registry import Broken, breaking
from ec2codec.strategies.faults.scene import Scene
from ec2codec.strategies.faults.sources import permission

# What SDKs, other protocols and other actions call things, and what only looks like a parameter; "{n}" is a
# permission that is there.
STRANGE_NAMES = (
    *("Bogus", "Item.1.IpProtocol", "SecurityGroupRuleIds.1"),
    *("TagSpecifications.1.ResourceType", "Filter.1.Name"),
    *("", "\ufeffGroupId", "GroupId ", "?GroupId", "Signature.1", "AUTHPARAMS.1", "authparams"),
    *("return", "SourceCidr"),
    *("IpPermissions.member.1.IpProtocol", "IpPermissionsX1.IpProtocol", "ippermissions.1.ipprotocol"),
    *("a.b.c.d.e.f.g.h.i", "IpPermissions.{n}.Bogus", "IpPermissions.{n}.UserIdGroupPairs.1.GroupId"),
    *("IpPermissions.{n}.IpRanges.1.Bogus"),
    *("IpPermissions.{n}.IpRanges.member.1.CidrIp", "IpPermissions.{n}."),
    *("IpPermissions.{n}.CidrIp"),
    *("IpPermissions.{n}.Groups.1.OwnerId", "IpPermissions.{n}.Groups.1.PeeringStatus"),
    "IpPermissions.{n}.SourceSecurityGroupName",
)


@breaking("E101")
def strange_name(draw: DrawFn, scene: Scene) -> Broken:
    """A parameter beside the others that no action has."""
    params = whole(draw, scene)
    indexes = items(params, "IpPermissions.") or [1]
    template = pick(draw, STRANGE_NAMES)
    name = template.replace("{n}", str(pick(draw, indexes)))
    params[name] = pick(draw, ("1", "tcp", "sg-2a2b3c4d", "10.0.0.0/8"))
    return Broken(params, name)


@breaking("E101")
def misspelt_name(draw: DrawFn, scene: Scene) -> Broken:
    """A parameter whose own name is misspelt: another case, a letter less, a letter twice."""
    params = whole(draw, scene)
    name = pick(draw, [name for name in params if _may_be_misspelt(name)])
    beginning, dot, last = name.rpartition(".")
    position = draw(within(0, len(last) - 1))
    wrong = pick(draw, _misspellings(last, position))
    return Broken(_renamed(params, name, beginning + dot + wrong), beginning + dot + wrong)


def _may_be_misspelt(name: str) -> bool:
    """Whether the request stays what it is: no header, none of a list of plain texts, no signature."""
    header = name in ("Action", "Version") or name in AUTH_PARAMETERS
    return not header and not name.startswith("SecurityGroupRuleId.")


def _misspellings(word: str, position: int) -> tuple[str, ...]:
    letter = word[position]
    doubled = word[: position + 1] + word[position:]
    shorter = word[:position] + word[position + 1 :]
    cased = word[:position] + letter.swapcase() + word[position + 1 :]
    return word.lower(), word.upper(), cased, doubled, shorter


def _renamed(params: Params, old: str, new: str) -> Params:
    return {new if name == old else name: value for name, value in params.items()}


def _is_older(scene: Scene) -> bool:
    return not scene.since(IPV6_VERSION)


@breaking("E101", when=_is_older)
def too_new_name(draw: DrawFn, scene: Scene) -> Broken:
    """A parameter that a later version brought."""
    params = whole(draw, scene)
    later = [name for name, since in _versioned(scene.action) if since > scene.binding]
    name = pick(draw, later)
    params[name] = pick(draw, ("true", "sg-2a2b3c4d", "10.0.0.0/8"))
    return Broken(params, name)


@cache
def _versioned(action: str) -> tuple[tuple[str, str], ...]:
    """Every parameter of an action, indexes as 1, and the version that brought it."""
    found = _versions(read(SCHEMAS[action]()), "", "")
    return tuple((name, since) for name, since in found if since < RESPONSE_ONLY)


def _versions(structure: Structure, prefix: str, since: str) -> Iterator[tuple[str, str]]:
    for name, child in structure.members.items():
        brought = max(since, child.since)
        if not isinstance(child, Listing):
            yield prefix + name, brought
        elif isinstance(child.item, Structure):
            yield from _versions(child.item, f"{prefix}{name}.1.", brought)
        else:
            yield f"{prefix}{name}.1", brought


@breaking("E101", when=lambda scene: not scene.ingress)
def ingress_name_on_egress(draw: DrawFn, scene: Scene) -> Broken:
    """What only ingress actions have: the group's name, the flat form, the old UserId."""
    params = whole(draw, scene)
    name = pick(draw, ("GroupName", "UserId", *FLAT_NAMES.values()))
    params[name] = pick(draw, ("websrv", "80", "10.0.0.0/8"))
    return Broken(params, name)


@breaking("E101", when=lambda scene: scene.since(IPV6_VERSION))
def name_of_the_other_action(draw: DrawFn, scene: Scene) -> Broken:
    """What only revoking has, on authorizing; and the other way round."""
    params = whole(draw, scene)
    other = ("TagSpecification.1.ResourceType", "TagSpecification.1.Tag.1.Key")
    name = pick(draw, other if scene.revoke else ("SecurityGroupRuleId.1",))
    params[name] = pick(draw, ("sgr-1a2b3c4d", "security-group-rule"))
    return Broken(params, name)


@breaking("E102")
def strange_index_of_a_permission(draw: DrawFn, scene: Scene) -> Broken:
    """A parameter beside the others whose permission is counted so as none is, or not at all."""
    params = whole(draw, scene)
    index = pick(draw, ("", *(f"{text}." for text in texts.INDEXES)))
    name = f"IpPermissions.{index}{pick(draw, ('IpProtocol', 'FromPort', 'IpRanges.1.CidrIp'))}"
    params[name] = pick(draw, ("tcp", "80", "10.0.0.0/8"))
    return Broken(params, name)


@breaking("E102")
def strange_index_of_a_source(draw: DrawFn, scene: Scene) -> Broken:
    """A source of a permission whose index is none; or it has none."""
    draft = nested(draw, scene, permission(scene))
    inside = [name for name in draft.params if name.startswith(draft.prefix) and name.count(".") == 4]
    name = pick(draw, inside)
    *beginning, _, member = name.split(".")
    index = pick(draw, (None, *texts.INDEXES))
    wrong = ".".join((*beginning, *(() if index is None else (index,)), member))
    return Broken(_renamed(draft.params, name, wrong), wrong)


@breaking("E102", when=lambda scene: scene.since(IPV6_VERSION))
def strange_index_of_a_later_list(draw: DrawFn, scene: Scene) -> Broken:
    """The id of a rule, or a tag, whose index is none."""
    params = whole(draw, scene)
    index = pick(draw, texts.INDEXES)
    revoking = (f"SecurityGroupRuleId.{index}", "sgr-1a2b3c4d")
    name, value = revoking if scene.revoke else (f"TagSpecification.{index}.ResourceType", "x")
    params[name] = value
    return Broken(params, name)


@breaking("E103")
def repeated_name(draw: DrawFn, scene: Scene) -> Broken:
    """A name twice or three times, with the same value or another."""
    params = whole(draw, scene)
    # Without the Version in force, the newest is: only there it makes no difference.
    name = pick(draw, [n for n in params if n != "Version" or scene.version == IPV6_VERSION])
    again = [pick(draw, (params[name], "80", "")) for _ in range(draw(within(1, 2)))]
    return Broken([*params.items(), *((name, value) for value in again)], name)


@breaking("E104")
def value_of_a_list(draw: DrawFn, scene: Scene) -> Broken:
    """A value where a list, an item or a structure stands: SDKs wrote empty lists so."""
    draft = nested(draw, scene, permission(scene))
    later = ("SecurityGroupRuleId",) if scene.revoke else ("TagSpecification", "TagSpecification.1")
    inside = ("Groups", "IpRanges", "IpRanges.1", "Groups.2")
    outside: tuple[str, ...] = ("IpPermissions", draft.permission, "IpPermissions.2147483647")
    outside += later if scene.since(IPV6_VERSION) else ()
    name = pick(draw, (*outside, *(draft.prefix + member for member in inside)))
    draft.params[name] = pick(draw, ("", "10.0.0.0/8", "sg-2a2b3c4d"))
    return Broken(draft.params, name)


@breaking("E104")
def item_without_leaf(draw: DrawFn, scene: Scene) -> Broken:
    """A source without its last segment: ``IpRanges.1``, as an SDK sent it."""
    draft = nested(draw, scene, permission(scene))
    inside = [name for name in draft.params if name.startswith(draft.prefix) and name.count(".") == 4]
    name = pick(draw, inside)
    wrong = name.rpartition(".")[0]
    return Broken(_renamed(draft.params, name, wrong), wrong)


@breaking("E104")
def leaf_of_a_scalar(draw: DrawFn, scene: Scene) -> Broken:
    """A segment more than a scalar has, in place of it or beside it."""
    params = whole(draw, scene)
    scalars = [name for name in params if name not in AUTH_PARAMETERS]
    name = pick(draw, scalars)
    wrong = f"{name}.{pick(draw, ('1', '0', '', 'member', 'Value', '1.Name'))}"
    if name in ("Action", "Version") or draw(FLIP):
        params[wrong] = params[name]
        return Broken(params, wrong)
    return Broken(_renamed(params, name, wrong), wrong)


@breaking("W105")
def gap(draw: DrawFn, scene: Scene) -> Broken:
    """One number left out in one list."""
    draft = nested(draw, scene, permission(scene))
    listings = sorted({listing for name in draft.params for listing in _listings(name)})
    listing = pick(draw, listings)
    indexes = items(draft.params, listing)
    after = pick(draw, indexes)
    step = pick(draw, (1, 2, 1000))
    moved = {
        (_moved(name, listing, step) if _index(name, listing) >= after else name): value
        for name, value in draft.params.items()
    }
    return Broken(moved, f"{listing}{after + step}")


def _listings(name: str) -> Iterator[str]:
    """The lists that a name runs through: ``"IpPermissions."``, ``"IpPermissions.1.Groups."``."""
    segments = name.split(".")
    for depth, segment in enumerate(segments):
        if segment.isdecimal():
            yield ".".join(segments[:depth]) + "."


def _index(name: str, listing: str) -> int:
    """The index of a name in a list; 0 for one outside it."""
    return int(name.removeprefix(listing).partition(".")[0]) if name.startswith(listing) else 0


def _moved(name: str, listing: str, step: int) -> str:
    index, dot, rest = name.removeprefix(listing).partition(".")
    return f"{listing}{int(index) + step}{dot}{rest}"
