"""The wire shape as marshmallow Schemas, one line per parameter: the single source.

A field's name is the wire name; its attribute in `ec2codec.model` is that in snake case. ``since`` is the API
version that brought a parameter; without it, it was there in 2011-12-15.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, missing

from ec2codec import model, query
from ec2codec.fields import Indexed, Parameter, Structure
from ec2codec.loading import as_wire, error_tree, load_many
from ec2codec.names import snake_case
from ec2codec.policy import Platform, Profile
from ec2codec.reference import Reference
from ec2codec.rules.subjects import RESPONSE_ONLY
from ec2codec.scalars import (
    BOOLEAN,
    CIDR,
    GROUP_ID,
    GROUP_NAME,
    INTEGER,
    IPV6_CIDR,
    PAIR_DESCRIPTION,
    PEERING_ID,
    PREFIX_LIST_ID,
    PROTOCOL,
    RANGE_DESCRIPTION,
    RULE_ID,
    TEXT,
    USER_ID,
    VPC_ID,
)

API = "API Reference 2011-12-15"
MODEL = "EC2 model of aws-sdk-ruby, 2011-12-15"
LATER = "EC2 model of botocore"
# Absent from the model of 2013-02-01 and there in that of 2013-08-15 (aws-sdk-ruby).
DRY_RUN_VERSION = "2013-08-15"


class BaseSchema(Schema):
    """A structure of the wire: names in wire case, attributes in snake case, absent members left out."""

    #: The class that `build` makes; None keeps the mapping.
    structure: type | None = None

    class Meta:
        """Every Schema writes and reads query strings."""

        render_module = query

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        #: The fields by wire name, which Python may not let be a field's own: ``return``.
        self.by_name = {declared.data_key or name: declared for name, declared in self.fields.items()}

    def on_bind_field(self, field_name: str, field_obj: Any) -> None:
        """Name the attribute after the wire name."""
        field_obj.attribute = snake_case(field_name)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """The member's value; None and empty lists are absent."""
        value = super().get_attribute(obj, attr, default)
        return missing if value is None or value == () else value

    def build(self, data: Mapping[str, Any], **extra: Any) -> Any:
        """The object of a mapping whose texts have been judged; *extra* are further attributes.

        Field by field as marshmallow has them, but over those that came only: its own loop over all that
        might come is most of the cost of loading.
        """
        for name, value in data.items():
            declared = self.by_name[name]
            extra[str(declared.attribute)] = declared._deserialize(value, name, data)
        return extra if self.structure is None else self.structure(**extra)


class IpRangeSchema(BaseSchema):
    """An IPv4 CIDR range."""

    structure = model.IpRange

    CidrIp = Parameter(CIDR, "CIDR range, such as 205.192.0.0/16.", source=API)
    Description = Parameter(RANGE_DESCRIPTION, "What the range is.", source=LATER, since="2016-11-15")


class Ipv6RangeSchema(BaseSchema):
    """An IPv6 CIDR range."""

    structure = model.Ipv6Range

    CidrIpv6 = Parameter(IPV6_CIDR, "IPv6 CIDR range.", source=LATER, since="2016-11-15")
    Description = Parameter(RANGE_DESCRIPTION, "What the range is.", source=LATER, since="2016-11-15")


class PrefixListIdSchema(BaseSchema):
    """A prefix list."""

    structure = model.PrefixListId

    PrefixListId = Parameter(PREFIX_LIST_ID, "Id of the prefix list.", source=LATER, since="2015-04-15")
    Description = Parameter(PAIR_DESCRIPTION, "What the list is.", source=LATER, since="2016-11-15")


class UserIdGroupPairSchema(BaseSchema):
    """A source security group."""

    structure = model.UserIdGroupPair

    UserId = Parameter(USER_ID, "AWS account that owns the source group; a text.", source=API)
    GroupName = Parameter(GROUP_NAME, "Name of the source group; EC2-Classic.", source=API)
    GroupId = Parameter(GROUP_ID, "Id of the source group.", source=API)
    VpcId = Parameter(VPC_ID, "VPC of the source group, if peered.", source=LATER, since="2015-10-01")
    VpcPeeringConnectionId = Parameter(PEERING_ID, "The peering.", source=LATER, since="2015-10-01")
    PeeringStatus = Parameter(TEXT, "Status of the peering; in responses.", source=LATER, since=RESPONSE_ONLY)
    Description = Parameter(PAIR_DESCRIPTION, "What the group is.", source=LATER, since="2016-11-15")


