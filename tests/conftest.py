"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from material import ABSENT, SHARED_DATA

# Wall-clock deadlines fail on a busy machine and say nothing about the code.
settings.register_profile("ec2codec", deadline=None, print_blob=True)
# Before a release: EC2CODEC_HYPOTHESIS=thorough pytest tests/test_laws.py
settings.register_profile("thorough", deadline=None, print_blob=True, max_examples=3000)
settings.load_profile(os.environ.get("EC2CODEC_HYPOTHESIS", "ec2codec"))


@pytest.fixture
def shared_data() -> Callable[[str], Path]:
    """A path under shared/data; the test is skipped where there is none."""

    def locate(name: str) -> Path:
        path = SHARED_DATA / name
        if not path.exists():
            pytest.skip(ABSENT)
        return path

    return locate
