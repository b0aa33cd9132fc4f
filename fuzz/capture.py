"""The harnesses of the capture readers, one for each: a table at the foot; and what holds for all of them."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from ec2codec import Codec
from ec2codec.captures import access_log
from ec2codec.captures import source as sources
from ec2codec.captures.event_search import EventSearch
from ec2codec.captures.exchange import Exchange, Note
from ec2codec.captures.formats import FORMATS, Format
from ec2codec.captures.json_documents import read_documents
from ec2codec.captures.lines import read_lines
from ec2codec.captures.parts import cut_near
from ec2codec.captures.relevance import ACTIONS
from ec2codec.captures.source import Source
from ec2codec.captures.vcr import read_vcr
from ec2codec.verdict import judge
from fuzz.target import Target, hold

SEEDS = Path(__file__).parent / "seeds"
NAME = "capture"
CODEC = Codec()
# Bytes that a source looks at first, so that there is something left that comes in pieces.
HEAD = 16
# The codec, which judges the calls, has harnesses of its own.
WATCHED = ("ec2codec.captures",)
# What stands before every reader, for the harnesses of that: each reader has its own.
BEFORE_READERS = tuple(
    f"ec2codec.captures.{module}" for module in ("decompress", "formats", "reading", "source", "utf16")
)
UNITS = {"line", "entry", "record", "frame", "flow", "item", "interaction"}


def run(data: bytes, known: Format) -> None:
    """A reader ends, raises nothing, says where everything stands, and the same however the bytes come."""
    items = read(data, known, len(data) + 1)
    for item in items:
        _hold_for(item, data)
    hold("there is not more in a capture than bytes", len(items) <= len(data) + 4)
    hold("pieces make no difference", alike(items, read(data, known, a_piece(data)), known))
    with ExitStack() as stack:
        for owner, name, stand_in in QUICK.get(known.read, ()):
            stack.enter_context(mock.patch.object(owner, name, stand_in))
        hold("quick ways make no difference", alike(items, read(data, known, len(data) + 1), known))
    if known.read is read_lines:
        hold("parts make no difference", items == list(_in_parts(data, 1 + len(data) % 97)))


def alike(one: list[Exchange | Note], other: list[Exchange | Note], known: Format) -> bool:
    """Whether two readings say the same; of a damaged document, as far as both go.

    Where the damage is in a record that is not read, or in a piece of its own, a reader may see it later.
    """
    if one == other or known.read not in DOCUMENTS:
        return one == other
    damaged = any(isinstance(items[-1], Note) for items in (one, other) if items)
    calls = [[item for item in items if isinstance(item, Exchange)] for items in (one, other)]
    return damaged and all(same == again for same, again in zip(*calls, strict=False))


def a_piece(data: bytes) -> int:
    """Bytes of a piece, of which an input has some sixteen, cut elsewhere for each length."""
    return 1 + len(data) // 16 + len(data) % 7


def read(data: bytes, known: Format, size: int) -> list[Exchange | Note]:
    """All that a reader gives of an input that comes in pieces of *size* bytes."""
    assert known.read is not None
    pieces = (data[at : at + size] for at in range(0, len(data), size))
    with mock.patch.object(sources, "HEAD", HEAD):
        source = Source(NAME, pieces, expanded=True)
    return list(known.read(source))


def _in_parts(data: bytes, size: int) -> Iterator[Exchange | Note]:
    """What is read of a text that is divided as it is among processes, in parts of *size* bytes or more."""
    file, start = io.BytesIO(data), 0
    while start < len(data):
        stop = cut_near(file, start + size, len(data))
        before = data.count(b"\n", 0, start)
        yield from read_lines(Source(NAME, iter([data[start:stop]]), expanded=True), before)
        start = stop


def _hold_for(item: Exchange | Note, data: bytes) -> None:
    if isinstance(item, Note):
        hold("a note says where and why", item.place.startswith(NAME) and bool(item.message))
        return
    place = item.place
    hold("a place names the input, and counts from 1", place.file == NAME and place.number >= 1)
    hold("a place has a known unit", place.unit in UNITS)
    lines = data.count(b"\n") + 1
    hold("a line is one of the input's", place.unit != "line" or place.number <= lines)
    hold("a call is of one of our actions", item.action in ACTIONS)
    hold("a call's time has its zone", item.time is None or item.time.utcoffset() is not None)
    if isinstance(item.request, bytes):
        hold("a query begins with a question mark", item.request.startswith(b"?"))
    verdict = judge(item, CODEC)
    hold(
        "a verdict is said in printable lines", all(str(found).isprintable() for found in verdict.violations)
    )


class Kind(NamedTuple):
    """How inputs of a format are mutated. name: of the format; piece, tokens, watched: as in `Target`."""

    name: str
    piece: re.Pattern[bytes]
    tokens: bytes = b""
    watched: tuple[str, ...] = WATCHED


def target_of(kind: Kind) -> Target:
    """The harness of a format's reader."""
    known = next(known for known in FORMATS if known.name == kind.name)
    return Target(
        name=kind.name,
        run=partial(run, known=known),
        seeds=partial(seeds, known),
        piece=kind.piece,
        tokens=tuple(dict.fromkeys([*COMMON.split(), *kind.tokens.split(), *BLANK_TOKENS])),
        watched=kind.watched,
    )


