"""Verdicts and notes as rows, and back: every text in a row may be shown, and no secret is in one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from ec2codec.agreement import Agreement
from ec2codec.captures.exchange import Completeness, Note, Place
from ec2codec.errors import Violation
from ec2codec.schemas import SCHEMAS
from ec2codec.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ec2codec.discretion import Discretion
    from ec2codec.model import Request

Row = dict[str, Any]

FINDING, CALL, NOTE, INPUT = "finding", "call", "note", "input"
# Findings of a call that carry the request and what was sent, which are as long as the call: for all of them
# that would grow with the square of its length.
CARRYING = 8
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SCHEMAS = {action: schema() for action, schema in SCHEMAS.items()}


def rows_of(verdict: Verdict, discretion: Discretion) -> Iterator[Row]:
    """A row for each finding in a call; one that says so where nothing was found."""
    call = {**_place(verdict.where, discretion), **_call(verdict, discretion)}
    long = {"request": _request(verdict.request, discretion), "sent": _sent(verdict, discretion)}
    if not verdict.violations:
        yield {"kind": CALL, **call, **long, "finding": 0}
    rules: set[str] = set()
    for number, violation in enumerate(verdict.violations, 1):
        row = {"kind": FINDING, **call, **_finding(verdict, violation, discretion), "finding": number}
        if number <= CARRYING:
            row |= long
        if violation.rule not in rules:
            rules.add(violation.rule)
            row["rule_agreement"] = str(verdict.agreements.get(violation.rule, Agreement.UNKNOWN))
        yield row


def row_of_note(note: Note, file: str, discretion: Discretion) -> Row:
    """The row of a note of *file*."""
    shown = discretion.shown
    return {
        "kind": NOTE,
        "file": shown(file),
        "place": shown(note.place),
        "severity": note.kind,
        "message": shown(note.message),
    }


def _place(place: Place, discretion: Discretion) -> Row:
    file = discretion.shown(place.file)
    return {
        "file": file,
        "place": str(Place(file, place.number, place.unit)),
        "unit": place.unit,
        "number": place.number,
    }


def _call(verdict: Verdict, discretion: Discretion) -> Row:
    code = verdict.error_code
    return {
        "action": verdict.action,
        **_time(verdict.time),
        "completeness": str(verdict.completeness),
        "status": _status(verdict.status),
        "error_code": None if code is None else discretion.shown(code),
        "accepted": verdict.accepted,
        "agreement": str(verdict.agreement),
    }


def _status(status: int | None) -> int | None:
    # A capture may hold any number.
    return status if status is not None and status.bit_length() < 32 else None


def _time(time: datetime | None) -> Row:
    if time is None:
        return {}
    offset = time.utcoffset() or timedelta()
    # ISO 8601 can write zones that are off by parts of a second; no clock has one.
    if offset.microseconds:
        return {}
    # Not by astimezone: a zone may put a moment outside the years that datetime has.
    return {"time": (time - _EPOCH) // _MICROSECOND, "utc_offset": offset // timedelta(seconds=1)}


def _finding(verdict: Verdict, violation: Violation, discretion: Discretion) -> Row:
    effect = verdict.effect(violation)
    return {
        "rule": violation.rule,
        "name": violation.name,
        "code": violation.code,
        "location": discretion.shown(violation.location),
        "severity": violation.severity,
        "certainty": violation.certainty,
        "message": discretion.shown(violation.message),
        "value": discretion.value(violation.location, violation.value),
        "effect": None if effect is None else str(effect),
    }


def _request(request: Request | None, discretion: Discretion) -> Any:
    if request is None:
        return None
    return _shown(_SCHEMAS[request.action].dump(request), discretion)


def _shown(value: Any, discretion: Discretion) -> Any:
    """Nested data with every text as it may be shown."""
    if isinstance(value, str):
        return discretion.shown(value)
    if isinstance(value, dict):
        return {name: _shown(item, discretion) for name, item in value.items()}
    return [_shown(item, discretion) for item in value] if isinstance(value, list) else value


def _sent(verdict: Verdict, discretion: Discretion) -> list[Row] | None:
    if not verdict.notable:
        return None
    return [{"name": name, "value": value} for name, value in discretion.parameters(verdict.sent)]


def verdict_of(row: Row) -> Verdict:
    """What a row tells of its call, with the finding that it holds, if any."""
    found = (_violation(row),) if row["finding"] else ()
    told = row["rule_agreement"]
    return Verdict(
        where=Place(row["file"], row["number"], row["unit"]),
        action=row["action"],
        completeness=Completeness(row["completeness"]),
        violations=found,
        status=row["status"],
        error_code=row["error_code"],
        time=_moment(row["time"], row["utc_offset"]),
        accepted=row["accepted"],
        agreement=Agreement(row["agreement"]),
        agreements={} if told is None else {row["rule"]: Agreement(told)},
        sent=tuple((pair["name"], pair["value"]) for pair in row.get("sent") or ()),
    )


def _violation(row: Row) -> Violation:
    names = ("rule", "name", "code", "location", "severity", "certainty", "message", "value")
    return Violation(**{name: row[name] for name in names})


def _moment(time: int | None, offset: int | None) -> datetime | None:
    if time is None:
        return None
    east = timedelta(seconds=offset or 0)
    # What the clock showed is within the years that datetime has, even where UTC is not.
    shown = _EPOCH.replace(tzinfo=None) + (_MICROSECOND * time + east)
    return shown.replace(tzinfo=timezone(east) if east else UTC)


def note_of(row: Row) -> Note:
    """The note that a row holds."""
    return Note(row["place"], row["message"], row["severity"])


def verdicts_of(rows: Iterable[Row]) -> Iterator[Verdict]:
    """The verdicts whose rows those are, the rows of each call in their order and one after another."""
    call: list[Row] = []
    for row in rows:
        if call and row["finding"] <= 1:
            yield _verdict_of_all(call)
            call.clear()
        call.append(row)
    if call:
        yield _verdict_of_all(call)


def _verdict_of_all(call: list[Row]) -> Verdict:
    first, *more = map(verdict_of, call)
    violations, agreements = [*first.violations], dict(first.agreements)
    for verdict in more:
        violations += verdict.violations
        agreements |= verdict.agreements
    return replace(first, violations=tuple(violations), agreements=agreements)
