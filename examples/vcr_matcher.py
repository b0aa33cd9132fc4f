"""A matcher for vcrpy: recorded and played requests are the same call, however signed and ordered.

recorder = vcr.VCR(match_on=["method", "ec2codec"])
register(recorder)
"""

from __future__ import annotations

from typing import Any

from ec2codec.integrations.matching import canonical


def same_call(played: Any, recorded: Any) -> None:
    """What vcrpy asks of a matcher: an AssertionError for two that do not match."""
    assert canonical(played.body or b"") == canonical(recorded.body or b"")


def register(recorder: Any) -> None:
    """Make the matcher known to a recorder, as ``ec2codec``."""
    recorder.register_matcher("ec2codec", same_call)
