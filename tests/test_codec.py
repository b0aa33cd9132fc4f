"""The front door: the verbs, and the choices bound once."""

from dataclasses import replace
from typing import Any

import pytest

import ec2codec
from ec2codec import (
    Codec,
    DecodeError,
    EncodeError,
    IpPermission,
    IpRange,
    RevokeSecurityGroupEgress,
    RevokeSecurityGroupIngress,
    TagSpecification,
    UserIdGroupPair,
    check,
    decode,
    encode,
    encode_params,
)

pytestmark = pytest.mark.usefixtures("both_paths")

WEB = IpPermission(
    ip_protocol="tcp", from_port=80, to_port=80, ip_ranges=(IpRange(cidr_ip="205.192.0.0/16"),)
)
REQUEST = RevokeSecurityGroupIngress(group_id="sg-1a2b3c4d", ip_permissions=(WEB,))
# The example of the API reference, as it is printed there.
SEED = """https://ec2.amazonaws.com/?Action=RevokeSecurityGroupIngress
&GroupName=websrv
&IpProtocol=tcp
&FromPort=80
&ToPort=80
&CidrIp=205.192.0.0/16
&AUTHPARAMS
"""


def changed(value: Any, **changes: Any) -> Any:
    """A copy with other attributes, of whatever type."""
    return replace(value, **changes)


def rules(query: object, **options: Any) -> list[tuple[str, str]]:
    return [(v.rule, v.location) for v in Codec(**options).check(query)]  # type: ignore[arg-type]


def test_example_of_the_api_reference_decodes() -> None:
    expected = RevokeSecurityGroupIngress(
        group_name="websrv", ip_protocol="tcp", from_port=80, to_port=80, cidr_ip="205.192.0.0/16"
    )

    assert expected == decode(SEED)
    assert [("W414", "Version"), ("W415", "AUTHPARAMS")] == sorted(rules(SEED))


def test_request_is_written_action_and_version_first() -> None:
    expected = (
        "Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=sg-1a2b3c4d&IpPermissions.1.IpProtocol=tcp"
        "&IpPermissions.1.FromPort=80&IpPermissions.1.ToPort=80&IpPermissions.1.IpRanges.1.CidrIp=205.192.0.0%2F16"
    )

    assert expected == encode(REQUEST)
    assert encode_params(REQUEST)[-1] == ("IpPermissions.1.IpRanges.1.CidrIp", "205.192.0.0/16")


def test_parameters_are_refused_as_the_text_is() -> None:
    request = replace(REQUEST, group_id="web")

    with pytest.raises(EncodeError) as text:
        encode(request)
    with pytest.raises(EncodeError) as parameters:
        encode_params(request)

    assert text.value.violations == parameters.value.violations


def test_port_zero_is_sent() -> None:
    request = replace(REQUEST, ip_permissions=(replace(WEB, from_port=0),))

    assert "FromPort=0" in encode(request)


def test_index_gap_closes_on_encoding() -> None:
    query = encode(REQUEST).replace("IpPermissions.1.", "IpPermissions.7.")

    assert decode(query) == REQUEST
    assert encode(REQUEST) == encode(decode(query))


def test_empty_list_and_absent_list_are_one() -> None:
    assert encode(REQUEST) == encode(replace(REQUEST, security_group_rule_id=()))


