"""A score as JSON: the counts of the table, and every case with its outcome."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ec2codec import __version__
from ec2codec.conform.table import cut
from ec2codec.rule import RULES

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable

    from ec2codec.codec import Codec
    from ec2codec.conform.judge import Judgement, Outcome
    from ec2codec.conform.score import Score
    from ec2codec.reports.output import Output

# Characters of a request; those of rule E108 have a million.
MAX_QUERY = 16_384


def write_document(score: Score, output: Output, *, endpoint: str, codec: Codec) -> None:
    """Write one JSON object. endpoint: as it was given."""
    document = {
        "ec2codec": __version__,
        "endpoint": endpoint,
        "platform": codec.platform,
        "profile": codec.profile or "none",
        "holes": score.holes,
        "complete": score.cut_short is None and not score.interrupted,
        "cut_short": score.cut_short,
        "rules": _rows(score.rows(valid=False)),
        "valid": _rows(score.rows(valid=True)),
        "passed_over": {str(why): count for why, count in score.passed_over.items()},
        "groups_left": score.left,
        "cases": [_case(judgement, output) for judgement in score.judgements],
    }
    output.line(json.dumps(document, indent=2, ensure_ascii=False))


def _rows(rows: Iterable[tuple[str, Counter[Outcome]]]) -> dict[str, Any]:
    return {
        name: {
            **({"name": RULES[name].name} if name in RULES else {}),
            **{str(outcome): count for outcome, count in sorted(counts.items())},
        }
        for name, counts in rows
    }


def _case(judgement: Judgement, output: Output) -> dict[str, Any]:
    case, answer = judgement.case, judgement.answer
    return {
        "outcome": judgement.outcome,
        "rule": case.rule,
        "codes": sorted(case.codes),
        "location": output.shown(case.location),
        "query": output.query(cut(case.query, MAX_QUERY)),
        "status": answer.status,
        "code": None if answer.code is None else output.shown(answer.code),
        # Servers quote what they were sent.
        "message": output.query(answer.message),
        "said": output.query(judgement.said),
    }
