"""The files that paths, folders and patterns name."""

from __future__ import annotations

import glob
import os
from typing import TYPE_CHECKING

from ec2codec.captures.source import STDIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def find_files(paths: Iterable[str]) -> list[str]:
    """The files to read, each once, in the order of *paths*, those of a folder sorted.

    A path that names nothing is a pattern; one that matches nothing is given back, and opening it will say
    that it is not there. So is a folder that cannot be looked into. A file that is found under several names,
    through links that lead in a circle for instance, has the shortest of them.
    """
    found: dict[str, str] = {}
    for path in paths:
        for name in _expanded(path):
            real = name if name == STDIN else os.path.realpath(name)
            found[real] = min(found.get(real, name), name, key=len)
    return list(found.values())


def _expanded(path: str) -> Iterator[str]:
    # The literal name comes first: `a[1].log` is a file name, too.
    if path == STDIN or os.path.lexists(path):
        yield from _walked(path)
        return
    matches = sorted(glob.glob(path, recursive=True))
    for match in matches:
        yield from _walked(match)
    if not matches:
        yield path


def _walked(path: str) -> Iterator[str]:
    if not os.path.isdir(path):
        yield path
        return
    closed: list[OSError] = []
    for folder, subfolders, names in os.walk(path, onerror=closed.append):
        # In place, which is how os.walk is steered. Folders such as .git hold no captures.
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        yield from (os.path.join(folder, name) for name in sorted(names))
    yield from (error.filename for error in closed)
