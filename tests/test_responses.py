"""The response classes and their Schemas: held together, and held against what others know of the API."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import botocore.session  # type: ignore[import-untyped]
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

import ec2codec
from ec2codec import (
    DecodeError,
    EncodeError,
    Error,
    ErrorResponse,
    Response,
    RevokeSecurityGroupIngress,
    RevokeSecurityGroupIngressResponse,
    Violation,
    model,
    response_schemas,
    schemas,
)
from ec2codec.elements import ElementSchema, ResponseSchema
from ec2codec.fields import Indexed, Parameter, Structure
from ec2codec.names import snake_case
from ec2codec.response_schemas import RESPONSE_SCHEMAS
from ec2codec.xml import item_name

ACTIONS = [schema for schema in RESPONSE_SCHEMAS.values() if schema.structure is not ErrorResponse]
# botocore's names of our types.
TYPES: dict[type, str] = {str: "string", int: "integer", bool: "boolean"}


def structures() -> list[type[ElementSchema]]:
    """Every Schema that makes an object, from the whole documents down."""
    found: dict[type[ElementSchema], None] = {}
    pending: list[type[ElementSchema]] = list(RESPONSE_SCHEMAS.values())
    while pending:
        schema = pending.pop(0)
        found[schema] = None
        for _, declared in schema().places.values():
            item = declared.item if isinstance(declared, Indexed) else declared
            if isinstance(item, Structure):
                pending.append(type(item.schema))
    return list(found)


@pytest.mark.parametrize("schema", structures(), ids=lambda schema: schema.__name__)
def test_classes_mirror_the_schemas(schema: type[ElementSchema]) -> None:
    structure: Any = schema.structure
    attributes = {field.name for field in dataclasses.fields(structure)}

    assert {snake_case(name) for name in schema().fields} == attributes - {"version", "unknown"}
    assert schema.__name__ == f"{structure.__name__}Schema"


@pytest.mark.parametrize(
    "name", ["UserIdGroupPair", "IpRange", "Ipv6Range", "PrefixListId", "IpPermission", "Tag"]
)
def test_responses_have_the_names_of_requests_but_for_the_first_letter(name: str) -> None:
    ours, requests = getattr(response_schemas, f"{name}Schema"), getattr(schemas, f"{name}Schema")

    assert [field[0].lower() + field[1:] for field in requests().fields] == list(ours().fields)


def elements_of_schema(schema: ElementSchema, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, declared in dict(schema.places.values()).items():
        match declared:
            case Parameter(scalar=scalar):
                yield prefix + name, TYPES[scalar.python]
            case Structure(schema=inner):
                yield from elements_of_schema(inner, f"{prefix}{name}.")
            case Indexed(item=Structure(schema=inner)):
                yield from elements_of_schema(inner, f"{prefix}{name}.{item_name(name)}.")


def elements_of_botocore(shape: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    for member_name, member in shape.members.items():
        name = prefix + member.serialization.get("name", member_name)
        match member.type_name:
            case "list":
                item = member.member
                yield from elements_of_botocore(item, f"{name}.{item.serialization['name']}.")
            case "structure":
                yield from elements_of_botocore(member, f"{name}.")
            case kind:
                yield name, kind


@pytest.mark.parametrize("schema", ACTIONS, ids=lambda schema: schema.__name__)
def test_elements_are_those_of_the_newest_model(schema: type[ResponseSchema]) -> None:
    operation = ec2_model().operation_model(schema.structure.root.removesuffix("Response"))

    # botocore takes the request id from every document, whatever the shape.
    expected = {*elements_of_botocore(operation.output_shape), ("requestId", "string")}
    assert expected == set(elements_of_schema(schema()))


def ec2_model() -> Any:
    return botocore.session.get_session().get_service_model("ec2")


def test_elements_of_our_default_version_are_in_the_schema(shared_data: Callable[[str], Path]) -> None:
    text = shared_data("aws-sdk-ruby/EC2-2011-12-15.yml").read_text(encoding="utf-8")
    operations = yaml.load(text, Loader=yaml.CSafeLoader)[":operations"]
    (outputs,) = (o[":outputs"] for o in operations if o[":name"] == "DescribeSecurityGroups")
    ours = {name for name, _ in elements_of_schema(RESPONSE_SCHEMAS["DescribeSecurityGroupsResponse"]())}

    named = set(elements_of_aws(outputs[":children"]))
    assert "securityGroupInfo.item.ipPermissionsEgress.item.toPort" in named
    assert named <= ours


def elements_of_aws(children: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """The leaves; where the model ends at a list it leaves the items to a default of AWS's SDK."""
    for name, facts in children.items():
        if ":children" in facts:
            yield from elements_of_aws(facts[":children"], f"{prefix}{name}.")
        elif not facts.get(":list") and not facts.get(":ignore"):
            yield prefix + name


