"""boto3 under judgement: clients and resources, alone, under Stubber and under moto."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from ec2codec.integrations.botocore import Installation, RequestWarning, install

boto3 = pytest.importorskip("boto3", reason="boto3 is absent")
from botocore.exceptions import ClientError, ParamValidationError  # type: ignore[import-untyped] # noqa: E402
from botocore.stub import Stubber  # type: ignore[import-untyped] # noqa: E402

PAIR = {"GroupId": "sg-2a2b3c4"}
RANGE = {"IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
GOOD: dict[str, Any] = {"IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, **RANGE}]}
BAD: dict[str, Any] = {
    "IpPermissions": [*GOOD["IpPermissions"], {"IpProtocol": "-1", "UserIdGroupPairs": [PAIR]}]
}
# Accepted, and hardly meant: host bits.
ODD: dict[str, Any] = {"IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.1/8"}]}]}
WHERE = "IpPermissions[1].UserIdGroupPairs[0].GroupId"
SAID = 'Invalid id: "sg-2a2b3c4" (expecting "sg-...")'
GROUP = "sg-1a2b3c4d"
CODE = "InvalidGroupId.Malformed"


@pytest.fixture
def session() -> Any:
    return boto3.Session(region_name="us-east-1", aws_access_key_id="t", aws_secret_access_key="SECRET")


def client_of(session: Any) -> Any:
    # Nobody listens there: what leaves fails at once, and visibly.
    return session.client("ec2", endpoint_url="http://127.0.0.1:1")


def code_of(error: Any) -> str:
    return str(error.value.response["Error"]["Code"])


def test_raise_gives_a_client_error_with_the_findings_in_both_spellings(session: Any) -> None:
    client = client_of(session)
    install(client)

    with pytest.raises(ClientError) as caught:
        client.revoke_security_group_ingress(GroupId=GROUP, **BAD)

    error: Any = caught.value
    assert (CODE, SAID) == (error.response["Error"]["Code"], error.response["Error"]["Message"])
    assert "RevokeSecurityGroupIngress" == error.operation_name
    assert 400 == error.response["ResponseMetadata"]["HTTPStatusCode"]
    assert ["IpPermissions.2.Groups.1.GroupId"] == [v.location for v in error.violations]
    assert [WHERE] == [finding.parameter for finding in error.findings]
    assert f"{WHERE}: E204 {SAID} [{CODE}]" == str(error.findings[0])


CALLS = [
    (
        "client",
        lambda session, arguments: client_of(session).revoke_security_group_ingress(
            GroupId=GROUP, **arguments
        ),
    ),
    (
        "client",
        lambda session, arguments: client_of(session).authorize_security_group_egress(
            GroupId=GROUP, **arguments
        ),
    ),
    (
        "resource",
        lambda session, arguments: session.resource("ec2").SecurityGroup(GROUP).revoke_ingress(**arguments),
    ),
    (
        "resource",
        lambda session, arguments: session.resource("ec2").SecurityGroup(GROUP).authorize_egress(**arguments),
    ),
]


@pytest.mark.parametrize("mode", ["raise", "answer"])
@pytest.mark.parametrize("call", [call for _, call in CALLS])
def test_a_session_covers_clients_and_resources(session: Any, call: Any, mode: Any) -> None:
    with install(session, mode), pytest.raises(ClientError) as caught:
        call(session, BAD)

    assert CODE == code_of(caught)


def test_a_resource_and_a_session_of_botocore_are_targets_too(session: Any) -> None:
    resource = session.resource("ec2")
    install(resource)
    install(session._session, "collect")

    with pytest.raises(ClientError) as caught:
        resource.SecurityGroup(GROUP).revoke_ingress(**BAD)

    assert CODE == code_of(caught)


def test_what_is_no_target_and_no_mode_is_refused(session: Any) -> None:
    with pytest.raises(TypeError, match="expected a client, a resource or a session, got int"):
        install(5)
    with pytest.raises(ValueError, match="expected raise, warn, collect or answer as mode, got 'shout'"):
        install(session, "shout")  # type: ignore[arg-type]


@pytest.fixture
def stubbed(session: Any) -> Iterator[tuple[Any, Stubber]]:
    client = client_of(session)
    with Stubber(client) as stubber:
        yield client, stubber


def test_raise_works_under_a_stubber(stubbed: tuple[Any, Stubber]) -> None:
    client, stubber = stubbed
    stubber.add_response("revoke_security_group_ingress", {"Return": True})
    install(client)

    with pytest.raises(ClientError) as caught:
        client.revoke_security_group_ingress(GroupId=GROUP, **BAD)

    assert CODE == code_of(caught)
    assert client.revoke_security_group_ingress(GroupId=GROUP, **GOOD)["Return"]


def test_collect_keeps_errors_and_warnings_and_lets_the_call_go(stubbed: tuple[Any, Stubber]) -> None:
    client, stubber = stubbed
    for call in ("revoke_security_group_ingress", "authorize_security_group_egress"):
        stubber.add_response(call, {"Return": True})
    installation = install(client, "collect")

    client.revoke_security_group_ingress(GroupId=GROUP, **BAD)
    client.authorize_security_group_egress(GroupId=GROUP, **ODD)

    assert [
        ("RevokeSecurityGroupIngress", "E204", WHERE),
        ("AuthorizeSecurityGroupEgress", "W207", "IpPermissions[0].IpRanges[0].CidrIp"),
    ] == [(found.operation, found.violation.rule, found.parameter) for found in installation.findings]


def test_warn_warns_where_the_call_is_made(stubbed: tuple[Any, Stubber]) -> None:
    client, stubber = stubbed
    stubber.add_response("revoke_security_group_ingress", {"Return": True})
    install(client, "warn")

    with pytest.warns(RequestWarning) as caught:
        client.revoke_security_group_ingress(GroupId=GROUP, **ODD)

    (warning,) = caught
    assert __file__ == warning.filename
    assert "RevokeSecurityGroupIngress:\nIpPermissions[0].IpRanges[0].CidrIp: W207 " in str(warning.message)


def test_what_the_service_only_accepts_is_not_raised(stubbed: tuple[Any, Stubber]) -> None:
    client, stubber = stubbed
    stubber.add_response("revoke_security_group_ingress", {"Return": True})
    install(client)

    assert client.revoke_security_group_ingress(GroupId=GROUP, **ODD)["Return"]


def test_uninstall_ends_it_also_for_clients_made_meanwhile(session: Any) -> None:
    installation = install(session)
    answering = install(session, "answer")
    client = client_of(session)
    installation.uninstall()
    installation.uninstall()
    answering.uninstall()
    installation.codec = answering.codec = None  # type: ignore[assignment]

    with Stubber(client) as stubber:
        stubber.add_response("revoke_security_group_ingress", {"Return": True})
        assert client.revoke_security_group_ingress(GroupId=GROUP, **BAD)["Return"]
    assert not installation.active
    request = type("Request", (), {"body": b"Action=RevokeSecurityGroupIngress"})
    assert answering._answer(request) is None


def test_names_that_botocore_does_not_know_are_refused_by_ec2s_code(session: Any) -> None:
    client = client_of(session)
    with install(client), pytest.raises(ClientError) as caught:
        client.revoke_security_group_ingress(GroupID=GROUP, **GOOD)

    assert "UnknownParameter" == code_of(caught)
    with pytest.raises(ParamValidationError):
        client.revoke_security_group_ingress(GroupID=GROUP, **GOOD)


def test_platform_and_profile_say_which_rules_bind(session: Any) -> None:
    both = {"IpPermissions": [{"IpProtocol": "-1", **RANGE, "UserIdGroupPairs": [{"GroupId": GROUP}]}]}
    client = client_of(session)
    with install(client, platform="classic"), pytest.raises(ClientError) as caught:
        client.revoke_security_group_ingress(GroupId=GROUP, **both)
    installation = install(client, "collect", profile="observed")

    with Stubber(client) as stubber:
        stubber.add_response("revoke_security_group_ingress", {})
        client.revoke_security_group_ingress(GroupId=GROUP, **both)

    assert "InvalidPermission.Malformed" == code_of(caught)
    assert [("E311", "warning")] == [(f.violation.rule, f.violation.severity) for f in installation.findings]


@pytest.mark.parametrize("mode", ["raise", "answer"])
def test_moto_sees_only_what_ec2_would_take(mode: Any) -> None:
    moto = pytest.importorskip("moto", reason="moto is absent")
    with moto.mock_aws():
        client = boto3.client("ec2", region_name="us-east-1")
        vpc = client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        group = client.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
        elsewhere = {"IpRanges": [{"CidrIp": "192.0.2.0/24"}]}
        reversed_ports = {"IpPermissions": [{"IpProtocol": "tcp", "FromPort": 9, "ToPort": 8, **elsewhere}]}

        with install(client, mode), pytest.raises(ClientError) as caught:
            client.authorize_security_group_ingress(GroupId=group, **reversed_ports)
        with install(client, mode):
            assert client.authorize_security_group_ingress(GroupId=group, **GOOD)["Return"]

        assert "InvalidParameterValue" == code_of(caught)
        # Left alone, moto takes it.
        assert client.authorize_security_group_ingress(GroupId=group, **reversed_ports)["Return"]


def test_answer_is_ec2s_own_document(session: Any) -> None:
    client = client_of(session)
    with install(client, "answer"), pytest.raises(ClientError) as caught:
        client.revoke_security_group_ingress(GroupId=GROUP, **BAD)

    error: Any = caught.value
    assert SAID == error.response["Error"]["Message"]
    assert "text/xml;charset=UTF-8" == error.response["ResponseMetadata"]["HTTPHeaders"]["content-type"]
    assert error.response["ResponseMetadata"]["RequestId"]


def test_no_secret_is_in_what_is_said(session: Any) -> None:
    client = client_of(session)
    secret = {"GroupId": "AKIAABCDEFGHIJKLMNOP", **GOOD}
    with install(client), pytest.raises(ClientError) as caught:
        client.revoke_security_group_ingress(**secret)

    error: Any = caught.value
    assert "AKIA" not in f"{error} {error.response} {error.findings} {error.violations}"


def test_botocore_is_imported_only_when_installed() -> None:
    program = (
        "import sys, ec2codec.integrations.botocore; "
        "print([name for name in sys.modules if name.startswith('boto')])"
    )

    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert "[]\n" == found


def test_other_calls_are_left_alone(session: Any) -> None:
    client = client_of(session)
    with install(client, "collect") as installation, Stubber(client) as stubber:
        stubber.add_response("describe_security_groups", {"SecurityGroups": []})
        client.describe_security_groups(GroupIds=["nonsense"])

    assert isinstance(installation, Installation)
    assert [] == installation.findings
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "Installation" in repr(installation)
