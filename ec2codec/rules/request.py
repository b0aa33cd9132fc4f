"""Rules 4xx: action, version, target, and what the permissions of one request must be to each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ec2codec.errors import quoted
from ec2codec.model import IpPermission, IpRange, Ipv6Range, PrefixListId, Source
from ec2codec.policy import Policy
from ec2codec.rule import Found, rule
from ec2codec.rules.permission import NO_SOURCE, NOT_BY_NAME
from ec2codec.rules.subjects import FLAT_CIDR_FORM, FLAT_GROUP_FORM, Header, Placed, Submission
from ec2codec.scalars import (
    IPV6_VERSION,
    canonical_protocol,
    cidr_network,
    has_ports,
    ipv6_network,
    is_cidr,
    is_ipv6_cidr,
)
from ec2codec.suggest import nearest

API = "API Reference 2011-12-15, RevokeSecurityGroupIngress"
COMMON = "API Reference 2011-12-15, Common Query Parameters"
EUCALYPTUS = "Eucalyptus NetworkGroupManager"
FLAT_NAMES = (*FLAT_CIDR_FORM, *FLAT_GROUP_FORM)

_VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _lower_camel(name: str) -> str:
    return name[0].lower() + name[1:]


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
    if version is None or (is_version(version) and version <= IPV6_VERSION):
        return
    yield Found("Version", f"expected a date from 2011-12-15 to {IPV6_VERSION}, got '{quoted(version)}'")


def is_version(text: str) -> bool:
    """Whether *text* is a date as the API writes it."""
    if _VERSION.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@rule(
    "E403",
    "target-required",
    code="MissingParameter",
    missing=True,
    source=f"{API}: GroupId, GroupName; texts: aws-sdk-java#1059, aws-sdk-java-v2#5437",
)
def target_required(request: Submission, policy: Policy) -> Iterator[Found]:
    """The security group is named, by GroupId or GroupName; for egress by GroupId.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E403 GroupId: Action=RevokeSecurityGroupIngress&Version=2011-12-15&IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E403 GroupId: Action=RevokeSecurityGroupEgress&Version=2011-12-15&IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    if not request.sent.isdisjoint(("GroupId", "GroupName")):
        return
    names = "groupId" if request.direction == "egress" else "groupName or groupId"
    yield Found("GroupId", f"The request must contain the parameter {names}", "recorded")


@rule(
    "E404",
    "target-named-twice",
    code="InvalidParameterCombination",
    observed="warning",
    source=f'{API}: "can be used instead of"; pattern of the text: aws-cli#2453',
)
def target_named_twice(request: Submission, policy: Policy) -> Iterator[Found]:
    """The target is named once: one client lets the id win, one server the name.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E404 GroupName: &GroupName=websrv&IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    if "GroupId" in request.values and "GroupName" in request.values:
        yield Found("GroupName", "The parameter groupName cannot be used with the parameter groupId")


@rule(
    "E405",
    "vpc-target-by-name",
    code="InvalidParameterValue",
    source="text: boto#561, aws-cli#743, nixops#669",
)
def vpc_target_by_name(request: Submission, policy: Policy) -> Iterator[Found]:
    """A VPC security group is named by GroupId.

    Okay (platform=vpc): &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E405 GroupName (platform=vpc): Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupName=websrv
        &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    name = request.values.get("GroupName")
    if policy.vpc and name is not None and "GroupId" not in request.sent:
        yield Found("GroupName", NOT_BY_NAME.format(quoted(str(name))), "recorded")


@rule(
    "E406",
    "permission-required",
    code="MissingParameter",
    classic="InvalidRequest",
    missing=True,
    source="texts: boto3#1078, fog live tests",
)
def permission_required(request: Submission, policy: Policy) -> Iterator[Found]:
    """A request carries a permission, in either form; from 2016-11-15 a revoke may name rules by id instead.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    Okay: Action=RevokeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1a2b3c4d
        &SecurityGroupRuleId.1=sgr-1a2b3c4d
    E406 IpPermissions: Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=sg-1a2b3c4d
    """
    if not request.sent.isdisjoint(("IpPermissions", "SecurityGroupRuleId", *FLAT_NAMES)):
        return
    if policy.classic:
        yield Found("IpPermissions", "The request received was invalid.", "documented")
    else:
        yield Found("IpPermissions", NO_SOURCE, "recorded")


