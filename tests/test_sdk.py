"""Requests as the AWS SDK for Python has them, against its own parameter validation and serializer."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.loaders import Loader  # type: ignore[import-untyped]
from botocore.model import ServiceModel  # type: ignore[import-untyped]
from botocore.serialize import create_serializer  # type: ignore[import-untyped]
from botocore.validate import ParamValidator  # type: ignore[import-untyped]
from hypothesis import given

import ec2codec
from ec2codec import EncodeError, Request, RevokeSecurityGroupIngress
from ec2codec.sdk import from_boto, sdk_location, to_boto
from strategies import requests

SERVICE = ServiceModel(Loader().load_service_model("ec2", "service-2", "2016-11-15"), "ec2")


def _is_of_botocore(request: Request) -> bool:
    # The deprecated top-level UserId is in no model of AWS's.
    return getattr(request, "user_id", None) is None


@given(requests(version="2016-11-15").filter(_is_of_botocore))
def test_to_boto_gives_what_botocore_takes_and_sends_as_we_do(request: Request) -> None:
    operation = SERVICE.operation_model(request.action)

    params = to_boto(request)

    assert "" == ParamValidator().validate(params, operation.input_shape).generate_report()
    body = create_serializer("ec2").serialize_to_request(params, operation)["body"]
    assert {name: str(value) for name, value in body.items()} == dict(ec2codec.encode_params(request))


@given(requests(version="2016-11-15"))
def test_from_boto_gives_back_what_to_boto_was_given(request: Request) -> None:
    params = to_boto(request)

    assert request == from_boto(params, action=request.action)
    assert params == to_boto(from_boto(params, action=request.action))


def test_from_boto_keeps_the_version_of_the_client() -> None:
    request = from_boto({"GroupId": "sg-1a2b3c4d"}, action="RevokeSecurityGroupIngress", version="2014-09-01")

    assert RevokeSecurityGroupIngress(version="2014-09-01", group_id="sg-1a2b3c4d") == request


PAIR = {"GroupId": "sg-2a2b3c4d"}


@pytest.mark.parametrize(
    ("params", "location", "rule"),
    [
        ({"IpPermissions": [{"Groups": [PAIR]}]}, "IpPermissions[0].Groups[0].GroupId", "E101"),
        ({"SecurityGroupRuleId": ["sgr-1a2b3c4d"]}, "SecurityGroupRuleId[0]", "E101"),
        ({"GroupID": "sg-1a2b3c4d"}, "GroupID", "E101"),
        ({"IpPermissions": {"IpProtocol": "tcp"}}, "IpPermissions.IpProtocol", "E102"),
        ({"IpPermissions": [{"FromPort": 80.5}]}, "IpPermissions[0].FromPort", "E201"),
        ({"IpPermissions": [{"IpProtocol": "tcp"}, None]}, "IpPermissions[1]", "E104"),
    ],
)
def test_what_has_no_wire_form_is_refused_where_the_sdk_has_it(
    params: dict[str, Any], location: str, rule: str
) -> None:
    with pytest.raises(EncodeError) as caught:
        from_boto(params, action="RevokeSecurityGroupIngress")

    assert [(location, rule)] == [(sdk_location(v.location), v.rule) for v in caught.value.violations]


@pytest.mark.parametrize(
    ("wire", "sdk"),
    [
        ("", ""),
        ("GroupId", "GroupId"),
        ("IpPermissions.2.Groups.1.GroupId", "IpPermissions[1].UserIdGroupPairs[0].GroupId"),
        ("TagSpecification.1.Tag.3.Key", "TagSpecifications[0].Tags[2].Key"),
        ("SecurityGroupRuleId.2", "SecurityGroupRuleIds[1]"),
    ],
)
def test_locations_are_spelt_as_the_sdk_has_them(wire: str, sdk: str) -> None:
    assert sdk == sdk_location(wire)
