"""Requests beside the standard library and other people's parsers."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode

from bench.bodies import bodies
from bench.measure import Effort, Row, Skipped, compare
from ec2codec import Codec


def split(text: str) -> list[tuple[str, str]]:
    """What the standard library does with a body: no law, no structure."""
    return parse_qsl(text, keep_blank_values=True)


def rows(effort: Effort) -> Iterator[Row | Skipped]:
    """Every measurement of requests."""
    codec = Codec()
    texts = bodies(effort.bodies)
    broken = [text.replace("FromPort=", "FromPort=x", 1) for text in texts]
    requests = [codec.decode(text) for text in texts]
    pairs = [codec.encode_params(request) for request in requests]

    yield compare("decode", "parse_qsl", codec.decode, split, texts, effort=effort, bound=12)
    yield compare("check, valid", "parse_qsl", codec.check, split, texts, effort=effort, bound=12)
    yield compare("check, one fault", "parse_qsl", codec.check, split, broken, effort=effort, bound=16)
    yield compare(
        "encode",
        "urlencode",
        codec.encode,
        urlencode,
        requests,
        effort=effort,
        bound=14,
        their_inputs=pairs,
    )
