"""What a run says: the table, and whether every survivor is known, with the reason why it is equivalent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from mutation.mutants import MODULES, Mutant
from mutation.state import Verdict

LIST = Path(__file__).with_name("survivors.md")
# Per cent of all mutants that must not survive; equivalent ones count as survivors.
BOUND = 95.0
_LISTED = re.compile(r"^(\S+)(?: (\w+))?\n-(.*)\n\+(.*)$", re.MULTILINE)


class Survivor(NamedTuple):
    """A mutant that no test told, as the list names it: lines move, so that it has no line number."""

    module: str
    definition: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{f'{self.module} {self.definition}'.strip()}\n-{self.before}\n+{self.after}"


Judged = tuple[Mutant, Verdict]


def table(judged: Iterable[Judged]) -> Iterator[str]:
    """One row a module, and the sums."""
    judged = list(judged)
    yield f"{'module':20} {'mutants':>8} {'killed':>8} {'timed out':>10} {'survived':>9} {'score':>8}"
    for module in MODULES:
        yield _row(module, [verdict for mutant, verdict in judged if mutant.module == module])
    yield _row("all", [verdict for _, verdict in judged])
    yield _row("without messages", [verdict for mutant, verdict in judged if not mutant.about_text])
    yield f"{sum(verdict.seconds for _, verdict in judged) / 60:.0f} minutes of processor time"


def _row(title: str, verdicts: list[Verdict]) -> str:
    count = Counter(verdict.outcome for verdict in verdicts)
    killed, late, survived = (count[outcome] for outcome in ("killed", "timed out", "survived"))
    numbers = f"{len(verdicts):8} {killed:8} {late:10} {survived:9}"
    return f"{title:20} {numbers} {score(verdicts):7.1f} %"


def score(verdicts: Iterable[Verdict]) -> float:
    """Per cent that did not survive."""
    outcomes = [verdict.outcome for verdict in verdicts]
    return 100.0 if not outcomes else 100.0 * (1 - outcomes.count("survived") / len(outcomes))


def survivors(judged: Iterable[Judged]) -> dict[Survivor, str]:
    """Every survivor, and the place where it is."""
    return {
        Survivor(mutant.module, mutant.definition, verdict.before, verdict.after): (
            f"ec2codec/{mutant.module}.py:{mutant.line}"
        )
        for mutant, verdict in judged
        if verdict.outcome == "survived"
    }


def listed(text: str) -> set[Survivor]:
    """The survivors of which a text, that of survivors.md, gives the reason."""
    return {Survivor(module, name, *change) for module, name, *change in _LISTED.findall(text)}


def complaints(judged: Iterable[Judged], text: str) -> Iterator[str]:
    """All that does not hold. text: that of survivors.md."""
    judged = list(judged)
    reached = score(verdict for _, verdict in judged)
    if reached < BOUND:
        yield f"{reached:.1f} % is below {BOUND:.0f} %"
    alive, known = survivors(judged), listed(text)
    for survivor, place in alive.items():
        if survivor not in known:
            yield f"{place}: survived, and is not in {LIST.name}\n{survivor}"
    for survivor in sorted(known - alive.keys()):
        yield f"{LIST.name}: this one does not survive\n{survivor}"
