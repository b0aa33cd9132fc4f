"""The corpus that needs nothing: every rule's own examples."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from ec2codec.codec import Codec
from ec2codec.labelled import Labelled
from ec2codec.rule import RULES

if TYPE_CHECKING:
    from ec2codec.rule import Example

_REVOKE, _AUTHORIZE = "Action=RevokeSecurityGroup", "Action=AuthorizeSecurityGroup"


def examples() -> Iterator[Labelled]:
    """Every example of a request, labelled; and those that revoke once more as authorizing.

    Most examples revoke, and a server that has nothing to revoke may refuse for that alone.
    """
    seen: set[tuple[str, str]] = set()
    for rule in RULES.values():
        for example in rule.examples if rule.subject != "document" else ():
            for text in (example.text, example.text.replace(_REVOKE, _AUTHORIZE, 1)):
                if (text, str(example.options)) not in seen:
                    seen.add((text, str(example.options)))
                    yield from _labelled(example, text)


def _labelled(example: Example, text: str) -> Iterator[Labelled]:
    """The label of a text; nothing, if it breaks another rule than its example does."""
    options = dict(example.options)
    found = _codec(tuple(options.items())).check(text)
    errors = [violation for violation in found if violation.severity == "error"]
    broken = [(error.rule, error.location) for error in errors]
    if not broken:
        yield Labelled(text, None, None, "", options)
    elif broken == [(example.rule, example.location)]:
        yield Labelled(text, errors[0].rule, errors[0].code, errors[0].location, options)


@cache
def _codec(options: tuple[tuple[str, str | int], ...]) -> Codec:
    """The codec of an example; there are a dozen of them, and each takes a while to make."""
    return Codec(**dict(options))  # type: ignore[arg-type]
