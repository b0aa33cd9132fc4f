"""The bytes that went over each TCP connection of a packet capture, in order, with the frames they came in.

pktcap reads the frames and puts the streams together: reordering, duplicates, overlaps, fragments, gaps. It
does not say in which frame a byte came, so that is done here: a place must be one that Wireshark shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from pktcap import CapturedFrame, DissectedFrame, IPv4Layer, IPv6Layer, TCPStreamData

    Side = tuple[tuple[str, int], tuple[str, int]]

_WRAP = 1 << 32
# Sides of connections whose segments are kept account of. Where there are more at a time, a segment that
# waited for a missing one is said to have come with that one.
_MAX_SIDES = 4096
# Segments of a side that may wait; pktcap lets as many.
_MAX_SEGMENTS = 1024
# The number of TCP among the protocols that IP carries, and the length of an IPv6 header.
_TCP = 6
_IPV6_HEADER = 40


class Frame(NamedTuple):
    """A packet as it was captured.

    number: counts from 1.
    time: seconds since 1970, as the file says.
    """

    number: int
    time: float


class Heard(NamedTuple):
    """Bytes that one side of a connection sent.

    stream: the number of the connection.
    side: who sent them to whom.
    missing: how many bytes before them were not captured.
    is_last: nothing more comes from that side.
    """

    stream: int
    side: Side
    data: bytes
    frame: Frame
    missing: int
    is_last: bool


class StreamReader:
    """Gives what each frame, taken in the order of the capture, makes known.

    pktcap: the module of that name, which is imported only where there is a capture to read.
    cut_short: how many packets of TCP were longer than what was captured of them.
    """

    def __init__(self, pktcap: ModuleType) -> None:
        self._dissector = pktcap.FrameDissector()
        self._reassembler = pktcap.TCPReassembler()
        self._sides: dict[Side, _Segments] = {}
        self.cut_short = 0
        self._tcp = pktcap.TCPLayer
        self._ipv4: type[IPv4Layer] = pktcap.IPv4Layer
        self._ipv6: type[IPv6Layer] = pktcap.IPv6Layer

    @property
    def unread(self) -> dict[int, int]:
        """How many frames there were of each link type that is not known."""
        return dict(self._dissector.unsupported_linktypes)

    def take(self, captured: CapturedFrame, frame: Frame) -> Iterator[Heard]:
        """What becomes known by one more frame."""
        dissected = self._dissector.dissect(captured)
        self.cut_short += self._is_cut_short(dissected)
        self._note_segment(dissected, frame)
        for item in self._reassembler.add(dissected):
            yield from self._numbered(item, frame)

    def flush(self, frame: Frame) -> Iterator[Heard]:
        """What waited for segments that never came; *frame* is the last one."""
        for item in self._reassembler.flush():
            yield from self._numbered(item, frame)

    def _is_cut_short(self, dissected: DissectedFrame) -> bool:
        # What a layer is read from: what follows the one before it.
        sources = (dissected.frame.data, *dissected.payloads)
        for layer, octets in zip(dissected.layers, sources, strict=False):
            if isinstance(layer, self._ipv4) and layer.protocol == _TCP:
                return layer.length > len(octets)
            if isinstance(layer, self._ipv6) and layer.next_header == _TCP:
                return layer.payload_length + _IPV6_HEADER > len(octets)
        return False

    def _note_segment(self, dissected: DissectedFrame, frame: Frame) -> None:
        hosts = ("", "")
        for layer, content in zip(dissected.layers, dissected.payloads, strict=True):
            if isinstance(layer, (self._ipv4, self._ipv6)):
                hosts = (layer.source, layer.destination)
            elif isinstance(layer, self._tcp) and (content or layer.syn):
                side = (hosts[0], layer.source_port), (hosts[1], layer.destination_port)
                if len(self._sides) >= _MAX_SIDES and side not in self._sides:
                    self._sides.clear()
                segments = self._sides.setdefault(side, _Segments())
                segments.note(layer.sequence, frame, begins=layer.syn, has_content=bool(content))

    def _numbered(self, item: TCPStreamData, frame: Frame) -> Iterator[Heard]:
        side = (item.source, item.destination)
        segments = self._sides.get(side)
        parts = [(0, frame)]
        if segments is not None:
            parts = segments.cut(item.stream, item.offset, len(item.data), frame)
        ends = [start for start, _ in parts[1:]]
        for (start, origin), end in zip(parts, [*ends, len(item.data)], strict=True):
            missing = 0 if start else item.missing
            is_last = item.end and end == len(item.data)
            yield Heard(item.stream, side, item.data[start:end], origin, missing, is_last)
        if item.end:
            self._sides.pop(side, None)


class _Segments:
    """The segments of one side whose bytes were not given out yet, by sequence number."""

    def __init__(self) -> None:
        self._stream: int | None = None
        # The sequence number of the first byte of the stream.
        self._base: int | None = None
        self._frames: dict[int, Frame] = {}

    def note(self, sequence: int, frame: Frame, *, begins: bool, has_content: bool) -> None:
        """Take account of a segment, which may be the one that begins the stream."""
        if begins:
            sequence += 1
            self._stream, self._base = None, sequence
        if len(self._frames) >= _MAX_SEGMENTS:
            self._frames.clear()
        if has_content:
            # Of two copies, pktcap keeps the first.
            self._frames.setdefault(sequence % _WRAP, frame)

    def cut(self, stream: int, offset: int, length: int, frame: Frame) -> list[tuple[int, Frame]]:
        """Where in the bytes from *offset* on which frame begins; the first at 0.

        frame: the one by which these bytes became known.
        """
        if self._stream not in (None, stream):
            self._base = None
        self._stream = stream
        if self._base is None:
            # A stream is joined in the middle by the segment that came last.
            self._base = next(reversed(self._frames), 0) - offset
        places = {(sequence - self._base - offset) % _WRAP: sequence for sequence in self._frames}
        parts = [(at, self._frames[places[at]]) for at in sorted(places) if at < length]
        waiting = (sequence for at, sequence in places.items() if length <= at < _WRAP // 2)
        self._frames = {sequence: self._frames[sequence] for sequence in waiting}
        return parts if parts and parts[0][0] == 0 else [(0, frame), *parts]
