"""The documents are true: their examples run, and what is generated is current."""

import doctest
import importlib.util
import re
import tomllib
from configparser import ConfigParser
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

import ec2codec

ROOT = Path(__file__).resolve().parent.parent
RELEASE = re.compile(r"^## (\d+\.\d+\.\d+) \((\d{4}-\d{2}-\d{2})\)$", re.MULTILINE)


def test_examples_of_the_readme_run() -> None:
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)

    assert (0, True) == (failed, tried > 10)


def rules_page() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rules_page", ROOT / "docs" / "rules.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_table_of_rules_is_current() -> None:
    assert rules_page().page() == (ROOT / "docs" / "rules.md").read_text("utf-8"), "run python docs/rules.py"


def test_changelog_is_dated_ordered_and_about_this_version() -> None:
    releases = RELEASE.findall((ROOT / "CHANGELOG.md").read_text("utf-8"))
    versions = [tuple(map(int, version.split("."))) for version, _ in releases]

    assert ec2codec.__version__ == releases[0][0]
    assert versions == sorted(versions, reverse=True)
    assert all(date.fromisoformat(day) for _, day in releases)


def test_architecture_names_every_module() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    package = ROOT / "ec2codec"
    modules = {path.stem for path in package.glob("*.py")} | {
        p.parent.name for p in package.glob("*/__init__.py")
    }

    assert [] == sorted(module for module in modules - {"__init__", "__main__"} if module not in text)


def test_pythons_of_the_readme_are_those_of_the_metadata() -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", "utf-8")
    claimed = re.findall(r"Python :: (3\.\d+)", setup["metadata"]["classifiers"])

    assert f"Python {claimed[0]} to {claimed[-1]}" in (ROOT / "README.md").read_text("utf-8")
    assert f">={claimed[0]}" == setup["options"]["python_requires"]
    assert "build-system" in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_documents_keep_their_lines_short(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)

    assert [] == [line for line in prose.splitlines() if len(line) > 115 and not line.startswith("|")]
