"""The commonest warnings, told without the reference path: in the rules' own words, in the docket's order.

They are those of the header, and those of single values: neither depends on what else a request holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ec2codec.compiled.law import Law
from ec2codec.compiled.source import structures
from ec2codec.docket import Docket
from ec2codec.errors import Violation
from ec2codec.rule import RULES, Found, Rule
from ec2codec.scalars import Scalar
from ec2codec.shape import Member


class Doubt(NamedTuple):
    """A rule that may warn of a value. is_clean: its quick test: where that says no, nothing is known."""

    rule: Rule
    scalar: Scalar
    is_clean: Callable[[str], object]


class Notes(NamedTuple):
    """What may be said of requests that one law and one header bind, and of which nothing is refused.

    header: what is said of the header. values: what is doubted, by position.
    """

    header: Sequence[tuple[Rule, Found]] = ()
    values: Sequence[tuple[int, Doubt]] = ()

    def warnings(
        self, law: Law, names: Sequence[str], values: Sequence[str], version: int | None
    ) -> tuple[Violation, ...]:
        """Every warning, in order. version: its position, None if it did not come."""
        doubted = [(at, doubt) for at, doubt in self.values if not doubt.is_clean(values[at])]
        if not doubted and not self.header:
            return ()
        docket = Docket(law.policy)
        for rule, found in self.header:
            docket.enter(rule, found, found.member, None if version is None else values[version], version)
        for at, (rule, scalar, _) in doubted:
            for found in rule.judge(values[at], scalar, law.policy):
                docket.enter(rule, found, names[at], values[at], at)
        return docket.violations({})


def doubts(law: Law, names: Sequence[str]) -> Iterator[tuple[int, Doubt]]:
    """What is doubted of the values that have these names, by position."""
    known = _doubts_by_leaf(law)
    for position, name in enumerate(names):
        leaf = name.rpartition(".")[2]
        for doubt in known.get(leaf, ()):
            yield position, doubt


def _doubts_by_leaf(law: Law) -> dict[str, list[Doubt]]:
    """What is doubted of the values of a member, which has one type wherever it stands."""
    return {
        member.name: [
            Doubt(RULES[rule_id], member.scalar, law.test(RULES[rule_id], member.scalar))
            for rule_id in member.scalar.rules
            if rule_id in law.ids and RULES[rule_id].severity == "warning"
        ]
        for structure in structures(law.root)
        for member in structure.members.values()
        if isinstance(member, Member)
    }
