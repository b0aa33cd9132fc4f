"""Codec and validator for Amazon EC2 security-group permission requests."""

from importlib import import_module
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
    from ec2codec import grants as grants
    from ec2codec import plan as plan
    from ec2codec.error_codes import ErrorCode
    from ec2codec.error_texts import ErrorDetail, parse_error
    from ec2codec.mismatch import Mismatch, explain_mismatch
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

__version__ = "0.4.2"

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
    "ErrorCode",
    "ErrorDetail",
    "ErrorResponse",
    "Grant",
    "IpPermission",
    "IpRange",
    "Ipv6Range",
    "Mismatch",
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
    "explain_mismatch",
    "parse_error",
]
# What is loaded on first use, by its module; everything else that is, is of `responses`.
_HOMES = {
    "ErrorCode": "error_codes",
    "ErrorDetail": "error_texts",
    "Mismatch": "mismatch",
    "explain_mismatch": "mismatch",
    "parse_error": "error_texts",
}
_MODULES = ("grants", "plan")


def __getattr__(name: str) -> object:
    """Responses, plans and errors, on first use: who only decodes does not wait for them."""
    if name in _MODULES:
        return import_module(f"ec2codec.{name}")
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(f"ec2codec.{_HOMES.get(name, 'responses')}")
    value = globals()[name] = getattr(home, name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_MODULES})
