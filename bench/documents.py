"""Response documents as EC2 prints them, indented by four; all different, of known size."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

VERSION = "2016-11-15"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


def successes(count: int, *, seed: int = 1) -> list[bytes]:
    """*count* answers of three elements."""
    random = Random(seed)
    root = "RevokeSecurityGroupIngressResponse"
    ids = [f"<requestId>{_request_id(random)}</requestId>" for _ in range(count)]
    return [_document(root, [request_id, "<return>true</return>"]) for request_id in ids]


def errors(count: int, *, seed: int = 1) -> list[bytes]:
    """*count* error documents, which EC2 does not indent."""
    random = Random(seed)
    return [
        (
            f"{DECLARATION}\n<Response><Errors><Error><Code>InvalidPermission.NotFound</Code><Message>The "
            "specified rule does not exist in this security group.</Message></Error></Errors><RequestID>"
            f"{_request_id(random)}</RequestID></Response>"
        ).encode()
        for _ in range(count)
    ]


def description(groups: int, permissions: int, *, seed: int = 1) -> bytes:
    """What DescribeSecurityGroups answers: *groups* with *permissions* each, of one source each."""
    random = Random(seed)
    lines = [f"<requestId>{_request_id(random)}</requestId>", "<securityGroupInfo>"]
    for number in range(groups):
        lines += _indented("item", list(_group(random, number, permissions)))
    return _document("DescribeSecurityGroupsResponse", [*lines, "</securityGroupInfo>"])


def _group(random: Random, number: int, permissions: int) -> Iterator[str]:
    yield f"<ownerId>{random.randrange(10**12):012d}</ownerId>"
    yield f"<groupId>sg-{random.getrandbits(68):017x}</groupId>"
    yield f"<groupName>group-{number}</groupName>"
    yield f"<groupDescription>Group number {number}</groupDescription>"
    yield f"<vpcId>vpc-{random.getrandbits(68):017x}</vpcId>"
    items = [line for _ in range(permissions) for line in _indented("item", list(_permission(random)))]
    yield from _indented("ipPermissions", items)
    yield from ("<ipPermissionsEgress/>", "<tagSet/>")


def _permission(random: Random) -> Iterator[str]:
    first = random.randrange(65536)
    yield "<ipProtocol>tcp</ipProtocol>"
    yield f"<fromPort>{first}</fromPort>"
    yield f"<toPort>{random.randrange(first, 65536)}</toPort>"
    if random.randrange(3) == 0:
        group = f"<groupId>sg-{random.getrandbits(68):017x}</groupId>"
        owner = f"<userId>{random.randrange(10**12):012d}</userId>"
        yield from _indented("groups", _indented("item", [owner, group]))
        yield "<ipRanges/>"
    else:
        network = f"{random.randrange(224)}.{random.randrange(256)}.{random.randrange(256)}.0/24"
        yield "<groups/>"
        yield from _indented("ipRanges", _indented("item", [f"<cidrIp>{network}</cidrIp>"]))
    yield from ("<ipv6Ranges/>", "<prefixListIds/>")


def _indented(name: str, lines: list[str]) -> list[str]:
    return [f"<{name}>", *("    " + line for line in lines), f"</{name}>"]


def _document(root: str, lines: list[str]) -> bytes:
    start = f'<{root} xmlns="http://ec2.amazonaws.com/doc/{VERSION}/">'
    return "\n".join([DECLARATION, start, *("    " + line for line in lines), f"</{root}>"]).encode()


def _request_id(random: Random) -> str:
    digits = f"{random.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
