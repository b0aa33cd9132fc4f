"""The example server, talked to by a real boto3 client; and every rule's refusal, as botocore reads it."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

import ec2codec
from ec2codec import RULES
from ec2codec.plan import revoke
from ec2codec.sdk import to_boto
from examples import example
from moto_service import client_of

pytest.importorskip("flask", reason="flask is absent")
pytest.importorskip("boto3", reason="boto3 is absent")
from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from botocore.parsers import create_parser  # type: ignore[import-untyped]
from werkzeug.serving import make_server

GROUP = "sg-1a2b3c4d"
RANGES = {"IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "office"}, {"CidrIp": "192.0.2.0/24"}]}
SOURCES = {
    "UserIdGroupPairs": [{"GroupId": "sg-2a2b3c4d"}],
    "PrefixListIds": [{"PrefixListId": "pl-1a2b3c4d"}],
}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, example("flask_server").create_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def client(endpoint: str) -> Any:
    return client_of(endpoint)


def described(client: Any) -> Any:
    (group,) = client.describe_security_groups()["SecurityGroups"]
    return group


def test_what_boto3_authorizes_it_describes_and_a_plan_revokes(client: Any) -> None:
    tcp = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}
    six = {"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}]}

    client.authorize_security_group_ingress(
        GroupId=GROUP, IpPermissions=[{**tcp, **RANGES}, {**tcp, **SOURCES}]
    )
    client.authorize_security_group_egress(GroupId=GROUP, IpPermissions=[six])
    before = described(client)
    requests = revoke(before, everything=True)
    answers = [
        client.revoke_security_group_ingress(**to_boto(requests[0])),
        client.revoke_security_group_egress(**to_boto(requests[1])),
    ]

    assert [4, 1] == [len(before[side]) for side in ("IpPermissions", "IpPermissionsEgress")]
    assert [True, True] == [answer["Return"] for answer in answers]
    assert [[], []] == [described(client).get(side, []) for side in ("IpPermissions", "IpPermissionsEgress")]


def test_what_only_the_service_knows_has_its_code_too(client: Any) -> None:
    once = {"GroupId": GROUP, "IpPermissions": [{"IpProtocol": "udp", "FromPort": 1, "ToPort": 1, **RANGES}]}
    codes = []

    for call, arguments in (
        (client.authorize_security_group_ingress, once),
        (client.authorize_security_group_ingress, once),
        (client.revoke_security_group_ingress, once),
        (client.revoke_security_group_ingress, once),
        (client.revoke_security_group_ingress, {**once, "GroupId": "sg-9a2b3c4d"}),
    ):
        try:
            call(**arguments)
            codes.append("done")
        except ClientError as error:
            codes.append(error.response["Error"]["Code"])

    assert [
        "done",
        "InvalidPermission.Duplicate",
        "done",
        "InvalidPermission.NotFound",
        "InvalidGroup.NotFound",
    ] == codes


def test_a_dry_run_changes_nothing(client: Any) -> None:
    permission = {"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, **RANGES}

    with pytest.raises(ClientError) as caught:
        client.authorize_security_group_ingress(GroupId=GROUP, IpPermissions=[permission], DryRun=True)

    assert "DryRunOperation" == caught.value.response["Error"]["Code"]
    assert [] == described(client).get("IpPermissions", [])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ToPort": 22}, "InvalidParameterValue"),
        ({"FromPort": -1}, "InvalidParameterValue"),
        ({"IpProtocol": "all"}, "InvalidParameterValue"),
        ({"IpRanges": [{"CidrIp": "::/0"}]}, "InvalidParameterValue"),
        ({"IpRanges": []}, "MissingParameter"),
        ({"UserIdGroupPairs": [{"GroupId": "web"}]}, "InvalidGroupId.Malformed"),
        ({"UserIdGroupPairs": [{"UserId": "123456789012"}], "IpRanges": []}, "MissingParameter"),
        ({"IpRanges": [{"CidrIp": "10.0.0.0/8"}] * 2}, "InvalidParameterValue"),
    ],
)
def test_a_refusal_is_a_client_error_of_boto3(client: Any, change: dict[str, Any], code: str) -> None:
    permission = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, **RANGES, **change}

    with pytest.raises(ClientError) as caught:
        client.authorize_security_group_ingress(GroupId=GROUP, IpPermissions=[permission])

    assert code == caught.value.response["Error"]["Code"]


BROKEN = [
    pytest.param(example, id=f"{rule.id}-{position}")
    for rule in RULES.values()
    for position, example in enumerate(rule.examples)
    if rule.severity == "error" and example.rule and not example.options and rule.subject != "document"
]


@pytest.mark.parametrize("broken", BROKEN)
def test_every_rule_is_refused_with_ec2s_code_as_botocore_reads_it(endpoint: str, broken: Any) -> None:
    (violation,) = (v for v in ec2codec.check(broken.text) if v.severity == "error")

    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(endpoint, broken.text.encode())

    with caught.value as refusal:
        raw = {"body": refusal.read(), "headers": {}, "status_code": refusal.code}
    parsed = create_parser("ec2").parse(raw, None)
    assert (400, violation.code) == (raw["status_code"], parsed["Error"]["Code"])
    assert violation.message.removesuffix(violation.hint) == parsed["Error"]["Message"]
    assert len(BROKEN) > 40
