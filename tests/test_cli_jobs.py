"""Several processes give the report of one."""

from __future__ import annotations

import gzip
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from capturing import CAPTURES
from commanding import HEALTHY, REFUSED, WARNED, heed_interrupts, run
from ec2codec import Codec
from ec2codec.captures import ACTIONS, Note, parts
from ec2codec.captures.line_numbers import FileLines
from ec2codec.captures.parts import Part, parts_of
from ec2codec.cli import run as cli_run
from ec2codec.cli import workers as crew
from ec2codec.cli.run import Run
from ec2codec.cli.work import Message, serve
from ec2codec.cli.workers import Workers
from ec2codec.kernel import Kernel
from ec2codec.reports import REPORTS
from ec2codec.selection import Selection
from ec2codec.verdict import Verdict

KERNEL = Kernel(codec=Codec(), selection=Selection(actions=frozenset(ACTIONS)))


def odd_log(size: int) -> bytes:
    """Every kind of line that matters to where a log may be cut, over and over, *size* bytes or more."""
    kinds = [
        f"{HEALTHY}\n",
        f"{REFUSED}\n",
        "GET / nothing of interest\n" * 7,
        f"{WARNED}\n&GroupName=a\n  &FromPort=x\n",
        f"curl 'https://h/?{REFUSED}' \\\n -d X=1 \\\n\n",
        f"{REFUSED}\\\\\n\n\n&ToPort=y\n",
        "\n\r\n&\n\\\n",
        '{"SecurityGroupIngress\n',
        f'{{"request_uri":"/?{REFUSED}"}}\n',
    ]
    text = ""
    number = 0
    while len(text) < size:
        text += kinds[(number * number + number // 7) % len(kinds)]
        number += 1
    return text.encode()


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    return lambda size: monkeypatch.setattr(cli_run, "PART", size)


@pytest.mark.parametrize("report", REPORTS)
def test_captures_are_reported_alike_by_any_number_of_processes(report: str, tmp_path: Path) -> None:
    def check(jobs: str) -> tuple[int, str, str, bytes]:
        file = tmp_path / "report"
        result = run("check", CAPTURES, "--format", report, "--report", f"jsonl={file}", "--jobs", jobs)
        return result.exit_code, result.stdout, result.stderr, file.read_bytes()

    assert check("1") == check("2") == check("3")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_pipe_that_the_shell_has_opened_is_read_by_the_first_process(jobs: str, tmp_path: Path) -> None:
    (tmp_path / "log").write_text(REFUSED)
    reading, writing = os.pipe()
    with open(writing, "w") as pipe:
        pipe.write(REFUSED)
    result = run("check", str(tmp_path / "log"), f"/dev/fd/{reading}", "--jobs", jobs)
    os.close(reading)

    assert 1 == result.exit_code
    assert "2 security-group calls" in result.stderr
    assert "2 inputs read" in result.stderr


@pytest.mark.parametrize("size", [1, 97, 1000, 30_000])
def test_log_is_reported_alike_wherever_it_is_cut(
    size: int, small_parts: Callable[[int], None], tmp_path: Path
) -> None:
    (tmp_path / "a.log").write_bytes(odd_log(12_000))
    (tmp_path / "b.log.gz").write_bytes(gzip.compress(odd_log(3_000)))
    (tmp_path / "c.log").write_bytes(odd_log(5_000)[:-7])
    (tmp_path / "d.log").write_bytes(b"GET /\n" * 3000 + REFUSED.encode())
    (tmp_path / "e.log").touch()
    small_parts(size)
    one, two = (run("check", tmp_path, "--format", "concise", "--jobs", jobs) for jobs in ("1", "2"))

    assert "d.log:3001: " in one.stdout
    assert (one.exit_code, one.stdout, one.stderr) == (two.exit_code, two.stdout, two.stderr)


@pytest.mark.parametrize("size", [1, 13, 200, 5000])
def test_parts_follow_one_another_and_end_with_lines(size: int, tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(data := odd_log(4000))
    found = list(parts_of(str(file), size=size))

    assert [0, *(part.stop for part in found)] == [*(part.start for part in found), len(data)]
    assert all(data[part.start - 1 : part.start] == b"\n" for part in found[1:])
    assert all(part.start + size <= (part.stop or 0) for part in found[:-1])
    assert len(found) > 1 or size == 5000


def test_cut_is_looked_for_as_far_as_need_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MAX_LINE", 1000)
    file = tmp_path / "log"
    file.write_bytes(b"GET /\n" + b"&x\n" * 5000 + b"GET /1\nGET /2\n")
    found = list(parts_of(str(file), size=10))

    assert [Part(str(file), 0, 15_006), Part(str(file), 15_006, 15_020)] == found


@pytest.mark.parametrize(
    "name", ["mitmproxy.har", "handmade-cloudtrail.json", "vcrpy.yaml", "missing", ".", "-", "/dev/null"]
)
def test_what_cannot_be_cut_is_one_part(name: str) -> None:
    path = name if name in ("-", "/dev/null") else str(CAPTURES / name)

    assert [Part(path)] == list(parts_of(path, size=1))


def test_format_that_is_forced_decides_what_can_be_cut() -> None:
    assert [Part(str(CAPTURES / "nginx-json.log"))] == list(
        parts_of(str(CAPTURES / "nginx-json.log"), "json", size=1)
    )


def test_part_that_begins_like_a_compressed_file_is_none(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(f"GET /\nBZh91AY&SY\n{REFUSED}\n".encode())
    items = list(parts.read_part(Part(str(file), 6, 6 + 11 + len(REFUSED) + 1), None, lambda _count: None))

    assert [17] == [offset for offset, _item in items]


def test_part_that_cannot_be_read_is_noted(tmp_path: Path) -> None:
    [(offset, note)] = parts.read_part(Part(str(tmp_path / "x"), 0, 9), None, lambda _count: None)

    assert offset is None
    assert "No such file or directory" == getattr(note, "message", "")


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("left", [0, 700])
def test_file_that_becomes_shorter_says_so_once(
    left: int, jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "log"
    file.write_text(f"{REFUSED}\n" * 40)
    found = list(parts_of(str(file), size=500 if jobs > 1 else None))
    os.truncate(file, left)
    monkeypatch.setattr("ec2codec.cli.run.parts_of", lambda *_args, **_kwargs: found)
    run = Run(kernel=KERNEL, reports=[], jobs=jobs)
    run.check([str(file)], lambda _count: None)

    assert [Note(str(file), "the file became shorter while it was read")] == run.tally.notes


def test_file_that_is_gone_before_its_lines_are_counted_costs_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "log"
    file.write_text(f"{REFUSED}\n" * 40)

    class Gone(FileLines):
        def __enter__(self) -> FileLines:
            file.unlink(missing_ok=True)
            return super().__enter__()

    monkeypatch.setattr("ec2codec.cli.run.FileLines", Gone)
    monkeypatch.setattr("ec2codec.cli.run.PART", 500)
    run = Run(kernel=KERNEL, reports=[], jobs=2)
    run.check([str(file), str(CAPTURES / "nginx-json.log")], lambda _count: None)

    assert [Note(str(file), "No such file or directory", "unreadable")] == run.tally.notes
    assert 1 == run.tally.inputs["read"] == run.tally.inputs["unreadable"]


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="needs a file that cannot be read")
def test_part_that_breaks_off_is_noted() -> None:
    [(offset, note)] = parts.read_part(Part("/proc/self/mem", 0, 9), None, lambda _count: None)

    assert offset is None
    assert Note("/proc/self/mem", "Input/output error", "unreadable") == note


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_may_be_started_either_way(method: str, tmp_path: Path) -> None:
    files = [tmp_path / "1.log", tmp_path / "2.log"]
    for file in files:
        file.write_text(f"\n{REFUSED}\n{HEALTHY}\n")
    told: list[int] = []
    work = (part for file in files for part in parts_of(str(file)))
    with Workers(2, KERNEL, None, told.append, start_method=method) as workers:
        found = [
            (part.file, item.at_line(part.file, 0))
            for part, batch in workers.check(work)
            for item in batch.found
        ]

    assert [(str(file), f"{file}:2") for file in files] == [
        (file, str(item.where)) for file, item in found if isinstance(item, Verdict)
    ]
    assert sum(file.stat().st_size for file in files) == sum(told)


def test_standard_input_is_read_whatever_the_jobs(tmp_path: Path) -> None:
    (tmp_path / "1.log").write_text(REFUSED)
    (tmp_path / "2.log").write_text(REFUSED)
    arguments = ["check", str(tmp_path / "1.log"), "-", str(tmp_path / "2.log"), "--format", "concise"]
    one, two = (run(*arguments, "--jobs", jobs, stdin=REFUSED) for jobs in ("1", "2"))

    assert "\n-:1: " in one.stdout
    assert (one.stdout, one.stderr) == (two.stdout, two.stderr)


def test_much_that_is_found_waits_its_turn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(crew, "WAITING", 0)
    for number in range(4):
        (tmp_path / f"{number}.log").write_text(f"{REFUSED}\n" * (2000 if number < 2 else 1))
    one, two = (run("check", tmp_path, "--format", "concise", "--jobs", jobs) for jobs in ("1", "3"))

    assert one.stdout == two.stdout
    assert 4002 == len(two.stdout.splitlines())


def die(_kernel: Kernel, _exchange: object, _tally: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_process_that_dies_is_told_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "1.log").write_text("\n")
    (tmp_path / "2.log").write_text(REFUSED)
    (tmp_path / "3.log").write_text("\n")
    monkeypatch.setattr(Kernel, "judge", die)
    result = run("check", tmp_path, "--jobs", "2")

    assert 3 == result.exit_code
    assert (
        f"{tmp_path / '2.log'}: incomplete: the process that read it died (exit status -9)" in result.stderr
    )
    assert "2 inputs read, 1 incomplete" in result.stderr


def test_process_that_died_before_it_had_work_is_told_as_well(tmp_path: Path) -> None:
    (tmp_path / "1.log").write_text("\n")
    with Workers(1, KERNEL, None, lambda _count: None, start_method="fork") as workers:
        workers._idle[0]._process.kill()
        workers._idle[0]._process.join()
        [(_part, batch)] = workers.check([Part(str(tmp_path / "1.log"))])

    assert "the process that read it died (exit status -9)" == getattr(batch.found[0].item, "message", "")


def test_jobs_are_a_number_or_auto(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs: list[int] = []
    monkeypatch.setattr(Run, "check", lambda self, *_arguments: jobs.append(self.jobs))
    (tmp_path / "log").touch()
    for option in ("0", "auto", "1", "256"):
        assert 0 == run("check", tmp_path, "--jobs", option).exit_code
    monkeypatch.delattr(os, "sched_getaffinity")
    run("check", tmp_path, "--jobs", "auto")

    assert [1, 256] == jobs[2:4]
    assert min(jobs) >= 1
    assert os.cpu_count() == jobs[4]


@pytest.mark.parametrize("option", ["-1", "257", "two", "", "²"])
def test_jobs_that_are_none_are_usage(option: str, tmp_path: Path) -> None:
    assert 2 == run("check", tmp_path, "--jobs", option).exit_code


def test_interrupt_waits_where_masks_are_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "pthread_sigmask")
    with crew._no_interrupt():
        pass

    assert not hasattr(signal, "pthread_sigmask")


class Home:
    """A connection that serves work, takes messages, and is shut then."""

    def __init__(self, *work: Part) -> None:
        self.work = iter(work)
        self.sent: list[Message] = []

    def recv(self) -> Part:
        for part in self.work:
            return part
        raise EOFError

    def send(self, message: Message) -> None:
        self.sent.append(message)


@pytest.fixture
def heeding() -> Iterator[None]:
    """The process that serves does not heed Ctrl-C; this one does again."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeding")
def test_process_sends_home_what_it_finds_in_pieces(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("ec2codec.cli.work.MANY", 2)
    monkeypatch.setattr("ec2codec.cli.work.PAUSE", -1)
    file = tmp_path / "log"
    file.write_text(f"{REFUSED}\n" * 5)
    home = Home(*parts_of(str(file)))
    serve(home, KERNEL, None)  # type: ignore[arg-type]
    batches = [pickle.loads(message.batch) for message in home.sent]

    assert file.stat().st_size == sum(message.read for message in home.sent)
    assert [0, 2, 2, 1] == [len(batch.found) for batch in batches]
    assert 5 == sum(batch.tally.calls.total() for batch in batches)
    assert [None, None, None, 5] == [batch.lines for batch in batches]
    assert [False, False, False, True] == [message.done for message in home.sent]


@pytest.mark.usefixtures("heeding")
def test_process_that_is_soon_done_says_so_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("ec2codec.cli.work.PAUSE", 60)
    file = tmp_path / "log"
    file.write_text(f"{REFUSED}\n" * 2)
    home = Home(*parts_of(str(file)))
    serve(home, KERNEL, None)  # type: ignore[arg-type]

    assert [(file.stat().st_size, True)] == [(message.read, message.done) for message in home.sent]


def test_interrupt_of_several_processes_gives_the_summary(tmp_path: Path) -> None:
    (tmp_path / "1.log").write_text(f"{REFUSED}\n" * 400)
    command = [sys.executable, "-m", "ec2codec", "check", str(tmp_path / "1.log"), "-", "--format", "concise"]
    with subprocess.Popen(
        [*command, "--jobs", "2"],
        stdin=-1,
        stdout=-1,
        stderr=-1,
        text=True,
        preexec_fn=heed_interrupts,
        start_new_session=True,
    ) as process:
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        time.sleep(0.5)
        # As a terminal does: to all of them.
        os.killpg(process.pid, signal.SIGINT)
        process.stdout.read()
        stderr = process.stderr.read()
        watchdog.cancel()

    assert "E201" in first
    assert 130 == process.returncode
    assert "Interrupted" in stderr
    assert "400 security-group calls" in stderr
    assert "Traceback" not in stderr
