"""Run the harnesses: each for some seconds, or (--long) in turns until their coverage has stopped growing.

Exit status: 0 nothing found, 1 findings, 2 usage or a harness that does not begin.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import platform
import signal
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from fuzz import findings, progress
from fuzz.run import NotBegun, Room, run
from fuzz.targets import TARGETS


def main() -> int:
    """Run, print the table, say whether anything was found."""
    options = _options()
    if not options.report and importlib.util.find_spec("atheris") is None:
        print("atheris is not installed: nothing was fuzzed (pip install -r fuzz/requirements.txt)")
        return 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as scratch:
        rooms = [Room(Path(options.state or scratch), TARGETS[name]) for name in options.names or TARGETS]
        _begin(rooms, options)
        try:
            if not (options.report or options.keep):
                _go_round(rooms, options)
        except NotBegun as error:
            print(f"a harness did not begin:\n{error}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print("interrupted")
        print(as_text(rooms))
        if options.json:
            Path(options.json).write_text(as_json(rooms), "utf-8")
        found = as_findings(rooms)
        print(found)
        return 1 if found else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(TARGETS)}; all if none")
    parser.add_argument("--seconds", type=int, default=6, help="of each run of a harness")
    parser.add_argument("--runs", type=int, default=0, help="new inputs at most, from the same seed")
    parser.add_argument("--long", action="store_true", help="go round until every harness is done")
    parser.add_argument("--state", metavar="DIR", help="where corpus, findings and counts stay and go on")
    parser.add_argument("--json", metavar="FILE", help="write the table there, too")
    parser.add_argument("--report", action="store_true", help="run nothing, print the table of the state")
    parser.add_argument("--keep", action="store_true", help="run nothing, keep the state in fuzz/kept")
    options = parser.parse_args()
    if options.keep and not options.state:
        parser.error("--keep needs --state")
    if unknown := set(options.names) - set(TARGETS):
        parser.error(f"no such harness: {', '.join(sorted(unknown))}")
    return options


def _begin(rooms: list[Room], options: argparse.Namespace) -> None:
    for room in rooms:
        room.begin()
        if options.keep and room.progress.exists():
            room.keep()
        if not (options.state or options.report):
            # Of a run that leaves nothing, its own counts are told.
            room.progress.unlink(missing_ok=True)


def _go_round(rooms: list[Room], options: argparse.Namespace) -> None:
    """Run each once; if the run is long, run all that are not done, in turns, until all are."""
    while todo := [room for room in rooms if not (options.long and progress.load(room.progress).is_done)]:
        for room in todo:
            done = run(room, _seconds(room, options), options.runs)
            print(_line(room, done), flush=True)
        if not options.long:
            return


def _seconds(room: Room, options: argparse.Namespace) -> int:
    """Of the next run: of a long one no more than are left."""
    seconds: int = options.seconds
    return min(seconds, math.ceil(progress.load(room.progress).left)) if options.long else seconds


def as_findings(rooms: list[Room]) -> str:
    """Each kind of finding, with its shortest input; without a state folder there is nothing else of it."""
    told = [
        f"\n{room.target.name}: {kind}\n{room.traceback(kind)}input, {len(data)} bytes: {data!r}"
        for room in rooms
        for kind, data in findings.kinds(room.findings)
    ]
    return "\n".join(told)


def as_text(rooms: list[Room]) -> str:
    """The table for people."""
    lines = [_line(room, progress.load(room.progress)) for room in rooms]
    return "\n".join([f"Python {platform.python_version()}", HEAD, *lines])


HEAD = f"{'harness':16} {'executions':>12} {'CPU s':>7} {'a second':>9} {'edges':>6} {'quiet s':>8}  findings"


def _line(room: Room, done: progress.Progress) -> str:
    speed = done.executions / done.cpu if done.cpu else 0
    found = ", ".join(room.kinds()) or "none"
    return (
        f"{room.target.name:16} {done.executions:12,} {done.cpu:7.0f} {speed:9,.0f} {done.edges:6,}"
        f" {done.cpu - done.grown:8.0f}  {found}"
    )


def as_json(rooms: list[Room]) -> str:
    """The table for machines."""
    table = [
        {"harness": room.target.name, **asdict(progress.load(room.progress)), "findings": room.kinds()}
        for room in rooms
    ]
    return json.dumps({"python": platform.python_version(), "harnesses": table}, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main())
