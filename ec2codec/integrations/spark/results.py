"""What came of a check, out of its rows: the same counts and the same reports as the command line's."""

from __future__ import annotations

import io
import pickle
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pyarrow as pa
from pyspark.sql.functions import unix_micros

from ec2codec.agreement import Agreement
from ec2codec.captures.exchange import Note
from ec2codec.columnar.batch import rows_in
from ec2codec.columnar.columns import verdicts
from ec2codec.columnar.rows import CALL, FINDING, INPUT, NOTE, note_of, verdict_of, verdicts_of
from ec2codec.reports import REPORTS, Output
from ec2codec.tally import MAX_NOTES, Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyspark.sql import DataFrame

    from ec2codec.columnar.rows import Row
    from ec2codec.discretion import Discretion
    from ec2codec.verdict import Verdict

# All that counts are made of: neither requests nor what was sent, which are most of the bytes.
COUNTED = [name for name in verdicts().names if name not in ("request", "sent")]
Position = tuple[int, int]
Kind = Literal["incomplete", "unreadable", "skipped"]
_PARTIAL = pa.schema([pa.field("partial", pa.binary())])


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of a check, and its findings; *rows* are judged anew for each unless they are persisted."""

    tally: Tally
    rows: DataFrame

    def verdicts(self) -> Iterator[Verdict]:
        """What is to be reported, in the order of the inputs; requests are not decoded once more."""
        missed = (self.rows.kind == CALL) & (self.rows.agreement == str(Agreement.MISSED))
        notable = self.rows.where((self.rows.kind == FINDING) | missed).select(*COUNTED, "sent")
        # Times as numbers: the driver's datetime would be in its own zone, and end with the year 9999.
        ordered = notable.withColumn("time", unix_micros("time")).orderBy("part", "row")
        return verdicts_of(found.asDict(recursive=True) for found in ordered.toLocalIterator())

    def report(self, name: str, discretion: Discretion | None = None) -> bytes:
        """A report of ``ec2codec check``, ``html`` for one; what rows withhold it withholds, too."""
        stream = io.BytesIO()
        output = Output(stream, discretion=discretion)
        report = REPORTS[name](output)
        for verdict in self.verdicts():
            report.add(verdict)
        report.finish(self.tally)
        output.flush()
        return stream.getvalue()


def summary(rows: DataFrame) -> Summary:
    """The counts of what `check_files` or `check_text` gave, or of some of its rows, wherever they were kept.

    Persist *rows* if it is used again: otherwise all of it is judged once more.
    """
    counted = rows.select(*COUNTED).mapInArrow(count_rows, "partial binary").collect()
    # Spark's own way from executor to driver is a pickle, too.
    partials = sorted((pickle.loads(row.partial) for row in counted), key=lambda partial: partial.first or ())
    whole = Partial()
    for partial in partials:
        whole.merge(partial)
    return Summary(whole.tallied(), rows)


def count_rows(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The `Partial` of a partition, pickled."""
    partial = Partial()
    for batch in batches:
        for row in rows_in(batch):
            partial.add(row)
    yield pa.RecordBatch.from_pylist([{"partial": pickle.dumps(partial)}], schema=_PARTIAL)


@dataclass(slots=True)
class _Input:
    """What the rows say of one input: its notes by kind, and the first of them with their positions."""

    kinds: Counter[Kind] = field(default_factory=Counter)
    notes: list[tuple[Position, Note]] = field(default_factory=list)

    def merge(self, other: _Input) -> None:
        self.kinds += other.kinds
        self.notes = sorted(self.notes + other.notes, key=lambda placed: placed[0])[:MAX_NOTES]

    def all_notes(self) -> Iterator[Note]:
        """The first notes; then others in the place of those that were only counted."""
        left = self.kinds.copy()
        for _position, note in self.notes:
            left[note.kind] -= 1
            yield note
        for kind in left.elements():
            yield Note("", "", kind)


@dataclass(slots=True)
class Partial:
    """The counts of some of the rows. first: the position of the first; None of no rows."""

    tally: Tally = field(default_factory=Tally)
    first: Position | None = None
    inputs: dict[tuple[int | None, str], _Input] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """Count a row; those of a call need not come together."""
        position = row["part"] or 0, row["row"] or 0
        self.first = min(self.first or position, position)
        if row["kind"] == NOTE:
            note = note_of(row)
            self._input(row).merge(_Input(Counter([note.kind]), [(position, note)]))
        elif row["kind"] == INPUT:
            self._add_counts(row)
        elif row["finding"] <= 1:
            self.tally.add(verdict_of(row))
        else:
            self.tally.add_findings(verdict_of(row))

    def _add_counts(self, row: Row) -> None:
        self.tally.passed_over += row["passed_over"]
        self.tally.undated += row["undated"]
        if row["file"] is not None:
            self._input(row)

    def _input(self, row: Row) -> _Input:
        return self.inputs.setdefault((row["input"], row["file"]), _Input())

    def merge(self, other: Partial) -> None:
        """Add what was counted of other rows."""
        self.tally.merge(other.tally)
        for key, found in other.inputs.items():
            self.inputs.setdefault(key, _Input()).merge(found)

    def tallied(self) -> Tally:
        """All of it, the inputs and their notes too."""
        for _key, found in sorted(self.inputs.items(), key=_number):
            with self.tally.input() as take:
                for note in found.all_notes():
                    take(note)
        return self.tally


def _number(item: tuple[tuple[int | None, str], _Input]) -> tuple[int, str]:
    (number, file), _found = item
    return number or 0, file
