"""What lets the compiled path ask less: quick tests and kinds are sound, whatever the subject is."""

from __future__ import annotations

from bisect import bisect
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ec2codec import (
    RULES,
    Codec,
    IpPermission,
    IpRange,
    Ipv6Range,
    Platform,
    PrefixListId,
    Profile,
    RevokeSecurityGroupIngress,
    UserIdGroupPair,
)
from ec2codec.compiled import unrolled
from ec2codec.compiled.exhibit import exhibit_request
from ec2codec.compiled.law import Law
from ec2codec.docket import binding
from ec2codec.model import IngressRequest
from ec2codec.policy import Policy
from ec2codec.rule import Rule
from ec2codec.rules.subjects import FLAT_NAMES, MARKS, Placed, Submission, kind_of
from ec2codec.scalars import Scalar
from ec2codec.schemas import SCHEMAS
from ec2codec.shape import members_of, read
from ec2codec.tree import flatten
from strategies import VALUES, VERSIONS, cidrs, group_ids, group_names, ipv6_cidrs, texts, user_ids

policies = st.builds(
    Policy,
    platform=st.sampled_from(list(Platform)),
    profile=st.sampled_from([*Profile, None]),
    version=st.sampled_from(VERSIONS[1:]),
)
SHAPES = {action: read(schema()) for action, schema in SCHEMAS.items()}
SCALARS: dict[str, Scalar] = {
    member.scalar.name: member.scalar for shape in SHAPES.values() for _, member in members_of(shape)
}
near_values = (
    st.sampled_from([*VALUES, "true", "false"])
    | st.text("0123456789.:/-abcdefsgplvxr{}&tcpudim", max_size=24)
    | st.integers(-(2**33), 2**33).map(str)
    | cidrs
    | ipv6_cidrs
    | group_ids
    | group_names
    | user_ids
    | texts
)
GUARDED = [
    (RULES[rule_id], scalar)
    for scalar in SCALARS.values()
    for rule_id in scalar.rules
    if RULES[rule_id].quick
]


def finds(rule: Rule, *subject: object) -> bool:
    return any(True for _ in rule.judge(*subject))


@pytest.mark.parametrize(("guarded", "scalar"), GUARDED, ids=[f"{r.id}-{s.name}" for r, s in GUARDED])
@given(text=near_values, policy=policies)
def test_a_text_that_passes_the_quick_test_breaks_no_rule(
    guarded: Rule, scalar: Scalar, text: str, policy: Policy
) -> None:
    earlier = scalar.rules[: scalar.rules.index(guarded.id)]
    refused = any(finds(RULES[rule_id], text, scalar, policy) for rule_id in earlier)

    assert guarded.quick is not None
    assert refused or not guarded.quick(scalar, policy)(text) or not finds(guarded, text, scalar, policy)


@pytest.mark.parametrize("scalar", SCALARS.values(), ids=lambda scalar: scalar.name)
@given(text=near_values)
def test_what_the_rules_of_a_type_pass_is_read_as_its_parser_reads_it(scalar: Scalar, text: str) -> None:
    if any(finds(RULES[rule_id], text, scalar, Policy()) for rule_id in scalar.rules):
        return

    value = scalar.trusted(text)

    assert (scalar.parse(text), scalar.python) == (value, type(value))


