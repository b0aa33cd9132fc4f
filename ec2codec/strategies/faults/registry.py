"""What a fault is, and the register of all of them.

A fault is one function: it draws a request that breaks no rule, does one thing to it, and says where. Whoever
adds a rule adds its fault with `breaking`, in the file of the rule's hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hypothesis.strategies import DrawFn

from ec2codec.strategies.faults.scene import Scene

# A name and its value; None where not even "=" is written.
Parameter = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Broken:
    """What a fault made.

    sent: the parameters, which may still be put in any order and escaped in any way; or a finished text.
    location: where the rule speaks.
    code: EC2's error code, where the rule has several.
    options: keyword arguments of `check_response` beside those of the scene.
    """

    sent: Mapping[str, str] | Iterable[Parameter] | str
    location: str
    code: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


Breaker = Callable[[DrawFn, Scene], Broken]
Wrapped = TypeVar("Wrapped", bound=Breaker)


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to break one rule. when: the scenes in which it can be done."""

    rule: str
    breaker: Breaker
    when: Callable[[Scene], bool]


FAULTS: list[Fault] = []


def always(scene: Scene) -> bool:
    """Every scene."""
    return True


def breaking(
    rule: str, *, when: Callable[[Scene], bool] = always, observed: bool = False
) -> Callable[[Wrapped], Wrapped]:
    """Register the decorated function as a way to break a rule.

    when: what the scene must be, beside one in which the rule binds.
    observed: whether the breach is an error under any profile, although the rule's others are not.
    """

    def register(breaker: Wrapped) -> Wrapped:
        FAULTS.append(Fault(rule, breaker, _condition(rule, when, observed)))
        return breaker

    return register


def _condition(rule: str, when: Callable[[Scene], bool], observed: bool) -> Callable[[Scene], bool]:
    def condition(scene: Scene) -> bool:
        bound = scene.judged if observed else scene.binds(rule)
        return bound and when(scene)

    return condition
