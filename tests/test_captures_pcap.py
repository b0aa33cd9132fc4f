from __future__ import annotations

import gzip
import random
import struct
import sys
from datetime import UTC, datetime
from pathlib import Path

import dpkt  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capturing import CAPTURES, notes, places, read_bytes
from ec2codec.captures import Completeness, Exchange, Note, Response, pcap, read_input, tcp_streams
from ec2codec.captures.pcap import read_pcap
from ec2codec.captures.source import Source
from packets import (
    RST,
    Connection,
    Side,
    block,
    enhanced,
    ethernet,
    interface,
    ip_packet,
    section,
)
from packets import (
    pcap as pcap_file,
)

NAMED = b"Action=RevokeSecurityGroupIngress&GroupName="
YES = b"<R><return>true</return></R>"
NO = b"<Response><Errors><Error><Code>InvalidGroup.NotFound</Code></Error></Errors></Response>"


def post(body: bytes, headers: bytes = b"") -> bytes:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nAuthorization: secret\r\n%bContent-Length: %d\r\n\r\n"
    return head % (headers, len(body)) + body


def said(body: bytes, status: int = 200) -> bytes:
    return b"HTTP/1.1 %d x\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)


def call(name: bytes) -> list[bytes]:
    """The packets of a connection with one call."""
    connection = Connection()
    opened, asked = connection.open(), connection.ask(post(NAMED + name))
    return [*opened, *asked, *connection.answer(said(YES)), *connection.close()]


def read(data: bytes) -> list[Exchange | Note]:
    return list(read_pcap(Source("x.pcap", iter([data]))))


def read_packets(packets: list[bytes]) -> list[Exchange]:
    items = read(pcap_file(packets))

    assert [] == notes(items)
    return [item for item in items if isinstance(item, Exchange)]


def summary(exchanges: list[Exchange]) -> list[tuple[str, bytes, str]]:
    """Frame, value of GroupName, completeness."""
    found = []
    for exchange in exchanges:
        assert isinstance(exchange.request, bytes)
        name = exchange.request.removeprefix(b"?" + NAMED)
        found.append((str(exchange.place).partition("=")[2], name, exchange.completeness.value))
    return found


def test_capture_of_tcpdump_is_read_as_wireshark_numbers_it() -> None:
    exchanges = list(read_input(str(CAPTURES / "emulator.pcap")))

    assert [46, 60, 74, 88, 102, 114, 122] == [int(place.partition("=")[2]) for place in places(exchanges)]
    assert [200, 200, 200, 400, 400, 500, 400] == [
        item.response.status for item in exchanges if isinstance(item, Exchange) and item.response
    ]


def test_bodies_are_those_that_dpkt_finds() -> None:
    streams: dict[bytes, bytes] = {}
    with (CAPTURES / "emulator.pcap").open("rb") as file:
        for _, frame in dpkt.pcap.Reader(file):
            packet = dpkt.ethernet.Ethernet(frame).data
            if isinstance(packet, dpkt.ip.IP) and packet.data.data:
                key = packet.src + packet.dst + bytes(packet.data)[:4]
                streams[key] = streams.get(key, b"") + packet.data.data
    expected = []
    for data in streams.values():
        if data.startswith((b"POST", b"GET")):
            request = dpkt.http.Request(data)
            expected.append((request.uri.partition("?")[2].encode() + b"&" + request.body).strip(b"&"))
    items = read_input(str(CAPTURES / "emulator.pcap"))
    found = [item.request for item in items if isinstance(item, Exchange)]

    assert [
        b"?" + query for query in expected if b"SecurityGroup" in query and b"Permissions" in query
    ] == found


COOKED = struct.pack("!HHHQH", 0, 772, 6, 0, 0x0800)
COOKED_2 = struct.pack("!HHIHBBQ", 0x0800, 0, 1, 772, 0, 6, 0)
IPV6 = {"client": Side("2001:db8::1", 40000), "server": Side("2001:db8::2", 80)}


