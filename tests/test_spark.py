"""Spark gives the command line's answer: the same findings, counts and reports."""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from capturing import CAPTURES
from commanding import HEALTHY, REFUSED, SECRETS, run
from ec2codec.captures import Exchange, find_files
from ec2codec.cli.run import Run
from ec2codec.kernel import Kernel
from ec2codec.selection import read_bound
from ec2codec.verdict import Verdict
from sparking import KEY, needs_spark, write_tree
from test_cli_jobs import odd_log

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from pyspark.sql import DataFrame, SparkSession

    from ec2codec.tally import Tally

pytestmark = [pytest.mark.spark, needs_spark]
pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'ec2codec[spark]'")

from pyspark.cloudpickle import register_pickle_by_value  # noqa: E402

from ec2codec.integrations.spark import Summary, check_files, check_text, judge_by, judge_files, summary  # noqa: E402

Line = tuple[str, str, str, str | None, str, str, str, str, str]


class Kept:
    """A report that keeps everything."""

    def __init__(self) -> None:
        self.verdicts: list[Verdict] = []

    def add(self, verdict: Verdict) -> None:
        self.verdicts.append(verdict)

    def finish(self, _tally: Tally) -> None:
        """Nothing to do."""


def here(path: Path, **options: Any) -> tuple[Counter[Line], Tally]:
    """The findings of the command line's own run, and its counts."""
    kept = Kept()
    check = Run(kernel=judge_by(**options).kernel, reports=[kept])
    check.check(find_files([str(path)]), lambda _count: None)
    return Counter(line for verdict in kept.verdicts for line in lines(verdict)), check.tally


def lines(verdict: Verdict) -> list[Line]:
    return [
        (
            str(verdict.where),
            verdict.action,
            violation.rule,
            violation.code,
            violation.location,
            violation.severity,
            violation.message,
            str(verdict.completeness),
            str(verdict.agreement),
        )
        for violation in verdict.violations
    ]


def there(rows: DataFrame) -> Counter[Line]:
    """The findings in the rows that Spark gives."""
    found = rows.where("kind = 'finding'").select(
        "place", "action", "rule", "code", "location", "severity", "message", "completeness", "agreement"
    )
    return Counter(tuple(row) for row in found.collect())


def test_captures_have_the_command_lines_findings_and_counts(spark: SparkSession) -> None:
    expected, counts = here(CAPTURES)
    rows = check_files(spark, [str(CAPTURES)]).persist()

    assert sum(expected.values()) > 20
    assert expected == there(rows)
    assert counts == summary(rows).tally


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree")
    write_tree(folder, 1000)
    return folder


@pytest.fixture(scope="module")
def judged_tree(spark: SparkSession, tree: Path) -> DataFrame:
    # Small tasks, so that there are many of several files each.
    return check_files(spark, [str(tree)], size=400 << 20).persist()


@pytest.fixture(scope="module")
def summed_tree(judged_tree: DataFrame) -> Summary:
    return summary(judged_tree)


def test_thousand_files_have_the_command_lines_findings_and_counts(
    tree: Path, judged_tree: DataFrame, summed_tree: Summary
) -> None:
    expected, counts = here(tree)
    tally = summed_tree.tally

    assert sum(expected.values()) > 1000
    assert expected == there(judged_tree)
    assert counts == tally
    assert {"read": 1000, "incomplete": 2, "skipped": 1, "unreadable": 1} == tally.inputs


def test_reports_of_the_summary_are_the_command_lines(
    tree: Path, summed_tree: Summary, tmp_path: Path
) -> None:
    reports = ("jsonl", "text", "html")
    wanted = [word for name in reports for word in ("--report", f"{name}={tmp_path / name}")]
    result = run("check", tree, *wanted)

    assert 3 == result.exit_code
    assert [(tmp_path / name).read_bytes() for name in reports] == [*map(summed_tree.report, reports)]


