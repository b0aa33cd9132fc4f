"""The Schemas on their own, for people who embed only those."""

import pickle
from typing import Any

import pytest
from hypothesis import given
from marshmallow import ValidationError

from ec2codec import Request, encode
from ec2codec.schemas import (
    SCHEMAS,
    AuthorizeSecurityGroupIngressSchema,
    IpPermissionSchema,
    RevokeSecurityGroupIngressSchema,
)
from strategies import requests

STRUCTURE: dict[str, Any] = {
    "GroupId": "sg-1a2b3c4d",
    "IpPermissions": [
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": "22", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
    ],
}


def messages(data: Any, **options: Any) -> Any:
    with pytest.raises(ValidationError) as caught:
        RevokeSecurityGroupIngressSchema(**options).load(data)
    assert caught.value.data is None, "the input may hold a signature"
    return caught.value.messages


@given(requests())
def test_structures_load_as_they_were_dumped(request: Request) -> None:
    schema = SCHEMAS[request.action]()

    assert request == schema.load(schema.dump(request))


@given(requests())
def test_query_strings_load_as_they_were_dumped(request: Request) -> None:
    schema = SCHEMAS[request.action]()

    assert encode(request) == schema.dumps(request)
    assert request == schema.loads(schema.dumps(request))


def test_structure_needs_no_action_and_text_does() -> None:
    schema = RevokeSecurityGroupIngressSchema()

    request = schema.load(STRUCTURE)

    assert (request.ip_permissions[0].to_port, request.version) == (22, "2011-12-15")
    with pytest.raises(ValidationError, match="Action"):
        schema.loads("GroupId=sg-1a2b3c4d")


def test_action_of_another_schema_is_refused() -> None:
    assert {"Action"} == set(messages({**STRUCTURE, "Action": "AuthorizeSecurityGroupIngress"}))