@pytest.mark.parametrize(
    ("link", "before"),
    [(101, b""), (113, COOKED), (276, COOKED_2), (0, b"\2\0\0\0"), (0, b"\0\0\0\2"), (228, b"")],
)
def test_links_of_every_kind(link: int, before: bytes) -> None:
    items = read(pcap_file([before + packet for packet in call(b"a")], link=link))

    assert ["x.pcap#frame=4"] == places(items)


@pytest.mark.parametrize("tags", [(), (0x8100,), (0x88A8, 0x8100)])
def test_ethernet_with_tags(tags: tuple[int, ...]) -> None:
    items = read(pcap_file([ethernet(packet, *tags) for packet in call(b"a")], link=1))

    assert ["x.pcap#frame=4"] == places(items)


def test_addresses_of_version_6() -> None:
    connection = Connection(**IPV6)
    packets = [*connection.open(), *connection.ask(post(NAMED + b"a"))]

    assert [("4", b"a", "complete")] == summary(read_packets(packets))
    assert ["x.pcap#frame=4"] == places(read(pcap_file([ethernet(packet) for packet in packets], link=1)))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("nanoseconds", "microseconds"), [(False, 250), (True, 0)])
def test_byte_orders_and_times(order: str, nanoseconds: bool, microseconds: int) -> None:
    [exchange] = read(pcap_file(call(b"a"), order=order, nanoseconds=nanoseconds))

    assert isinstance(exchange, Exchange)
    assert datetime(2023, 11, 14, 22, 13, 23, microseconds, tzinfo=UTC) == exchange.time


@pytest.mark.parametrize("order", ["<", ">"])
def test_next_generation_captures_of_several_interfaces(order: str) -> None:
    in_milliseconds = struct.pack(order + "HHBxxxHH", 9, 1, 3, 0, 0)
    data = section(order) + interface(101, order=order) + interface(1, in_milliseconds, order)
    for number, packet in enumerate(call(b"a")):
        data += block(5, bytes(8), order)
        data += enhanced(packet, 0, 0, order) if number % 2 else enhanced(ethernet(packet), 1, 1500, order)
    data += section(order) + interface(228, order=order)
    data += b"".join(enhanced(packet, 0, 1_700_000_000_250_000, order) for packet in call(b"b"))
    items = read(data)

    assert ["x.pcap#frame=4", "x.pcap#frame=11"] == places(items)
    assert [1970, 2023] == [item.time.year for item in items if isinstance(item, Exchange) and item.time]


def test_time_outside_the_calendar_is_none() -> None:
    seconds = struct.pack("<HHBxxxHH", 9, 1, 0, 0, 0)
    data = section() + interface(101, seconds)
    data += b"".join(enhanced(packet, ticks=2**60) for packet in call(b"a"))

    assert [None] == [item.time for item in read(data) if isinstance(item, Exchange)]


def test_segments_may_come_in_any_order() -> None:
    connection = Connection()
    opened, asked = connection.open(), connection.ask(post(NAMED + b"a") + post(NAMED + b"b"), 50)
    answered = connection.answer(said(YES) + said(NO, 400), 9)

    for shift in range(len(asked)):
        packets = [*opened, *asked[shift:], *asked[:shift], *answered]
        # The second request begins in the third segment.
        frames = [str(4 + (number - shift) % len(asked)) for number in (0, 2)]
        assert [(frames[0], b"a", "complete"), (frames[1], b"b", "complete")] == summary(
            read_packets(packets)
        )


