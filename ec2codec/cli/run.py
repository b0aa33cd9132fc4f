"""The run of a check: every input read, every call judged, reported and counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from ec2codec.captures import Note
from ec2codec.captures.line_numbers import FileLines
from ec2codec.captures.parts import PART, parts_of
from ec2codec.captures.reading import unreadable
from ec2codec.captures.source import STDIN, is_open_pipe
from ec2codec.cli.work import Found, Work
from ec2codec.cli.workers import Workers
from ec2codec.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ec2codec.baseline import Baseline, NewBaseline
    from ec2codec.captures.parts import Part
    from ec2codec.cli.work import Batch
    from ec2codec.kernel import Kernel
    from ec2codec.reports import Report
    from ec2codec.verdict import Verdict

    Results = Iterable[tuple[Part, Batch]]


@dataclass(slots=True, kw_only=True)
class Run:
    """What to check by, and what came of it.

    Calls are selected, judged and tallied, here or by other processes; what is notable goes on, in the order
    of the inputs, to the new baseline, through the old one, and to the reports.

    input_format: None to recognise each input.
    baseline: the findings that are known; new_baseline: takes all of them.
    jobs: processes that read and judge; 1 for this one alone.
    """

    kernel: Kernel
    reports: list[Report]
    input_format: str | None = None
    baseline: Baseline | None = None
    new_baseline: NewBaseline | None = None
    jobs: int = 1
    tally: Tally = field(default_factory=Tally)

    def check(self, files: Iterable[str], advance: Callable[[int], object]) -> None:
        """Go through the inputs, until the end or Ctrl-C."""
        try:
            for here, group in groupby(files, key=self._is_read_here):
                if here:
                    for file in group:
                        self._check_here(file, advance)
                else:
                    self._check_elsewhere(group, advance)
        except KeyboardInterrupt:
            self.tally.interrupted = True

    def take(self, tally: Tally, verdicts: Iterable[Verdict]) -> None:
        """What was found elsewhere: its counts, and what is notable, in the order of the inputs."""
        self.tally.merge(tally)
        for verdict in verdicts:
            self._report(verdict)

    def finish(self) -> None:
        """Have the reports write what they kept back."""
        for report in self.reports:
            report.finish(self.tally)

    def _is_read_here(self, file: str) -> bool:
        # Processes have no standard input but the first one's, nor the pipes that a shell has opened for it.
        return self.jobs == 1 or file == STDIN or is_open_pipe(file)

    def _check_here(self, file: str, advance: Callable[[int], object]) -> None:
        with self.tally.input() as note:
            for part in parts_of(file, self.input_format):
                for found in Work(part, self.kernel, self.input_format, self.tally).go(advance):
                    self._deliver(found.at_line(file, 0), note)

    def _check_elsewhere(self, files: Iterable[str], advance: Callable[[int], object]) -> None:
        parts = (part for file in files for part in parts_of(file, self.input_format, size=PART))
        with Workers(self.jobs, self.kernel, self.input_format, advance) as workers:
            for file, results in groupby(workers.check(parts), key=lambda result: result[0].file):
                with self.tally.input() as note, FileLines(file, at_once=True) as numbers:
                    self._take(results, numbers, note)

    def _take(self, results: Results, numbers: FileLines, note: Callable[[Note], None]) -> None:
        """What others found in the parts of a file; what each of them says of the whole file, once."""
        said: set[Note] = set()
        for part, batch in results:
            self.tally.merge(batch.tally)
            found = [found for found in batch.found if part.stop is None or not _is_said_again(found, said)]
            try:
                items = _at_lines(part, batch.lines, found, numbers)
            except OSError as error:
                # It was renamed or removed, and nobody can say any more at which lines anything stands.
                gone = Found(unreadable(part.file, error), None)
                items = [] if _is_said_again(gone, said) else [gone.item]
            for item in items:
                self._deliver(item, note)

    def _deliver(self, item: Verdict | Note, note: Callable[[Note], None]) -> None:
        if isinstance(item, Note):
            note(item)
        else:
            self._report(item)

    def _report(self, verdict: Verdict) -> None:
        if self.new_baseline is not None:
            self.new_baseline.add(verdict)
        if self.baseline is not None:
            verdict = self.baseline.new_in(verdict, self.tally)
        if verdict.notable:
            for report in self.reports:
                report.add(verdict)


def _at_lines(
    part: Part, lines: int | None, found: Iterable[Found], numbers: FileLines
) -> list[Verdict | Note]:
    """What was found in a part at its true places; *lines*: how many the part has, if it is known now.

    Raises: OSError where the numbers of lines cannot be found out.
    """
    # What parts before this one have not counted, for there was nothing in them, is counted now.
    items = [
        item.at_line(part.file, 0 if item.lines is None else numbers.count_to(part.start)) for item in found
    ]
    if lines is not None and part.stop is not None:
        numbers.know(part.stop, numbers.count_to(part.start) + lines)
    return items


def _is_said_again(found: Found, said: set[Note]) -> bool:
    """Whether a part says of its file what another part has said; if not, it has now."""
    if found.lines is not None or not isinstance(found.item, Note):
        return False
    if found.item in said:
        return True
    said.add(found.item)
    return False
