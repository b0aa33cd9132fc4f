"""A score as a table to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ec2codec.conform.judge import Outcome
from ec2codec.rule import RULES

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence

    from ec2codec.conform.judge import Judgement
    from ec2codec.conform.score import Score
    from ec2codec.reports.output import Output

# Characters of a request that are shown.
MAX_SHOWN = 400
EXAMPLES = 2


def write_table(score: Score, output: Output, *, examples: int = EXAMPLES) -> None:
    """Write both blocks, examples of what is not as it should be, and what was passed over.

    examples: requests shown for each outcome of each row; 0: none.
    """
    _write_block("Requests that break a rule", OF_INVALID, score.rows(valid=False), output)
    _write_block("Valid requests", OF_VALID, score.rows(valid=True), output)
    if examples:
        for judgement in _shortest(score.judgements, examples):
            _write_example(judgement, output)
    for why, count in score.passed_over.most_common():
        output.line(f"{count} passed over: {why}")


def _write_block(
    title: str, columns: dict[Outcome, str], rows: Sequence[tuple[str, Counter[Outcome]]], output: Output
) -> None:
    if not rows:
        return
    names = [_named(name) for name, _ in rows]
    width = max(map(len, (title, *names)))
    output.line("  ".join([output.paint(f"{title:{width}}", "bold"), *columns.values()]))
    for name, (_, counts) in zip(names, rows, strict=True):
        cells = (_cell(counts[outcome], outcome, heading, output) for outcome, heading in columns.items())
        output.line("  ".join([f"{name:{width}}", *cells]).rstrip())
    totals = {outcome: sum(counts[outcome] for _, counts in rows) for outcome in columns}
    cells = (_cell(totals[outcome], outcome, heading, output) for outcome, heading in columns.items())
    output.line("  ".join([f"{'all':{width}}", *cells]).rstrip())
    output.line()


def _named(row: str) -> str:
    return f"{row} {RULES[row].name}" if row in RULES else row


def _cell(count: int, outcome: Outcome, heading: str, output: Output) -> str:
    text = f"{count or '-':>{len(heading)}}"
    return output.paint(text, STYLES[outcome]) if count and outcome in STYLES else text


def _shortest(judgements: Sequence[Judgement], examples: int) -> Iterator[Judgement]:
    """The shortest holes of each kind of each row, by row: they are the easiest to understand."""
    holes: dict[tuple[str, Outcome], list[Judgement]] = {}
    for judgement in judgements:
        if judgement.outcome.is_hole:
            holes.setdefault((judgement.case.row, judgement.outcome), []).append(judgement)
    for key in sorted(holes):
        yield from sorted(holes[key], key=lambda judgement: len(judgement.case.query))[:examples]


def _write_example(judgement: Judgement, output: Output) -> None:
    case = judgement.case
    output.line(f"{output.paint(judgement.outcome, STYLES[judgement.outcome])} {_named(case.row)}")
    if case.rule:
        place = f" at {output.shown(case.location)}" if case.location else ""
        output.line(f"  expected  {' or '.join(sorted(case.codes))}{place}")
    output.line(f"  answered  {output.query(judgement.said)}")
    output.line(f"  request   {output.paint(output.query(cut(case.query, MAX_SHOWN)), 'dim')}")
    output.line()


def cut(text: str, length: int) -> str:
    """*text*, or its beginning and how much more there is."""
    return text if len(text) <= length else f"{text[:length]}... ({len(text) - length} more)"


OF_INVALID = {
    Outcome.RIGHT: "right code",
    Outcome.OTHER: "other code",
    Outcome.ACCEPTED: "accepted",
    Outcome.NOTHING: "true, nothing done",
    Outcome.CRASHED: "crashed",
    Outcome.STATE: "state",
}
OF_VALID = {
    Outcome.DONE: "      done",
    Outcome.REFUSED: "   refused",
    Outcome.DIFFERENT: "    else",
    Outcome.NOTHING: "true, nothing done",
    Outcome.CRASHED: "crashed",
    Outcome.STATE: "state",
}
# What is not as it should be; a wrong code is the least of it.
STYLES = {
    Outcome.OTHER: "warning",
    Outcome.REFUSED: "error",
    Outcome.ACCEPTED: "error",
    Outcome.DIFFERENT: "error",
    Outcome.NOTHING: "error",
    Outcome.CRASHED: "error",
}
