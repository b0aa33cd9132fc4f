"""Where Hypothesis keeps its tables of characters while a command draws."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

VARIABLE = "HYPOTHESIS_STORAGE_DIRECTORY"


@contextmanager
def passing_storage() -> Iterator[None]:
    """Have Hypothesis write to a folder that passes, unless the user has chosen one.

    By default it makes ``.hypothesis`` in the current folder, which a command that prints should leave alone.
    """
    if VARIABLE in os.environ:
        yield
        return
    with TemporaryDirectory(prefix="ec2codec-") as folder:
        os.environ[VARIABLE] = folder
        try:
            yield
        finally:
            del os.environ[VARIABLE]