def test_what_cannot_be_read_is_a_note_and_no_failed_job(tree: Path, judged_tree: DataFrame) -> None:
    notes = judged_tree.where("kind = 'note'").select("place", "severity", "message").collect()
    told = {Path(row.place).name: (row.severity, row.message) for row in notes}

    assert {"archive.zip", "broken.log.gz", "cut.log.gz", "gone.log"} == set(told)
    assert ("unreadable", "No such file or directory") == told["gone.log"]
    assert told["cut.log.gz"][1].startswith("the compressed data ends early")
    assert told["broken.log.gz"][1].startswith("the compressed data is damaged")


def test_no_secret_is_in_any_row(judged_tree: DataFrame) -> None:
    written = str(judged_tree.drop("time").collect())

    assert len(written) > 100_000
    assert KEY not in written
    assert not SECRETS.search(written.replace("Signature=<redacted>", ""))


@pytest.mark.parametrize("size", [5000, 40_000])
def test_big_file_of_lines_is_split_and_its_lines_keep_their_numbers(
    size: int, spark: SparkSession, tmp_path: Path
) -> None:
    (tmp_path / "a.log").write_bytes(odd_log(60_000))
    (tmp_path / "b.log").write_bytes(b"GET /\n" * 7000 + f"{REFUSED}\n{HEALTHY}".encode())
    (tmp_path / "c.log.gz").write_bytes(gzip.compress(odd_log(90_000)))
    (tmp_path / "d.json").write_text(json.dumps({"Records": [{"eventName": "X" * 90_000}]}))
    (tmp_path / "e.log").touch()
    expected, counts = here(tmp_path)
    rows = check_files(spark, [str(tmp_path)], size=size).persist()

    assert expected == there(rows)
    assert counts == summary(rows).tally
    assert rows.where("kind = 'input'").count() == 5
    parts = Counter(Path(row.file).name for row in rows.select("file", "part").distinct().collect())
    assert parts["a.log"] > 1
    assert 1 == parts["c.log.gz"]


def test_tasks_are_partitions_of_several_small_files(tree: Path, judged_tree: DataFrame) -> None:
    tasks = judged_tree.rdd.getNumPartitions()

    assert 1004 * 4 // 400 <= tasks <= 1004 * 4 // 400 + 2


def test_options_are_those_of_the_command_line(spark: SparkSession) -> None:
    options: dict[str, Any] = {
        "platform": "classic",
        "profile": "observed",
        "ignore": ["W414"],
        "actions": ["RevokeSecurityGroupIngress"],
        "since": read_bound("2026-11-22T17:00", end=False),
    }
    expected, counts = here(CAPTURES, **options)
    rows = check_files(spark, [str(CAPTURES)], **options).persist()

    assert expected == there(rows)
    assert counts == summary(rows).tally
    assert counts.undated > 0


def test_input_format_is_taken_as_given(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"PK\x03\x04\n" + REFUSED.encode())
    rows = check_files(spark, [str(tmp_path)], "lines")

    assert [f"{tmp_path}/x:2"] == [row.place for row in rows.where("rule = 'E201'").collect()]


