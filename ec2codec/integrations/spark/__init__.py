"""The same check on Spark: columns of text, or trees of files, judged on as many machines as there are.

>>> findings = check_files(spark, ["s3://logs/AWSLogs/"]).where("rule is not null")  # doctest: +SKIP

Needs ``pip install 'ec2codec[spark]'`` and a Java runtime, 17 or 21, on the driver and on the executors.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pyspark.sql.functions import col, concat, lit, monotonically_increasing_id
from pyspark.sql.pandas.types import from_arrow_schema

from ec2codec.captures.relevance import ACTIONS
from ec2codec.codec import Codec
from ec2codec.columnar.batch import Judge
from ec2codec.columnar.columns import verdicts
from ec2codec.discretion import Discretion
from ec2codec.integrations.spark.planning import SIZE, distributed, packed, plan
from ec2codec.integrations.spark.results import Summary, summary
from ec2codec.integrations.spark.storage import sizes_of
from ec2codec.integrations.spark.work import judge_parts, judge_texts
from ec2codec.kernel import Kernel
from ec2codec.policy import Platform, Profile
from ec2codec.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from pyspark.sql import DataFrame, SparkSession

__all__ = ["Summary", "check_files", "check_text", "judge_by", "judge_files", "summary"]


def check_text(texts: DataFrame, column: str, *, place: str | None = None, **options: Any) -> DataFrame:
    """The verdicts on a column of strings or bytes, in each a line, a query, a document or a whole file.

    place: the column that names each; by default ``row=N`` with numbers that Spark makes.
    options: those of `judge_by`.
    Columns: `columnar.columns.verdicts`. Texts without a call give no row.
    """
    named = col(place) if place else concat(lit("row="), (monotonically_increasing_id() + 1).cast("string"))
    inputs = texts.select(named.cast("string").alias("place"), col(column).cast("binary").alias("bytes"))
    judge = judge_by(**options)
    return inputs.mapInArrow(partial(judge_texts, judge=judge), from_arrow_schema(verdicts()))


def check_files(
    spark: SparkSession,
    paths: Iterable[str],
    input_format: str | None = None,
    *,
    size: int = SIZE,
    **options: Any,
) -> DataFrame:
    """The verdicts on everything in files, folders, patterns and URIs, as ``ec2codec check`` gives them.

    paths: executors must see what they name; ``s3://``, ``gs://``, ``abfs://``, ``hdfs://`` by pyarrow.
    size: bytes of a task: beyond that files of plain lines are split, and up to that small files are packed.
    options: the others of `judge_by`.
    Columns: `columnar.columns.verdicts`; besides, a row of kind ``input`` at the end of each file.
    Raises: nothing for what cannot be read; that is a row of kind ``note``.
    """
    return judge_files(spark, paths, judge_by(input_format=input_format, **options), size=size)


def judge_files(spark: SparkSession, paths: Iterable[str], judge: Judge, *, size: int = SIZE) -> DataFrame:
    """The same, with the options made up."""
    sizes = sizes_of(paths)
    parts = plan(spark, sizes, judge.input_format, size)
    tasks = [[part._asdict() for part in task] for task in packed(parts, sizes, size)]
    return distributed(spark, tasks).mapInArrow(
        partial(judge_parts, judge=judge), from_arrow_schema(verdicts())
    )


def judge_by(
    *,
    platform: Platform | str = Platform.ANY,
    profile: Profile | str | None = Profile.DOCUMENTED,
    ignore: Iterable[str] = (),
    actions: Collection[str] = ACTIONS,
    since: datetime | None = None,
    until: datetime | None = None,
    anonymize: bool = False,
    input_format: str | None = None,
) -> Judge:
    """The options of ``ec2codec check`` as one value that executors understand.

    ignore: ids of rules. since, until: with their zones, both inclusive.
    Raises: ValueError where Codec does.
    """
    selection = Selection(actions=frozenset(actions), since=since, until=until)
    codec = Codec(platform=platform, profile=profile)
    return Judge(
        kernel=Kernel(codec=codec, selection=selection, ignore=frozenset(ignore)),
        discretion=Discretion(anonymize=anonymize),
        input_format=input_format,
    )
