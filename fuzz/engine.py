"""One harness under atheris: what the runner starts; ends as libFuzzer ends.

``python -m fuzz.engine NAME FINDINGS WATCHED [libFuzzer's arguments]``, WATCHED with commas between.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import atheris

from fuzz import findings, mutator

if TYPE_CHECKING:
    from fuzz.target import Target

ROOT = Path(__file__).parent.parent
# CPU seconds that no input may take, instrumented; the longest have some kilobytes.
SLOW = 1.0


class Slow(AssertionError):
    """An input took more than `SLOW`."""


def main() -> None:
    """Set up, and hand over to libFuzzer, which does not return."""
    name, folder, watched, *arguments = sys.argv[1:]
    with atheris.instrument_imports(include=["ec2codec"], exclude=_unwatched(tuple(watched.split(",")))):
        target = _ready(name)

    def custom_mutator(data: bytes, max_size: int, seed: int) -> bytes:
        # Half of the mutations are libFuzzer's own, which know the dictionary and what was compared.
        if random.Random(seed).random() < 0.5:
            changed: bytes = atheris.Mutate(data, max_size)
            return changed
        return mutator.mutated(data, target, seed)[:max_size]

    run = _guarded(target, Path(folder))
    # By what libFuzzer starts itself anew, if it has to.
    program = os.environ.get("FUZZ_PROGRAM", sys.argv[0])
    atheris.Setup([program, *arguments], run, custom_mutator=custom_mutator)
    atheris.Fuzz()


def _unwatched(watched: tuple[str, ...]) -> list[str]:
    """The modules of ec2codec that are not to be instrumented: atheris includes by the whole package only."""
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts) for path in ROOT.glob("ec2codec/**/*.py"))
    modules = [name.removesuffix(".__init__") for name in names]
    # What draws inputs is not what is looked at.
    return [name for name in modules if _is_of(name, ("ec2codec.strategies",)) or not _is_of(name, watched)]


def _is_of(module: str, packages: tuple[str, ...]) -> bool:
    return any(f"{module}.".startswith(f"{package}.") for package in packages)


def _ready(name: str) -> Target:
    """The harness, with all that it imports at the first input imported."""
    from fuzz.targets import TARGETS, seeds_of

    target = TARGETS[name]
    for seed in (b"", *seeds_of(target)):
        findings.raised(seed, target.run)
    return target


def _guarded(target: Target, folder: Path) -> Callable[[bytes], None]:
    """The harness, which keeps what it finds and goes on."""

    def run(data: bytes) -> None:
        try:
            # What was collected, imported or cached on the way is not the input's: it has to be slow twice.
            if _took(target, data) > SLOW and (seconds := _took(target, data)) > SLOW:
                raise Slow(f"took {seconds:.1f} s")
        except Exception as error:
            if findings.keep(folder, data, error):
                print(f"FINDING {findings.kind_of(error)}", file=sys.stderr, flush=True)

    return run


def _took(target: Target, data: bytes) -> float:
    start = time.process_time()
    target.run(data)
    return time.process_time() - start


if __name__ == "__main__":
    main()
