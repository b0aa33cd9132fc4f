"""What the tests with Spark share: one session for all, and captures by the thousand."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from capturing import EVENT
from commanding import HEALTHY, REFUSED, WARNED

MISSING = next((name for name in ("pyspark", "pyarrow") if importlib.util.find_spec(name) is None), None)
NO_JAVA = not (os.environ.get("JAVA_HOME") or shutil.which("java"))
REASON = f"{MISSING} is not installed: pip install 'ec2codec[spark]'" if MISSING else "no Java runtime"

needs_spark = pytest.mark.skipif(bool(MISSING or NO_JAVA), reason=REASON)
# Loopback only, and the Python that has ec2codec.
ENVIRONMENT = {
    "SPARK_LOCAL_IP": "127.0.0.1",
    "SPARK_LOCAL_HOSTNAME": "localhost",
    "PYSPARK_PYTHON": sys.executable,
}
KEY = "AKIAIOSFODNN7EXAMPLE"


def event(number: int) -> dict[str, object]:
    """A CloudTrail event: some of ours healthy, some not, most of others."""
    if number % 5:
        return {"eventVersion": "1.08", "eventName": "DescribeInstances", "requestParameters": None}
    port = number % 80_000
    items = [
        {
            "ipProtocol": "tcp",
            "fromPort": port,
            "toPort": port,
            "ipRanges": {"items": [{"cidrIp": "10.0.0.1/8"}]},
        }
    ]
    parameters = {"groupId": "sg-1a2b3c4d", "ipPermissions": {"items": items}}
    return {
        "eventVersion": "1.08",
        "eventSource": "ec2.amazonaws.com",
        "eventTime": f"2026-11-{1 + number % 28:02}T12:00:00Z",
        **EVENT,
        "requestParameters": parameters,
        "responseElements": {"_return": True} if number % 10 else None,
        "userIdentity": {"accessKeyId": KEY},
    }


def file_of(number: int) -> tuple[str, bytes]:
    """Name and content of a file of a tree."""
    kind = number % 4
    if kind == 0:
        records = [event(number * 10 + at) for at in range(10)]
        return f"{number:04}.json.gz", gzip.compress(json.dumps({"Records": records}).encode(), mtime=0)
    if kind == 1:
        port = number * 77
        lines = [f"GET /{at} HTTP/1.1" for at in range(number % 7)]
        lines.append(
            f'10.0.0.1 - - [22/Nov/2026:17:01:59 +0200] "GET /?{REFUSED}&Signature={KEY} HTTP/1.1" 200 1'
        )
        lines.append(HEALTHY.replace("=80", f"={port}"))
        return f"{number:04}.log", "\n".join(lines).encode()
    if kind == 2:
        return f"{number:04}.jsonl", "\n".join(json.dumps(event(number + at)) for at in range(9)).encode()
    return f"{number:04}.txt", (f"{WARNED}\n" * (number % 3)).encode()


def write_tree(folder: Path, files: int) -> None:
    """A tree of *files* captures, some of them faulty."""
    for number in range(files):
        name, content = file_of(number)
        path = folder / f"{number % 31:02}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    whole = gzip.compress("\n".join(f"{REFUSED}&X={at * at:x}" for at in range(3000)).encode(), mtime=0)
    (folder / "cut.log.gz").write_bytes(whole[:-1000])
    (folder / "broken.log.gz").write_bytes(whole[:5000] + b"\xff" * 200 + whole[5200:])
    (folder / "archive.zip").write_bytes(b"PK\x03\x04")
    (folder / "gone.log").symlink_to("nowhere")
