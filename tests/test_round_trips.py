"""There and back through every form that a request has, and through a server that is not ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from commanding import run
from ec2codec import (
    AuthorizeSecurityGroupEgress,
    AuthorizeSecurityGroupIngress,
    Codec,
    DescribeSecurityGroupsResponse,
    IpPermission,
    Request,
    RevokeSecurityGroupEgress,
    RevokeSecurityGroupIngress,
    SecurityGroup,
    UserIdGroupPair,
    decode_response,
    encode,
)
from ec2codec.captures import Exchange
from ec2codec.captures.reading import read_source
from ec2codec.captures.source import Source
from ec2codec.described import described_grants
from ec2codec.grants import Key, key
from ec2codec.plan import SIDES
from ec2codec.schemas import SCHEMAS
from ec2codec.sdk import from_boto, to_boto
from ec2codec.strategies import queries, requests
from ec2codec.strategies.choices import versions
from moto_service import moto_client

NEWEST = "2016-11-15"
CODEC = Codec()
TRANSLATE = Codec(profile=None)


@given(requests(style="nested") | requests(style="flat"))
def test_an_object_comes_back_from_its_query(request: Request) -> None:
    assert CODEC.decode(CODEC.encode(request)) == request


@given(requests(style="flat"))
def test_the_flat_form_comes_back_from_the_nested_one_with_its_grants(request: Request) -> None:
    nested = CODEC.decode(CODEC.encode(request, style="nested"))

    assert set(nested.grants()) == set(request.grants())
    assert nested.permissions() == request.permissions()


@given(queries(gaps=True))
def test_a_query_however_spelt_comes_back_in_canonical_form(query: str) -> None:
    request = CODEC.decode(query)

    canonical = CODEC.encode(request)

    assert CODEC.decode(canonical) == request
    assert CODEC.encode(CODEC.decode(canonical)) == canonical


@given(requests())
def test_an_object_comes_back_from_nested_data(request: Request) -> None:
    schema = SCHEMAS[request.action]()

    assert schema.load(schema.dump(request)) == request
    assert schema.loads(schema.dumps(request)) == request


@given(requests(version=NEWEST))
def test_an_object_comes_back_from_the_arguments_of_the_sdk(request: Request) -> None:
    assert from_boto(to_boto(request), action=request.action, version=NEWEST) == request


@given(requests())
@settings(max_examples=25)
def test_an_object_comes_back_from_the_json_of_the_command_line(request: Request) -> None:
    query = CODEC.encode(request)

    decoded = run("decode", query)
    encoded = run("encode", "-", stdin=decoded.stdout)

    assert (0, 0) == (decoded.exit_code, encoded.exit_code)
    assert [query] == encoded.stdout.splitlines()


# CloudTrail writes what the service had parsed: it knows neither flat forms nor empty texts (`{}` is absent).
@given(requests(version=NEWEST, style="nested"))
def test_an_object_comes_back_from_an_event_of_cloudtrail(request: Request) -> None:
    event = {
        "eventSource": "ec2.amazonaws.com",
        "eventName": request.action,
        "requestParameters": parsed_by_the_service(to_boto(request)),
    }

    (exchange,) = read_source(Source("events", iter([json.dumps({"Records": [event]}).encode()])))

    assert isinstance(exchange, Exchange)
    assert exchange.request is not None
    assert TRANSLATE.decode(exchange.request) == request


def parsed_by_the_service(value: Any) -> Any:
    """Arguments of the SDK as CloudTrail has them: lists under ``items``, other names for some."""
    if isinstance(value, list):
        return {"items": [parsed_by_the_service(item) for item in value]}
    if isinstance(value, dict):
        return {TRAIL.get(name) or lower(name): parsed_by_the_service(inner) for name, inner in value.items()}
    return value


TRAIL = {"UserIdGroupPairs": "groups", "TagSpecifications": "tagSpecificationSet"}


def lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def test_no_version_is_left_out() -> None:
    assert NEWEST == versions()[-1]


@dataclass
class Service:
    """A moto server, spoken to in our own queries; *ids* of the group under test and of a source group."""

    host: str
    port: int
    ids: tuple[str, str]

    def ask(self, query: str) -> Any:
        """The response, decoded."""
        connection = HTTPConnection(self.host, self.port, timeout=30)
        scope = "Credential=testing/20261125/us-east-1/ec2/aws4_request"
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=00",
        }
        connection.request("POST", "/", query, headers)
        answer = decode_response(connection.getresponse().read())
        connection.close()
        return answer

    def group(self) -> SecurityGroup:
        """The group under test as it is now."""
        answer = self.ask(f"Action=DescribeSecurityGroups&Version={NEWEST}&GroupId.1={self.ids[0]}")
        assert isinstance(answer, DescribeSecurityGroupsResponse)
        (group,) = answer.security_group_info
        return group


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with moto_client() as client:
        # Without an IPv6 block moto says true to IPv6 egress, and does nothing.
        vpc = client.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]["VpcId"]
        ids = [
            client.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
            for name in ("web", "db")
        ]
        endpoint = urlsplit(client.meta.endpoint_url)
        yield Service(endpoint.hostname, endpoint.port, (ids[0], ids[1]))


REVOKES: dict[type[Request], type[Request]] = {
    AuthorizeSecurityGroupIngress: RevokeSecurityGroupIngress,
    AuthorizeSecurityGroupEgress: RevokeSecurityGroupEgress,
}
# moto falls over a protocol number without ports (TypeError, 500), which EC2 takes.
KNOWN_TO_MOTO = ("tcp", "udp", "icmp", "-1")


def settled(permission: IpPermission, service: Service) -> IpPermission:
    """*permission* with sources that are there, and that moto can read."""
    groups = (UserIdGroupPair(group_id=service.ids[1]),) if permission.groups else ()
    # Its pattern of IPv6 ranges knows no IPv4 address at the end.
    ipv6_ranges = tuple(one for one in permission.ipv6_ranges if "." not in str(one.cidr_ipv6))
    return replace(permission, groups=groups, ipv6_ranges=ipv6_ranges)


def keys(group: SecurityGroup) -> set[Key]:
    return {
        key(grant, platform="vpc", owner=group.owner_id)
        for side in SIDES
        for grant in described_grants(group, side)
    }


@given(
    st.sampled_from([kind.__name__ for kind in REVOKES]).flatmap(
        lambda action: requests(action, NEWEST, platform="vpc", style="nested", max_permissions=3)
    )
)
@settings(max_examples=25)
def test_a_server_that_is_not_ours_ends_where_it_began(service: Service, request: Request) -> None:
    before = service.group()
    permissions = [settled(permission, service) for permission in request.ip_permissions]
    fresh = [one for one in permissions if one.protocol in KNOWN_TO_MOTO]
    authorize = type(request)(version=NEWEST, group_id=service.ids[0], ip_permissions=tuple(fresh))
    revoke = REVOKES[type(request)](version=NEWEST, group_id=service.ids[0], ip_permissions=tuple(fresh))
    sent = {key(grant, platform="vpc", owner=before.owner_id) for grant in authorize.grants()}
    refused = [violation for violation in CODEC.check(authorize) if violation.severity == "error"]
    assume(sent and not refused)  # two source groups that are one now would be a repeated grant

    added = service.ask(encode(authorize))
    during = service.group()
    removed = service.ask(encode(revoke))

    assert (True, True) == (added.return_, removed.return_)
    assert keys(during) - keys(before) == sent
    assert keys(service.group()) == keys(before)
