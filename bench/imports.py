"""What a first call costs a program: a fresh process each time, in turn."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import marshmallow

import ec2codec
from bench.bodies import bodies
from bench.measure import Effort, Row

BOUND = 1.5
# One process more or less says nothing on shared machines.
LEAST = 25


def rows(effort: Effort) -> Iterator[Row]:
    """Import and one call, beside the import of marshmallow alone, which is most of it."""
    query = bodies(1)[0]
    programs = {
        "ours": f"import ec2codec; ec2codec.decode({query!r})",
        "theirs": "import marshmallow",
        "import": "import ec2codec",
    }
    with tempfile.TemporaryDirectory() as cache:
        times = _times(programs, cache, LEAST if effort.bodies >= 4000 else effort.rounds)
    yield Row("import and decode", "import marshmallow", times["ours"], times["theirs"], BOUND)
    yield Row("import alone", "import marshmallow", times["import"], times["theirs"])


def _times(programs: dict[str, str], cache: str, rounds: int) -> dict[str, float]:
    """Microseconds of a processor that a process takes, the medians.

    The first round is not counted: it fills the cache of byte code, as pip does.
    """
    taken: dict[str, list[float]] = {name: [] for name in programs}
    for number in range(rounds + 1):
        for name, program in programs.items():
            start = _used()
            subprocess.run([*COMMAND, program], check=True, env=_environment(cache))
            if number:
                taken[name].append(_used() - start)
    return {name: statistics.median(values) for name, values in taken.items()}


def _used() -> float:
    """Microseconds of a processor that children took so far: others on this machine do not count."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (usage.ru_utime + usage.ru_stime) * 1e6


def _environment(cache: str) -> dict[str, str]:
    folders = [str(Path(str(module.__file__)).parents[1]) for module in (ec2codec, marshmallow)]
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache, "PYTHONPATH": os.pathsep.join(folders)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


# -S: what a site loads at start (an editable install's finder takes 15 ms) is nobody's cost here.
COMMAND = (sys.executable, "-S", "-c")
