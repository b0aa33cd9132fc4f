"""Codec and validator for Amazon EC2 security-group permission requests."""

from ec2codec.codec import Codec, check, decode, encode, encode_params
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

__version__ = "0.1.0"

__all__ = [
    "RULES",
    "AuthorizeSecurityGroupEgress",
    "AuthorizeSecurityGroupIngress",
    "Codec",
    "DecodeError",
    "Ec2CodecError",
    "EncodeError",
    "EnvelopeError",
    "Grant",
    "IpPermission",
    "IpRange",
    "Ipv6Range",
    "Platform",
    "PrefixListId",
    "Profile",
    "Request",
    "RevokeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
    "Rule",
    "Tag",
    "TagSpecification",
    "UserIdGroupPair",
    "Violation",
    "__version__",
    "check",
    "decode",
    "encode",
    "encode_params",
]
