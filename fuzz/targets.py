"""Every harness there is."""

from __future__ import annotations

from pathlib import Path

from fuzz import capture, decode, envelope, expansion
from fuzz.target import Target

SEEDS = Path(__file__).parent / "seeds"


def seeds_of(target: Target) -> list[bytes]:
    """What a harness begins with, each input once: its own seeds, and those in its folder."""
    folder = SEEDS / target.name
    written = [path.read_bytes() for path in sorted(folder.iterdir())] if folder.is_dir() else []
    return list(dict.fromkeys([*target.seeds(), *written]))


TARGETS = {target.name: target for target in (decode.TARGET, envelope.TARGET, *capture.TARGETS, expansion.TARGET)}
