"""What a rule says of itself, for readers of a report who have never seen one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ec2codec.errors import redact
from ec2codec.rule import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.rule import Example, Rule

# What a report calls a call that the service refused and no rule explains; it has a line beside the rules.
MISSED = "missed"
MISSED_LAW = "The service refused the call, and no rule says why."
MISSED_WHY = (
    "Either a rule is missing, or the service knew something that is not in the request. Refusals for a state"
    " of things (not found, duplicate, throttled, unauthorized) are not counted."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """One rule in words.

    why: paragraphs, maybe none. breaks, keeps: a request that breaks the rule, and one that does not, one
    parameter a line; ``""`` where there is none. codes: EC2's error codes for it.
    """

    id: str
    name: str
    severity: str
    law: str
    why: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    breaks: str = ""
    keeps: str = ""
    source: str = ""


def about(rule_id: str) -> About:
    """What `RULES`, or `MISSED`, says."""
    if rule_id == MISSED:
        return About(
            id=MISSED, name="unexplained-refusal", severity="note", law=MISSED_LAW, why=(MISSED_WHY,)
        )
    rule = RULES[rule_id]
    law, _, why = rule.doc.partition("\n\n")
    return About(
        id=rule.id,
        name=rule.name,
        severity=rule.severity,
        law=_joined(law),
        why=tuple(_joined(paragraph) for paragraph in why.split("\n\n") if paragraph.strip()),
        codes=tuple(_codes(rule)),
        breaks=next((_wrapped(example) for example in rule.examples if example.rule), ""),
        keeps=next((_wrapped(example) for example in rule.examples if not example.rule), ""),
        source=rule.source,
    )


def _joined(paragraph: str) -> str:
    return " ".join(paragraph.split())


def _codes(rule: Rule) -> Iterator[str]:
    classic, vpc, others = rule.codes
    if vpc:
        yield vpc if classic == vpc else f"{vpc} in a VPC"
    if classic and classic != vpc:
        yield f"{classic} on EC2-Classic"
    yield from others


def _wrapped(example: Example) -> str:
    text = redact(example.text)
    return text if text.startswith("<") else text.replace("&", "\n&")
