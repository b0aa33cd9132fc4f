"""One answer judged: a pure function of the case, of what was said, and of what changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from ec2codec.conform.answer import Said
from ec2codec.conform.picture import Change, told
from ec2codec.error_codes import ErrorCode
from ec2codec.errors import quoted
from ec2codec.grants import covers

if TYPE_CHECKING:
    from ec2codec.conform.answer import Answer
    from ec2codec.conform.case import Case
    from ec2codec.model import Grant


class Outcome(StrEnum):
    """What a server made of one request.

    RIGHT: refused with the right code. OTHER: refused with another, or so that clients do not notice.
    DONE: did what was asked. ACCEPTED: did what it should have refused. DIFFERENT: did something else than
    was asked. NOTHING: said true and did nothing. REFUSED: refused what is valid. CRASHED: gave no answer,
    or none that clients understand. STATE: refused for what only the service knows, which tells nothing.
    """

    RIGHT = "right-code"
    DONE = "done"
    OTHER = "other-code"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    DIFFERENT = "did-something-else"
    NOTHING = "did-nothing"
    CRASHED = "crashed"
    STATE = "state"

    @property
    def is_hole(self) -> bool:
        """Whether it is not as the label says."""
        return self not in (Outcome.RIGHT, Outcome.DONE, Outcome.STATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What surrounded one request.

    change: of all groups together. wanted: what a valid request asks for.
    asked: the grants that are in it, also in a faulty one, as far as they can be made out.
    ready: whether the server had taken what was to be there before.
    """

    change: Change
    wanted: Change
    asked: tuple[Grant, ...] = ()
    ready: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The outcome of one case. said: in words, what the server said and did. answer: what it answered."""

    case: Case
    outcome: Outcome
    said: str
    answer: Answer = field(repr=False)


def judge(case: Case, answer: Answer, scene: Scene) -> Judgement:
    """What a server made of a case."""
    outcome, said = (_of_valid if case.rule is None else _of_invalid)(case, answer, scene)
    return Judgement(case=case, outcome=outcome, said=said, answer=answer)


def _of_invalid(case: Case, answer: Answer, scene: Scene) -> tuple[Outcome, str]:
    if answer.said is Said.NOTHING:
        return Outcome.CRASHED, _also(answer, scene)
    if scene.change:
        wider = ", wider than written" if _is_wider(case, scene) else ""
        return Outcome.ACCEPTED, _also(answer, scene) + wider
    if answer.said is Said.TRUE:
        return Outcome.NOTHING, "said true and did nothing"
    if answer.code in case.codes:
        return (Outcome.RIGHT if answer.is_heard else Outcome.OTHER), str(answer)
    # On a dry run bodies are not looked at; but whether it is one is what some labels are about.
    is_about_that = (answer.code, case.location) == (ErrorCode.DRY_RUN_OPERATION, "DryRun")
    is_of_state = answer.state is not None and not is_about_that
    return (Outcome.STATE if is_of_state else Outcome.OTHER), _explained(answer)


def _of_valid(case: Case, answer: Answer, scene: Scene) -> tuple[Outcome, str]:
    if answer.said is Said.NOTHING:
        return Outcome.CRASHED, _also(answer, scene)
    is_dry = case.request is not None and case.request.dry_run is True
    if scene.change and (is_dry or answer.said is Said.REFUSED):
        return Outcome.DIFFERENT, _also(answer, scene) + (", on a dry run" if is_dry else "")
    if answer.said is Said.REFUSED:
        return _of_refused(answer, is_dry=is_dry)
    if not scene.ready:
        return Outcome.STATE, "said true; but what was to be there before could not be put there"
    if scene.change.same_as(scene.wanted) and not is_dry:
        return Outcome.DONE, "did what was asked"
    if not scene.change:
        return Outcome.NOTHING, "said true and did nothing" + (", on a dry run" if is_dry else "")
    return Outcome.DIFFERENT, _differing(scene)


def _of_refused(answer: Answer, *, is_dry: bool) -> tuple[Outcome, str]:
    # Source: EC2 API, DryRun: "If you have the required permissions, the error response is DryRunOperation."
    if is_dry and answer.code == ErrorCode.DRY_RUN_OPERATION:
        return Outcome.DONE, "said that it would have done it"
    return (Outcome.REFUSED if answer.state is None else Outcome.STATE), _explained(answer)


def _explained(answer: Answer) -> str:
    why = answer.state or quoted(answer.message)
    return f"{answer}: {why}" if why else str(answer)


def _also(answer: Answer, scene: Scene) -> str:
    """What was said, and what happened."""
    happened = _happened(scene.change)
    return f"said {answer}; {happened}" if happened else str(answer)


def _happened(change: Change) -> str:
    parts = (("added", change.added), ("removed", change.removed))
    return "; ".join(f"{verb} {told(grants.values())}" for verb, grants in parts if grants)


def _differing(scene: Scene) -> str:
    """What was asked and not done, and what was done and not asked."""
    asked = {**scene.wanted.added, **scene.wanted.removed}
    done = {**scene.change.added, **scene.change.removed}
    parts = (
        ("not done", [asked[holding] for holding in asked.keys() - done.keys()]),
        ("not asked", [done[holding] for holding in done.keys() - asked.keys()]),
    )
    return "; ".join(f"{verb}: {told(grants)}" for verb, grants in parts if grants) or "did the reverse"


def _is_wider(case: Case, scene: Scene) -> bool:
    """Whether more traffic is concerned than the request speaks of."""
    concerned = (*scene.change.added.values(), *scene.change.removed.values())
    return case.widening or any(
        covers(grant, asked) and not covers(asked, grant) for grant in concerned for asked in scene.asked
    )
