"""Compressed inputs, told by their first bytes and expanded piece by piece, within bounds."""

from __future__ import annotations

import bz2
import importlib
import lzma
import zlib
from contextlib import suppress
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import ModuleType

# Bytes of output that one step may give, however small the input: a bzip2 block can hold 45 MB of blanks.
STEP = 1 << 16
# A fault loses the output of the piece of input that holds it, so pieces are small; bytes. The engine for
# gzip goes back to the beginning of a piece, so that nothing is lost.
PIECE, LONG_PIECE = 512, 1 << 14
# No log is bigger and no honest file expands further: deflate ends at 1032 to 1, and reaches that for zeros
# only. Small files are let alone, for a test file of one repeated line does come near.
MAX_EXPANDED = 64 << 30
MAX_RATIO = 1000
RATIO_FLOOR = 16 << 20


class Fault(Exception):
    """Why the bytes of an input end before their end; its text is for people."""


class Engine(Protocol):
    """The manners of `bz2.BZ2Decompressor`, `lzma.LZMADecompressor` and `ZstdDecompressor`."""

    @property
    def eof(self) -> bool:
        """Whether the compressed stream has ended."""

    @property
    def needs_input(self) -> bool:
        """Whether there is no further output for the input so far."""

    @property
    def unused_data(self) -> bytes:
        """The input behind the end of the stream."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Output of at most *max_length* bytes."""


class GzipEngine:
    """A decompressor of `zlib_module` for one gzip member, with the manners of the others."""

    def __init__(self) -> None:
        library = zlib_module()
        self._error: type[Exception] = library.error
        self._zlib: zlib._Decompress = library.decompressobj(wbits=31)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        """See `Engine`."""
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        """See `Engine`."""
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """See `Engine`. What comes before a fault is given before the fault is raised."""
        data = self._zlib.unconsumed_tail + data
        before = self._zlib.copy()
        try:
            output = self._zlib.decompress(data, max_length)
        except self._error:
            output = _up_to_fault(before, data, self._error)
            if not output:
                raise
            # The fault itself is come upon once more, for the decompressor stays where it is.
            self.needs_input = False
        else:
            self.needs_input = not self._zlib.unconsumed_tail and len(output) < max_length
        return output


def _up_to_fault(decompressor: zlib._Decompress, data: bytes, error: type[Exception]) -> bytes:
    given: list[bytes] = []
    with suppress(error):
        given.extend(decompressor.decompress(data[at : at + 1]) for at in range(len(data)))
    return b"".join(given)


@cache
def zlib_module() -> ModuleType:
    """The package zlib-ng, which takes two thirds of the time in the same manner, or Python's zlib."""
    try:
        return importlib.import_module("zlib_ng.zlib_ng")
    except ImportError:
        return zlib


class ZstdEngine:
    """A decompressor of `library` for one Zstandard frame, which is held to the size that its header says.

    libzstd reads a frame that it is given whole in another way, and finds other faults in it; here it is not.
    """

    def __init__(self, library: ModuleType) -> None:
        self._library = library
        self._zstd: Engine = library.ZstdDecompressor()
        self._head, self._given = b"", 0

    @property
    def eof(self) -> bool:
        """See `Engine`."""
        return self._zstd.eof and not self._is_off

    @property
    def needs_input(self) -> bool:
        """See `Engine`."""
        return self._zstd.needs_input and not self._is_off

    @property
    def unused_data(self) -> bytes:
        """See `Engine`."""
        return self._zstd.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """See `Engine`. What comes before a fault is given before the fault is raised."""
        if self._is_off:
            raise ValueError(f"the frame has {self._given} bytes, and not those that it says")
        if not self._head:
            # ZSTD_decompressStream takes a frame for whole that begins and ends in what it is given.
            self._zstd.decompress(data[:1], max_length)
            self._head, data = data[:1], data[1:]
        self._head += data[: _ZSTD_HEADER - len(self._head)]
        output = self._zstd.decompress(data, max_length)
        self._given += len(output)
        return output

    @property
    def _is_off(self) -> bool:
        """Whether the frame has ended, and is not as long as it says."""
        if not self._zstd.eof:
            return False
        said = self._library.get_frame_info(self._head).decompressed_size
        return said is not None and said != self._given


