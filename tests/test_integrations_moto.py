"""moto refuses what EC2 would refuse, by its own error, with EC2's code."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

import ec2codec
from ec2codec import ErrorResponse
from ec2codec.integrations.moto import install
from moto_service import moto_client

boto3 = pytest.importorskip("boto3", reason="boto3 is absent")
moto = pytest.importorskip("moto", reason="moto is absent")
from botocore.exceptions import ClientError  # type: ignore[import-untyped] # noqa: E402

RANGE = {"IpRanges": [{"CidrIp": "10.0.0.0/8"}]}


def permission(first: int, last: int) -> dict[str, Any]:
    return {"IpPermissions": [{"IpProtocol": "tcp", "FromPort": first, "ToPort": last, **RANGE}]}


@pytest.fixture
def client() -> Iterator[Any]:
    with moto.mock_aws():
        yield boto3.client("ec2", region_name="us-east-1")


@pytest.fixture
def group(client: Any) -> str:
    return str(client.create_security_group(GroupName="web", Description="web")["GroupId"])


@pytest.mark.parametrize("verb", ["authorize", "revoke"])
@pytest.mark.parametrize("side", ["ingress", "egress"])
def test_each_of_the_four_is_judged(client: Any, group: str, verb: str, side: str) -> None:
    call = getattr(client, f"{verb}_security_group_{side}")

    with install(), pytest.raises(ClientError) as caught:
        call(GroupId=group, **permission(90, 80))

    error: Any = caught.value
    assert ("InvalidParameterValue", "Invalid TCP/UDP port range.") == (
        error.response["Error"]["Code"],
        error.response["Error"]["Message"],
    )


def test_what_is_right_is_done(client: Any, group: str) -> None:
    with install(platform="vpc"):
        assert client.authorize_security_group_ingress(GroupId=group, **permission(80, 80))["Return"]
        (described,) = client.describe_security_groups(GroupIds=[group])["SecurityGroups"]

    assert [80] == [one["FromPort"] for one in described["IpPermissions"]]


def test_uninstalled_moto_is_as_it_was(client: Any, group: str) -> None:
    installation = install()
    installation.uninstall()
    installation.uninstall()

    assert client.authorize_security_group_ingress(GroupId=group, **permission(90, 80))["Return"]


# What moto answers true to, and does not do. Its own client never sends these.
TRAPS = [
    ("IpPermissions.1.UserIdGroupPairs.1.GroupId=sg-2a2b3c4d", "UnknownParameter"),
    ("IpPermissions.0.IpRanges.1.CidrIp=10.0.0.0/8", "UnknownParameter"),
    ("", "MissingParameter"),
    ("IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8&Description=web", "UnknownParameter"),
]


@pytest.mark.parametrize(("source", "code"), TRAPS)
def test_a_server_of_motos_refuses_its_silent_traps(source: str, code: str) -> None:
    body = "Action=AuthorizeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1a2b3c4d"
    sent = f"{body}&IpPermissions.1.IpProtocol=-1&{source}".encode()

    with moto_client() as client, install():
        request = urllib.request.Request(client.meta.endpoint_url, sent, _signed())
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request)

    with caught.value as refusal:
        response = ec2codec.decode_response(refusal.read(), profile="observed")
    assert isinstance(response, ErrorResponse)
    assert (400, code) == (caught.value.code, response.code)


def _signed() -> dict[str, str]:
    """The scope by which a moto server knows that EC2 is meant."""
    scope = "Credential=testing/20261124/us-east-1/ec2/aws4_request"
    return {"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"}
