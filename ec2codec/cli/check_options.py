"""The options of ``ec2codec check``."""

from __future__ import annotations

import os
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from ec2codec.captures import ACTIONS, READABLE
from ec2codec.cli.options import find_rule
from ec2codec.discretion import Discretion
from ec2codec.errors import quoted
from ec2codec.kernel import Kernel
from ec2codec.reports import REPORTS
from ec2codec.selection import Selection, read_bound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from ec2codec import Codec

# More would only be a slip of the finger.
MAX_JOBS = 256
SPARK = "spark"
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


def _bound(_context: click.Context, option: click.Parameter, text: str | None) -> datetime | None:
    """The moment of ``--since`` or ``--until``."""
    if text is None:
        return None
    moment = read_bound(text, end=option.name == "until")
    if moment is None:
        raise click.BadParameter(
            f"expected a date or a moment such as 2026-11-22T17:01Z, got {quoted(text)!r}"
        )
    return moment


def _jobs(_context: click.Context, _option: click.Parameter, text: str) -> int:
    """The number of processes that ``--jobs`` names."""
    if text in ("0", "auto"):
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_JOBS):
        raise click.BadParameter(f"expected 0 to {MAX_JOBS} or `auto`, got {quoted(text)!r}")
    return int(text)


def check_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of ``check`` to a command, which gets the `Kernel` and the `Discretion`."""

    @wraps(command)
    def with_choices(
        *,
        codec: Codec,
        ignore: frozenset[str],
        actions: Iterable[str],
        since: datetime | None,
        until: datetime | None,
        show_secrets: bool,
        anonymize: bool,
        **options: Any,
    ) -> None:
        if since is not None and until is not None and until < since:
            raise click.UsageError("--until is before --since")
        if show_secrets and anonymize:
            raise click.UsageError("--show-secrets and --anonymize exclude each other")
        selection = Selection(actions=frozenset(actions), since=since, until=until)
        command(
            kernel=Kernel(codec=codec, selection=selection, ignore=ignore),
            discretion=Discretion(show_secrets=show_secrets, anonymize=anonymize),
            **options,
        )

    judged: Callable[..., None] = with_choices
    for option in reversed(_OPTIONS):
        judged = option(judged)
    return judged


_OPTIONS: tuple[Callable[..., Any], ...] = (
    click.argument("paths", nargs=-1, metavar="[PATH]..."),
    click.option(
        "--input-format", type=click.Choice(list(READABLE)), help="Recognised from content by default."
    ),
    click.option(
        "--format",
        "report_format",
        type=click.Choice(list(REPORTS)),
        default="text",
        show_default=True,
        help="What is written to standard output.",
    ),
    click.option(
        "--report",
        "report_files",
        metavar="FORMAT=FILE",
        multiple=True,
        callback=_report_files,
        help="Write a report to a file as well; may be repeated.",
    ),
    click.option(
        "--ignore",
        metavar="RULES",
        multiple=True,
        callback=_rule_ids,
        help="Rules not to judge by: ids or names with commas between them; may be repeated.",
    ),
    click.option(
        "--action",
        "actions",
        type=click.Choice(ACTIONS),
        multiple=True,
        default=ACTIONS,
        help="Only these calls; may be repeated.",
    ),
    click.option(
        "--since",
        metavar="TIME",
        callback=_bound,
        help="Only calls from then on: a date or a moment in ISO 8601, UTC where it has no zone.",
    ),
    click.option(
        "--until",
        metavar="TIME",
        callback=_bound,
        help="Only calls up to then, a date's last moment. Calls of unknown time are judged all the same.",
    ),
    click.option(
        "--baseline",
        "baseline_file",
        metavar="FILE",
        help="Report, and fail on, only what this baseline does not know.",
    ),
    click.option(
        "--write-baseline",
        "new_baseline_file",
        metavar="FILE",
        help="Write all findings as a baseline, to be committed and reviewed.",
    ),
    click.option(
        "--fail-on",
        type=click.Choice(["error", "warning", "never"]),
        default="error",
        show_default=True,
        help="What makes the exit status 1.",
    ),
    click.option(
        "--show-secrets", is_flag=True, help="Show access keys, signatures and tokens in the reports."
    ),
    click.option("--anonymize", is_flag=True, help="Show no account and no IP address anywhere."),
    click.option(
        "--jobs",
        metavar="N",
        default="1",
        show_default=True,
        callback=_jobs,
        help="Processes that read and judge; 0 or `auto` for one on each core. The report is the same.",
    ),
    click.option(
        "--engine",
        type=click.Choice(["local", SPARK]),
        default="local",
        show_default=True,
        help="What reads and judges: this machine, or Spark on many. The report is the same.",
    ),
    click.option(
        "--master", metavar="URL", help="The Spark cluster: spark://HOST:PORT, yarn; local[*] by default."
    ),
    click.option("--quiet", is_flag=True, help="No summary, and no word of inputs of other kinds."),
    click.option("--progress/--no-progress", default=True, help="Show the bytes done, on a terminal."),
)
