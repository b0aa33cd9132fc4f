"""How a check grows: one process, two, Spark here and as a cluster; and a month of CloudTrail on paper.

``python -m bench.spark`` writes a tree of CloudTrail files, checks it with each engine in turn, each in a
process of its own, and prints events per second, medians. ``local-cluster`` is a standalone master with two
workers of one core, each with an executor process, on the loopback interface.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.captures_files import write_event_file
from ec2codec import Codec
from ec2codec.captures import ACTIONS, Exchange, find_files, read_input
from ec2codec.cli.run import Run
from ec2codec.kernel import Kernel
from ec2codec.selection import Selection
from ec2codec.tally import Tally

if TYPE_CHECKING:
    import pyarrow as pa

    from ec2codec.columnar.batch import Judge

KERNEL = Kernel(codec=Codec(), selection=Selection(actions=frozenset(ACTIONS)))
CLUSTER = "local-cluster[2,1,1024]"
ENGINES = {"one process": 1, "--jobs 2": 2, "local[1]": 1, "local[2]": 2, CLUSTER: 2}
# Bytes of a task; small, for the tree is: a task of a real one has 64 MiB.
TASK = 64 << 20


class Timing(NamedTuple):
    """One check. seconds: without the start of the engine; busy: processor seconds in judging processes."""

    started: float
    seconds: float
    busy: float


def by_process(folder: str, jobs: int) -> Timing:
    """The command line's own run."""
    begun, before = time.perf_counter(), _processor()
    run = Run(kernel=KERNEL, reports=[], jobs=jobs)
    run.check(find_files([folder]), lambda _count: None)
    return Timing(0, time.perf_counter() - begun, _processor() - before)


def _processor() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def by_spark(folder: str, master: str) -> Timing:
    """The same on Spark: a session that has run something, all rows counted, none kept."""
    from pyspark.sql import SparkSession

    from ec2codec.columnar.batch import Judge
    from ec2codec.integrations.spark import planning, storage

    begun = time.perf_counter()
    builder = SparkSession.builder.master(master).config("spark.ui.enabled", "false")
    builder = builder.config("spark.executor.memory", "600m").config("spark.log.level", "ERROR")
    spark = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    planning.distributed(spark, [[], []]).count()
    started = time.perf_counter()
    sizes = storage.sizes_of([folder])
    parts = planning.plan(spark, sizes, None, TASK)
    tasks = [[part._asdict() for part in task] for task in planning.packed(parts, sizes, TASK)]
    rows = planning.distributed(spark, tasks)
    judge = partial(timed, judge=Judge(kernel=KERNEL))
    told = rows.mapInArrow(judge, "rows long, busy double").collect()
    ended = time.perf_counter()
    spark.stop()
    return Timing(started - begun, ended - started, sum(row.busy for row in told))


def timed(batches: Iterable[pa.RecordBatch], *, judge: Judge) -> Iterator[pa.RecordBatch]:
    """How many rows a task gives, and what processor time its judging takes."""
    import pyarrow as pa

    from ec2codec.integrations.spark.work import judge_parts

    begun = time.process_time()
    rows = sum(batch.num_rows for batch in judge_parts(batches, judge=judge))
    busy = time.process_time() - begun
    yield pa.record_batch([pa.array([rows]), pa.array([busy])], names=["rows", "busy"])


def in_own_process(engine: str, folder: str) -> Timing:
    """A check by one engine, in a process that ends with it."""
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    environment["PYTHONPATH"] = str(Path(__file__).resolve().parent.parent)
    command = [sys.executable, "-m", "bench.spark", "--engine", engine, "--folder", folder]
    run = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    return Timing(*json.loads(run.stdout.splitlines()[-1]))


def steps(folder: str) -> dict[str, float]:
    """Processor seconds of one process: to read, and on top of it to judge, to make rows, to make columns."""
    from ec2codec.columnar.batch import Judge, batch_of
    from ec2codec.columnar.rows import rows_of

    judge, tally = Judge(kernel=KERNEL), Tally()
    batch_of([])
    begun = time.process_time()
    calls = [item for file in find_files([folder]) for item in read_input(file) if isinstance(item, Exchange)]
    read = time.process_time()
    verdicts = [verdict for call in calls if (verdict := KERNEL.verdict(call, tally))]
    judged = time.process_time()
    rows = [row for verdict in verdicts for row in rows_of(verdict, judge.discretion)]
    made = time.process_time()
    batch_of(rows)
    ended = time.process_time()
    return {"read": read - begun, "judge": judged - read, "rows": made - judged, "columns": ended - made}


class Tree(NamedTuple):
    """What was written: events, calls of ours among them, bytes as they stand and expanded."""

    events: int
    calls: int
    stored: int
    expanded: int


def write_tree(folder: Path, files: int, size: int) -> Tree:
    """CloudTrail files, gzipped as S3 has them, *size* bytes each before that; 2 % of the events are ours."""
    events = calls = stored = expanded = 0
    for number in range(files):
        file = folder / f"{number:05}.json.gz"
        calls += write_event_file(file, size, share=0.02, seed=number)
        content = gzip.decompress(file.read_bytes())
        events += content.count(b'{"eventVersion"')
        stored, expanded = stored + file.stat().st_size, expanded + len(content)
    return Tree(events, calls, stored, expanded)


