from __future__ import annotations

import gzip
import io
import os
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from capturing import CALL, COMPRESSORS, places
from ec2codec.captures import (
    Note,
    find_files,
    read_input,
)
from ec2codec.captures.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def test_single_bytes_of_a_pipe_are_a_whole_stream() -> None:
    data = gzip.compress(CALL)
    source = Source("-", (data[at : at + 1] for at in range(len(data))))

    assert CALL == source.head
    assert CALL == source.stream.read()
    assert source.fault is None


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(CALL)))
    told: list[int] = []

    assert ["-:1"] == places(list(read_input("-", advance=told.append)))
    assert [len(CALL)] == told


def zstandard(data: bytes) -> bytes:
    compressed: bytes = pytest.importorskip("backports.zstd").compress(data)
    return compressed


@pytest.mark.parametrize("compress", [*COMPRESSORS, zstandard])
def test_compressed_standard_input_is_read_as_well(
    compress: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(compress(b"\n" + CALL))))

    assert ["-:2"] == places(list(read_input("-")))


def test_error_while_reading_is_noted() -> None:
    def chunks() -> Iterator[bytes]:
        yield CALL + b"\n"
        raise OSError(5, "Input/output error")

    source = Source("x", chunks())

    assert CALL + b"\n" == source.stream.read()
    assert "Input/output error" == source.fault


def test_errors_without_a_text_of_their_own_are_told() -> None:
    def chunks() -> Iterator[bytes]:
        yield b""
        raise OSError("no text")

    assert "no text" == Source("x", chunks()).fault


@pytest.mark.parametrize("kind", ["missing", "folder", "fifo"])
def test_what_is_no_file_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    path = tmp_path / kind
    if kind == "folder":
        path.mkdir()
    if kind == "fifo":
        os.mkfifo(path)
    [note] = list(read_input(str(path)))

    assert isinstance(note, Note)
    assert "unreadable" == note.kind
    assert note.message in ("No such file or directory", "not a regular file")


@pytest.mark.parametrize("folder", ["/dev/fd", "/proc/self/fd"])
def test_pipe_that_the_shell_has_opened_is_read(folder: str) -> None:
    reading, writing = os.pipe()
    with open(writing, "wb") as pipe:
        pipe.write(gzip.compress(CALL))
    items = list(read_input(f"{folder}/{reading}"))
    os.close(reading)

    assert [f"{reading}:1"] == places(items)


def test_pipe_that_nobody_has_opened_is_not_there() -> None:
    assert [Note("/dev/fd/999999", "No such file or directory", "unreadable")] == list(
        read_input("/dev/fd/999999")
    )


def test_device_without_end_is_refused() -> None:
    assert [Note("/dev/zero", "not a regular file", "unreadable")] == list(read_input("/dev/zero"))


def test_folders_are_walked_in_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b/2.log", "b/1.log", "a.log", ".git/x", "c/.hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [os.path.relpath(name, tmp_path) for name in find_files([str(tmp_path)])]

    assert ["a.log", "b/1.log", "b/2.log", "c/.hidden"] == found


def test_literal_name_comes_before_the_pattern(tmp_path: Path) -> None:
    for name in ("a[1].log", "a1.log", "b.log"):
        (tmp_path / name).touch()

    def found(pattern: str) -> list[str]:
        return [os.path.basename(name) for name in find_files([str(tmp_path / pattern)])]

    assert ["a[1].log"] == found("a[1].log")
    assert ["a1.log", "a[1].log"] == found("a*.log")
    assert ["b.log"] == found("[bc].log")
    assert ["[cd].log"] == found("[cd].log")


def test_each_file_is_read_once() -> None:
    assert ["-"] == find_files(["-", "-"])


def test_links_in_a_circle_lead_to_each_file_once(tmp_path: Path) -> None:
    for name in ("a.log", "b/c.log"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "b" / "loop").symlink_to("..")
    (tmp_path / "b" / "same.log").symlink_to("c.log")
    (tmp_path / "b" / "gone.log").symlink_to("nowhere")

    def found(*paths: str) -> list[str]:
        return [os.path.relpath(name, tmp_path) for name in find_files([str(tmp_path / p) for p in paths])]

    assert ["a.log", "b/c.log", "b/gone.log"] == found(".")
    assert ["a.log", "b/c.log"] == found("**/[ac].log")
    assert ["a.log"] == found("b/loop/a.log", "a.log", "./b/../a.log")


def test_folder_that_cannot_be_looked_into_is_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a/1.log", "closed/2.log", "z/3.log"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    scandir = os.scandir

    def refuse(path: str) -> Iterator[os.DirEntry[str]]:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    files = find_files([str(tmp_path)])
    assert ["1.log", "3.log", "closed"] == [os.path.basename(file) for file in files]
    assert [Note(files[2], "Permission denied", "unreadable")] == list(read_input(files[2]))
    assert [files[2]] == find_files([files[2]])


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_file_that_is_emptied_while_it_is_read_is_incomplete(
    compress: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    file = tmp_path / "log"
    noise = b"".join(b"%d\n" % random.getrandbits(999) for _ in range(9_000))
    file.write_bytes(compress(b'{"message": "' + CALL + b'"}\n' + noise + CALL + b"\n"))
    items = read_input(str(file), None, lambda _count: os.truncate(file, 0))

    first, note = items
    assert ["log:1"] == places([first])
    assert Note(str(file), "the file became shorter while it was read") == note


def test_chunks_of_any_size_are_one_stream() -> None:
    chunks = [b"a" * 100_000, b"", b"b" * 400_000, b"c"]

    assert b"".join(chunks) == Source("x", iter(chunks)).stream.read()
