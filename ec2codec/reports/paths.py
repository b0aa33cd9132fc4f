"""Files as other programs look for them: from the folder in which the check was started."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from urllib.parse import quote


# A check has few files, each with many findings, and stays in its folder.
@lru_cache(maxsize=64)
def relative(file: str) -> str:
    """*file* from the current folder, with slashes; as it is where it lies elsewhere."""
    path = Path(file)
    return (path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path).as_posix()


@lru_cache(maxsize=64)
def uri(file: str) -> str:
    """A relative URI reference, or a ``file:`` URI where the file lies elsewhere (RFC 3986, 8089)."""
    path = Path(relative(file))
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
