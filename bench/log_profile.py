"""Where the time of `check` goes on an access log: microseconds of a core for each relevant line, by step.

`python -m bench.log_profile`: each step is measured with all before it, in turn, and is the difference.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

from bench.captures import check, in_turn
from bench.captures_files import write_access_log
from ec2codec.captures.lines import read_lines_by_offset
from ec2codec.captures.relevance import find_mark
from ec2codec.captures.source import open_source


def read(file: Path) -> None:
    """Take in the file, and look at nothing."""
    with open_source(str(file)) as source:
        for _ in source.blocks:
            pass


def search(file: Path) -> None:
    """Find what may be ours, in whole blocks."""
    with open_source(str(file)) as source:
        for block in source.blocks:
            hit = -1
            while (hit := find_mark(block, hit + 1, len(block))) >= 0:
                pass


def parse(file: Path) -> None:
    """Cut out the lines, and take them apart; the few that something is said of are numbered later."""
    with open_source(str(file)) as source:
        for _ in read_lines_by_offset(source):
            pass


STEPS: dict[str, Callable[[Path], object]] = {
    "reading the file": read,
    "searching": search,
    "lines taken apart": parse,
    "judged and counted": check,
}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m bench.log_profile", description=__doc__)
    options.add_argument("--megabytes", type=int, default=100, help="size of the file")
    options.add_argument("--rounds", type=int, default=5, help="rounds of all steps, in turn")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "access.log"
        calls = len(write_access_log(file, chosen.megabytes * 10**6))
        times = in_turn(chosen.rounds, *[partial(step, file) for step in STEPS.values()])
    differences = [after - before for before, after in pairwise([0.0, *times])]
    print(f"{calls:,} relevant lines, {calls / times[-1]:,.0f} a second of a core; of each, in microseconds:")
    for name, took in zip(STEPS, differences, strict=True):
        print(f"{name:20}{took / calls * 1e6:6.1f}{took / times[-1]:6.0%}")


if __name__ == "__main__":
    main()
