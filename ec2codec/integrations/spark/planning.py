"""The plan of a check: inputs cut where they can be, packed where they are small, in their order."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from ec2codec.captures.decompress import is_compressed
from ec2codec.captures.formats import recognise
from ec2codec.captures.lines import read_lines
from ec2codec.captures.parts import cut_near
from ec2codec.captures.reading import READABLE
from ec2codec.captures.source import CHUNK
from ec2codec.integrations.spark.storage import REQUEST, opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pyspark.sql import DataFrame, SparkSession

    from ec2codec.captures.parts import Seekable

# Bytes of a part of a file that is cut, and of small files that are packed into one task.
SIZE = 64 << 20
# Bytes that could be read in the time that it takes to open a file, as Spark itself counts.
OPENING = 4 << 20
PART = pa.struct(
    [
        pa.field("input", pa.int64()),
        pa.field("number", pa.int64()),
        pa.field("file", pa.binary()),
        pa.field("start", pa.int64()),
        pa.field("stop", pa.int64()),
        pa.field("lines", pa.int64()),
        pa.field("last", pa.bool_()),
    ]
)
_CUTS = pa.schema([pa.field(name, pa.int64()) for name in ("input", "start", "stop", "lines")])
_CUT_COLUMNS = ", ".join(f"{name} long" for name in _CUTS.names)


class Planned(NamedTuple):
    """An input, or a part of one.

    input, number: the numbers of the input and of the part, from 0.
    file: its name; in bytes, for names need not be text.
    start, stop: bytes; no *stop* where it is read as a whole.
    lines: line feeds before it. last: whether the input ends with it.
    """

    input: int
    number: int
    file: bytes
    start: int
    stop: int | None
    lines: int
    last: bool


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of a file that was found to be plain lines. lines: line feeds in it."""

    start: int
    stop: int
    lines: int


def encoded(name: str) -> bytes:
    """The name of an input in bytes, as it stands in a plan."""
    return os.fsencode(name)


def decoded(name: bytes) -> str:
    """The same as it was named."""
    return os.fsdecode(name)


def plan(spark: SparkSession, sizes: Mapping[str, int], input_format: str | None, size: int) -> list[Planned]:
    """The parts of all inputs.

    Big files are looked at by Spark: to number the lines of a part, those before it must have been counted.
    """
    big = [(at, encoded(name), sizes[name]) for at, name in enumerate(sizes) if sizes[name] > size]
    cuts = _looked_at(spark, big, input_format, size)
    planned: list[Planned] = []
    for at, (name, end) in enumerate(sizes.items()):
        planned += _parts(at, len(planned), encoded(name), whole(cuts.get(at, []), end))
    return planned


def whole(cuts: list[Cut], end: int) -> list[Cut]:
    """The cuts, if they cover a file of *end* bytes; none if a look at it failed, lest something be lost."""
    starts, stops = [cut.start for cut in cuts], [cut.stop for cut in cuts]
    return cuts if [0, *stops] == [*starts, end] else []


def _parts(input_: int, number: int, file: bytes, cuts: list[Cut]) -> Iterator[Planned]:
    lines = 0
    for at, cut in enumerate(cuts):
        yield Planned(input_, number + at, file, cut.start, cut.stop, lines, cut is cuts[-1])
        lines += cut.lines
    if not cuts:
        yield Planned(input_, number, file, 0, None, 0, True)


def _looked_at(
    spark: SparkSession, big: list[tuple[int, bytes, int]], input_format: str | None, size: int
) -> dict[int, list[Cut]]:
    """The cuts of big files, by their numbers; none of those that are read as a whole."""
    looks = [
        {"input": number, "file": file, "start": start, "stop": min(start + size, end), "lines": end}
        for number, file, end in big
        for start in range(0, end, size)
    ]
    if not looks:
        return {}
    tasks = distributed(spark, [[look] for look in looks])
    found = tasks.mapInArrow(partial(look_at, input_format=input_format), _CUT_COLUMNS)
    cuts: dict[int, list[Cut]] = {}
    for row in sorted(found.collect()):
        cuts.setdefault(row.input, []).append(Cut(row.start, row.stop, row.lines))
    return cuts


def look_at(batches: Iterable[pa.RecordBatch], *, input_format: str | None) -> Iterator[pa.RecordBatch]:
    """Where parts of files begin and end, and their line feeds; nothing of what cannot be cut or read."""
    for batch in batches:
        tasks: Any = batch.column("parts").to_pylist()
        looks = chain.from_iterable(tasks)
        cuts = [cut for look in looks for cut in _cuts(look, input_format)]
        yield pa.RecordBatch.from_pylist(cuts, schema=_CUTS)


def _cuts(look: dict[str, Any], input_format: str | None) -> Iterator[dict[str, int]]:
    number, near, beyond, end = (look[name] for name in ("input", "start", "stop", "lines"))
    try:
        with opened(decoded(look["file"])) as file:
            if not is_plain_lines(file.read(CHUNK), input_format):
                return
            start = cut_near(file, near, end) if near else 0
            stop = cut_near(file, beyond, end) if beyond < end else end
            # Where a line is longer than a part, the part before has it.
            if start < stop:
                lines = _count(file, start, stop)
                yield {"input": number, "start": start, "stop": stop, "lines": lines}
    except OSError:
        # Who reads it will say so.
        return


def is_plain_lines(head: bytes, input_format: str | None) -> bool:
    """Whether an input that begins so can be cut between lines."""
    read = recognise(head).read if input_format is None else READABLE[input_format]
    return read is read_lines and not is_compressed(head)


def _count(file: Seekable, start: int, stop: int) -> int:
    file.seek(start)
    lines, left = 0, stop - start
    while left > 0 and (chunk := file.read(min(REQUEST, left))):
        lines += chunk.count(b"\n")
        left -= len(chunk)
    return lines


def packed(parts: Iterable[Planned], sizes: Mapping[str, int], size: int) -> Iterator[list[Planned]]:
    """The parts of each task: about *size* bytes, together with the time that opening files takes."""
    task: list[Planned] = []
    weight = 0
    for part in parts:
        cost = OPENING + ((part.stop - part.start) if part.stop is not None else sizes[decoded(part.file)])
        if task and weight + cost > size:
            yield task
            task, weight = [], 0
        task.append(part)
        weight += cost
    if task:
        yield task


def distributed(spark: SparkSession, tasks: Sequence[Sequence[Mapping[str, object]]]) -> DataFrame:
    """A row for each task, each in a partition of its own."""
    table = pa.table({"parts": pa.array(tasks, pa.list_(PART))})
    return spark.createDataFrame(table).coalesce(1).repartition(max(len(tasks), 1))
