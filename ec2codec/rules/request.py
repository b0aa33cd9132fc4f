"""Rules 4xx of the request as a whole: its target, that it has permissions, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ec2codec.errors import quoted
from ec2codec.model import Request
from ec2codec.policy import Policy
from ec2codec.rule import Found, rule
from ec2codec.rules.group import NOT_BY_NAME
from ec2codec.rules.permission import NO_SOURCE
from ec2codec.rules.subjects import FLAT_NAMES, Submission

API = "API Reference 2011-12-15, RevokeSecurityGroupIngress"
COMMON = "API Reference 2011-12-15, Common Query Parameters"


@rule(
    "E403",
    "target-required",
    code="MissingParameter",
    missing=True,
    source=f"{API}: GroupId, GroupName; texts: aws-sdk-java#1059, aws-sdk-java-v2#5437",
    by_kind=True,
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
    by_kind=True,
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
    by_kind=True,
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
    by_kind=True,
)
def permission_required(request: Submission, policy: Policy) -> Iterator[Found]:
    """A request carries a permission, in either form; from 2016-11-15 a revoke may name rules by id instead.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    Okay: Action=RevokeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1a2b3c4d
        &SecurityGroupRuleId.1=sgr-1a2b3c4d
    E406 IpPermissions: Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=sg-1a2b3c4d
    """
    if not request.sent.isdisjoint(("IpPermissions", "SecurityGroupRuleId", *FLAT_NAMES.values())):
        return
    if policy.classic:
        yield Found("IpPermissions", "The request received was invalid.", "documented")
    else:
        yield Found("IpPermissions", NO_SOURCE, "recorded")


@rule("W411", "user-id-deprecated", source=f"{API}: UserId", by_kind=True)
def user_id_deprecated(request: Submission, policy: Policy) -> Iterator[Found]:
    """The top-level UserId is deprecated and has no effect.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    W411 UserId: &UserId=123456789012&IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    if "UserId" in request.values:
        yield Found("UserId", "deprecated, and without effect", "documented")


def _no_name_is_id(names: Sequence[str], request: Request, policy: Policy) -> bool:
    """Whether none of the names of groups looks like an id."""
    return not any(name.startswith("sg-") for name in names)


@rule(
    "W412",
    "name-looks-like-id",
    source="ansible#2029; Eucalyptus: names may not be of the form sg-*",
    quick=_no_name_is_id,
    sees=("GroupName",),
)
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


@rule("E413", "timestamp-and-expires", code="InvalidParameterCombination", source=COMMON, by_kind=True)
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


@rule("W415", "placeholder", source=f"{API}: Example Request", by_kind=True)
def placeholder(request: Submission, policy: Policy) -> Iterator[Found]:
    """A bare AUTHPARAMS, as the API reference prints it in place of a signature, is ignored.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    W415 AUTHPARAMS: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8&AUTHPARAMS
    """
    if "AUTHPARAMS" in request.auth:
        yield Found("AUTHPARAMS", "a placeholder of the API reference: ignored", "documented")
