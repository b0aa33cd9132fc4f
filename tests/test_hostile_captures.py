"""Captures on bad ground: odd reads, cuts, sudden death, full disks, other interpreters."""

from __future__ import annotations

import json
import os
import pickle
import random
import resource
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

import pytest

from capturing import CAPTURES
from commanding import HEALTHY, REFUSED
from ec2codec import Codec, DecodeError, Violation, decode
from ec2codec.captures import Exchange, Note
from ec2codec.captures.reading import read_source
from ec2codec.captures.source import Source
from ec2codec.labelled import Labelled
from ec2codec.reports import REPORTS
from ec2codec.tally import Tally
from ec2codec.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = sorted(path.name for path in CAPTURES.iterdir())
# Calls that are written down at the same time: requests of OpenStack's stand one within the other.
AT_A_TIME = {"handmade-openstack.log": 3}
COMMAND = [sys.executable, "-m", "ec2codec", "check"]


def read(name: str, data: bytes, size: int) -> list[Exchange | Note]:
    """What a capture holds that comes *size* bytes at a time."""
    return list(read_source(Source(name, pieces(data, size))))


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.parametrize("name", NAMES)
def test_it_does_not_matter_in_which_pieces_a_capture_comes(name: str) -> None:
    if name.endswith(".flow"):
        pytest.importorskip("mitmproxy", reason="mitmproxy is not installed (extra mitm)")
    data = (CAPTURES / name).read_bytes()
    whole = read(name, data, len(data))

    assert any(isinstance(item, Exchange) for item in whole)
    for size in (1, 2, 7, 4096, 65_537):
        assert read(name, data, size) == whole, size


@pytest.mark.parametrize("name", NAMES)
def test_a_capture_cut_anywhere_holds_no_call_that_is_not_in_the_whole(name: str) -> None:
    data = (CAPTURES / name).read_bytes()
    noise = random.Random(name)
    requests = {str(item.place): item.request for item in read(name, data, 1 << 20) if has_request(item)}

    for end in sorted(noise.sample(range(len(data)), 40)):
        calls = [item for item in read(name, data[:end], 1 << 20) if has_request(item)]

        places = [str(call.place) for call in calls]
        assert len(set(places)) == len(places)
        assert requests.keys() >= set(places), end
        # Only those that the cut goes through may be others than they were.
        changed = sum(call.request != requests[str(call.place)] for call in calls)
        assert changed <= AT_A_TIME.get(name, 1), end


def has_request(item: Exchange | Note) -> TypeGuard[Exchange]:
    return isinstance(item, Exchange) and item.request is not None


@pytest.fixture(scope="module")
def long_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    log = tmp_path_factory.mktemp("captures") / "long.log"
    log.write_text(f"{REFUSED}\n{HEALTHY}\n" * 1_500)
    return log


@pytest.fixture(scope="module")
def whole_report(long_log: Path) -> bytes:
    return subprocess.run([*COMMAND, "--format", "jsonl", long_log], stdout=-1, stderr=-1).stdout


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("after", [0.0, 0.3, 0.6, 0.9])
def test_what_a_killed_check_has_written_is_the_beginning_of_its_report(
    after: float, jobs: str, long_log: Path, whole_report: bytes, tmp_path: Path
) -> None:
    baseline = tmp_path / "baseline"
    baseline.write_text("as it was")
    arguments = ["--format", "jsonl", "--jobs", jobs, "--write-baseline", str(baseline), str(long_log)]
    with subprocess.Popen([*COMMAND, *arguments], stdout=-1, stderr=-1, start_new_session=True) as process:
        assert process.stdout is not None
        written = process.stdout.read(max(1, int(after * len(whole_report))))
        os.killpg(process.pid, signal.SIGKILL)
        written += process.stdout.read()

    assert -signal.SIGKILL == process.returncode
    assert whole_report.startswith(written)
    assert all(json.loads(line)["rule"] == "E201" for line in written.splitlines()[:-1])
    assert "as it was" == baseline.read_text()


def limit_files(size: int) -> None:
    # Python ignores SIGXFSZ: what is written over the limit is an error like that of a disk that is full.
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("size", [0, 4096])
def test_a_report_for_which_there_is_no_room_is_told(
    report: str, size: int, long_log: Path, tmp_path: Path
) -> None:
    file = tmp_path / "report"
    result = subprocess.run(
        [*COMMAND, "--quiet", "--report", f"{report}={file}", "--format", "concise", long_log],
        stdout=subprocess.DEVNULL,
        stderr=-1,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=partial(limit_files, size),
    )

    if size and not result.stderr:  # some reports are short, however much was found
        assert 1 == result.returncode
        assert 0 < file.stat().st_size <= size
        return
    assert "Error: the output cannot be written: File too large\n" == result.stderr
    assert 3 == result.returncode


def reports_of(folder: Path, *options: str, **environment: str) -> dict[str, bytes]:
    """What every kind of report says of all captures, and the two streams."""
    asked = [option for name in REPORTS for option in ("--report", f"{name}={folder / name}")]
    result = subprocess.run(
        [sys.executable, *options, *COMMAND[1:], *asked, str(CAPTURES)],
        env={**os.environ, "PYTHONHASHSEED": "0", **environment},
        capture_output=True,
    )
    # 3 where an extra is missing, which not all captures can be read without.
    assert result.returncode in (1, 3), result.stderr
    streams = {"stdout": result.stdout, "stderr": result.stderr}
    return streams | {name: (folder / name).read_bytes() for name in REPORTS}


def test_the_reports_do_not_depend_on_the_interpreter(tmp_path: Path) -> None:
    expected = reports_of(tmp_path)

    assert reports_of(tmp_path, PYTHONHASHSEED="7") == expected
    assert reports_of(tmp_path, "-O", LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0") == expected
    assert reports_of(tmp_path, "-X", "int_max_str_digits=640", TZ="Asia/Kolkata") == expected


def things() -> dict[str, Any]:
    """What may have to cross to another process: one of each kind."""
    exchanges = read("nginx-postdata.log", (CAPTURES / "nginx-postdata.log").read_bytes(), 1 << 20)
    exchange = next(item for item in exchanges if isinstance(item, Exchange))
    verdict = judge(exchange, Codec())
    tally = Tally()
    tally.add(verdict)
    case = Labelled(REFUSED, "E201", "InvalidParameterValue", "IpPermissions.1.ToPort", {"platform": "vpc"})
    return {
        "request": decode(HEALTHY),
        "exchange": exchange,
        "verdict": verdict,
        "note": Note("a.log", "cut short"),
        "tally": tally,
        "case": case,
        "violations": case.violations(),
    }


def back(thing: Any) -> Any:
    return thing


def refuse(query: str) -> object:
    return decode(query)


def test_everything_crosses_a_pool_of_processes() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        for kind, thing in things().items():
            assert pool.submit(back, thing).result() == thing, kind
        error = pool.submit(refuse, REFUSED).exception()

    assert isinstance(error, DecodeError)
    assert all(isinstance(violation, Violation) for violation in error.violations)
    assert ["E201"] == [violation.rule for violation in error.violations]


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_everything_survives_every_pickle_that_knows_slots(protocol: int) -> None:
    for kind, thing in things().items():
        assert pickle.loads(pickle.dumps(thing, protocol)) == thing, kind
