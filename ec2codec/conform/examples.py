"""The corpus that needs nothing: every rule's own examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ec2codec import corpus
from ec2codec.labelled import Labelled

_REVOKE, _AUTHORIZE = "Action=RevokeSecurityGroup", "Action=AuthorizeSecurityGroup"


def examples() -> Iterator[Labelled]:
    """Every example of a request, labelled; and those that revoke once more as authorizing, where that holds.

    Most examples revoke, and a server that has nothing to revoke may refuse for that alone.
    """
    seen = set()
    for one in corpus.examples():
        for text in (one.query, one.query.replace(_REVOKE, _AUTHORIZE, 1)):
            case = replace(one, query=text)
            told = (text, *sorted(one.options.items()))
            if told not in seen and (text == one.query or _holds(case)):
                seen.add(told)
                yield case


def _holds(case: Labelled) -> bool:
    """Whether the label of a case is what there is to say of it."""
    errors = [
        (error.rule, error.code, error.location) for error in case.violations() if error.severity == "error"
    ]
    return errors == ([] if case.rule is None else [(case.rule, case.code, case.location)])