@pytest.mark.parametrize(
    ("request_", "rule", "location"),
    [
        (changed(REQUEST, ip_permissions=(IpPermission(),)), "E104", "IpPermissions.1"),
        (
            changed(REQUEST, ip_permissions=(changed(WEB, groups=(UserIdGroupPair(),)),)),
            "E104",
            "IpPermissions.1.Groups.1",
        ),
        (
            changed(REQUEST, ip_permissions=(changed(WEB, from_port=True),)),
            "E201",
            "IpPermissions.1.FromPort",
        ),
        (
            changed(REQUEST, ip_permissions=(changed(WEB, from_port=80.0),)),
            "E201",
            "IpPermissions.1.FromPort",
        ),
        (
            changed(REQUEST, ip_permissions=(changed(WEB, from_port=10**5000),)),
            "E201",
            "IpPermissions.1.FromPort",
        ),
        (
            changed(REQUEST, ip_permissions=(changed(WEB, from_port=object()),)),
            "E201",
            "IpPermissions.1.FromPort",
        ),
        (
            changed(REQUEST, ip_permissions=(changed(WEB, ip_protocol=6),)),
            "E104",
            "IpPermissions.1.IpProtocol",
        ),
        (
            changed(REQUEST, ip_permissions=(changed(WEB, groups=(WEB.ip_ranges[0],)),)),
            "E104",
            "IpPermissions.1.Groups.1",
        ),
        (changed(REQUEST, ip_permissions=("tcp",)), "E104", "IpPermissions.1"),
        (changed(REQUEST, ip_permissions=5), "E104", "IpPermissions"),
        (changed(REQUEST, group_id=5), "E104", "GroupId"),
        (changed(REQUEST, version=5), "E104", "Version"),
        (changed(REQUEST, version="2017-01-01"), "E402", "Version"),
        (changed(REQUEST, group_id="a\x00"), "E107", "GroupId"),
        (changed(REQUEST, group_id=""), "E106", "GroupId"),
        (changed(REQUEST, group_id=None), "E403", "GroupId"),
        (
            changed(REQUEST, security_group_rule_id=(None,), version="2016-11-15"),
            "E104",
            "SecurityGroupRuleId.1",
        ),
        (
            changed(
                REQUEST,
                ip_permissions=(
                    changed(
                        WEB,
                        ip_ranges=(),
                        groups=(UserIdGroupPair(group_id="sg-1a2b3c4d", peering_status="active"),),
                    ),
                ),
            ),
            "E101",
            "IpPermissions.1.Groups.1.PeeringStatus",
        ),
    ],
)
def test_what_has_no_wire_form_is_refused(request_: Any, rule: str, location: str) -> None:
    with pytest.raises(EncodeError) as caught:
        encode(request_)

    assert [(rule, location)] == [(v.rule, v.location) for v in caught.value.violations]
    assert caught.value.violations == check(request_)


def test_lists_may_be_given_as_lists() -> None:
    assert encode(REQUEST) == encode(replace(REQUEST, ip_permissions=[WEB]))  # type: ignore[arg-type]


def test_flat_style_is_the_older_form() -> None:
    assert encode(REQUEST, style="flat") == (
        "Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=sg-1a2b3c4d&IpProtocol=tcp&FromPort=80"
        "&ToPort=80&CidrIp=205.192.0.0%2F16"
    )


def test_styles_turn_into_each_other() -> None:
    flat = decode(encode(REQUEST, style="flat"))

    assert encode(REQUEST) == encode(flat, style="nested")
    assert encode(flat) == encode(flat, style="flat")


@pytest.mark.parametrize(
    "request_",
    [
        RevokeSecurityGroupEgress(group_id="sg-1a2b3c4d", ip_permissions=(WEB,)),
        replace(REQUEST, ip_permissions=(WEB, replace(WEB, ip_protocol="udp"))),
        replace(REQUEST, ip_permissions=(replace(WEB, ip_ranges=()),)),
        replace(
            REQUEST,
            ip_permissions=(replace(WEB, ip_ranges=(IpRange(cidr_ip="10.0.0.0/8", description="d"),)),),
        ),
        replace(REQUEST, ip_permissions=(replace(WEB, groups=(UserIdGroupPair(group_id="sg-1a2b3c4d"),)),)),
        replace(REQUEST, ip_permissions=(WEB,), cidr_ip="10.0.0.0/8"),
    ],
)
def test_what_the_flat_form_cannot_say_is_refused(request_: Any) -> None:
    with pytest.raises(EncodeError) as caught:
        encode(request_, style="flat")

    assert [v.rule for v in caught.value.violations] == ["E407"]


def test_egress_has_the_nested_style_only() -> None:
    request = RevokeSecurityGroupEgress(group_id="sg-1a2b3c4d", ip_permissions=(WEB,))

    assert encode(request) == encode(request, style="nested")


def test_unknown_style_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="nested or flat"):
        encode(REQUEST, style="deep")  # type: ignore[arg-type]


@pytest.mark.parametrize("option", [{"platform": "moon"}, {"profile": "strict"}])
def test_unknown_platform_and_profile_are_the_callers_mistake(option: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"is not a valid (Platform|Profile)"):
        Codec(**option)  # type: ignore[arg-type]


def test_assumed_version_is_that_of_the_codec() -> None:
    query = encode(REQUEST).replace("Version=2011-12-15&", "") + "&DryRun=true"

    assert Codec(version="2016-11-15").decode(query).version == "2016-11-15"
    assert ("E101", "DryRun") in rules(query)