def test_messages_are_keyed_by_wire_names_and_wire_indexes() -> None:
    data = {
        "GroupId": "web",
        "IpPermissions": {
            1: {"IpProtocol": "tcp", "FromPort": "x", "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
            "4": {"IpProtocol": "-1", "Groups": {"2": {"UserId": "123456789012"}}},
            6: {"IpProtocol": "-1"},
        },
    }

    found = messages(data)

    assert {"GroupId", "IpPermissions"} == set(found)
    assert {1, 4, 6} == set(found["IpPermissions"])
    assert [text.rule for text in found["IpPermissions"][1]["FromPort"]] == ["E201"]
    assert [text.rule for text in found["IpPermissions"][4]["Groups"][2]["_schema"]] == ["E312"]
    assert [text.rule for text in found["IpPermissions"][6]["_schema"]] == ["E310"]
    assert found["GroupId"] == ['Invalid id: "web" (expecting "sg-...")']


def test_list_marker_beside_items_stands_with_the_whole() -> None:
    query = "Action=RevokeSecurityGroupIngress&Version=2011-12-15&IpPermissions=&IpPermissions.1.FromPort=x"
    with pytest.raises(ValidationError) as caught:
        RevokeSecurityGroupIngressSchema().loads(query)

    found: Any = caught.value.messages
    assert [text.rule for text in found["IpPermissions"]["_schema"]] == ["E104"]
    assert [text.rule for text in found["IpPermissions"][1]["FromPort"]] == ["E201"]


@pytest.mark.parametrize("data", [None, 5, "GroupId", [1]])
def test_what_is_no_mapping_is_refused(data: Any) -> None:
    assert [text.rule for text in messages(data)["_schema"]] == ["E107"]


def test_empty_item_is_refused_where_it_stands() -> None:
    found = messages({"GroupId": "sg-1a2b3c4d", "IpPermissions": [{}, STRUCTURE["IpPermissions"][0]]})

    assert [text.rule for text in found["IpPermissions"][1]["_schema"]] == ["E104"]


def test_platform_and_profile_bind() -> None:
    data = {**STRUCTURE, "IpPermissions": [{"IpProtocol": "50", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]}

    assert RevokeSecurityGroupIngressSchema(platform="vpc").validate(data) == {}
    assert [text.rule for text in messages(data, platform="classic")["IpPermissions"][1]["IpProtocol"]] == [
        "E302"
    ]


@pytest.mark.parametrize(
    ("names", "tree"),
    [
        (["GroupId", "GroupId._schema"], {"GroupId": 2}),
        (["GroupId._schema.x", "GroupId"], {"GroupId": 2}),
        (["_schema.x", "%zz"], {"_schema": 2}),
        (["_schema", "%zz"], {"_schema": 2}),
        (["a._schema", "a.b"], {"a": {"_schema": 1, "b": 1}}),
    ],
)
def test_names_that_marshmallow_has_for_messages_are_told_of_what_they_stand_in(
    names: list[str], tree: dict[str, Any]
) -> None:
    def counted(found: Any) -> Any:
        return len(found) if isinstance(found, list) else {name: counted(found[name]) for name in found}

    target = "" if "GroupId" in names else "&GroupId=sg-1a2b3c4d"
    query = f"Action=RevokeSecurityGroupIngress{target}&Version=2011-12-15"
    with pytest.raises(ValidationError) as caught:
        RevokeSecurityGroupIngressSchema().loads("&".join([query, *(f"{name}=x" for name in names)]))

    found: Any = caught.value.messages
    assert tree == {name: counted(found[name]) for name in tree}


@pytest.mark.parametrize("segments", [15, 16, 17, 18, 200_000])
def test_name_of_any_depth_has_its_messages_where_people_can_walk(segments: int) -> None:
    with pytest.raises(ValidationError) as caught:
        RevokeSecurityGroupIngressSchema().loads(
            "Action=RevokeSecurityGroupIngress&" + ".".join(["a"] * segments) + "=x"
        )

    node: Any = caught.value.messages
    depth = 0
    name = []
    while isinstance(node, dict):
        name.append(next(iter(node)))
        depth, node = depth + 1, node[name[-1]]
    assert min(segments, 17) == depth
    assert ".".join(["a"] * segments) == ".".join(name)
    assert "E101" == node[0].rule


def test_validate_gives_the_messages_that_load_raises() -> None:
    assert messages({}) == RevokeSecurityGroupIngressSchema().validate({})


def test_many_are_loaded_by_position() -> None:
    schema = AuthorizeSecurityGroupIngressSchema(many=True)

    assert len(schema.load([STRUCTURE, STRUCTURE])) == 2
    with pytest.raises(ValidationError) as caught:
        schema.load([STRUCTURE, {}])
    assert list(caught.value.messages) == [1]


def test_partial_misses_nothing() -> None:
    request = RevokeSecurityGroupIngressSchema().load(
        {"IpPermissions": [{"IpProtocol": "tcp"}]}, partial=True
    )

    assert (request.ip_permissions[0].ip_protocol, request.group_id) == ("tcp", None)


def test_messages_survive_pickle() -> None:
    (text,) = messages({**STRUCTURE, "GroupId": "web"})["GroupId"]

    again = pickle.loads(pickle.dumps(text))

    assert (text, "E204", text.violation) == (again, again.rule, again.violation)


def test_part_of_a_request_dumps_with_its_own_schema() -> None:
    schema = IpPermissionSchema()
    permission = RevokeSecurityGroupIngressSchema().load(STRUCTURE).ip_permissions[0]

    dumped = schema.dump(permission)

    assert permission == schema.build({**dumped, "IpRanges": {1: {"CidrIp": "10.0.0.0/8"}}})


@pytest.mark.parametrize("data", [{"FromPort": "x"}, {"FromPort": 2.5}])
def test_field_alone_takes_no_malformed_text(data: dict[str, object]) -> None:
    assert IpPermissionSchema().validate(data) == {"FromPort": ["expected Integer"]}


@pytest.mark.parametrize(
    ("name", "value", "expected"), [("FromPort", "80x", "Integer"), ("DryRun", "yes", "Boolean")]
)
def test_a_field_says_which_type_it_expected(name: str, value: str, expected: str) -> None:
    fields = {**RevokeSecurityGroupIngressSchema().fields, **IpPermissionSchema().fields}

    with pytest.raises(ValidationError) as caught:
        fields[name].deserialize(value)

    assert [f"expected {expected}"] == caught.value.messages
