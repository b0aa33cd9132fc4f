"""Judge the mutants of the law; exit 1 if too many survive, or one of which survivors.md gives no reason."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from multiprocessing import get_context
from pathlib import Path

from mutation import report, state
from mutation.court import Court, hold, prepare
from mutation.mutants import MODULES, Mutant
from mutation.stages import STAGES
from mutation.state import Verdict


def main() -> int:
    """Go on with a run, or report on it."""
    options = _arguments()
    options.state.mkdir(parents=True, exist_ok=True)
    mutants, tests = state.all_mutants(), state.witnesses()
    if options.only:
        mutants = [mutant for mutant in mutants if mutant.module in options.only]
    if not options.report:
        number, count = options.shard
        verdicts = state.read(options.state, tests)
        work = Work(
            folder=options.state,
            name=f"{number}-of-{count}",
            jobs=options.jobs,
            tests=tests,
            waiting=state.waiting(mutants[number - 1 :: count], verdicts, tests),
            known=[(mutant, verdicts[mutant.id]) for mutant in mutants if mutant.id in verdicts],
        )
        if failed := work.waiting and work.do():
            print(f"without any change, {failed} fails", file=sys.stderr)
            return 2
        if count > 1:
            return 0
    return _report(options.state, mutants, tests)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m mutation", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, metavar="FOLDER", help="where verdicts are kept")
    parser.add_argument("--shard", type=_shard, default=(1, 1), metavar="1/4", help="judge this part only")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument("--only", choices=MODULES, nargs="+", metavar="MODULE", help="such as rules/wire")
    parser.add_argument("--report", action="store_true", help="judge nothing; say what is known")
    return parser.parse_args()


def _shard(text: str) -> tuple[int, int]:
    number, count = map(int, text.split("/"))
    if not 1 <= number <= count:
        raise ValueError
    return number, count


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one run has to judge.

    folder, name: where verdicts go. tests: digest of what judges. known: what earlier runs found.
    """

    folder: Path
    name: str
    jobs: int
    tests: str
    waiting: list[Mutant]
    known: list[report.Judged]

    def do(self) -> str:
        """Judge all that waits; the test that fails without any change, if one does."""
        prepare()
        with redirect_stdout(StringIO()):
            return hold(STAGES, self._sit)

    def _sit(self, court: Court) -> None:
        if court.learn(self.folder / f"callers-{self.tests}.json"):
            return
        for mutant, verdict in self.known:
            court.telling[mutant.path, mutant.definition][verdict.killer] += 1
        print(f"{len(self.waiting)} mutants wait", file=sys.stderr)
        context = get_context("fork")
        workers = [context.Process(target=self._judge, args=(court, job)) for job in range(self.jobs)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def _judge(self, court: Court, job: int) -> None:
        mutants = self.waiting[job :: self.jobs]
        state.write(self.folder, f"{self.name}.{job}", self._verdicts(court, mutants))

    def _verdicts(self, court: Court, mutants: Iterable[Mutant]) -> Iterator[Verdict]:
        for mutant in mutants:
            source = mutant.source()
            if source is None:
                yield Verdict(mutant.id, "nothing", self.tests)
                continue
            outcome, killer, seconds = court.judge(mutant.path, mutant.definition, source)
            change = mutant.change(source)
            yield Verdict(mutant.id, outcome, self.tests, killer, round(seconds, 2), *change)


def _report(folder: Path, mutants: list[Mutant], tests: str) -> int:
    verdicts = state.read(folder, tests)
    judged = [(mutant, verdicts[mutant.id]) for mutant in mutants if mutant.id in verdicts]
    judged = [(mutant, verdict) for mutant, verdict in judged if verdict.outcome != "nothing"]
    print(*report.table(judged), sep="\n")
    complaints = list(report.complaints(judged, report.LIST.read_text("utf-8")))
    if waiting := state.waiting(mutants, verdicts, tests):
        complaints.append(f"{len(waiting)} mutants wait for a verdict")
    print(*complaints, sep="\n\n")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
