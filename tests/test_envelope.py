"""Responses and XML: both directions, law 6, and rules 5xx."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import botocore.loaders  # type: ignore[import-untyped]
import pytest
from botocore.model import ServiceModel  # type: ignore[import-untyped]
from botocore.parsers import create_parser  # type: ignore[import-untyped]
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ec2codec import (
    AuthorizeSecurityGroupIngressResponse,
    Codec,
    DescribeSecurityGroupsResponse,
    EnvelopeError,
    Error,
    ErrorResponse,
    IpPermission,
    IpRange,
    Profile,
    ReferencedSecurityGroup,
    Request,
    Response,
    RevokeSecurityGroupEgress,
    RevokeSecurityGroupIngress,
    RevokeSecurityGroupIngressResponse,
    SecurityGroup,
    SecurityGroupRule,
    Tag,
    check_response,
    decode_response,
    encode_response,
    plain,
    xml,
)
from responding import EC2, fragments, responses

# The example of the API reference 2011-12-15, as it is printed there: no declaration, blanks at line ends.
EXAMPLE = """<RevokeSecurityGroupIngressResponse xmlns="http://ec2.amazonaws.com/doc/2011-12-15/">
  <requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId> 
  <return>true</return> 
</RevokeSecurityGroupIngressResponse> """  # noqa: W291
MEANING = RevokeSecurityGroupIngressResponse(request_id="59dbff89-35bd-4eac-99ed-be587EXAMPLE", return_=True)
ERROR = "<Response><Errors><Error><Code>A</Code></Error></Errors></Response>"
PROFILES = [*Profile, None]


@pytest.fixture(autouse=True, scope="module", params=["plain", "reference"])
def path(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test here runs with the quick path, and without it."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "reference":
            patch.setattr(plain, "judge", lambda *_: None)
        yield


def revoked(inner: str, namespace: str = EC2) -> str:
    return (
        f'<RevokeSecurityGroupIngressResponse xmlns="{namespace}">{inner}'
        "</RevokeSecurityGroupIngressResponse>"
    )


def rules(text: Any, **options: Any) -> list[str]:
    return [
        violation.rule if violation.severity == "error" else f"{violation.rule} warning"
        for violation in check_response(text, **options)
    ]


def test_example_of_the_api_reference_decodes() -> None:
    assert decode_response(EXAMPLE) == MEANING
    assert check_response(EXAMPLE, request=RevokeSecurityGroupIngress()) == ()


def test_response_is_written_as_the_api_reference_prints_it() -> None:
    lines = [line.strip() for line in EXAMPLE.splitlines()]

    assert encode_response(MEANING) == '<?xml version="1.0" encoding="UTF-8"?>\n' + "".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        EXAMPLE,
        EXAMPLE.encode(),
        bytearray(EXAMPLE.encode()),
        EXAMPLE.replace("\n", "\r\n"),
        '<?xml version="1.0"?>\n' + EXAMPLE,
        EXAMPLE.replace("2011-12-15/", "2011-12-15"),
        EXAMPLE.replace("<", "<e:").replace("<e:/", "</e:").replace("xmlns=", "xmlns:e="),
        EXAMPLE.replace("requestId", "RequestID"),
        EXAMPLE.replace("requestId", "RequestId"),
        EXAMPLE.replace("requestId", "requestID"),
        EXAMPLE.replace("true", " 1\n"),
        EXAMPLE.replace("true", "<![CDATA[true]]>"),
        EXAMPLE.replace("true", "tr<!-- -->ue"),
        EXAMPLE.replace("<return>true</return>", "").replace("<req", "<return>true</return><req"),
        EXAMPLE.replace("</return>", "</return><unknownIpPermissionSet/><revokedSecurityGroupRuleSet/>"),
    ],
)
@pytest.mark.parametrize("profile", PROFILES)
def test_what_real_senders_do_differently_is_read_alike(text: Any, profile: Profile | None) -> None:
    assert decode_response(text, profile=profile) == MEANING


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("1", True), ("false", False), ("0", False), ("\t0 ", False)]
)
def test_return_is_an_xsd_boolean(text: str, value: bool) -> None:
    response = decode_response(revoked(f"<return>{text}</return>"))

    assert isinstance(response, RevokeSecurityGroupIngressResponse)
    assert response.return_ is value


@pytest.mark.parametrize(
    "inner",
    [
        "<return>yes</return>",
        "<return>TRUE</return>",
        "<return>True</return>",
        "<return>\u00a0true</return>",
        "<return>10</return>",
        "<return></return>",
        "<return/>",
        "<return> </return>",
        "<return>true</return><return>true</return>",
        '<return a="1">true</return>',
        "<return>true<b/></return>",
        "<return><b>true</b></return>",
        '<return xmlns="http://evil/">true</return>',
        '<return xmlns="">true</return>',
        '<return>false</return><z:return xmlns:z="http://evil/">true</z:return>',
    ],
)
@pytest.mark.parametrize("profile", PROFILES)
def test_return_of_any_other_form_is_refused(inner: str, profile: Profile | None) -> None:
    assert rules(revoked(f"<requestId>1</requestId>{inner}"), profile=profile) == ["E503"]


def test_return_may_be_missing_where_the_document_is_not_the_law() -> None:
    text = revoked("<requestId>1</requestId>")

    assert rules(text) == ["E503"]
    assert rules(text, profile="observed") == ["E503 warning"]
    assert rules(text, profile=None) == []
    response = decode_response(text, profile="observed")
    assert response == RevokeSecurityGroupIngressResponse(request_id="1", return_=None)
    assert response == decode_response(text, profile=None)
    observed = Codec(profile="observed")
    assert response == observed.decode_response(observed.encode_response(response))
    with pytest.raises(EnvelopeError, match="E503"):
        encode_response(response)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["E501"]),
        (None, ["E501"]),
        (revoked("<return>true</return>") + "junk", ["E501"]),
        ("<!DOCTYPE html><html><body>502</body></html>", ["E501"]),
        ("<html><body>502</body></html>", ["E502"]),
        ("<return>true</return>", ["E502"]),
        ("<ErrorResponse><Error><Code>A</Code></Error></ErrorResponse>", ["E502"]),
        (EXAMPLE.replace("Revoke", "Delete"), ["E502"]),
        (EXAMPLE.replace("Revoke", "revoke"), ["E502"]),
        (revoked("<return>true</return>", "http://evil/"), ["E502"]),
        (revoked("<return>yes</return>", "http://ec2.amazonaws.com/doc/2011-12-15//"), ["E502"]),
        (revoked("<return>true</return>", "http://ec2.amazonaws.com/doc/\u0662011-12-15/"), ["E502"]),
        (revoked("<return>true</return>", "https://ec2.amazonaws.com/doc/2011-12-15/"), ["E502"]),
        (ERROR.replace("<Response", "<Response xmlns='http://evil/'"), ["E502"]),
        (revoked("<return>true</return><requestId>1</requestId><RequestID>2</RequestID>"), ["E502"]),
        (revoked("text<return>true</return>"), ["E502"]),
        (revoked("<requestId a='b'><c/></requestId><return>no</return>"), ["E502", "E502", "E503"]),
        (revoked("<return>true</return><unknownIpPermissionSet>x</unknownIpPermissionSet>"), ["E502"]),
        ("<Response/>", ["E504"]),
        ("<Response><Errors/></Response>", ["E504"]),
        ("<Response><Errors><Error><Message>m</Message></Error></Errors></Response>", ["E504"]),
        ("<Response><Errors><Error><Code/></Error></Errors></Response>", ["E504"]),
        ("<Response><Error><Code>A</Code></Error></Response>", ["E504"]),
        (ERROR.replace("</Code>", "</Code><Code>B</Code>"), ["E504"]),
        (ERROR.replace("<Code>", "<Code a='1'>"), ["E504"]),
        (ERROR.replace("<Errors>", "<Errors>text"), ["E504"]),
        (ERROR.replace("<Response>", "<Response a='1'>"), ["E504"]),
    ],
)
@pytest.mark.parametrize("profile", PROFILES)
def test_strange_documents_break_their_rule_under_every_profile(
    text: Any, expected: list[str], profile: Profile | None
) -> None:
    violations = check_response(text, profile=profile)

    assert [violation.rule for violation in violations] == expected
    assert {(violation.location, violation.code) for violation in violations} == {("", None)}
    with pytest.raises(EnvelopeError) as caught:
        decode_response(text, profile=profile)
    assert caught.value.violations == violations


def test_message_names_the_element_by_its_place() -> None:
    text = """<DescribeSecurityGroupsResponse><securityGroupInfo><item/><item><ipPermissions><item>
        <fromPort>http</fromPort></item></ipPermissions></item></securityGroupInfo>
        </DescribeSecurityGroupsResponse>"""

    (violation,) = check_response(text)

    place = "securityGroupInfo.2.ipPermissions.1.fromPort"
    assert str(violation) == f"E502 {place}: expected Integer, got 'http'"


def test_message_is_short_and_printable_and_holds_no_key() -> None:
    (violation,) = check_response(revoked(f"<return>\u202eAKIAIOSFODNN7EXAMPLE{'x' * 500}</return>"))

    assert "AKIA" not in violation.message
    assert violation.message.isprintable()
    assert len(violation.message) < 150


@pytest.mark.parametrize("request_", ["AuthorizeSecurityGroupIngress", RevokeSecurityGroupEgress()])
def test_response_of_another_action_is_refused_where_documented(request_: Request | str) -> None:
    assert rules(EXAMPLE, request=request_) == ["E502"]
    assert rules(EXAMPLE, request=request_, profile="observed") == ["E502 warning"]
    assert rules(EXAMPLE, request=request_, profile=None) == []
    assert decode_response(EXAMPLE, request=request_, profile="observed") == MEANING


def test_error_answers_every_request() -> None:
    for request in (None, "DescribeSecurityGroups", RevokeSecurityGroupIngress()):
        assert rules(ERROR, request=request) == []


def test_namespace_of_another_version_is_a_warning() -> None:
    text = EXAMPLE.replace("2011-12-15/", "2016-11-15")
    request = RevokeSecurityGroupIngress()

    assert rules(text, request=request) == ["W505 warning"]
    assert rules(text, request=request, profile="observed") == ["W505 warning"]
    assert rules(text, request=request, profile=None) == []
    assert rules(text, request=replace(request, version="2016-11-15")) == []
    assert rules(EXAMPLE.replace(f' xmlns="{EC2}"', ""), request=request) == []
    assert decode_response(text, request=request).version == "2016-11-15"


def test_request_known_by_name_has_the_version_that_was_chosen_or_none() -> None:
    name = "RevokeSecurityGroupIngress"
    text = EXAMPLE.replace("2011-12-15", "2016-11-15")

    assert Codec().check_response(text, request=name) == ()
    assert Codec(version="2016-11-15").check_response(text, request=name) == ()
    (warning,) = Codec(version="2011-12-15").check_response(text, request=name)
    assert warning.rule == "W505"
    assert Codec(version="2011-12-15").check_response(text, request=name, ignore=("W505",)) == ()
    assert Codec(version="2011-12-15").decode_response(text, request=name).version == "2016-11-15"


@pytest.mark.parametrize(
    ("version", "lists"),
    [
        ("2011-12-15", "<groups/><ipRanges/>"),
        ("2015-04-15", "<groups/><ipRanges/><prefixListIds/>"),
        ("2016-11-15", "<groups/><ipRanges/><ipv6Ranges/><prefixListIds/>"),
    ],
)
def test_empty_lists_of_a_group_are_written_as_ec2_of_that_version_does(version: str, lists: str) -> None:
    group = SecurityGroup(group_id="sg-1a2b3c4d", ip_permissions=(IpPermission(ip_protocol="-1"),))
    response = DescribeSecurityGroupsResponse(version=version, security_group_info=(group,))

    text = encode_response(response)

    permissions = f"<ipPermissions><item><ipProtocol>-1</ipProtocol>{lists}</item></ipPermissions>"
    assert f"<groupId>sg-1a2b3c4d</groupId>{permissions}<ipPermissionsEgress/></item>" in text
    assert decode_response(text) == response


def test_the_sdk_finds_the_lists_of_a_group_without_permissions() -> None:
    model = botocore.loaders.Loader().load_service_model("ec2", "service-2", "2016-11-15")
    shape = ServiceModel(model).operation_model("DescribeSecurityGroups").output_shape
    group = SecurityGroup(group_id="sg-1a2b3c4d")
    response = DescribeSecurityGroupsResponse(version="2016-11-15", security_group_info=(group,))

    raw = {"body": encode_response(response).encode(), "headers": {}, "status_code": 200}
    (parsed,) = create_parser("ec2").parse(raw, shape)["SecurityGroups"]

    assert parsed == {"GroupId": "sg-1a2b3c4d", "IpPermissions": [], "IpPermissionsEgress": []}


def test_error_with_two_errors_keeps_both() -> None:
    more = "<Error><Code>B</Code><Message/></Error></Errors><RequestID>1</RequestID>"
    text = ERROR.replace("</Errors>", more)

    response = decode_response(text)

    assert response == ErrorResponse(errors=(Error(code="A"), Error(code="B", message="")), request_id="1")
    assert encode_response(response).endswith(text)


def test_error_is_written_without_the_namespace_that_others_add() -> None:
    text = ERROR.replace("<Response>", f'<Response xmlns="{EC2}"><requestID/>')

    response = decode_response(text)

    assert response.version == "2011-12-15"
    assert encode_response(response).endswith(ERROR)


def test_what_aws_adds_over_time_is_kept_and_not_written() -> None:
    text = revoked("<return>true</return><new><item>1</item><item>2</item></new>")

    response = decode_response(text)

    assert response.unknown == (("new.item", "1"), ("new.item", "2"))
    assert check_response(text) == ()
    assert decode_response(encode_response(response)) == response
    assert "new" not in encode_response(response)


def test_one_item_or_many_or_none_are_a_tuple() -> None:
    item = "<item><ipProtocol>tcp</ipProtocol><groups/><ipRanges/><toPort/></item>"
    for count in range(3):
        inner = f"<return>1</return><unknownIpPermissionSet>{item * count}</unknownIpPermissionSet>"
        response = decode_response(revoked(inner))
        assert isinstance(response, RevokeSecurityGroupIngressResponse)
        assert response.unknown_ip_permission_set == (IpPermission(ip_protocol="tcp"),) * count


def test_description_needs_no_request_and_has_no_return() -> None:
    response = decode_response(
        """<DescribeSecurityGroupsResponse xmlns="http://ec2.amazonaws.com/doc/2011-12-15/"><securityGroupInfo>
        <item><groupId>sg-1</groupId><vpcId/><ipPermissions><item><fromPort> 0 </fromPort><groups/><ipRanges>
        <item><cidrIp>10.0.0.0/8</cidrIp></item></ipRanges></item></ipPermissions><tagSet><item><key>k</key>
        <value/></item><item><key>k</key></item></tagSet></item></securityGroupInfo>
        </DescribeSecurityGroupsResponse>"""
    )

    permission = IpPermission(from_port=0, ip_ranges=(IpRange(cidr_ip="10.0.0.0/8"),))
    tags = (Tag(key="k", value=""), Tag(key="k"))
    group = SecurityGroup(group_id="sg-1", ip_permissions=(permission,), tag_set=tags)
    assert response == DescribeSecurityGroupsResponse(security_group_info=(group,))


@pytest.mark.parametrize(
    ("version", "namespace"),
    [
        ("2006-06-26", "2006-06-26"),
        ("2008-08-08", "2008-08-08"),
        ("2008-12-01", "2008-12-01/"),
        ("2011-12-15", "2011-12-15/"),
        ("2016-11-15", "2016-11-15/"),
    ],
)
def test_namespace_is_that_of_the_version(version: str, namespace: str) -> None:
    response = RevokeSecurityGroupIngressResponse(version=version, return_=True)

    text = encode_response(response)

    assert f'<RevokeSecurityGroupIngressResponse xmlns="http://ec2.amazonaws.com/doc/{namespace}">' in text
    assert "requestId" not in text
    assert decode_response(text) == response


def test_response_without_version_has_no_namespace() -> None:
    assert "xmlns" not in encode_response(replace(MEANING, version=None))


@pytest.mark.parametrize(
    ("response", "rule"),
    [
        (None, "E501"),
        ("text", "E501"),
        (Response(), "E501"),
        (RevokeSecurityGroupIngress(), "E501"),
        (replace(MEANING, request_id="x" * (xml.MAX_TEXT + 1)), "E501"),
        (replace(MEANING, version="yesterday"), "E502"),
        (replace(MEANING, version=""), "E502"),
        (replace(MEANING, version=2011), "E502"),  # type: ignore[arg-type]
        (replace(MEANING, request_id="\x00"), "E502"),
        (replace(MEANING, request_id="\ud800"), "E502"),
        (replace(MEANING, request_id=""), "E502"),
        (replace(MEANING, request_id=5), "E502"),  # type: ignore[arg-type]
        (replace(MEANING, unknown_ip_permission_set=("text",)), "E502"),  # type: ignore[arg-type]
        (replace(MEANING, unknown_ip_permission_set=({"a><b": 1},)), "E502"),  # type: ignore[arg-type]
        (replace(MEANING, unknown_ip_permission_set=(IpPermission(from_port=2**31),)), "E502"),
        (replace(MEANING, unknown_ip_permission_set=(IpPermission(from_port=10**5000),)), "E502"),
        (replace(MEANING, unknown_ip_permission_set=(IpPermission(from_port=True),)), "E502"),
        (replace(MEANING, return_=None), "E503"),
        (replace(MEANING, return_=2), "E503"),  # type: ignore[arg-type]
        (replace(MEANING, return_="yes"), "E503"),  # type: ignore[arg-type]
        (ErrorResponse(), "E504"),
        (ErrorResponse(errors=(Error(message="m"),)), "E504"),
        (ErrorResponse(errors=(Error(code="A", message="\x1b"),)), "E504"),
    ],
)
def test_response_that_would_not_be_read_back_is_not_written(response: Any, rule: str) -> None:
    with pytest.raises(EnvelopeError) as caught:
        encode_response(response)

    assert [rule] == [violation.rule for violation in caught.value.violations]


def test_document_over_the_limit_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(encode_response(MEANING))
    monkeypatch.setattr(xml, "MAX_BYTES", size)
    assert decode_response(encode_response(MEANING)) == MEANING
    monkeypatch.setattr(xml, "MAX_BYTES", size - 1)

    with pytest.raises(EnvelopeError, match="E501"):
        encode_response(MEANING)


def test_error_survives_pickle_and_holds_nothing_of_the_document() -> None:
    text = EXAMPLE.replace("true", "maybe").replace("59dbff89", "SECRET")
    for strange in (text, text + "<", "\ud800SECRET", None):
        with pytest.raises(EnvelopeError) as caught:
            decode_response(strange)  # type: ignore[arg-type]
        error = caught.value
        assert (error.__cause__, error.__context__) == (None, None)
        assert "SECRET" not in repr(error) + str(error)
        assert pickle.loads(pickle.dumps(error)).violations == error.violations


# Law 6.

MOST = AuthorizeSecurityGroupIngressResponse(
    request_id=" \r\n",
    return_=False,
    security_group_rule_set=(
        SecurityGroupRule(
            from_port=0,
            is_egress=False,
            referenced_group_info=ReferencedSecurityGroup(),
            tag_set=(Tag(), Tag(value="")),
        ),
        SecurityGroupRule(),
    ),
)


@settings(max_examples=300)
@given(responses)
@example(MOST)
def test_responses_decode_as_they_were_encoded(response: Response) -> None:
    """Law 6: `decode_response(encode_response(r)) == r` for every response that can be encoded."""
    text = encode_response(response)

    assert decode_response(text) == decode_response(text.encode()) == response
    assert check_response(text, profile=None) == ()


@given(responses)
def test_encoding_is_canonical(response: Response) -> None:
    text = encode_response(response)

    assert encode_response(decode_response(text)) == text


@given(st.binary() | st.text() | fragments | st.none() | st.integers() | st.lists(st.binary()))
def test_check_returns_for_every_input_and_decode_agrees(text: Any) -> None:
    """Laws 4 and 5, for documents."""
    for profile in PROFILES:
        violations = check_response(text, profile=profile)
        if any(violation.severity == "error" for violation in violations):
            with pytest.raises(EnvelopeError) as caught:
                decode_response(text, profile=profile)
            assert caught.value.violations == violations
        else:
            assert isinstance(decode_response(text, profile=profile), Response)


@given(st.data())
def test_documents_with_one_character_changed_are_read_or_refused(data: st.DataObject) -> None:
    document = encode_response(data.draw(responses)).encode()
    place = data.draw(st.integers(0, len(document) - 1))
    changed = document[:place] + data.draw(st.binary(max_size=2)) + document[place + 1 :]

    assert isinstance(check_response(changed), tuple)