class IpPermissionSchema(BaseSchema):
    """A bundle of grants that share protocol and ports."""

    structure = model.IpPermission

    IpProtocol = Parameter(PROTOCOL, "tcp, udp, icmp, a protocol number, or -1 for all.", source=API)
    FromPort = Parameter(INTEGER, "First port, 0 to 65535, or ICMP type, -1 to 255.", source=API)
    ToPort = Parameter(INTEGER, "Last port, 0 to 65535, or ICMP code, -1 to 255.", source=API)
    Groups = Indexed(Structure(UserIdGroupPairSchema), "Source security groups.", source=API)
    IpRanges = Indexed(Structure(IpRangeSchema), "IPv4 CIDR ranges.", source=API)
    Ipv6Ranges = Indexed(Structure(Ipv6RangeSchema), "IPv6 CIDR ranges.", source=LATER, since="2016-11-15")
    PrefixListIds = Indexed(Structure(PrefixListIdSchema), "Prefix lists.", source=LATER, since="2015-04-15")


class TagSchema(BaseSchema):
    """A tag."""

    structure = model.Tag

    Key = Parameter(TEXT, "Key of the tag.", source=LATER, since="2016-11-15")
    Value = Parameter(TEXT, "Value of the tag.", source=LATER, since="2016-11-15", may_be_empty=True)


class TagSpecificationSchema(BaseSchema):
    """The tags of what a call creates."""

    structure = model.TagSpecification

    ResourceType = Parameter(TEXT, "security-group-rule.", source=LATER, since="2016-11-15")
    Tag = Indexed(Structure(TagSchema), "The tags.", source=LATER, since="2016-11-15")


# What says how the rest of a request is read.
HEADER = ("Action", "Version")


class JudgedSchema(BaseSchema):
    """A whole request or response, whose `load` judges by every rule; never used itself."""

    def load(self, data: Any, *, many: bool | None = None, partial: Any = None, unknown: Any = None) -> Any:
        """The object, or with *many* the list of objects, of nested data keyed by wire names.

        Lists are lists, or mappings keyed by wire index. partial: nothing is reported as missing; None: as
        the Schema was made.
        unknown: not used; a name that is not known is refused.
        Raises: marshmallow.ValidationError with every violation of severity error.
        """
        lenient = bool(self.partial if partial is None else partial)
        if self.many if many is None else many:
            return load_many(lambda item: self._load(item, partial=lenient), data)
        return self._load(data, partial=lenient)

    def validate(self, data: Any, *, many: bool | None = None, partial: Any = None) -> Any:
        """The messages that `load` would raise; empty if it would not."""
        try:
            self.load(data, many=many, partial=partial)
        except ValidationError as error:
            return error.messages
        return {}

    @abstractmethod
    def _load(self, data: Any, *, partial: bool) -> Any:
        """The object of one item, judged."""
        ...


