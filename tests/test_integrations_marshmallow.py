"""The Schemas in marshmallow's world: many, only and partial; webargs; apispec."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from marshmallow import ValidationError

import ec2codec
from ec2codec import AuthorizeSecurityGroupIngress, ErrorResponse, RevokeSecurityGroupIngress
from ec2codec.response_schemas import RESPONSE_SCHEMAS
from ec2codec.schemas import SCHEMAS, AuthorizeSecurityGroupIngressSchema, RevokeSecurityGroupIngressSchema

PERMISSION = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
DATA: dict[str, Any] = {"GroupId": "sg-1a2b3c4d", "IpPermissions": [PERMISSION]}
FLAT = {"GroupName": "web", "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "10.0.0.0/8"}
QUERY = (
    "Action=RevokeSecurityGroupIngress&GroupId=sg-1a2b3c4d"
    "&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"
)


def messages_of(schema: Any, data: Any) -> Any:
    with pytest.raises(ValidationError) as caught:
        schema.load(data)
    return caught.value.messages


def test_many_loads_each_and_keys_messages_by_position() -> None:
    schema = RevokeSecurityGroupIngressSchema(many=True)

    requests = schema.load([DATA, FLAT])

    assert [RevokeSecurityGroupIngress] * 2 == [type(request) for request in requests]
    assert [{"Action": "RevokeSecurityGroupIngress", "Version": "2011-12-15", **DATA}] == schema.dump(
        requests[:1]
    )
    assert {1} == messages_of(schema, [DATA, {}]).keys()


def test_only_makes_a_smaller_request_of_which_nothing_else_is_known() -> None:
    schema = RevokeSecurityGroupIngressSchema(only=FLAT.keys())
    expected = RevokeSecurityGroupIngress(
        group_name="web", ip_protocol="tcp", from_port=80, to_port=80, cidr_ip="10.0.0.0/8"
    )

    request = schema.load({"Version": "2011-12-15", **FLAT})

    assert expected == request
    assert "is not recognized" in messages_of(schema, {**FLAT, **DATA})["GroupId"][0]
    assert "IpPermissions" in messages_of(schema, {**FLAT, **DATA})


def test_only_and_exclude_reach_into_permissions_and_spare_the_header() -> None:
    inner = AuthorizeSecurityGroupIngressSchema(only=("GroupId", "IpPermissions"))
    outer = AuthorizeSecurityGroupIngressSchema(exclude=("Version", "Action", "UserId", "DryRun"))

    for schema in (inner, outer):
        assert isinstance(schema.load({"Version": "2011-12-15", **DATA}), AuthorizeSecurityGroupIngress)
    assert {"UserId"} == messages_of(outer, {**DATA, "UserId": "x"}).keys()


@pytest.mark.parametrize(
    "schema", [RevokeSecurityGroupIngressSchema(), RevokeSecurityGroupIngressSchema(partial=True)]
)
def test_partial_reports_nothing_as_missing(schema: Any) -> None:
    assert RevokeSecurityGroupIngress() == schema.load({}, partial=True)
    assert {"GroupId"} == schema.validate({"GroupId": "web"}, partial=True).keys()


def test_a_schema_made_partial_stays_so_until_told_otherwise() -> None:
    schema = RevokeSecurityGroupIngressSchema(partial=True)

    assert RevokeSecurityGroupIngress() == schema.load({})
    assert {"GroupId", "IpPermissions"} == schema.validate({}, partial=False).keys()


def flask_client(parser: Any) -> Any:
    flask = pytest.importorskip("flask", reason="flask is absent")
    fields = pytest.importorskip("webargs", reason="webargs is absent").fields
    app = flask.Flask(__name__)

    def view(request: RevokeSecurityGroupIngress) -> str:
        return ec2codec.encode(request)

    def other(arguments: dict[str, int]) -> str:
        return str(arguments["a"])

    for base, schema, function in (
        ("", RevokeSecurityGroupIngressSchema(), view),
        ("/other", {"a": fields.Int(required=True)}, other),
    ):
        for location in ("query", "form", "json"):
            judged = parser.use_args(schema, location=location)(function)
            rule = f"{base}/{location}"
            app.add_url_rule(rule, endpoint=rule.replace("/", "-"), view_func=judged, methods=["GET", "POST"])
    return app.test_client()


def parsers() -> list[Any]:
    for host in ("flask", "webargs"):
        pytest.importorskip(host, reason=f"{host} is absent")
    from webargs.flaskparser import FlaskParser

    from ec2codec.integrations.webargs import WireParser

    return [FlaskParser(), WireParser()]


def sent(client: Any, query: str, base: str = "") -> list[Any]:
    return [
        client.get(f"{base}/query?{query}"),
        client.post(f"{base}/form", data=query, content_type="application/x-www-form-urlencoded"),
    ]


@pytest.mark.parametrize("which", [0, 1])
def test_webargs_loads_query_form_and_json(which: int) -> None:
    client = flask_client(parsers()[which])
    expected = ec2codec.encode(ec2codec.decode(QUERY))

    answers = [*sent(client, QUERY), client.post("/json", json=DATA)]

    assert [(200, expected)] * 3 == [(answer.status_code, answer.text) for answer in answers]


def test_our_parser_sees_every_pair_and_answers_as_ec2_does() -> None:
    client = flask_client(parsers()[1])

    for answer in sent(client, QUERY + "&GroupId=sg-2a2b3c4d"):
        response = ec2codec.decode_response(answer.data)
        assert isinstance(response, ErrorResponse)
        assert (400, "InvalidParameterCombination") == (answer.status_code, response.code)
    empty = client.post("/form", content_type="application/x-www-form-urlencoded")
    assert b"<Code>MissingAction</Code>" in empty.data
    broken = client.post("/json", json={"GroupId": "sg-1a2b3c4d", "IpPermissions": [{"IpProtocol": "tcp"}]})
    assert b"Must specify both from and to ports" in broken.data


def test_our_parser_leaves_other_schemas_to_webargs() -> None:
    client = flask_client(parsers()[1])

    assert ["7", "7"] == [answer.text for answer in sent(client, "a=7", "/other")]
    assert [422, 422] == [answer.status_code for answer in sent(client, "a=x", "/other")]


def test_checks_of_ones_own_are_answered_by_webargs() -> None:
    flask = pytest.importorskip("flask", reason="flask is absent")
    exceptions = pytest.importorskip("werkzeug.exceptions", reason="werkzeug is absent")
    parser = parsers()[1]

    def refuse(request: RevokeSecurityGroupIngress) -> None:
        raise ValidationError(f"not {request.group_id}")

    schema = RevokeSecurityGroupIngressSchema()
    with flask.Flask(__name__).test_request_context(f"/?{QUERY}") as context:
        request = context.request
    with pytest.raises(exceptions.HTTPException) as caught:
        parser.parse(schema, request, location="query", validate=refuse)

    assert 422 == caught.value.code


def spec_of(schemas: dict[str, Any]) -> dict[str, Any]:
    apispec = pytest.importorskip("apispec", reason="apispec is absent")
    from ec2codec.integrations.apispec import Plugin

    spec = apispec.APISpec("EC2", "2016-11-15", "3.1.0", plugins=[Plugin()])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name, schema in schemas.items():
            spec.components.schema(name, schema=schema)
    document: dict[str, Any] = spec.to_dict()
    return document


def test_apispec_writes_types_descriptions_and_nesting() -> None:
    schemas = spec_of(dict(SCHEMAS))["components"]["schemas"]

    permission = schemas["IpPermission"]["properties"]
    assert {"type": "integer", "format": "int32"}.items() <= permission["FromPort"].items()
    assert "First port, 0 to 65535" in permission["FromPort"]["description"]
    assert {"$ref": "#/components/schemas/UserIdGroupPair"} == permission["Groups"]["items"]
    pair = schemas["UserIdGroupPair"]["properties"]
    assert pair["VpcId"]["description"].endswith(". Since 2015-10-01.")
    assert "Status of the peering; in responses." == pair["PeeringStatus"]["description"]
    assert "boolean" == schemas["RevokeSecurityGroupEgress"]["properties"]["DryRun"]["type"]
    assert "GroupName" not in schemas["RevokeSecurityGroupEgress"]["properties"]
    assert (
        "string"
        == schemas["RevokeSecurityGroupIngress"]["properties"]["SecurityGroupRuleId"]["items"]["type"]
    )


def test_what_apispec_writes_judges_the_shape_of_a_request() -> None:
    document = spec_of({"Request": RevokeSecurityGroupIngressSchema})
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is absent")
    validator = jsonschema.Draft202012Validator({"$ref": "#/components/schemas/Request", **document})

    validator.validate(RevokeSecurityGroupIngressSchema().dump(ec2codec.decode(QUERY)))
    for wrong in ({"GroupID": "x"}, {"FromPort": "80"}, {"IpPermissions": [{"UserIdGroupPairs": 1}]}):
        assert not validator.is_valid(wrong)


def test_apispec_writes_the_responses_and_leaves_other_fields_alone() -> None:
    from marshmallow import Schema, fields

    class Wrapped(Schema):
        note = fields.String()

    schemas = spec_of({"Describe": RESPONSE_SCHEMAS["DescribeSecurityGroupsResponse"], "Wrapped": Wrapped})

    parts = schemas["components"]["schemas"]
    assert "array" == parts["Describe"]["properties"]["securityGroupInfo"]["type"]
    assert {"note": {"type": "string"}} == parts["Wrapped"]["properties"]
