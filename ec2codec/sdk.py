"""Requests and groups as the AWS SDK for Python has them: mappings keyed by member names.

The SDK renames four lists, and counts items from 0: the wire's ``IpPermissions.2.Groups.1.GroupId`` is its
``IpPermissions[1].UserIdGroupPairs[0].GroupId``. Nothing here imports it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from marshmallow import ValidationError

from ec2codec.codec import Codec
from ec2codec.errors import EnvelopeError, Violation
from ec2codec.model import Request
from ec2codec.names import parse_name
from ec2codec.policy import Profile
from ec2codec.responses import SecurityGroup
from ec2codec.scalars import IPV6_VERSION

_RENAMED = {
    "Groups": "UserIdGroupPairs",
    "SecurityGroupRuleId": "SecurityGroupRuleIds",
    "Tag": "Tags",
    "TagSpecification": "TagSpecifications",
}
# Both ways: who writes the wire's name in SDK data has sent an unknown one, and it must stay one.
_OTHER_NAME = _RENAMED | {sdk: wire for wire, sdk in _RENAMED.items()}
# What the SDK renames in a described group, and the element that it stands for.
_ELEMENTS = {"UserIdGroupPairs": "groups", "Tags": "tagSet"}


@cache
def _translator() -> Codec:
    """A Codec that only translates."""
    return Codec(profile=None)


def renamed(value: Any) -> Any:
    """Nested data with the wire's member names as the SDK's, and the SDK's as the wire's."""
    if isinstance(value, Mapping):
        return {_OTHER_NAME.get(name, name): renamed(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [renamed(item) for item in value]
    return value


def from_boto(params: Mapping[str, Any], *, action: str, version: str = IPV6_VERSION) -> Request:
    """The request of the keyword arguments of an SDK call.

    action: name of the operation, ``"RevokeSecurityGroupIngress"``. version: the client's, a date.
    Only translated, not judged; empty lists are absent, for they have no wire form.
    Raises: EncodeError for names that the action does not have, and for values that have no wire form.
    """
    return _translator().load({"Action": action, "Version": version, **renamed(params)})


def to_boto(request: Request) -> dict[str, Any]:
    """The keyword arguments of the SDK call that sends a request; its action is the name of the operation.

    Without authentication, which the SDK adds, and without the API version, which the client has.
    """
    dumped = _translator().dump(request)
    params: dict[str, Any] = renamed({k: v for k, v in dumped.items() if k not in ("Action", "Version")})
    return params


def sdk_location(location: str) -> str:
    """The place of a wire location in SDK data: ``IpPermissions[1].UserIdGroupPairs[0].GroupId``."""
    spelt = ""
    for segment in parse_name(location):
        if isinstance(segment, int):
            spelt += f"[{segment - 1}]"
        else:
            spelt += f".{_OTHER_NAME.get(segment, segment)}"
    return spelt.removeprefix(".")


def group_from_boto(group: Mapping[str, Any]) -> SecurityGroup:
    """The security group of one item of what the SDK's ``describe_security_groups`` returned.

    What ec2codec does not know of the group itself is left out, since AWS adds some over time.
    Raises: EnvelopeError if a value is none of its element's, or if a permission holds something unknown.
    """
    # Here: who plans from objects pays for no response Schema.
    from ec2codec.response_schemas import response_schemas

    schema = response_schemas(Profile.OBSERVED)["DescribeSecurityGroupsResponse"]
    listing: Any = schema.fields["securityGroupInfo"]
    known = listing.item.schema.fields.keys()
    item = {"groupDescription" if name == "description" else name: v for name, v in _elements(group).items()}
    item = {name: value for name, value in item.items() if name in known}
    try:
        response = schema.load({"securityGroupInfo": [item]})
    except ValidationError as error:
        raise EnvelopeError(_violations(error.messages)) from None
    described: SecurityGroup = response.security_group_info[0]
    return described


def _elements(value: Any) -> Any:
    """Nested SDK data keyed by element names."""
    if isinstance(value, Mapping):
        return {_ELEMENTS.get(name, _lower(name)): _elements(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_elements(item) for item in value]
    return value


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _violations(messages: Any) -> list[Violation]:
    return [text.violation for text in messages["_schema"]]
