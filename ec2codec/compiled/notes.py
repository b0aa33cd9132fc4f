"""The commonest warnings, told without the reference path: in the rules' own words, in the docket's order.

They are those of the header, and those of single values: neither depends on what else a request holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ec2codec.compiled.law import Law
from ec2codec.compiled.source import structures
from ec2codec.docket import Docket
from ec2codec.errors import Violation
from ec2codec.rule import RULES, Found, Rule
from ec2codec.scalars import Scalar
from ec2codec.shape import Member

# Position of a value, a quick test of it, and the rule that may warn of it, with the type that it is asked
# of; where the test says no, nothing is known. A plain tuple, because Python takes it apart at once.
Doubt = tuple[int, Callable[[str], object], Rule, Scalar]


@dataclass(frozen=True, slots=True)
class Notes:
    """What may be said of requests that one law and one header bind, and of which nothing is refused.

    header: what is said of the header. values: what is doubted.
    """

    header: Sequence[tuple[Rule, Found]] = ()
    values: Sequence[Doubt] = ()

    def warnings(
        self, law: Law, names: Sequence[str], values: Sequence[str], version: int | None
    ) -> tuple[Violation, ...]:
        """Every warning, in order. version: its position, None if it did not come."""
        doubted = [
            (at, rule, scalar) for at, is_clean, rule, scalar in self.values if not is_clean(values[at])
        ]
        if not doubted and not self.header:
            return ()
        docket = Docket(law.policy)
        for rule, found in self.header:
            docket.enter(rule, found, found.member, None if version is None else values[version], version)
        for at, rule, scalar in doubted:
            for found in rule.judge(values[at], scalar, law.policy):
                docket.enter(rule, found, names[at], values[at], at)
        return docket.violations({})


def doubts(law: Law, names: Sequence[str]) -> Iterator[Doubt]:
    """What is doubted of the values that have these names."""
    known = _doubted_members(law)
    for position, name in enumerate(names):
        for rule, scalar in known.get(name.rpartition(".")[2], ()):
            yield position, law.test(rule, scalar), rule, scalar


def _doubted_members(law: Law) -> dict[str, list[tuple[Rule, Scalar]]]:
    """By name of a member, which has one type wherever it stands, what may warn of its values."""
    return {
        member.name: [
            (RULES[rule_id], member.scalar)
            for rule_id in member.scalar.rules
            if rule_id in law.ids and RULES[rule_id].severity == "warning"
        ]
        for structure in structures(law.root)
        for member in structure.members.values()
        if isinstance(member, Member)
    }
