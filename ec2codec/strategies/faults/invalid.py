"""`invalid`: what breaks exactly one rule, labelled with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import DrawFn, SearchStrategy

from ec2codec.labelled import Labelled
from ec2codec.policy import Platform, Profile
from ec2codec.rule import RULES
from ec2codec.strategies.choices import checked, expect
from ec2codec.strategies.faults.drawing import pick
from ec2codec.strategies.faults.registry import FAULTS, Broken, Fault
from ec2codec.strategies.faults.scene import PROFILES, VERSIONS, Scene, scenes
from ec2codec.strategies.faults.written import written
from ec2codec.strategies.structures import ACTIONS

# What stands for a profile that is not chosen: None is one that is.
UNSET: Any = object()


def invalid(
    rule: str | None = None,
    *,
    action: str | None = None,
    version: str | None = None,
    platform: Platform | str | None = None,
    profile: Profile | str | None = UNSET,
) -> SearchStrategy[Labelled]:
    """Texts that break exactly one rule, each labelled with it: requests, and for 5xx responses.

    What `check` says of one under its options is that rule, there, with that code, and nothing else of
    severity error; for a warning, that warning and no error (W307 is an error from 2016-11-15 on). All else
    varies: the action, the form, the order of parameters, how they are escaped, what stands beside the fault.
    `Labelled.violations` asks what it is to be asked: of a document, `check_response`.

    rule: id such as ``"E303"``; None: any that can be broken under the other choices, those of documents and
        warnings among them.
    action, version, platform, profile: drawn, if not chosen. None as profile translates only, so that few
        rules are judged.
    Raises: InvalidArgument for a value that is none, and for a rule that cannot be broken so.
    """
    chosen = _chosen(action, version, platform, profile)
    expect("rule", rule, (None, *RULES))
    ways = _ways(chosen, FAULTS if rule is None else [fault for fault in FAULTS if fault.rule == rule])
    if not ways:
        raise InvalidArgument(_why_none(rule, chosen))
    return _labelled(ways)


class Chosen(NamedTuple):
    """The values that each choice may have."""

    action: tuple[str, ...]
    version: tuple[str, ...]
    platform: tuple[Platform, ...]
    profile: tuple[Profile | None, ...]


ALL = Chosen(tuple(ACTIONS), VERSIONS, tuple(Platform), PROFILES)


def _chosen(
    action: str | None, version: str | None, platform: Platform | str | None, profile: Profile | str | None
) -> Chosen:
    law = checked(action, version, None if profile is UNSET else profile, tuple(ACTIONS))
    expect("platform", platform, (None, *map(str, Platform)))
    return Chosen(
        ALL.action if action is None else (action,),
        ALL.version if version is None else (version,),
        ALL.platform if platform is None else (Platform(platform),),
        ALL.profile if profile is UNSET else (law,),
    )


# A way to break a rule, with the scenes in which it can be done.
Way = tuple[Fault, Sequence[Scene]]


class Ways(dict[str, list[Way]]):
    """The ways to break each of some rules."""

    def __repr__(self) -> str:
        # Stands in the repr of the strategy, where the scenes would be thousands.
        return " ".join(self)


def _ways(chosen: Chosen, faults: Iterable[Fault]) -> Ways:
    possible = list(scenes(*chosen))
    ways: dict[str, list[Way]] = {}
    for fault in faults:
        where = [scene for scene in possible if fault.when(scene)]
        if where:
            ways.setdefault(fault.rule, []).append((fault, where))
    return Ways((rule, ways[rule]) for rule in RULES if rule in ways)


def _why_none(rule: str | None, chosen: Chosen) -> str:
    """What keeps the rule, or any, from being broken, and what could be asked instead."""
    faults = [fault for fault in FAULTS if rule in (None, fault.rule)]
    hints = []
    for name, values in chosen._asdict().items():
        if len(values) > 1:
            continue
        others = [value for value in getattr(ALL, name) if _ways(chosen._replace(**{name: (value,)}), faults)]
        if others:
            hints.append(f"{name}={' or '.join(repr(_plain(value)) for value in others)}")
    asked = ", ".join(
        f"{name}={_plain(values[0])!r}" for name, values in chosen._asdict().items() if len(values) == 1
    )
    instead = f"; it can with {', or with '.join(hints)}" if hints else ""
    told = "no rule can" if rule is None else f"{rule}, {RULES[rule].name}, cannot"
    return f"{told} be broken with {asked}{instead}"


def _plain(value: str | None) -> str | None:
    return None if value is None else str(value)


@st.composite
def _labelled(draw: DrawFn, ways: Ways) -> Labelled:
    rule = pick(draw, [*ways])
    fault, where = pick(draw, ways[rule])
    scene = pick(draw, where)
    broken = fault.breaker(draw, scene)
    return Labelled(
        query=_text(draw, broken),
        rule=rule,
        code=broken.code or scene.code(rule),
        location=broken.location,
        options={**scene.options, **broken.options},
    )


def _text(draw: DrawFn, broken: Broken) -> str:
    match broken.sent:
        case str(text):
            return text
        case Mapping() as parameters:
            return written(draw, parameters.items())
        case parameters:
            return written(draw, parameters)
