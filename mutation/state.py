"""The state of a run: a folder of verdicts, one line of JSON each, in one file for each process that writes.

A run that was stopped goes on where it was; the files of several machines, put into one folder, are one run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from mutation.mutants import MODULES, ROOT, Mutant, mutants

# What need not come of a mutant again, where the tests or the operators are others. Killed is killed.
PASSING = ("survived", "nothing")
# What such a verdict rests on, beside the mutant.
WITNESSES = ("tests/**/*.py", "fixtures/rules/*", "docs/rules.md", "ec2codec/**/*.py", "mutation/*.py")


class Verdict(NamedTuple):
    """What came of a mutant.

    outcome: killed, timed out, survived, or nothing: the change makes no other module.
    tests: digest of what judged it. killer: the test that failed first. seconds: of processor time.
    before, after: the changed line.
    """

    id: str
    outcome: str
    tests: str
    killer: str = ""
    seconds: float = 0.0
    before: str = ""
    after: str = ""


def all_mutants() -> list[Mutant]:
    """Every mutant of every module."""
    return [mutant for module in MODULES for mutant in mutants(module)]


def witnesses() -> str:
    """Digest of all that may kill a mutant."""
    digest = hashlib.sha256()
    for pattern in WITNESSES:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def read(folder: Path, tests: str) -> dict[str, Verdict]:
    """The verdict on each mutant, by its id: killed once is killed, whichever file says so.

    tests: what judges now; its verdict counts for more than one of before, in whichever file that stands.
    Half a line, which a sudden end leaves, is none.
    """
    verdicts: dict[str, Verdict] = {}
    for path in sorted(folder.glob("*.jsonl"), key=lambda path: path.stat().st_mtime):
        for verdict in _lines(path):
            if not _stands(verdicts.get(verdict.id), tests):
                verdicts[verdict.id] = verdict
    return verdicts


def _lines(path: Path) -> Iterator[Verdict]:
    for line in path.read_text("utf-8").splitlines():
        try:
            yield Verdict(**json.loads(line))
        except json.JSONDecodeError:
            continue


def write(folder: Path, name: str, verdicts: Iterable[Verdict]) -> None:
    """Add verdicts, each as soon as it is there."""
    with (folder / f"{name}.jsonl").open("a", encoding="utf-8") as file:
        for verdict in verdicts:
            print(json.dumps(verdict._asdict()), file=file, flush=True)


def waiting(all_of_them: Iterable[Mutant], verdicts: dict[str, Verdict], tests: str) -> list[Mutant]:
    """Those without verdict, and those that were not killed by other tests."""
    return [mutant for mutant in all_of_them if not _stands(verdicts.get(mutant.id), tests)]


def _stands(verdict: Verdict | None, tests: str) -> bool:
    return verdict is not None and (verdict.outcome not in PASSING or verdict.tests == tests)
