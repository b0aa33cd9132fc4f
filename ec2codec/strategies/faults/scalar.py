"""Faults of the text of one value: E201 to E211, and the host bits of W207."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

from hypothesis import assume
from hypothesis.strategies import DrawFn

from ec2codec.scalars import IPV6_VERSION
from ec2codec.strategies.faults import texts
from ec2codec.strategies.faults.bases import Draft, either, first_of, flat, names, nested, new_item, whole
from ec2codec.strategies.faults.drawing import pick, within
from ec2codec.strategies.faults.registry import Broken, breaking
from ec2codec.strategies.faults.scene import Scene
from ec2codec.strategies.faults.sources import (
    PEERING_VERSION,
    PREFIX_LIST_VERSION,
    Kind,
    permission,
)
from ec2codec.strategies.faults.wire import DRY_RUN_VERSION


def _ranged(draw: DrawFn, scene: Scene) -> Draft:
    return either(draw, scene, permission(scene, kind="ip_ranges"))


def _broken(draw: DrawFn, draft: Draft, name: str, malformed: tuple[str, ...]) -> Broken:
    draft.params[name] = pick(draw, malformed)
    return Broken(draft.params, name)


@breaking("E201")
def malformed_port(draw: DrawFn, scene: Scene) -> Broken:
    """A port that is no integer, in either form."""
    draft = _ranged(draw, scene)
    name = draft.prefix + pick(draw, ("FromPort", "ToPort"))
    return _broken(draw, draft, name, texts.INTEGERS)


@breaking("E202")
def unknown_protocol(draw: DrawFn, scene: Scene) -> Broken:
    """A protocol that is none, in this version."""
    draft = _ranged(draw, scene)
    malformed = texts.PROTOCOLS + (texts.FOLDED_PROTOCOLS if scene.documented else ())
    malformed += () if scene.since(IPV6_VERSION) else ("icmpv6",)
    return _broken(draw, draft, f"{draft.prefix}IpProtocol", malformed)


@breaking("E203")
def malformed_range(draw: DrawFn, scene: Scene) -> Broken:
    """An IPv4 range that is none, in either form."""
    draft = _ranged(draw, scene)
    return _broken(draw, draft, draft.cidr, texts.CIDRS)


def _ids(prefix: str) -> tuple[str, ...]:
    return tuple(text.replace("{}", prefix) for text in texts.IDS)


@breaking("E204", when=lambda scene: not scene.named)
def malformed_target(draw: DrawFn, scene: Scene) -> Broken:
    """The target's GroupId."""
    return _broken(draw, Draft(whole(draw, scene), ""), "GroupId", _ids("sg"))


def _in_source(draw: DrawFn, scene: Scene, kind: Kind, member: str, malformed: tuple[str, ...]) -> Broken:
    """A member of the first source of a permission, which may not have had one."""
    draft = nested(draw, scene, permission(scene, kind=kind))
    listing = {"ip_ranges": "IpRanges", "ipv6_ranges": "Ipv6Ranges", "prefix_list_ids": "PrefixListIds"}
    inside = first_of(draft.params, f"{draft.prefix}{listing.get(kind, 'Groups')}.", "")
    return _broken(draw, draft, f"{inside.rpartition('.')[0]}.{member}", malformed)


@breaking("E204")
def malformed_source_id(draw: DrawFn, scene: Scene) -> Broken:
    """A source group's GroupId."""
    return _in_source(draw, scene, "known", "GroupId", _ids("sg"))


def _group_names(scene: Scene) -> tuple[str, ...]:
    return texts.GROUP_NAMES + tuple(f"web{letter}srv" for letter in texts.NOT_VPC if scene.vpc)


@breaking("E205", when=lambda scene: scene.named or (scene.ingress and scene.vpc))
def malformed_target_name(draw: DrawFn, scene: Scene) -> Broken:
    """The target's GroupName, whose place no GroupId takes."""
    params = whole(draw, scene)
    params.pop("GroupId", None)
    return _broken(draw, Draft(params, ""), "GroupName", _group_names(scene))


@breaking("E205")
def malformed_source_name(draw: DrawFn, scene: Scene) -> Broken:
    """A source group's GroupName."""
    return _in_source(draw, scene, "owned", "GroupName", _group_names(scene))


@breaking("E205", when=lambda scene: scene.ingress)
def malformed_flat_source_name(draw: DrawFn, scene: Scene) -> Broken:
    """The source group of the flat form."""
    draft = flat(draw, scene, permission(scene, kind="owned"))
    return _broken(draw, draft, "SourceSecurityGroupName", _group_names(scene))


