from __future__ import annotations

import json
from typing import Any

import pytest

from ec2codec.captures import Completeness, Exchange, Place, Response, cloudtrail, web_record

PLACE = Place("log.json", 7)
QUERY = "Action=RevokeSecurityGroupIngress&GroupName=a"


def parse(record: dict[str, Any]) -> list[Exchange]:
    exchanges = web_record.parse(json.dumps(record).encode(), PLACE)

    assert exchanges is not None
    return exchanges


def event(parameters: object, **members: object) -> dict[str, Any]:
    return {
        "eventSource": "ec2.amazonaws.com",
        "eventName": "RevokeSecurityGroupIngress",
        "requestParameters": parameters,
        **members,
    }


def pairs(parameters: object) -> dict[str, str]:
    [exchange] = parse(event(parameters))

    assert exchange.server_parsed
    assert not isinstance(exchange.request, bytes)
    return dict(exchange.request[2:])


def test_event_becomes_the_parameters_of_the_wire() -> None:
    permission = {
        "ipProtocol": "tcp",
        "fromPort": 0,
        "toPort": "80",
        "groups": {"items": [{"groupId": "sg-1a2b3c4d", "userId": "123456789012"}]},
        "ipRanges": {"items": [{"cidrIp": "10.0.0.0/8", "description": "x"}, {"cidrIp": "11.0.0.0/8"}]},
        "ipv6Ranges": {},
        "prefixListIds": {"items": [{"prefixListId": "pl-12345678"}]},
    }

    assert {
        "GroupId": "sg-1",
        "DryRun": "true",
        "IpPermissions.1.IpProtocol": "tcp",
        "IpPermissions.1.FromPort": "0",
        "IpPermissions.1.ToPort": "80",
        "IpPermissions.1.Groups.1.GroupId": "sg-1a2b3c4d",
        "IpPermissions.1.Groups.1.UserId": "123456789012",
        "IpPermissions.1.IpRanges.1.CidrIp": "10.0.0.0/8",
        "IpPermissions.1.IpRanges.1.Description": "x",
        "IpPermissions.1.IpRanges.2.CidrIp": "11.0.0.0/8",
        "IpPermissions.1.PrefixListIds.1.PrefixListId": "pl-12345678",
    } == pairs(
        {"groupId": "sg-1", "dryRun": True, "ipPermissions": {"items": [permission]}, "groupName": None}
    )


@pytest.mark.parametrize(
    "permissions",
    [{"items": [{"fromPort": 1}]}, [{"fromPort": 1}], {"fromPort": 1}],
)
def test_hand_made_lists_are_lists(permissions: object) -> None:
    assert {"IpPermissions.1.FromPort": "1"} == pairs({"ipPermissions": permissions})


def test_flat_members_stay_flat() -> None:
    assert {"IpProtocol": "tcp", "CidrIp": "0.0.0.0/0"} == pairs(
        {"ipPermissions": {}, "ipProtocol": "tcp", "cidrIp": "0.0.0.0/0"}
    )


@pytest.mark.parametrize(
    "ids", [{"items": [{"securityGroupRuleId": "sgr-1"}]}, {"items": ["sgr-1"]}, ["sgr-1"]]
)
def test_list_of_ids_is_a_list_of_texts(ids: object) -> None:
    assert {"SecurityGroupRuleId.1": "sgr-1"} == pairs({"securityGroupRuleIds": ids})


def test_item_of_one_member_is_a_text_where_the_list_is_named_like_it() -> None:
    assert {"A.1": "x", "A.2.B": "y", "IpRanges.1.CidrIp": "z"} == pairs(
        {"a": [{"a": "x"}, {"b": "y"}], "ipRanges": [{"cidrIp": "z"}]}
    )


def test_tags_have_their_wire_names() -> None:
    tags = {"items": [{"resourceType": "security-group-rule", "tags": [{"key": "k", "value": "v"}]}]}

    assert {
        "TagSpecification.1.ResourceType": "security-group-rule",
        "TagSpecification.1.Tag.1.Key": "k",
        "TagSpecification.1.Tag.1.Value": "v",
    } == pairs({"tagSpecificationSet": tags})


def test_members_nobody_knows_are_passed_on() -> None:
    assert {"Colour.Of": "red", "": "x"} == pairs({"colour": {"of": "red"}, "": "x"})


def test_members_nested_without_end_are_cut() -> None:
    nested: object = "x"
    for _ in range(50):
        nested = {"a": nested}

    assert {"A" + ".A" * 8: ""} == pairs(nested)


