"""Rules E401, E402 and W414: Action and Version, which say how the rest is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from ec2codec.errors import quoted
from ec2codec.policy import Policy
from ec2codec.rule import Found, rule
from ec2codec.rules.subjects import Header
from ec2codec.scalars import IPV6_VERSION
from ec2codec.suggest import nearest

API = "API Reference 2011-12-15, RevokeSecurityGroupIngress"
_VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@rule(
    "E401",
    "action-unknown",
    code="InvalidAction",
    others=("MissingAction",),
    translating=True,
    source="error codes of the EC2 API",
)
def action_unknown(header: Header, policy: Policy) -> Iterator[Found]:
    """Action is there, and is one of the four; without it nothing else can be judged.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E401 Action: Version=2011-12-15&GroupId=sg-1a2b3c4d
    E401 Action: Action=RevokeSecurityGroupIngres&Version=2011-12-15&GroupId=sg-1a2b3c4d
    """
    if header.action is None:
        yield Found("Action", "The request must contain the parameter Action", "documented", "MissingAction")
    elif header.action not in header.expected:
        meant = nearest(header.action, header.expected)
        hint = f" Did you mean {meant}?" if meant else ""
        message = f"The action {quoted(header.action)} is not valid for this web service."
        yield Found("Action", message, "documented", hint=hint)


@rule(
    "E402",
    "version-unknown",
    code="NoSuchVersion",
    translating=True,
    source="error codes of the EC2 API; 2016-11-15 is the newest version there is",
)
def version_unknown(header: Header, policy: Policy) -> Iterator[Found]:
    """Version is a date, YYYY-MM-DD, not after 2016-11-15.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E402 Version: Action=RevokeSecurityGroupIngress&Version=2011&GroupId=sg-1a2b3c4d
    E402 Version: Action=RevokeSecurityGroupIngress&Version=2016-11-16&GroupId=sg-1a2b3c4d
    """
    version = header.version
    if version is None or is_known_version(version):
        return
    yield Found("Version", f"expected a date from 2011-12-15 to {IPV6_VERSION}, got '{quoted(version)}'")


@lru_cache(maxsize=64)
def is_known_version(text: str) -> bool:
    """Whether *text* is a date as the API writes it, not after 2016-11-15."""
    if _VERSION.fullmatch(text) is None or text > IPV6_VERSION:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@rule("W414", "version-assumed", missing=True, source=f"{API}: the example request has no Version")
def version_assumed(header: Header, policy: Policy) -> Iterator[Found]:
    """A missing Version is read as 2011-12-15, and so is an older one.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    W414 Version: Action=RevokeSecurityGroupIngress&GroupId=sg-1a2b3c4d&IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    W414 Version: Action=RevokeSecurityGroupIngress&Version=2009-08-15&GroupId=sg-1a2b3c4d
        &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    if header.version is None:
        yield Found("Version", f"no Version: read as {policy.version}")
    elif header.version < policy.version:
        yield Found("Version", f"Version {header.version} is read as {policy.version}")
