from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import ec2codec
from ec2codec import corpus

pytest_plugins = ["pytester"]

# A server that is the codec itself, in five lines: what an emulator's author writes.
EMULATOR = """
import ec2codec

def refused(query, options):
    errors = [v for v in ec2codec.check(query, **options) if v.severity == "error"]
    return errors[0].code if errors else None

def test_server(ec2codec_case):
    assert refused(ec2codec_case.query, ec2codec_case.options) == ec2codec_case.code
"""
LISTING = """
def test_case(ec2codec_case): pass
def test_valid(ec2codec_valid): assert ec2codec_valid.code is None
def test_invalid(ec2codec_invalid): assert ec2codec_invalid.code is not None
"""
EXAMPLES = list(corpus.examples())


@pytest.fixture
def emulator(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makepyfile(EMULATOR)
    return pytester


def listed(pytester: pytest.Pytester, *arguments: str | Path) -> list[str]:
    """What stands in brackets in the ids of the tests that are collected."""
    result = pytester.runpytest_inprocess("--collect-only", "-q", *arguments)
    return [line.partition("[")[2].rstrip("]") for line in result.outlines if "[" in line]


def alone(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run in a process of its own, for what looks at warnings.

    In this process the package is imported already, and pytest may warn that it cannot rewrite it: where the
    root of the project, which the settings put on the path, has an editable install's egg-info in it.
    """
    return pytester.runpytest_subprocess(*arguments, timeout=120)


def test_examples_of_the_rules_are_the_corpus_where_nothing_is_asked(emulator: pytest.Pytester) -> None:
    result = emulator.runpytest_inprocess()

    result.assert_outcomes(passed=len(EXAMPLES))
    assert not any(line.startswith("ec2codec:") for line in result.outlines)


def test_fixtures_take_all_cases_or_those_of_their_label(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(LISTING)
    valid = [case for case in EXAMPLES if case.rule is None]

    result = pytester.runpytest_inprocess()

    result.assert_outcomes(passed=2 * len(EXAMPLES))
    assert 0 < len(valid) < len(EXAMPLES)


def test_ids_are_rule_and_number(emulator: pytest.Pytester) -> None:
    assert ["valid-1", "valid-2", "E303-1", "E303-2", "E303-3"] == listed(
        emulator, "--ec2codec-corpus", "valid:2,E303:3"
    )


def test_corpus_and_seed_are_told_in_the_header(emulator: pytest.Pytester) -> None:
    result = emulator.runpytest_inprocess("--ec2codec-corpus=all:6", "--ec2codec-seed=7")

    result.assert_outcomes(passed=6)
    assert "ec2codec: corpus all:6, seed 7" in result.outlines


def test_seed_chooses_what_is_drawn(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_print(ec2codec_case): print('>', ec2codec_case.query)")

    def drawn(*arguments: str) -> list[str]:
        result = pytester.runpytest_inprocess("-s", "--ec2codec-corpus=valid:3", *arguments)
        return [line.partition("> ")[2].rstrip(".") for line in result.outlines if "> " in line]

    assert [case.query for case in corpus.valid(3, 0)] == drawn()
    assert [case.query for case in corpus.valid(3, 7)] == drawn("--ec2codec-seed=7")


def test_choices_may_stand_in_the_configuration(emulator: pytest.Pytester) -> None:
    emulator.makeini("[pytest]\nec2codec_corpus = E303:2\nec2codec_seed = 5\n")

    result = alone(emulator, "--strict-config", "-W", "error")

    result.assert_outcomes(passed=2)
    assert "ec2codec: corpus E303:2, seed 5" in result.outlines
    assert ["E305-1"] == listed(emulator, "--ec2codec-corpus=E305:1")


@pytest.mark.parametrize("where", ["option", "configuration"])
def test_only_cases_that_hold_on_a_platform_are_taken(where: str, emulator: pytest.Pytester) -> None:
    if where == "configuration":
        emulator.makeini("[pytest]\nec2codec_platform = vpc\nec2codec_profile = none\n")
    options = ["--ec2codec-platform=vpc", "--ec2codec-profile=none"] if where == "option" else []
    wanted = list(corpus.named("examples", 0, platform="vpc", profile=None))

    result = emulator.runpytest_inprocess(*options)

    result.assert_outcomes(passed=len(wanted))
    assert "ec2codec: corpus examples, seed 0, platform vpc, profile none" in result.outlines


def test_cases_of_a_file_that_do_not_hold_on_a_platform_are_left_out(emulator: pytest.Pytester) -> None:
    (emulator.path / "cases.jsonl").write_text("".join(f"{corpus.line(case)}\n" for case in EXAMPLES))
    wanted = list(corpus.holding(EXAMPLES, platform="classic"))

    result = emulator.runpytest_inprocess("--ec2codec-corpus=cases.jsonl", "--ec2codec-platform=classic")

    result.assert_outcomes(passed=len(wanted))
    told = f"ec2codec: {len(wanted)} of {len(EXAMPLES)} cases hold for what was chosen"
    assert told in result.outlines


def test_file_of_which_no_case_holds_is_an_error_and_no_green_run(emulator: pytest.Pytester) -> None:
    only_in_vpcs = next(
        case for case in EXAMPLES if "SecurityGroupEgress" in case.query and case.rule is None
    )
    (emulator.path / "cases.jsonl").write_text(corpus.line(only_in_vpcs))

    result = emulator.runpytest_inprocess("--ec2codec-corpus=cases.jsonl", "--ec2codec-platform=classic")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["ec2codec's corpus cases.jsonl: none of its 1 cases holds for what was chosen"]
    )


def test_file_is_read_from_where_pytest_was_called(emulator: pytest.Pytester) -> None:
    (emulator.path / "cases.jsonl").write_text("".join(f"{corpus.line(case)}\n" for case in EXAMPLES[:9]))

    result = emulator.runpytest_inprocess("--ec2codec-corpus", "cases.jsonl")

    result.assert_outcomes(passed=9)


def test_file_in_the_configuration_is_beside_it(
    emulator: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.makeini("[pytest]\nec2codec_corpus = data/cases.jsonl\n")
    (emulator.mkdir("data") / "cases.jsonl").write_text(corpus.line(EXAMPLES[0]))
    monkeypatch.chdir(emulator.mkdir("elsewhere"))

    result = emulator.runpytest_inprocess(emulator.path)

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("cases.jsonl", "ec2codec's corpus cases.jsonl: line 2: not JSON at column 1: Expecting value"),
        (
            "missing.jsonl",
            "ec2codec's corpus missing.jsonl: neither such as valid:100 or E303:20, nor a file: No such *",
        ),
        ("e303:3", "ec2codec's corpus e303:3: neither such as valid:100 or E303:20, nor a file: No such *"),
        ("", "ec2codec's corpus : neither such as valid:100 or E303:20, nor a file: Is a directory"),
        ("empty.jsonl", "ec2codec's corpus empty.jsonl: there is no case in it"),
        ("valid:0", "ec2codec's corpus valid:0: there is no case in it"),
        ("E999:3", "ec2codec's corpus E999:3: there is no rule 'E999'"),
    ],
)
def test_corpus_that_cannot_be_had_is_told_in_one_line(
    wanted: str, message: str, emulator: pytest.Pytester
) -> None:
    (emulator.path / "cases.jsonl").write_text(f"{corpus.line(EXAMPLES[0])}\nnone\n")
    (emulator.path / "empty.jsonl").write_text("")

    result = alone(emulator, f"--ec2codec-corpus={wanted}")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([message])
    assert not any("Traceback" in line or ".py:" in line for line in result.outlines)


def test_what_is_neither_file_nor_spec_is_told_what_would_be_one(emulator: pytest.Pytester) -> None:
    result = emulator.runpytest_inprocess("--ec2codec-corpus=e303:3")

    result.stdout.fnmatch_lines(["ec2codec's corpus e303:3: neither such as valid:100 or E303:20, nor *"])


def test_seed_that_is_no_number_is_told(emulator: pytest.Pytester) -> None:
    emulator.makeini("[pytest]\nec2codec_seed = x\n")

    result = emulator.runpytest_inprocess()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["ec2codec's corpus examples: ec2codec_seed: expected an integer, got 'x'"])


def test_corpus_is_read_once_for_all_modules(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile(test_one=LISTING, test_two=LISTING)
    once = iter([EXAMPLES[:4]])
    monkeypatch.setattr(corpus, "examples", lambda: iter(next(once)))

    pytester.runpytest_inprocess().assert_outcomes(passed=16)

    assert [] == list(once)


def test_test_without_cases_is_skipped(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(LISTING)

    result = pytester.runpytest_inprocess("--ec2codec-corpus=E303:2")

    result.assert_outcomes(passed=4, skipped=1)


def test_case_that_only_warns_is_valid(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_valid(ec2codec_valid): assert ec2codec_valid.rule == 'W411'")

    pytester.runpytest_inprocess("--ec2codec-corpus=W411:2,E303:2").assert_outcomes(passed=2)


def test_fixtures_and_options_are_documented(pytester: pytest.Pytester) -> None:
    fixtures = pytester.runpytest_inprocess("--fixtures").stdout.str()

    assert "ec2codec_case" in fixtures
    assert "A case of the corpus that breaks one rule." in fixtures
    assert "--ec2codec-corpus=CORPUS" in pytester.runpytest_inprocess("--help").stdout.str()


def test_plugin_can_be_left_out(emulator: pytest.Pytester) -> None:
    result = emulator.runpytest_inprocess("-p", "no:ec2codec")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["E*fixture 'ec2codec_case' not found"])


def test_workers_of_xdist_agree_on_the_cases(emulator: pytest.Pytester) -> None:
    pytest.importorskip("xdist", reason="pytest-xdist is not installed: pip install 'ec2codec[test]'")

    result = emulator.runpytest_subprocess("-n", "2", "--ec2codec-corpus=all:8", timeout=120)

    result.assert_outcomes(passed=8)


PROGRAM = """
import sys, pytest
before = set(sys.modules)
import _ec2codec_pytestplugin
print(*set(sys.modules) - before)
"""


def test_plugin_loads_neither_the_codec_nor_anything_that_it_needs() -> None:
    shown = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True)

    loaded = {name.partition(".")[0] for name in shown.stdout.split()}
    assert "_ec2codec_pytestplugin" in loaded
    assert set() == loaded & {"ec2codec", "marshmallow", "hypothesis", "xmltodict", "click"}


def test_run_that_asks_nothing_never_loads_the_codec(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("import sys\ndef test_it(): assert 'ec2codec' not in sys.modules\n")

    pytester.runpytest_subprocess("-p", "ec2codec", timeout=120).assert_outcomes(passed=1)


def test_version_of_the_plugin_is_that_of_the_package(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_inprocess()

    result.stdout.fnmatch_lines([f"plugins: *ec2codec-{ec2codec.__version__}*"])


GUIDE = Path(__file__).resolve().parent.parent / "docs" / "guides" / "corpora.md"
MY_SERVER = """
import ec2codec, pytest

class Server:
    def post(self, query):
        errors = [v for v in ec2codec.check(query, platform="vpc") if v.severity == "error"]
        return errors[0].code if errors else None

@pytest.fixture
def my_server(): return Server()
"""


def test_test_in_the_guide_finds_what_a_server_misses(pytester: pytest.Pytester) -> None:
    text = GUIDE.read_text("utf-8")
    (test,) = [block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if ">>>" not in block]
    (settings,) = re.findall(r"```ini\n(.*?)```", text, re.DOTALL)
    pytester.makepyfile(test)
    pytester.makeini(settings)
    wanted = list(corpus.named("examples", 0, platform="vpc", profile="documented"))
    whole, lax = MY_SERVER, MY_SERVER.replace('v.severity == "error"', 'v.rule != "E305"')

    pytester.makeconftest(whole)
    pytester.runpytest_inprocess().assert_outcomes(passed=len(wanted))
    pytester.makeconftest(lax)
    result = pytester.runpytest_inprocess("-k", "E303 or E305")

    result.stdout.fnmatch_lines(
        ["*assert None == 'InvalidParameterValue'", "FAILED *::test_my_server[[]E305-1[]]*"]
    )
