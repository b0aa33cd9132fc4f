"""What a change of a module comes down to: often the code of one function, which can be put in its place."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

# Of a code object, beside its constants.
_FACETS = ("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_argcount", "co_flags")


def compiled(path: Path, source: str) -> CodeType:
    """The code of a module; its doubtful comparisons warn nobody."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code: CodeType = compile(source, path, "exec", dont_inherit=True)
    return code


def changed_function(before: CodeType, after: CodeType) -> CodeType | None:
    """The changed code of the only function in which two modules differ; None, if they differ elsewhere.

    The body of a class, defaults and decorators are run by the import: they are no part of a function.
    """
    differing = [
        (old, new)
        for old, new in zip(before.co_consts, after.co_consts, strict=False)
        if old != new or type(old) is not type(new)
    ]
    same = all(getattr(before, facet) == getattr(after, facet) for facet in _FACETS)
    if not same or len(before.co_consts) != len(after.co_consts) or len(differing) != 1:
        return None
    old, new = differing[0]
    if not isinstance(old, CodeType) or not isinstance(new, CodeType):
        return None
    if old.co_flags & _OPTIMIZED:
        return new if old.co_name == new.co_name and not old.co_freevars and _is_named(old) else None
    return changed_function(old, new)


def put(module: ModuleType, code: CodeType) -> bool:
    """Give a function its changed code; False, if it is not found."""
    found: Any = module
    for name in code.co_qualname.split("."):
        found = vars(found).get(name)
        found = getattr(found, "fget", found)
        found = getattr(found, "__wrapped__", found)
    if not isinstance(found, FunctionType) or found.__code__.co_qualname != code.co_qualname:
        return False
    found.__code__ = code
    return True


def _is_named(code: CodeType) -> bool:
    return not code.co_name.startswith("<")


_OPTIMIZED = 0x1
