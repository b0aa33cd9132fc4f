"""Codec and validator for Amazon EC2 security-group permission requests."""

from typing import TYPE_CHECKING

from ec2codec.codec import (
    Codec,
    check,
    check_response,
    decode,
    decode_response,
    encode,
    encode_params,
    encode_response,
)
from ec2codec.errors import DecodeError, Ec2CodecError, EncodeError, EnvelopeError, Violation
from ec2codec.model import (
    AuthorizeSecurityGroupEgress,
    AuthorizeSecurityGroupIngress,
    Grant,
    IpPermission,
    IpRange,
    Ipv6Range,
    PrefixListId,
    Request,
    RevokeSecurityGroupEgress,
    RevokeSecurityGroupIngress,
    Tag,
    TagSpecification,
    UserIdGroupPair,
)
from ec2codec.policy import Platform, Profile
from ec2codec.rule import RULES, Rule

if TYPE_CHECKING:
    from ec2codec.responses import (
        ActionResponse,
        AuthorizeSecurityGroupEgressResponse,
        AuthorizeSecurityGroupIngressResponse,
        DescribeSecurityGroupsResponse,
        Error,
        ErrorResponse,
        ReferencedSecurityGroup,
        Response,
        RevokedSecurityGroupRule,
        RevokeSecurityGroupEgressResponse,
        RevokeSecurityGroupIngressResponse,
        SecurityGroup,
        SecurityGroupRule,
    )

__version__ = "0.2.0"

__all__ = [
    "RULES",
    "ActionResponse",
    "AuthorizeSecurityGroupEgress",
    "AuthorizeSecurityGroupEgressResponse",
    "AuthorizeSecurityGroupIngress",
    "AuthorizeSecurityGroupIngressResponse",
    "Codec",
    "DecodeError",
    "DescribeSecurityGroupsResponse",
    "Ec2CodecError",
    "EncodeError",
    "EnvelopeError",
    "Error",
    "ErrorResponse",
    "Grant",
    "IpPermission",
    "IpRange",
    "Ipv6Range",
    "Platform",
    "PrefixListId",
    "Profile",
    "ReferencedSecurityGroup",
    "Request",
    "Response",
    "RevokeSecurityGroupEgress",
    "RevokeSecurityGroupEgressResponse",
    "RevokeSecurityGroupIngress",
    "RevokeSecurityGroupIngressResponse",
    "RevokedSecurityGroupRule",
    "Rule",
    "SecurityGroup",
    "SecurityGroupRule",
    "Tag",
    "TagSpecification",
    "UserIdGroupPair",
    "Violation",
    "__version__",
    "check",
    "check_response",
    "decode",
    "decode_response",
    "encode",
    "encode_params",
    "encode_response",
]


def __getattr__(name: str) -> object:
    """The classes of responses, on first use: who never sees a response does not wait for them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ec2codec import responses

    value = globals()[name] = getattr(responses, name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
