"""The harness of what stands before every reader: compressed inputs are expanded, formats recognised."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from unittest import mock

from ec2codec.captures import source as sources
from ec2codec.captures.decompress import Engine, GzipEngine, zstd_engine
from ec2codec.captures.exchange import Note
from ec2codec.captures.formats import FORMATS, recognise
from ec2codec.captures.reading import read_source
from ec2codec.captures.source import Source
from fuzz import capture
from fuzz.target import Target, hold


def run(data: bytes) -> None:
    """The bytes are the same however they come, up to a fault if there is one; and some reader takes them."""
    plain, fault = expanded(data, len(data) + 1)
    again, other = expanded(data, capture.a_piece(data))
    hold("pieces make no fault", (fault is None) == (other is None))
    hold("pieces make no difference", plain == again if fault is None else _agree(plain, again))
    hold("every input is of some format", recognise(plain) in FORMATS)

    if len(plain) > MOST:
        # Readers take their time for a megabyte of line feeds, which 300 bytes may expand to.
        return
    source = Source(capture.NAME, iter([data]))
    items = list(read_source(source))
    hold("a fault is told", source.fault is None or bool(items and isinstance(items[-1], Note)))


def expanded(data: bytes, size: int) -> tuple[bytes, str | None]:
    """The plain bytes of an input that comes in pieces of *size* bytes, and why they end early."""
    with mock.patch.object(sources, "HEAD", capture.HEAD):
        source = Source(capture.NAME, (data[at : at + size] for at in range(0, len(data), size)))
    return b"".join(source.blocks), source.fault


def _agree(one: bytes, other: bytes) -> bool:
    return one.startswith(other) or other.startswith(one)


def unpack(data: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
    """What is in a compressed input, so that it can be mutated, and how it is compressed again."""
    for magic, expand, compress in COMPRESSIONS:
        if data.startswith(magic):
            with suppress(Exception):
                return expand(data), compress
    return data, bytes


def seeds() -> Iterator[bytes]:
    """The seeds of all readers, plain and compressed, as one stream, as two, and once more."""
    for number, path in enumerate(sorted(capture.SEEDS.glob("*/*"))):
        data = path.read_bytes()[:1024]
        _magic, _expand, compress = COMPRESSIONS[number % len(COMPRESSIONS)]
        yield from (
            data,
            compress(data),
            compress(data[:200]) + compress(data[200:400]),
            gzip.compress(compress(data)),
        )


def _expanding(new_engine: Callable[[], Engine]) -> Callable[[bytes], bytes]:
    return lambda data: new_engine().decompress(data, MOST)


def _zstd_compress(data: bytes) -> bytes:
    compressed: bytes = import_module("backports.zstd").compress(data)
    return compressed


# Bytes of what is mutated within a compressed input, and of what is given to a reader.
MOST = 1 << 16
COMPRESSIONS: tuple[tuple[bytes, Callable[[bytes], bytes], Callable[[bytes], bytes]], ...] = (
    (b"\x1f\x8b", _expanding(GzipEngine), gzip.compress),
    (b"BZh", _expanding(bz2.BZ2Decompressor), bz2.compress),
    (b"\xfd7zXZ\x00", _expanding(lzma.LZMADecompressor), lzma.compress),
    (b"\x28\xb5\x2f\xfd", _expanding(zstd_engine), _zstd_compress),
)
TARGET = Target(
    "expansion",
    run,
    seeds,
    capture.BINARY,
    capture.TARGETS[0].tokens,
    unpack=unpack,
    watched=capture.BEFORE_READERS,
)
