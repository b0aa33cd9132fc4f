from __future__ import annotations

import errno
import json
import os
import runpy
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import ec2codec
from commanding import HEALTHY, REFUSED, heed_interrupts, run
from ec2codec.cli.outputs import standard_output
from ec2codec.discretion import Discretion


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "x.log"


def test_module_is_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    # By its path: pytest's loader of a plugin's package has not what runpy needs to run it by its name.
    file = str(Path(ec2codec.__file__).with_name("__main__.py"))
    monkeypatch.setattr(sys, "argv", ["x", "--version"])
    with pytest.raises(SystemExit):
        runpy.run_path(file, run_name="__main__")
    runpy.run_path(file, run_name="imported")

    assert f"ec2codec, version {ec2codec.__version__}\n" == capsys.readouterr().out


def test_importing_the_library_loads_no_tool() -> None:
    code = "import sys, ec2codec; print(sorted({'click', 'ec2codec.captures'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "[]\n" == result.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash for a pipe")
def test_reader_that_goes_away_is_no_error(log: Path) -> None:
    log.write_text((REFUSED + "\n") * 5000)
    command = f"{sys.executable} -m ec2codec check --format concise {log} | head -1"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True)

    assert 1 == len(result.stdout.splitlines())
    assert "Traceback" not in result.stderr
    assert "Exception" not in result.stderr


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash for a pipe")
def test_reports_in_files_are_whole_though_no_one_reads_standard_output(log: Path, tmp_path: Path) -> None:
    log.write_text((REFUSED + "\n") * 5000)
    page, whole = tmp_path / "page.jsonl", tmp_path / "whole.jsonl"
    check = f"{sys.executable} -m ec2codec check --format concise {log} --report jsonl="
    cut = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {check}{page} | head -1"], capture_output=True, text=True
    )
    subprocess.run(["bash", "-c", f"{check}{whole}"], capture_output=True)

    assert whole.read_bytes() == page.read_bytes()
    assert 5000 <= len(page.read_bytes().splitlines())
    assert 1 == cut.returncode
    assert "5000 security-group calls" in cut.stderr
    assert "Traceback" not in cut.stderr


def test_standard_output_that_lasts_outlives_its_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        output = standard_output(Discretion(), lasting=True)
        output.line("unread " * 100_000)
        output.line("more")
        output.flush()

        assert os.fstat(stdout.fileno()).st_rdev == os.stat(os.devnull).st_rdev


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["check", "rules"])
def test_disk_that_is_full_is_told(command: str, log: Path) -> None:
    log.write_text((REFUSED + "\n") * 500)
    arguments = ["--format", "concise", str(log)] if command == "check" else []
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "ec2codec", command, *arguments], stdout=full, stderr=-1, text=True
        )

    assert "Error: the output cannot be written: No space left on device\n" == result.stderr
    assert 3 == result.returncode


@pytest.mark.parametrize(("number", "status"), [(errno.ENOSPC, 3), (errno.EPIPE, 1)])
def test_output_that_fails_ends_the_command(
    number: int, status: int, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    log.write_text(REFUSED)
    monkeypatch.setattr("ec2codec.reports.output.Output.line", fail)

    assert status == run("check", log).exit_code


def test_output_is_utf8_in_any_locale(log: Path) -> None:
    log.write_text(HEALTHY.replace("sg-1a2b3c4d", "caf%C3%A9"))
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "ec2codec", "check", "--format", "jsonl", str(log)]
    result = subprocess.run(command, capture_output=True, env=environment)

    assert "café" == json.loads(result.stdout.decode("utf-8"))["value"]


def test_interrupt_of_a_process_gives_the_summary() -> None:
    command = [sys.executable, "-m", "ec2codec", "check", "-", "--format", "concise"]
    with subprocess.Popen(
        command, stdin=-1, stdout=-1, stderr=-1, text=True, preexec_fn=heed_interrupts
    ) as process:
        watchdog = threading.Timer(30, process.kill)
        watchdog.start()
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        # Enough to be read before the end, and little enough to fit into the pipe on the other side.
        process.stdin.write((REFUSED + "\n") * 400)
        process.stdin.flush()
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        stderr = process.stderr.read()
        watchdog.cancel()

    assert "E201" in first
    assert 130 == process.returncode
    assert "Interrupted" in stderr
    assert "Traceback" not in stderr
