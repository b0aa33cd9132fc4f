"""``ec2codec check``: recorded calls in, reports out."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from ec2codec.captures import ACTIONS, READABLE, find_files
from ec2codec.cli.options import find_rule, judging
from ec2codec.cli.run import Run
from ec2codec.cli.summary import summary
from ec2codec.discretion import Discretion
from ec2codec.reports import REPORTS, Output, wants_colour

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ec2codec.tally import Tally

INTERRUPTED, LOST, FOUND, FINE = 130, 3, 1, 0
ReportFiles = list[tuple[str, str]]


def _report_files(_context: click.Context, _option: click.Parameter, values: Iterable[str]) -> ReportFiles:
    """FORMAT and FILE of each ``--report``."""
    pairs: ReportFiles = []
    for value in values:
        name, _equals, file = value.partition("=")
        if name not in REPORTS or not file:
            raise click.BadParameter(f"expected FORMAT=FILE with a FORMAT of {', '.join(REPORTS)}")
        pairs.append((name, file))
    return pairs


def _rule_ids(_context: click.Context, _option: click.Parameter, values: Iterable[str]) -> frozenset[str]:
    """The ids of the rules in ``--ignore``."""
    words = (word.strip() for value in values for word in value.split(","))
    return frozenset(find_rule(word).id for word in words if word)


@click.command()
@judging
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--input-format", type=click.Choice(list(READABLE)), help="Recognised from content by default.")
@click.option(
    "--format",
    "report_format",
    type=click.Choice(list(REPORTS)),
    default="text",
    show_default=True,
    help="What is written to standard output.",
)
@click.option(
    "--report",
    "report_files",
    metavar="FORMAT=FILE",
    multiple=True,
    callback=_report_files,
    help="Write a report to a file as well; may be repeated.",
)
@click.option(
    "--ignore",
    metavar="RULES",
    multiple=True,
    callback=_rule_ids,
    help="Rules not to judge by: ids or names with commas between them; may be repeated.",
)
@click.option(
    "--action",
    "actions",
    type=click.Choice(ACTIONS),
    multiple=True,
    default=ACTIONS,
    help="Only these calls; may be repeated.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="error",
    show_default=True,
    help="What makes the exit status 1.",
)
@click.option("--show-secrets", is_flag=True, help="Show access keys, signatures and tokens in the reports.")
@click.option("--anonymize", is_flag=True, help="Show no account and no IP address anywhere.")
@click.option("--quiet", is_flag=True, help="No summary, and no word of inputs of other kinds.")
@click.option("--progress/--no-progress", default=True, help="Show the bytes done, on a terminal.")
def check(
    paths: tuple[str, ...],
    report_format: str,
    report_files: ReportFiles,
    fail_on: str,
    show_secrets: bool,
    anonymize: bool,
    quiet: bool,
    progress: bool,
    **choices: Any,
) -> None:
    """Judge the security-group calls in captured traffic.

    PATH is a file, a folder, a pattern or `-` for standard input, which is read too where there is no PATH.
    Compressed files are read as they stand.

    Exit status: 0 no finding at or above --fail-on; 1 findings; 2 usage; 3 something could not be read.
    """
    if not paths and sys.stdin.isatty():
        raise click.UsageError("Give a PATH, or `-` to type requests.")
    if show_secrets and anonymize:
        raise click.UsageError("--show-secrets and --anonymize exclude each other")
    discretion = Discretion(show_secrets=show_secrets, anonymize=anonymize)
    files = find_files(paths or ["-"])
    with ExitStack() as stack:
        outputs = [(report_format, _standard_output(discretion))]
        outputs += [(name, stack.enter_context(_written(file, discretion))) for name, file in report_files]
        run = Run(reports=[REPORTS[name](output) for name, output in outputs], **choices)
        with _progress(files, shown=progress) as advance:
            run.check(files, advance)
        run.finish()
        for _name, output in outputs:
            output.flush()
    _conclude(run.tally, summary(run.tally, discretion, quiet=quiet))
    raise click.exceptions.Exit(_exit_status(run.tally, fail_on))


def _conclude(tally: Tally, lines: Iterable[str]) -> None:
    if tally.findings and sys.stderr.isatty():
        click.echo(err=True)
    for line in lines:
        click.echo(line, err=True)


def _standard_output(discretion: Discretion) -> Output:
    coloured = wants_colour(terminal=sys.stdout.isatty())
    return Output(sys.stdout.buffer, coloured=coloured, discretion=discretion)


@contextmanager
def _written(file: str, discretion: Discretion) -> Iterator[Output]:
    try:
        stream: BinaryIO = open(file, "wb")  # noqa: SIM115, it is closed below
    except OSError as error:
        raise click.BadParameter(
            f"{file!r} cannot be written: {error.strerror}", param_hint="--report"
        ) from None
    with stream:
        yield Output(stream, discretion=discretion)


@contextmanager
def _progress(files: Iterable[str], *, shown: bool) -> Iterator[Callable[[int], object]]:
    """What is told the bytes as they are read; a bar on standard error if that is a terminal."""
    size = sum(map(_size, files))
    if not (shown and size and sys.stderr.isatty()):
        yield lambda _count: None
        return
    with click.progressbar(length=size, label="Checking", file=sys.stderr) as bar:
        yield bar.update


def _size(file: str) -> int:
    try:
        return os.path.getsize(file)
    except OSError:
        return 0


def _exit_status(tally: Tally, fail_on: str) -> int:
    if tally.interrupted:
        return INTERRUPTED
    if tally.lost_something:
        return LOST
    return FOUND if tally.fails(fail_on) else FINE
