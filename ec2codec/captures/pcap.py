"""Packet captures, pcap and pcapng, of calls that went unencrypted: to emulators, mostly."""

from __future__ import annotations

import importlib
from collections import OrderedDict
from typing import TYPE_CHECKING

from ec2codec.captures.exchange import Note, Place
from ec2codec.captures.http_call import message_call
from ec2codec.captures.http_dialogue import Dialogue
from ec2codec.captures.moments import moment_at
from ec2codec.captures.tcp_streams import Frame, StreamReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from ec2codec.captures.exchange import Exchange
    from ec2codec.captures.http_dialogue import Pairs
    from ec2codec.captures.source import Source
    from ec2codec.captures.tcp_streams import Heard

# Connections that are followed at a time, and bytes that are kept of all of them; where there are more, the
# connection that was silent for longest is taken to have ended.
MAX_CONNECTIONS = 1024
MAX_HELD = 16 << 20


def read_pcap(source: Source) -> Iterator[Exchange | Note]:
    """The calls in a packet capture; frames count from 1, as Wireshark counts them."""
    try:
        pktcap = importlib.import_module("pktcap")
    except ImportError:
        yield Note(source.name, "to read it: pip install 'ec2codec[pcap]'", "unreadable")
        return
    yield from _read(source, pktcap)


def _read(source: Source, pktcap: ModuleType) -> Iterator[Exchange | Note]:
    streams, connections = StreamReader(pktcap), _Connections()
    frame, end = Frame(0, 0.0), None
    frames = pktcap.read_frames(source.stream)
    while True:
        try:
            captured = next(frames, None)
        except pktcap.CaptureFormatError as error:
            end = f"cut short after frame {frame.number}: {error}"
            break
        if captured is None:
            break
        frame = Frame(frame.number + 1, captured.time)
        for heard in streams.take(captured, frame):
            yield from _calls(connections.hear(heard), source.name)
    for heard in streams.flush(frame):
        yield from _calls(connections.hear(heard), source.name)
    yield from _calls(connections.close(), source.name)
    if end is not None:
        yield Note(source.name, end)
    yield from _unread(source.name, streams, connections)


def _calls(pairs: Pairs[Frame], name: str) -> Iterator[Exchange]:
    for request, response in pairs:
        place = Place(name, request.origin.number, "frame")
        exchange = message_call(place, request, response, moment_at(request.origin.time))
        if exchange is not None:
            yield exchange


def _unread(name: str, streams: StreamReader, connections: _Connections) -> Iterator[Note]:
    if connections.encrypted:
        yield Note(name, f"TLS connections, which cannot be read: {connections.encrypted}", "skipped")
    for link, count in streams.unread.items():
        yield Note(name, f"frames of link type {link}, which is not known: {count}", "skipped")
    if count := streams.cut_short:
        yield Note(name, f"packets of TCP that were cut short: {count}; tcpdump -s 0 captures whole ones")


class _Connections:
    """The connections that are followed.

    encrypted: how many spoke TLS.
    """

    def __init__(self) -> None:
        self.encrypted = 0
        self._open: OrderedDict[int, Dialogue[Frame]] = OrderedDict()
        self._held = 0

    def hear(self, heard: Heard) -> Pairs[Frame]:
        """What is complete by these bytes."""
        pairs: Pairs[Frame] = []
        dialogue = self._open.get(heard.stream)
        if dialogue is None:
            dialogue = self._open[heard.stream] = Dialogue()
        self._open.move_to_end(heard.stream)
        if dialogue.is_encrypted:
            return []
        before = dialogue.held
        if heard.missing:
            pairs += dialogue.miss(heard.side, heard.missing)
        if heard.data:
            pairs += dialogue.hear(heard.side, heard.data, heard.frame)
        if heard.is_last:
            pairs += dialogue.finish(heard.side)
        self._held += dialogue.held - before
        self.encrypted += dialogue.is_encrypted
        if heard.is_last and dialogue.is_over:
            del self._open[heard.stream]
        while len(self._open) > MAX_CONNECTIONS or self._held > MAX_HELD:
            pairs += self._end(next(iter(self._open)))
        return pairs

    def close(self) -> Pairs[Frame]:
        """What is left of the connections when the capture ends."""
        return [pair for stream in list(self._open) for pair in self._end(stream)]

    def _end(self, stream: int) -> Pairs[Frame]:
        dialogue = self._open.pop(stream)
        self._held -= dialogue.held
        return dialogue.close()
