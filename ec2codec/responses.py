"""Responses as values: frozen, keyword-only dataclasses with EC2's names in snake case.

This mirrors `ec2codec.response_schemas`, where the attributes are documented, one line each; a test holds the
two together. ``None`` is an absent element, an empty tuple an absent or empty list.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from ec2codec.model import DEFAULT_VERSION, IpPermission, Tag

# Location and text of elements, in the order of the document.
Unknown = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencedSecurityGroup:
    """The source security group of a rule."""

    group_id: str | None = None
    peering_status: str | None = None
    user_id: str | None = None
    vpc_id: str | None = None
    vpc_peering_connection_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroupRule:
    """A rule that a call added; one grant."""

    security_group_rule_id: str | None = None
    group_id: str | None = None
    group_owner_id: str | None = None
    is_egress: bool | None = None
    ip_protocol: str | None = None
    from_port: int | None = None
    to_port: int | None = None
    cidr_ipv4: str | None = None
    cidr_ipv6: str | None = None
    prefix_list_id: str | None = None
    referenced_group_info: ReferencedSecurityGroup | None = None
    description: str | None = None
    tag_set: tuple[Tag, ...] = ()
    security_group_rule_arn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokedSecurityGroupRule:
    """A rule that a call removed; one grant."""

    security_group_rule_id: str | None = None
    group_id: str | None = None
    is_egress: bool | None = None
    ip_protocol: str | None = None
    from_port: int | None = None
    to_port: int | None = None
    cidr_ipv4: str | None = None
    cidr_ipv6: str | None = None
    prefix_list_id: str | None = None
    referenced_group_id: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroup:
    """A security group and its permissions."""

    owner_id: str | None = None
    group_id: str | None = None
    group_name: str | None = None
    group_description: str | None = None
    vpc_id: str | None = None
    ip_permissions: tuple[IpPermission, ...] = ()
    ip_permissions_egress: tuple[IpPermission, ...] = ()
    tag_set: tuple[Tag, ...] = ()
    security_group_arn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """One error of an error document."""

    code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What all responses share; never used itself.

    root: name of the root element.
    version: API version that the namespace names; None without a namespace.
    unknown: elements that ec2codec does not know, since AWS adds some over time: kept, not compared, not
        encoded.
    """

    root: ClassVar[str]

    version: str | None = DEFAULT_VERSION
    request_id: str | None = None
    unknown: Unknown = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorResponse(Response):
    """What EC2 answers when it refuses a request, whichever it was.

    version: EC2's own error documents have no namespace, and what others write there is not compared and not
        encoded.
    """

    root: ClassVar[str] = "Response"

    version: str | None = field(default=None, compare=False)
    errors: tuple[Error, ...] = ()

    @property
    def code(self) -> str | None:
        """The code of the first error that has one: clients go by that."""
        for error in self.errors:
            if error.code is not None:
                return error.code
        return None

    @property
    def message(self) -> str | None:
        """The message of the first error that has a code."""
        return next((error.message for error in self.errors if error.code is not None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResponse(Response):
    """What the answers to the four requests share; never used itself.

    return_: whether the service did it; None where the document does not say.
    """

    action: ClassVar[str]

    return_: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeResponse(ActionResponse):
    """What revoking answers; never used itself.

    unknown_ip_permission_set: permissions of the request that the group did not have.
    """

    unknown_ip_permission_set: tuple[IpPermission, ...] = ()
    revoked_security_group_rule_set: tuple[RevokedSecurityGroupRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizeResponse(ActionResponse):
    """What authorizing answers; never used itself."""

    security_group_rule_set: tuple[SecurityGroupRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeSecurityGroupIngressResponse(RevokeResponse):
    """The answer to `RevokeSecurityGroupIngress`."""

    action: ClassVar[str] = "RevokeSecurityGroupIngress"
    root: ClassVar[str] = "RevokeSecurityGroupIngressResponse"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizeSecurityGroupIngressResponse(AuthorizeResponse):
    """The answer to `AuthorizeSecurityGroupIngress`."""

    action: ClassVar[str] = "AuthorizeSecurityGroupIngress"
    root: ClassVar[str] = "AuthorizeSecurityGroupIngressResponse"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeSecurityGroupEgressResponse(RevokeResponse):
    """The answer to `RevokeSecurityGroupEgress`."""

    action: ClassVar[str] = "RevokeSecurityGroupEgress"
    root: ClassVar[str] = "RevokeSecurityGroupEgressResponse"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizeSecurityGroupEgressResponse(AuthorizeResponse):
    """The answer to `AuthorizeSecurityGroupEgress`."""

    action: ClassVar[str] = "AuthorizeSecurityGroupEgress"
    root: ClassVar[str] = "AuthorizeSecurityGroupEgressResponse"


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribeSecurityGroupsResponse(Response):
    """Security groups and what they permit."""

    action: ClassVar[str] = "DescribeSecurityGroups"
    root: ClassVar[str] = "DescribeSecurityGroupsResponse"

    security_group_info: tuple[SecurityGroup, ...] = ()
    next_token: str | None = None
