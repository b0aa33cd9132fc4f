"""The table: what decoding and encoding cost beside their peers; exit 1 if a bound does not hold."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlencode

from bench.bodies import bodies
from bench.measure import Row, side_by_side
from ec2codec import Codec


def split(text: str) -> list[tuple[str, str]]:
    """What the standard library does with a body: no law, no structure."""
    return parse_qsl(text, keep_blank_values=True)


def rows(count: int, rounds: int) -> Iterator[Row]:
    """Every measurement, over *count* bodies."""
    codec = Codec()
    texts = bodies(count)
    requests = {text: codec.decode(text) for text in texts}
    broken = [text.replace("FromPort=", "FromPort=x", 1) for text in texts]

    def row(name: str, peer: str, bound: float, ours: Callable[[str], object], inputs: list[str]) -> Row:
        mine, theirs = side_by_side(ours, PEERS[peer], inputs, rounds=rounds)
        return Row(name, peer, mine, theirs, bound)

    yield row("decode, 16 parameters", "parse_qsl", 12, codec.decode, texts)
    yield row("check, valid", "parse_qsl", 12, codec.check, texts)
    yield row("check, one fault", "parse_qsl", 16, codec.check, broken)
    yield row("encode", "parse_qsl and urlencode", 14, lambda text: codec.encode(requests[text]), texts)


PEERS: dict[str, Callable[[str], object]] = {
    "parse_qsl": split,
    "parse_qsl and urlencode": lambda text: urlencode(split(text)),
}


def main() -> int:
    """Measure, print, and say whether every bound holds."""
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("--bodies", type=int, default=4000, help="distinct bodies a round")
    options.add_argument("--rounds", type=int, default=7, help="rounds of each, in turn")
    options.add_argument("--json", action="store_true", help="print JSON")
    options.add_argument("--report-only", action="store_true", help="exit 0 whatever the ratios")
    chosen = options.parse_args()
    table = list(rows(chosen.bodies, chosen.rounds))
    print(as_json(table) if chosen.json else as_text(table))
    return 0 if chosen.report_only or all(row.holds for row in table) else 1


def as_json(table: list[Row]) -> str:
    """The table for machines; times in microseconds."""
    names = ("name", "peer", "ours", "theirs", "bound", "ratio", "holds")
    measured = [{name: getattr(row, name) for name in names} for row in table]
    return json.dumps({"python": platform.python_version(), "rows": measured}, indent=2)


def as_text(table: list[Row]) -> str:
    """The table for people."""
    lines = [f"Python {platform.python_version()}: microseconds a call, medians; ratio = ours / peer"]
    for row in table:
        verdict = "ok" if row.holds else "OVER"
        lines.append(
            f"{row.name:24} {row.ours:8.1f}   {row.peer:24} {row.theirs:8.1f}"
            f"   ratio {row.ratio:5.1f}   bound {row.bound:5.1f}  {verdict}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
