"""Rules 3xx: what one permission must say. `ec2codec.rules.group` has those of its source groups.

Those with ``flat=False`` speak of the nested form; the flat form answers to E407, E408 and E409 instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from ec2codec.errors import Certainty
from ec2codec.model import IpPermission
from ec2codec.policy import Policy
from ec2codec.rule import Effect, Found, rule
from ec2codec.scalars import IPV6_VERSION, has_ports

API = "API Reference 2011-12-15, RevokeSecurityGroupIngress"
API_2016 = "API Reference 2016-11-15, IpPermission"
NO_SOURCE = "Missing source specification: include source security group or CIDR information"
# Pairs of ports that mean "all" to whoever sends them with protocol -1; None is an absent port.
ALL_PORTS = ((None, None), (0, 0), (-1, -1), (0, 65535))


@rule(
    "E301",
    "protocol-required",
    code="InvalidParameterValue",
    classic="MissingParameter",
    missing=True,
    flat=False,
    source=f"{API}: Required; text: boto3#3376, nanovms/ops#735",
    by_kind=True,
)
def protocol_required(permission: IpPermission, policy: Policy) -> Iterator[Found]:
    """Every permission says its protocol; -1 says all of them.

    A server that reads a missing protocol as -1 opens everything.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E301 IpPermissions.1.IpProtocol: &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E301 IpPermissions.1.IpProtocol (platform=classic): &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    if permission.ip_protocol is not None:
        return
    if policy.classic:
        yield Found("IpProtocol", "The request must contain the parameter ipProtocol")
    else:
        must = "VPC security group rules must specify protocols explicitly."
        yield Found("IpProtocol", f"Invalid value 'null' for protocol. {must}", "recorded")


@rule(
    "E302",
    "protocol-not-on-classic",
    code="InvalidPermission.Malformed",
    source=f"{API}: Valid Values for EC2 security groups; text: terraform-provider-aws#1661",
    by_kind=True,
)
def protocol_not_on_classic(permission: IpPermission, policy: Policy) -> Iterator[Found]:
    """EC2 security groups know tcp, udp and icmp (6, 17, 1); VPC security groups know every protocol.

    A target named by GroupName alone, before default VPCs, is an EC2 security group.

    Okay (platform=vpc): &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E302 IpPermissions.1.IpProtocol (platform=classic): &IpPermissions.1.IpProtocol=50
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E302 IpPermissions.1.IpProtocol: Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupName=websrv
        &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    if policy.classic and permission.protocol not in (None, "tcp", "udp", "icmp"):
        shown = permission.ip_protocol
        message = f'Unsupported IP protocol "{shown}"  - supported: [tcp, udp, icmp]'
        yield Found("IpProtocol", message, "recorded")


@rule(
    "E303",
    "ports-required",
    code="InvalidParameterValue",
    classic="InvalidPermission.Malformed",
    missing=True,
    flat=False,
    unless=("E301", "E302"),
    source=f"{API}: FromPort, ToPort; texts: boto3#336, chef-provisioning-aws#183, cumulus#64",
    by_kind=True,
)
def ports_required(permission: IpPermission, policy: Policy) -> Iterator[Found]:
    """Permissions for tcp, udp and icmp (6, 17, 1) have FromPort and ToPort; for icmp they are type and code.

    EC2-Classic reads a missing port as -1, and says so.

    Okay: &IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=0&IpPermissions.1.ToPort=65535
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    Okay: &IpPermissions.1.IpProtocol=50&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E303 IpPermissions.1.ToPort: &IpPermissions.1.IpProtocol=6&IpPermissions.1.FromPort=22
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E303 IpPermissions.1.FromPort: &IpPermissions.1.IpProtocol=icmp
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    if permission.protocol not in ("tcp", "udp", "icmp"):
        return
    if permission.from_port is not None and permission.to_port is not None:
        return
    member = "FromPort" if permission.from_port is None else "ToPort"
    icmp = permission.protocol == "icmp"
    if policy.classic and icmp:
        yield Found(member, "Must specify both type and code for ICMP.", "documented")
    elif policy.classic:
        yield Found(member, "TCP/UDP port (-1) out of range", "recorded")
    else:
        both = f"Must specify both from and to ports with {'ICMP' if icmp else 'TCP/UDP'}."
        yield Found(member, f"Invalid value '{both}' for portRange.", "recorded")


