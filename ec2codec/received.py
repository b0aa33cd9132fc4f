"""What came, by name, and the first questions that are asked of it: names, repeats, encoding, header."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ec2codec.docket import Docket
from ec2codec.policy import Profile
from ec2codec.rule import RULES, Rule
from ec2codec.rules.subjects import Header, Pair, Sent


@dataclass(slots=True)
class Received:
    """The parameters of one input by name, and the pairs whose names are no text."""

    sent: dict[str, Sent] = field(default_factory=dict)
    broken: list[tuple[int, Pair]] = field(default_factory=list)

    def header(self, name: str, profile: Profile | None) -> tuple[str | None, bool]:
        """Text of Action or Version; and whether it came, but so that 1xx refuses it."""
        sent = self.sent.get(name)
        if sent is None:
            return None, False
        value = sent.value
        if not isinstance(value, str) or sent.times > 1 or sent.fault:
            return None, True
        return (None, True) if value == "" and profile is not None else (value, False)


def receive(pairs: list[Pair]) -> Received:
    """Gather pairs by name."""
    received = Received()
    for position, pair in enumerate(pairs):
        known = received.sent.get(pair.name)
        if pair.fault and not pair.name:
            received.broken.append((position, pair))
        elif known is None:
            received.sent[pair.name] = Sent(pair.name, pair.value, position, pair.fault)
        else:
            known.times += 1
    return received


def enter_header(docket: Docket, rule: Rule, header: Header) -> None:
    """Judge Action or Version by one rule."""
    for found in rule.judge(header, docket.policy):
        docket.enter(rule, found, found.member, getattr(header, found.member.lower()))


def enter_first(docket: Docket, rules: Iterable[Rule], sent: Sent) -> bool:
    """Note the first of the 1xx rules that a parameter breaks; whether there is one."""
    for rule in rules:
        subject = Pair(sent.name, sent.value, sent.fault) if rule.subject == "pair" else sent
        for found in rule.judge(subject, docket.policy):
            # Which of several values stands first must not tell: findings do not depend on the order.
            docket.enter(rule, found, sent.name, sent.value if sent.times == 1 else None, sent.position)
            return True
    return False


def enter_broken(docket: Docket, received: Received) -> None:
    """Note the names that are no text."""
    rule = RULES["E107"]
    for position, pair in received.broken:
        for found in rule.judge(pair, docket.policy):
            docket.enter(rule, found, "", None, position)
