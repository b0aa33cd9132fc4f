"""What an executor does: it reads the parts of its task, and judges what it finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ec2codec.captures.lines import read_lines
from ec2codec.captures.reading import fault_in, read_source, unreadable
from ec2codec.columnar.batch import batch_of, judge_batch, row_of_input
from ec2codec.integrations.spark.planning import Planned, decoded
from ec2codec.integrations.spark.storage import source_of
from ec2codec.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

    from ec2codec.captures.exchange import Exchange, Note
    from ec2codec.columnar.batch import Judge
    from ec2codec.columnar.rows import Row

# Rows of a batch: some megabytes, whatever is in them.
ROWS = 2000


def judge_texts(batches: Iterable[pa.RecordBatch], *, judge: Judge) -> Iterator[pa.RecordBatch]:
    """The verdicts on texts, batch by batch."""
    return (judge_batch(batch, judge) for batch in batches)


def judge_parts(batches: Iterable[pa.RecordBatch], *, judge: Judge) -> Iterator[pa.RecordBatch]:
    """The verdicts on what stands in planned parts; each is read as a stream."""
    rows = (row for part in _parts(batches) for row in rows_of_part(part, judge))
    for first in rows:
        batch = [first]
        while len(batch) < ROWS and (row := next(rows, None)) is not None:
            batch.append(row)
        yield batch_of(batch)


def _parts(batches: Iterable[pa.RecordBatch]) -> Iterator[Planned]:
    for batch in batches:
        tasks: Any = batch.column("parts").to_pylist()
        yield from (Planned(**part) for task in tasks for part in task)


def rows_of_part(part: Planned, judge: Judge) -> Iterator[Row]:
    """The rows of a part, numbered; at the end of an input one that says so."""
    for number, row in enumerate(_rows(decoded(part.file), part, judge)):
        yield {**row, "input": part.input, "part": part.number, "row": number}


def _rows(file: str, part: Planned, judge: Judge) -> Iterator[Row]:
    tally = Tally()
    yield from judge.rows(file, _items(file, part, judge.input_format), tally)
    if part.last or tally.passed_over or tally.undated:
        yield row_of_input(judge.discretion.shown(file) if part.last else None, tally)


def _items(file: str, part: Planned, input_format: str | None) -> Iterator[Exchange | Note]:
    try:
        with source_of(file, part.start, part.stop) as source:
            if part.stop is None:
                yield from read_source(source, input_format)
                return
            yield from read_lines(source, part.lines)
            if source.fault:
                yield fault_in(source)
    except OSError as error:
        yield unreadable(file, error)
