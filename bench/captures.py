"""What `check` costs on captured traffic, beside what it cannot cost less than; exit 1 if a bound is missed.

`python -m bench.captures`: one run, all sides in turn, medians; on generated files, which are deleted then.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.captures_files import write_access_log, write_event_file, write_event_lines, write_har
from ec2codec import Codec
from ec2codec.captures import ACTIONS, Exchange, read_input
from ec2codec.captures.decompress import zlib_module
from ec2codec.captures.exchange import Pairs
from ec2codec.cli.run import Run
from ec2codec.kernel import Kernel
from ec2codec.reports import REPORTS, Output
from ec2codec.selection import Selection

CODEC = Codec()
# Relevant lines of an access log for each second of a core.
LINES_PER_SECOND = 25_000
_OURS = re.compile(rb'"eventName":"(?:Authorize|Revoke)SecurityGroup(?:In|E)gress"')
_EVENT = b'{"eventVersion"'


@dataclass(frozen=True, slots=True)
class Bound:
    """One line of the table: what was measured, in seconds or bytes, and what is allowed, and why."""

    name: str
    measured: float
    allowed: float
    terms: str
    unit: str = "s"

    @property
    def holds(self) -> bool:
        """Whether what was measured is allowed."""
        return self.measured <= self.allowed


def check(file: Path, *, jobs: int = 1) -> int:
    """Check a file as the command does; gives the number of calls."""
    with open(os.devnull, "wb") as nowhere:
        kernel = Kernel(codec=CODEC, selection=Selection(actions=frozenset(ACTIONS)))
        run = Run(kernel=kernel, reports=[REPORTS["concise"](Output(nowhere))], jobs=jobs)
        run.check([str(file)], lambda _count: None)
        run.finish()
    return run.tally.calls.total()


def judge_all(requests: Iterable[str | bytes | Pairs]) -> None:
    """What cannot be had for less: verdicts, none of which is held, as none is in a check."""
    for request in requests:
        CODEC.judge(request)


def access_log(folder: Path, size: int, rounds: int) -> Iterator[Bound]:
    """An access log with one relevant line in a hundred."""
    file = folder / "access.log"
    calls = write_access_log(file, size)
    # As they stand in the file.
    queries = [query.encode() for query in calls]
    grep = shutil.which("grep") or "grep"
    ours, floor, judging = in_turn(
        rounds,
        lambda: check(file),
        # Into a pipe: grep ends at the first line where it sees that nobody will read the count.
        lambda: subprocess.run([grep, "-c", "SecurityGroup", str(file)], capture_output=True, check=True),
        lambda: judge_all(queries),
    )
    yield Bound(
        "access log, 1 % relevant",
        ours,
        2 * floor + 1.3 * judging,
        f"2 x grep ({floor:.2f} s) + 1.3 x judging alone ({judging:.2f} s)",
    )
    yield Bound(
        "access log, seconds of a core",
        ours,
        len(calls) / LINES_PER_SECOND,
        f"{len(calls)} relevant lines at {LINES_PER_SECOND} a second; measured {len(calls) / ours:.0f}",
    )
    one, two = in_turn(
        5, lambda: check(file), lambda: check(file, jobs=2), choose=min, clock=time.perf_counter
    )
    parent, workers = shares(lambda: check(file, jobs=2))
    computed = ours / ((parent + workers) / 2)
    yield Bound(
        "access log, --jobs 2, by the clock",
        two,
        one / 1.6,
        f"one job ({one:.2f} s) / 1.6, best of five; seconds of a core: parent {parent:.2f}, "
        f"workers {workers:.2f}, so {computed:.2f} times one job on two idle cores (computed)",
    )


def event_lines(folder: Path, size: int, rounds: int) -> Iterator[Bound]:
    """CloudTrail events, one on a line."""
    file = folder / "events.jsonl"
    write_event_lines(file, size)
    requests = _requests(file)

    def load_all() -> None:
        with open(file, "rb") as lines:
            for line in lines:
                json.loads(line)

    ours, loading, judging = in_turn(rounds, lambda: check(file), load_all, lambda: judge_all(requests))
    yield Bound(
        "CloudTrail lines, 2 % relevant",
        ours - judging,
        loading / 5,
        f"json.loads of each ({loading:.2f} s) / 5",
    )


def event_file(folder: Path, size: int, rounds: int) -> Iterator[Bound]:
    """A CloudTrail file as it lies in S3."""
    file = folder / "events.json.gz"
    write_event_file(file, size)
    requests = _requests(file)
    ours, locating, judging = in_turn(
        rounds,
        lambda: check(file),
        lambda: locate(file),
        lambda: judge_all(requests),
    )
    yield Bound(
        "CloudTrail .json.gz",
        ours - judging,
        1.5 * locating,
        f"1.5 x decompressing by Python's gzip, counting events, and loading ours ({locating:.2f} s); ours "
        f"decompressed by {zlib_module().__name__}",
    )


def locate(file: Path) -> int:
    """Decompress, number the events by how they begin, find ours by a pattern, and load them.

    Proves nothing, and goes wrong where an event is nested or begins otherwise: no more than a floor.
    """
    count, text = 0, b""
    with gzip.open(file) as stream:
        while block := stream.read(1 << 18):
            text += block
            end = max(text.rfind(_EVENT), 0)
            count += text.count(_EVENT, 0, end)
            for match in _OURS.finditer(text, 0, end):
                start = text.rfind(_EVENT, 0, match.start())
                json.loads(text[start : text.find(_EVENT, match.end())].rstrip(b","))
            text = text[end:]
    return count


def archive(folder: Path, size: int, rounds: int) -> Iterator[Bound]:
    """An HTTP archive."""
    file = folder / "browser.har"
    write_har(file, size)

    def load() -> None:
        with open(file, "rb") as stream:
            json.load(stream)

    ours, loading = in_turn(rounds, lambda: list(read_input(str(file))), load)
    yield Bound("HTTP archive", ours, loading, f"json.load ({loading:.2f} s)")
    mine = _memory(f"for _ in read_input({str(file)!r}): pass")
    theirs = _memory(f"with open({str(file)!r}, 'rb') as stream: json.load(stream)")
    yield Bound("HTTP archive, memory", mine, theirs / 10, f"json.load ({theirs / 1e6:.0f} MB) / 10", "B")


def _requests(file: Path) -> list[bytes | Pairs]:
    return [item.request for item in read_input(str(file)) if isinstance(item, Exchange)]


def processor_time() -> float:
    """Seconds of a core so far, of this process and of those that it has waited for.

    What one thread does with a file that the system has in memory takes as long by the clock, but on an idle
    machine only.
    """
    return sum(map(_processor_time, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def _processor_time(who: int) -> float:
    # Not os.times, which counts in hundredths.
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def shares(side: Callable[[], object]) -> tuple[float, float]:
    """Seconds of a core that this process, and those that it starts and waits for, take for it."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    begun = [_processor_time(who) for who in whose]
    side()
    own, others = (_processor_time(who) - before for who, before in zip(whose, begun, strict=True))
    return own, others