@given(st.randoms(use_true_random=False), st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_repeated_and_overlapping_segments_are_read_once(
    noise: random.Random, sequence: int, size: int
) -> None:
    connection = Connection(client=Side(port=40000, seq=sequence))
    opened, data = connection.open(), post(NAMED + b"a") + post(NAMED + b"b" * 40)
    start = connection.client.seq
    asked = connection.ask(data, size)
    for _ in range(noise.randrange(6)):
        first = noise.randrange(len(data))
        piece = data[first : first + noise.randrange(1, 80)]
        asked.append(connection.packet(connection.client, piece, seq=start + first))
    noise.shuffle(asked)
    packets = [*opened, *asked, *connection.close()]

    assert [(b"a", "complete"), (b"b" * 40, "complete")] == [
        found[1:] for found in summary(read_packets(packets))
    ]


def test_of_two_segments_that_differ_the_first_counts() -> None:
    connection = Connection()
    opened, start = connection.open(), connection.client.seq
    asked = connection.ask(post(NAMED + b"a"))
    forged = connection.packet(connection.client, post(NAMED + b"z"), seq=start)

    assert [b"a"] == [name for _, name, _ in summary(read_packets([*opened, *asked, forged]))]


def test_keep_alive_probes_are_no_data() -> None:
    connection = Connection()
    packets = [*connection.open(), *connection.ask(post(NAMED + b"a"))]
    packets.append(connection.packet(connection.client, b"\0", seq=connection.client.seq - 1))
    packets += [*connection.ask(post(NAMED + b"b")), *connection.answer(said(YES) + said(YES))]

    assert ["4", "6"] == [frame for frame, _, _ in summary(read_packets(packets))]


def test_lost_segment_truncates_the_request_alone() -> None:
    connection = Connection()
    opened = connection.open()
    asked = connection.ask(post(NAMED + b"a" * 50 + b"&GroupId=sg-1"), 40) + connection.ask(
        post(NAMED + b"b")
    )
    del asked[4]
    packets = [*opened, *asked, *connection.answer(said(YES) + said(NO, 400)), *connection.close()]
    first, second = read_packets(packets)

    assert [Completeness.TRUNCATED, Completeness.COMPLETE] == [first.completeness, second.completeness]
    assert isinstance(first.request, bytes)
    assert first.request.startswith(b"?" + NAMED + b"aaa")
    assert not first.request.endswith(b"sg-1")
    assert [200, 400] == [found.response.status for found in (first, second) if found.response]


def test_lost_answer_is_not_replaced_by_the_next_one() -> None:
    connection = Connection()
    packets = [*connection.open(), *connection.ask(post(NAMED + b"a"))]
    connection.answer(said(NO, 400))
    packets += [connection.packet(connection.client), *connection.ask(post(NAMED + b"b"))]
    packets += connection.answer(said(YES))
    packets += [connection.packet(connection.client), *connection.close()]
    answers = {
        name: exchange.response for exchange in read_packets(packets) for _, name, _ in summary([exchange])
    }

    assert {b"a": None, b"b": None} == answers


def cut_short(count: int) -> Note:
    return Note("x.pcap", f"packets of TCP that were cut short: {count}; tcpdump -s 0 captures whole ones")


def test_packets_cut_by_a_snap_length_are_truncated_and_counted() -> None:
    exchange, *told = read(pcap_file(call(b"a" * 80), snaplen=200))

    assert isinstance(exchange, Exchange)
    assert Completeness.TRUNCATED == exchange.completeness
    assert [cut_short(1)] == told


@pytest.mark.parametrize("snaplen", [100, 41, 40, 39, 20])
def test_calls_that_cannot_be_seen_for_a_snap_length_are_not_passed_over_in_silence(snaplen: int) -> None:
    packets = call(b"a" * 80)
    count = sum(len(packet) > snaplen for packet in packets)

    assert [cut_short(count)] == read(pcap_file(packets, snaplen=snaplen))


def test_snap_length_of_one_less_and_of_just_as_long() -> None:
    for connection in (Connection(), Connection(**IPV6)):
        packets = [*connection.open(), *connection.ask(post(NAMED + b"a"))]
        longest = max(len(ethernet(packet)) for packet in packets)

        for snaplen, count in ((longest - 1, 1), (longest, 0), (longest + 1, 0)):
            items = read(pcap_file([ethernet(packet) for packet in packets], link=1, snaplen=snaplen))
            assert [cut_short(count)][:count] == [item for item in items if isinstance(item, Note)]


def test_only_packets_that_may_hold_calls_count_as_cut_short() -> None:
    datagram = ip_packet("127.0.0.1", "127.0.0.1", bytes(200), protocol=17)

    assert [] == read(pcap_file([datagram], snaplen=60))


def test_capture_may_begin_in_the_middle_of_a_connection() -> None:
    connection = Connection()
    connection.open()
    connection.ask(post(NAMED + b"lost"))
    packets = [*connection.ask(b"the rest of a body"), *connection.answer(said(YES))]
    packets += [*connection.ask(post(NAMED + b"a")), *connection.answer(said(NO, 404)), *connection.close()]
    [exchange] = read_packets(packets)

    assert [("3", b"a", "complete")] == summary([exchange])
    body = NO.decode()
    assert Response(status=404, body=body, error_code="InvalidGroup.NotFound") == exchange.response


def test_connection_that_is_reset_ends() -> None:
    connection = Connection()
    packets = [*connection.open(), *connection.ask(post(NAMED + b"a" * 99))[:1]]
    packets.append(connection.packet(connection.server, flags=RST))
    again = Connection(client=Side(port=40000, seq=77))
    packets += [*again.open(), *again.ask(post(NAMED + b"b"))]

    assert [b"a" * 99, b"b"] == [name for _, name, _ in summary(read_packets(packets))]


def test_fragments_are_put_together() -> None:
    packets = call(b"a" * 60)
    content = packets[3][20:]
    pieces = [
        ip_packet("127.0.0.1", "127.0.0.1", content[:80], fragment=0x2000),
        ip_packet("127.0.0.1", "127.0.0.1", content[80:], fragment=10),
    ]

    assert [("5", b"a" * 60, "complete")] == summary(read_packets([*packets[:3], *pieces, *packets[4:]]))


def test_what_is_neither_tcp_nor_http_is_passed_over() -> None:
    connection = Connection()
    packets = [
        *connection.open(),
        *connection.ask(b"SSH-2.0-OpenSSH\r\n"),
        *connection.answer(b"SSH-2.0-x\r\n"),
    ]
    packets += [ip_packet("127.0.0.1", "127.0.0.1", bytes(40), protocol=17), b"", b"E", bytes(60)]

    assert [] == read_packets(packets)


def test_encrypted_connections_are_counted() -> None:
    packets = []
    for port in (1, 2):
        connection = Connection(client=Side(port=port))
        packets += [*connection.open(), *connection.ask(b"\x16\x03\x01\x02\x00" + NAMED)]
        packets += [*connection.answer(b"\x16\x03\x03" + NAMED), *connection.close()]

    assert [Note("x.pcap", "TLS connections, which cannot be read: 2", "skipped")] == read(pcap_file(packets))


def test_unknown_links_are_named() -> None:
    assert [Note("x.pcap", "frames of link type 147, which is not known: 7", "skipped")] == read(
        pcap_file(call(b"a"), link=147)
    )


def test_body_may_be_chunked_and_compressed() -> None:
    body = gzip.compress(NAMED + b"a")
    head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    connection = Connection()
    chunks = b"".join(
        b"%x\r\n%b\r\n" % (len(body[at : at + 7]), body[at : at + 7]) for at in range(0, len(body), 7)
    )
    packets = [*connection.open(), *connection.ask(head + chunks + b"0\r\n\r\n", 10)]

    assert [("4", b"a", "complete")] == summary(read_packets(packets))


def test_capture_cut_off_loses_its_tail_and_says_so() -> None:
    connection = Connection()
    packets = [*connection.open()]
    for name in (b"a", b"b"):
        packets += [*connection.ask(post(NAMED + name)), *connection.answer(said(YES))]
    whole = pcap_file(packets)
    bounds = [24]
    for packet in packets:
        bounds.append(bounds[-1] + 16 + len(packet))

    for at in range(1, len(whole)):
        items = read(whole[:at])
        count = max(0, sum(bound <= at for bound in bounds) - 1)
        assert (count >= 4) + (count >= 6) == len(places(items))
        if at in bounds:
            assert [] == notes(items)
        else:
            [note] = notes(items)
            assert note.startswith(f"incomplete: cut short after frame {count}: ")


def test_damaged_captures_are_read_without_an_exception(tmp_path: Path) -> None:
    noise = random.Random(11)
    small = section() + interface(101) + b"".join(map(enhanced, call(b"a")))
    for original in ((CAPTURES / "emulator.pcap").read_bytes(), small):
        for _ in range(150):
            data = bytearray(original)
            for _ in range(noise.randrange(1, 20)):
                data[noise.randrange(len(data))] = noise.randrange(256)
            read(bytes(data))
    assert ["log#frame=4"] == places(read_bytes(small, tmp_path))


def test_connections_followed_at_a_time_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pcap, "MAX_CONNECTIONS", 3)
    connections = [Connection(client=Side(port=port)) for port in range(1, 6)]
    packets = [packet for each in connections for packet in each.ask(post(NAMED + b"%d" % each.client.port))]
    packets += [packet for each in connections[2:] for packet in each.answer(said(YES))]
    found = read_packets(packets)

    assert [b"1", b"2", b"3", b"4", b"5"] == [name for _, name, _ in summary(found)]
    assert [False, False, True, True, True] == [exchange.response is not None for exchange in found]


