from __future__ import annotations

import gzip
import io
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from capturing import CAPTURES, notes, places, read_bytes
from ec2codec.captures import Completeness, Exchange, Note, Response, read_input
from ec2codec.captures.mitmproxy_flows import read_mitmproxy
from ec2codec.captures.source import Source

SAMPLE = CAPTURES / "mitmproxy.flow"


@pytest.fixture(scope="module")
def tnetstring() -> Any:
    """mitmproxy's own writer."""
    return pytest.importorskip("mitmproxy.io.tnetstring", reason="mitmproxy is not installed (extra mitm)")


@pytest.fixture
def flow(tnetstring: Any) -> Callable[..., bytes]:
    """Writes the first authorize of the sample, with changes to its request and to the flow."""

    def write(request: dict[str, Any] | None = None, **changes: Any) -> bytes:
        with SAMPLE.open("rb") as file:
            state = [tnetstring.load(file) for _ in range(4)][-1]
        state["request"] |= request or {}
        written: bytes = tnetstring.dumps(state | changes)
        return written

    return write


def read(data: bytes) -> list[Exchange | Note]:
    return list(read_mitmproxy(Source("x.mitm", iter([data]))))


def only_exchange(data: bytes) -> Exchange:
    [exchange] = read(data)

    assert isinstance(exchange, Exchange)
    return exchange


@pytest.mark.usefixtures("tnetstring")
def test_flows_say_what_the_archive_of_the_same_traffic_says() -> None:
    def said(name: str) -> list[tuple[Any, ...]]:
        items = [item for item in read_input(str(CAPTURES / name)) if isinstance(item, Exchange)]
        return [
            (item.place.number, item.action, item.request, item.completeness, item.response, item.time)
            for item in items
        ]

    assert said("mitmproxy.har") == said("mitmproxy.flow")
    assert ["mitmproxy.flow#flow=4", "mitmproxy.flow#flow=10"] == places(list(read_input(str(SAMPLE))))[::6]


def test_flow_file_cut_off_loses_its_tail_and_says_so(tnetstring: Any) -> None:
    data = SAMPLE.read_bytes()
    file, bounds = io.BytesIO(data), [0]
    while file.tell() < len(data):
        tnetstring.load(file)
        bounds.append(file.tell())

    for at in sorted({*range(1, len(data), 211), *bounds[1:], *(bound - 1 for bound in bounds[1:])}):
        items = read(data[:at])
        whole = sum(bound <= at for bound in bounds) - 1
        assert list(range(4, whole + 1)) == [
            item.place.number for item in items if isinstance(item, Exchange)
        ]
        cut = f"incomplete: cut short after flow {whole}: what follows is no flow, or not a whole one"
        assert ([] if at in bounds else [cut]) == notes(items)


def test_damaged_flow_is_named_and_the_next_one_read(flow: Callable[..., bytes]) -> None:
    items = read(flow() + flow(version=b"x") + flow())

    assert ["x.mitm#flow=1", "x.mitm#flow=3"] == places(items)
    assert Note("x.mitm#flow=2", "the flow could not be read") == items[1]


def test_flow_that_claims_a_length_without_bound_is_not_waited_for(flow: Callable[..., bytes]) -> None:
    items = read(flow() + b"999999999999:" + flow())

    assert ["x.mitm#flow=1"] == places(items)[:1]
    assert notes(items)


def test_flows_of_older_versions_are_migrated(flow: Callable[..., bytes]) -> None:
    assert "AuthorizeSecurityGroupIngress" == only_exchange(flow(version=20)).action


def test_flows_of_other_protocols_are_counted(tnetstring: Any, flow: Callable[..., bytes]) -> None:
    tcp = pytest.importorskip("mitmproxy.tcp")
    connection = pytest.importorskip("mitmproxy.connection")
    client = connection.Client(peername=("127.0.0.1", 1), sockname=("127.0.0.1", 2), timestamp_start=0)
    state = tcp.TCPFlow(client, connection.Server(address=None)).get_state()

    assert ["x.mitm#flow=2"] == places(read(tnetstring.dumps(state) + flow()))


def test_flow_without_an_answer(flow: Callable[..., bytes]) -> None:
    assert None is only_exchange(flow(response=None)).response
    assert Response(status=200) != only_exchange(flow()).response


def test_compressed_body_is_expanded(flow: Callable[..., bytes]) -> None:
    body = b"Action=RevokeSecurityGroupIngress&GroupName=a"
    headers = ((b"Content-Encoding", b"gzip"),)

    assert b"?" + body == only_exchange(flow({"content": gzip.compress(body), "headers": headers})).request


def test_body_that_was_streamed_through_was_not_captured(flow: Callable[..., bytes]) -> None:
    path = b"/?Action=RevokeSecurityGroupIngress"

    assert Completeness.BODY_NOT_CAPTURED == only_exchange(flow({"content": None, "path": path})).completeness


@pytest.mark.usefixtures("tnetstring")
def test_damaged_flow_files_are_read_without_an_exception(tmp_path: Path) -> None:
    noise = random.Random(5)
    original = SAMPLE.read_bytes()
    for _ in range(60):
        data = bytearray(original)
        for _ in range(noise.randrange(1, 12)):
            data[noise.randrange(len(data))] = noise.randrange(256)
        read(bytes(data))
    assert [] == read_bytes(b"", tmp_path, "mitmproxy")


@pytest.mark.usefixtures("tnetstring")
def test_archive_is_not_read_whole_into_memory() -> None:
    assert ["incomplete: cut short after flow 0: what follows is no flow, or not a whole one"] == notes(
        read(b"{")
    )


def test_missing_library_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mitmproxy.http", None)

    assert [Note("x.mitm", "to read it: pip install 'ec2codec[mitm]'", "unreadable")] == read(b"")


@pytest.mark.usefixtures("tnetstring")
def test_no_header_is_kept() -> None:
    for exchange in read(SAMPLE.read_bytes()):
        assert "AWS4-HMAC" not in repr([getattr(exchange, name) for name in exchange.__slots__])
