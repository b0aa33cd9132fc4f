"""Cassettes of VCR: vcrpy, Ruby's VCR and go-vcr, as YAML or as JSON."""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING

from ec2codec.captures.exchange import Note, Place
from ec2codec.captures.interaction import call_in, is_whole
from ec2codec.captures.json_window import JsonWindow, numbered
from ec2codec.captures.yaml_members import CutShort, read_members

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from ec2codec.captures.exchange import Exchange
    from ec2codec.captures.source import Source
    from ec2codec.captures.yaml_members import Value

_LISTS = ("interactions", "http_interactions")
_JSON_LIST = re.compile(r'"(?:http_)?interactions"\s*:\s*\[')
# What stands behind the interactions: of vcrpy, and of Ruby's VCR.
_TRAILERS = ("version", "recorded_with")


def read_vcr(source: Source) -> Iterator[Exchange | Note]:
    """The calls in a cassette; interactions count from 1."""
    if source.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        yield from _read_json(source)
        return
    try:
        yaml = importlib.import_module("yaml")
    except ImportError:
        yield Note(source.name, "to read it: pip install 'ec2codec[vcr]'", "unreadable")
        return
    yield from _read_yaml(source, yaml)


def _read_json(source: Source) -> Iterator[Exchange | Note]:
    window = JsonWindow(source)
    if window.find(_JSON_LIST) is None:
        yield Note(source.name, "cut short before the first interaction")
        return
    for place, interaction in numbered(source, "interaction", window.values(until="]")):
        if isinstance(interaction, Note):
            yield interaction
        elif (exchange := call_in(interaction, place)) is not None:
            yield exchange


def _read_yaml(source: Source, yaml: ModuleType) -> Iterator[Exchange | Note]:
    # go-vcr's version stands before the interactions, and nothing behind them.
    number, last_is_whole = 0, True
    has_version = has_ended = is_closed = False
    reason = "the input ends there"
    for name, value in _members(source, yaml):
        if isinstance(value, CutShort):
            reason, is_closed = str(value), False
        elif name in _LISTS and isinstance(value, list):
            has_ended, is_closed = True, has_version and last_is_whole
        elif name in _LISTS:
            number += 1
            interaction = value if isinstance(value, dict) else {}
            last_is_whole = is_whole(interaction)
            if exchange := call_in(interaction, Place(source.name, number, "interaction")):
                yield exchange
        elif name in _TRAILERS:
            has_version, is_closed = True, has_ended
    if not is_closed:
        yield Note(source.name, f"cut short after interaction {number - (not last_is_whole)}: {reason}")


def _members(source: Source, yaml: ModuleType) -> Iterator[tuple[str, Value | CutShort]]:
    """The members of a cassette, the interactions one by one; if it is cut short, what is left, and why."""
    try:
        yield from read_members(source.stream, _LISTS, yaml)
    except CutShort as reason:
        yield _LISTS[0], reason.pending
        yield "", reason
