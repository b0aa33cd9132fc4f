"""What the tests of captures share."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

from ec2codec.captures import Exchange, Note, read_input

CAPTURES = Path(__file__).parent.parent / "fixtures" / "captures"
CALL = b"Action=RevokeSecurityGroupIngress&GroupName=a"
EVENT = {"eventName": "RevokeSecurityGroupIngress", "requestParameters": {"groupId": "sg-1a2b3c4d"}}
COMPRESSORS: list[Callable[[bytes], bytes]] = [gzip.compress, bz2.compress, lzma.compress]


def read_bytes(data: bytes, tmp_path: Path, input_format: str | None = None) -> list[Exchange | Note]:
    file = tmp_path / "log"
    file.write_bytes(data)
    return list(read_input(str(file), input_format))


def places(items: list[Exchange | Note]) -> list[str]:
    return [Path(str(item.place)).name for item in items if isinstance(item, Exchange)]


def notes(items: list[Exchange | Note]) -> list[str]:
    return [f"{item.kind}: {item.message}" for item in items if isinstance(item, Note)]