@rule("E407", "forms-mixed", code="InvalidParameterCombination", source=f"{EUCALYPTUS}; boto3#1078")
def forms_mixed(request: Submission, policy: Policy) -> Iterator[Found]:
    """A request is of the nested or of the flat form: with both, the service did one half and refused it all.

    Okay: &IpProtocol=tcp&FromPort=80&ToPort=80&CidrIp=205.192.0.0/16
    E407 CidrIp: &CidrIp=10.0.0.0/8&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    flat = [name for name in FLAT_NAMES if name in request.values]
    if flat and "IpPermissions" in request.values:
        message = f"{_lower_camel(flat[0])} and ipPermissions must not both be set"
        yield Found(flat[0], message, "documented")


@rule(
    "E408",
    "flat-form-incomplete",
    code="MissingParameter",
    observed="warning",
    missing=True,
    unless=("E407", "E409"),
    source=f'API Reference 2008-02-01 ("must be specified"); {EUCALYPTUS}; owner alone: aws-sdk-js#417',
)
def flat_form_incomplete(request: Submission, policy: Policy) -> Iterator[Found]:
    """The flat form has IpProtocol, its ports and CidrIp, or SourceSecurityGroupName and its owner.

    Without CidrIp the service says true and does nothing; without owner it takes the caller.

    Okay: &IpProtocol=tcp&FromPort=80&ToPort=80&CidrIp=205.192.0.0/16
    Okay: &SourceSecurityGroupName=web&SourceSecurityGroupOwnerId=123456789012
    E408 CidrIp: &IpProtocol=tcp&FromPort=80&ToPort=80
    E408 SourceSecurityGroupOwnerId: &SourceSecurityGroupName=web
    E408 SourceSecurityGroupName: &SourceSecurityGroupOwnerId=123456789012
    """
    values, sent = request.values, request.sent
    group = [name for name in FLAT_GROUP_FORM if name in values]
    if group == ["SourceSecurityGroupOwnerId"] and "SourceSecurityGroupName" not in sent:
        yield Found("SourceSecurityGroupName", "Source group ID missing.", "recorded", severity="error")
        return
    present = group or [name for name in FLAT_CIDR_FORM if name in values]
    needed = FLAT_GROUP_FORM if group else _needed_of_cidr_form(values)
    absent = [name for name in needed if name not in sent]
    if present and absent:
        message = f"{_lower_camel(absent[0])} must be set if {_lower_camel(present[0])} is set."
        yield Found(absent[0], message, "documented")


def _needed_of_cidr_form(values: Mapping[str | int, object]) -> tuple[str, ...]:
    protocol = values.get("IpProtocol")
    ported = protocol is not None and canonical_protocol(str(protocol)) in ("tcp", "udp", "icmp")
    return FLAT_CIDR_FORM if ported else ("IpProtocol", "CidrIp")


@rule(
    "E409",
    "flat-sources-mixed",
    code="InvalidParameterCombination",
    source='API Reference 2008-02-01 ("mixing ... is not allowed"); grempe/amazon-ec2#43',
)
def flat_sources_mixed(request: Submission, policy: Policy) -> Iterator[Found]:
    """The flat form has a CIDR range or a source group; with ports for a group, use the nested form.

    Okay: &SourceSecurityGroupName=web&SourceSecurityGroupOwnerId=123456789012
    E409 SourceSecurityGroupName: &CidrIp=10.0.0.0/8&SourceSecurityGroupName=web
        &SourceSecurityGroupOwnerId=123456789012&IpProtocol=tcp&FromPort=80&ToPort=80
    """
    cidr = [name for name in FLAT_CIDR_FORM if name in request.values]
    group = [name for name in FLAT_GROUP_FORM if name in request.values]
    if cidr and group:
        message = f"{_lower_camel(cidr[0])} and {_lower_camel(group[0])} must not both be set"
        yield Found("SourceSecurityGroupName", message, "documented")


@rule(
    "E410",
    "grant-repeated",
    code="InvalidParameterValue",
    classic="InvalidPermission.Duplicate",
    source="text: terraform-provider-aws#2587, terraform#16876",
)
def grant_repeated(request: Submission, policy: Policy) -> Iterator[Found]:
    """No grant comes twice in one request: protocol 6 is tcp, and in a VPC 10.0.0.1/24 is 10.0.0.0/24.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
        &IpPermissions.1.IpRanges.2.CidrIp=10.0.0.0/9
    E410 IpPermissions.1.IpRanges.2.CidrIp: &IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8&IpPermissions.1.IpRanges.2.CidrIp=10.0.0.0/8
    E410 IpPermissions.2.Groups.1.GroupId: &IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.Groups.1.GroupId=sg-2a2b3c4d&IpPermissions.2.IpProtocol=-1
        &IpPermissions.2.Groups.1.GroupId=sg-2a2b3c4d
    """
    message = "The same permission must not appear multiple times"
    seen: set[tuple[object, ...]] = set()
    for placed, item, source in _sources(request):
        key = (*_protocol_and_ports(placed.permission, policy), *_source_key(source, policy))
        if key in seen:
            yield Found(
                placed.name(f"{item}.{_leaf(source)}"), message, "ours" if policy.classic else "recorded"
            )
        seen.add(key)


def _sources(request: Submission) -> Iterator[tuple[Placed, str, Source]]:
    """Every source that names one, of a permission that has a protocol, and its item: ``"IpRanges.2"``."""
    for placed in request.permissions:
        permission = placed.permission
        if permission.ip_protocol is None:
            continue
        listings: tuple[tuple[str, tuple[Source, ...]], ...] = (
            ("IpRanges", permission.ip_ranges),
            ("Ipv6Ranges", permission.ipv6_ranges),
            ("PrefixListIds", permission.prefix_list_ids),
            ("Groups", permission.groups),
        )
        for listing, sources in listings:
            for position, source in enumerate(sources):
                item = placed.item(listing, position)
                if placed.prefix + item not in request.unnamed:
                    yield placed, item, source


def _protocol_and_ports(permission: IpPermission, policy: Policy) -> tuple[object, ...]:
    protocol = permission.protocol
    if has_ports(protocol, policy.version):
        return protocol, permission.from_port, permission.to_port
    return protocol, None, None


def _leaf(source: Source) -> str:
    match source:
        case IpRange():
            return "CidrIp"
        case Ipv6Range():
            return "CidrIpv6"
        case PrefixListId():
            return "PrefixListId"
        case _:
            return "GroupName" if source.group_id is None else "GroupId"


def _source_key(source: Source, policy: Policy) -> tuple[object, ...]:
    """What two equal sources share. Texts only: see `scalars.cidr_network` for why no ipaddress object."""
    match source:
        case IpRange():
            text = str(source.cidr_ip)
            return ("CidrIp", cidr_network(text) if policy.vpc and is_cidr(text) else text)
        case Ipv6Range():
            text = str(source.cidr_ipv6)
            return ("CidrIpv6", ipv6_network(text) if policy.vpc and is_ipv6_cidr(text) else text)
        case PrefixListId():
            return ("PrefixListId", source.prefix_list_id)
        case _ if source.group_id is None:
            return ("GroupName", source.user_id, source.group_name)
        case _:
            return ("GroupId", source.group_id)


@rule("W411", "user-id-deprecated", source=f"{API}: UserId")
def user_id_deprecated(request: Submission, policy: Policy) -> Iterator[Found]:
    """The top-level UserId is deprecated and has no effect.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    W411 UserId: &UserId=123456789012&IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    if "UserId" in request.values:
        yield Found("UserId", "deprecated, and without effect", "documented")


