"""Captures to measure by: as long as one likes, the same for the same seed, nothing in them twice alike."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qsl

from bench.bodies import ACTIONS, bodies

# Lines and records that are made at a time.
_LOT = 2000
_AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36",
    "aws-sdk-java/1.11.1034 Linux/5.4.0 OpenJDK_64-Bit_Server_VM/25.292-b10",
    "[Boto3/1.26.3 Python/3.11]",
)


def write_access_log(file: Path, size: int, *, share: float = 0.01, seed: int = 1) -> list[str]:
    """An access log of *size* bytes, of whose lines *share* are calls of ours; gives their queries."""
    random, queries = Random(seed), bodies(4000)
    calls: list[str] = []

    def line() -> str:
        who = f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}"
        when = f"22/Nov/2026:17:{random.randrange(60):02}:{random.randrange(60):02} +0000"
        if random.random() < share:
            target, status = f"/?{_noted(calls, random.choice(queries))}", 200
        else:
            target, status = (
                f"/{random.getrandbits(64):x}?Action=DescribeInstances&x={random.getrandbits(128):x}",
                404,
            )
        agent = random.choice(_AGENTS)
        return f'{who} - - [{when}] "GET {target} HTTP/1.1" {status} {random.randrange(9999)} "-" "{agent}"\n'

    _fill(file, size, (line() for _ in iter(int, 1)))
    return calls


def write_event_lines(file: Path, size: int, *, share: float = 0.02, seed: int = 1) -> int:
    """CloudTrail events, one on a line; gives how many of them are calls of ours."""
    made = _Events(share, seed)
    _fill(file, size, (json.dumps(event, separators=(",", ":")) + "\n" for event in made))
    return made.calls


def write_event_file(file: Path, size: int, *, share: float = 0.02, seed: int = 1) -> int:
    """A CloudTrail file as S3 has it, *size* bytes before gzip; gives how many events are calls of ours."""
    made = _Events(share, seed)
    texts = (
        ("," if number else "") + json.dumps(event, separators=(",", ":"))
        for number, event in enumerate(made)
    )
    _fill(file, size, texts, '{"Records":[', "]}")
    return made.calls


def write_har(file: Path, size: int, *, share: float = 0.02, seed: int = 1) -> None:
    """An HTTP archive whose answers have bodies of some 2 kB."""
    random, queries = Random(seed), bodies(1000)

    def entry() -> dict[str, Any]:
        ours = random.random() < share
        query = random.choice(queries) if ours else f"Action=DescribeInstances&x={random.getrandbits(128):x}"
        answer = "".join(f'<item id="{random.getrandbits(64):x}"/>\n' for _ in range(60))
        names = [{"name": f"X-{number}", "value": f"{random.getrandbits(96):x}"} for number in range(8)]
        return {
            "startedDateTime": "2026-11-22T17:02:39.970000+00:00",
            "time": random.random(),
            "request": {"method": "GET", "url": f"https://ec2.example/?{query}", "headers": names},
            "response": {"status": 200, "headers": names, "content": {"size": len(answer), "text": answer}},
        }

    texts = (("," if number else "") + json.dumps(entry()) for number, _ in enumerate(iter(int, 1)))
    _fill(file, size, texts, '{"log": {"version": "1.2", "creator": {"name": "x"}, "entries": [', "]}}")


def _fill(
    file: Path,
    size: int,
    texts: Iterator[str],
    first: str = "",
    last: str = "",
) -> None:
    written = 0
    with gzip.open(file, "wt", compresslevel=6) if file.suffix == ".gz" else open(file, "w") as stream:
        stream.write(first)
        while written < size:
            lot = "".join(next(texts) for _ in range(_LOT))
            stream.write(lot)
            written += len(lot)
        stream.write(last)


def _noted(calls: list[str], query: str) -> str:
    calls.append(query)
    return query


class _Events:
    """CloudTrail events without end. calls: how many of them were calls of ours."""

    def __init__(self, share: float, seed: int) -> None:
        self._random = Random(seed)
        self._share = share
        self._parameters = [_server_parsed(dict(parse_qsl(body))) for body in bodies(1000, seed=seed)]
        self.calls = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        while True:
            ours = self._random.random() < self._share
            self.calls += ours
            yield self._event(*self._random.choice(self._parameters if ours else _OTHERS))

    def _event(self, name: str, source: str, parameters: Any) -> dict[str, Any]:
        unique = self._random.getrandbits
        return {
            "eventVersion": "1.08",
            "userIdentity": {
                "type": "AssumedRole",
                "principalId": f"AROA{unique(64):016X}",
                "arn": f"arn:aws:sts::123456789012:assumed-role/deploy/{unique(64):x}",
                "accountId": "123456789012",
                "accessKeyId": f"ASIA{unique(64):016X}",
                "sessionContext": {"attributes": {"mfaAuthenticated": "false"}, "webIdFederationData": {}},
            },
            "eventTime": "2026-11-22T17:01:59Z",
            "eventSource": source,
            "eventName": name,
            "awsRegion": "eu-west-1",
            "sourceIPAddress": f"10.0.{unique(8)}.{unique(8)}",
            "userAgent": self._random.choice(_AGENTS),
            "requestParameters": {**parameters, "clientToken": f"{unique(128):x}"}
            if name not in _OURS
            else parameters,
            "responseElements": {"_return": True} if name in _OURS else None,
            "requestID": f"{unique(128):x}",
            "eventID": f"{unique(128):x}",
            "readOnly": False,
            "eventType": "AwsApiCall",
            "recipientAccountId": "123456789012",
            "eventCategory": "Management",
        }


_OURS = ACTIONS
_OTHERS: list[tuple[str, str, Any]] = [
    ("DescribeSecurityGroups", "ec2.amazonaws.com", {"securityGroupSet": {}, "filterSet": {}}),
    (
        "DescribeInstances",
        "ec2.amazonaws.com",
        {"instancesSet": {"items": [{"instanceId": "i-1"}, {"instanceId": "i-2"}]}},
    ),
    ("GetObject", "s3.amazonaws.com", {"bucketName": "logs", "key": "a/b/c"}),
    (
        "AssumeRole",
        "sts.amazonaws.com",
        {"roleArn": "arn:aws:iam::1:role/x", "policy": '{"Version":"2012-10-17"}'},
    ),
]


def _server_parsed(body: dict[str, str]) -> tuple[str, str, Any]:
    """Action, source and parameters of a call as CloudTrail has them."""
    permissions = []
    for index in (1, 2, 3):
        name = f"IpPermissions.{index}."
        network, group = body.get(f"{name}IpRanges.1.CidrIp"), body.get(f"{name}Groups.1.GroupId")
        permissions.append(
            {
                "ipProtocol": body[f"{name}IpProtocol"],
                "fromPort": int(body[f"{name}FromPort"]),
                "toPort": int(body[f"{name}ToPort"]),
                "groups": {"items": [{"groupId": group}]} if group else {},
                "ipRanges": {"items": [{"cidrIp": network}]} if network else {},
            }
        )
    parameters = {"groupId": body["GroupId"], "ipPermissions": {"items": permissions}}
    return body["Action"], "ec2.amazonaws.com", parameters
