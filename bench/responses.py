"""Decoding responses, beside botocore's parser of the same documents; and where the time of a small one goes.

xmltodict stays the reader. It is called back for each tag and each text, in Python, where botocore's
ElementTree stays in C. So the rows of a small document are a profile: what expat takes alone, what it takes
to call a function that does nothing, what xmltodict takes as it is called here, and all of it with law and
objects; each beside botocore's parser, which is measured anew for each. `docs/speed.md` shows them.
"""

from __future__ import annotations

import gc
import re
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any
from xml.parsers import expat

import botocore.parsers  # type: ignore[import-untyped]
import botocore.session  # type: ignore[import-untyped]
import xmltodict

from bench.documents import description, errors, successes
from bench.measure import Effort, Row, compare
from ec2codec import decode_response, plain

PEER = "botocore's parser"
SIZE = "Describe, 500 groups of 10"
# What is ours to keep small: the law, the objects, and how xmltodict is called. Measured: 1.12 and 1.07.
BESIDE_XMLTODICT = 1.4
# Measured: 0.97 to 1.00. Of an error document, xmltodict alone takes more than botocore's parser.
SUCCESS_BOUND = 1.1


def rows(effort: Effort) -> Iterator[Row]:
    """Every measurement of responses."""
    parse = _botocore()
    small = max(effort.bodies // 2, 1)
    revoke, refuse = parse("RevokeSecurityGroupIngress", 200), parse("RevokeSecurityGroupIngress", 400)
    yield from _small("response, success", revoke, successes(small), effort, bound=SUCCESS_BOUND)
    yield from _small("response, error", refuse, errors(small), effort)
    describe, document = parse("DescribeSecurityGroups", 200), description(500, 10)
    yield compare(SIZE, PEER, decode_response, describe, [document], effort=effort, bound=1.3)
    yield compare(f"{SIZE}, xmltodict alone", PEER, _xmltodict, describe, [document], effort=effort)
    ours, theirs = _kept(decode_response, document), _kept(describe, document)
    yield Row(f"{SIZE}, memory", PEER, ours, theirs, unit="B")


Parse = Callable[[bytes], Any]


def _small(
    name: str, theirs: Parse, documents: list[bytes], effort: Effort, *, bound: float | None = None
) -> Iterator[Row]:
    yield compare(name, PEER, decode_response, theirs, documents, effort=effort, bound=bound)
    contents = [_HEAD.sub(rb"<\1>", document) for document in documents]
    for part, read, inputs in (
        ("xmltodict as called here", plain._element, contents),
        ("expat calling nothing", _expat_calling, contents),
        ("expat alone", _expat, contents),
        ("xmltodict by default", _xmltodict, documents),
    ):
        yield compare(f"{name}, {part}", PEER, read, theirs, inputs, their_inputs=documents, effort=effort)
    yield compare(
        name,
        "xmltodict by default",
        decode_response,
        _xmltodict,
        documents,
        effort=effort,
        bound=BESIDE_XMLTODICT,
    )


# Declaration and start of the root, which ec2codec does not give to xmltodict.
_HEAD = re.compile(rb"\A<\?xml[^>]*>\s*<(\w+)[^>]*>")


def _xmltodict(document: bytes) -> Any:
    """What reading costs as xmltodict does it by default: no law, no objects, no limits."""
    return xmltodict.parse(document)


def _expat(document: bytes) -> None:
    """What it costs to find the tags, and to tell no one."""
    expat.ParserCreate("utf-8").Parse(document, True)


def _expat_calling(document: bytes) -> None:
    """What it costs to tell Python of each tag and each text."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = _nothing
    parser.Parse(document, True)


def _nothing(*_: object) -> None:
    pass


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