def test_exported_names_are_the_classes() -> None:
    for schema in structures():
        name = schema.__name__.removesuffix("Schema")
        assert getattr(ec2codec, name) is schema.structure
        assert name in ec2codec.__all__


def test_responses_are_values() -> None:
    response = RevokeSecurityGroupIngressResponse(request_id="1", return_=True)

    assert response == RevokeSecurityGroupIngressResponse(version="2011-12-15", request_id="1", return_=True)
    assert {response} == {pickle.loads(pickle.dumps(response))}
    with pytest.raises(dataclasses.FrozenInstanceError):
        response.return_ = False  # type: ignore[misc]


def test_error_response_speaks_for_its_first_error_with_a_code() -> None:
    errors = (Error(message="no code"), Error(code="A", message="a"), Error(code="B", message="b"))

    assert ("A", "a") == (ErrorResponse(errors=errors).code, ErrorResponse(errors=errors).message)
    assert (None, None) == (ErrorResponse().code, ErrorResponse().message)


def test_version_of_an_error_and_what_is_unknown_are_not_compared() -> None:
    assert ErrorResponse(version="2011-12-15", unknown=(("new", "1"),)) == ErrorResponse()
    assert RevokeSecurityGroupIngressResponse(version=None) != RevokeSecurityGroupIngressResponse()


# The Schemas on their own.

STRUCTURE = {"requestId": "1", "return": "true", "revokedSecurityGroupRuleSet": [{"fromPort": "22"}]}


def schema(**options: Any) -> ResponseSchema:
    return response_schemas.RevokeSecurityGroupIngressResponseSchema(**options)


def test_schema_loads_nested_data() -> None:
    loaded = schema().load(STRUCTURE)

    assert isinstance(loaded, RevokeSecurityGroupIngressResponse)
    assert (loaded.version, loaded.request_id, loaded.return_) == (None, "1", True)
    assert loaded.revoked_security_group_rule_set[0].from_port == 22


def test_schema_loads_what_it_dumped() -> None:
    response = RevokeSecurityGroupIngressResponse(
        return_=False,
        unknown_ip_permission_set=(model.IpPermission(ip_protocol="tcp", from_port=0),),
    )
    dumped = schema().dump(response)

    assert dumped == {
        "@xmlns": "http://ec2.amazonaws.com/doc/2011-12-15/",
        "return": False,
        "unknownIpPermissionSet": [{"ipProtocol": "tcp", "fromPort": 0}],
    }
    assert response == schema().load(dumped)
    assert [response] == schema().load([dumped], many=True)
    assert [dumped] == schema(many=True).dump([response])


def test_schema_speaks_xml() -> None:
    response = RevokeSecurityGroupIngressResponse(request_id="1", return_=True)

    document = schema().dumps(response)

    assert document == ec2codec.encode_response(response)
    assert response == schema().loads(document) == schema().loads(document.encode())


