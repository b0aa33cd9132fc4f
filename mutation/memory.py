"""A mutated module, found in memory: the import of a child takes it in place of the file."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from mutation.swapping import compiled


class Mutated(MetaPathFinder):
    """Finds one module in memory instead of on disk."""

    def __init__(self, path: Path, source: str) -> None:
        self.path, self.source = path, source
        parts = path.with_suffix("").parts
        inside = parts[len(parts) - parts[::-1].index("ec2codec") - 1 :]
        self.name = ".".join(inside).removesuffix(".__init__")

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module, if it is the mutated one."""
        if fullname != self.name:
            return None
        folder = [str(self.path.parent)] if self.path.stem == "__init__" else None
        loader = _InMemory(fullname, str(self.path), self.source)
        return importlib.util.spec_from_file_location(
            fullname, self.path, loader=loader, submodule_search_locations=folder
        )


class _InMemory(SourceFileLoader):
    def __init__(self, fullname: str, path: str, source: str) -> None:
        super().__init__(fullname, path)
        self.source = source

    def get_code(self, fullname: str) -> CodeType:
        """The code of the mutated source."""
        return compiled(Path(self.path), self.source)
