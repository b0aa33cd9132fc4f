"""The run of a check: every input read, every call judged, reported and counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ec2codec.captures import Note, read_input
from ec2codec.tally import Tally
from ec2codec.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from ec2codec import Codec
    from ec2codec.baseline import Baseline, NewBaseline
    from ec2codec.captures import Exchange
    from ec2codec.cli.selection import Selection
    from ec2codec.reports import Report
    from ec2codec.verdict import Verdict


@dataclass(slots=True, kw_only=True)
class Run:
    """What to check by, and what came of it.

    Calls are selected, judged and tallied; what is notable goes on, in the order of the inputs, to the new
    baseline, through the old one, and to the reports.

    input_format: None to recognise each input.
    ignore: ids of rules that are not judged by.
    selection: the calls that are judged.
    baseline: the findings that are known; new_baseline: takes all of them.
    """

    codec: Codec
    reports: list[Report]
    input_format: str | None = None
    ignore: Collection[str] = ()
    selection: Selection
    baseline: Baseline | None = None
    new_baseline: NewBaseline | None = None
    tally: Tally = field(default_factory=Tally)

    def check(self, files: Iterable[str], advance: Callable[[int], object]) -> None:
        """Go through the inputs, until the end or Ctrl-C."""
        try:
            for file in files:
                self._check_input(file, advance)
        except KeyboardInterrupt:
            self.tally.interrupted = True

    def finish(self) -> None:
        """Have the reports write what they kept back."""
        for report in self.reports:
            report.finish(self.tally)

    def _check_input(self, file: str, advance: Callable[[int], object]) -> None:
        with self.tally.input() as note:
            for item in read_input(file, self.input_format, advance):
                if isinstance(item, Note):
                    note(item)
                elif self.selection.takes(item, self.tally):
                    self._judge(item)

    def _judge(self, exchange: Exchange) -> None:
        verdict = judge(exchange, self.codec, ignore=self.ignore)
        self.tally.add(verdict)
        if verdict.notable:
            self._report(verdict)

    def _report(self, verdict: Verdict) -> None:
        if self.new_baseline is not None:
            self.new_baseline.add(verdict)
        if self.baseline is not None:
            verdict = self.baseline.new_in(verdict, self.tally)
        if verdict.notable:
            for report in self.reports:
                report.add(verdict)