@pytest.mark.parametrize(
    ("data", "rule", "text"),
    [
        ({"return": "yes"}, "E503", "return: expected xsd:boolean, got 'yes'"),
        ({"requestId": "1"}, "E503", "return: expected true or false, got nothing"),
        ({"return": True, "new": 1}, "E502", "new: expected no element of this name"),
        ({"return": True, "@xmlns": "http://evil/"}, "E502", "expected the namespace http://ec2"),
        ([], "E501", "malformed XML: expected a mapping, got list"),
    ],
)
def test_schema_alone_refuses_what_the_codec_refuses(data: Any, rule: str, text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        schema().load(data)

    (message,) = caught.value.messages["_schema"]  # type: ignore[call-overload]
    assert (rule, True) == (message.rule, message.startswith(text))
    assert caught.value.messages == schema().validate(data)
    assert schema(profile=None).validate(STRUCTURE) == {}


def test_schema_refuses_the_document_of_another_response() -> None:
    with pytest.raises(ValidationError, match="expected the root element RevokeSecurityGroupIngressResponse"):
        schema().loads("<Response><Errors><Error><Code>A</Code></Error></Errors></Response>")


def test_schema_refuses_to_write_what_would_not_be_read_back() -> None:
    with pytest.raises(ValidationError, match=r"XML 1\.0"):
        schema().dumps(RevokeSecurityGroupIngressResponse(request_id="\x00", return_=True))


def test_schema_says_which_of_many_it_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        schema().load([STRUCTURE, {"return": ""}], many=True)

    assert set(caught.value.messages) == {1}


# The answer to a refused request.


def refusal(query: str, **options: Any) -> ErrorResponse:
    with pytest.raises(DecodeError) as caught:
        ec2codec.decode(query, **options)
    return caught.value.to_response(request_id="r")


HEAD = "Action=RevokeSecurityGroupIngress&Version=2011-12-15"
HEALTHY = "&GroupId=sg-1a2b3c4d&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (f"{HEAD}&IpPermissions.1.IpProtocol=foo&Item=1", "UnknownParameter"),
        (f"{HEAD}&IpPermissions.2.IpProtocol=foo&IpPermissions.1.IpProtocol=tcp", "MissingParameter"),
        (f"{HEAD}{HEALTHY}&GroupName=web&IpPermissions.2.IpProtocol=foo", "InvalidParameterCombination"),
        (f"{HEAD}&GroupId=web&IpPermissions.1.IpProtocol=foo", "InvalidGroupId.Malformed"),
        (f"{HEAD[:-5]}99-99{HEALTHY}&GroupId=sg-1a2b3c4d", "InvalidParameterCombination"),
        ("Version=1&IpPermissions.1.IpProtocol=foo", "NoSuchVersion"),
        ("", "MissingAction"),
    ],
)
def test_the_first_error_that_ec2_would_find_is_the_answer(query: str, code: str) -> None:
    assert refusal(query).code == code


def test_permissions_are_answered_in_the_order_of_their_indexes() -> None:
    tail = "IpProtocol=tcp&IpPermissions.{0}.FromPort={1}&IpPermissions.{0}.ToPort={1}"
    queries = [f"&IpPermissions.{n}.{tail}".format(n, port) for n, port in ((10, 70010), (9, 70009))]
    source = "&IpPermissions.{0}.IpRanges.1.CidrIp=10.0.0.{0}/32"

    answer = refusal(f"{HEAD}&GroupId=sg-1a2b3c4d" + "".join(queries) + source.format(9) + source.format(10))

    assert answer.message is not None
    assert "70009" in answer.message


def test_flat_form_is_answered_after_the_values_of_the_request() -> None:
    flat = "&GroupName=&IpProtocol=tcp&FromPort=70000&ToPort=1&CidrIp=10.0.0.0/8"

    assert refusal(f"{HEAD}{flat}").message == (
        "Value () for parameter groupName is invalid. The value cannot be empty"
    )
    answer = refusal(HEAD + flat.replace("GroupName=", "GroupName=web"))
    assert answer.message is not None
    assert "70000" in answer.message


def test_answer_says_what_ec2_says_without_our_hint() -> None:
    answer = refusal(f"{HEAD}{HEALTHY}&IpPermission.1.IpProtocol=tcp")

    error = Error(code="UnknownParameter", message="The parameter IpPermission is not recognized")
    assert answer == ErrorResponse(errors=(error,), request_id="r")


def test_violation_without_a_code_is_an_invalid_request() -> None:
    found = Violation(rule="W105", name="n", code=None, location="a", message="m")

    assert EncodeError([found]).to_response() == ErrorResponse(
        errors=(Error(code="InvalidRequest", message="m"),)
    )


def test_warnings_are_not_answered() -> None:
    warning = Violation(rule="E101", name="n", code="A", location="a", message="m", severity="warning")
    error = Violation(rule="E303", name="n", code="B", location="IpPermissions.x", message="m")

    assert EncodeError([warning, error]).to_response().code == "B"


def test_what_cannot_be_encoded_is_answered_too() -> None:
    with pytest.raises(EncodeError) as caught:
        ec2codec.encode(RevokeSecurityGroupIngress())

    assert caught.value.to_response().code == "MissingParameter"


@given(st.text(max_size=60) | st.text("=&%.1AGIprt", max_size=30).map(f"{HEAD}&".__add__))
def test_every_refusal_has_an_answer_that_xml_can_carry(query: str) -> None:
    try:
        ec2codec.decode(query)
    except DecodeError as error:
        answer: Response = error.to_response(request_id="r")
        assert ec2codec.decode_response(ec2codec.encode_response(answer)) == answer
