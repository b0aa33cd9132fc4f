"""``--show-secrets``: reports get the values that the codec kept back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ec2codec.discretion import unveiled

if TYPE_CHECKING:
    from ec2codec.discretion import Discretion
    from ec2codec.reports import Report
    from ec2codec.tally import Tally
    from ec2codec.verdict import Verdict


def unveiling(report: Report, discretion: Discretion) -> Report:
    """*report*, which gets recorded values in the verdicts if *discretion* shows secrets."""
    return _Unveiling(report) if discretion.show_secrets else report


class _Unveiling:
    def __init__(self, report: Report) -> None:
        self._report = report

    def add(self, verdict: Verdict) -> None:
        self._report.add(unveiled(verdict))

    def finish(self, tally: Tally) -> None:
        self._report.finish(tally)
