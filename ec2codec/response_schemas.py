"""The responses as marshmallow Schemas, one line per element.

A field's name is the element's name; its attribute in `ec2codec.responses` is that in snake case. What comes
back of a request has the request's names, but for the case of the first letter. Ids and names are texts
here: other systems answer ids that the rules for requests would refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, ClassVar, NamedTuple

from marshmallow import EXCLUDE, Schema, ValidationError

from ec2codec import model, responses, xml
from ec2codec.errors import Violation
from ec2codec.fields import Indexed, Parameter, Structure
from ec2codec.loading import error_tree, load_many
from ec2codec.policy import Policy, Profile
from ec2codec.rule import rules_of
from ec2codec.rules.subjects import Document
from ec2codec.scalars import INTEGER, TEXT, Malformed, Scalar
from ec2codec.schemas import BaseSchema

API = "API Reference 2011-12-15"
MODEL = "EC2 model of aws-sdk-ruby, 2011-12-15"
LATER = "EC2 model of botocore"

# The rules of documents, by number; importing `ec2codec.schemas` has filled the register.
DOCUMENT_RULES = rules_of("document")

_NAMESPACE = re.compile(r"http://ec2\.amazonaws\.com/doc/([0-9]{4}-[0-9]{2}-[0-9]{2})/?")
# The last version whose documents show the namespace without a slash at the end.
LAST_WITHOUT_SLASH = "2008-08-08"

_XSD_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def parse_xsd_boolean(text: str) -> bool:
    """Value of an xsd:boolean without the blanks around it: ``true``, ``false``, ``1`` or ``0``.

    Raises: Malformed.
    Source: XML Schema 2, section 3.2.2; API Reference 2011-12-15, Response Elements.
    """
    if text not in _XSD_BOOLEANS:
        raise Malformed
    return _XSD_BOOLEANS[text]


XSD_BOOLEAN = Scalar("xsd:boolean", bool, parse=parse_xsd_boolean)


def version_of(namespace: str) -> str | None:
    """The API version that a namespace names, with or without the slash at the end."""
    match = _NAMESPACE.fullmatch(namespace)
    return None if match is None else match[1]


def namespace_of(version: str) -> str:
    """The namespace of an API version."""
    return f"http://ec2.amazonaws.com/doc/{version}" + ("" if version <= LAST_WITHOUT_SLASH else "/")


class ElementSchema(BaseSchema):
    """A structure of a response.

    places: for `ec2codec.xml.fit`, by element name, the name by which it is loaded, and the field.
    """

    #: Other names under which an element comes.
    spellings: ClassVar[Mapping[str, str]] = {}

    class Meta:
        """Every Schema writes and reads XML."""

        render_module = xml

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        fields = {declared.data_key or name: declared for name, declared in self.fields.items()}
        self.places = {name: (name, declared) for name, declared in fields.items()}
        self.places |= {other: self.places[name] for other, name in self.spellings.items()}


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
    groups = Indexed(Structure(UserIdGroupPairSchema), "Source security groups.", source=API)
    ipRanges = Indexed(Structure(IpRangeSchema), "IPv4 CIDR ranges.", source=API)
    ipv6Ranges = Indexed(Structure(Ipv6RangeSchema), "IPv6 CIDR ranges.", source=LATER, since="2016-11-15")
    prefixListIds = Indexed(Structure(PrefixListIdSchema), "Prefix lists.", source=LATER, since="2015-04-15")


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
    ipPermissions = Indexed(Structure(IpPermissionSchema), "Ingress permissions.", source=MODEL)
    ipPermissionsEgress = Indexed(Structure(IpPermissionSchema), "Egress permissions.", source=MODEL)
    tagSet = Indexed(Structure(TagSchema), "Tags of the group.", source=MODEL)
    securityGroupArn = Parameter(TEXT, "ARN of the group.", source=LATER, since="2016-11-15")


class ErrorSchema(ElementSchema):
    """One error."""

    structure = responses.Error

    Code = Parameter(TEXT, "Error code.", source=API)
    Message = Parameter(TEXT, "What is wrong, for people.", source=API, may_be_empty=True)


class Asked(NamedTuple):
    """What is known of the request that a document answers."""

    action: str | None = None
    version: str | None = None


NOTHING = Asked()


class Outcome(NamedTuple):
    """What came of one document. response: None if any violation is an error."""

    response: Any
    violations: tuple[Violation, ...]


class ResponseSchema(ElementSchema):
    """What all responses share; never used itself.

    profile: as for `ec2codec.Codec`.
    `load` and `loads` judge by every rule and raise marshmallow's ValidationError; its messages are under
    ``_schema``, for they are about the document, and each is a `RuleText`. The namespace is under ``@xmlns``.
    """

    structure: type[responses.Response]

    def __init__(self, *, profile: Profile | str | None = Profile.DOCUMENTED, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.profile = None if profile is None else Profile(profile)

    def build(self, data: Mapping[str, Any], **extra: Any) -> Any:
        """The response of a mapping that has been judged; *extra* are further attributes."""
        return self.structure(**Schema.load(self, data, partial=True, unknown=EXCLUDE), **extra)

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """Nested data keyed by element names, lists as lists; with *many* a list of those."""
        if self.many if many is None else many:
            return [self.dump(response, many=False) for response in obj]
        return self._namespace(obj) | super().dump(obj, many=False)

    def _namespace(self, response: responses.Response) -> dict[str, str]:
        return {} if response.version is None else {xml.XMLNS: namespace_of(str(response.version))}

    def dumps(self, obj: Any, *args: Any, many: bool | None = None, **kwargs: Any) -> str:
        """The XML document of one response.

        Raises: marshmallow.ValidationError with every violation of severity error.
        """
        text, violations = self.write(obj)
        if text is None:
            raise ValidationError(error_tree(violations))
        return text

    def write(self, response: responses.Response) -> tuple[str | None, tuple[Violation, ...]]:
        """The XML document of a response, and the findings; None if any of them is an error."""
        markup = xml.plant(self.dump(response, many=False), self.structure.root)
        outcome = self.judge(markup)
        if outcome.response is None:
            return None, outcome.violations
        text = xml.dumps(markup)
        fault = xml.fault_of_size(text)
        if fault is not None:
            return None, self.judge(xml.Markup(fault=fault)).violations
        return text, outcome.violations

    def load(self, data: Any, *, many: bool | None = None, partial: Any = None, unknown: Any = None) -> Any:
        """The response, or with *many* the list of responses, of nested data keyed by element names.

        Lists are lists, or mappings from position. partial, unknown: not used.
        Raises: marshmallow.ValidationError with every violation of severity error.
        """
        if self.many if many is None else many:
            return load_many(self._load, data)
        return self._load(data)

    def validate(self, data: Any, *, many: bool | None = None, partial: Any = None) -> Any:
        """The messages that `load` would raise; empty if it would not."""
        try:
            self.load(data, many=many)
        except ValidationError as error:
            return error.messages
        return {}

    def _load(self, data: Any) -> responses.Response:
        markup = data if isinstance(data, xml.Markup) else xml.plant(data, self.structure.root)
        outcome = self.judge(markup)
        if outcome.response is None:
            raise ValidationError(error_tree(outcome.violations))
        response: responses.Response = outcome.response
        return response

    def judge(self, markup: xml.Markup) -> Outcome:
        """The response in a document, or every violation."""
        return judge(markup, {self.structure.root: self}, profile=self.profile)


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

    securityGroupInfo = Indexed(Structure(SecurityGroupSchema), "The groups.", source=MODEL)
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


def judge(
    markup: xml.Markup,
    schemas: Mapping[str, ResponseSchema],
    *,
    profile: Profile | None,
    asked: Asked = NOTHING,
) -> Outcome:
    """The response in a document, or every violation. schemas: of the responses that may come, by root."""
    version = version_of(markup.namespace)
    schema = schemas.get(markup.root) if version is not None or not markup.namespace else None
    fitted = xml.Fitted({}) if schema is None else xml.fit(markup, schema)
    document = Document(
        fault=markup.fault,
        root=markup.root,
        namespace=markup.namespace,
        version=version,
        roots=tuple(schemas),
        members=frozenset() if schema is None else frozenset(schema.places),
        content=fitted.content,
        oddities=fitted.oddities,
        action=asked.action,
        request_version=asked.version,
    )
    violations = tuple(_violations(document, Policy(profile=profile)))
    if schema is None or any(violation.severity == "error" for violation in violations):
        return Outcome(None, violations)
    return Outcome(schema.build(fitted.content, version=version, unknown=fitted.unknown), violations)


def _violations(document: Document, policy: Policy) -> Iterator[Violation]:
    for rule in DOCUMENT_RULES:
        if policy.severity(rule) is not None:
            for found in rule.judge(document, policy):
                yield policy.violation(rule, found, "")
