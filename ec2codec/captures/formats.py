"""The formats of captures: how each is recognised, and who reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ec2codec.captures.burp import read_burp
from ec2codec.captures.exchange import Note
from ec2codec.captures.go_debug import read_go_debug
from ec2codec.captures.har import read_har
from ec2codec.captures.json_documents import read_documents
from ec2codec.captures.lines import read_lines
from ec2codec.captures.mitmproxy_flows import read_mitmproxy
from ec2codec.captures.moto_recorder import read_moto
from ec2codec.captures.openstack import read_openstack
from ec2codec.captures.pcap import read_pcap
from ec2codec.captures.placebo import read_placebo
from ec2codec.captures.python_debug import read_python_debug
from ec2codec.captures.utf16 import MARKS, as_utf8
from ec2codec.captures.vcr import read_vcr
from ec2codec.captures.w3c import read_w3c

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ec2codec.captures.exchange import Exchange
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


def _read_utf16(source: Source) -> Iterator[Exchange | Note]:
    """What the text holds, in whatever format it is."""
    text = as_utf8(source)
    known = recognise(text.head)
    if known.read is not None:
        yield from known.read(text)
    if text.fault is not None and source.fault is None:
        yield Note(source.name, text.fault)


def _begins(*magics: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(magics)


def _matches(pattern: bytes) -> Callable[[bytes], bool]:
    compiled = re.compile(pattern)
    return lambda head: compiled.match(head) is not None


def _contains(pattern: bytes) -> Callable[[bytes], bool]:
    compiled = re.compile(pattern)
    return lambda head: compiled.search(head) is not None


def _has_line(beginning: bytes) -> Callable[[bytes], bool]:
    # A line feed to look for is found five times as fast as `^`.
    compiled = re.compile(rb"\n(?:" + beginning + rb")", re.MULTILINE)
    return lambda head: compiled.search(b"\n" + head) is not None


def _either(*tests: Callable[[bytes], bool]) -> Callable[[bytes], bool]:
    return lambda head: any(test(head) for test in tests)


def _is_binary(head: bytes) -> bool:
    """Whether there are zeros in it, and no line that somebody could read.

    Zeros alone are no sign: a log that was rotated while it was written begins with a hole, one whose machine
    lost its power has it within, and a hole reads as zeros.
    """
    return b"\0" in head.lstrip(b"\0") and not any(map(_is_readable, head.split(b"\n")))


def _is_readable(line: bytes) -> bool:
    line = line.strip(b"\r\0")
    if len(line) < _FEW or _CONTROL.search(line):
        return False
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


# Bytes that may look like text by chance; and what no text holds, tabs and the colours of a terminal aside.
_FEW = 16
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1a\x1c-\x1f]")


# Both byte orders, in microseconds and nanoseconds.
_PCAP = (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d")
_CLOUDTRAIL = rb'\s*\{\s*"(?:Records|Events)"\s*:\s*\['
_CASSETTE = rb"(?:http_)?interactions:\s*$"
# The version may stand before or behind.
_JSON_CASSETTE = rb'\s*\{\s*(?:"version"\s*:\s*\d+\s*,\s*)?"(?:http_)?interactions"\s*:\s*\['
# The body of the first request, an upload perhaps, may be longer than what is looked at.
_MOTO = rb'\s*\{"headers": \{[^\n]*(?:"body_encoded": |"body": "[^"\n]*\Z)'
_PLACEBO = rb'\s*\{\s*"status_code"\s*:\s*\d{3}\s*,\s*"data"\s*:'
# Arrays, and objects spread over lines; an object in one line is a line.
_DOCUMENT = rb"\s*(?:\[\s*[{\]]|\{\s*\n)"
# As boto3.set_stream_logger, the AWS CLI, logging.basicConfig and boto 2 write it, or http.client prints it.
_PYTHON_DEBUG = (
    rb"(?:[\d-]{10} [\d:,]{12} .{0,80}(?:botocore\.\w+|boto) (?:\[DEBUG\]|- DEBUG -)"
    rb"|DEBUG:boto(?:core\.)?|send: b?['\"][A-Z]{3,7} /)"
)
_GO_DEBUG = (
    rb"(?:---\[ REQUEST POST-SIGN \]|(?:SDK [\d/]{10} [\d:]{8} )?DEBUG:? Request(?: |\r?$)"
    rb"|\d{4}/\d\d/\d\d \d\d:\d\d:\d\d (?:\[[\w-]+\] ){0,2}(?:DEBUG:? )?Request(?: ec2/|\r?$)"
    rb"|\d{4}-\d\d-\d\dT[\d:.]{8,12}(?:Z|[+-]\d{4}) \[[A-Z]+\] +(?:provider|plugin|backend|Terraform)\b)"
)
_LOCALSTACK = rb"\d{4}-\d\d-\d\dT[\d:.]{12} +[A-Z]+ --- \[[^\]\n]{1,40}\] (?:localstack|l)\."
_OPENSTACK = rb"\[req-[\w-]{1,64}[^\]\n]{0,200}\] (?:action: \w|arg: [^\t\n]{1,200}\t\tval: )"

# In this order. A new format is a line here; one without a reader is passed over politely, because what the
# search for queries finds in it would be wrong: escaped, encoded once more, or half of a request.
FORMATS = (
    Format("pcap", "packet capture", _begins(*_PCAP), read_pcap),
    Format("pcapng", "packet capture", _begins(b"\x0a\x0d\x0d\x0a"), read_pcap),
    Format("mitmproxy", "mitmproxy flow file", _matches(rb"\d{1,12}:\d{1,2}:[a-z_]+;"), read_mitmproxy),
    Format("zip", "zip archive: unpack it first", _begins(b"PK\x03\x04")),
    Format("tar", "tar archive: unpack it first", _matches(rb"[^\0][\s\S]{256}ustar")),
    Format("utf-16", "UTF-16 text", _begins(*MARKS), _read_utf16),
    Format("binary", "binary file", _is_binary),
    Format("har", "HTTP archive", _matches(rb'\s*\{\s*"log"\s*:\s*\{'), read_har),
    Format("vcr", "VCR cassette", _either(_matches(_JSON_CASSETTE), _has_line(_CASSETTE)), read_vcr),
    Format("moto", "moto recording", _matches(_MOTO), read_moto),
    Format("placebo", "placebo recording", _matches(_PLACEBO), read_placebo),
    Format("cloudtrail", "CloudTrail file", _matches(_CLOUDTRAIL), read_documents),
    Format("json", "JSON document", _matches(_DOCUMENT), read_documents),
    Format("json-lines", "JSON lines", _matches(rb'\s*\{\s*"'), read_lines),
    Format("burp", "Burp export", _has_line(rb"<items burpVersion="), read_burp),
    Format("w3c", "W3C extended log", _has_line(rb"#Fields: "), read_w3c),
    Format(
        "python-debug",
        "debug log of botocore, the AWS CLI or boto",
        _has_line(_PYTHON_DEBUG),
        read_python_debug,
    ),
    Format("go-debug", "debug log of Terraform or a Go SDK", _has_line(_GO_DEBUG), read_go_debug),
    Format("openstack", "OpenStack EC2 API log", _contains(_OPENSTACK), read_openstack),
    Format("localstack", "LocalStack log", _has_line(_LOCALSTACK), read_lines),
    Format("lines", "lines of text", lambda head: True, read_lines),
)
