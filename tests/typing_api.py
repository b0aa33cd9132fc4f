"""The public API as type checkers see it: this file must pass mypy --strict, and is never run."""

from typing import assert_type

import ec2codec
from ec2codec import RULES, Codec, Grant, IpPermission, IpRange, Platform, Profile, Request, Rule, Violation
from ec2codec.schemas import RevokeSecurityGroupIngressSchema

request = ec2codec.RevokeSecurityGroupIngress(
    group_id="sg-1a2b3c4d",
    ip_permissions=(
        IpPermission(ip_protocol="tcp", from_port=80, to_port=80, ip_ranges=(IpRange(cidr_ip="10.0.0.0/8"),)),
    ),
)
assert_type(ec2codec.encode(request), str)
assert_type(ec2codec.encode(request, style="flat", platform="vpc", profile=None), str)
assert_type(ec2codec.encode_params(request), list[tuple[str, str]])
assert_type(ec2codec.decode("Action="), Request)
assert_type(ec2codec.decode(b"Action=", platform=Platform.VPC, profile=Profile.OBSERVED), Request)
assert_type(ec2codec.decode({"Action": "x"}), Request)
assert_type(ec2codec.decode([("Action", "x")]), Request)
assert_type(ec2codec.check(request, ignore=("W414",)), tuple[Violation, ...])
assert_type(request.grants(), tuple[Grant, ...])
assert_type(request.ip_permissions[0].from_port, int | None)
assert_type(RULES["E303"], Rule)
assert_type(Codec(platform="classic", max_bytes=10).check(""), tuple[Violation, ...])

for violation in ec2codec.check("Action="):
    assert_type(violation.location, str)
    assert_type(violation.code, str | None)

match ec2codec.decode("Action="):
    case ec2codec.RevokeSecurityGroupIngress(group_name=name):
        assert_type(name, str | None)
    case _:
        pass

try:
    ec2codec.decode("")
except ec2codec.DecodeError as error:
    assert_type(error.violations, tuple[Violation, ...])

RevokeSecurityGroupIngressSchema(platform="vpc", profile=None).loads("Action=")
