from __future__ import annotations

import bz2
import gzip
import lzma
import random
import sys
import types
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from capturing import CALL, COMPRESSORS, notes, places, read_bytes
from ec2codec.captures import (
    Completeness,
    Exchange,
    decompress,
)
from ec2codec.captures.decompress import Fault, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(params=["zlib", "zlib_ng"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """That for gzip: a test that asks for it is run with either of them."""
    if request.param == "zlib":
        monkeypatch.setitem(sys.modules, "zlib_ng.zlib_ng", None)
    else:
        pytest.importorskip("zlib_ng", reason="zlib-ng is not installed")
    decompress.zlib_module.cache_clear()
    yield request.param
    decompress.zlib_module.cache_clear()


def test_quicker_library_is_used_where_it_is(library: str) -> None:
    assert library == decompress.zlib_module().__name__.rpartition(".")[2]


@pytest.mark.parametrize("compress", COMPRESSORS)
def test_compressed_text_is_read_as_it_stands(compress: Callable[[bytes], bytes], tmp_path: Path) -> None:
    data = b"x\n" * 100_000 + CALL + b"\n"

    assert ["log:100001"] == places(read_bytes(compress(data), tmp_path))
    # Several streams on end, with zeros behind.
    assert ["log:100001", "log:200002"] == places(read_bytes(compress(data) * 2 + b"\0" * 600, tmp_path))


@pytest.mark.parametrize("compress", COMPRESSORS)
def test_compressed_text_cut_off_keeps_what_came_before(
    compress: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    # Random, so that the blocks of bzip2 and LZMA end before the cut.
    noise = random.Random(1)
    text = b"".join(CALL + b"&X=%d\n" % noise.getrandbits(2000) for _ in range(4000))
    data = compress(text)
    items = read_bytes(data[: len(data) * 3 // 4], tmp_path)

    assert 1500 < len(places(items)) < 4000
    assert [f"incomplete: the compressed data ends early, after {len(data) * 3 // 4} bytes"] == notes(items)


@pytest.mark.usefixtures("library")
def test_last_line_before_a_cut_is_truncated(tmp_path: Path) -> None:
    data = zlib.compressobj(wbits=31)
    stream = data.compress(CALL + b"\n" + CALL + b"&X=1") + data.flush(zlib.Z_SYNC_FLUSH)
    items = read_bytes(stream, tmp_path)

    assert [Completeness.COMPLETE, Completeness.TRUNCATED] == [
        item.completeness for item in items if isinstance(item, Exchange)
    ]


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress])
def test_wrong_checksum_is_noted_and_costs_nothing(
    compress: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    data = bytearray(compress((CALL + b"\n") * 1000))
    data[-6] ^= 1
    items = read_bytes(bytes(data), tmp_path)

    assert 1000 == len(places(items))
    assert 1 == len(notes(items))
    assert notes(items)[0].startswith("incomplete: the compressed data is damaged near byte ")


@pytest.mark.usefixtures("library")
def test_garbage_behind_compressed_data_is_noted(tmp_path: Path) -> None:
    items = read_bytes(gzip.compress(CALL) + b"garbage", tmp_path)

    assert ["log:1"] == places(items)
    assert 1 == len(notes(items))


@pytest.mark.usefixtures("library")
def test_what_cannot_be_expanded_at_all_is_unreadable(tmp_path: Path) -> None:
    assert ["unreadable: the compressed data ends early, after 3 bytes"] == notes(
        read_bytes(b"\x1f\x8b\x08", tmp_path)
    )


def test_bomb_is_stopped_by_its_ratio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompress, "MAX_RATIO", 100)
    monkeypatch.setattr(decompress, "RATIO_FLOOR", 1 << 20)
    items = read_bytes(bz2.compress(CALL + b"\n" + b"x" * (8 << 20)), tmp_path)

    assert ["log:1"] == places(items)
    assert notes(items)[0].startswith("incomplete: expands more than 100 times, after ")


def test_bomb_is_stopped_by_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompress, "MAX_EXPANDED", 100_000)
    items = read_bytes(gzip.compress(CALL + b"\n" * (1 << 20)), tmp_path)

    assert ["incomplete: expands to more than 100000 bytes"] == notes(items)


@pytest.mark.usefixtures("library")
def test_gzip_output_comes_in_bounded_steps() -> None:
    sizes = [len(piece) for piece in expand(iter([gzip.compress(bytes(10 << 20))]))]

    assert 10 << 20 == sum(sizes)
    assert decompress.STEP == max(sizes)


def test_zstandard_is_read_by_the_module_that_is_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = types.ModuleType("backports.zstd")
    said = types.SimpleNamespace(decompressed_size=None)
    vars(package).update(ZstdDecompressor=_FakeZstd, get_frame_info=lambda _head: said)
    monkeypatch.setitem(sys.modules, "compression.zstd", None)
    monkeypatch.setitem(sys.modules, "backports.zstd", package)

    assert ["log:1"] == places(read_bytes(b"\x28\xb5\x2f\xfd" + CALL, tmp_path))


class _FakeZstd:
    """What follows the magic number, as it is."""

    needs_input = True
    unused_data = b""

    def __init__(self) -> None:
        self.eof = False

    def decompress(self, data: bytes, max_length: int) -> bytes:
        assert max_length
        self.eof = data.endswith(b"a")
        return data.removeprefix(b"\x28\xb5\x2f\xfd").replace(b"\x28\xb5\x2f\xfd", b"")


@pytest.mark.parametrize("size", [1, 5, 12, 1 << 20])
def test_zstandard_frame_is_held_to_its_size_in_whatever_pieces_it_comes(size: int) -> None:
    zstd = pytest.importorskip("backports.zstd", reason="backports.zstd is not installed")
    lines = CALL + b"\n" + bytes(300)
    frame = zstd.compress(lines)
    # The descriptor says that the size follows in two bytes, less 256 (RFC 8878, 3.1.1.1.4).
    assert (0x60, len(lines) - 256) == (frame[4] & 0xE3, int.from_bytes(frame[5:7], "little"))
    wrong = frame[:5] + (len(lines) - 255).to_bytes(2, "little") + frame[7:]

    def read(data: bytes) -> bytes:
        return b"".join(expand(data[at : at + size] for at in range(0, len(data), size)))

    assert lines == read(frame)
    assert lines * 2 == read(frame * 2)
    # The others have no content. libzstd alone finds fault with one only where it is given it whole, with the
    # other, which repeats a byte no times, only where it is not.
    for damaged in (wrong, bytes.fromhex("28b52ffd60000001000000"), bytes.fromhex("28b52ffd20000300002b00")):
        with pytest.raises(Fault, match="damaged near byte"):
            read(damaged)


def test_zstandard_without_a_module_names_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "compression.zstd", None)
    monkeypatch.setitem(sys.modules, "backports.zstd", None)

    assert ["unreadable: Zstandard data; to read it: pip install 'ec2codec[zstd]'"] == notes(
        read_bytes(b"\x28\xb5\x2f\xfd....", tmp_path)
    )


def test_faults_have_a_text() -> None:
    assert "x" == str(Fault("x"))


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("at", [700, 20_000, 90_000])
def test_gzip_gives_all_that_comes_before_a_fault(at: int) -> None:
    noise = random.Random(2)
    data = bytearray(gzip.compress(bytes(noise.choices(b"abcdefgh", k=300_000))))
    data[at] ^= 0xFF
    given, expected = bytearray(), bytearray()
    with pytest.raises(Fault):
        b"".join(pieces_until_fault(expand(iter([bytes(data)])), given))
    decompressor = zlib.decompressobj(wbits=31)
    with pytest.raises(zlib.error):
        b"".join(pieces_until_fault((decompressor.decompress(bytes([byte])) for byte in data), expected))

    assert expected == given


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("seed", range(6))
def test_members_of_any_size_give_what_they_hold(seed: int) -> None:
    noise = random.Random(seed)
    members = [bytes(noise.choices(b"ab", k=noise.choice([0, 9, 50_000, 140_000]))) for _ in range(6)]
    data = b"".join(map(gzip.compress, members))
    size = noise.choice([7, 777, 1 << 18])
    outputs = list(expand(data[start : start + size] for start in range(0, len(data), size)))

    assert b"".join(members) == b"".join(outputs)
    assert max(map(len, outputs)) <= decompress.STEP


def pieces_until_fault(pieces: Iterator[bytes], kept: bytearray) -> Iterator[bytes]:
    """*pieces*, which are *kept* too, for a fault loses what was joined."""
    for piece in pieces:
        kept += piece
        yield piece


def test_small_outputs_are_gathered() -> None:
    sizes = [len(piece) for piece in expand(iter([lzma.compress(random.Random(3).randbytes(1 << 18))]))]

    assert len(sizes) <= 5
    assert max(sizes) <= decompress.STEP
