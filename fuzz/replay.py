"""Give inputs to a harness once more, without atheris; say what each raises, and perhaps make it shorter.

Exit status: 0 nothing is raised, 1 something is.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from pathlib import Path

from fuzz.findings import shrunk
from fuzz.targets import TARGETS


def main() -> int:
    """Replay, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.replay", description=__doc__)
    parser.add_argument("name", choices=TARGETS, metavar="NAME", help="the harness")
    parser.add_argument("inputs", nargs="+", metavar="FILE", type=Path)
    parser.add_argument("--shrink", action="store_true", help="write the shortest beside it, as FILE.short")
    options = parser.parse_args()
    run = TARGETS[options.name].run
    status = 0
    for path in options.inputs:
        data = path.read_bytes()
        try:
            run(data)
        except Exception:
            status = 1
            print(f"{path}:\n{traceback.format_exc()}")
            if options.shrink:
                path.with_name(f"{path.name}.short").write_bytes(shrunk(data, run))
    return status


if __name__ == "__main__":
    sys.exit(main())
