from __future__ import annotations

import json
from pathlib import Path

import pytest

from commanding import HEALTHY, REFUSED, WARNED, run
from ec2codec import Codec
from ec2codec.baseline import BaselineError, NewBaseline, read_baseline
from ec2codec.captures import Exchange, Place
from ec2codec.discretion import Discretion
from ec2codec.fingerprint import fingerprint
from ec2codec.tally import Tally
from ec2codec.verdict import Verdict, judge

OPEN = Discretion()
MARK = "0" * 32


def verdict(query: str, number: int = 1) -> Verdict:
    place = Place("x.log", number)
    exchange = Exchange(place=place, action="RevokeSecurityGroupIngress", request=query.encode())
    return judge(exchange, Codec())


def written(*queries: str, discretion: Discretion = OPEN) -> str:
    baseline = NewBaseline(discretion)
    for query in queries:
        baseline.add(verdict(query))
    return baseline.text()


def document(**changes: object) -> bytes:
    given: dict[str, object] = {
        "ec2codec-baseline": 1,
        "anonymized": False,
        "findings": [{"fingerprint": MARK, "count": 1}],
    }
    return json.dumps({**given, **changes}).encode()


def test_baseline_has_a_line_for_each_kind_of_finding_sorted() -> None:
    text = written(WARNED, REFUSED, REFUSED.replace("Permissions.1", "Permissions.7"))

    assert ["E201", "W105", "W414"] == [line["rule"] for line in json.loads(text)["findings"]]
    assert {
        "fingerprint": fingerprint("RevokeSecurityGroupIngress", verdict(REFUSED).violations[0]),
        "count": 2,
        "rule": "E201",
        "action": "RevokeSecurityGroupIngress",
        "location": "IpPermissions.ToPort",
        "value": "80x",
    } == json.loads(text.splitlines()[1].rstrip(","))


def test_baseline_does_not_depend_on_the_order_of_calls() -> None:
    assert written(REFUSED, WARNED, WARNED) == written(WARNED, REFUSED, WARNED)


def test_baseline_of_nothing_is_one_all_the_same() -> None:
    baseline = read_baseline(written(HEALTHY).encode(), OPEN)

    assert ["E201"] == [v.rule for v in baseline.new_in(verdict(REFUSED), Tally()).violations]


def test_findings_beyond_those_counted_are_new() -> None:
    baseline = read_baseline(written(REFUSED, REFUSED).encode(), OPEN)
    tally = Tally()
    verdicts = [verdict(REFUSED, number) for number in range(1, 4)]
    for each in verdicts:
        tally.add(each)

    new = [baseline.new_in(each, tally) for each in verdicts]

    assert [0, 0, 1] == [len(each.violations) for each in new]
    assert verdicts[2] is new[2]
    assert (1, 2) == (tally.found("error"), tally.known)


def test_known_and_new_findings_of_one_call_are_told_apart() -> None:
    baseline = read_baseline(written(REFUSED).encode(), OPEN)

    new = baseline.new_in(verdict(REFUSED.replace("&Version=2012-03-01", "")), Tally())

    assert ["W414"] == [violation.rule for violation in new.violations]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"{",
        b"[" * 100_000,
        b"[]",
        b"{}",
        document(**{"ec2codec-baseline": 2}),
        document(**{"ec2codec-baseline": "1"}),
        document(anonymized=True),
        document(anonymized=0),
        document(findings=None),
        document(findings={}),
        document(findings=[None]),
        document(findings=[{}]),
        document(findings=[{"fingerprint": MARK}]),
        document(findings=[{"fingerprint": MARK, "count": 0}]),
        document(findings=[{"fingerprint": MARK, "count": True}]),
        document(findings=[{"fingerprint": MARK, "count": 1.0}]),
        document(findings=[{"fingerprint": MARK + "\n", "count": 1}]),
        document(findings=[{"fingerprint": 1, "count": 1}]),
    ],
)
def test_what_is_no_baseline_is_refused(data: bytes) -> None:
    with pytest.raises(BaselineError):
        read_baseline(data, OPEN)


def test_fault_in_a_baseline_has_its_place() -> None:
    entries = [{"fingerprint": MARK, "count": 1}, {"fingerprint": "x", "count": 1}]

    with pytest.raises(BaselineError, match="finding 2: expected a fingerprint and a count from 1 on"):
        read_baseline(document(findings=entries), OPEN)


def test_anonymized_baseline_serves_anonymized_checks_alone() -> None:
    hidden = Discretion(anonymize=True)
    data = written(REFUSED, discretion=hidden).encode()

    assert () == read_baseline(data, hidden).new_in(verdict(REFUSED), Tally()).violations
    with pytest.raises(BaselineError, match="--anonymize"):
        read_baseline(data, OPEN)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "x.log"
    file.write_text(f"{REFUSED}\n{WARNED}\n")
    return file


def test_only_new_findings_are_reported_and_fail(log: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.json"

    assert 1 == run("check", log, "--write-baseline", baseline).exit_code
    result = run("check", log, "--baseline", baseline, "--fail-on", "warning")

    assert (0, "") == (result.exit_code, result.stdout)
    assert "2 security-group calls: 2 complete\n0 errors, 0 warnings; 2 more in the baseline" in result.stderr
    log.write_text(f"{REFUSED}\n{REFUSED}\n{WARNED}\n")
    again = run("check", log, "--baseline", baseline, "--format", "concise")
    assert 1 == again.exit_code
    assert again.stdout.startswith(f"{log}:2: IpPermissions.1.ToPort: E201 ")
    assert 1 == len(again.stdout.splitlines())


def test_baseline_may_be_renewed_in_its_place(log: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.json"
    run("check", log, "--write-baseline", baseline)
    first = baseline.read_text()

    run("check", log, "--baseline", baseline, "--write-baseline", baseline)

    assert first == baseline.read_text()
    assert ["baseline.json", "x.log"] == sorted(path.name for path in tmp_path.iterdir())


def test_interrupted_check_leaves_the_baseline_as_it_was(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_arguments: object, **_options: object) -> object:
        raise KeyboardInterrupt

    baseline = tmp_path / "baseline.json"
    baseline.write_text("as it was")
    monkeypatch.setattr("ec2codec.kernel.verdict_on", stop)

    result = run("check", log, "--write-baseline", baseline)

    assert 130 == result.exit_code
    assert "as it was" == baseline.read_text()
    assert f"{baseline}: not written" in result.stderr
    assert ["baseline.json", "x.log"] == sorted(path.name for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--baseline", "{}/missing"], "cannot be read: No such file"),
        (["--baseline", "{}/x.log"], "not a baseline of ec2codec"),
        (["--write-baseline", "{}/missing/x"], "cannot be written: No such file"),
    ],
)
def test_baseline_that_is_none_is_usage(options: list[str], told: str, log: Path, tmp_path: Path) -> None:
    result = run("check", log, *(option.format(tmp_path) for option in options))

    assert 2 == result.exit_code
    assert told in " ".join(result.stderr.replace("│", "").split())
    assert "" == result.stdout