def test_lists_nested_without_end_are_cut() -> None:
    nested: object = "x"
    for _ in range(50):
        nested = [nested]

    assert {"A" + ".1" * 8: ""} == pairs({"a": nested})


@pytest.mark.parametrize(
    "parameters",
    [
        None,
        {},
        {"omitted": True, "originalSize": 1},
        {"groupId": "sg-1", "ipPermissions": {"omitted": "true"}},
    ],
)
def test_parameters_may_be_omitted(parameters: object) -> None:
    [exchange] = parse(event(parameters))

    assert Completeness.OMITTED == exchange.completeness
    # What is said of the omission is no parameter.
    assert {name for name, _ in exchange.request} <= {"Action", "Version", "GroupId"}  # type: ignore[misc]


def test_version_is_the_events_own() -> None:
    [exchange] = parse(event({"groupId": "sg-1"}, apiVersion="2014-10-01"))

    assert ("Version", "2014-10-01") == exchange.request[1]


def test_version_is_assumed_where_the_event_has_none() -> None:
    [exchange] = parse(event({"groupId": "sg-1"}, apiVersion=None))

    assert ("Version", "2016-11-15") == exchange.request[1]


@pytest.mark.parametrize(
    ("members", "response"),
    [
        (
            {"errorCode": "Client.InvalidPermission.NotFound"},
            Response(error_code="InvalidPermission.NotFound"),
        ),
        ({"errorCode": "Server.InternalError"}, Response(error_code="InternalError")),
        ({"responseElements": {"_return": True}}, Response(status=200)),
        ({"responseElements": {"requestId": "x"}}, None),
        ({"responseElements": None}, None),
    ],
)
def test_answer_of_the_service(members: dict[str, object], response: Response | None) -> None:
    [exchange] = parse(event({"groupId": "sg-1"}, **members))

    assert response == exchange.response


def test_time_of_the_event() -> None:
    [exchange] = parse(event({"groupId": "sg-1"}, eventTime="2023-07-10T12:10:06Z"))

    assert exchange.time is not None
    assert 2023 == exchange.time.year


@pytest.mark.parametrize(
    "record",
    [
        {"detail-type": "AWS API Call via CloudTrail", "detail": event({"groupId": "sg-1"})},
        {"EventName": "x", "CloudTrailEvent": json.dumps(event({"groupId": "sg-1"}))},
        {"message": json.dumps(event({"groupId": "sg-1"}))},
    ],
)
def test_event_may_be_wrapped(record: dict[str, Any]) -> None:
    assert 1 == len(parse(record))


@pytest.mark.parametrize(
    "members",
    [
        {"eventName": "DescribeSecurityGroups"},
        {"eventName": None},
        {"eventName": ["RevokeSecurityGroupIngress"]},
        {"eventSource": "rds.amazonaws.com"},
    ],
)
def test_event_of_another_kind_is_no_call(members: dict[str, object]) -> None:
    assert [] == parse({**event({"groupId": "sg-1"}), **members})


def test_wrapped_text_that_is_no_event_is_none() -> None:
    assert not cloudtrail.is_event({"CloudTrailEvent": "x"})


def test_columns_of_athena_have_no_capital_letters() -> None:
    record = event('{"groupId": "sg-1"}', eventTime="2026-11-22T17:01:59Z")
    [written] = parse(record)
    [row] = parse({name.lower(): value for name, value in record.items()})

    assert written == row
    assert ("GroupId", "sg-1") in row.request


def test_names_without_end_are_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloudtrail, "MAX_KEPT_NAMES", 20)
    monkeypatch.setattr(cloudtrail, "_full_names", cloudtrail._FullNames())
    members = {f"x{number}": "1" for number in range(50)} | {"y" * 200: "2", "z": {"y" * 100: "3", "y": "4"}}
    found = pairs(members)

    assert {_capital(name): value for name, value in members.items() if name != "z"} | {
        f"Z.{'Y' + 'y' * 99}": "3",
        "Z.Y": "4",
    } == found
    assert len(cloudtrail._full_names) <= 20
    assert max(map(len, cloudtrail._full_names.values())) <= cloudtrail.MAX_KEPT_NAME


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def test_time_of_any_length_is_read_or_not() -> None:
    [exchange] = parse(event({"groupId": "sg-1"}, eventTime="2023-07-10T12:10:06." + "0" * 500))
    [other] = parse(event({"groupId": "sg-1"}, eventTime="x" * 500))

    assert exchange.time is not None
    assert other.time is None
