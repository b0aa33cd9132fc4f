"""Decoding responses, beside botocore's parser of the same documents; and what of it is xmltodict's share.

xmltodict stays the reader. Of a small document it takes alone, without law, objects or limits, 0.88 of the
time of botocore's parser (success) and 1.34 to 1.40 (error), because it calls into Python for each element,
where botocore's ElementTree stays in C. Ours is 0.98 to 1.07 and 1.45: it spares xmltodict the root's
declaration and namespace. Nothing over xmltodict can be as fast as botocore on errors, so those rows have no
bound; what is ours to keep small is bounded beside xmltodict alone: 1.1 measured.
"""

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
BESIDE_XMLTODICT = 1.5


def rows(effort: Effort) -> Iterator[Row]:
    """Every measurement of responses."""
    parse = _botocore()
    small = max(effort.bodies // 2, 1)
    revoke, refuse = parse("RevokeSecurityGroupIngress", 200), parse("RevokeSecurityGroupIngress", 400)
    yield from _small("response, success", revoke, successes(small), effort)
    yield from _small("response, error", refuse, errors(small), effort)
    describe, document = parse("DescribeSecurityGroups", 200), description(500, 10)
    yield compare(SIZE, PEER, decode_response, describe, [document], effort=effort, bound=1.3)
    yield compare(f"{SIZE}, xmltodict alone", PEER, _xmltodict, describe, [document], effort=effort)
    ours, theirs = _kept(decode_response, document), _kept(describe, document)
    yield Row(f"{SIZE}, memory", PEER, ours, theirs, unit="B")


Parse = Callable[[bytes], Any]


def _small(name: str, theirs: Parse, documents: list[bytes], effort: Effort) -> Iterator[Row]:
    limited = f"{PEER} (limited by xmltodict)"
    yield compare(name, limited, decode_response, theirs, documents, effort=effort)
    yield compare(f"{name}, xmltodict alone", PEER, _xmltodict, theirs, documents, effort=effort)
    yield compare(
        name, "xmltodict alone", decode_response, _xmltodict, documents, effort=effort, bound=BESIDE_XMLTODICT
    )


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
