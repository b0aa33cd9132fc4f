from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from capturing import EVENT
from commanding import HEALTHY, run
from ec2codec.captures import Exchange, Place
from ec2codec.selection import Selection, read_bound
from ec2codec.tally import Tally

ACTION = "RevokeSecurityGroupIngress"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def takes(time: datetime | None, **bounds: datetime) -> tuple[bool, int, int]:
    tally = Tally()
    exchange = Exchange(place=Place("x", 1), action=ACTION, request=b"", time=time)
    taken = Selection(actions=[ACTION], **bounds).takes(exchange, tally)
    return taken, tally.passed_over, tally.undated


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2026-11-22", "2026-11-22T00:00:00+00:00", "2026-11-22T23:59:59.999999+00:00"),
        ("9999-12-31", "9999-12-31T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00"),
        ("2026-11-22T17:01", "2026-11-22T17:01:00+00:00", "2026-11-22T17:01:00+00:00"),
        ("2026-11-22T17:01:59Z", "2026-11-22T17:01:59+00:00", "2026-11-22T17:01:59+00:00"),
        ("2026-11-22 17:01+02:00", "2026-11-22T17:01:00+02:00", "2026-11-22T17:01:00+02:00"),
    ],
)
def test_bound_is_a_date_or_a_moment(text: str, since: str, until: str) -> None:
    assert (since, until) == tuple(str(read_bound(text, end=end)).replace(" ", "T") for end in (False, True))


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30", "2026-11-22T25:00", "1764028800"])
def test_what_is_no_moment_is_no_bound(text: str) -> None:
    assert read_bound(text, end=False) is None


@pytest.mark.parametrize(
    ("time", "taken"),
    [
        (NOON - timedelta(microseconds=1), False),
        (NOON, True),
        (NOON.astimezone(timezone(timedelta(hours=14))), True),
        (NOON + timedelta(hours=1), True),
        (NOON + timedelta(hours=1, microseconds=1), False),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), False),
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))), False),
    ],
)
def test_both_bounds_are_inclusive(time: datetime, taken: bool) -> None:
    assert (taken, int(not taken), 0) == takes(time, since=NOON, until=NOON + timedelta(hours=1))


def test_each_bound_may_stand_alone() -> None:
    assert (True, 0, 0) == takes(NOON, since=NOON)
    assert (True, 0, 0) == takes(NOON, until=NOON)


def test_call_of_unknown_time_is_judged_and_counted() -> None:
    assert (True, 0, 1) == takes(None, since=NOON)
    assert (True, 0, 0) == takes(None)


def test_other_actions_are_not_counted() -> None:
    tally = Tally()
    exchange = Exchange(place=Place("x", 1), action=ACTION, request=b"", time=NOON)

    assert not Selection(actions=["AuthorizeSecurityGroupIngress"], since=NOON).takes(exchange, tally)
    assert Tally() == tally


def test_time_asked_for_is_in_the_summary(tmp_path: Path) -> None:
    events = [{**EVENT, "eventTime": f"2026-11-{day}T12:00:00Z"} for day in (20, 21, 22, 23)]
    log = tmp_path / "x.jsonl"
    log.write_text("\n".join([*map(json.dumps, events), HEALTHY]))

    result = run("check", log, "--since", "2026-11-21", "--until", "2026-11-22T12:00")

    [calls, *rest] = re.findall(r"^\d+ .*call.*$", result.stderr, re.MULTILINE)
    assert calls.startswith("3 security-group calls: ")
    assert [
        "2 more calls outside the time asked for, not judged",
        "1 call of unknown time judged all the same",
    ] == rest