def test_bytes_kept_of_all_connections_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pcap, "MAX_HELD", 300)
    connections = [Connection(client=Side(port=port)) for port in range(1, 6)]
    packets = [
        packet for each in connections for packet in each.ask(post(NAMED + b"a" * 99, b"X: y\r\n")[:-5])
    ]

    assert 5 * [Completeness.TRUNCATED] == [exchange.completeness for exchange in read_packets(packets)]


def test_requests_wait_in_bounded_number_where_no_answers_were_captured() -> None:
    connection = Connection()
    packets = [*connection.open(), *connection.ask(b"".join(post(NAMED + b"%d" % n) for n in range(150)))]
    found = read_packets(packets)

    assert [b"%d" % n for n in range(150)] == [name for _, name, _ in summary(found)]


def test_answer_may_come_before_the_request_has_ended() -> None:
    connection = Connection()
    packets = [
        *connection.open(),
        *connection.ask(post(NAMED + b"a")[:-1]),
        *connection.answer(said(NO, 413)),
    ]
    packets += [*connection.ask(b"a"), *connection.ask(post(NAMED + b"b")), *connection.answer(said(YES))]
    found = read_packets(packets)

    assert [413, 200] == [exchange.response.status for exchange in found if exchange.response]


def test_client_may_close_its_side_and_wait() -> None:
    connection = Connection()
    packets = [*connection.open(), *connection.ask(post(NAMED + b"a"))]
    packets += [
        connection.close()[0],
        *connection.answer(b"HTTP/1.0 404 x\r\n\r\n" + NO),
        connection.close()[1],
    ]
    [exchange] = read_packets(packets)

    assert Response(status=404, body=NO.decode(), error_code="InvalidGroup.NotFound") == exchange.response


