"""Verdicts as columns: the same verdicts come back, and nothing secret is among them."""

from __future__ import annotations

import gzip
import pickle
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from capturing import CAPTURES
from commanding import HEALTHY, REFUSED, SECRETS
from ec2codec import Codec
from ec2codec.captures import ACTIONS, Completeness, Exchange, Note, Place, find_files, read_input
from ec2codec.discretion import Discretion
from ec2codec.kernel import Kernel
from ec2codec.selection import Selection, read_bound
from ec2codec.tally import Tally
from ec2codec.verdict import Verdict
from sparking import KEY

if TYPE_CHECKING:
    import pyarrow as pa
else:
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'ec2codec[spark]'")

from ec2codec.columnar.batch import Judge, batch_of, judge_batch, rows_in
from ec2codec.columnar.columns import TEXTS, request_type, verdicts
from ec2codec.columnar.rows import CARRYING, rows_of, verdict_of, verdicts_of

GOLDEN = Path(__file__).parent.parent / "docs" / "spark.md"
KERNEL = Kernel(codec=Codec(), selection=Selection(actions=frozenset(ACTIONS)))
JUDGE = Judge(kernel=KERNEL)
COMPLETE = Completeness.COMPLETE


def batch(*contents: bytes | None) -> pa.RecordBatch:
    places = [f"text {number}" for number in range(len(contents))]
    return pa.record_batch([pa.array(places), pa.array(contents, pa.binary())], schema=TEXTS)


def judged(*contents: bytes | None, judge: Judge = JUDGE) -> list[dict[str, object]]:
    return [
        {name: value for name, value in row.items() if value is not None}
        for row in rows_in(judge_batch(batch(*contents), judge))
    ]


def recorded_verdicts(tally: Tally) -> list[Verdict]:
    """The verdicts on every capture, as the command line judges them."""
    items = (item for file in find_files([str(CAPTURES)]) for item in read_input(file))
    found = (KERNEL.verdict(item, tally) for item in items if isinstance(item, Exchange))
    return [verdict for verdict in found if verdict is not None]


def test_verdicts_on_captures_come_back_from_rows() -> None:
    counted, again = Tally(), Tally()
    expected = recorded_verdicts(counted)
    rows = [row for verdict in expected for row in rows_of(verdict, Discretion())]
    actual = list(verdicts_of(rows_in(batch_of(rows))))
    for verdict in actual:
        again.add(verdict)

    shown = Discretion().parameters
    assert counted == again
    assert [str(verdict.where) for verdict in expected] == [str(verdict.where) for verdict in actual]
    assert [[*map(str, verdict.violations)] for verdict in expected] == [
        [*map(str, verdict.violations)] for verdict in actual
    ]
    assert [shown(verdict.sent) for verdict in expected if verdict.notable] == [
        shown(verdict.sent) for verdict in actual if verdict.notable
    ]


def test_rows_may_be_counted_in_any_order_and_one_by_one() -> None:
    expected, actual = Tally(), Tally()
    rows = [row for verdict in recorded_verdicts(expected) for row in rows_of(verdict, Discretion())]
    for row in reversed(rows_in(batch_of(rows))):
        count = actual.add if row["finding"] <= 1 else actual.add_findings
        count(verdict_of(row))

    assert expected == actual


@pytest.mark.parametrize(
    "time",
    [
        datetime(2026, 11, 22, 17, 1, 59, 123456, timezone(timedelta(hours=5, minutes=30))),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(-timedelta(hours=12))),
        datetime(1969, 12, 31, 23, 59, 59, 999999, UTC),
    ],
)
def test_time_comes_back_with_its_zone(time: datetime) -> None:
    verdict = Verdict(where=Place("x", 1), action=ACTIONS[0], completeness=COMPLETE, violations=(), time=time)
    [back] = verdicts_of(rows_in(batch_of(list(rows_of(verdict, Discretion())))))

    assert back.time is not None
    assert time.isoformat() == back.time.isoformat()


def test_no_rows_are_no_verdicts() -> None:
    assert [] == list(verdicts_of([]))


def test_zone_that_no_clock_has_is_no_time() -> None:
    odd = datetime(2026, 1, 1, tzinfo=timezone(timedelta(milliseconds=500)))
    verdict = Verdict(where=Place("x", 1), action=ACTIONS[0], completeness=COMPLETE, violations=(), time=odd)
    [row] = rows_of(verdict, Discretion())

    assert "time" not in row


def test_status_that_no_column_holds_is_none() -> None:
    verdict = Verdict(
        where=Place("x", 1), action=ACTIONS[0], completeness=COMPLETE, violations=(), status=2**31
    )
    [row] = rows_of(verdict, Discretion())

    assert row["status"] is None


def test_kernel_takes_any_capture_in_a_cell() -> None:
    rows = judged(
        REFUSED.encode(),
        b"GET / HTTP/1.1",
        None,
        b"",
        gzip.compress(f"\n{HEALTHY}\n".encode()),
        b"PK\x03\x04",
    )

    assert [("finding", "text 0:1", "E201"), ("call", "text 4:2", None), ("note", "text 5", None)] == [
        (row["kind"], row["place"], row.get("rule")) for row in rows
    ]


