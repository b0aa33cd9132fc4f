"""Decoding responses, beside botocore's parser of the same documents; and what of it is xmltodict's share."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import botocore.parsers  # type: ignore[import-untyped]
import botocore.session  # type: ignore[import-untyped]
import xmltodict

from bench.documents import description, errors, successes
from bench.measure import Effort, Row, compare
from ec2codec import decode_response

PEER = "botocore's parser"
SIZE = "Describe, 500 groups of 10"


def rows(effort: Effort) -> Iterator[Row]:
    """Every measurement of responses."""
    parse = _botocore()
    small = max(effort.bodies // 2, 1)
    revoke, refuse = parse("RevokeSecurityGroupIngress", 200), parse("RevokeSecurityGroupIngress", 400)
    yield from _pair("response, success", revoke, successes(small), effort, 1.0)
    yield from _pair("response, error", refuse, errors(small), effort, 1.0)
    describe, document = parse("DescribeSecurityGroups", 200), description(500, 10)
    yield from _pair(SIZE, describe, [document], effort, 1.3)
    ours, theirs = _kept(decode_response, document), _kept(describe, document)
    yield Row(f"{SIZE}, memory", PEER, ours, theirs, unit="B")


Parse = Callable[[bytes], Any]


def _pair(name: str, theirs: Parse, documents: list[bytes], effort: Effort, bound: float) -> Iterator[Row]:
    yield compare(name, PEER, decode_response, theirs, documents, effort=effort, bound=bound)
    yield compare(f"{name}, xmltodict alone", PEER, _xmltodict, theirs, documents, effort=effort)


def _xmltodict(document: bytes) -> Any:
    """What reading costs as xmltodict does it by default: no law, no objects, no limits."""
    return xmltodict.parse(document)


def _botocore() -> Callable[[str, int], Parse]:
    model = botocore.session.get_session().get_service_model("ec2")
    parser = botocore.parsers.create_parser("ec2")

    def parse(action: str, status: int) -> Parse:
        shape = model.operation_model(action).output_shape
        return lambda document: parser.parse({"status_code": status, "headers": {}, "body": document}, shape)

    return parse


def _kept(read: Parse, document: bytes) -> float:
    """Bytes that what was read holds on to, the second time: shared names and tables are not counted."""
    read(document)
    gc.collect()
    tracemalloc.start()
    kept = read(document)
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return float(size)
