"""Text captures that are cut or damaged: no traceback, and no call before the fault is lost."""

from __future__ import annotations

import gzip
import random
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from capturing import CALL, CAPTURES, read_bytes
from ec2codec.captures import Exchange, Note

if TYPE_CHECKING:
    from pathlib import Path

LOGS = sorted(path.name for path in CAPTURES.iterdir() if path.suffix == ".log")
# Requests of OpenStack's stand one within the other, so none is over before the log is.
INTERLEAVED = {"handmade-openstack.log"}
SAMPLES = 60

Found = dict[int, tuple[str, object]]


def found(data: bytes, tmp_path: Path) -> Found:
    """The calls by their lines; each line once."""
    items = read_bytes(data, tmp_path)
    calls = [item for item in items if isinstance(item, Exchange)]

    assert all(isinstance(item, Note) for item in items if item not in calls)
    numbers = [call.place.number for call in calls]
    assert len(set(numbers)) == len(numbers)
    return {call.place.number: (call.action, call.request) for call in calls}


def healthy(whole: Found, data: bytes, position: int) -> Found:
    """The calls that are over before the line of *position*, because the next has begun by then."""
    line = data.count(b"\n", 0, position) + 1
    numbers = sorted(whole)
    return {number: whole[number] for number, following in pairwise(numbers) if following < line}


def positions(data: bytes, seed: int) -> list[int]:
    """Every byte of a small capture, some of a big one."""
    everywhere = range(len(data))
    return list(everywhere) if len(data) < SAMPLES else random.Random(seed).sample(everywhere, SAMPLES)


@pytest.mark.parametrize("name", LOGS)
def test_log_that_is_cut_anywhere_keeps_what_was_before(name: str, tmp_path: Path) -> None:
    data = (CAPTURES / name).read_bytes()
    whole = found(data, tmp_path)

    for end in positions(data, seed=1):
        left = found(data[:end], tmp_path)

        assert left.keys() <= whole.keys(), end
        if name not in INTERLEAVED:
            assert healthy(whole, data, end).items() <= left.items(), end


@pytest.mark.parametrize("name", LOGS)
def test_log_with_a_wrong_byte_keeps_what_was_before(name: str, tmp_path: Path) -> None:
    data = (CAPTURES / name).read_bytes()
    whole = found(data, tmp_path)
    noise = random.Random(2)

    # Not in the first lines, by which the format is recognised.
    for position in positions(data, seed=3):
        damaged = bytearray(data)
        damaged[position] = noise.choice(b"\n\r\0\"'\\{}[]()&=%? <>\xff")
        left = found(bytes(damaged), tmp_path)

        if name not in INTERLEAVED and b"\0" not in damaged:
            assert healthy(whole, data, position).items() <= left.items(), position


@pytest.mark.parametrize("name", LOGS)
def test_log_that_is_cut_within_gzip_says_so(name: str, tmp_path: Path) -> None:
    data = gzip.compress((CAPTURES / name).read_bytes())
    items = read_bytes(data[: len(data) // 2], tmp_path)

    assert isinstance(items[-1], Note)
    assert "incomplete" == items[-1].kind


@pytest.mark.parametrize("input_format", ["lines", "python-debug", "go-debug", "w3c", "openstack", "utf-16"])
def test_every_reader_survives_every_log(input_format: str, tmp_path: Path) -> None:
    noise = random.Random(4)
    everything = b"".join((CAPTURES / name).read_bytes() for name in LOGS)
    lines = everything.split(b"\n")
    for _ in range(5):
        noise.shuffle(lines)
        read_bytes(b"\n".join(lines), tmp_path, input_format)
        read_bytes(noise.randbytes(50_000), tmp_path, input_format)


HOSTILE = [
    b"{'a': " * 100_000,
    b"2026-11-22 17:02:47,152 boto [DEBUG]:Params: " + b"{'a': [" * 50_000,
    b"Making request for OperationModel(name=RevokeSecurityGroupIngress" + b" params: " * 50_000,
    b"Making request for OperationModel(name=RevokeSecurityGroupIngress) 'body': {" + b"'a': 1, " * 60_000,
    b"send: b'" + b"\\" * 500_000,
    b"send: b'POST /?" + CALL + b" HTTP/1.1\\r\\n" + b"\\r\\nContent-Length: " * 20_000 + b"'",
    b"DEBUG Request\nPOST / HTTP/1.1\n" + b"a:\n" * 200_000,
    b"DEBUG Request\nPOST / HTTP/1.1\n\n" + b": timestamp=" * 50_000,
    b"DEBUG Request" + b"\n" * 500_000,
    b"DEBUG Request\n" + b"DEBUG Response\n" * 30_000,
    b"DEBUG Response\n" + b"<Response" * 60_000,
    b": HTTP Request Sent:" + b" http.request.body=\n" * 30_000,
    b": HTTP Request Sent:" + b" tf_req_id=a" * 50_000,
    b"[req-" * 100_000,
    b"[req-1] action: RevokeSecurityGroupIngress\n" + b"[req-1] arg: \t\tval: __call__ /" * 20_000,
    b"#Fields: " + b"cs-uri-query " * 50_000 + b"\n" + b"SecurityGroup " * 50_000,
    b" : AWS ec2.RevokeSecurityGroupIngress => 200" * 20_000,
    b" : AWS ec2.SecurityGroup" * 30_000,
    b'SecurityGroup "' * 50_000,
    b'"GET /?SecurityGroup HTTP/' * 40_000,
    b"http 2026-11-22T17:01:59.1Z " + b"SecurityGroup 1 " * 50_000,
]


@pytest.mark.parametrize("input_format", ["lines", "python-debug", "go-debug", "w3c", "openstack"])
def test_hostile_lines_take_time_in_proportion_to_their_length(input_format: str, tmp_path: Path) -> None:
    """Half a megabyte each: what took the square of it would not end."""
    for text in HOSTILE:
        assert len(read_bytes(text, tmp_path, input_format)) < 30_000
