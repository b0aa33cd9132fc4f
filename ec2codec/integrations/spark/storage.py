"""Where inputs lie: files of this machine by their path, others by a URI such as ``s3://bucket/logs/``."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

from pyarrow import fs

from ec2codec.captures.files import find_files
from ec2codec.captures.source import CHUNK, Source, is_regular, open_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ec2codec.captures.parts import Seekable

# Bytes asked of a store at a time: a request to it takes some 20 ms, however little it brings.
REQUEST = 8 << 20


def sizes_of(paths: Iterable[str]) -> dict[str, int]:
    """The inputs that paths, folders, patterns and URIs name, in their order, each with its bytes.

    Folders are walked, their files sorted. 0 where there is nothing: who reads it will say so.
    """
    sizes: dict[str, int] = {}
    for path in paths:
        for name, size in _in_store(path) if is_uri(path) else _in_folder(path):
            sizes.setdefault(name, size)
    return sizes


def is_uri(name: str) -> bool:
    """Whether that names something in a store."""
    return "://" in name


def _in_folder(path: str) -> Iterator[tuple[str, int]]:
    for name in find_files([path]):
        try:
            yield name, os.path.getsize(name) if is_regular(name) else 0
        except OSError:
            yield name, 0


def _in_store(uri: str) -> Iterator[tuple[str, int]]:
    try:
        yield from _listed(uri)
    except OSError:
        yield uri, 0


def _listed(uri: str) -> Iterator[tuple[str, int]]:
    store, path = _located(uri)
    found = store.get_file_info(path)
    if found.type is not fs.FileType.Directory:
        yield uri, found.size or 0
        return
    inside = store.get_file_info(fs.FileSelector(path, recursive=True))
    for info in sorted(inside, key=lambda info: info.path):
        relative = info.path[len(found.path) :].lstrip("/")
        # As find_files does: folders such as .git hold no captures.
        hidden = any(folder.startswith(".") for folder in relative.split("/")[:-1])
        if info.type is fs.FileType.File and not hidden:
            yield f"{uri.rstrip('/')}/{quote(relative)}", info.size or 0


def _located(uri: str) -> tuple[fs.FileSystem, str]:
    # Hadoop's names of S3 are no others' names.
    scheme, _, rest = uri.partition("://")
    try:
        store, path = fs.FileSystem.from_uri(f"{_SCHEMES.get(scheme, scheme)}://{rest}")
    except ValueError:
        raise OSError(0, "no URI of a store that pyarrow knows") from None
    return store, path


@contextmanager
def opened(name: str) -> Iterator[Seekable]:
    """The bytes of an input as a file that can be sought in.

    Raises: OSError where there is none.
    """
    if is_uri(name):
        store, path = _located(name)
        with store.open_input_file(path) as file:
            yield file
        return
    if not is_regular(name):
        raise OSError(0, "not a regular file")
    with open(name, "rb", buffering=0) as file:
        yield file


@contextmanager
def source_of(name: str, start: int = 0, stop: int | None = None) -> Iterator[Source]:
    """An input, or a part of one that is plain.

    Raises: OSError where there is none.
    """
    if not is_uri(name):
        with open_source(name, start=start, stop=stop) as source:
            yield source
        return
    with opened(name) as file:
        file.seek(start)
        chunks = _chunks(file, None if stop is None else stop - start)
        yield Source(name, chunks, expanded=stop is not None)


def _chunks(file: Seekable, left: int | None) -> Iterator[bytes]:
    while brought := file.read(REQUEST if left is None else min(REQUEST, left)):
        # In pieces as files have them: the first of them is what formats are recognised by.
        yield from (brought[start : start + CHUNK] for start in range(0, len(brought), CHUNK))
        left = None if left is None else left - len(brought)


_SCHEMES = {"s3a": "s3", "s3n": "s3"}
