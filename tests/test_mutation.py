"""The tool that mutates the law: what it changes, how a change is put in place, what it complains of."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("cosmic_ray", reason="cosmic-ray is not installed: mutation/requirements.txt")
pytest.importorskip("resource", reason="the mutants are judged on Linux")

from cosmic_ray.mutating import mutate_code

from mutation import report, state
from mutation.mutants import MODULES, Mutant, mutants
from mutation.operators import Operators
from mutation.report import Survivor
from mutation.state import Verdict
from mutation.swapping import changed_function, compiled, put


def changes(operator: str, code: str) -> list[str]:
    """Everything that an operator makes of a line."""
    made: list[str] = []
    while (changed := mutate_code(code, Operators()[operator](), len(made))) is not None:
        made.append(changed)
    return made


@pytest.mark.parametrize(
    ("operator", "code", "expected"),
    [
        ("Text", "x = 'a', b'c'", ["x = 'XXaXX', b'c'", "x = 'a', b'XXcXX'"]),
        ("Text", "x = f'a{b}c{d}'", ["x = f'XXaXX{b}c{d}'"]),
        ("Text", "'''What it is.'''", []),
        (
            "PatternNumber",
            "x = r'[0-9]{2}'",
            ["r'[1-9]{2}'", "r'[0-10]{2}'", "r'[0-8]{2}'", "r'[0-9]{3}'", "r'[0-9]{1}'"],
        ),
        ("PatternNumber", "x = '[0-9]'", []),
        ("PatternNumber", "x = rf'{y}{{8}}'", ["rf'{y}{{9}}'", "rf'{y}{{7}}'"]),
        ("PatternMember", r"x = r'[a-z\-_]|[b]'", [r"r'[\-_]|[b]'", r"r'[a-z_]|[b]'", r"r'[a-z\-]|[b]'"]),
        (
            "PatternQuantifier",
            r"x = r'(?:a?b*)c+\+[?]'",
            [r"r'(?:ab*)c+\+[?]'", r"r'(?:a?b+)c+\+[?]'", r"r'(?:a?b*)c*\+[?]'"],
        ),
        ("PatternBar", r"x = r'a|[|]|\|'", [r"r'a[|]|\|'", r"r'a|[|]\|'"]),
    ],
)
def test_a_text_or_a_pattern_is_changed_in_one_place(operator: str, code: str, expected: list[str]) -> None:
    made = changes(operator, code)

    assert [change.removeprefix("x = ") for change in expected] == [
        change.removeprefix("x = ") for change in made
    ]


@pytest.mark.parametrize("module", MODULES)
def test_every_mutant_of_the_law_is_another_program_or_none(module: str) -> None:
    found = list(mutants(module))

    assert len(found) == len({mutant.id for mutant in found})
    for mutant in found[::25]:
        source = mutant.source()
        assert source is None or mutant.change(source)[0] != mutant.change(source)[1]


def test_a_comparison_that_python_doubts_is_a_mutant_though_warnings_are_errors() -> None:
    sources = [mutant.source() for mutant in mutants("rules/request") if mutant.operator.endswith("_Eq_Is")]

    assert [True] == ['request.direction is "egress"' in (source or "") for source in sources]


def test_annotations_and_docstrings_are_not_changed() -> None:
    changed = [source for mutant in mutants("tree") if (source := mutant.source())]
    lines = {line for source in changed for line in source.splitlines()}

    assert not any("XX" in line for line in lines if '"""' in line or line.startswith("def _is"))
    assert "def is_dense(tree: Tree) -> bool:" in lines
    assert not any("dict[str - int, Any]" in line and line.startswith("def") for line in lines)


BEFORE = """
from functools import lru_cache

LIMIT = 5

@lru_cache
def cached(number):
    return number < LIMIT

class Thing:
    @property
    def whole(self):
        return [n for n in range(3)]

def plain(number=1):
    return cached(number)
"""


def changed(before: str, after: str) -> Any:
    path = Path("thing.py")
    return changed_function(compiled(path, BEFORE), compiled(path, BEFORE.replace(before, after)))


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ("number < LIMIT", "number <= LIMIT", "cached"),
        ("range(3)", "range(4)", "Thing.whole"),
        ("return cached(number)", "return not cached(number)", "plain"),
        ("LIMIT = 5", "LIMIT = 6", None),
        ("@lru_cache\n", "", None),
        ("@property", "@staticmethod", None),
        ("number=1", "number=2", None),
        ("LIMIT = 5", "LIMIT = 5", None),
    ],
)
def test_a_change_inside_one_function_is_told_from_one_of_the_import(
    before: str, after: str, name: str | None
) -> None:
    code = changed(before, after)

    assert name == (None if code is None else code.co_qualname)


