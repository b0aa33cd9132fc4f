"""Packets and captures of packets, as tcpdump and Wireshark write them."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address

SYN, FIN, RST, PSH, ACK = 2, 1, 4, 8, 16


@dataclass
class Side:
    """One end of a connection, which counts the bytes that it sent."""

    address: str = "127.0.0.1"
    port: int = 5000
    seq: int = 1000


@dataclass
class Connection:
    """Builds the IP packets of one TCP connection."""

    client: Side = field(default_factory=lambda: Side(port=40000))
    server: Side = field(default_factory=Side)

    def open(self) -> list[bytes]:
        syn = self.packet(self.client, flags=SYN)
        self.client.seq += 1
        syn_ack = self.packet(self.server, flags=SYN | ACK)
        self.server.seq += 1
        return [syn, syn_ack, self.packet(self.client)]

    def close(self) -> list[bytes]:
        return [self.packet(side, flags=FIN | ACK) for side in (self.client, self.server)]

    def ask(self, data: bytes, size: int = 1400) -> list[bytes]:
        return self._send(self.client, data, size)

    def answer(self, data: bytes, size: int = 1400) -> list[bytes]:
        return self._send(self.server, data, size)

    def _send(self, side: Side, data: bytes, size: int) -> list[bytes]:
        packets = []
        for start in range(0, len(data), size):
            piece = data[start : start + size]
            packets.append(self.packet(side, piece, flags=PSH | ACK))
            side.seq += len(piece)
        return packets

    def packet(self, side: Side, data: bytes = b"", *, flags: int = ACK, seq: int | None = None) -> bytes:
        other = self.server if side is self.client else self.client
        seq = side.seq if seq is None else seq
        segment = struct.pack(
            "!HHIIBBHHH", side.port, other.port, seq % 2**32, other.seq % 2**32, 0x50, flags, 65535, 0, 0
        )
        return ip_packet(side.address, other.address, segment + data)


def ip_packet(source: str, target: str, content: bytes, protocol: int = 6, fragment: int = 0) -> bytes:
    addresses = ip_address(source).packed + ip_address(target).packed
    if len(addresses) == 32:
        return struct.pack("!IHBB", 6 << 28, len(content), protocol, 64) + addresses + content
    length = 20 + len(content)
    return struct.pack("!BBHHHBBH", 0x45, 0, length, 0, fragment, 64, protocol, 0) + addresses + content


def ethernet(packet: bytes, *tags: int) -> bytes:
    kind = 0x86DD if packet[0] >> 4 == 6 else 0x0800
    vlans = b"".join(struct.pack("!HH", tag, 7) for tag in tags)
    return bytes(12) + vlans + struct.pack("!H", kind) + packet


def pcap(
    frames: Iterable[bytes],
    *,
    link: int = 101,
    order: str = "<",
    nanoseconds: bool = False,
    snaplen: int = 262144,
    start: int = 1_700_000_000,
) -> bytes:
    magic = 0xA1B23C4D if nanoseconds else 0xA1B2C3D4
    parts = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snaplen, link)]
    for number, frame in enumerate(frames):
        kept = frame[:snaplen]
        parts.append(struct.pack(order + "IIII", start + number, 250, len(kept), len(frame)) + kept)
    return b"".join(parts)


def block(kind: int, content: bytes, order: str = "<") -> bytes:
    content += bytes(-len(content) % 4)
    length = struct.pack(order + "I", 12 + len(content))
    return struct.pack(order + "I", kind) + length + content + length


def section(order: str = "<") -> bytes:
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(link: int, options: bytes = b"", order: str = "<", snaplen: int = 0) -> bytes:
    return block(1, struct.pack(order + "HHI", link, 0, snaplen) + options, order)


def enhanced(
    frame: bytes, interface_id: int = 0, ticks: int = 0, order: str = "<", length: int | None = None
) -> bytes:
    length = len(frame) if length is None else length
    head = struct.pack(order + "IIIII", interface_id, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), length)
    return block(6, head + frame + bytes(-len(frame) % 4), order)