@rule("W412", "name-looks-like-id", source="ansible#2029; Eucalyptus: names may not be of the form sg-*")
def name_looks_like_id(request: Submission, policy: Policy) -> Iterator[Found]:
    """A GroupName does not begin with "sg-": no group can have such a name, so that it is an id misplaced.

    Okay: Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupName=websrv
        &IpProtocol=tcp&FromPort=80&ToPort=80&CidrIp=205.192.0.0/16
    W412 GroupName: Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupName=sg-1a2b3c4d
        &IpProtocol=tcp&FromPort=80&ToPort=80&CidrIp=205.192.0.0/16
    W412 IpPermissions.1.Groups.3.GroupName (platform=classic, profile=observed):
        &IpPermissions.1.IpProtocol=1&IpPermissions.1.FromPort=8&IpPermissions.1.ToPort=0&IpPermissions.1.Groups.1.GroupName=web
        &IpPermissions.1.Groups.2.GroupName=db&IpPermissions.1.Groups.3.GroupName=sg-1a2b3c4d
    """
    for location, name in _group_names(request):
        if name.startswith("sg-"):
            yield Found(location, f"'{quoted(name)}' looks like an id, and stands where a name belongs")


def _group_names(request: Submission) -> Iterator[tuple[str, str]]:
    """Every group name that was not refused, also in permissions of which something else was."""
    for parameter in ("GroupName", "SourceSecurityGroupName"):
        if parameter in request.values:
            yield parameter, str(request.values[parameter])
    permissions: Any = request.values.get("IpPermissions", {})
    for index, permission in permissions.items():
        for item, group in permission.get("Groups", {}).items():
            if "GroupName" in group:
                yield f"IpPermissions.{index}.Groups.{item}.GroupName", str(group["GroupName"])


@rule("E413", "timestamp-and-expires", code="InvalidParameterCombination", source=COMMON)
def timestamp_and_expires(request: Submission, policy: Policy) -> Iterator[Found]:
    """A signed request has Timestamp or Expires, not both.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
        &Timestamp=2012-01-15T12:00:00Z
    E413 Expires: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
        &Timestamp=2012-01-15T12:00:00Z&Expires=2012-01-15T12:05:00Z
    """
    if "Timestamp" in request.auth and "Expires" in request.auth:
        what = "The request must include either Timestamp or Expires, but cannot contain both"
        yield Found("Expires", what, "documented")


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


@rule("W415", "placeholder", source=f"{API}: Example Request")
def placeholder(request: Submission, policy: Policy) -> Iterator[Found]:
    """A bare AUTHPARAMS, as the API reference prints it in place of a signature, is ignored.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    W415 AUTHPARAMS: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8&AUTHPARAMS
    """
    if "AUTHPARAMS" in request.auth:
        yield Found("AUTHPARAMS", "a placeholder of the API reference: ignored", "documented")
