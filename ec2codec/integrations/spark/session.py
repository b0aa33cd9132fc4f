"""A Spark session of one's own, for who has none yet."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyspark.sql import SparkSession

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCAL = "local[*]"


class NoJava(Exception):
    """There is no Java runtime to start Spark with."""


@contextmanager
def session(master: str | None = None) -> Iterator[SparkSession]:
    """The active session, or a new one that is stopped at the end.

    master: ``local[N]``, ``spark://HOST:PORT``, ``yarn`` ...; None for what Spark is configured for, all
        cores of this machine by default.
    Raises: NoJava.
    """
    active = SparkSession.getActiveSession()
    if active is not None:
        yield active
        return
    spark = _started(master)
    try:
        yield spark
    finally:
        spark.stop()


def _started(master: str | None) -> SparkSession:
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise NoJava("Spark needs a Java runtime, 17 or 21: none is on PATH, and JAVA_HOME is not set")
    # Executors on this machine run the Python that has ec2codec; those of others have one of their own.
    if (master or LOCAL).startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("ec2codec")
    for name, value in _QUIET.items():
        builder = builder.config(name, value)
    return (builder if master is None else builder.master(master)).getOrCreate()


# Standard error is for the summary.
_QUIET = {"spark.log.level": "ERROR", "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