# Assumed, not measured: prices in USD (us-east-1, on demand: a vCPU of m5 with EMR's part of it; S3 GET and
# LIST), what a task waits for its first byte, and what a node of four cores can take from S3.
EVENTS, PER_FILE = 10**10, 5_000
CORE_HOUR, GET, LIST = 0.06, 0.0004 / 1000, 0.005 / 1000
FIRST_BYTE, LISTING, NODE_BYTES, CORES = 0.03, 0.1, 600e6, 4


def month(tree: Tree, per_event: float, nodes: int) -> dict[str, Any]:
    """A month of an organisation, computed. per_event: processor seconds measured in executors."""
    files = EVENTS / PER_FILE
    stored = EVENTS * tree.stored / tree.events
    core_seconds = EVENTS * per_event + files * FIRST_BYTE
    hours = {
        "cores": core_seconds / (nodes * CORES) / 3600,
        "network": stored / (nodes * NODE_BYTES) / 3600,
        "listing by the driver": files / 1000 * LISTING / 3600,
    }
    slowest = max(hours, key=lambda name: hours[name])
    price = core_seconds / 3600 * CORE_HOUR + files * GET + files / 1000 * LIST
    return {
        "nodes": nodes,
        "terabytes": stored / 1e12,
        "core_hours": core_seconds / 3600,
        "hours": hours["listing by the driver"] + max(hours["cores"], hours["network"]),
        "usd": price,
        "bottleneck": slowest,
    }


def main() -> int:
    """Measure, compute and print."""
    options = argparse.ArgumentParser(prog="python -m bench.spark", description=__doc__)
    options.add_argument("--files", type=int, default=300, help="CloudTrail files in the tree")
    options.add_argument("--kilobytes", type=int, default=1700, help="of each, before gzip")
    options.add_argument("--rounds", type=int, default=3, help="rounds of each engine, in turn")
    options.add_argument("--json", action="store_true", help="print JSON")
    options.add_argument("--engine", choices=ENGINES, help=argparse.SUPPRESS)
    options.add_argument("--folder", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.engine:
        print(json.dumps(_timing(chosen.engine, chosen.folder)))
        return 0
    with TemporaryDirectory() as folder:
        tree = write_tree(Path(folder), chosen.files, chosen.kilobytes * 1000)
        rounds = [{name: in_own_process(name, folder) for name in ENGINES} for _ in range(chosen.rounds)]
        table = {name: _median([timings[name] for timings in rounds]) for name in ENGINES}
        measured = steps(folder)
    per_event = table["local[1]"].busy / tree.events
    model = [month(tree, per_event, nodes) for nodes in (5, 25, 100, 400)]
    print(as_json(tree, table, measured, model) if chosen.json else as_text(tree, table, measured, model))
    return 0


def _timing(engine: str, folder: str) -> Timing:
    if engine.startswith("local"):
        return by_spark(folder, engine)
    return by_process(folder, ENGINES[engine])


def _median(timings: list[Timing]) -> Timing:
    return Timing(*(statistics.median(column) for column in zip(*timings, strict=True)))


def as_json(
    tree: Tree, table: dict[str, Timing], measured: dict[str, float], model: list[dict[str, Any]]
) -> str:
    """Everything for machines; seconds and bytes."""
    timings = {name: timing._asdict() for name, timing in table.items()}
    return json.dumps(
        {"tree": tree._asdict(), "engines": timings, "steps": measured, "month": model}, indent=2
    )


def as_text(
    tree: Tree, table: dict[str, Timing], measured: dict[str, float], model: list[dict[str, Any]]
) -> str:
    """Everything for people."""
    lines = [
        f"Measured: {tree.events:,} events, {tree.calls:,} of ours; {tree.stored / 1e6:.0f} MB of gzip,"
        f" {tree.expanded / 1e6:.0f} MB expanded; {os.cpu_count()} cores, Python {sys.version.split()[0]}",
        "",
        "| Engine | Start, s | Check, s | Events/s | Judging, s of processor | of the cores' time |",
        "|---|---|---|---|---|---|",
    ]
    for name, timing in table.items():
        share = timing.busy / (timing.seconds * ENGINES[name])
        lines.append(
            f"| {name} | {timing.started:.1f} | {timing.seconds:.2f} | {tree.events / timing.seconds:,.0f}"
            f" | {timing.busy:.2f} | {share:.0%} |"
        )
    whole = sum(measured.values())
    told = ", ".join(f"{name} {seconds / whole:.0%}" for name, seconds in measured.items())
    lines += ["", f"Of the judging in an executor: {told}.", "", *_paper(model)]
    return "\n".join(lines)


def _paper(model: list[dict[str, Any]]) -> Iterator[str]:
    yield (
        f"Computed from that for {EVENTS:.0e} events in {EVENTS // PER_FILE:,} files, with assumed prices"
        f" (USD {CORE_HOUR} a core-hour), {FIRST_BYTE * 1000:.0f} ms to a file's first byte,"
        f" {LISTING * 1000:.0f} ms for a listing of 1,000 names,"
        f" {NODE_BYTES / 1e6:.0f} MB/s and {CORES} cores a node:"
    )
    yield ""
    yield "| Nodes | TB read | Core-hours | Hours | USD | Bottleneck |"
    yield "|---|---|---|---|---|---|"
    for row in model:
        yield (
            f"| {row['nodes']} | {row['terabytes']:.1f} | {row['core_hours']:,.0f} | {row['hours']:.2f}"
            f" | {row['usd']:,.0f} | {row['bottleneck']} |"
        )


if __name__ == "__main__":
    sys.exit(main())
