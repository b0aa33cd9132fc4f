"""What long runs have come to, kept in the project: counts, and the least of each corpus.

An archive a harness, the same bytes for the same corpus.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).parent / "kept"


def archive_of(name: str) -> Path:
    """Where that of a harness stands, if there is one."""
    return FOLDER / f"{name}.tar.xz"


def pack(archive: Path, files: Iterable[Path], root: Path) -> None:
    """Write an archive of *files*, by their names below *root*."""
    archive.parent.mkdir(exist_ok=True)
    with tarfile.open(archive, "w:xz", preset=9) as packed:
        for file in sorted(files):
            data = file.read_bytes()
            # Of the file its bytes alone: neither owner nor time.
            member = tarfile.TarInfo(file.relative_to(root).as_posix())
            member.size = len(data)
            packed.addfile(member, io.BytesIO(data))


def unpack(archive: Path, root: Path) -> None:
    """Write the files of an archive below *root*; nothing if there is no archive."""
    if archive.exists():
        with tarfile.open(archive) as packed:
            packed.extractall(root, filter="data")