def test_kernel_is_pure_and_survives_pickling() -> None:
    texts = batch(REFUSED.encode(), HEALTHY.encode())
    again = pickle.loads(pickle.dumps(JUDGE))

    assert judge_batch(texts, JUDGE).equals(judge_batch(texts, again))
    assert verdicts().equals(judge_batch(batch(), JUDGE).schema)


def test_request_is_told_by_its_wire_names() -> None:
    [row] = judged(HEALTHY.encode())
    request = row["request"]
    assert isinstance(request, dict)

    assert "sg-1a2b3c4d" == request["GroupId"]
    assert {"CidrIp": "10.0.0.0/8", "Description": None} == request["IpPermissions"][0]["IpRanges"][0]
    assert 80 == request["IpPermissions"][0]["FromPort"]


def test_long_columns_are_not_repeated_for_every_finding() -> None:
    ranges = "".join(f"&IpPermissions.1.IpRanges.{n}.CidrIp=10.{n}.0.1/8" for n in range(2, 40))
    rows = judged(
        f"{HEALTHY}{ranges}".encode(),
        judge=replace(JUDGE, kernel=replace(KERNEL, codec=Codec(profile="observed"))),
    )

    assert len(rows) > 30
    assert CARRYING == sum("sent" in row for row in rows)


def test_calls_outside_the_time_are_counted_and_nothing_else() -> None:
    selection = Selection(actions=frozenset(ACTIONS), since=read_bound("2027-01-01", end=False))
    line = f'1.2.3.4 - - [22/Nov/2026:17:01:59 +0000] "GET /?{REFUSED} HTTP/1.1" 200 1'
    rows = judged(
        line.encode(), REFUSED.encode(), judge=replace(JUDGE, kernel=replace(KERNEL, selection=selection))
    )

    assert ["finding", "input"] == [row["kind"] for row in rows]
    assert {"kind": "input", "passed_over": 1, "undated": 1} == rows[-1]


def test_secret_is_in_no_row(tmp_path: Path) -> None:
    signed = (
        f"{HEALTHY}&AWSAccessKeyId={KEY}&Signature=EXAMPLEsig&SecurityToken=EXAMPLETOKEN&GroupName=x{KEY}"
    )
    rows = judged(signed.encode(), *(Path(file).read_bytes() for file in find_files([str(CAPTURES)])))

    assert len(rows) > 50
    assert not SECRETS.search(str(rows).replace("Signature=<redacted>", ""))


def test_anonymous_rows_have_no_address() -> None:
    [row] = judged(
        HEALTHY.replace("Id=sg-", "Id=xx-").encode(),
        judge=replace(JUDGE, discretion=Discretion(anonymize=True)),
    )

    assert "10.0.0.0" not in str(row)


def test_rows_never_show_secrets() -> None:
    with pytest.raises(ValueError, match="secrets"):
        Judge(kernel=KERNEL, discretion=Discretion(show_secrets=True))


def break_down(*_arguments: object) -> None:
    raise KeyError(KEY)


def test_reader_that_breaks_is_a_note_without_what_it_read() -> None:
    def items() -> object:
        yield Note("x", "first")
        break_down()

    rows = list(JUDGE.rows("x", items(), Tally()))  # type: ignore[arg-type]

    assert ["first", "what follows broke the reader (KeyError) and was not read"] == [
        row["message"] for row in rows
    ]


def test_record_that_breaks_the_codec_is_a_note_and_the_next_is_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = Kernel.verdict

    def verdict(self: Kernel, exchange: Exchange, tally: Tally) -> Verdict | None:
        if exchange.place.number == 1:
            break_down()
        return whole(self, exchange, tally)

    monkeypatch.setattr(Kernel, "verdict", verdict)
    rows = judged(f"{REFUSED}\n{REFUSED}\n".encode())

    assert ["text 0:1", "text 0:2"] == [row["place"] for row in rows]
    assert "not judged, for that broke the codec (KeyError)" == rows[0]["message"]
    assert KEY not in str(rows)


def test_documented_columns_are_the_columns() -> None:
    text = GOLDEN.read_text("utf-8")
    table = [
        f"| `{field.name}` | {field.type} | {(field.metadata or {})[b'comment'].decode()} |"
        for field in verdicts()
        if field.name != "request"
    ]

    assert [] == [line for line in table if line not in text]


def test_documented_request_is_the_shape() -> None:
    assert "\n".join(tree_of(request_type())) in GOLDEN.read_text("utf-8")


def tree_of(kind: pa.StructType, depth: int = 0) -> list[str]:
    """A struct as indented lines."""
    lines = []
    for field in kind:
        inner = field.type.value_type if pa.types.is_list(field.type) else field.type
        mark = "list of " if pa.types.is_list(field.type) else ""
        if pa.types.is_struct(inner):
            lines += [f"{'  ' * depth}{field.name}: {mark}struct", *tree_of(inner, depth + 1)]
        else:
            lines.append(f"{'  ' * depth}{field.name}: {mark}{inner}")
    return lines


def test_core_never_sees_arrow_or_spark() -> None:
    code = (
        "import sys, ec2codec, ec2codec.cli, ec2codec.cli.check, ec2codec.kernel, ec2codec.integrations;"
        "print([name for name in ('pyarrow', 'pyspark', 'pandas', 'numpy') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "[]" == run.stdout.strip()
