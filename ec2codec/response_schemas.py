"""The responses as marshmallow Schemas, one line per element.

A field's name is the element's name; its attribute in `ec2codec.responses` is that in snake case. What comes
back of a request has the request's names, but for the case of the first letter. Ids and names are texts
here: other systems answer ids that the rules for requests would refuse. Lists that recorded answers have
as ``<groups/>`` where they are empty, so that clients find an empty list, are ``always`` there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ec2codec import model, responses
from ec2codec.elements import XSD_BOOLEAN, ElementSchema, ResponseSchema
from ec2codec.fields import Indexed, Parameter, Structure
from ec2codec.policy import Profile
from ec2codec.scalars import INTEGER, TEXT

API = "API Reference 2011-12-15"
MODEL = "EC2 model of aws-sdk-ruby, 2011-12-15"
LATER = "EC2 model of botocore"


class UserIdGroupPairSchema(ElementSchema):
    """A source security group."""

    structure = model.UserIdGroupPair

    userId = Parameter(TEXT, "AWS account that owns the source group.", source=API)
    groupName = Parameter(TEXT, "Name of the source group; EC2-Classic.", source=API)
    groupId = Parameter(TEXT, "Id of the source group.", source=API)
    vpcId = Parameter(TEXT, "VPC of the source group, if peered.", source=LATER, since="2015-10-01")
    vpcPeeringConnectionId = Parameter(TEXT, "The peering.", source=LATER, since="2015-10-01")
    peeringStatus = Parameter(TEXT, "Status of the peering.", source=LATER, since="2015-10-01")
    description = Parameter(TEXT, "What the group is.", source=LATER, since="2016-11-15")


class IpRangeSchema(ElementSchema):
    """An IPv4 CIDR range."""

    structure = model.IpRange

    cidrIp = Parameter(TEXT, "CIDR range.", source=API)
    description = Parameter(TEXT, "What the range is.", source=LATER, since="2016-11-15")


class Ipv6RangeSchema(ElementSchema):
    """An IPv6 CIDR range."""

    structure = model.Ipv6Range

    cidrIpv6 = Parameter(TEXT, "IPv6 CIDR range.", source=LATER, since="2016-11-15")
    description = Parameter(TEXT, "What the range is.", source=LATER, since="2016-11-15")


class PrefixListIdSchema(ElementSchema):
    """A prefix list."""

    structure = model.PrefixListId

    prefixListId = Parameter(TEXT, "Id of the prefix list.", source=LATER, since="2015-04-15")
    description = Parameter(TEXT, "What the list is.", source=LATER, since="2016-11-15")


class IpPermissionSchema(ElementSchema):
    """A bundle of grants that share protocol and ports."""

    structure = model.IpPermission

    ipProtocol = Parameter(TEXT, "tcp, udp, icmp, a protocol number, or -1 for all.", source=API)
    fromPort = Parameter(INTEGER, "First port, or ICMP type.", source=API)
    toPort = Parameter(INTEGER, "Last port, or ICMP code.", source=API)
    groups = Indexed(Structure(UserIdGroupPairSchema), "Source security groups.", source=API, always=True)
    ipRanges = Indexed(Structure(IpRangeSchema), "IPv4 CIDR ranges.", source=API, always=True)
    ipv6Ranges = Indexed(
        Structure(Ipv6RangeSchema), "IPv6 CIDR ranges.", source=LATER, since="2016-11-15", always=True
    )
    prefixListIds = Indexed(
        Structure(PrefixListIdSchema), "Prefix lists.", source=LATER, since="2015-04-15", always=True
    )


class TagSchema(ElementSchema):
    """A tag."""

    structure = model.Tag

    key = Parameter(TEXT, "Key of the tag.", source=MODEL)
    value = Parameter(TEXT, "Value of the tag.", source=MODEL, may_be_empty=True)


class ReferencedSecurityGroupSchema(ElementSchema):
    """The source security group of a rule."""

    structure = responses.ReferencedSecurityGroup

    groupId = Parameter(TEXT, "Id of the source group.", source=LATER, since="2016-11-15")
    peeringStatus = Parameter(TEXT, "Status of the peering.", source=LATER, since="2016-11-15")
    userId = Parameter(TEXT, "AWS account that owns it.", source=LATER, since="2016-11-15")
    vpcId = Parameter(TEXT, "VPC of the source group.", source=LATER, since="2016-11-15")
    vpcPeeringConnectionId = Parameter(TEXT, "The peering.", source=LATER, since="2016-11-15")


class SecurityGroupRuleSchema(ElementSchema):
    """A rule that a call added."""

    structure = responses.SecurityGroupRule

    securityGroupRuleId = Parameter(TEXT, "Id of the rule.", source=LATER, since="2016-11-15")
    groupId = Parameter(TEXT, "Id of the security group.", source=LATER, since="2016-11-15")
    groupOwnerId = Parameter(TEXT, "AWS account that owns it.", source=LATER, since="2016-11-15")
    isEgress = Parameter(XSD_BOOLEAN, "Whether the rule is outbound.", source=LATER, since="2016-11-15")
    ipProtocol = Parameter(TEXT, "As in a permission.", source=LATER, since="2016-11-15")
    fromPort = Parameter(INTEGER, "First port, or ICMP type.", source=LATER, since="2016-11-15")
    toPort = Parameter(INTEGER, "Last port, or ICMP code.", source=LATER, since="2016-11-15")
    cidrIpv4 = Parameter(TEXT, "IPv4 CIDR range.", source=LATER, since="2016-11-15")
    cidrIpv6 = Parameter(TEXT, "IPv6 CIDR range.", source=LATER, since="2016-11-15")
    prefixListId = Parameter(TEXT, "Id of the prefix list.", source=LATER, since="2016-11-15")
    referencedGroupInfo = Structure(ReferencedSecurityGroupSchema)
    description = Parameter(TEXT, "What the rule is for.", source=LATER, since="2016-11-15")
    tagSet = Indexed(Structure(TagSchema), "Tags of the rule.", source=LATER, since="2016-11-15")
    securityGroupRuleArn = Parameter(TEXT, "ARN of the rule.", source=LATER, since="2016-11-15")


class RevokedSecurityGroupRuleSchema(ElementSchema):
    """A rule that a call removed."""

    structure = responses.RevokedSecurityGroupRule

    securityGroupRuleId = Parameter(TEXT, "Id of the rule.", source=LATER, since="2016-11-15")
    groupId = Parameter(TEXT, "Id of the security group.", source=LATER, since="2016-11-15")
    isEgress = Parameter(XSD_BOOLEAN, "Whether the rule was outbound.", source=LATER, since="2016-11-15")
    ipProtocol = Parameter(TEXT, "As in a permission.", source=LATER, since="2016-11-15")
    fromPort = Parameter(INTEGER, "First port, or ICMP type.", source=LATER, since="2016-11-15")
    toPort = Parameter(INTEGER, "Last port, or ICMP code.", source=LATER, since="2016-11-15")
    cidrIpv4 = Parameter(TEXT, "IPv4 CIDR range.", source=LATER, since="2016-11-15")
    cidrIpv6 = Parameter(TEXT, "IPv6 CIDR range.", source=LATER, since="2016-11-15")
    prefixListId = Parameter(TEXT, "Id of the prefix list.", source=LATER, since="2016-11-15")
    referencedGroupId = Parameter(TEXT, "Id of the source group.", source=LATER, since="2016-11-15")
    description = Parameter(TEXT, "What the rule was for.", source=LATER, since="2016-11-15")


class SecurityGroupSchema(ElementSchema):
    """A security group and its permissions."""

    structure = responses.SecurityGroup

    ownerId = Parameter(TEXT, "AWS account that owns the group.", source=MODEL)
    groupId = Parameter(TEXT, "Id of the group.", source=MODEL)
    groupName = Parameter(TEXT, "Name of the group.", source=MODEL)
    groupDescription = Parameter(TEXT, "What the group is.", source=MODEL)
    vpcId = Parameter(TEXT, "VPC of the group.", source=MODEL)
    ipPermissions = Indexed(Structure(IpPermissionSchema), "Ingress permissions.", source=MODEL, always=True)
    ipPermissionsEgress = Indexed(
        Structure(IpPermissionSchema), "Egress permissions.", source=MODEL, always=True
    )
    tagSet = Indexed(Structure(TagSchema), "Tags of the group.", source=MODEL)
    securityGroupArn = Parameter(TEXT, "ARN of the group.", source=LATER, since="2016-11-15")


class ErrorSchema(ElementSchema):
    """One error."""

    structure = responses.Error

    Code = Parameter(TEXT, "Error code.", source=API)
    Message = Parameter(TEXT, "What is wrong, for people.", source=API, may_be_empty=True)


class SuccessSchema(ResponseSchema):
    """What all but errors share; never used itself."""

    # EC2's own spelling in error documents, and those of emulators.
    spellings = dict.fromkeys(("RequestID", "RequestId", "requestID"), "requestId")

    requestId = Parameter(TEXT, "Id of the request; no UUID.", source=API)


class ActionResponseSchema(SuccessSchema):
    """What the answers to the four requests share; never used itself."""

    structure: type[responses.ActionResponse]

    # An empty text is not absent here: it is neither true nor false.
    return_ = Parameter(XSD_BOOLEAN, "Whether it was done.", source=API, may_be_empty=True, data_key="return")


class RevokeResponseSchema(ActionResponseSchema):
    """What revoking answers; never used itself."""

    unknownIpPermissionSet = Indexed(
        Structure(IpPermissionSchema), "What was not there.", source=LATER, since="2016-11-15"
    )
    revokedSecurityGroupRuleSet = Indexed(
        Structure(RevokedSecurityGroupRuleSchema), "What was removed.", source=LATER, since="2016-11-15"
    )


class AuthorizeResponseSchema(ActionResponseSchema):
    """What authorizing answers; never used itself."""

    securityGroupRuleSet = Indexed(
        Structure(SecurityGroupRuleSchema), "What was added.", source=LATER, since="2016-11-15"
    )


class RevokeSecurityGroupIngressResponseSchema(RevokeResponseSchema):
    """The answer to `RevokeSecurityGroupIngress`."""

    structure = responses.RevokeSecurityGroupIngressResponse


class AuthorizeSecurityGroupIngressResponseSchema(AuthorizeResponseSchema):
    """The answer to `AuthorizeSecurityGroupIngress`."""

    structure = responses.AuthorizeSecurityGroupIngressResponse


class RevokeSecurityGroupEgressResponseSchema(RevokeResponseSchema):
    """The answer to `RevokeSecurityGroupEgress`."""

    structure = responses.RevokeSecurityGroupEgressResponse


class AuthorizeSecurityGroupEgressResponseSchema(AuthorizeResponseSchema):
    """The answer to `AuthorizeSecurityGroupEgress`."""

    structure = responses.AuthorizeSecurityGroupEgressResponse


class DescribeSecurityGroupsResponseSchema(SuccessSchema):
    """Security groups and what they permit."""

    structure = responses.DescribeSecurityGroupsResponse

    securityGroupInfo = Indexed(Structure(SecurityGroupSchema), "The groups.", source=MODEL, always=True)
    nextToken = Parameter(TEXT, "Asks for the next page.", source=LATER, since="2016-11-15")


class ErrorResponseSchema(ResponseSchema):
    """What EC2 answers when it refuses a request."""

    structure = responses.ErrorResponse
    spellings = dict.fromkeys(("requestId", "RequestId", "requestID"), "RequestID")

    Errors = Indexed(Structure(ErrorSchema), "The errors; clients go by the first.", source=API)
    RequestID = Parameter(TEXT, "Id of the request; no UUID.", source=API)

    def _namespace(self, response: responses.Response) -> dict[str, str]:
        """None, whatever others write: EC2's own error documents have none."""
        return {}


RESPONSE_SCHEMAS: Mapping[str, type[ResponseSchema]] = {
    schema.structure.root: schema
    for schema in (
        RevokeSecurityGroupIngressResponseSchema,
        AuthorizeSecurityGroupIngressResponseSchema,
        RevokeSecurityGroupEgressResponseSchema,
        AuthorizeSecurityGroupEgressResponseSchema,
        DescribeSecurityGroupsResponseSchema,
        ErrorResponseSchema,
    )
}


@cache
def response_schemas(profile: Profile | None) -> Mapping[str, ResponseSchema]:
    """A Schema of each response by the name of its root, made on first use."""
    return {root: schema(profile=profile) for root, schema in RESPONSE_SCHEMAS.items()}
