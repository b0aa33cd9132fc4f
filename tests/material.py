"""Real material that lies beside the repository, read where it is; without it, tests skip and say so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SHARED_DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
ABSENT = "real material is absent: no shared/data beside the repository"

needs_material = pytest.mark.skipif(not SHARED_DATA.is_dir(), reason=ABSENT)


def records(pattern: str) -> Iterator[dict[str, Any]]:
    """The records of all JSON Lines files under shared/data that match *pattern*; none where it is absent."""
    for path in sorted(SHARED_DATA.glob(pattern)):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


def parameters(cases: list[dict[str, Any]]) -> list[Any]:
    """*cases* as parameter sets by their id, or one that skips where there are none."""
    if not cases:
        return [pytest.param({}, marks=pytest.mark.skip(reason=ABSENT))]
    return [pytest.param(case, id=case["id"]) for case in cases]


def wire_names(value: Any) -> Any:
    """Nested data with the SDKs' member names as the wire's."""
    if isinstance(value, dict):
        return {_WIRE_NAMES.get(name, name): wire_names(item) for name, item in value.items()}
    if isinstance(value, list):
        return [wire_names(item) for item in value]
    return value


def sdk_names(value: Any) -> Any:
    """Nested data with the wire's member names as the SDKs'."""
    if isinstance(value, dict):
        return {_SDK_NAMES.get(name, name): sdk_names(item) for name, item in value.items()}
    if isinstance(value, list):
        return [sdk_names(item) for item in value]
    return value


_WIRE_NAMES = {
    "SecurityGroupRuleIds": "SecurityGroupRuleId",
    "TagSpecifications": "TagSpecification",
    "Tags": "Tag",
    "UserIdGroupPairs": "Groups",
}
_SDK_NAMES = {wire: sdk for sdk, wire in _WIRE_NAMES.items()}
