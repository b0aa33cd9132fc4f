"""Mutants before the tests, which one process collects and its forks run.

Where the change is inside a function, the child puts the changed code into its place and runs the tests that
call it. Elsewhere, in what an import does, the child forgets ec2codec and the tests, and imports them anew.
Nothing is written, so that any number of children may run side by side. Programs that a test starts see the
module as it is on disk.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import hypothesis
import pytest

from mutation.forking import Judgement, judge, limit_time
from mutation.memory import Mutated
from mutation.stages import STAGES
from mutation.swapping import changed_function, compiled, put

TESTS = str(Path(__file__).resolve().parent.parent / "tests")
PACKAGE = str(Path(__file__).resolve().parent.parent / "ec2codec")
OPTIONS = ("-x", "-q", "--no-header", "--no-summary", "--tb=no", "--assert=plain", "-p", "no:cacheprovider")


class Court:
    """A pytest plugin that, once all tests are collected, has them judge mutant after mutant.

    sit: called with it then; it asks `judge` as often as it likes.
    """

    def __init__(self, sit: Callable[[Court], object]) -> None:
        self.sit = sit
        self.killer = ""
        self.items: list[pytest.Item] = []
        self.callers: dict[str, set[str]] = {}
        # Tests by what they told, and how often.
        self.telling: dict[tuple[Path, str], Counter[str]] = defaultdict(Counter)

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self) -> None:
        """Follow on conftest.py, and narrow its settings: every property looks at few examples, the same."""
        few = hypothesis.settings(hypothesis.settings(), max_examples=25, derandomize=True, database=None)
        hypothesis.settings.register_profile("mutation", few)
        hypothesis.settings.load_profile("mutation")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Called after each file is read."""
        if report.failed:
            self.killer = self.killer or f"{report.nodeid} (import)"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Called after each test."""
        if report.failed:
            self.killer = self.killer or report.nodeid

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of pytest's own."""
        self.items = session.items
        if not self.killer:
            self.sit(self)
        return True

    def first_failure(self, items: Sequence[pytest.Item]) -> str:
        """Run tests; the name of the first that fails."""
        for item, following in zip(items, [*items[1:], None], strict=True):
            limit_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.killer:
                break
        return self.killer

    def learn(self, kept: Path) -> str:
        """Run all tests as things are, and remember which function is called by which; the first failure.

        kept: where an earlier run has kept that.
        """
        if kept.exists():
            self.callers = {name: set(tests) for name, tests in json.loads(kept.read_text("utf-8")).items()}
            return ""
        here, there = get_context("fork").Pipe(duplex=False)
        child = get_context("fork").Process(target=self._tell_callers, args=(there,))
        child.start()
        there.close()
        self.killer, self.callers = here.recv()
        child.join()
        if not self.killer:
            kept.write_text(
                json.dumps({name: sorted(tests) for name, tests in self.callers.items()}), "utf-8"
            )
        return self.killer

    def _tell_callers(self, there: Connection) -> None:
        calls: set[CodeType] = set()

        def called(frame: FrameType, event: str, _: object) -> None:
            if event == "call":
                calls.add(frame.f_code)

        callers: dict[str, set[str]] = {}
        for item, following in zip(self.items, [*self.items[1:], None], strict=True):
            calls.clear()
            _forget()
            sys.setprofile(called)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            sys.setprofile(None)
            for code in calls:
                if code.co_filename.startswith(PACKAGE):
                    callers.setdefault(_name_of(code), set()).add(item.nodeid)
        there.send((self.killer, callers))

    def judge(self, path: Path, definition: str, source: str) -> Judgement:
        """What the tests say of a module in which a definition is changed; those first that told before."""
        code = changed_function(compiled(path, path.read_text("utf-8")), compiled(path, source))
        telling = self.telling[path, definition]
        if code is None:
            judgement = judge(lambda: _first_failure_anew(path, source, telling))
        else:
            judgement = judge(lambda: self._first_failure_within(path, source, code, telling))
        telling[judgement.killer] += 1
        return judgement

    def _first_failure_within(self, path: Path, source: str, code: CodeType, telling: Counter[str]) -> str:
        if not put(sys.modules[Mutated(path, source).name], code):
            return _first_failure_anew(path, source, telling)
        callers = self.callers.get(_name_of(code), set())
        near = [item for item in self.items if item.nodeid in callers]
        return self.first_failure(sorted(near, key=lambda item: -telling[item.nodeid]))


def _name_of(code: CodeType) -> str:
    return f"{code.co_filename.removeprefix(PACKAGE)} {code.co_qualname}"


def _forget() -> None:
    """Empty the caches of ec2codec's functions, so that whoever asks them calls them."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("ec2codec.scalars", "ec2codec.rules")):
            for value in vars(module).values():
                getattr(value, "cache_clear", lambda: None)()


def _first_failure_anew(path: Path, source: str, telling: Counter[str]) -> str:
    for name, module in list(sys.modules.items()):
        place = getattr(module, "__file__", None) or ""
        if name.partition(".")[0] == "ec2codec" or place.startswith(TESTS):
            del sys.modules[name]
    sys.meta_path.insert(0, Mutated(path, source))
    likely = _most_telling(telling)
    first, *others = STAGES
    for stage in (first, likely, *([name for name in stage if name not in likely] for stage in others)):
        failed = hold([stage], lambda court: court.first_failure(court.items)) if stage else ""
        if failed:
            return failed
    return ""


def _most_telling(telling: Counter[str]) -> list[str]:
    """The two files that told most often, after the first stage: more take longer to read than they save."""
    told = {
        name: sum(times for test, times in telling.items() if _place(name) in test)
        for stage in STAGES[1:]
        for name in stage
    }
    return [name for name in sorted(told, key=lambda name: -told[name]) if told[name]][:2]


def hold(stages: Sequence[Sequence[str]], sit: Callable[[Court], object]) -> str:
    """Collect tests and sit over them; the first failure."""
    court = Court(sit)
    plugins: list[Any] = [court]
    files = [_place(name) for stage in stages for name in stage]
    status = pytest.main([*OPTIONS, *files], plugins)
    return court.killer or ("" if status == pytest.ExitCode.OK else f"pytest: {pytest.ExitCode(status).name}")


def prepare() -> None:
    """Make tests the same for all, and let what pytest finds beside them be."""
    os.environ.update(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", CI="true")
    sys.dont_write_bytecode = True


def _place(name: str) -> str:
    file, _, test = name.partition("::")
    return f"tests/test_{file}.py{test and f'::{test}'}"
