"""The formats of captures: how each is recognised, and who reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ec2codec.captures.har import read_har
from ec2codec.captures.json_documents import read_documents
from ec2codec.captures.lines import read_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ec2codec.captures.exchange import Exchange, Note
    from ec2codec.captures.source import Source

    Read = Callable[[Source], Iterator[Exchange | Note]]


class Format(NamedTuple):
    """A kind of input.

    name: what ``--input-format`` calls it.
    title: what people call it.
    recognises: whether the first bytes of an input, without byte order mark, are of it.
    read: gives the calls in it, and notes of what could not be read; None while no reader is written.
    """

    name: str
    title: str
    recognises: Callable[[bytes], bool]
    read: Read | None = None


def recognise(head: bytes) -> Format:
    """The format of an input that begins with *head*: text lines where nothing else is certain."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    return next(known for known in FORMATS if known.recognises(head))


def _begins(*magics: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(magics)


def _matches(pattern: bytes) -> Callable[[bytes], bool]:
    compiled = re.compile(pattern)
    return lambda head: compiled.match(head) is not None


def _contains(pattern: bytes) -> Callable[[bytes], bool]:
    compiled = re.compile(pattern, re.MULTILINE)
    return lambda head: compiled.search(head) is not None


def _is_binary(head: bytes) -> bool:
    # A log that was rotated while it was written begins with a hole, which reads as zeros.
    return b"\0" in head.lstrip(b"\0")


_CLOUDTRAIL = rb'\s*\{\s*"(?:Records|Events)"\s*:\s*\['
# Arrays, and objects spread over lines; an object in one line is a line.
_DOCUMENT = rb"\s*(?:\[\s*[{\]]|\{\s*\n)"
# As boto3.set_stream_logger, the AWS CLI and logging.basicConfig write it.
_BOTOCORE_DEBUG = rb"^(?:[\d-]{10} [\d:,]{12} .{0,80}botocore\.\w+ (?:\[DEBUG\]|- DEBUG -) |DEBUG:botocore\.)"

# In this order. A new format is a line here; one without a reader is passed over politely, because what the
# search for queries finds in it would be wrong: escaped, encoded once more, or half of a request.
FORMATS = (
    Format("pcap", "packet capture", _begins(b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1")),
    Format("pcapng", "packet capture", _begins(b"\xa1\xb2\x3c\x4d", b"\x0a\x0d\x0d\x0a")),
    Format("mitmproxy", "mitmproxy flow file", _matches(rb"\d{1,12}:\d{1,2}:[a-z_]+;")),
    Format("zip", "zip archive", _begins(b"PK\x03\x04")),
    Format("utf-16", "UTF-16 text", _begins(b"\xff\xfe", b"\xfe\xff")),
    Format("binary", "binary file", _is_binary),
    Format("har", "HTTP archive", _matches(rb'\s*\{\s*"log"\s*:\s*\{'), read_har),
    Format("moto", "moto recording", _matches(rb'\{"headers": \{[^\n]*"body_encoded": ')),
    Format("cloudtrail", "CloudTrail file", _matches(_CLOUDTRAIL), read_documents),
    Format("json", "JSON document", _matches(_DOCUMENT), read_documents),
    Format("json-lines", "JSON lines", _matches(rb'\s*\{\s*"'), read_lines),
    Format("vcr", "VCR cassette", _contains(rb"^(?:http_)?interactions:\s*$")),
    Format("burp", "Burp export", _contains(rb"^<items burpVersion=")),
    Format("w3c", "W3C extended log", _contains(rb"^#Fields: ")),
    Format("botocore-debug", "botocore debug log", _contains(_BOTOCORE_DEBUG)),
    Format("lines", "lines of text", lambda head: True, read_lines),
)
