"""What other programs embed, as type checkers see it: passes mypy --strict and pyright, and is never run."""

from typing import Any, assert_type

import ec2codec
from ec2codec import Grant, Request, Response, SecurityGroup, Violation
from ec2codec.described import security_group
from ec2codec.error_codes import ErrorCode
from ec2codec.error_texts import ErrorDetail, parse_error
from ec2codec.grants import Difference, Key, canonical, covers, diff, equal, key, overlaps
from ec2codec.integrations import matching, moto, server
from ec2codec.integrations.botocore import Finding, Installation, from_boto, install, to_boto
from ec2codec.mismatch import Mismatch, explain_mismatch
from ec2codec.plan import authorize, revoke
from ec2codec.sdk import sdk_location


def grants(one: Grant, other: Grant) -> None:
    assert_type(canonical(one, platform="vpc", owner="123456789012"), Grant)
    assert_type(key(one), Key)
    assert_type(equal(one, other, platform=ec2codec.Platform.CLASSIC), bool)
    assert_type(covers(one, other), bool)
    assert_type(overlaps(one, other), bool)
    assert_type(diff([one], (other,)), Difference)
    assert_type(diff([one], (other,)).missing, tuple[Grant, ...])


def plans(group: SecurityGroup, described: dict[str, Any], grant: Grant) -> None:
    assert_type(revoke(group, everything=True), tuple[Request, ...])
    assert_type(revoke("<xml/>", matching=[grant], direction="ingress", chunk=1), tuple[Request, ...])
    assert_type(revoke(b"<xml/>", matching=lambda one: one.from_port == 22), tuple[Request, ...])
    assert_type(authorize(described, everything=True, target="sg-1a2b3c4d"), tuple[Request, ...])
    assert_type(ec2codec.plan.revoke(group, everything=True), tuple[Request, ...])
    assert_type(security_group(described, group_id="sg-1a2b3c4d"), SecurityGroup)


def mismatches(request: Request, group: SecurityGroup) -> None:
    assert_type(explain_mismatch(request, group, platform="vpc"), tuple[Mismatch, ...])
    for mismatch in explain_mismatch(request, group):
        assert_type(mismatch.nearest, Grant | None)
        assert_type(mismatch.differs, tuple[str, ...])
        assert_type(mismatch.matches, bool)


def errors() -> None:
    detail = parse_error("InvalidPermission.Duplicate", "...", direction="egress")
    assert_type(detail, ErrorDetail | None)
    if detail is not None:
        assert_type(detail.code, ErrorCode | str)
        assert_type(detail.grant, Grant | None)
    assert_type(ec2codec.parse_error("InvalidRequest", ""), ErrorDetail | None)
    assert_type(ErrorCode.read("Client.AuthFailure"), ErrorCode | str)


def sdk(params: dict[str, Any], session: object) -> None:
    request = from_boto(params, action="RevokeSecurityGroupIngress")
    assert_type(request, Request)
    assert_type(to_boto(request), dict[str, Any])
    assert_type(sdk_location("IpPermissions.1.FromPort"), str)
    with install(session, "collect", platform="vpc", profile="observed") as installation:
        assert_type(installation, Installation)
        assert_type(installation.findings, list[Finding])
        assert_type(installation.findings[0].violation, Violation)
    with moto.install(profile=ec2codec.Profile.OBSERVED) as judged:
        assert_type(judged, moto.Installation)


def serving(body: bytes, response: Response) -> None:
    received = server.receive(body, query=b"", codec=ec2codec.Codec(platform="vpc"), request_id="r")
    assert_type(received, Request | server.Answer)
    assert_type(server.action_of(body), str | None)
    status, headers, document = server.answer(response)
    assert_type(status, int)
    assert_type(headers, tuple[tuple[str, str], ...])
    assert_type(document, bytes)
    assert_type(server.fail(ErrorCode.INTERNAL_ERROR, "said"), server.Answer)
    assert_type(matching.canonical(body), str)