@rule(
    "E304",
    "port-out-of-range",
    code="InvalidParameterValue",
    classic="InvalidPermission.Malformed",
    unless=("E301", "E302"),
    source="texts: aws-cli#1066, boto3#336",
    by_kind=True,
)
def port_out_of_range(permission: IpPermission, policy: Policy) -> Iterator[Found]:
    """Ports of tcp and udp are 0 to 65535; -1 is no port.

    Okay: &IpPermissions.1.IpProtocol=udp&IpPermissions.1.FromPort=0&IpPermissions.1.ToPort=65535
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E304 IpPermissions.1.ToPort: &IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=80
        &IpPermissions.1.ToPort=65536&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E304 ToPort (platform=classic): &IpProtocol=tcp&FromPort=80&ToPort=70000&CidrIp=10.0.0.0/8
    """
    if permission.protocol not in ("tcp", "udp"):
        return
    for member, side, port in (
        ("FromPort", "from", permission.from_port),
        ("ToPort", "to", permission.to_port),
    ):
        if port is None or 0 <= port <= 65535:
            continue
        if policy.classic:
            certainty: Certainty = "recorded" if port == -1 else "documented"
            yield Found(member, f"TCP/UDP port ({port}) out of range", certainty)
        else:
            certainty = ("recorded" if port == -1 else "documented") if side == "from" else "ours"
            yield Found(member, f"TCP/UDP ({side}) port ({port}) out of range", certainty)


@rule(
    "E305",
    "port-range-reversed",
    code="InvalidParameterValue",
    classic="InvalidPermission.Malformed",
    unless=("E301", "E302", "E304"),
    source=f'{API}: "start of port range", "end of port range"; text: OpenStack ec2-api',
    by_kind=True,
)
def port_range_reversed(permission: IpPermission, policy: Policy) -> Iterator[Found]:
    """A tcp or udp range begins at FromPort and ends at ToPort, which is not lower.

    Never asked of icmp: its type 8 goes with code 0.

    Okay: &IpPermissions.1.IpProtocol=icmp&IpPermissions.1.FromPort=8&IpPermissions.1.ToPort=0
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E305 IpPermissions.1.FromPort: &IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=90
        &IpPermissions.1.ToPort=80&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    first, last = permission.from_port, permission.to_port
    if permission.protocol in ("tcp", "udp") and first is not None and last is not None and first > last:
        yield Found("FromPort", "Invalid TCP/UDP port range.", "ours" if policy.classic else "documented")


def _has_type_and_code(permission: IpPermission, policy: Policy) -> bool:
    protocol = permission.protocol
    return protocol == "icmp" or (protocol == "58" and has_ports(protocol, policy.version))


@rule(
    "E306",
    "icmp-out-of-range",
    code="InvalidParameterValue",
    unless=("E301", "E302"),
    source="text: terraform#13015, terraform-aws-security-group#7",
    by_kind=True,
)
def icmp_out_of_range(permission: IpPermission, policy: Policy) -> Iterator[Found]:
    """An ICMP type or code is -1 (all) to 255; so for ICMPv6 from 2016-11-15.

    Unassigned pairs such as 8/8 are accepted.

    Okay: &IpPermissions.1.IpProtocol=icmp&IpPermissions.1.FromPort=255&IpPermissions.1.ToPort=-1
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E306 IpPermissions.1.ToPort: &IpPermissions.1.IpProtocol=icmp&IpPermissions.1.FromPort=0
        &IpPermissions.1.ToPort=65535&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E306 IpPermissions.1.FromPort: &IpPermissions.1.IpProtocol=1&IpPermissions.1.FromPort=256
        &IpPermissions.1.ToPort=0&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    if not _has_type_and_code(permission, policy):
        return
    for member, what, value in (
        ("FromPort", "type", permission.from_port),
        ("ToPort", "code", permission.to_port),
    ):
        if value is not None and not -1 <= value <= 255:
            certainty: Certainty = "recorded" if what == "code" else "ours"
            yield Found(member, f"ICMP {what} ({value}) out of range", certainty)


