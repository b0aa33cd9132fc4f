"""One run of one harness: atheris in a process of its own, its folders, and what it cost."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import deque
from functools import partial
from pathlib import Path

from fuzz import findings, kept, progress
from fuzz.target import Target
from fuzz.targets import seeds_of
from fuzz.words import as_dictionary

ROOT = Path(__file__).parent.parent
# Seconds of one input, and megabytes of the whole process, at which libFuzzer stops. Its seconds are the
# clock's, and a process may have to wait for a core: what takes long of that, the engine itself says.
TIMEOUT, MEMORY = 300, 1024
# Lines that are shown of a process that did not begin.
TAIL = 20


class Room:
    """The folder of one harness: corpus, seeds, dictionary, findings, progress."""

    def __init__(self, state: Path, target: Target) -> None:
        self.target = target
        self.folder = folder = state / target.name
        self.corpus, self.seeds = folder / "corpus", folder / "seeds"
        self.findings, self.stopped = folder / "findings", folder / "findings" / "stopped"
        self.dictionary, self.progress = folder / "dictionary", folder / "progress.json"

    def begin(self) -> None:
        """Go on from what is kept in the project, unless this room has a state of its own."""
        if not self.progress.exists():
            kept.unpack(kept.archive_of(self.target.name), self.folder)

    def keep(self) -> None:
        """Keep in the project what covers as much as the corpus does, and the counts."""
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            merge(self, root / "corpus")
            shutil.copy(self.progress, root)
            files = [path for path in root.rglob("*") if path.is_file()]
            kept.pack(kept.archive_of(self.target.name), files, root)

    def furnish(self) -> None:
        """Make what is missing, and write seeds and dictionary as they are now."""
        shutil.rmtree(self.seeds, ignore_errors=True)
        for folder in (self.corpus, self.seeds, self.stopped):
            folder.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds_of(self.target)):
            (self.seeds / f"{number:04}").write_bytes(seed)
        self.dictionary.write_text(as_dictionary(self.target.tokens), "ascii")

    def kinds(self) -> list[str]:
        """The kinds of findings."""
        return [kind for kind, _ in findings.kinds(self.findings)]

    def traceback(self, kind: str) -> str:
        """What was raised; empty where the process was stopped."""
        file = self.findings / kind / "traceback.txt"
        return file.read_text("utf-8") if file.exists() else ""

    def arguments(self, seconds: int, runs: int = 0) -> list[str]:
        """Of libFuzzer. runs: new inputs at most, from the same seed every time; without a limit if 0."""
        known = sum(1 for folder in (self.corpus, self.seeds) for _ in folder.iterdir())
        return [
            *([f"-runs={known + runs}", "-seed=1"] if runs else []),
            f"-max_total_time={seconds}",
            f"-max_len={self.target.max_len}",
            f"-dict={self.dictionary}",
            f"-timeout={TIMEOUT}",
            f"-report_slow_units={TIMEOUT}",
            f"-rss_limit_mb={MEMORY}",
            f"-artifact_prefix={self.stopped}/",
            "-print_final_stats=1",
            "-reload=0",
            str(self.corpus),
            str(self.seeds),
        ]


class NotBegun(Exception):
    """The process ended before it had tried anything; its text is the last that it said."""


def run(room: Room, seconds: int, runs: int = 0) -> progress.Progress:
    """Let a harness go on for so long, or so many new inputs; what it has done in all.

    An input at which the process stops is kept as a finding, and the next run goes on.
    Raises: NotBegun. KeyboardInterrupt after what was done until then is written down.
    """
    room.furnish()
    done = progress.load(room.progress)
    pulse = progress.Pulse(edges=done.edges)
    process = _started(room.arguments(seconds, runs), room)
    interrupted = False
    try:
        said = _listen(process, pulse)
    except KeyboardInterrupt:
        interrupted = True
        process.terminate()
        said = _listen(process, pulse)
    cpu = _ended(process)
    if not (pulse.executed or interrupted):
        raise NotBegun(said)
    done.add(pulse, cpu)
    done.save(room.progress)
    if interrupted:
        raise KeyboardInterrupt
    if process.returncode:
        print(f"  ended with {process.returncode}:\n{said}", flush=True)
    return done


def merge(room: Room, least: Path) -> None:
    """Copy to a new folder a few inputs that cover what all of the corpus does: a hundredth of them.

    Raises: CalledProcessError.
    """
    with tempfile.TemporaryDirectory() as folder:
        # libFuzzer starts itself anew for it, by one word.
        again = Path(folder) / "again"
        again.write_text(f'#!/bin/sh\nexec {shlex.join(_engine(room))} "$@"\n')
        again.chmod(0o700)
        least.mkdir()
        subprocess.run(
            [again, "-merge=1", f"-max_len={room.target.max_len}", least, room.corpus],
            cwd=ROOT,
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": "0", "FUZZ_PROGRAM": str(again)},
        )


def _engine(room: Room) -> list[str]:
    watched = ",".join(room.target.watched)
    return [sys.executable, "-m", "fuzz.engine", room.target.name, str(room.findings), watched]


def _started(arguments: list[str], room: Room) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*_engine(room), *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        # The same edges for the same corpus.
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )


def _listen(process: subprocess.Popen[str], pulse: progress.Pulse) -> str:
    """Take in what the process says until it ends; the last lines of it."""
    assert process.stderr is not None
    said: deque[str] = deque(maxlen=TAIL)
    for line in process.stderr:
        pulse.read(line, partial(_cpu_of, process.pid))
        said.append(line)
        if line.startswith("FINDING "):
            print(f"  {line.rstrip()}", flush=True)
    return "".join(said)


def _cpu_of(pid: int) -> float:
    """CPU seconds that a running process has taken."""
    # The name, which may hold blanks, stands in parentheses; utime and stime are fields 14 and 15 (proc(5)).
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _ended(process: subprocess.Popen[str]) -> float:
    """CPU seconds of the process, which ends."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime
