"""What an executor and the driver do, piece by piece, without Spark itself."""

from __future__ import annotations

import os
import pickle
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from capturing import CAPTURES
from commanding import REFUSED, run
from ec2codec.cli.run import Run
from ec2codec.tally import Tally
from sparking import write_tree

if TYPE_CHECKING:
    import pyarrow as pa
else:
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'ec2codec[spark]'")
pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'ec2codec[spark]'")

from ec2codec.columnar.batch import batch_of
from ec2codec.columnar.columns import TEXTS
from ec2codec.integrations.spark import judge_by
from ec2codec.integrations.spark import session as sessions
from ec2codec.integrations.spark.planning import PART, Cut, Planned, look_at, packed, whole
from ec2codec.integrations.spark.results import Partial, count_rows
from ec2codec.integrations.spark.storage import _located, opened, sizes_of
from ec2codec.integrations.spark.work import judge_parts, judge_texts, rows_of_part
from test_cli_jobs import odd_log

JUDGE = judge_by()


def planned(
    file: Path, start: int = 0, stop: int | None = None, lines: int = 0, *, last: bool = True
) -> Planned:
    return Planned(3, 7, str(file).encode(), start, stop, lines, last)


def tasks(*parts: Planned) -> pa.RecordBatch:
    rows = [[part._asdict() for part in parts]]
    return pa.record_batch([pa.array(rows, pa.list_(PART))], names=["parts"])


