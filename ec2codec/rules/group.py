"""Rules 3xx of one source group in a permission.

Those with ``flat=False`` speak of the nested form; the flat form answers to E408 instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from ec2codec.errors import quoted
from ec2codec.model import UserIdGroupPair
from ec2codec.policy import Policy
from ec2codec.rule import Found, rule

API = "API Reference 2011-12-15, RevokeSecurityGroupIngress"
NOT_BY_NAME = (
    "Invalid value '{}' for groupName. You may not reference Amazon VPC security groups by name. "
    "Please use the corresponding id for this operation."
)


@rule(
    "E312",
    "source-group-unnamed",
    code="MissingParameter",
    missing=True,
    flat=False,
    source="text: aws-sdk-js#417, terraform-provider-aws#38221",
    by_kind=True,
)
def source_group_unnamed(group: UserIdGroupPair, policy: Policy) -> Iterator[Found]:
    """A source group has GroupId or GroupName; an owner alone names no group.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.Groups.1.GroupId=sg-2a2b3c4d
    E312 IpPermissions.1.Groups.1: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.Groups.1.UserId=123456789012
    """
    if group.group_id is None and group.group_name is None:
        yield Found("", "Source group ID missing.", "recorded")


@rule(
    "E313",
    "source-group-named-twice",
    code="InvalidParameterCombination",
    source="spinnaker/clouddriver pull request 918",
    by_kind=True,
)
def source_group_named_twice(group: UserIdGroupPair, policy: Policy) -> Iterator[Found]:
    """A source group has GroupId or GroupName, not both.

    What DescribeSecurityGroups answers has both: send the id alone.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.Groups.1.GroupId=sg-2a2b3c4d
    E313 IpPermissions.1.Groups.1.GroupName: &IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.Groups.1.GroupId=sg-2a2b3c4d&IpPermissions.1.Groups.1.GroupName=web
    """
    if group.group_id is not None and group.group_name is not None:
        yield Found("GroupName", "The parameter groupName cannot be used with the parameter groupId")


@rule(
    "E314",
    "source-owner-required",
    code="MissingParameter",
    observed=None,
    missing=True,
    flat=False,
    unless=("E312", "E313"),
    source=f"{API}: Groups.m.UserId; optional for one's own groups: goamz and fog live tests",
    by_kind=True,
)
def source_owner_required(group: UserIdGroupPair, policy: Policy) -> Iterator[Found]:
    """On EC2-Classic a source group by name has its owner's UserId; an id is unique without.

    The service takes the caller for the owner.

    Okay (platform=classic): &IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=22
        &IpPermissions.1.ToPort=22&IpPermissions.1.Groups.1.GroupName=web
        &IpPermissions.1.Groups.1.UserId=123456789012
    E314 IpPermissions.1.Groups.1.UserId (platform=classic): &IpPermissions.1.IpProtocol=tcp
        &IpPermissions.1.FromPort=22&IpPermissions.1.ToPort=22&IpPermissions.1.Groups.1.GroupName=web
    """
    if policy.classic and group.group_id is None and group.user_id is None:
        yield Found("UserId", "The request must contain the parameter userId")


@rule(
    "E315",
    "vpc-source-by-name",
    code="InvalidParameterValue",
    unless=("E312", "E313"),
    source="text: boto#561, aws-cli#743; aws-sdk-java#307",
    by_kind=True,
)
def vpc_source_by_name(group: UserIdGroupPair, policy: Policy) -> Iterator[Found]:
    """In a VPC a source group is named by GroupId; egress actions are always in a VPC.

    Okay (platform=vpc): &IpPermissions.1.IpProtocol=-1&IpPermissions.1.Groups.1.GroupId=sg-2a2b3c4d
    E315 IpPermissions.1.Groups.1.GroupName (platform=vpc): &IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.Groups.1.GroupName=web
    E315 SourceSecurityGroupName (platform=vpc): &SourceSecurityGroupName=web
        &SourceSecurityGroupOwnerId=123456789012
    """
    if policy.vpc and group.group_name is not None:
        yield Found("GroupName", NOT_BY_NAME.format(quoted(group.group_name)), "recorded")


@rule(
    "W316",
    "classic-source-by-id",
    unless=("E312", "E313"),
    source=f"{API}: Groups.m.GroupId; goamz live tests",
    by_kind=True,
)
def classic_source_by_id(group: UserIdGroupPair, policy: Policy) -> Iterator[Found]:
    """The document knows GroupId of a source group for VPC security groups only; EC2-Classic accepts it.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.Groups.1.GroupId=sg-2a2b3c4d
    W316 IpPermissions.1.Groups.1.GroupId (platform=classic): &IpPermissions.1.IpProtocol=tcp
        &IpPermissions.1.FromPort=22&IpPermissions.1.ToPort=22&IpPermissions.1.Groups.1.GroupId=sg-2a2b3c4d
    """
    if policy.classic and group.group_id is not None:
        yield Found("GroupId", "the API reference knows this for VPC security groups only")