@rule(
    "W307",
    "icmp-all-types-one-code",
    code="InvalidParameterValue",
    unless=("E301", "E302", "E306"),
    source=f"{API_2016}; cfn-lint E3688",
    by_kind=True,
)
def icmp_all_types_one_code(permission: IpPermission, policy: Policy) -> Iterator[Found]:
    """Type -1, all types, goes with code -1, all codes. From 2016-11-15 the service refuses others.

    Okay: &IpPermissions.1.IpProtocol=icmp&IpPermissions.1.FromPort=-1&IpPermissions.1.ToPort=-1
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    W307 IpPermissions.1.ToPort: &IpPermissions.1.IpProtocol=icmp&IpPermissions.1.FromPort=-1
        &IpPermissions.1.ToPort=0&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    icmp_type, code = permission.from_port, permission.to_port
    if _has_type_and_code(permission, policy) and icmp_type == -1 and code not in (None, -1):
        refused = policy.version >= IPV6_VERSION
        message = f"ICMP type -1 is all types, which have code -1, not {code}"
        yield Found("ToPort", message, severity="error" if refused else "warning")


def _first_port(permission: IpPermission) -> str:
    return "ToPort" if permission.from_port is None else "FromPort"


@rule(
    "E308",
    "all-protocols-with-ports",
    code="InvalidParameterValue",
    observed="warning",
    unless=("E301", "E302"),
    effect=Effect.WIDENING,
    source="terraform-provider-aws pull request 6123, moto#2551",
    by_kind=True,
)
def all_protocols_with_ports(permission: IpPermission, policy: Policy) -> Iterator[Found]:
    """Protocol -1 comes without ports: the service would ignore them and open every port.

    0/0, -1/-1 and 0/65535 mean all ports anyway: they are W309.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E308 IpPermissions.1.FromPort: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.FromPort=22
        &IpPermissions.1.ToPort=22&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E308 IpPermissions.1.ToPort: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.ToPort=22
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    if permission.protocol == "-1" and (permission.from_port, permission.to_port) not in ALL_PORTS:
        yield Found(
            _first_port(permission), "protocol -1 is all protocols and ports: these ports narrow nothing"
        )


@rule(
    "W309",
    "ports-ignored",
    unless=("E301", "E302"),
    source="cfn-lint W3687; Eucalyptus NetworkRule",
    by_kind=True,
)
def ports_ignored(permission: IpPermission, policy: Policy) -> Iterator[Found]:
    """Protocols other than tcp, udp and icmp (ICMPv6 from 2016-11-15) carry no ports: they are not stored.

    Okay: &IpPermissions.1.IpProtocol=50&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    W309 IpPermissions.1.FromPort: &IpPermissions.1.IpProtocol=132&IpPermissions.1.FromPort=80
        &IpPermissions.1.ToPort=80&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    W309 IpPermissions.1.FromPort: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.FromPort=0
        &IpPermissions.1.ToPort=65535&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    protocol, ports = permission.protocol, (permission.from_port, permission.to_port)
    if protocol is None or ports == (None, None) or has_ports(protocol, policy.version):
        return
    if protocol != "-1" or ports in ALL_PORTS:
        yield Found(_first_port(permission), f"protocol {protocol} has no ports in EC2: these are ignored")


@rule(
    "E310",
    "source-required",
    code="MissingParameter",
    observed="warning",
    missing=True,
    flat=False,
    effect=Effect.SILENT,
    source=f"{API}; text: boto3#1078; crossplane provider-aws#1496",
    by_kind=True,
)
def source_required(permission: IpPermission, policy: Policy) -> Iterator[Found]:
    """A permission has a CIDR range, IPv4 or IPv6, a prefix list, or a source group.

    The old service said true and did nothing: the most reported trap of all.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E310 IpPermissions.1: &IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=22
        &IpPermissions.1.ToPort=22
    """
    if not permission.sources:
        yield Found("", NO_SOURCE, "recorded")


@rule(
    "E311",
    "cidr-or-group",
    code="InvalidParameterCombination",
    observed="warning",
    flat=False,
    source=f'{API}: "cannot be used when specifying a CIDR IP address"; accepted: goamz live tests',
    by_kind=True,
)
def cidr_or_group(permission: IpPermission, policy: Policy) -> Iterator[Found]:
    """One permission has CIDR ranges or source groups, not both; two permissions may.

    The service takes both and grants each; emulators drop one of them.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
        &IpPermissions.2.IpProtocol=-1&IpPermissions.2.Groups.1.GroupId=sg-2a2b3c4d
    E311 IpPermissions.1: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
        &IpPermissions.1.Groups.1.GroupId=sg-2a2b3c4d
    """
    if permission.groups and (permission.ip_ranges or permission.ipv6_ranges):
        what = "source security group and CIDR IP address range cannot both be specified"
        yield Found("", f"{what} in IpPermissions.n")