def test_older_version_is_kept_as_sent() -> None:
    query = encode(REQUEST).replace("2011-12-15", "2009-08-15")

    assert decode(query).version == "2009-08-15"
    assert rules(query) == [("W414", "Version")]


def test_ignored_rules_are_not_reported_by_id_or_name() -> None:
    assert sorted(rules(SEED)) == [("W414", "Version"), ("W415", "AUTHPARAMS")]
    assert check(SEED, ignore=("W414", "placeholder")) == ()


def test_verbs_take_platform_and_profile_as_texts() -> None:
    query = encode(REQUEST).replace("tcp", "TCP")

    assert check(query, platform="vpc", profile="observed") == ()
    assert decode(query, profile=None).ip_permissions[0].ip_protocol == "TCP"


def test_without_profile_an_empty_text_is_kept_and_an_empty_number_is_not() -> None:
    query = encode(REQUEST).replace("sg-1a2b3c4d", "")

    assert decode(query, profile=None).group_id == ""
    with pytest.raises(DecodeError) as caught:
        decode(query.replace("FromPort=80", "FromPort="), profile=None)
    assert [(v.rule, v.location) for v in caught.value.violations] == [("E106", "IpPermissions.1.FromPort")]


def test_all_violations_come_at_once_in_the_order_of_the_input() -> None:
    query = (
        "Action=RevokeSecurityGroupIngress&Version=2011-12-15&IpPermissions.2.ToPort=x&Bogus=1"
        "&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=90&IpPermissions.1.ToPort=80"
    )

    assert rules(query) == [
        ("E201", "IpPermissions.2.ToPort"),
        ("E101", "Bogus"),
        ("E310", "IpPermissions.1"),
        ("E305", "IpPermissions.1.FromPort"),
        ("E403", "GroupId"),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [("E401", "Action")]),
        ("Version=2017-01-01", [("E402", "Version"), ("E401", "Action")]),
        ("Action=Foo&Bogus=1&A=%zz&B=1&B=2", [("E401", "Action"), ("E107", "A"), ("E103", "B")]),
        ("Action=RevokeSecurityGroupIngress&Action=RevokeSecurityGroupIngress&Bogus=1", [("E103", "Action")]),
        ("Action=&Bogus=1", [("E106", "Action")]),
        ("Action=%00", [("E107", "Action")]),
        ("%00=1", [("E107", ""), ("E401", "Action")]),
        (
            "Action=RevokeSecurityGroupIngress&Version=&DryRun=true",
            [("E106", "Version"), ("E403", "GroupId"), ("E406", "IpPermissions")],
        ),
    ],
)
def test_beside_an_unknown_action_only_repeats_and_encoding_are_judged(
    query: str, expected: list[tuple[str, str]]
) -> None:
    assert expected == rules(query)


def test_misspelt_action_is_understood() -> None:
    (violation,) = check("Action=RevokeSecurityGroupIngres")

    assert violation.message.endswith("Did you mean RevokeSecurityGroupIngress?")


def test_misspelt_target_is_one_mistake() -> None:
    assert rules(encode(REQUEST).replace("GroupId=", "Groupid=")) == [("E101", "Groupid")]


def test_refused_permission_is_shown_to_no_further_rule_and_its_neighbour_is() -> None:
    query = encode(REQUEST).replace("ToPort=80", "ToPort=x") + "&IpPermissions.2.IpProtocol=tcp"

    assert rules(query) == [
        ("E201", "IpPermissions.1.ToPort"),
        ("E303", "IpPermissions.2.FromPort"),
        ("E310", "IpPermissions.2"),
    ]


def test_refused_flat_parameter_is_not_missing() -> None:
    query = (
        "Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=sg-1a2b3c4d&IpProtocol=tcp&FromPort=x"
        "&ToPort=80&CidrIp=10.0.0.0/8"
    )

    assert rules(query) == [("E201", "FromPort")]


def test_grants_compare_as_networks_in_a_vpc_only() -> None:
    ranges = (IpRange(cidr_ip="10.0.0.0/24"), IpRange(cidr_ip="10.0.0.1/24"))
    query = encode(replace(REQUEST, ip_permissions=(replace(WEB, ip_ranges=ranges),)))

    assert ("E410", "IpPermissions.1.IpRanges.2.CidrIp") in rules(query, platform="vpc")
    assert rules(query, platform="classic", profile="observed") == []