@pytest.mark.parametrize(
    ("before", "after", "ask", "answers"),
    [
        ("number < LIMIT", "number <= LIMIT", lambda module: module.plain(5), (False, True)),
        ("range(3)", "range(4)", lambda module: module.Thing().whole, ([0, 1, 2], [0, 1, 2, 3])),
    ],
)
def test_changed_code_is_put_into_place(
    before: str, after: str, ask: Callable[[ModuleType], object], answers: tuple[object, object]
) -> None:
    module = ModuleType("thing")
    exec(compiled(Path("thing.py"), BEFORE), vars(module))
    healthy = ask(module)
    module.cached.cache_clear()

    assert put(module, changed(before, after))
    assert answers == (healthy, ask(module))


MUTANT = Mutant(module="tree", operator="core/AddNot", occurrence=0, line=7, definition="grow", code="c0de")
OTHER = Mutant(module="tree", operator="core/AddNot", occurrence=1, line=8, definition="grow", code="c0de")
SURVIVED = Verdict(MUTANT.id, "survived", "tests", before="if x:", after="if not x:")
KILLED = Verdict(OTHER.id, "killed", "tests", killer="tests/test_tree.py::test_x", seconds=0.5)
LISTED = "# Why\n\n```diff\ntree grow\n-if x:\n+if not x:\n```\n"


def test_a_run_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    state.write(tmp_path, "1-of-2.0", [SURVIVED])
    state.write(tmp_path, "2-of-2.0", [KILLED])
    with (tmp_path / "2-of-2.0.jsonl").open("a") as file:
        file.write('{"id": "tree core/Ad')

    verdicts = state.read(tmp_path, "tests")

    assert {MUTANT.id: SURVIVED, OTHER.id: KILLED} == verdicts
    assert [] == state.waiting([MUTANT, OTHER], verdicts, "tests")
    assert [MUTANT] == state.waiting([MUTANT, OTHER], verdicts, "other tests")
    assert [MUTANT, OTHER] == state.waiting([MUTANT, OTHER], {}, "tests")


def test_what_was_no_mutant_is_looked_at_again_where_the_tool_is_another(tmp_path: Path) -> None:
    nothing = Verdict(MUTANT.id, "nothing", "tests")
    state.write(tmp_path, "1-of-1.0", [nothing])

    before = state.read(tmp_path, "tests")
    state.write(tmp_path, "1-of-1.0", [SURVIVED])

    assert {MUTANT.id: nothing} == before
    assert [] == state.waiting([MUTANT], before, "tests")
    assert [MUTANT] == state.waiting([MUTANT], before, "another tool")
    assert {MUTANT.id: SURVIVED} == state.read(tmp_path, "another tool")


@pytest.mark.parametrize("later", ["a", "b"])
def test_what_the_present_tests_say_counts_in_whichever_file_it_stands(tmp_path: Path, later: str) -> None:
    present = SURVIVED._replace(tests="present tests")
    state.write(tmp_path, "a", [SURVIVED])
    state.write(tmp_path, "b", [present])
    os.utime(tmp_path / f"{later}.jsonl", (2e9, 2e9))

    verdicts = state.read(tmp_path, "present tests")

    assert {MUTANT.id: present} == verdicts


def test_a_survivor_without_reason_is_complained_of_and_one_that_died_too() -> None:
    judged = [(OTHER, KILLED)] * 30 + [(MUTANT, SURVIVED)]

    assert [] == list(report.complaints(judged, LISTED))
    [new] = report.complaints(judged, "")
    assert new.startswith("ec2codec/tree.py:7: survived")
    assert new.endswith("\ntree grow\n-if x:\n+if not x:")
    [gone] = report.complaints(judged[:-1], LISTED)
    assert "does not survive" in gone


@pytest.mark.parametrize(("killed", "holds"), [(18, False), (19, True), (20, True)])
def test_95_per_cent_must_not_survive(killed: int, holds: bool) -> None:
    judged = [(OTHER, KILLED)] * killed + [(MUTANT, SURVIVED)]

    complaints = list(report.complaints(judged, LISTED))

    assert holds is (complaints == [])


def test_the_table_counts_what_was_killed_what_was_late_and_what_survived() -> None:
    late = KILLED._replace(outcome="timed out")

    rows = list(report.table([(OTHER, KILLED), (OTHER, late), (MUTANT, SURVIVED)]))

    [tree] = [row for row in rows if row.startswith("tree ")]
    assert ["tree", "3", "1", "1", "1", "66.7", "%"] == tree.split()


def test_every_survivor_of_the_list_is_of_a_module_that_there_is() -> None:
    text = report.LIST.read_text("utf-8")

    listed = report.listed(text)

    assert [] == [survivor for survivor in listed if survivor.module not in MODULES]
    assert text.count("\n-") == len(listed), "one is listed twice"


def test_a_survivor_is_printed_as_it_is_listed() -> None:
    survivor = Survivor("tree", "", "MAX_DEPTH = 16", "MAX_DEPTH = 17")

    assert {survivor} == report.listed(f"```diff\n{survivor}\n```")
