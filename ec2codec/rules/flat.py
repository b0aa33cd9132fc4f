"""Rules E407, E408 and E409: the older, flat form of a request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ec2codec.policy import Policy
from ec2codec.rule import Effect, Found, rule
from ec2codec.rules.subjects import FLAT_CIDR_FORM, FLAT_GROUP_FORM, Submission
from ec2codec.scalars import canonical_protocol

EUCALYPTUS = "Eucalyptus NetworkGroupManager"


def _lower_camel(name: str) -> str:
    return name[0].lower() + name[1:]


@rule(
    "E407",
    "forms-mixed",
    code="InvalidParameterCombination",
    source=f"{EUCALYPTUS}; boto3#1078",
    by_kind=True,
)
def forms_mixed(request: Submission, policy: Policy) -> Iterator[Found]:
    """A request is of the nested or of the flat form: with both, the service did one half and refused it all.

    Okay: &IpProtocol=tcp&FromPort=80&ToPort=80&CidrIp=205.192.0.0/16
    E407 CidrIp: &CidrIp=10.0.0.0/8&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    flat = [name for name in (*FLAT_CIDR_FORM, *FLAT_GROUP_FORM) if name in request.values]
    if flat and "IpPermissions" in request.values:
        message = f"{_lower_camel(flat[0])} and ipPermissions must not both be set"
        yield Found(flat[0], message, "documented")


@rule(
    "E408",
    "flat-form-incomplete",
    code="MissingParameter",
    observed="warning",
    missing=True,
    unless=("E407", "E409"),
    effect=Effect.SILENT,
    source=f'API Reference 2008-02-01 ("must be specified"); {EUCALYPTUS}; owner alone: aws-sdk-js#417',
    by_kind=True,
)
def flat_form_incomplete(request: Submission, policy: Policy) -> Iterator[Found]:
    """The flat form has IpProtocol, its ports and CidrIp, or SourceSecurityGroupName and its owner.

    Without CidrIp the service says true and does nothing; without owner it takes the caller.

    Okay: &IpProtocol=tcp&FromPort=80&ToPort=80&CidrIp=205.192.0.0/16
    Okay: &SourceSecurityGroupName=web&SourceSecurityGroupOwnerId=123456789012
    E408 CidrIp: &IpProtocol=tcp&FromPort=80&ToPort=80
    E408 SourceSecurityGroupOwnerId: &SourceSecurityGroupName=web
    E408 SourceSecurityGroupName: &SourceSecurityGroupOwnerId=123456789012
    """
    values, sent = request.values, request.sent
    group = [name for name in FLAT_GROUP_FORM if name in values]
    if group == ["SourceSecurityGroupOwnerId"] and "SourceSecurityGroupName" not in sent:
        yield Found("SourceSecurityGroupName", "Source group ID missing.", "recorded", severity="error")
        return
    present = group or [name for name in FLAT_CIDR_FORM if name in values]
    needed = FLAT_GROUP_FORM if group else _needed_of_cidr_form(values)
    absent = [name for name in needed if name not in sent]
    if present and absent:
        message = f"{_lower_camel(absent[0])} must be set if {_lower_camel(present[0])} is set."
        yield Found(absent[0], message, "documented")


def _needed_of_cidr_form(values: Mapping[str | int, object]) -> tuple[str, ...]:
    protocol = values.get("IpProtocol")
    ported = protocol is not None and canonical_protocol(str(protocol)) in ("tcp", "udp", "icmp")
    return FLAT_CIDR_FORM if ported else ("IpProtocol", "CidrIp")


@rule(
    "E409",
    "flat-sources-mixed",
    code="InvalidParameterCombination",
    source='API Reference 2008-02-01 ("mixing ... is not allowed"); grempe/amazon-ec2#43',
    by_kind=True,
)
def flat_sources_mixed(request: Submission, policy: Policy) -> Iterator[Found]:
    """The flat form has a CIDR range or a source group; with ports for a group, use the nested form.

    Okay: &SourceSecurityGroupName=web&SourceSecurityGroupOwnerId=123456789012
    E409 SourceSecurityGroupName: &CidrIp=10.0.0.0/8&SourceSecurityGroupName=web
        &SourceSecurityGroupOwnerId=123456789012&IpProtocol=tcp&FromPort=80&ToPort=80
    E409 SourceSecurityGroupName: &CidrIp=10.0.0.0/8&SourceSecurityGroupName=web
    """
    cidr = [name for name in FLAT_CIDR_FORM if name in request.values]
    group = [name for name in FLAT_GROUP_FORM if name in request.values]
    if cidr and group:
        message = f"{_lower_camel(cidr[0])} and {_lower_camel(group[0])} must not both be set"
        yield Found("SourceSecurityGroupName", message, "documented")