def test_ipv6_grants_compare_in_any_spelling_in_a_vpc() -> None:
    query = (
        "Action=RevokeSecurityGroupEgress&Version=2016-11-15&GroupId=sg-1a2b3c4d&IpPermissions.1.IpProtocol=-1"
        "&IpPermissions.1.Ipv6Ranges.1.CidrIpv6=2001:db8::/32&IpPermissions.1.Ipv6Ranges.2.CidrIpv6=2001:0DB8::/32"
    )

    assert rules(query) == [("E410", "IpPermissions.1.Ipv6Ranges.2.CidrIpv6")]
    assert rules(query.replace("Egress", "Ingress")) == []


def test_prefix_lists_and_named_groups_are_grants_too() -> None:
    query = (
        "Action=RevokeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1a2b3c4d&IpPermissions.1.IpProtocol=-1"
        "&IpPermissions.1.PrefixListIds.1.PrefixListId=pl-1a2b3c4d&IpPermissions.1.PrefixListIds.2.PrefixListId=pl-1a2b3c4d"
        "&IpPermissions.1.Groups.1.GroupName=a&IpPermissions.1.Groups.2.GroupName=a&IpPermissions.1.Groups.3.UserId=123456789012"
    )

    assert rules(query) == [
        ("E410", "IpPermissions.1.PrefixListIds.2.PrefixListId"),
        ("E410", "IpPermissions.1.Groups.2.GroupName"),
        ("E312", "IpPermissions.1.Groups.3"),
    ]


def test_structure_of_wire_names_loads_and_dumps() -> None:
    codec = Codec()
    structure = codec.dump(REQUEST)

    assert list(structure) == ["Action", "Version", "GroupId", "IpPermissions"]
    assert codec.load(structure) == REQUEST
    with pytest.raises(EncodeError):
        codec.load({"Action": "RevokeSecurityGroupIngress"})


def test_tags_come_with_authorize() -> None:
    request = ec2codec.AuthorizeSecurityGroupIngress(
        version="2016-11-15",
        group_id="sg-1a2b3c4d",
        ip_permissions=(WEB,),
        tag_specification=(
            TagSpecification(resource_type="security-group-rule", tag=(ec2codec.Tag(key="a", value=""),)),
        ),
    )

    assert request == decode(encode(request))
    assert "&TagSpecification.1.Tag.1.Key=a&TagSpecification.1.Tag.1.Value=&" in encode(request)


def test_public_names_are_there() -> None:
    assert all(hasattr(ec2codec, name) for name in ec2codec.__all__)


def test_lists_that_hold_themselves_end() -> None:
    endless: list[Any] = []
    endless.extend([endless] * 10)

    assert ["E108"] == [v.rule for v in check(changed(REQUEST, ip_permissions=endless))]
    with pytest.raises(EncodeError):
        encode(changed(REQUEST, ip_permissions=endless))
    with pytest.raises(EncodeError):
        Codec().load({"Action": "RevokeSecurityGroupIngress", "IpPermissions": endless})


class Unequal:
    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    __hash__ = None  # type: ignore[assignment]


def test_values_are_never_asked_whether_they_are_equal() -> None:
    pairs = [("Action", "RevokeSecurityGroupIngress"), ("GroupId", Unequal()), ("FromPort", Unequal())]

    assert {"GroupId": "E104", "FromPort": "E201"}.items() <= {
        v.location: v.rule for v in check(pairs)
    }.items()


@pytest.mark.parametrize("version", ["garbage", "2016-11-16", "2011-13-01", ""])
def test_version_that_is_none_is_the_callers_mistake(version: str) -> None:
    with pytest.raises(ValueError, match="API version"):
        Codec(version=version)


def test_value_of_a_misspelt_secret_is_not_kept() -> None:
    violations = check(encode(REQUEST) + "&Signatur=c2VjcmV0&AWSAccesKeyId=c2VjcmV0")

    assert ["E101", "E101"] == [v.rule for v in violations]
    assert "c2VjcmV0" not in repr(violations)


def test_judge_gives_the_request_and_its_warnings_in_one_go() -> None:
    query = encode(REQUEST).replace("205.192.0.0", "205.192.0.1")

    outcome = Codec().judge(query)

    assert (decode(query), check(query)) == outcome
    assert (None, check("")) == Codec().judge("")
