from __future__ import annotations

import io
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import click
import pytest

from commanding import REFUSED, run
from ec2codec.cli import progress as module
from ec2codec.cli.progress import Progress


class Clock:
    """Seconds, as a test sets them."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def drawn(size: int | None, *steps: tuple[float, int]) -> list[str]:
    """What stands on the line after each step: seconds that pass, and bytes that are read meanwhile."""
    terminal, clock = io.StringIO(), Clock()
    line = Progress(terminal, size, clock)
    for seconds, count in steps:
        clock.now += seconds
        line.advance(count)
    line.erase()
    return terminal.getvalue().split("\r\x1b[2K")[1:]


def test_line_has_bar_bytes_rate_and_time_left() -> None:
    assert [
        "Checking [######------------------]  25%  250.0 MB, 250.0 MB/s, 0:03 left",
        "Checking [############------------]  50%  500.0 MB, 125.0 MB/s, 0:04 left",
        "",
    ] == drawn(1_000_000_000, (1, 250_000_000), (3, 250_000_000))


def test_line_without_an_end_has_bytes_and_rate() -> None:
    assert ["Checking  512 B, 512 B/s", "Checking  2 kB, 768 B/s", ""] == drawn(None, (1, 512), (1, 1024))


def test_line_is_not_drawn_more_often_than_eyes_see() -> None:
    assert ["Checking  3 B, 10 B/s", ""] == drawn(None, (0.1, 1), (0.05, 1), (0.15, 1))


def test_nothing_is_drawn_where_all_is_over_at_once() -> None:
    assert [""] == drawn(10, (0.01, 10))


@pytest.mark.parametrize(
    ("size", "count", "said"),
    [
        (36_610_000, 10_000, "0%  10 kB, 10 kB/s, 1:01:00 left"),
        (10, 11, "100%  11 B, 11 B/s, 0:00 left"),
        (10, 0, "0%  0 B, 0 B/s, 0:00 left"),
        (9 * 10**15, 2 * 10**12, "0%  2.0 TB, 2.0 TB/s, 1:14:59 left"),
        (10**10, 2_500_000_000, "25%  2.5 GB, 2.5 GB/s, 0:03 left"),
    ],
)
def test_figures_of_any_size(size: int, count: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")

    assert drawn(size, (1, count))[0].endswith(said)


def test_line_is_no_longer_than_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")

    assert ["Checking [#########", ""] == drawn(10, (1, 9))


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("options", "shown"),
    [([], True), (["--no-progress"], False), (["--format", "concise"], False)],
)
def test_bytes_done_are_shown_on_a_terminal(
    options: list[str], shown: bool, jobs: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "log").write_text(f"{REFUSED}\n" * 9)
    monkeypatch.setattr(module, "PAUSE", -1)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(click.testing._NamedTextIOWrapper, "isatty", lambda _self: True, raising=False)

    # What is reported at once would be written into the line, where both go to one terminal.
    assert shown == ("100%" in run("check", tmp_path, "--jobs", jobs, *options).stderr)


def test_terminal_that_is_dumb_is_shown_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "log").write_text(REFUSED)
    monkeypatch.setattr(module, "PAUSE", -1)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(click.testing._NamedTextIOWrapper, "isatty", lambda _self: True, raising=False)

    assert "Checking" not in run("check", tmp_path).stderr


def test_input_that_is_not_there_has_no_size(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(click.testing._NamedTextIOWrapper, "isatty", lambda _self: True, raising=False)
    result = run("check", tmp_path / "missing")

    assert "unreadable" in result.stderr


def test_real_terminal_is_left_with_the_summary_alone(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(f"{REFUSED}\n" * 3000)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "ec2codec", "check", str(tmp_path), "--fail-on", "never"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs, env=environment) as process:
        os.close(theirs)
        written = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                written += os.read(ours, 1 << 16)
            except OSError:  # how Linux says that the other side is closed
                break
    os.close(ours)
    last = written.decode().rpartition("\x1b[2K")[2]

    assert 0 == process.returncode
    assert "\r\x1b[2K" in written.decode()
    assert last.startswith("\r\n3000 security-group calls")