def _absent_or(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


few_groups = st.builds(
    UserIdGroupPair,
    group_id=_absent_or(st.sampled_from(["sg-1a2b3c4d", "sg-2a2b3c4d"])),
    group_name=_absent_or(st.sampled_from(["web", "sg-1a2b3c4d"])),
    user_id=_absent_or(st.just("123456789012")),
)
few_permissions = st.builds(
    IpPermission,
    ip_protocol=_absent_or(st.sampled_from(["tcp", "6", "-1", "50", "icmpv6", "58"])),
    from_port=_absent_or(st.sampled_from([22, 80])),
    to_port=_absent_or(st.sampled_from([22, 80])),
    groups=st.lists(few_groups, max_size=2).map(tuple),
    ip_ranges=st.lists(
        st.builds(IpRange, cidr_ip=_absent_or(st.sampled_from(["10.0.0.0/8", "10.0.0.1/8", "10.0.0.0/24"]))),
        max_size=2,
    ).map(tuple),
    ipv6_ranges=st.lists(
        st.builds(Ipv6Range, cidr_ipv6=st.sampled_from(["::/0", "2001:db8::/32", "2001:DB8::1/32"])),
        max_size=2,
    ).map(tuple),
    prefix_list_ids=st.lists(st.builds(PrefixListId, prefix_list_id=st.just("pl-1a2b3c4d")), max_size=1).map(
        tuple
    ),
)
few_requests = st.builds(
    RevokeSecurityGroupIngress,
    version=st.just("2016-11-15"),
    group_name=_absent_or(st.sampled_from(["web", "sg-1a2b3c4d"])),
    cidr_ip=_absent_or(st.just("10.0.0.0/8")),
    source_security_group_name=_absent_or(st.sampled_from(["web", "sg-1a2b3c4d"])),
    ip_permissions=st.lists(few_permissions, max_size=2).map(tuple),
)
ROOT = SHAPES["RevokeSecurityGroupIngress"]
TRANSLATING = Codec(profile=None)


def submission(request: IngressRequest) -> Submission:
    pairs = [(name, str(value)) for name, value in flatten(TRANSLATING.dump(request)) if value is not None]
    names, values = zip(*pairs, strict=True)
    law = Law(ROOT, Policy(version="2016-11-15"))
    return exhibit_request(law, names, values, request, flat=not set(FLAT_NAMES.values()).isdisjoint(names))


@pytest.mark.parametrize("rule_id", ["E410", "W412"])
@given(request=few_requests, policy=policies)
def test_a_request_that_passes_the_quick_test_breaks_no_rule(
    rule_id: str, request: RevokeSecurityGroupIngress, policy: Policy
) -> None:
    # A structure without any member has no place in the tree that the submission is made of.
    assume(None not in [value for _, value in flatten(TRANSLATING.dump(request))])
    # A group without a name breaks E312, and is no source.
    groups = [group for permission in request.ip_permissions for group in permission.groups]
    assume(all(group.group_id or group.group_name for group in groups))
    guarded = RULES[rule_id]
    seen = [
        str(value)
        for name, value in flatten(TRANSLATING.dump(request))
        if value is not None and name.endswith(guarded.sees)
    ]

    assert guarded.quick is not None
    assert not (guarded.quick(seen, request, policy) and finds(guarded, submission(request), policy))


def test_values_of_members_that_may_be_warned_of_have_one_type_each() -> None:
    scalars = {
        (path[-1], member.scalar)
        for shape in SHAPES.values()
        for path, member in members_of(shape)
        if any(rule_id.startswith("W") for rule_id in member.scalar.rules)
    }

    assert len({leaf for leaf, _ in scalars}) == len(scalars)


@given(permissions=few_permissions)
def test_kind_in_generated_source_is_the_kind(permissions: IpPermission) -> None:
    protocol, first, last = permissions.ip_protocol, permissions.from_port, permissions.to_port
    assume(first is not None and last is not None)
    made = {"ip_protocol": "protocol", "from_port": "first", "to_port": "last"}
    names: dict[str, object] = {"protocol": protocol, "first": first, "last": last}
    line = next(unrolled._emit_kind("made", made))

    exec(line, {"bisect": bisect, "MARKS": MARKS}, names)

    assert kind_of(permissions) == names["kind"]


def test_every_rule_of_a_request_has_a_kind_or_a_quick_test() -> None:
    bound = binding(Profile.DOCUMENTED, partial=False)

    assert all(rule.by_kind or rule.quick for rules in bound[1:] for rule in rules)


def _alike(port: int | None) -> st.SearchStrategy[int | None]:
    """Ports between the same marks."""
    if port is None:
        return st.none()
    bounds = [-(2**31), *MARKS, 2**31]
    low = max(bound for bound in bounds if bound <= port)
    high = min(bound for bound in bounds if bound > port)
    return st.integers(low, high - 1)


ports = _absent_or(
    st.integers(-3, 3) | st.integers(250, 260) | st.integers(65530, 65540) | st.integers(-(2**31), 2**31 - 1)
)
PERMISSION_RULES = [rule for rule in RULES.values() if rule.subject == "permission" and rule.by_kind]


@st.composite
def permissions_of_one_kind(draw: st.DrawFn) -> tuple[IpPermission, IpPermission]:
    protocol = draw(
        _absent_or(
            st.sampled_from(["tcp", "udp", "icmp", "-1", "6", "17", "1", "58", "icmpv6", "50", "TCP", "0"])
        )
    )
    lists: dict[str, Any] = {
        "groups": (UserIdGroupPair(),) * draw(st.integers(0, 1)),
        "ip_ranges": (IpRange(),) * draw(st.integers(0, 1)),
        "ipv6_ranges": (Ipv6Range(),) * draw(st.integers(0, 1)),
        "prefix_list_ids": (PrefixListId(),) * draw(st.integers(0, 1)),
    }
    first, last = draw(ports), draw(ports)
    one = IpPermission(ip_protocol=protocol, from_port=first, to_port=last, **lists)
    other = IpPermission(
        ip_protocol=protocol, from_port=draw(_alike(first)), to_port=draw(_alike(last)), **lists
    )
    assume(kind_of(one) == kind_of(other))
    return one, other


@given(permissions_of_one_kind(), policies)
def test_permissions_of_one_kind_break_the_same_rules(
    permissions: tuple[IpPermission, IpPermission], policy: Policy
) -> None:
    one, other = (
        {rule.id for rule in PERMISSION_RULES if finds(rule, subject, policy)} for subject in permissions
    )

    assert one == other


GROUP_MEMBERS = list(UserIdGroupPair.__slots__)


@given(st.sets(st.sampled_from(GROUP_MEMBERS)), policies, st.data())
def test_source_groups_with_the_same_members_break_the_same_rules(
    members: set[str], policy: Policy, data: st.DataObject
) -> None:
    groups = [UserIdGroupPair(**{name: data.draw(texts) for name in sorted(members)}) for _ in range(2)]

    one, other = (
        {
            rule.id
            for rule in RULES.values()
            if rule.subject == "group" and rule.by_kind and finds(rule, group, policy)
        }
        for group in groups
    )

    assert one == other


@given(st.sets(st.sampled_from(sorted(ROOT.members))), policies, st.data())
def test_requests_of_the_same_names_and_flat_kind_break_the_same_rules(
    names: set[str], policy: Policy, data: st.DataObject
) -> None:
    flat = IpPermission(
        ip_protocol=data.draw(st.sampled_from(["tcp", "-1", "6"])) if "IpProtocol" in names else None
    )

    def drawn() -> Submission:
        values: dict[str | int, object] = {name: data.draw(texts) for name in sorted(names)}
        if "IpProtocol" in names:
            values["IpProtocol"] = flat.ip_protocol
        return Submission(
            action=ROOT.name,
            version=policy.version,
            direction="ingress",
            values=values,
            sent=frozenset(names),
            permissions=(Placed(flat, ""),),
            auth=frozenset({"Timestamp", "Expires"}),
        )

    one, other = (
        {
            rule.id
            for rule in RULES.values()
            if rule.subject == "request" and rule.by_kind and finds(rule, subject, policy)
        }
        for subject in (drawn(), drawn())
    )

    assert one == other
