from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ec2codec.captures import Completeness
from ec2codec.reports.about import MISSED, about
from ec2codec.reports.charts import HEIGHT, MAX_BARS, MAX_COLUMNS, Counted, bars, course, parts
from ec2codec.rule import RULES
from ec2codec.timeline import Timeline

START = datetime(2026, 10, 1, 8, tzinfo=UTC)


def timeline(*hours: float, findings: int = 0) -> Timeline:
    counted = Timeline()
    for hour in hours:
        counted.add(START + timedelta(hours=hour), findings)
    return counted


def counts(*numbers: int) -> list[Counted]:
    return [Counted(f"E{n:03}", number, "error") for n, number in enumerate(numbers)]


def test_bars_are_shares_of_the_largest() -> None:
    drawn = bars(counts(1, 3, 2))

    assert [("E001", 3, 0, 100), ("E002", 2, 0, 66.667), ("E000", 1, 0, 33.333)] == [
        (bar.label, bar.count, bar.x, bar.width) for bar in drawn
    ]


@pytest.mark.parametrize(("number", "last"), [(MAX_BARS, ("E000", 1)), (MAX_BARS + 1, ("2 more rules", 3))])
def test_rarest_bars_are_one(number: int, last: tuple[str, int]) -> None:
    drawn = bars(counts(*range(1, number + 1)))

    assert MAX_BARS == len(drawn)
    assert last == drawn[-1].row


def test_nothing_counted_has_no_bars() -> None:
    assert ([], []) == (bars([]), parts(counts(0, 0)))


def test_parts_follow_one_another_to_the_whole() -> None:
    drawn = parts(counts(1, 0, 2, 1))

    assert [(0, 25), (25, 50), (75, 25)] == [(bar.x, bar.width) for bar in drawn]


def test_nothing_timed_has_no_columns() -> None:
    assert [] == course(Timeline()).columns


def test_columns_count_the_empty_hours_too() -> None:
    drawn = course(timeline(0, 0.9, 3, findings=2))

    assert "an hour" == drawn.unit
    assert [
        ("2026-10-01 08:00", 2, 4),
        ("2026-10-01 09:00", 0, 0),
        ("2026-10-01 10:00", 0, 0),
        ("2026-10-01 11:00", 1, 2),
    ] == [column.row for column in drawn.columns]
    assert [0, 25, 50, 75] == [column.x for column in drawn.columns]
    assert [HEIGHT, 0, 0, HEIGHT / 2] == [column.calls_height for column in drawn.columns]


def test_single_call_is_seen_beside_a_thousand() -> None:
    drawn = course(timeline(*[0] * 1000, 5)).columns

    assert [HEIGHT, 0, 0, 0, 0, 1] == [column.calls_height for column in drawn]
    assert [0] * 6 == [column.findings_height for column in drawn]


@pytest.mark.parametrize(
    ("hours", "unit", "columns", "last"),
    [
        (59, "an hour", 60, "2026-10-03 19:00"),
        (60, "in six hours", 11, "2026-10-03 20:00"),
        (360, "a day", 16, "2026-10-16"),
        (24 * 60, "a week", 9, "2026-11-26"),
        (24 * 365 * 50, "a year", 51, "2076-09-18"),
        (24 * 365 * 7900, "in two centuries", 40, "9821-07-28"),
    ],
)
def test_long_times_have_wider_columns(hours: int, unit: str, columns: int, last: str) -> None:
    drawn = course(timeline(0, hours))

    assert (unit, columns, last) == (drawn.unit, len(drawn.columns), drawn.columns[-1].label)


def test_chart_of_years_ends_with_the_last_call() -> None:
    drawn = course(timeline(0, 24 * 365 * 50 + 48))

    assert ("2076-09-18", "2076-09-20") == (drawn.columns[-1].label, drawn.end)
    assert "2026-10-01 11:00" == course(timeline(0, 3)).end


def test_wildest_clocks_have_columns() -> None:
    wild = Timeline()
    for year in (1, 9999):
        wild.add(datetime(year, 1, 1, tzinfo=UTC))
    # So many moments that the timeline goes over to years.
    for day in range(0, 3_000_000, 100):
        wild.add(datetime(1, 1, 1, tzinfo=UTC) + timedelta(days=day))
    drawn = course(wild).columns

    assert len(drawn) <= MAX_COLUMNS
    assert sum(column.calls for column in drawn) == 30_002


@pytest.mark.parametrize("rule", RULES)
def test_rule_is_told_in_words(rule: str) -> None:
    told = about(rule)

    assert RULES[rule].name == told.name
    assert told.law
    assert told.breaks
    assert told.keeps
    assert "\n" not in told.law + "".join(told.why)


def test_codes_are_told_apart_by_platform() -> None:
    assert ("InvalidParameterValue in a VPC", "InvalidPermission.Malformed on EC2-Classic") == about(
        "E303"
    ).codes
    assert ("UnknownParameter",) == about("E101").codes
    assert ("InvalidPermission.Malformed",) == about("E302").codes


def test_unexplained_refusal_is_told_like_a_rule() -> None:
    assert (MISSED, "note") == (about(MISSED).id, about(MISSED).severity)


def test_every_completeness_has_its_part_in_the_chart() -> None:
    from ec2codec.reports.page import _AGREEMENTS, _COMPLETENESS, _EFFECTS
    from ec2codec.verdict import Agreement, Effect

    assert [set(Completeness), set(Agreement), set(Effect)] == [
        set(_COMPLETENESS),
        set(_AGREEMENTS),
        set(_EFFECTS),
    ]
