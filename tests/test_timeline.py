from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2codec import timeline as module
from ec2codec.timeline import WIDTHS, Period, Timeline

NOON = datetime(2026, 11, 22, 12, 34, 56, tzinfo=UTC)
MOMENTS = st.datetimes(timezones=st.timezones() | st.just(timezone(timedelta(hours=14))))


def timeline(*moments: datetime | None) -> Timeline:
    made = Timeline()
    for moment in moments:
        made.add(moment, 2)
    return made


def test_calls_and_findings_are_counted_by_hour_in_utc() -> None:
    made = timeline(NOON + timedelta(hours=1), NOON, NOON.astimezone(timezone(timedelta(hours=-9))))
    made.add(NOON)

    assert [
        Period(NOON.replace(minute=0, second=0), 3, 4),
        Period(NOON.replace(hour=13, minute=0, second=0), 1, 2),
    ] == made.periods()


def test_calls_of_unknown_time_are_counted_beside() -> None:
    made = timeline(None, NOON)
    made.discount(None, 2)

    assert (1, 1) == (made.undated, len(made.periods()))


def test_findings_may_be_taken_back() -> None:
    made = timeline(NOON, NOON)
    made.discount(NOON, 3)

    assert [(2, 1)] == [(period.calls, period.findings) for period in made.periods()]


@pytest.mark.parametrize(
    "moment", [datetime.min, datetime.max, datetime(1, 1, 1), datetime(1969, 12, 31, 23)]
)
@pytest.mark.parametrize("hours", [-23, 0, 23])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_clock_has_its_period(moment: datetime, hours: int, width: int) -> None:
    made = Timeline(width=width)
    made.add(moment.replace(tzinfo=timezone(timedelta(hours=hours))))

    [period] = made.periods()
    assert (1, 0) == period[1:]
    assert abs(period.start - moment.replace(tzinfo=UTC)) <= timedelta(hours=width + 24)


@given(st.lists(MOMENTS | st.none(), max_size=20), st.integers(0, 20), st.randoms())
def test_counts_depend_neither_on_order_nor_on_division(
    moments: list[datetime | None], cut: int, random: object
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MAX_PERIODS", 4)
        patch.setattr(module, "WIDTHS", (1, 24, 8760, 87_600_000))
        whole, first, second = timeline(*moments), timeline(*moments[cut:]), timeline(*moments[:cut])
        first.merge(second)

        assert whole.periods() == first.periods() == timeline(*reversed(moments)).periods()
        assert (whole.width, whole.undated) == (first.width, first.undated)
        assert len(whole.periods()) <= 4
        assert sum(m is not None for m in moments) == sum(period.calls for period in whole.periods())


def test_two_years_of_hours_are_hours_and_more_are_days() -> None:
    hours = [NOON + timedelta(hours=number) for number in range(module.MAX_PERIODS + 1)]
    made = timeline(*hours[:-1])
    assert (1, module.MAX_PERIODS) == (made.width, len(made.periods()))

    made.add(hours[-1])

    assert (24, module.MAX_PERIODS // 24 + 1) == (made.width, len(made.periods()))


def test_even_all_the_years_there_are_fit() -> None:
    years = (datetime.max - datetime.min) // timedelta(hours=WIDTHS[-1]) + 2

    assert years <= module.MAX_PERIODS
    assert all(wider % width == 0 for width, wider in pairwise(WIDTHS))


def test_merging_leaves_the_other_as_it_was() -> None:
    other = timeline(NOON)
    before = copy.deepcopy(other)
    Timeline(width=24).merge(other)

    assert before == other
