"""``ec2codec check``: recorded calls in, reports out."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import click

from ec2codec.baseline import BaselineError, NewBaseline, read_baseline
from ec2codec.captures import find_files
from ec2codec.cli.check_options import SPARK, ReportFiles, check_options
from ec2codec.cli.options import judging
from ec2codec.cli.outputs import content, replaced, report_to, standard_output, written
from ec2codec.cli.progress import progress as shown_progress
from ec2codec.cli.run import Run
from ec2codec.cli.spark import check_on_spark, refuse_on_spark
from ec2codec.cli.summary import summary
from ec2codec.cli.unveiling import unveiling
from ec2codec.errors import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ec2codec.baseline import Baseline
    from ec2codec.discretion import Discretion
    from ec2codec.tally import Tally

# Reports that keep nothing back.
AT_ONCE = frozenset({"concise", "jsonl", "github"})
INTERRUPTED, LOST, FOUND, FINE = 130, 3, 1, 0


@click.command()
@judging
@check_options
def check(
    paths: tuple[str, ...],
    report_format: str,
    fail_on: str,
    discretion: Discretion,
    quiet: bool,
    progress: bool,
    engine: str,
    master: str | None,
    **choices: Any,
) -> None:
    """Judge the security-group calls in captured traffic.

    PATH is a file, a folder, a pattern or `-` for standard input, which is read too where there is no PATH.
    Compressed files are read as they stand.

    Exit status: 0 no finding at or above --fail-on; 1 findings; 2 usage; 3 something could not be read.
    """
    if not paths and sys.stdin.isatty():
        raise click.UsageError("Give a PATH, or `-` to type requests.")
    files = find_files(paths or ["-"])
    if engine == SPARK:
        refuse_on_spark(files, choices["jobs"], discretion)
    elif master is not None:
        raise click.UsageError("--master is for --engine spark")
    with _run(report_format, discretion, **choices) as run:
        if engine == SPARK:
            check_on_spark(run, files, master, discretion)
        else:
            # Findings that are shown at once would be written into the line.
            clear = progress and not (sys.stdout.isatty() and report_format in AT_ONCE)
            with shown_progress(files, wanted=clear) as advance:
                run.check(files, advance)
    _conclude(run.tally, summary(run.tally, discretion, quiet=quiet))
    raise click.exceptions.Exit(_exit_status(run.tally, fail_on))


@contextmanager
def _run(
    report_format: str,
    discretion: Discretion,
    *,
    report_files: ReportFiles,
    baseline_file: str | None,
    new_baseline_file: str | None,
    **choices: Any,
) -> Iterator[Run]:
    """A run whose reports, and new baseline, are written when the block ends."""
    known = _known(baseline_file, discretion) if baseline_file else None
    found = NewBaseline(discretion) if new_baseline_file else None
    with ExitStack() as stack:
        write_baseline = stack.enter_context(replaced(new_baseline_file)) if new_baseline_file else None
        # Who goes away from standard output still wants the files that were asked for.
        lasting = bool(report_files or new_baseline_file)
        outputs = [(report_format, standard_output(discretion, lasting=lasting))]
        outputs += [(name, stack.enter_context(written(file, discretion))) for name, file in report_files]
        reports = [unveiling(report_to(output, name), discretion) for name, output in outputs]
        run = Run(reports=reports, baseline=known, new_baseline=found, **choices)
        yield run
        run.finish()
        for _name, output in outputs:
            output.flush()
        if write_baseline and found and run.tally.interrupted:
            # Half a baseline would have what is old reported as new.
            name = discretion.shown(str(new_baseline_file))
            click.echo(f"{name}: not written, for not all was seen", err=True)
        elif write_baseline and found:
            write_baseline(found.text())


def _known(file: str, discretion: Discretion) -> Baseline:
    try:
        return read_baseline(content(file, "--baseline"), discretion)
    except BaselineError as error:
        raise click.BadParameter(f"{shown(file)!r}: {error}", param_hint="--baseline") from None


def _conclude(tally: Tally, lines: Iterable[str]) -> None:
    if tally.findings and sys.stderr.isatty():
        click.echo(err=True)
    for line in lines:
        click.echo(line, err=True)


def _exit_status(tally: Tally, fail_on: str) -> int:
    if tally.interrupted:
        return INTERRUPTED
    if tally.lost_something:
        return LOST
    return FOUND if tally.fails(fail_on) else FINE
