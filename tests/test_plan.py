"""From a described group to requests: exactly the chosen grants go, or come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.loaders import Loader  # type: ignore[import-untyped]
from botocore.model import ServiceModel  # type: ignore[import-untyped]
from botocore.parsers import create_parser  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

import ec2codec
from described_groups import GROUP, OWNER, Model, groups, xml_of
from ec2codec import (
    DescribeSecurityGroupsResponse,
    EnvelopeError,
    Grant,
    IpPermission,
    IpRange,
    Ipv6Range,
    PrefixListId,
    Request,
    RevokeSecurityGroupIngressResponse,
    SecurityGroup,
    UserIdGroupPair,
)
from ec2codec.described import described_grants, namings, security_group
from ec2codec.grants import key
from ec2codec.plan import authorize, revoke

SERVICE = ServiceModel(Loader().load_service_model("ec2", "service-2", "2016-11-15"), "ec2")


def boto_of(*described: SecurityGroup) -> dict[str, Any]:
    """What boto3 returns for groups."""
    raw = {"body": xml_of(*described).encode(), "headers": {}, "status_code": 200}
    shape = SERVICE.operation_model("DescribeSecurityGroups").output_shape
    parsed: dict[str, Any] = create_parser("ec2").parse(raw, shape)
    return parsed


FORMS: dict[str, Callable[[SecurityGroup], Any]] = {
    "object": lambda group: group,
    "response": lambda group: DescribeSecurityGroupsResponse(security_group_info=(group,)),
    "XML": xml_of,
    "bytes": lambda group: xml_of(group).encode(),
    "boto3 answer": boto_of,
    "boto3 group": lambda group: boto_of(group)["SecurityGroups"][0],
}


def all_grants(group: SecurityGroup) -> list[Grant]:
    return [*described_grants(group, "ingress"), *described_grants(group, "egress")]


def chosen_of(group: SecurityGroup, data: st.DataObject) -> list[Grant]:
    grants = all_grants(group)
    return data.draw(st.lists(st.sampled_from(grants), unique=True)) if grants else []


@given(groups, st.data(), st.integers(1, 5))
def test_exactly_the_chosen_grants_disappear_and_come_back(
    group: SecurityGroup, data: st.DataObject, chunk: int
) -> None:
    chosen = chosen_of(group, data)
    model, before = Model(all_grants(group)), Model(all_grants(group))
    others = Model(
        g for g in all_grants(group) if key(g, platform="vpc") not in {key(c, platform="vpc") for c in chosen}
    )

    for request in revoke(group, matching=chosen, chunk=chunk):
        model.revoke(request)

    assert others.grants.keys() == model.grants.keys()
    for request in authorize(group, matching=chosen, chunk=chunk):
        model.authorize(request)
    assert before.grants.keys() == model.grants.keys()


@given(groups, st.sampled_from(sorted(FORMS)))
@settings(max_examples=40)
def test_every_form_of_a_group_gives_the_same_plan(group: SecurityGroup, form: str) -> None:
    expected = revoke(group, everything=True)

    plan = revoke(FORMS[form](group), everything=True)

    assert expected == plan


@given(groups, st.sampled_from((revoke, authorize)), st.integers(1, 5))
def test_plans_keep_the_law(
    group: SecurityGroup, verb: Callable[..., tuple[Request, ...]], chunk: int
) -> None:
    for request in verb(group, everything=True, chunk=chunk):
        errors = {v.rule for v in ec2codec.check(request) if v.severity == "error"}

        # A source group that is described without an id cannot be named in a VPC.
        assert errors <= {"E315"}
        assert len(request.grants()) <= chunk
        for permission in request.ip_permissions:
            assert 1 == sum(
                map(
                    bool,
                    (
                        permission.groups,
                        permission.ip_ranges,
                        permission.ipv6_ranges,
                        permission.prefix_list_ids,
                    ),
                )
            )


def group_with(
    *permissions: IpPermission, egress: tuple[IpPermission, ...] = (), **members: Any
) -> SecurityGroup:
    return SecurityGroup(
        **{"owner_id": OWNER, "group_id": GROUP, "group_name": "web"} | members,
        ip_permissions=permissions,
        ip_permissions_egress=egress,
    )


def tcp(*sources: UserIdGroupPair, **members: Any) -> IpPermission:
    return IpPermission(ip_protocol="tcp", from_port=80, to_port=80, groups=sources, **members)


RANGES = (IpRange(cidr_ip="10.0.0.1/8", description="office"), IpRange(cidr_ip="192.0.2.0/24"))


def test_one_permission_of_a_plan_has_one_kind_of_source_and_nothing_but_literals() -> None:
    described = tcp(
        UserIdGroupPair(user_id=OWNER, group_id="sg-2a2b3c4d", group_name="db", peering_status="active"),
        UserIdGroupPair(user_id="210987654321", group_id="sg-3a2b3c4d", vpc_id="vpc-1a2b3c4d"),
        ip_ranges=RANGES,
        ipv6_ranges=(Ipv6Range(cidr_ipv6="2001:DB8::/32"),),
        prefix_list_ids=(PrefixListId(prefix_list_id="pl-1a2b3c4d"),),
    )

    (request,) = revoke(group_with(described), everything=True)

    assert "2016-11-15" == request.version
    assert (
        tcp(ip_ranges=(IpRange(cidr_ip="10.0.0.1/8"), RANGES[1])),
        tcp(ipv6_ranges=(Ipv6Range(cidr_ipv6="2001:DB8::/32"),)),
        tcp(prefix_list_ids=(PrefixListId(prefix_list_id="pl-1a2b3c4d"),)),
        tcp(
            UserIdGroupPair(group_id="sg-2a2b3c4d"),
            UserIdGroupPair(user_id="210987654321", group_id="sg-3a2b3c4d"),
        ),
    ) == request.ip_permissions


@pytest.mark.parametrize(
    ("vpc", "expected"),
    [
        (None, UserIdGroupPair(user_id="amazon-elb", group_name="amazon-elb-sg")),
        ("vpc-1a2b3c4d", UserIdGroupPair(user_id="amazon-elb", group_id="sg-843f59ed")),
    ],
)
def test_load_balancers_stay_named_as_their_platform_names_them(
    vpc: str | None, expected: UserIdGroupPair
) -> None:
    described = UserIdGroupPair(user_id="amazon-elb", group_id="sg-843f59ed", group_name="amazon-elb-sg")

    (request,) = revoke(group_with(tcp(described), vpc_id=vpc), everything=True)

    assert (expected,) == request.ip_permissions[0].groups


def test_ports_are_dropped_where_the_protocol_has_none() -> None:
    described = IpPermission(ip_protocol="50", from_port=-1, to_port=-1, ip_ranges=RANGES[1:])

    (request,) = revoke(group_with(described), everything=True)

    assert (IpPermission(ip_protocol="50", ip_ranges=RANGES[1:]),) == request.ip_permissions


@pytest.mark.parametrize(
    ("permission", "expected"),
    [
        (tcp(ip_ranges=RANGES), "2011-12-15"),
        (tcp(prefix_list_ids=(PrefixListId(prefix_list_id="pl-1a2b3c4d"),)), "2015-04-15"),
        (tcp(ipv6_ranges=(Ipv6Range(cidr_ipv6="::/0"),)), "2016-11-15"),
        (IpPermission(ip_protocol="58", from_port=128, to_port=0, ip_ranges=RANGES), "2016-11-15"),
        (IpPermission(ip_protocol="58", ip_ranges=RANGES), "2011-12-15"),
    ],
)
def test_a_plan_is_of_the_oldest_version_that_can_say_it(permission: IpPermission, expected: str) -> None:
    (request,) = revoke(group_with(permission), everything=True)

    assert expected == request.version


def test_descriptions_are_authorized_and_not_revoked() -> None:
    group = group_with(tcp(ip_ranges=RANGES))

    (revoked,), (authorized,) = revoke(group, everything=True), authorize(group, everything=True)

    assert (None, None) == tuple(r.description for r in revoked.ip_permissions[0].ip_ranges)
    assert RANGES == authorized.ip_permissions[0].ip_ranges
    assert "2016-11-15" == authorized.version


def test_a_predicate_sees_description_and_owner() -> None:
    group = group_with(tcp(ip_ranges=RANGES), egress=(tcp(ip_ranges=RANGES),))

    (request,) = revoke(group, matching=lambda g: g.source.description == "office", direction="egress")

    assert ("egress", (IpRange(cidr_ip="10.0.0.1/8"),)) == (
        request.direction,
        request.ip_permissions[0].ip_ranges,
    )


def test_a_source_group_is_chosen_by_either_of_its_names() -> None:
    group = group_with(tcp(UserIdGroupPair(user_id=OWNER, group_id="sg-2a2b3c4d", group_name="db")))
    (described,) = described_grants(group, "ingress")
    by_id, by_name = namings(described)

    for naming in (by_id, by_name):
        (request,) = revoke(group, matching=[naming, naming])

        assert (UserIdGroupPair(group_id="sg-2a2b3c4d"),) == request.ip_permissions[0].groups


def test_a_group_without_id_is_named() -> None:
    (request,) = revoke(group_with(tcp(ip_ranges=RANGES), group_id=None), everything=True)

    assert (None, "web") == (request.group_id, getattr(request, "group_name", None))


def test_grants_go_to_another_group_and_another_version_when_asked() -> None:
    group = group_with(tcp(ip_ranges=RANGES[1:]))

    (request,) = authorize(group, everything=True, target="sg-9a2b3c4d", version="2014-09-01")

    assert ("sg-9a2b3c4d", "2014-09-01") == (request.group_id, request.version)


def test_an_empty_owner_is_never_sent() -> None:
    (request,) = revoke(group_with(tcp(UserIdGroupPair(user_id="", group_id="sg-2a2b3c4d"))), everything=True)

    assert (UserIdGroupPair(group_id="sg-2a2b3c4d"),) == request.ip_permissions[0].groups


def test_an_empty_group_needs_no_request() -> None:
    assert () == revoke(group_with(tcp()), everything=True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "expected either matching or everything=True"),
        ({"matching": [], "everything": True}, "expected either matching or everything=True"),
        ({"everything": True, "direction": "Ingress"}, "expected ingress, egress or None as direction"),
        ({"everything": True, "chunk": 0}, "expected a chunk of 1 or more grants, got 0"),
    ],
)
def test_a_slip_empties_no_group(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        revoke(group_with(tcp(ip_ranges=RANGES)), **options)


def test_a_grant_that_the_group_does_not_have_is_no_silent_no_op() -> None:
    group = group_with(IpPermission(ip_protocol="icmp", from_port=8, to_port=-1, ip_ranges=RANGES[1:]))
    wrong = Grant(direction="ingress", ip_protocol="icmp", from_port=8, to_port=8, source=RANGES[1])

    with pytest.raises(ValueError, match=r"the group has no Grant\(direction='ingress', ip_protocol='icmp'"):
        revoke(group, matching=[wrong])


def test_one_group_of_several_is_chosen_by_id() -> None:
    several = xml_of(group_with(), group_with(group_id="sg-2a2b3c4d"))

    chosen = security_group(several, group_id="sg-2a2b3c4d")

    assert "sg-2a2b3c4d" == chosen.group_id
    assert chosen == security_group(boto_of(group_with(), chosen), group_id="sg-2a2b3c4d")
    with pytest.raises(ValueError, match="expected one group, found 2 of 2"):
        security_group(several)
    with pytest.raises(ValueError, match="expected one group sg-3, found 0 of 2"):
        security_group(several, group_id="sg-3")


ERROR = "<Response><Errors><Error><Code>InvalidGroup.NotFound</Code></Error></Errors></Response>"
NEWER = xml_of(group_with(tcp(ip_ranges=RANGES))).replace("<ipProtocol>", "<sourceVpcs/><ipProtocol>")


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        (ERROR, ValueError, "got the error InvalidGroup.NotFound"),
        (
            ec2codec.encode_response(RevokeSecurityGroupIngressResponse(return_=True, request_id="r")),
            ValueError,
            "got Revoke",
        ),
        ("<x", EnvelopeError, "E501"),
        (NEWER, ValueError, r"ipPermissions.1.sourceVpcs: not known, so that a plan would miss it"),
        ({"GroupId": GROUP, "IpPermissions": [{"SourceVpcs": ["x"]}]}, EnvelopeError, "sourceVpcs"),
        ({"GroupId": GROUP, "IpPermissions": [{"FromPort": 80.5}]}, EnvelopeError, "fromPort"),
    ],
)
def test_what_is_no_described_group_is_refused(given: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        revoke(given, everything=True)


def test_news_about_the_answer_do_not_stop_a_plan() -> None:
    newer = xml_of(group_with(tcp(ip_ranges=RANGES))).replace(
        "<groupName>", "<sharedWith>x</sharedWith><groupName>"
    )

    assert 1 == len(revoke(newer, everything=True))


def test_news_about_the_group_itself_do_not_stop_a_plan() -> None:
    described = {
        "GroupId": GROUP,
        "VpcCidr": "10.0.0.0/8",
        "Description": "web",
        "Tags": [{"Key": "a", "Value": ""}],
    }

    group = security_group(described)

    assert (GROUP, "web", "a") == (group.group_id, group.group_description, group.tag_set[0].key)
