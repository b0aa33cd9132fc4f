"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from ec2codec import Codec, codec
from material import ABSENT, SHARED_DATA
from sparking import ENVIRONMENT

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Wall-clock deadlines fail on a busy machine and say nothing about the code. In continuous integration the
# examples are the same every time; elsewhere every run looks further.
COMMON = settings(
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
settings.register_profile("ec2codec", COMMON)
# Before a release: EC2CODEC_HYPOTHESIS=thorough pytest tests/test_laws.py
settings.register_profile("thorough", COMMON, max_examples=3000)
settings.load_profile(os.environ.get("EC2CODEC_HYPOTHESIS", "ec2codec"))

# A Codec answers its first question without the compiled path. Tests ask most of theirs only one.
Codec._asked = True


@pytest.fixture(scope="module", params=[True, False], ids=["compiled", "reference"])
def both_paths(request: pytest.FixtureRequest) -> Iterator[None]:
    """The tests of a module run twice: with the compiled path, and with the reference path alone."""
    with pytest.MonkeyPatch.context() as patch:
        defaults = Codec.__init__.__kwdefaults__ or {}
        patch.setitem(defaults, "compiled", request.param)
        codec._codec.cache_clear()
        yield
    codec._codec.cache_clear()


@pytest.fixture
def shared_data() -> Callable[[str], Path]:
    """A path under shared/data; the test is skipped where there is none."""

    def locate(name: str) -> Path:
        path = SHARED_DATA / name
        if not path.exists():
            pytest.skip(ABSENT)
        return path

    return locate


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """Spark on two cores of this machine, for all tests: to start it takes longer than any of them."""
    from pyspark.sql import SparkSession

    os.environ.update(ENVIRONMENT)
    builder = SparkSession.builder.master("local[2]").appName("tests").config("spark.ui.enabled", "false")
    # A zone that is not the captures' own.
    builder = builder.config("spark.sql.session.timeZone", "Asia/Kolkata").config("spark.driver.memory", "1g")
    builder = builder.config("spark.sql.shuffle.partitions", "2").config("spark.log.level", "ERROR")
    session = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    yield session
    session.stop()
