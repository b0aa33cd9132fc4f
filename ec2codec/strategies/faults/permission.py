"""Faults of one permission: E301 to E311."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ec2codec.scalars import IPV6_VERSION, MAX_INTEGER, MIN_INTEGER
from ec2codec.strategies.faults.bases import either, nested, unused, without
from ec2codec.strategies.faults.drawing import FLIP, pick, within
from ec2codec.strategies.faults.registry import Broken, breaking
from ec2codec.strategies.faults.scene import Scene
from ec2codec.strategies.faults.sources import PORTED, SPARE_IDS, SPARE_NAMES, TCP_AND_UDP, icmp, permission

# Protocols that EC2 keeps no ports for; 58 is one of them until ICMPv6.
PORTLESS = ("0", "2", "5", "7", "16", "18", "47", "50", "132", "254", "255")
# Of protocol -1, ports that mean all.
HARMLESS = ((0, 0), (-1, -1), (0, 65535))
NO_PORTS = st.one_of(
    st.sampled_from((65536, -1, -2, 70000, MAX_INTEGER, MIN_INTEGER)),
    st.integers(65536, MAX_INTEGER),
    st.integers(MIN_INTEGER, -1),
)
NO_TYPES = st.one_of(
    st.sampled_from((256, -2, 65535, MAX_INTEGER, MIN_INTEGER)),
    st.integers(256, MAX_INTEGER),
    st.integers(MIN_INTEGER, -2),
)
_ANY = st.sampled_from((22, 0, -1, 65535)) | st.integers(MIN_INTEGER, MAX_INTEGER)
ANY_PORTS = st.one_of(st.tuples(_ANY, _ANY), st.tuples(_ANY, st.none()), st.tuples(st.none(), _ANY))
NARROWING = st.one_of(
    st.sampled_from(((22, 22), (0, 1), (1, 1), (-1, 0), (0, -1), (0, 65534), (1, 65535), (65535, 0))),
    ANY_PORTS.filter(lambda ports: ports not in HARMLESS),
)


@breaking("E301")
def without_protocol(draw: DrawFn, scene: Scene) -> Broken:
    """A permission without IpProtocol, nested."""
    draft = nested(draw, scene, permission(scene))
    return Broken(draft.params, draft.set("IpProtocol", None))


@breaking("E302", when=lambda scene: scene.classic)
def protocol_not_on_classic(draw: DrawFn, scene: Scene) -> Broken:
    """A protocol that VPC security groups know alone, with ports or without."""
    draft = either(draw, scene, permission(scene, kind="ip_ranges"))
    later = ("icmpv6",) if scene.since(IPV6_VERSION) else ()
    name = draft.set("IpProtocol", pick(draw, ("-1", *PORTLESS, "58", *later)))
    for member in pick(draw, ((), ("FromPort",), ("ToPort",), ("FromPort", "ToPort"))):
        draft.set(member, None)
    return Broken(draft.params, name)


@breaking("E303")
def without_ports(draw: DrawFn, scene: Scene) -> Broken:
    """tcp, udp or icmp without one of the ports, or without both; nested."""
    draft = nested(draw, scene, permission(scene, ports=PORTED))
    missing = pick(draw, (("FromPort",), ("ToPort",), ("FromPort", "ToPort")))
    for member in missing:
        draft.set(member, None)
    return Broken(draft.params, draft.prefix + missing[0])


@breaking("E304")
def port_out_of_range(draw: DrawFn, scene: Scene) -> Broken:
    """A port of tcp or udp that is none, by one or by far."""
    draft = either(draw, scene, permission(scene, ports=TCP_AND_UDP, kind="ip_ranges"))
    port = draw(NO_PORTS)
    return Broken(draft.params, draft.set(pick(draw, ("FromPort", "ToPort")), port))


@breaking("E305")
def reversed_range(draw: DrawFn, scene: Scene) -> Broken:
    """A range of tcp or udp that ends before it begins, by one or by far."""
    draft = either(draw, scene, permission(scene, ports=TCP_AND_UDP, kind="ip_ranges"))
    last = draw(within(0, 65534))
    first = last + 1 if draw(FLIP) else draw(within(last + 1, 65535))
    draft.set("ToPort", last)
    return Broken(draft.params, draft.set("FromPort", first))


@breaking("E306")
def icmp_out_of_range(draw: DrawFn, scene: Scene) -> Broken:
    """An ICMP type or code that is none, by one or by far; the other may be -1."""
    draft = either(draw, scene, permission(scene, ports=icmp(scene), kind="ip_ranges"))
    value = draw(NO_TYPES)
    broken, other = pick(draw, (("FromPort", "ToPort"), ("ToPort", "FromPort")))
    if draw(FLIP):
        draft.set(other, -1)
    return Broken(draft.params, draft.set(broken, value))


@breaking("W307")
def all_types_one_code(draw: DrawFn, scene: Scene) -> Broken:
    """All ICMP types, and one code."""
    draft = either(draw, scene, permission(scene, ports=icmp(scene), kind="ip_ranges"))
    draft.set("FromPort", -1)
    return Broken(draft.params, draft.set("ToPort", draw(within(0, 255))))


@breaking("E308", when=lambda scene: not scene.classic)
def all_protocols_with_ports(draw: DrawFn, scene: Scene) -> Broken:
    """Protocol -1 with ports that do not mean all."""
    draft = either(draw, scene, permission(scene, kind="ip_ranges"))
    first, last = draw(NARROWING)
    draft.set("IpProtocol", "-1")
    names = draft.set("FromPort", first), draft.set("ToPort", last)
    return Broken(draft.params, names[first is None])


@breaking("W309", when=lambda scene: not scene.classic)
def ignored_ports(draw: DrawFn, scene: Scene) -> Broken:
    """Ports of a protocol that has none in EC2, or those that mean all with -1."""
    draft = either(draw, scene, permission(scene, kind="ip_ranges"))
    earlier = () if scene.since(IPV6_VERSION) else ("58",)
    protocol = pick(draw, ("-1", *PORTLESS, *earlier))
    first, last = pick(draw, HARMLESS) if protocol == "-1" else draw(ANY_PORTS)
    draft.set("IpProtocol", protocol)
    names = draft.set("FromPort", first), draft.set("ToPort", last)
    return Broken(draft.params, names[first is None])


@breaking("E310")
def without_source(draw: DrawFn, scene: Scene) -> Broken:
    """A permission whose sources are gone."""
    draft = nested(draw, scene, permission(scene))
    lists = ("Groups.", "IpRanges.", "Ipv6Ranges.", "PrefixListIds.")
    rest = without(draft.params, *(draft.prefix + listing for listing in lists))
    return Broken(rest, draft.permission)


@breaking("E311")
def range_and_group(draw: DrawFn, scene: Scene) -> Broken:
    """A permission with a range, of either family, and a source group."""
    later = scene.since(IPV6_VERSION) and draw(FLIP)
    draft = nested(draw, scene, permission(scene, kind="ipv6_ranges" if later else "ip_ranges"))
    item = draft.prefix + pick(draw, ("Groups.1.", "Groups.2."))
    if scene.vpc or draw(FLIP):
        draft.params[f"{item}GroupId"] = unused(draft.params, SPARE_IDS)
    else:
        spare = unused(draft.params, SPARE_NAMES)
        draft.params.update({f"{item}GroupName": spare, f"{item}UserId": "123456789012"})
    return Broken(draft.params, draft.permission)