class RequestSchema(JudgedSchema):
    """What the four requests share; never used itself.

    platform, profile: as for `ec2codec.Codec`. assumed: the version of a request that names none.
    only, exclude: wire names of parameters, dotted for those inside, ``"IpPermissions.Groups"``; what is left
        out is not recognized. Action and Version stay, for they say how the rest is read.
    `load` and `loads` judge by every rule and raise marshmallow's ValidationError; its messages are keyed by
    wire names and indexes, and each is a `RuleText`.
    """

    structure: type[model.Request]

    Action = Parameter(TEXT, "Name of the action.", source=API)
    Version = Parameter(TEXT, "API version, a date.", source=API)
    GroupId = Parameter(GROUP_ID, "Id of the security group to modify.", source=API)

    def __init__(
        self,
        *,
        platform: Platform | str = Platform.ANY,
        profile: Profile | str | None = Profile.DOCUMENTED,
        assumed: str = model.DEFAULT_VERSION,
        only: Collection[str] | None = None,
        exclude: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        kept = None if only is None else {*only, *HEADER}
        super().__init__(only=kept, exclude=set(exclude).difference(HEADER), **kwargs)
        self.narrowed = only is not None or bool(exclude)
        self.reference = Reference(
            {self.structure.action: self},
            platform=Platform(platform),
            profile=None if profile is None else Profile(profile),
            assumed=assumed,
        )

    def build(self, data: Mapping[str, Any], **extra: Any) -> Any:
        """The request of a mapping whose texts have been judged; what is left out is empty in it."""
        if self.narrowed:
            data = {name: value for name, value in data.items() if name in self.by_name or value}
        return super().build(data, **extra)

    def _load(self, data: Any, *, partial: bool) -> model.Request:
        wire, action = (
            (data, None) if isinstance(data, query.Wire) else (as_wire(data), self.structure.action)
        )
        outcome = self.reference.judge(wire, default_action=action, partial=partial)
        if outcome.request is None:
            raise ValidationError(error_tree(outcome.violations))
        request: model.Request = outcome.request
        return request


class IngressSchema(RequestSchema):
    """What the two ingress requests share: the name of the group, and the flat form; never used itself."""

    structure: type[model.IngressRequest]

    GroupName = Parameter(GROUP_NAME, "Name of the security group to modify.", source=API)
    UserId = Parameter(TEXT, "Deprecated.", source=API)
    IpProtocol = Parameter(PROTOCOL, "Flat form: as in IpPermissions.n.", source=MODEL)
    FromPort = Parameter(INTEGER, "Flat form: as in IpPermissions.n.", source=MODEL)
    ToPort = Parameter(INTEGER, "Flat form: as in IpPermissions.n.", source=MODEL)
    CidrIp = Parameter(CIDR, "Flat form: the CIDR range.", source=MODEL)
    SourceSecurityGroupName = Parameter(GROUP_NAME, "Flat form: the source group.", source=MODEL)
    SourceSecurityGroupOwnerId = Parameter(USER_ID, "Flat form: its owner.", source=MODEL)
    IpPermissions = Indexed(Structure(IpPermissionSchema), "The permissions.", source=API)
    DryRun = Parameter(BOOLEAN, "Only check for authorization.", source=LATER, since=DRY_RUN_VERSION)


class EgressSchema(RequestSchema):
    """What the two egress requests share, neither GroupName nor the flat form; never used itself."""

    IpPermissions = Indexed(Structure(IpPermissionSchema), "The permissions.", source=MODEL)
    DryRun = Parameter(BOOLEAN, "Only check for authorization.", source=LATER, since=DRY_RUN_VERSION)


class RevokeSchema(RequestSchema):
    """What revoking adds; never used itself."""

    SecurityGroupRuleId = Indexed(
        Parameter(RULE_ID, "Id of a rule.", source=LATER, since="2016-11-15"),
        "Ids of rules.",
        source=LATER,
        since="2016-11-15",
    )


class AuthorizeSchema(RequestSchema):
    """What authorizing adds; never used itself."""

    TagSpecification = Indexed(
        Structure(TagSpecificationSchema), "Tags of the new rules.", source=LATER, since="2016-11-15"
    )


class RevokeSecurityGroupIngressSchema(IngressSchema, RevokeSchema):
    """Removes grants from the ingress side of a security group."""

    structure = model.RevokeSecurityGroupIngress


class AuthorizeSecurityGroupIngressSchema(IngressSchema, AuthorizeSchema):
    """Adds grants to the ingress side of a security group."""

    structure = model.AuthorizeSecurityGroupIngress


class RevokeSecurityGroupEgressSchema(EgressSchema, RevokeSchema):
    """Removes grants from the egress side of a VPC security group."""

    structure = model.RevokeSecurityGroupEgress


class AuthorizeSecurityGroupEgressSchema(EgressSchema, AuthorizeSchema):
    """Adds grants to the egress side of a VPC security group."""

    structure = model.AuthorizeSecurityGroupEgress


SCHEMAS: Mapping[str, type[RequestSchema]] = {
    schema.structure.action: schema
    for schema in (
        RevokeSecurityGroupIngressSchema,
        AuthorizeSecurityGroupIngressSchema,
        RevokeSecurityGroupEgressSchema,
        AuthorizeSecurityGroupEgressSchema,
    )
}
