"""Labelled cases as JSON Lines: one object a line, ASCII, in the order of the members below."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ec2codec.errors import quoted
from ec2codec.labelled import Labelled, codec_of
from ec2codec.rule import RULES

VALID, INVALID = "valid", "invalid"


class MalformedLine(ValueError):
    """A line that is no case; the message begins with its number, counted from 1."""


def label(case: Labelled) -> str:
    """``"invalid"`` where a rule of severity error is broken, else ``"valid"``."""
    if case.rule is None:
        return VALID
    if RULES[case.rule].severity == "error":
        return INVALID
    # From some version on, a warning may be an error (W307).
    return INVALID if any(found.severity == "error" for found in case.violations()) else VALID


def line(case: Labelled) -> str:
    """One line, without its end. Escaped as JSON, so that no text in it can end it, or steer a terminal."""
    return json.dumps(
        {
            "query": case.query,
            "label": label(case),
            "rule": case.rule,
            "code": case.code,
            "location": case.location,
            "options": dict(case.options),
        }
    )


def read(lines: Iterable[str | bytes]) -> Iterator[Labelled]:
    """The cases of what `line` wrote; blank lines are passed over.

    Raises: MalformedLine for a line that is no JSON object with exactly those members, each of its type; for
        a label and a rule that do not agree; and for options that no `Codec` takes.
    """
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            yield _case(json.loads(text, object_pairs_hook=_unique))
        except RecursionError:
            raise MalformedLine(f"line {number}: nested too deeply") from None
        except UnicodeDecodeError as error:
            raise MalformedLine(f"line {number}: not UTF-8 at byte {error.start}") from None
        except json.JSONDecodeError as error:
            raise MalformedLine(f"line {number}: not JSON at column {error.colno}: {error.msg}") from None
        except ValueError as error:
            raise MalformedLine(f"line {number}: {error}") from None


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(members)
    if len(held) < len(members):
        raise ValueError("an object has the same member twice")
    return held


def _case(members: Any) -> Labelled:
    """The case that a line's JSON is.

    Raises: ValueError.
    """
    if not isinstance(members, dict) or members.keys() != _TYPES.keys():
        raise ValueError(f"expected an object with exactly {', '.join(_TYPES)}")
    for name, types in _TYPES.items():
        if not isinstance(members[name], types):
            raise ValueError(f"{name}: expected {_NAMES[types]}, got {type(members[name]).__name__}")
    told = members.pop("label")
    case = Labelled(**members)
    if case.rule is not None and case.rule not in RULES:
        raise ValueError(f"rule: there is no {quoted(case.rule)!r}")
    if told != label(case):
        raise ValueError(f"label: expected {label(case)!r} with rule {case.rule}, got {quoted(told)!r}")
    _check_options(case.options)
    return case


def _check_options(options: Mapping[str, Any]) -> None:
    if not all(isinstance(value, str | int | None) for value in options.values()):
        raise ValueError("options: expected texts, numbers, true, false or null")
    try:
        codec_of(options)
    except (TypeError, ValueError) as error:
        raise ValueError(f"options: {quoted(str(error))}") from None


_TYPES: dict[str, Any] = {
    "query": str,
    "label": str,
    "rule": str | None,
    "code": str | None,
    "location": str,
    "options": dict,
}
_NAMES = {str: "a text", str | None: "a text or null", dict: "an object"}
