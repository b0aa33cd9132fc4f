"""The findings of one request while it is judged: which rules bind, and in which order findings stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from ec2codec.errors import Violation
from ec2codec.policy import Policy, Profile
from ec2codec.rule import RULES, Found, Rule, Subject, rules_of
from ec2codec.rules.subjects import Sent


class Binding(NamedTuple):
    """The rules that are judged under one policy, by subject, by number; *ids* are all of them."""

    ids: frozenset[str]
    sent: tuple[Rule, ...]
    permission: tuple[Rule, ...]
    flat: tuple[Rule, ...]
    group: tuple[Rule, ...]
    flat_group: tuple[Rule, ...]
    request: tuple[Rule, ...]


@cache
def binding(profile: Profile | None, *, partial: bool) -> Binding:
    """What binds under *profile*, whatever platform and version are.

    partial: rules that only miss something are not judged.
    """
    policy = Policy(profile=profile)

    def of(subject: Subject, *, flat: bool = False) -> tuple[Rule, ...]:
        return tuple(rule for rule in rules_of(subject) if rule.id in ids and (rule.flat or not flat))

    ids = frozenset(
        rule.id
        for rule in RULES.values()
        if policy.severity(rule) is not None and not (partial and rule.missing)
    )
    return Binding(
        ids=ids,
        sent=(*of("sent"), *of("pair")),
        permission=of("permission"),
        flat=of("permission", flat=True),
        group=of("group"),
        flat_group=of("group", flat=True),
        request=of("request"),
    )


class Docket:
    """Collects findings.

    partial: rules that only miss something are not judged.
    """

    def __init__(self, policy: Policy, *, partial: bool = False) -> None:
        self.policy = policy
        self.binding = binding(policy.profile, partial=partial)
        self._entries: list[tuple[int | None, Violation]] = []

    def enter(
        self, rule: Rule, found: Found, location: str, value: object = None, position: int | None = None
    ) -> Violation:
        """Note a breach. position: of its pair, where the location does not tell."""
        violation = self.policy.violation(rule, found, location, value)
        self._entries.append((position, violation))
        return violation

    def violations(self, sent: Mapping[str, Sent]) -> tuple[Violation, ...]:
        """All findings, by position in the input, then by rule id."""
        if not self._entries:
            return ()
        first = _first_positions(sent.values())
        placed = [(_position(p, v.location, first), v.rule[1:], v) for p, v in self._entries]
        placed.sort(key=lambda entry: entry[:2])
        # Names that are no text all stand at "": what is said of one is said of all.
        distinct = {(v.rule, v.location, v.message): v for _, _, v in reversed(placed)}
        return tuple(reversed(distinct.values()))


def _first_positions(sent: Iterable[Sent]) -> dict[str, int]:
    """Position of the first parameter of each name, and of each beginning of a name that ends at a dot."""
    first: dict[str, int] = {}
    for parameter in sent:
        name = parameter.name
        first[name] = min(parameter.position, first.get(name, parameter.position))
        # A name of the shape has four dots; what hostile names hold beyond that is no place of a finding.
        end = name.find(".")
        for _ in range(4):
            if end < 0:
                break
            first.setdefault(name[:end], parameter.position)
            end = name.find(".", end + 1)
    return first


def _position(position: int | None, location: str, first: Mapping[str, int]) -> float:
    """Where a finding stands: at its parameter; at its permission, if that is missing; or at the end."""
    if position is not None:
        return position
    if location in first:
        return first[location]
    permission = ".".join(location.split(".", 2)[:2])
    return first.get(permission, float("inf"))
