"""``ec2codec check --engine spark``: the same run, with Spark to read and to judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ec2codec.captures.source import STDIN
from ec2codec.errors import quoted

if TYPE_CHECKING:
    from collections.abc import Collection

    from ec2codec.cli.run import Run
    from ec2codec.discretion import Discretion


def check_on_spark(run: Run, files: Collection[str], master: str | None, discretion: Discretion) -> None:
    """Go through the inputs.

    Raises: click.UsageError without pyspark or Java; click.ClickException where Spark gives up.
    """
    try:
        from pyspark.errors import PySparkException

        from ec2codec.columnar.batch import Judge
        from ec2codec.integrations.spark import judge_files, summary
        from ec2codec.integrations.spark.session import NoJava, session
    except ImportError:
        raise click.UsageError(
            "--engine spark needs more than ec2codec: pip install 'ec2codec[spark]'"
        ) from None
    judge = Judge(kernel=run.kernel, discretion=discretion, input_format=run.input_format)
    try:
        with session(master) as spark:
            rows = judge_files(spark, files, judge).persist()
            found = summary(rows)
            run.take(found.tally, found.verdicts())
            rows.unpersist()
    except KeyboardInterrupt:
        run.tally.interrupted = True
    except NoJava as error:
        raise click.UsageError(str(error)) from None
    except PySparkException as error:
        raise Failure(error) from None


def refuse_on_spark(files: Collection[str], jobs: int, discretion: Discretion) -> None:
    """Refuse what Spark cannot do, before anything is written.

    Raises: click.UsageError.
    """
    if STDIN in files:
        raise click.UsageError("--engine spark reads files, not standard input")
    if jobs != 1:
        raise click.UsageError("--jobs and --engine spark exclude each other: Spark counts its cores itself")
    if discretion.show_secrets:
        raise click.UsageError("--show-secrets and --engine spark exclude each other: rows travel")


class Failure(click.ClickException):
    """Spark gave up, so that something was not read; of its many words the first line."""

    exit_code = 3

    def __init__(self, error: Exception) -> None:
        words = str(error).strip().partition("\n")[0]
        super().__init__(f"Spark failed: {quoted(words)}")
