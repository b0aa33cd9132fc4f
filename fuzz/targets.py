"""Every harness there is."""

from __future__ import annotations

from pathlib import Path

from fuzz import capture, decode, envelope, expansion, reporting, structure, structured
from fuzz.target import Target

# Inputs to begin with, and those for which something once did not hold; by harness.
FOLDERS = (Path(__file__).parent / "seeds", Path(__file__).parent.parent / "fixtures" / "fuzz")


def seeds_of(target: Target) -> list[bytes]:
    """What a harness begins with, each input once: what it makes itself, and what stands in its folders."""
    written = (path.read_bytes() for folder in FOLDERS for path in sorted((folder / target.name).glob("*")))
    return list(dict.fromkeys([*target.seeds(), *written]))


ALL = (
    decode.TARGET,
    envelope.TARGET,
    structure.TARGET,
    *structured.TARGETS,
    *capture.TARGETS,
    expansion.TARGET,
    reporting.TARGET,
)
TARGETS = {target.name: target for target in ALL}