def test_part_gives_its_rows_with_true_places(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text(f"GET /\n{REFUSED}\n{REFUSED}\n")
    [first, second, end] = rows_of_part(planned(file, 6, file.stat().st_size, 1), JUDGE)

    assert [f"{file}:2", f"{file}:3"] == [first["place"], second["place"]]
    assert [(3, 7, 0), (3, 7, 1), (3, 7, 2)] == [
        (row["input"], row["part"], row["row"]) for row in (first, second, end)
    ]
    assert "input" == end["kind"]


def test_part_that_is_not_the_last_ends_no_input(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text(f"{REFUSED}\n")

    assert ["finding"] == [
        row["kind"] for row in rows_of_part(planned(file, 0, len(REFUSED) + 1, last=False), JUDGE)
    ]


def test_what_is_unreadable_or_gone_is_a_note(tmp_path: Path) -> None:
    [note, end] = rows_of_part(planned(tmp_path, 0, 10), JUDGE)

    assert ("note", "not a regular file", "input") == (note["kind"], note["message"], end["kind"])


def test_file_that_is_lost_in_the_middle_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "log"
    file.write_text(f"{REFUSED}\n")

    def failing(*_arguments: object) -> object:
        yield f"{REFUSED}\n".encode()
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("ec2codec.captures.source._chunks", failing)
    rows = list(rows_of_part(planned(file, 0, 9999), JUDGE))

    assert ["finding", "note", "input"] == [row["kind"] for row in rows]
    assert "Input/output error" == rows[1]["message"]


def test_rows_come_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ec2codec.integrations.spark.work.ROWS", 2)
    file = tmp_path / "log"
    file.write_text(f"{REFUSED}\n" * 4)
    batches = list(judge_parts([tasks(planned(file))], judge=JUDGE))

    assert [2, 2, 1] == [batch.num_rows for batch in batches]
    assert [] == list(judge_parts([], judge=JUDGE))


def test_texts_are_judged_batch_by_batch() -> None:
    batch = pa.record_batch([pa.array(["x"]), pa.array([REFUSED.encode()])], schema=TEXTS)

    assert [1, 1] == [found.num_rows for found in judge_texts([batch, batch], judge=JUDGE)]


def test_looks_meet_and_count_every_line(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(data := odd_log(4000))
    end = len(data)
    looks = [
        Planned(0, 0, str(file).encode(), at, min(at + 300, end), end, False) for at in range(0, end, 300)
    ]
    [found] = look_at([tasks(*looks)], input_format=None)
    cuts = found.to_pylist()

    assert [0, *(cut["stop"] for cut in cuts)] == [*(cut["start"] for cut in cuts), end]
    assert data.count(b"\n") == sum(cut["lines"] for cut in cuts)
    assert len(cuts) > 3


@pytest.mark.parametrize("content", [b"\x1f\x8b", b'{"Records":[', b"PK\x03\x04"])
def test_look_at_what_cannot_be_cut_gives_nothing(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(content)
    look = Planned(0, 0, str(tmp_path / "x").encode(), 0, 1, 2, False)
    gone = Planned(1, 1, str(tmp_path / "y").encode(), 0, 1, 2, False)
    [found] = look_at([tasks(look, gone)], input_format=None)

    assert 0 == found.num_rows


def test_file_that_was_not_looked_at_everywhere_is_not_cut() -> None:
    cuts = [Cut(0, 10, 1), Cut(10, 20, 1), Cut(20, 30, 1)]

    assert cuts == whole(cuts, 30)
    assert [] == whole(cuts, 31) == whole(cuts[1:], 30) == whole([cuts[0], cuts[2]], 30) == whole([], 30)


def test_small_files_are_packed_and_big_ones_alone() -> None:
    parts = [planned(Path(name)) for name in "abcde"]
    sizes = {"a": 1, "b": 1, "c": 90 << 20, "d": 1, "e": 1}

    assert [["a", "b"], ["c"], ["d", "e"]] == [
        [part.file.decode() for part in task] for task in packed(parts, sizes, 10 << 20)
    ]
    assert [] == list(packed([], {}, 1))


def test_sizes_are_those_of_each_file_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    (tmp_path / "b").symlink_to("gone")

    assert {str(tmp_path / "a"): 5, str(tmp_path / "b"): 0} == sizes_of([str(tmp_path), str(tmp_path / "a")])
    assert {f"file://{tmp_path}/a": 5} == sizes_of([f"file://{tmp_path}/", f"file://{tmp_path}/a"])


def test_hadoops_names_of_s3_are_s3() -> None:
    store, path = _located("s3a://bucket/logs?region=eu-west-1&endpoint_override=127.0.0.1:9")

    assert ("s3", "bucket/logs") == (store.type_name, path)


def test_name_that_no_uri_holds_is_quoted(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a #1 100%.log").write_text("GET /\n")
    [uri] = sizes_of([f"file://{tmp_path}"])

    assert f"file://{tmp_path}/a%20%231%20100%25.log" == uri
    with opened(uri) as file:
        assert b"GET /\n" == file.read(9)


@pytest.mark.parametrize("uri", ["nosuch://x/y", "s3://bad bucket/%"])
def test_uri_of_no_store_is_listed_and_not_opened(uri: str) -> None:
    assert {uri: 0} == sizes_of([uri])
    with pytest.raises(OSError, match="no URI of a store"), opened(uri):
        pass


def test_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="not a regular file"), opened(str(tmp_path)):
        pass


def counted(parts: list[Planned], *, batches: int = 2) -> Tally:
    """The counts of rows, of which several executors have counted some each."""
    rows = [row for part in parts for row in rows_of_part(part, JUDGE)]
    whole = Partial()
    for start in reversed(range(batches)):
        [told] = count_rows([batch_of(rows[start::batches])])
        whole.merge(pickle.loads(told.column(0)[0].as_py()))
    return whole.tallied()


def test_counts_of_scattered_rows_are_the_command_lines(tmp_path: Path) -> None:
    write_tree(tmp_path, 30)
    (tmp_path / "notes").write_text('{"SecurityGroupIngress\n' * 9)
    names = sizes_of([str(tmp_path), str(CAPTURES)])
    parts = [Planned(at, at, name.encode(), 0, None, 0, True) for at, name in enumerate(names)]
    check = Run(kernel=JUDGE.kernel, reports=[])
    check.check(names, lambda _count: None)

    assert "and 4 more such notes" in {note.message for note in check.tally.notes}
    assert check.tally == counted(parts) == counted(parts, batches=5)


def test_part_behind_a_uri_is_read_as_the_file_is(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(data := odd_log(4000))
    spots = [(0, None), (0, len(data)), (len(REFUSED), 3000)]
    for start, stop in spots:
        here = rows_of_part(planned(tmp_path / "log", start, stop), JUDGE)
        there = rows_of_part(Planned(3, 7, f"file://{tmp_path}/log".encode(), start, stop, 0, True), JUDGE)

        assert [row.get("number") for row in here] == [row.get("number") for row in there]


def test_calls_that_are_passed_over_are_told_at_every_part(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text(f'1.2.3.4 - - [22/Nov/2026:17:01:59 +0000] "GET /?{REFUSED} HTTP/1.1" 200 1\n')
    late = judge_by(since=datetime(2027, 1, 1, tzinfo=UTC))
    [row] = rows_of_part(planned(file, 0, file.stat().st_size, last=False), late)

    [told] = count_rows([batch_of([row])])
    tally = pickle.loads(told.column(0)[0].as_py()).tallied()

    assert (None, 1) == (row["file"], row["passed_over"])
    assert (1, 0) == (tally.passed_over, tally.inputs.total())


def test_no_rows_are_no_counts() -> None:
    [batch] = count_rows([])

    assert Partial() == pickle.loads(batch.column(0)[0].as_py())
    assert 0 == Partial().tallied().calls.total()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["-", "--engine", "spark"], "standard input"),
        ([".", "--engine", "spark", "--jobs", "2"], "--jobs"),
        ([".", "--engine", "spark", "--show-secrets"], "--show-secrets"),
        ([".", "--master", "local[1]"], "--master is for --engine spark"),
    ],
)
def test_what_spark_cannot_do_is_usage(options: list[str], words: str) -> None:
    result = run("check", *options)

    assert 2 == result.exit_code
    assert words in result.stderr


def test_spark_without_java_is_usage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("pyspark.sql.SparkSession.getActiveSession", classmethod(lambda _cls: None))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    result = run("check", tmp_path, "--engine", "spark")

    assert 2 == result.exit_code
    assert "Java runtime, 17 or 21" in result.stderr


def test_spark_that_is_not_installed_is_usage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    result = run("check", tmp_path, "--engine", "spark")

    assert 2 == result.exit_code
    assert "pip install 'ec2codec[spark]'" in result.stderr


def test_new_session_is_stopped_and_runs_this_python(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []

    class Builder:
        def appName(self, name: str) -> Builder:
            return self

        def config(self, name: str, value: str) -> Builder:
            return self

        def master(self, url: str) -> Builder:
            calls.append(url)
            return self

        def getOrCreate(self) -> Builder:
            return self

        def stop(self) -> None:
            calls.append("stopped")

    class Session:
        builder = Builder()
        getActiveSession = staticmethod(lambda: None)

    monkeypatch.setattr(sessions, "SparkSession", Session)
    monkeypatch.setenv("JAVA_HOME", "/java")
    monkeypatch.delenv("PYSPARK_PYTHON", raising=False)
    for master in (None, "spark://127.0.0.1:7077"):
        with sessions.session(master):
            pass

    assert ["stopped", "spark://127.0.0.1:7077", "stopped"] == calls
    assert sys.executable == os.environ["PYSPARK_PYTHON"]


def test_interrupt_and_failure_of_spark_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from pyspark.errors import PySparkRuntimeError

    def interrupted(_master: str | None) -> None:
        raise KeyboardInterrupt

    def failed(_master: str | None) -> None:
        raise PySparkRuntimeError("Connection refused\n  at java.net")

    monkeypatch.setattr(sessions, "session", interrupted)
    assert 130 == run("check", tmp_path, "--engine", "spark").exit_code
    monkeypatch.setattr(sessions, "session", failed)
    result = run("check", tmp_path, "--engine", "spark")

    assert 3 == result.exit_code
    assert "Spark failed: Connection refused" in result.stderr
    assert "java.net" not in result.stderr
