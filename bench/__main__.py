"""The table: what encoding and decoding cost beside their peers; exit 1 if a bound does not hold."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable, Iterator

from bench import generation, imports, requests, responses
from bench.measure import Effort, Row, Skipped

Line = Row | Skipped


def main() -> int:
    """Measure, print, and say whether every bound holds."""
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("suites", nargs="*", metavar="SUITE", help=f"of {', '.join(SUITES)}; all if none")
    options.add_argument("--bodies", type=int, default=Effort.bodies, help="distinct inputs a round")
    options.add_argument("--rounds", type=int, default=Effort.rounds, help="rounds of each, in turn")
    options.add_argument("--short", action="store_true", help="few inputs, few rounds")
    options.add_argument("--json", action="store_true", help="print JSON")
    options.add_argument("--report-only", action="store_true", help="exit 0 whatever the ratios")
    chosen = options.parse_args()
    unknown = set(chosen.suites) - set(SUITES)
    if unknown:
        options.error(f"no such suite: {', '.join(sorted(unknown))}")
    effort = Effort(500, 3) if chosen.short else Effort(chosen.bodies, chosen.rounds)
    table = [line for suite in chosen.suites or SUITES for line in SUITES[suite](effort)]
    print(as_json(table) if chosen.json else as_text(table))
    over = [line for line in table if isinstance(line, Row) and not line.holds]
    return 1 if over and not chosen.report_only else 0


def as_json(table: list[Line]) -> str:
    """The table for machines."""
    return json.dumps(
        {"python": platform.python_version(), "rows": [_measured(line) for line in table]}, indent=2
    )


def _measured(line: Line) -> dict[str, object]:
    names = ROW if isinstance(line, Row) else SKIPPED
    return {name: getattr(line, name) for name in names}


def as_text(table: list[Line]) -> str:
    """The table for people."""
    head = f"Python {platform.python_version()}: medians, ratio = ours / peer"
    titles = f"{'':44} {'ours':>12}   {'peer':38} {'':>12} {'ratio':>7} {'bound':>7}"
    return "\n".join([head, titles, *map(_line, table)])


def _line(line: Line) -> str:
    if isinstance(line, Skipped):
        return f"{line.name:44} {'':12}   {line.peer:38} skipped: {line.why}"
    bound = "" if line.bound is None else f"{line.bound:7.2f}"
    return (
        f"{line.name:44} {line.ours:9.1f} {line.unit:2}   {line.peer:38} {line.theirs:9.1f} {line.unit:2}"
        f" {line.ratio:7.2f} {bound:7}{'' if line.holds else '  OVER'}"
    ).rstrip()


ROW = ("name", "peer", "ours", "theirs", "unit", "ratio", "bound", "holds")
SKIPPED = ("name", "peer", "why")

# A suite is a function that measures; its lines stand in the one table.
SUITES: dict[str, Callable[[Effort], Iterator[Line]]] = {
    "requests": requests.rows,
    "responses": responses.rows,
    "imports": imports.rows,
    "generation": generation.rows,
}


if __name__ == "__main__":
    sys.exit(main())
