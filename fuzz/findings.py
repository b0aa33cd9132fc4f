"""Findings: inputs for which a harness raises, kept by what is raised and where."""

from __future__ import annotations

import hashlib
import re
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

# Inputs that are kept of one kind: the first, and whatever is shorter than all of them.
KEPT = 8


def kind_of(error: BaseException) -> str:
    """A short name of what is raised and where: what has the same one is most likely one bug."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/ec2codec/" in frame.filename] or frames
    where = f"{Path(ours[-1].filename).stem}.{ours[-1].name}" if ours else "nowhere"
    broken = f"-{error}" if type(error).__name__ == "Broken" else ""
    return re.sub(r"[^A-Za-z0-9_.]+", "-", f"{type(error).__name__}-{where}{broken}")[:100].strip("-")


def keep(folder: Path, data: bytes, error: BaseException) -> bool:
    """Keep an input beside the others of its kind; whether the kind is new."""
    kind = folder / kind_of(error)
    is_new = not kind.is_dir()
    kind.mkdir(parents=True, exist_ok=True)
    kept = [path.stat().st_size for path in kind.iterdir() if path.suffix != ".txt"]
    if len(kept) < KEPT or len(data) < min(kept):
        (kind / hashlib.sha1(data, usedforsecurity=False).hexdigest()).write_bytes(data)
    if is_new:
        (kind / "traceback.txt").write_text("".join(traceback.format_exception(error)), "utf-8", "replace")
    return is_new


def kinds(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Each kind that was found, with its shortest input."""
    for kind in sorted(folder.iterdir()) if folder.is_dir() else ():
        inputs = [path.read_bytes() for path in kind.iterdir() if path.suffix != ".txt"]
        if inputs:
            yield kind.name, min(inputs, key=len)


def shrunk(data: bytes, run: Callable[[bytes], None]) -> bytes:
    """A shorter input that raises the same kind: pieces are left out as long as any may be."""
    wanted = raised(data, run)
    size = max(len(data) // 2, 1)
    while size:
        at = 0
        while at < len(data):
            shorter = data[:at] + data[at + size :]
            if raised(shorter, run) == wanted:
                data = shorter
            else:
                at += size
        size //= 2
    return data


def raised(data: bytes, run: Callable[[bytes], None]) -> str | None:
    """The kind of what a harness raises for an input; None if nothing."""
    try:
        run(data)
    except Exception as error:
        return kind_of(error)
    return None
