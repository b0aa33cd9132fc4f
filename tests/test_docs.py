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


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
# "<!-- needs: moto boto3 -->" names what the examples of a page import beyond ec2codec.
NEEDS = re.compile(r"<!-- needs: ([\w ]+) -->")


@pytest.mark.parametrize(
    "page", [page for page in PAGES if ">>> " in page.read_text("utf-8")], ids=lambda page: page.name
)
def test_examples_run(page: Path) -> None:
    for module in " ".join(NEEDS.findall(page.read_text("utf-8"))).split():
        pytest.importorskip(module, reason=f"{module} is absent, which {page.name} uses")

    failed, tried = doctest.testfile(str(page), module_relative=False, encoding="utf-8")

    assert (0, True) == (failed, tried > 2)


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"docs_{name}", ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_table_of_rules_is_current() -> None:
    assert script("rules").page() == (ROOT / "docs" / "rules.md").read_text("utf-8"), (
        "run python docs/rules.py"
    )


def test_comparison_with_others_is_current() -> None:
    for peer in ("moto", "localstack.aws.protocol.parser"):
        pytest.importorskip(
            peer, reason="moto and LocalStack are not installed: pip install 'ec2codec[bench]'"
        )

    page = script("comparison").page()

    assert _table(page) == _table((ROOT / "docs" / "comparison.md").read_text("utf-8"))


def _table(page: str) -> str:
    """The page without its head, which names the versions of the others: what matters is what they do."""
    return page.partition("| The request")[2]


def test_arguments_in_docstrings_become_a_list() -> None:
    pytest.importorskip("griffe", reason="griffe is not installed: pip install 'ec2codec[docs]'")

    page = script("docstrings").listed("What it is.\n\nplatform, profile: as there.\n    More.\nRaises: it.")

    assert "What it is.\n\n* **platform, profile**: as there.\n    More.\n* **Raises**: it." == page


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
