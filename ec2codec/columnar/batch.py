"""The kernel over columns: a batch of inputs in, a batch of verdicts out. No file, no terminal, no state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from ec2codec.captures.decompress import is_compressed
from ec2codec.captures.exchange import Note
from ec2codec.captures.formats import recognise
from ec2codec.captures.lines import MAX_LINE, read_lines
from ec2codec.captures.reading import READABLE, read_source
from ec2codec.captures.relevance import find_mark
from ec2codec.captures.source import Source
from ec2codec.columnar.columns import verdicts
from ec2codec.columnar.rows import INPUT, row_of_note, rows_of
from ec2codec.discretion import Discretion
from ec2codec.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ec2codec.captures.exchange import Exchange
    from ec2codec.columnar.rows import Row
    from ec2codec.kernel import Kernel
    from ec2codec.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """A kernel, how inputs are read for it, and what is shown of them; survives pickling.

    input_format: one of `READABLE`; None to recognise each input.
    discretion: never one that shows secrets, for rows go wherever their engine puts them.
    """

    kernel: Kernel
    discretion: Discretion = field(default_factory=Discretion)
    input_format: str | None = None

    def __post_init__(self) -> None:
        if self.discretion.show_secrets:
            raise ValueError("rows show no secrets")

    def rows(self, file: str, items: Iterable[Exchange | Note], tally: Tally) -> Iterator[Row]:
        """The rows of what a reader gives of *file*; *tally* counts it."""
        for found in self._found(file, items, tally):
            if isinstance(found, Note):
                yield row_of_note(found, file, self.discretion)
            else:
                yield from rows_of(found, self.discretion)

    def _found(self, file: str, items: Iterable[Exchange | Note], tally: Tally) -> Iterator[Verdict | Note]:
        for item in _unbroken(file, items):
            found = item if isinstance(item, Note) else self._verdict(item, tally)
            if found is not None:
                yield found

    def _verdict(self, exchange: Exchange, tally: Tally) -> Verdict | Note | None:
        try:
            return self.kernel.verdict(exchange, tally)
        except Exception as error:
            return Note(str(exchange.place), f"not judged, for that broke the codec ({type(error).__name__})")


def _unbroken(file: str, items: Iterable[Exchange | Note]) -> Iterator[Exchange | Note]:
    """The items, with a note at the end if their reader broke.

    That is a fault of ours, but no reason to lose what stands in other files. Its text may quote the capture.
    """
    try:
        yield from items
    except Exception as error:
        yield Note(file, f"what follows broke the reader ({type(error).__name__}) and was not read")


def judge_batch(texts: pa.RecordBatch, judge: Judge) -> pa.RecordBatch:
    """The verdicts on all calls in a batch of inputs, of the columns `TEXTS`, by the columns `verdicts()`.

    An input is anything that a capture may be: a line, a document, a compressed file. A pure function.
    """
    rows: list[Row] = []
    tally = Tally()
    places, contents = texts.column("place").to_pylist(), texts.column("bytes").to_pylist()
    for place, content in zip(places, contents, strict=True):
        if content and not _holds_nothing(content, judge.input_format):
            source = Source(place or "", iter([content]))
            rows += judge.rows(place or "", read_source(source, judge.input_format), tally)
    if tally.passed_over or tally.undated:
        rows.append(row_of_input(None, tally))
    return batch_of(rows)


def _holds_nothing(content: bytes, input_format: str | None) -> bool:
    """Whether that is a text, surely without a call: most lines are, and to open each would cost more."""
    if len(content) > MAX_LINE or find_mark(content, 0, len(content)) >= 0 or is_compressed(content):
        return False
    read = recognise(content).read if input_format is None else READABLE[input_format]
    return read is read_lines


def row_of_input(file: str | None, tally: Tally) -> Row:
    """The row that says that an input was gone through, and what was not judged of it.

    file: as it may be shown; None where the counts are not those of one input to its end.
    """
    counts = {"passed_over": tally.passed_over, "undated": tally.undated}
    return {"kind": INPUT, "file": file, "place": file, **counts}


def batch_of(rows: list[Row]) -> pa.RecordBatch:
    """The rows by the columns `verdicts()`; a column that a row does not have is null."""
    return pa.RecordBatch.from_pylist(rows, schema=verdicts())


def rows_in(batch: pa.RecordBatch) -> list[Row]:
    """The rows of a batch; times in microseconds since 1970, for Python's do not reach as far as captures."""
    at = batch.schema.get_field_index("time")
    rows: list[Row] = batch.set_column(at, "time", batch.column(at).cast(pa.int64())).to_pylist()
    return rows