@pytest.mark.parametrize(("name", "limit"), [("_MAX_SIDES", 1), ("_MAX_SEGMENTS", 2)])
def test_account_of_segments_is_bounded(monkeypatch: pytest.MonkeyPatch, name: str, limit: int) -> None:
    monkeypatch.setattr(tcp_streams, name, limit)
    connection = Connection()
    packets = [
        *connection.open(),
        *reversed(connection.ask(post(NAMED + b"a"), 20)),
        *connection.answer(b"x"),
    ]

    assert [(b"a", "complete")] == [found[1:] for found in summary(read_packets(packets))]


def test_floods_of_connections_cost_no_memory() -> None:
    flood = [packet for port in range(3000) for packet in Connection(client=Side(port=port)).open()[:1]]
    connection = Connection(client=Side(port=50000))
    packets = [*connection.open(), *flood, *connection.ask(post(NAMED + b"a")), *connection.answer(said(YES))]

    assert [("3004", b"a", "complete")] == summary(read_packets(packets))


def test_missing_library_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pktcap", None)

    assert [Note("x.pcap", "to read it: pip install 'ec2codec[pcap]'", "unreadable")] == read(b"")


def test_no_header_is_kept() -> None:
    [exchange] = read_packets(call(b"a"))

    assert "secret" not in repr([getattr(exchange, name) for name in exchange.__slots__])
