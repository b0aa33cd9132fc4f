"""EC2's error texts back into data: the parameter, the value, the group or the grant that one speaks of.

The texts are those of the rules and of the service's state, as recorded (docs/guides/errors.md). The service
says a text to people, in no fixed form: what is not recorded is not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from ec2codec.error_codes import ErrorCode
from ec2codec.model import Direction, Grant, IpRange, Ipv6Range, PrefixListId, Source, UserIdGroupPair
from ec2codec.scalars import is_cidr, is_ipv6_cidr, parse_integer


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorDetail:
    """What an error speaks of.

    code: EC2's, without ``Client.``.
    parameters: wire names, without the lists they stand in, ``("FromPort", "ToPort")``; where the text
        quotes a name as it was sent, that.
    value: the value that it quotes; ``""`` is an empty one.
    group: id or name of the security group. vpc_id: of the VPC.
    grant: canonical; what the service has already.
    """

    code: ErrorCode | str
    parameters: tuple[str, ...] = ()
    value: str | None = None
    group: str | None = None
    vpc_id: str | None = None
    grant: Grant | None = None


class _Text(NamedTuple):
    """A text, by a pattern whose named groups are what it quotes, and the parameters that it means."""

    pattern: re.Pattern[str]
    parameters: tuple[str, ...] = ()


def parse_error(code: str, message: str, *, direction: Direction = "ingress") -> ErrorDetail | None:
    """What an error's code and message speak of; None for a text that is not known.

    code: with or without the ``Client.`` of command line and CloudTrail.
    direction: of the request, which no text says; for the grant. Time is linear in the length of the message.
    """
    for text in TEXTS:
        match = text.pattern.fullmatch(message.strip())
        if match is not None:
            return _detail(ErrorCode.read(code), text, match.groupdict(), direction)
    return None


def _detail(
    code: ErrorCode | str, text: _Text, quoted: dict[str, str | None], direction: Direction
) -> ErrorDetail:
    named = tuple(_wire_name(name) for part, name in quoted.items() if name and part.startswith("parameter"))
    return ErrorDetail(
        code=code,
        parameters=text.parameters or named,
        value=quoted.get("value"),
        group=quoted.get("group"),
        vpc_id=quoted.get("vpc"),
        grant=_grant(quoted, direction) if quoted.get("peer") else None,
    )


def _wire_name(name: str) -> str:
    """``"GroupId"`` of ``"groupId"``; what was sent stays as it was, but for the case of its first letter."""
    return name[:1].upper() + name[1:]


def _grant(quoted: dict[str, str | None], direction: Direction) -> Grant | None:
    """The grant of ``peer: 10.0.0.0/8, TCP, from port: 22, to port: 22``; None if the peer is unknown."""
    source = _source(str(quoted["peer"]))
    if source is None:
        return None
    first, last = quoted["from"] or quoted["type"], quoted["to"] or quoted["code"]
    return Grant(
        direction=direction,
        ip_protocol=_PROTOCOLS.get(str(quoted["protocol"]), quoted["number"]),
        from_port=_port(first),
        to_port=_port(last),
        source=source,
    )


def _port(text: str | None) -> int | None:
    return None if text is None else -1 if text == "ALL" else parse_integer(text)


def _source(peer: str) -> Source | None:
    if is_cidr(peer):
        return IpRange(cidr_ip=peer)
    if is_ipv6_cidr(peer):
        return Ipv6Range(cidr_ipv6=peer)
    if peer.startswith("pl-"):
        return PrefixListId(prefix_list_id=peer)
    return UserIdGroupPair(group_id=peer) if peer.startswith("sg-") else None


def _text(pattern: str, *parameters: str) -> _Text:
    return _Text(re.compile(pattern, re.DOTALL), parameters)


_PROTOCOLS = {"TCP": "tcp", "UDP": "udp", "ICMP": "icmp", "ALL": "-1"}
# Ten digits at most ever reach int().
_PORT = r"-?[0-9]{1,5}"
_PORTS = rf", from port: (?P<from>{_PORT}), to port: (?P<to>{_PORT})"
_TYPES = rf", type: (?P<type>ALL|{_PORT}), code: (?P<code>ALL|{_PORT})"
_WHAT = r"(?:(?P<protocol>TCP|UDP|ICMP|ALL)|protocol: (?P<number>[0-9]{1,3}))"
_NAME = r"[A-Za-z0-9.]+"

TEXTS: tuple[_Text, ...] = (
    # Names.
    _text(r"The parameter (?P<parameter>.+) is not recognized(?:: .*)?"),
    _text(r"The parameter (?P<parameter>.+) may only be specified once"),
    _text(rf"The parameter (?P<parameter>{_NAME}) cannot be used with the parameter (?P<parameter2>{_NAME})"),
    _text(rf"The request must contain the parameter (?P<parameter>{_NAME})(?: or (?P<parameter2>{_NAME}))?"),
    _text(rf"(?P<parameter>{_NAME}) and (?P<parameter2>{_NAME}) must not both be set"),
    _text(rf"(?P<parameter>{_NAME}) must be set if (?P<parameter2>{_NAME}) is set\."),
    _text(r"The request received was invalid\.?"),
    _text(
        r"The request must include either Timestamp or Expires, but cannot contain both",
        "Timestamp",
        "Expires",
    ),
    _text(r"The action (?P<value>.*) is not valid for this web service\.", "Action"),
    # Values.
    _text(rf"Value \((?P<value>.*)\) for parameter (?P<parameter>{_NAME}) is invalid[.:] .*"),
    _text(r"Invalid id: \"(?P<value>.*)\" \(expecting \"sg-\.\.\.\"\)", "GroupId"),
    _text(r"The security-group ID '(?P<value>.*)' is malformed", "GroupId"),
    _text(
        r"Invalid value '(?P<value>.*)' for groupName\. You may not reference Amazon VPC security groups by"
        r" name\. Please use the corresponding id for this operation\.",
        "GroupName",
    ),
    _text(
        r"Invalid value 'null' for protocol\. VPC security group rules must specify protocols explicitly\.",
        "IpProtocol",
    ),
    _text(r"Invalid value '(?P<value>.*)' for IP protocol\. Unknown protocol\.", "IpProtocol"),
    _text(r"Unsupported IP protocol \"(?P<value>.*)\"  ?- supported: \[tcp, udp, icmp\]", "IpProtocol"),
    _text(r"Invalid value '(?P<value>.*)' for userId\.", "UserId"),
    _text(r"Invalid user ID: \"(?P<value>.*)\"", "UserId"),
    _text(r"CIDR block (?P<value>.*) is malformed", "CidrIp"),
    _text(r"Invalid IP range: '(?P<value>.*)'", "CidrIp"),
    # Ports.
    _text(
        r"Invalid value 'Must specify both from and to ports with (?:TCP/UDP|ICMP)\.' for portRange\.",
        *("FromPort", "ToPort"),
    ),
    _text(
        r"Invalid value for portRange\. Must specify both from and to ports with (?:TCP/UDP|ICMP)\.?",
        *("FromPort", "ToPort"),
    ),
    _text(r"Must specify both type and code for ICMP\.", "FromPort", "ToPort"),
    _text(rf"TCP/UDP port \((?P<value>{_PORT}[0-9]*)\) out of range", "FromPort", "ToPort"),
    _text(rf"TCP/UDP \(from\) port \((?P<value>{_PORT}[0-9]*)\) out of range", "FromPort"),
    _text(rf"TCP/UDP \(to\) port \((?P<value>{_PORT}[0-9]*)\) out of range", "ToPort"),
    _text(rf"ICMP type \((?P<value>{_PORT}[0-9]*)\) out of range", "FromPort"),
    _text(rf"ICMP code \((?P<value>{_PORT}[0-9]*)\) out of range", "ToPort"),
    _text(r"Invalid TCP/UDP port range\.", "FromPort", "ToPort"),
    _text(r"When protocol is ALL, you cannot specify from-port\.", "FromPort"),
    # Permissions.
    _text(
        r"Missing source specification: include source security group or CIDR information", "IpPermissions"
    ),
    _text(r"missing mandatory parameter: exactly one of .* must be present", "IpPermissions"),
    _text(
        r"source security group and CIDR IP address range cannot both be specified in IpPermissions\.n",
        *("Groups", "IpRanges"),
    ),
    _text(r"The same permission must not appear multiple times", "IpPermissions"),
    _text(r"Source group ID missing\.", "GroupId"),
    # The state of the service.
    _text(r"The specified rule does not exist in this security group\.?", "IpPermissions"),
    _text(
        rf"the specified rule \"peer: (?P<peer>[^,]+), {_WHAT}(?:{_PORTS}|{_TYPES})?, ALLOW\" already exists",
        "IpPermissions",
    ),
    # The key holds a number of EC2-Classic's own for the protocol (boto#2992): it stays a text.
    _text(
        r"The permission '(?P<value>.*)' has already been authorized on the specified (?:security )?group",
        "IpPermissions",
    ),
    _text(
        r"The security group '(?P<group>.*)' does not exist(?: in default VPC '(?:none|(?P<vpc>[^']*))')?",
        *("GroupId", "GroupName"),
    ),
    _text(r"Unable to find group '(?P<group>.*)'", "GroupName"),
    _text(r"You have specified two resources that belong to different networks\.", "GroupId", "Groups"),
    _text(r"Only Amazon VPC security groups may be used with this operation\.", "GroupId"),
    _text(r"The security group '(?P<group>.*)' is reserved", "GroupName"),
    _text(
        r"the specified group: \"(?P<group>[^\"]*)\" name: \"[^\"]*\" cannot be deleted by a user", "GroupId"
    ),
    _text(r"The maximum number of rules per security group has been reached\.", "IpPermissions"),
    _text(r"Request would have succeeded, but DryRun flag is set\.", "DryRun"),
)
