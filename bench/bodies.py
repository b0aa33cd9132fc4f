"""Distinct request bodies of known size: no result may come from a cache of whole requests or values."""

from __future__ import annotations

from random import Random
from urllib.parse import urlencode

Pairs = list[tuple[str, str]]


def bodies(count: int, *, seed: int = 1) -> list[str]:
    """*count* valid bodies of 15 to 20 parameters, all different, in some hundred shapes.

    Nested, of all four actions, three permissions each: ranges, with a description or without, and groups;
    escaped as botocore escapes them.
    """
    random = Random(seed)
    return [urlencode(_parameters(random)) for _ in range(count)]


def _parameters(random: Random) -> Pairs:
    while True:
        parameters = [
            ("Action", random.choice(ACTIONS)),
            ("Version", "2016-11-15"),
            ("GroupId", f"sg-{random.getrandbits(68):017x}"),
        ]
        for index in (1, 2, 3):
            parameters += _permission(random, f"IpPermissions.{index}.")
        if 15 <= len(parameters) <= 20:
            return parameters


def _permission(random: Random, prefix: str) -> Pairs:
    first = random.randrange(65536)
    ports = [
        ("IpProtocol", random.choice(("tcp", "udp", "6"))),
        ("FromPort", str(first)),
        ("ToPort", str(random.randrange(first, 65536))),
    ]
    return [(prefix + name, value) for name, value in (*ports, *random.choice(SOURCES)(random))]


def _ranges(random: Random) -> Pairs:
    return [(f"IpRanges.{n}.CidrIp", _cidr(random)) for n in range(1, random.choice((2, 2, 2, 3, 4)))]


def _described(random: Random) -> Pairs:
    return [
        ("IpRanges.1.CidrIp", _cidr(random)),
        ("IpRanges.1.Description", f"host-{random.getrandbits(32)}"),
    ]


def _groups(random: Random) -> Pairs:
    group = ("Groups.1.GroupId", f"sg-{random.getrandbits(68):017x}")
    return (
        [group, ("Groups.1.UserId", f"{random.randrange(10**12):012d}")] if random.random() < 0.5 else [group]
    )


def _cidr(random: Random) -> str:
    host = f"{random.randrange(224)}.{random.randrange(256)}.{random.randrange(256)}"
    return random.choice(
        (
            f"{host}.0/24",
            f"{host}.{random.randrange(256)}/32",
            f"{random.randrange(224)}.{random.randrange(256)}.0.0/16",
        )
    )


ACTIONS = tuple(
    f"{verb}SecurityGroup{direction}"
    for verb in ("Authorize", "Revoke")
    for direction in ("Ingress", "Egress")
)
# What is common stands more than once.
SOURCES = (_ranges, _ranges, _ranges, _described, _groups, _groups)
