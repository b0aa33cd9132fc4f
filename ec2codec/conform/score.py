"""What a run came to: every judgement, and what was not asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from ec2codec.conform.case import Passed
from ec2codec.conform.judge import Judgement, Outcome


@dataclass(slots=True)
class Score:
    """Judgements in the order of the corpus, and counts of them.

    by_row: outcomes by rule, or by action for valid requests.
    passed_over: labelled texts that were not sent. requests: of HTTP, that were.
    cut_short: why the run ended before the corpus did; None if it did not.
    left: names of groups that could not be removed.
    """

    judgements: list[Judgement] = field(default_factory=list)
    by_row: dict[str, Counter[Outcome]] = field(default_factory=dict)
    passed_over: Counter[Passed] = field(default_factory=Counter)
    requests: int = 0
    cut_short: str | None = None
    interrupted: bool = False
    left: tuple[str, ...] = ()

    def add(self, judgement: Judgement) -> None:
        """Count one more."""
        self.judgements.append(judgement)
        self.by_row.setdefault(judgement.case.row, Counter())[judgement.outcome] += 1

    @property
    def totals(self) -> Mapping[Outcome, int]:
        """All outcomes."""
        return sum(self.by_row.values(), Counter())

    @property
    def holes(self) -> int:
        """How many requests were not answered as their labels say."""
        return sum(count for outcome, count in self.totals.items() if outcome.is_hole)

    @property
    def unknown(self) -> int:
        """How many answers tell nothing, for they are about what is on the server."""
        return self.totals.get(Outcome.STATE, 0)

    def rows(self, *, valid: bool) -> list[tuple[str, Counter[Outcome]]]:
        """The rows of valid requests, or of rules, in order."""
        names = {
            judgement.case.row for judgement in self.judgements if (judgement.case.rule is None) is valid
        }
        return sorted((name, self.by_row[name]) for name in names)