def seeds(known: Format) -> Iterator[bytes]:
    """Those of other readers as UTF-16, for the reader of that; the others have theirs in fuzz/seeds."""
    if known.name == "utf-16":
        for path in sorted(SEEDS.glob("*/*")):
            data = path.read_bytes()
            if len(data) < 1024 and b"\0" not in data:
                yield codecs.BOM_UTF16_LE + data.decode("utf-8", "replace").encode("utf-16-le")


# What only saves time, by reader: owner, name, and what does not save it.
QUICK: dict[object, list[tuple[object, str, object]]] = {
    read_documents: [(EventSearch, "relevant", lambda _self: iter(()))],
    read_lines: [(access_log, "_COMMON", re.compile(rb"(?!)"))],
}

# Readers of one document, of which there is no line, entry or record that could be passed over alone.
DOCUMENTS = (read_documents, read_vcr)

COMMON = rb"""
Action=RevokeSecurityGroupIngress &Action=AuthorizeSecurityGroupEgress& RevokeSecurityGroupIngress
?Action=RevokeSecurityGroupIngress&GroupName=a&IpPermissions.1.IpProtocol=tcp &Version=2016-11-15
DescribeSecurityGroups SecurityGroup POST GET HTTP/1.1 http:// https://ec2.us-east-1.amazonaws.com/ 200 400
application/x-www-form-urlencoded Content-Type: Content-Length: chunked gzip base64 UTF-8
\n \r\n \" \\ \u0000 \ud800 %0A %00 & = ? + , : ; ' " { } [ ] ( ) < > / \ | # - 0 1 -1 65536 1e400 1e5
99999999999 null true false None b' u' 2026-11-22T17:02:47Z 22/Nov/2026:17:01:59 1763830967.5 Sun,
<Response><Errors><Error><Code>InvalidGroup.NotFound</Code></Error></Errors></Response> <return>true</return>
"""
BLANK_TOKENS = (b"\n", b"\r\n", b"\n\n", b"\t", b" ", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xc2\x85", b"\\\n")
WORDS = re.compile(rb"[\w.%-]+|[^\w.%-]")
LINES = re.compile(rb"[^\n]*\n|[^\n]+")
JSON = re.compile(rb'"(?:[^"\\]|\\.)*"|[\w.+-]+|[\s\S]')
MARKUP = re.compile(rb"<[^>]*>|[^<]+|<")
BINARY = re.compile(rb"[\s\S]{1,16}")

KINDS = (
    Kind(
        "har",
        JSON,
        rb'"log" "entries" "request" "response" "postData" "text" "params" "startedDateTime" "_x"',
    ),
    Kind(
        "cloudtrail",
        JSON,
        rb"""{"Records":[{"eventVersion":"1" },{"eventVersion":"1.08" "Records": "Events" "eventName" "items"
        "requestParameters" "errorCode" "eventTime" "responseElements" "_return" "userAgent":"\\"\\\\" """,
    ),
    Kind("lines", LINES, rb'"GET HTTP/1.1" --data curl body= {"level": "request": "-" \\x22'),
    Kind("pcap", BINARY),
    Kind("mitmproxy", WORDS, rb"7:request; 4:type; 4:http; 0:~ 4:true! 1:1# 0:} 0:] 7:content,"),
    Kind(
        "vcr",
        LINES,
        rb"interactions: - request: response: body: string: uri: method: status: !!binary &a *a |- >",
    ),
    Kind(
        "burp",
        MARKUP,
        rb'<items> <item> </item> <request base64="true"> <![CDATA[ ]]> <!DOCTYPE <time> <url>',
    ),
    Kind(
        "python-debug",
        LINES,
        rb"send: reply: header: DEBUG params: OperationModel(name= Params: 'body': b'' {}",
    ),
    Kind(
        "go-debug",
        LINES,
        rb"---[ REQUEST POST-SIGN ]--- DEBUG: Request Response http.request.body= http.response.body=",
    ),
    Kind("moto", JSON, rb'{"headers": "body": "body_encoded": "method": "url":'),
    Kind(
        "w3c",
        LINES,
        rb"#Fields: cs-uri-query cs-method cs-uri-stem date time sc-status cs(User-Agent) cs-body",
    ),
    Kind("openstack", LINES, rb"[req-1 ] action: arg: val: __call__ Unexpected"),
    Kind("utf-16", BINARY, watched=BEFORE_READERS),
)
TARGETS = tuple(target_of(kind) for kind in KINDS)
