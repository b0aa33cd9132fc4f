"""Imports point strictly down, and third parties stay in their rooms."""

import ast
from pathlib import Path

import pytest

import ec2codec

ROOT = Path(ec2codec.__file__).parent
# The floors of ARCHITECTURE.md; a module imports from lower floors, or from its left on its own.
FLOORS = (
    "suggest names scalars model responses errors rule error_codes error_texts",
    "policy grants rules.subjects rules.wire rules.scalar rules.permission rules.group"
    " rules.header rules.request rules.flat rules.grant rules.document rules",
    "tree query loading fields shape docket received trial reference schemas style"
    " compiled.source compiled.law compiled.kinds compiled.kept compiled.items compiled.parts"
    " compiled.sights"
    " compiled.unrolled compiled.layout compiled.notes compiled.forms compiled.reading compiled.exhibit"
    " compiled.request compiled.writing compiled.path compiled",
    "guard xml fitting elements response_schemas readers plain envelope",
    "codec",
    "sdk described plan mismatch labelled case_lines"
    " captures effects agreement verdict discretion fingerprint timeline tally selection kernel"
    " baseline columnar reports integrations strategies corpus dictionary conform cli __main__",
)
ORDER = [module for floor in FLOORS for module in floor.split()]
THIRD_PARTIES = {
    "marshmallow": {"fields", "shape", "loading", "schemas", "elements", "sdk", "integrations"},
    "xmltodict": {"xml", "plain"},
    "click": {"cli"},
    "jinja2": {"reports"},
    "markupsafe": {"reports"},
    "zlib_ng": {"captures"},
    "apispec": {"integrations"},
    "botocore": {"integrations"},
    "flask": {"integrations"},
    "moto": {"integrations"},
    "webargs": {"integrations"},
    "pyarrow": {"columnar", "integrations"},
    "pyspark": {"integrations", "cli"},
    "hypothesis": {"strategies", "corpus"},
}

TOOLS = ("strategies", "integrations", "captures", "columnar", "reports", "conform", "cli")


def module_of(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    # Tools are judged as a whole: what a reader may import from its neighbour is their own matter.
    return name.partition(".")[0] if name.startswith(TOOLS) else name


def imported(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "ec2codec":
            names += [f"ec2codec.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names.append(node.module)
    return names


SOURCES = sorted(path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    here = ORDER.index(module_of(path))

    for name in imported(path):
        if name.startswith("ec2codec."):
            target = name.removeprefix("ec2codec.")
            target = target if target in ORDER else target.partition(".")[0]
            known = ORDER.index(target) if target in ORDER else -1
            assert known <= here, f"{module_of(path)} imports {name}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_third_parties_stay_in_their_rooms(path: Path) -> None:
    for name in imported(path):
        rooms = THIRD_PARTIES.get(name.partition(".")[0])
        assert rooms is None or module_of(path) in rooms, f"{module_of(path)} imports {name}"
