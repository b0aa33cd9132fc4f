"""What is done with every recorded call, here or in another process: chosen, judged, counted.

No file, no terminal, and no state but the tally that it is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ec2codec.verdict import Agreement, agreement_on_nothing, parameters_of, verdict_on

if TYPE_CHECKING:
    from collections.abc import Collection

    from ec2codec.captures.exchange import Exchange
    from ec2codec.codec import Codec
    from ec2codec.selection import Selection
    from ec2codec.tally import Tally
    from ec2codec.trial import Outcome
    from ec2codec.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """What to judge, and by what law; survives pickling.

    selection: the calls that are judged.
    ignore: ids of rules that are not judged by.
    """

    codec: Codec
    selection: Selection
    ignore: Collection[str] = ()

    def verdict(self, exchange: Exchange, tally: Tally) -> Verdict | None:
        """The verdict on a call, which *tally* counts; None if the call is not one of those asked for."""
        if not self.selection.takes(exchange, tally):
            return None
        return self._counted(exchange, self.codec.judge(parameters_of(exchange)), tally)

    def judge(self, exchange: Exchange, tally: Tally) -> Verdict | None:
        """The verdict on a call, if there is anything to report of it; *tally* counts the call either way."""
        if not self.selection.takes(exchange, tally):
            return None
        outcome = self.codec.judge(parameters_of(exchange))
        if not outcome.violations:
            agreement = agreement_on_nothing(exchange, self.codec)
            if agreement is not Agreement.MISSED:
                # There is nothing to report, so no report is made up.
                tally.count(exchange.completeness, agreement, exchange.time)
                return None
        verdict = self._counted(exchange, outcome, tally)
        return verdict if verdict.notable else None

    def _counted(self, exchange: Exchange, outcome: Outcome, tally: Tally) -> Verdict:
        verdict = verdict_on(exchange, self.codec, outcome, ignore=self.ignore)
        tally.add(verdict)
        return verdict
