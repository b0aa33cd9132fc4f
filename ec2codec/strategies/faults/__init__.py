"""Requests and responses that break one rule: one function a way, in a file for each kind of subject."""

from ec2codec.strategies.faults import (
    document,
    flatform,
    grant,
    group,
    names,
    permission,
    request,
    scalar,
    wire,
)
from ec2codec.strategies.faults.invalid import invalid

# What stands here has filled the register.
FILES = (names, wire, scalar, permission, group, request, flatform, grant, document)

__all__ = ["FILES", "invalid"]
