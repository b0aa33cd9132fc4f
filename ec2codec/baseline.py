"""The findings that a team has accepted: only what comes on top of them is new.

A baseline is a JSON file, sorted, one kind of finding on a line, so that its changes can be reviewed:

``{"fingerprint": "0d5f...", "count": 3, "rule": "E303", "action": ..., "location": ..., "value": ...}``

Only fingerprint and count are read back; the rest is there for people.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ec2codec.fingerprint import described, fingerprint

if TYPE_CHECKING:
    from ec2codec.discretion import Discretion
    from ec2codec.errors import Violation
    from ec2codec.tally import Tally
    from ec2codec.verdict import Verdict

MARK = "ec2codec-baseline"
# Of the format, and of what a fingerprint is made of.
VERSION = 1
_FINGERPRINT = re.compile(r"[0-9a-f]{32}")


class BaselineError(ValueError):
    """A file is no baseline, or one of another version or for other reports."""


class Baseline:
    """The findings of a baseline that did not come up yet.

    As many findings of a fingerprint are known as there were when the baseline was written.
    """

    def __init__(self, counts: Counter[str], discretion: Discretion) -> None:
        self._left = Counter(counts)
        self._discretion = discretion

    def new_in(self, verdict: Verdict, tally: Tally) -> Verdict:
        """The verdict with the new findings alone; *tally* is told of the others.

        Verdicts must come in the order of the inputs: of findings that look alike the first are known.
        """
        known: list[Violation] = []
        new: list[Violation] = []
        for violation in verdict.violations:
            (known if self._takes(verdict.action, violation) else new).append(violation)
        if not known:
            return verdict
        tally.discount(verdict, known)
        return replace(verdict, violations=tuple(new))

    def _takes(self, action: str, violation: Violation) -> bool:
        mark = fingerprint(action, violation, self._discretion)
        if self._left[mark] <= 0:
            return False
        self._left[mark] -= 1
        return True


@dataclass(slots=True)
class NewBaseline:
    """All findings of a check, counted for a baseline; its size grows with their kinds."""

    discretion: Discretion
    _counts: Counter[str] = field(default_factory=Counter)
    _entries: dict[str, dict[str, str | None]] = field(default_factory=dict)

    def add(self, verdict: Verdict) -> None:
        """Count the findings in one call, known ones too."""
        for violation in verdict.violations:
            mark = fingerprint(verdict.action, violation, self.discretion)
            self._counts[mark] += 1
            if mark not in self._entries:
                self._entries[mark] = self._entry(verdict.action, violation)

    def _entry(self, action: str, violation: Violation) -> dict[str, str | None]:
        location, value = described(violation, self.discretion)
        return {"rule": violation.rule, "action": action, "location": location, "value": value}

    def text(self) -> str:
        """The file, in ASCII."""
        head = {MARK: VERSION, "anonymized": self.discretion.anonymize}
        lines = ",\n".join(f"  {json.dumps(entry)}" for entry in sorted(self._listed(), key=_order))
        return f'{json.dumps(head)[:-1]}, "findings": [\n{lines}\n]}}\n'

    def _listed(self) -> list[dict[str, Any]]:
        return [
            {"fingerprint": mark, "count": self._counts[mark], **entry}
            for mark, entry in self._entries.items()
        ]


def _order(entry: dict[str, Any]) -> tuple[str, ...]:
    # By what people look for; the fingerprint last, for two values may look alike.
    return tuple(str(entry[name]) for name in ("rule", "action", "location", "value", "fingerprint"))


def read_baseline(data: bytes, discretion: Discretion) -> Baseline:
    """The baseline in a file.

    Raises: BaselineError that says what is wrong with it.
    """
    document = _document(data)
    if not isinstance(document, dict) or MARK not in document:
        raise BaselineError("not a baseline of ec2codec")
    if document[MARK] != VERSION:
        raise BaselineError(f"expected a baseline of version {VERSION}, got another; write it anew")
    if document.get("anonymized") is not discretion.anonymize:
        raise BaselineError("written with other --anonymize than this: its fingerprints tell nothing here")
    return Baseline(_counts(document.get("findings")), discretion)


def _document(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise BaselineError("not a baseline of ec2codec: not JSON") from None


def _counts(entries: object) -> Counter[str]:
    counts: Counter[str] = Counter()
    for number, entry in enumerate(entries if isinstance(entries, list) else [None], 1):
        mark, count = (entry.get("fingerprint"), entry.get("count")) if isinstance(entry, dict) else (None, 0)
        if (
            not (isinstance(mark, str) and _FINGERPRINT.fullmatch(mark))
            or type(count) is not int
            or count < 1
        ):
            raise BaselineError(f"finding {number}: expected a fingerprint and a count from 1 on")
        counts[mark] += count
    return counts