@breaking("E206")
def malformed_owner(draw: DrawFn, scene: Scene) -> Broken:
    """A source group's UserId."""
    return _in_source(draw, scene, "groups", "UserId", texts.USER_IDS)


@breaking("E206", when=lambda scene: scene.ingress and not scene.vpc)
def malformed_flat_owner(draw: DrawFn, scene: Scene) -> Broken:
    """The owner of the flat form's source group."""
    draft = flat(draw, scene, permission(scene, kind="owned"))
    return _broken(draw, draft, "SourceSecurityGroupOwnerId", texts.USER_IDS)


@breaking("W207", when=lambda scene: not scene.classic)
def host_bits(draw: DrawFn, scene: Scene) -> Broken:
    """An IPv4 range that names an address inside its network."""
    draft = _ranged(draw, scene)
    _give_host_bits(draw, draft, draft.cidr, IPv4Network(draft.params[draft.cidr], strict=False))
    return Broken(draft.params, draft.cidr)


@breaking("W207", when=lambda scene: not scene.classic and scene.since(IPV6_VERSION))
def host_bits_of_ipv6(draw: DrawFn, scene: Scene) -> Broken:
    """An IPv6 range that names an address inside its network."""
    draft = nested(draw, scene, permission(scene, kind="ipv6_ranges"))
    name = first_of(draft.params, f"{draft.prefix}Ipv6Ranges.", ".CidrIpv6")
    _give_host_bits(draw, draft, name, IPv6Network(draft.params[name], strict=False))
    return Broken(draft.params, name)


def _give_host_bits(draw: DrawFn, draft: Draft, name: str, network: IPv4Network | IPv6Network) -> None:
    """Name an address inside the network that is there, so that no other range becomes its equal."""
    if network.prefixlen == network.max_prefixlen:
        network = network.supernet(prefixlen_diff=1)
        others = {value for key, value in draft.params.items() if key != name and "/" in value}
        assume(not any(other.endswith(f"/{network.prefixlen}") for other in others))
    position = draw(within(1, network.num_addresses - 1))
    draft.params[name] = f"{network[position]}/{network.prefixlen}"


@breaking("E208", when=lambda scene: scene.since(DRY_RUN_VERSION))
def malformed_boolean(draw: DrawFn, scene: Scene) -> Broken:
    """DryRun, neither true nor false."""
    return _broken(draw, Draft(whole(draw, scene), ""), "DryRun", texts.BOOLEANS)


@breaking("E209", when=lambda scene: scene.since(IPV6_VERSION))
def malformed_ipv6_range(draw: DrawFn, scene: Scene) -> Broken:
    """An IPv6 range that is none."""
    return _in_source(draw, scene, "ipv6_ranges", "CidrIpv6", texts.IPV6_CIDRS)


@breaking("E210", when=lambda scene: scene.since(IPV6_VERSION))
def malformed_description(draw: DrawFn, scene: Scene) -> Broken:
    """What a range, a group or a prefix list is said to be; the last two may not say "&"."""
    kinds: tuple[Kind, ...] = ("ip_ranges", "ipv6_ranges", "groups", "prefix_list_ids")
    kind = pick(draw, kinds)
    more = ("a&b",) if kind in ("groups", "prefix_list_ids") else ()
    return _in_source(draw, scene, kind, "Description", texts.DESCRIPTIONS + more)


@breaking("E211", when=lambda scene: scene.since(PREFIX_LIST_VERSION))
def malformed_prefix_list(draw: DrawFn, scene: Scene) -> Broken:
    """The id of a prefix list."""
    return _in_source(draw, scene, "prefix_list_ids", "PrefixListId", _ids("pl"))


@breaking("E211", when=lambda scene: scene.since(PEERING_VERSION))
def malformed_peering(draw: DrawFn, scene: Scene) -> Broken:
    """The VPC of a source group, or the peering with it."""
    member, prefix = pick(draw, (("VpcId", "vpc"), ("VpcPeeringConnectionId", "pcx")))
    return _in_source(draw, scene, "groups", member, _ids(prefix))


@breaking("E211", when=lambda scene: scene.revoke and scene.since(IPV6_VERSION))
def malformed_rule_id(draw: DrawFn, scene: Scene) -> Broken:
    """The id of a rule, one of those that are there or one more."""
    draft = Draft(whole(draw, scene), "")
    there = names(draft.params, prefix="SecurityGroupRuleId.")
    more = new_item(draft.params, "SecurityGroupRuleId.").removesuffix(".")
    return _broken(draw, draft, pick(draw, [*there, more]), _ids("sgr"))
