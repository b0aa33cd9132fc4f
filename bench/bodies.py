"""Distinct request bodies of known size: no result may come from a cache of whole requests or values."""

from __future__ import annotations

from random import Random
from urllib.parse import urlencode


def bodies(count: int, *, seed: int = 1) -> list[str]:
    """*count* valid bodies of 16 parameters each, all different, as botocore escapes them."""
    random = Random(seed)
    return [urlencode(_parameters(random)) for _ in range(count)]


def _parameters(random: Random) -> list[tuple[str, str]]:
    parameters = [
        ("Action", random.choice(("RevokeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"))),
        ("Version", "2016-11-15"),
        ("GroupId", f"sg-{random.getrandbits(32):08x}"),
    ]
    for index in (1, 2, 3):
        first = random.randrange(65536)
        permission = f"IpPermissions.{index}."
        parameters += [
            (f"{permission}IpProtocol", random.choice(("tcp", "udp", "6"))),
            (f"{permission}FromPort", str(first)),
            (f"{permission}ToPort", str(random.randrange(first, 65536))),
        ]
        if index < 3:
            network = f"{random.randrange(224)}.{random.randrange(256)}.{random.randrange(256)}.0/24"
            parameters.append((f"{permission}IpRanges.1.CidrIp", network))
    parameters.append(("IpPermissions.3.Groups.1.GroupId", f"sg-{random.getrandbits(68):017x}"))
    parameters.append(("IpPermissions.3.Groups.1.UserId", f"{random.randrange(10**12):012d}"))
    return parameters