def zstd_engine() -> Engine:
    """A Zstandard decompressor of Python 3.14 or of the package backports.zstd.

    Raises: Fault where there is neither.
    """
    for module in ("compression.zstd", "backports.zstd"):
        with suppress(ImportError):
            return ZstdEngine(importlib.import_module(module))
    raise Fault("Zstandard data; to read it: pip install 'ec2codec[zstd]'")


def is_compressed(head: bytes) -> bool:
    """Whether an input that begins so is read by one of the `ENGINES`."""
    return any(head.startswith(magic) for magic, _new_engine, _pieces in ENGINES)


def expand(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The plain bytes of an input that may be compressed.

    Raises: Fault where the data is damaged, ends early, or grows beyond `MAX_EXPANDED` or `MAX_RATIO`.
    """
    head = _head(chunks)
    chunks = chain([head], chunks)
    for magic, new_engine, pieces in ENGINES:
        if head.startswith(magic):
            return _gathered(_expand(pieces(chunks), new_engine))
    return chunks


def _head(chunks: Iterator[bytes]) -> bytes:
    # A pipe may hand over single bytes.
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= 8:
            break
    return head


def _gathered(outputs: Iterable[bytes]) -> Iterator[bytes]:
    """The same, no longer in crumbs, each of which would have to be searched for itself."""
    gathered = bytearray()
    try:
        for output in outputs:
            if gathered and len(gathered) + len(output) > STEP:
                yield bytes(gathered)
                gathered.clear()
            if gathered or len(output) < STEP // 2:
                gathered += output
            else:
                yield output
    except Fault:
        yield bytes(gathered)
        raise
    yield bytes(gathered)


def _expand(pieces: Iterable[bytes], new_engine: Callable[[], Engine]) -> Iterator[bytes]:
    engine, taken, given = new_engine(), 0, 0
    for piece in pieces:
        taken += len(piece)
        # Files may be several compressed streams on end, padded with zeros (tape blocks).
        while piece := (piece.lstrip(b"\0") if engine.eof else piece):
            engine = new_engine() if engine.eof else engine
            for output in _steps(engine, piece, taken):
                given += len(output)
                _stop_bomb(taken, given)
                yield output
            piece = engine.unused_data if engine.eof else b""
    if not engine.eof:
        raise Fault(f"the compressed data ends early, after {taken} bytes")


def _long_pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        for start in range(0, len(chunk), LONG_PIECE):
            yield chunk[start : start + LONG_PIECE]


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    # The last piece goes byte by byte: the checksum stands there, and if it is wrong the data before it
    # has already been given out.
    last = b""
    for chunk in chunks:
        for start in range(0, len(chunk), PIECE):
            if last:
                yield last
            last = chunk[start : start + PIECE]
    yield from (last[at : at + 1] for at in range(len(last)))


def _steps(engine: Engine, piece: bytes, taken: int) -> Iterator[bytes]:
    try:
        yield engine.decompress(piece, STEP)
        while not engine.eof and not engine.needs_input:
            yield engine.decompress(b"", STEP)
    except Exception as error:
        # zlib.error, OSError, EOFError, LZMAError, ZstdError: the libraries share no base but this.
        raise Fault(f"the compressed data is damaged near byte {taken} ({error})") from None


def _stop_bomb(taken: int, given: int) -> None:
    if given > MAX_EXPANDED:
        raise Fault(f"expands to more than {MAX_EXPANDED} bytes")
    if given > RATIO_FLOOR and given > MAX_RATIO * taken:
        raise Fault(f"expands more than {MAX_RATIO} times, after {given} bytes")


# Bytes of the longest header of a frame (RFC 8878, 3.1.1).
_ZSTD_HEADER = 18
# The first bytes, who expands what begins so, and in what pieces he is given it.
ENGINES: tuple[tuple[bytes, Callable[[], Engine], Callable[[Iterable[bytes]], Iterator[bytes]]], ...] = (
    (b"\x1f\x8b", GzipEngine, _long_pieces),
    (b"BZh", bz2.BZ2Decompressor, _pieces),
    (b"\xfd7zXZ\x00", lzma.LZMADecompressor, _pieces),
    (b"\x28\xb5\x2f\xfd", zstd_engine, _pieces),
)
