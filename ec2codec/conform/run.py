"""A run: each labelled request sent, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ec2codec.conform.answer import Said
from ec2codec.conform.budget import CutShort, Gone
from ec2codec.conform.case import Case, NotSent, Passed, case_of, form_of
from ec2codec.conform.casting import Casting
from ec2codec.conform.healthy import healthy
from ec2codec.conform.judge import Judgement, Outcome, Scene, judge
from ec2codec.conform.picture import Change, change, held
from ec2codec.conform.score import Score
from ec2codec.conform.service import Service, ServiceError
from ec2codec.conform.stage import Stage
from ec2codec.policy import Platform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ec2codec.codec import Codec
    from ec2codec.conform.answer import Answer
    from ec2codec.conform.client import Client
    from ec2codec.labelled import Labelled


def conform(
    corpus: Iterable[Labelled],
    client: Client,
    codec: Codec,
    *,
    vpc_id: str | None = None,
    given: Sequence[str] = (),
    advance: Callable[[int], object] = lambda _count: None,
) -> Score:
    """Send a corpus to a server, and tidy up after it, also after Ctrl-C.

    codec: as the server is asked to judge. vpc_id, given: as for `Stage`.
    advance: called with 1 after each labelled text.
    """
    run = _Run(Service(client), codec, vpc_id, given)
    try:
        for labelled in corpus:
            run.go_on(labelled)
            advance(1)
    except (CutShort, ServiceError) as why:
        run.score.cut_short = str(why)
    except KeyboardInterrupt:
        run.score.interrupted = True
    finally:
        client.budget.close()
        run.score.left = run.stage.close()
        run.score.requests = client.budget.spent
    return run.score


class _Run:
    def __init__(self, service: Service, codec: Codec, vpc_id: str | None, given: Sequence[str]) -> None:
        self.score = Score()
        self.stage = Stage(service, vpc_id=vpc_id, given=given)
        self._service = service
        self._codec = codec

    def go_on(self, labelled: Labelled) -> None:
        """Ask the next one, or pass it over.

        Raises: CutShort, ServiceError.
        """
        try:
            form = form_of(labelled)
            case_of(labelled, self._codec, form)
            self.stage.clear()
            case = self._cast(labelled, form)
        except NotSent as passed:
            self.score.passed_over[passed.args[0]] += 1
        else:
            self._ask(case)

    def _cast(self, labelled: Labelled, form: str) -> Case:
        """The case for the groups of the stage."""
        stage = self.stage
        casting = Casting(target=stage.target, source=stage.source, vpc=self._codec.platform is Platform.VPC)
        try:
            return case_of(labelled, self._codec, casting.cast(form))
        except NotSent:
            raise NotSent(Passed.CAST) from None

    def _ask(self, case: Case) -> None:
        stage = self.stage
        requests = healthy(case)
        revokes = any(request.action.startswith("Revoke") for request in requests)
        asked = dict(held((g for r in requests for g in r.grants()), stage.target.group_id, stage.ids))
        ready = stage.arrange(asked.values(), present=revokes)
        before = stage.picture
        answer = self._service.ask(case.query.encode("utf-8"))
        try:
            stage.look()
        except Gone as why:
            self.score.add(_undescribed(case, answer, why))
            raise
        except ServiceError as why:
            # It stored what it cannot describe; whether it describes other groups, the next request shows.
            self.score.add(_undescribed(case, answer, why))
            stage.give_up()
            return
        wanted = Change({}, asked) if revokes else Change(asked, {})
        scene = Scene(
            change=change(before, stage.picture), wanted=wanted, asked=tuple(asked.values()), ready=ready
        )
        self.score.add(judge(case, answer, scene))


def _undescribed(case: Case, answer: Answer, why: Exception) -> Judgement:
    """What a server made of a case after which it describes nothing."""
    took = case.rule is not None and answer.said is Said.TRUE
    said = f"{'said ' if took else ''}{answer}; and then {why}"
    outcome = Outcome.ACCEPTED if took else Outcome.CRASHED
    return Judgement(case=case, outcome=outcome, said=said, answer=answer)