def in_turn(
    rounds: int,
    *sides: Callable[[], object],
    choose: Callable[[list[float]], float] = statistics.median,
    clock: Callable[[], float] = processor_time,
) -> list[float]:
    """Seconds that each side takes, of *rounds* taken in turn, lest a busy moment hit one side alone."""
    times: list[list[float]] = [[] for _ in sides]
    for _ in range(rounds):
        for taken, side in zip(times, sides, strict=True):
            begun = clock()
            side()
            taken.append(clock() - begun)
    return [choose(taken) for taken in times]


def _memory(code: str) -> float:
    """Bytes by which the peak of a process's memory grows while it does that."""
    script = "import json\nfrom bench.captures import peak, read_input\nbefore = peak()\n"
    script += f"{code}\nprint(peak() - before)"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return float(result.stdout)


def peak() -> int:
    """The most memory that this process has had, in bytes."""
    # Linux alone says it; its ru_maxrss begins with that of the process that started this one.
    [line] = [
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")
    ]
    return int(line.split()[1]) * 1024


SUITES: dict[str, Callable[[Path, int, int], Iterator[Bound]]] = {
    "access-log": access_log,
    "event-lines": event_lines,
    "event-file": event_file,
    "har": archive,
}


def main() -> int:
    """Measure, print, and say whether every bound holds."""
    options = argparse.ArgumentParser(prog="python -m bench.captures", description=__doc__)
    options.add_argument("suites", nargs="*", metavar="SUITE", help=f"of {', '.join(SUITES)}; all if none")
    options.add_argument("--megabytes", type=int, default=500, help="size of each file, before compression")
    options.add_argument("--rounds", type=int, default=3, help="rounds of all sides, in turn")
    options.add_argument("--json", action="store_true", help="print JSON")
    options.add_argument("--report-only", action="store_true", help="exit 0 whatever was measured")
    chosen = options.parse_args()
    unknown = set(chosen.suites) - set(SUITES)
    if unknown:
        options.error(f"no such suite: {', '.join(sorted(unknown))}")
    table: list[Bound] = []
    for name in chosen.suites or SUITES:
        with tempfile.TemporaryDirectory(prefix="ec2codec-bench-") as folder:
            table += SUITES[name](Path(folder), chosen.megabytes * 10**6, chosen.rounds)
    print(as_json(table, chosen.megabytes) if chosen.json else as_text(table, chosen.megabytes))
    return 0 if chosen.report_only or all(bound.holds for bound in table) else 1


def as_json(table: list[Bound], megabytes: int) -> str:
    """The table for machines."""
    rows = [{**asdict(bound), "holds": bound.holds} for bound in table]
    return json.dumps({"python": platform.python_version(), "megabytes": megabytes, "rows": rows}, indent=2)


def as_text(table: list[Bound], megabytes: int) -> str:
    """The table for people."""
    lines = [
        f"Python {platform.python_version()}, files of {megabytes} MB: medians, and what is allowed; seconds "
        f"of a core where not by the clock, for other work is done here, too (load {os.getloadavg()[0]:.1f})"
    ]
    for bound in table:
        scale, unit = (1, "s ") if bound.unit == "s" else (1e6, "MB")
        figures = f"{bound.measured / scale:8.2f} {unit}  allowed {bound.allowed / scale:8.2f} {unit}"
        ratio = bound.measured / bound.allowed
        verdict = "ok  " if bound.holds else "OVER"
        lines.append(f"{bound.name:34} {figures}  {ratio:5.2f}  {verdict}  {bound.terms}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