def test_uri_is_read_as_the_path_is(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.log").write_text(REFUSED)
    (tmp_path / "2.log.gz").write_bytes(gzip.compress(odd_log(5000)))
    (tmp_path / "1.log").write_bytes(odd_log(30_000))
    uri = f"file://{tmp_path}"
    expected = Counter(
        {(line[0].replace(str(tmp_path), uri), *line[1:]): n for line, n in here(tmp_path)[0].items()}
    )

    assert expected == there(check_files(spark, [uri], size=3000))
    assert there(check_files(spark, [f"{uri}/1.log"])) == Counter(
        {line: count for line, count in expected.items() if "/1.log" in line[0]}
    )


def test_uri_of_nothing_is_a_note(spark: SparkSession, tmp_path: Path) -> None:
    [note, _end] = check_files(spark, [f"file://{tmp_path}/none"]).orderBy("row").collect()

    assert ("note", "unreadable") == (note.kind, note.severity)


def test_no_path_gives_no_row(spark: SparkSession) -> None:
    assert 0 == check_files(spark, []).count()


def test_column_of_text_is_judged_line_by_line(spark: SparkSession) -> None:
    file = CAPTURES / "apache-combined.log"
    rows = check_text(spark.read.text(str(file)), "value")
    expected = Counter((line[2], line[4], line[6]) for line in here(file)[0].elements())

    assert expected == Counter(
        tuple(row) for row in rows.where("rule is not null").select("rule", "location", "message").collect()
    )
    assert summary(rows).tally.calls == here(file)[1].calls


def test_column_of_files_is_judged_by_their_names(spark: SparkSession) -> None:
    files = spark.read.format("binaryFile").load(str(CAPTURES / "*.log"))
    rows = check_text(files, "content", place="path", profile="observed")
    places = {row.place.removeprefix("file:") for row in rows.where("rule is not null").collect()}

    assert {line[0] for line in here(CAPTURES, profile="observed")[0] if ".log:" in line[0]} == places


def test_rows_may_be_kept_and_counted_later(spark: SparkSession, tmp_path: Path) -> None:
    check_files(spark, [str(CAPTURES)]).repartition(3).write.parquet(str(tmp_path / "rows"))
    found = summary(spark.read.parquet(str(tmp_path / "rows")))

    assert here(CAPTURES)[1] == found.tally
    assert here(CAPTURES)[0] == Counter(line for verdict in found.verdicts() for line in lines(verdict))


def test_command_line_reports_alike_on_spark(spark: SparkSession, tmp_path: Path) -> None:
    write_tree(tmp_path / "tree", 40)

    def check(*options: str) -> tuple[int, str, str, str]:
        baseline = tmp_path / "baseline"
        report = ("--format", "jsonl", "--write-baseline", str(baseline))
        result = run("check", tmp_path / "tree", CAPTURES, *report, *options)
        return result.exit_code, result.stdout, result.stderr, baseline.read_text()

    assert check() == check("--engine", "spark")


def test_command_line_on_spark_masks_file_names_and_counts_each(spark: SparkSession, tmp_path: Path) -> None:
    for account in ("111122223333", "444455556666"):
        (tmp_path / f"{account}.log").write_text(REFUSED)
    one, two = (
        run("check", tmp_path, "--anonymize", "--format", "jsonl", "--engine", engine)
        for engine in ("local", "spark")
    )

    assert (one.stdout, one.stderr) == (two.stdout, two.stderr)
    assert "2 inputs read" in two.stderr


def test_many_notes_of_one_input_are_counted(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "log").write_text('{"SecurityGroupIngress\n' * 9)
    expected = here(tmp_path)[1]

    assert expected == summary(check_files(spark, [str(tmp_path)], size=50)).tally
    assert "and 4 more such notes" == expected.notes[-1].message


def test_file_that_cannot_be_opened_is_told(spark: SparkSession, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    [note] = summary(check_files(spark, [str(tmp_path)])).tally.notes

    assert ("unreadable", "not a regular file") == (note.kind, note.message)


class Breaking(Kernel):
    """A codec that breaks at the first line of every file."""

    def verdict(self, exchange: Exchange, tally: Tally) -> Verdict | None:
        if exchange.place.number == 1:
            raise KeyError(KEY)
        return Kernel.verdict(self, exchange, tally)


def test_record_that_breaks_the_codec_is_a_note_and_no_failed_job(
    spark: SparkSession, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log").write_text(f"{REFUSED}\n{REFUSED}\n")
    judge = judge_by()
    kernel = Breaking(codec=judge.kernel.codec, selection=judge.kernel.selection)
    # Executors have no tests: what is of them goes there as it is.
    by_value: Callable[[ModuleType], None] = register_pickle_by_value
    by_value(sys.modules[__name__])
    rows = judge_files(spark, [str(tmp_path)], replace(judge, kernel=kernel)).orderBy("row").collect()

    assert ["note", "finding", "input"] == [row.kind for row in rows]
    assert "not judged, for that broke the codec (KeyError)" == rows[0].message
    assert KEY not in "".join(capfd.readouterr())
