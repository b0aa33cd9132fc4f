from __future__ import annotations

import pickle
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commanding import HEALTHY, REFUSED, WARNED
from ec2codec import Codec
from ec2codec.captures import Completeness, Exchange, Note, Place, Response
from ec2codec.rule import Effect
from ec2codec.tally import MAX_NOTES, Tally
from ec2codec.verdict import Agreement, Verdict, judge

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
UNSOURCED = HEALTHY.partition("&IpPermissions.1.IpRanges")[0]
TRUE, REFUSAL = Response(status=200), Response(error_code="InvalidParameterValue")


def verdict(query: str, response: Response | None = None, time: datetime | None = NOON) -> Verdict:
    exchange = Exchange(
        place=Place("x", 1),
        action="RevokeSecurityGroupIngress",
        request=query.encode(),
        response=response,
        time=time,
    )
    return judge(exchange, Codec())


VERDICTS = [
    verdict(query, response, time)
    for query in (HEALTHY, REFUSED, WARNED, UNSOURCED)
    for response in (None, TRUE, REFUSAL)
    for time in (NOON, None)
]


def tally(*verdicts: Verdict) -> Tally:
    made = Tally()
    for each in verdicts:
        made.add(each)
    return made


def test_calls_and_findings_are_counted() -> None:
    made = tally(verdict(HEALTHY), verdict(REFUSED), verdict(REFUSED), verdict(WARNED))

    assert {Completeness.COMPLETE: 4} == made.calls
    assert {("error", "E201"): 2, ("warning", "W414"): 1} == made.findings
    assert (2, 1) == (made.found("error"), made.found("warning"))
    assert [(4, 3)] == [period[1:] for period in made.timeline.periods()]


def test_answers_are_counted_by_call_by_rule_and_by_code() -> None:
    made = tally(
        verdict(HEALTHY, TRUE), verdict(REFUSED, TRUE), verdict(REFUSED, REFUSAL), verdict(HEALTHY, REFUSAL)
    )

    assert {Agreement.AGREES: 2, Agreement.FALSE_ALARM: 1, Agreement.MISSED: 1} == made.agreement
    assert {("E201", Agreement.FALSE_ALARM): 1, ("E201", Agreement.AGREES): 1} == made.agreements
    assert {"InvalidParameterValue": 1} == made.missed


def test_effects_are_counted_where_nothing_was_refused() -> None:
    made = tally(*(verdict(UNSOURCED, response) for response in (None, TRUE, REFUSAL)))

    assert ({Effect.SILENT: 2}, {Effect.SILENT: 1}) == (made.effects, +made.confirmed)


def test_findings_that_a_baseline_knows_are_taken_back() -> None:
    found = verdict(UNSOURCED, TRUE)
    made = tally(found)
    made.discount(found, found.violations)

    assert (1, 0) == (made.known, made.found("error"))
    assert not +made.effects
    assert not +made.confirmed
    assert not made.fails("warning")
    assert [(1, 0)] == [period[1:] for period in made.timeline.periods()]
    assert {Agreement.FALSE_ALARM: 1} == made.agreement


@pytest.mark.parametrize(
    ("query", "error", "warning"), [(HEALTHY, False, False), (WARNED, False, True), (REFUSED, True, True)]
)
def test_findings_at_or_above_the_threshold_fail(query: str, error: bool, warning: bool) -> None:
    made = tally(verdict(query))

    assert (error, warning, False) == tuple(
        made.fails(threshold) for threshold in ("error", "warning", "never")
    )


def noted(name: str, *kinds: str) -> Tally:
    made = Tally()
    with made.input() as take:
        for number, kind in enumerate(kinds):
            take(Note(f"{name}:{number}", kind, kind))  # type: ignore[arg-type]
    return made


def test_input_is_counted_by_its_worst_note() -> None:
    assert {"read": 1} == noted("x").inputs
    assert {"skipped": 1} == noted("x", "skipped").inputs
    assert {"incomplete": 1} == noted("x", "skipped", "incomplete").inputs
    assert {"unreadable": 1} == noted("x", "incomplete", "unreadable", "skipped").inputs
    assert (False, True) == (noted("x", "skipped").lost_something, noted("x", "incomplete").lost_something)


def test_notes_of_one_input_are_bounded() -> None:
    made = noted("x", *["incomplete"] * (MAX_NOTES + 7))

    assert MAX_NOTES + 1 == len(made.notes)
    assert "and 7 more such notes" == made.notes[-1].message


@given(st.lists(st.sampled_from(VERDICTS), max_size=12), st.integers(0, 12))
def test_tallies_of_parts_are_that_of_the_whole(verdicts: list[Verdict], cut: int) -> None:
    merged = tally(*verdicts[:cut])
    merged.merge(pickle.loads(pickle.dumps(tally(*verdicts[cut:]))))

    assert tally(*verdicts) == merged


def test_everything_is_merged() -> None:
    first, second = noted("a", "incomplete"), noted("b", "skipped")
    first.known, first.passed_over, first.undated = 1, 2, 3
    second.known, second.passed_over, second.undated, second.interrupted = 10, 20, 30, True

    first.merge(second)

    assert ["a:0", "b:0"] == [note.place for note in first.notes]
    assert {"incomplete": 1, "skipped": 1} == first.inputs
    assert (11, 22, 33, True) == (first.known, first.passed_over, first.undated, first.interrupted)
