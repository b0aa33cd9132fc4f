"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from ec2codec import Codec, codec
from material import ABSENT, SHARED_DATA

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
