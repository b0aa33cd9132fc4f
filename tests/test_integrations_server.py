"""Bytes in; a request, or the answer that refuses it, out."""

from __future__ import annotations

import pytest

import ec2codec
from ec2codec import Codec, DescribeSecurityGroupsResponse, ErrorResponse, RevokeSecurityGroupIngress
from ec2codec.error_codes import ErrorCode
from ec2codec.integrations.server import Answer, accept, action_of, answer, fail, receive

HEAD = b"Action=RevokeSecurityGroupIngress&Version=2016-11-15"
REST = b"GroupId=sg-1a2b3c4d&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"


def error_of(refusal: Answer) -> tuple[int, str | None, str | None]:
    response = ec2codec.decode_response(refusal.body)
    assert isinstance(response, ErrorResponse)
    assert (("Content-Type", "text/xml;charset=UTF-8"),) == refusal.headers
    assert response.request_id
    return refusal.status, response.code, response.message


@pytest.mark.parametrize(
    ("body", "query"), [(HEAD + b"&" + REST, b""), (REST, HEAD), (b"", HEAD + b"&" + REST)]
)
def test_body_and_query_are_one_request(body: bytes, query: bytes) -> None:
    request = receive(body, query=query)

    assert ec2codec.decode(HEAD + b"&" + REST) == request
    assert "RevokeSecurityGroupIngress" == action_of(body, query=query)


def test_a_parameter_in_both_is_one_too_many() -> None:
    refusal = receive(REST + b"&" + HEAD, query=HEAD)

    assert isinstance(refusal, Answer)
    assert (
        400,
        "InvalidParameterCombination",
        "The parameter Action may only be specified once",
    ) == error_of(refusal)


def test_a_body_that_looks_like_a_url_is_none() -> None:
    for prefix in (b"https://ec2.amazonaws.com/?", b"/?", b"?"):
        refusal = receive(prefix + HEAD + b"&" + REST)

        assert isinstance(refusal, Answer)
        assert "MissingAction" == error_of(refusal)[1]


def test_a_refusal_is_ec2s_own_document() -> None:
    refusal = receive(HEAD + b"&GroupId=web", request_id="59dbff89")

    assert isinstance(refusal, Answer)
    assert (400, "InvalidGroupId.Malformed", 'Invalid id: "web" (expecting "sg-...")') == error_of(refusal)
    assert b"<RequestID>59dbff89</RequestID>" in refusal.body


def test_the_codec_says_under_which_choices() -> None:
    named = REST.replace(b"GroupId=sg-1a2b3c4d", b"GroupName=web")

    refusal = receive(HEAD + b"&" + named, codec=Codec(platform="vpc"))

    assert isinstance(refusal, Answer)
    assert "InvalidParameterValue" == error_of(refusal)[1]
    assert isinstance(receive(HEAD + b"&" + named), RevokeSecurityGroupIngress)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", None),
        (b"GroupId=x", None),
        (b"A%63tion=Describe%53ecurityGroups", "DescribeSecurityGroups"),
        (b"Action=%FF", "\ufffd"),
    ],
)
def test_the_action_is_known_before_anything_is_judged(body: bytes, expected: str | None) -> None:
    assert expected == action_of(body)


def test_true_is_said_in_the_version_of_the_request() -> None:
    request = receive(HEAD + b"&" + REST)
    assert isinstance(request, RevokeSecurityGroupIngress)

    said = accept(request, request_id="r", unknown_ip_permission_set=request.ip_permissions)

    response = ec2codec.decode_response(said.body, request=request)
    assert (200, True) == (said.status, getattr(response, "return_", None))
    assert request.ip_permissions == getattr(response, "unknown_ip_permission_set", None)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (ErrorCode.INVALID_GROUP_NOT_FOUND, 400),
        (ErrorCode.AUTH_FAILURE, 401),
        (ErrorCode.UNAUTHORIZED_OPERATION, 403),
        (ErrorCode.DRY_RUN_OPERATION, 412),
        (ErrorCode.INTERNAL_ERROR, 500),
        (ErrorCode.REQUEST_LIMIT_EXCEEDED, 503),
    ],
)
def test_errors_of_the_service_have_their_status(code: ErrorCode, status: int) -> None:
    assert (status, code, "said") == error_of(fail(code, "said"))


def test_described_groups_are_answered_too() -> None:
    said = answer(DescribeSecurityGroupsResponse(request_id="r"))

    assert (200, True) == (said.status, b"<DescribeSecurityGroupsResponse" in said.body)
