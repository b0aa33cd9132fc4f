"""Every mutant of the law: which there are, and what each is made of."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import OPERATOR_PROVIDERS, get_operator, operator_names

from mutation.operators import Operators
from mutation.swapping import compiled

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "ec2codec"
# Issue 4, point 8.
MODULES = ("scalars", "tree", *sorted(f"rules/{path.stem}" for path in (PACKAGE / "rules").glob("*.py")))
OPERATOR_PROVIDERS["texts"] = Operators()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One change of one module.

    module: ``"rules/wire"``. occurrence: from 0, among all that the operator can change there.
    line: from 1. definition: the function or class around it, or that it decorates; ``""`` for the module.
    code: digest of the module's code without docstrings, comments and layout; it says whether an earlier
    verdict still speaks of this mutant.
    """

    module: str
    operator: str
    occurrence: int
    line: int
    definition: str
    code: str

    @property
    def id(self) -> str:
        """What names the mutant as long as the code of its module stays."""
        return f"{self.module} {self.operator} {self.occurrence} {self.code}"

    @property
    def path(self) -> Path:
        """The module's file."""
        return PACKAGE / f"{self.module}.py"

    @property
    def about_text(self) -> bool:
        """Whether it changes what is said, and no logic."""
        return self.operator == "texts/Text"

    def source(self) -> str | None:
        """The mutated module; None, if that is no Python, or is no other module."""
        before = self.path.read_text("utf-8")
        after: str | None = mutate_code(before, get_operator(self.operator)(), self.occurrence)
        if after is None or after == before:
            return None
        try:
            compiled(self.path, after)
        except SyntaxError:
            return None
        return after

    def change(self, after: str) -> tuple[str, str]:
        """The line as it is, and as it is in the mutated module; both without indentation."""
        before_lines = self.path.read_text("utf-8").splitlines()
        after_lines = after.splitlines()
        start = next(
            n for n, (one, other) in enumerate(zip(before_lines, after_lines, strict=False)) if one != other
        )
        gone = len(before_lines) - len(after_lines)
        before = before_lines[start : start + 1 + gone]
        return " ".join(map(str.strip, before)), "" if gone else after_lines[start].strip()


def mutants(module: str) -> Iterator[Mutant]:
    """All mutants of a module, in the order of its lines."""
    source = (PACKAGE / f"{module}.py").read_text("utf-8")
    nodes = [node for node in ast_nodes(get_ast(source)) if node.type != "error_node"]
    code = _digest(source)
    found = [
        Mutant(
            module=module,
            operator=name,
            occurrence=occurrence,
            line=start[0],
            definition=_definition(node),
            code=code,
        )
        for name in operator_names()
        if not get_operator(name).__dict__.get("arguments")
        for occurrence, (node, start) in enumerate(_positions(name, nodes))
        if not _is_annotation(node)
    ]
    return iter(sorted(found, key=lambda mutant: (mutant.line, mutant.operator, mutant.occurrence)))


def _positions(name: str, nodes: list[Any]) -> Iterator[tuple[Any, tuple[int, int]]]:
    operator = get_operator(name)()
    for node in nodes:
        for start, _ in operator.mutation_positions(node):
            yield node, start


def _is_annotation(node: Any) -> bool:
    """Whether a node is part of an annotation, which is text to Python and code to mypy alone."""
    while node.parent is not None:
        parent = node.parent
        if parent.type == "annassign" and node is parent.children[1]:
            return True
        if parent.type == "tfpdef" and node is parent.children[-1]:
            return True
        if parent.type == "funcdef" and node is parent.annotation:
            return True
        node = parent
    return False


def _definition(node: Any) -> str:
    while node is not None:
        if node.type in ("funcdef", "classdef"):
            return str(node.name.value)
        if node.type == "decorated":
            return str(node.children[-1].name.value)
        node = node.parent
    return ""


@cache
def _digest(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and ast.get_docstring(node) is not None
        ):
            node.body[0] = ast.Pass()
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:12]
