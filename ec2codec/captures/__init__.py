"""Readers of captured traffic: bytes of many formats in, `Exchange` objects out."""

from __future__ import annotations

from ec2codec.captures.exchange import Completeness, Exchange, Note, Place, Response
from ec2codec.captures.files import find_files
from ec2codec.captures.reading import READABLE, read_input
from ec2codec.captures.relevance import ACTIONS

__all__ = [
    "ACTIONS",
    "READABLE",
    "Completeness",
    "Exchange",
    "Note",
    "Place",
    "Response",
    "find_files",
    "read_input",
]
