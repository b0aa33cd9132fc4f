"""A judgement in a process of its own: what a mutant breaks, eats up or never ends is gone with it."""

from __future__ import annotations

import resource
import signal
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Literal, NamedTuple

Outcome = Literal["killed", "timed out", "survived"]
# A mutant that eats memory is stopped by it; the tests need a tenth.
MEMORY = 2 * 1024**3
# Seconds of processor time for one test, or for the imports; the slowest needs a tenth.
ALLOWANCE = 10
# Seconds by the clock for all of them; only what waits for ever needs so many.
PATIENCE = 900.0


class Judgement(NamedTuple):
    """What came of one run of the tests. killer: the test that failed first. seconds: of processor time."""

    outcome: Outcome
    killer: str
    seconds: float


def judge(first_failure: Callable[[], str]) -> Judgement:
    """What came of a run of tests. first_failure: runs them, in the child; ``""`` if none fails."""
    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_testify, args=(first_failure, there))
    before = _seconds()
    child.start()
    there.close()
    try:
        child.join(PATIENCE)
        late = child.is_alive()
    finally:
        child.kill()
        child.join()
    killer = _word_of(here)
    if late or child.exitcode == -signal.SIGXCPU:
        return Judgement("timed out", "", _seconds() - before)
    return Judgement("survived" if killer == "" else "killed", killer or "", _seconds() - before)


def _word_of(child: Connection) -> str | None:
    with child:
        try:
            word: str = child.recv()
        except EOFError:
            return None
    return word


def _testify(first_failure: Callable[[], str], there: Connection) -> None:
    """The child: says which test failed, ``""`` if none did, or ends without a word."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    limit_time()
    there.send(first_failure())


def limit_time() -> None:
    """From now on, as much processor time as a test may have; then the process ends."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + ALLOWANCE, hard))


def _seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
