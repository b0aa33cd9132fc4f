"""The harness of the way from a capture to a report.

An input is one byte that chooses the report and what it shows, and a capture in any format.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote_plus
from xml.etree import ElementTree

from ec2codec import Codec, Profile
from ec2codec.captures.exchange import Exchange, Note, Pairs
from ec2codec.captures.reading import read_source
from ec2codec.captures.relevance import ACTIONS
from ec2codec.captures.source import Source
from ec2codec.discretion import Discretion, unveiled
from ec2codec.kernel import Kernel
from ec2codec.reports import REPORTS, Output
from ec2codec.selection import Selection
from ec2codec.tally import Tally
from fuzz import capture, decode
from fuzz.target import Target, hold

# What is added to calls, at the right name, at a misspelt one and at a wrong one, and must not be told.
KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "hEhSeCrEtVaLuE/+"
PLANTED = (("X-Amz-Signature", SECRET), ("Signatur", SECRET), ("IpPermissions.99.IpProtocol", KEY))
_ACCESS_KEY = re.compile(r"A[KS]IA[A-Z0-9]{12,}")
KERNELS = [Kernel(codec=Codec(profile=profile), selection=Selection(actions=ACTIONS)) for profile in Profile]


def run(data: bytes) -> None:
    """A report is what it claims to be, whatever was captured: no secret, nothing that is not printable."""
    choice = data[0] if data else 0
    names = list(REPORTS)
    name, kernel = names[choice % len(names)], KERNELS[choice >> 7]
    planted = PLANTED if choice & 0x20 else ()
    text = reported(data[1:], name, kernel, Discretion(anonymize=bool(choice & 0x40)), planted)
    hold("no access key is told", _ACCESS_KEY.search(text) is None)
    hold("no secret is told", SECRET not in text and quote_plus(SECRET) not in text)
    hold("a report is printable", name == "html" or text.replace("\n", "").isprintable())
    READ.get(name, str)(text)


def reported(data: bytes, name: str, kernel: Kernel, discretion: Discretion, planted: Pairs) -> str:
    """The report of that name on the calls in a capture, with parameters that are added to each."""
    stream, tally = io.BytesIO(), Tally()
    report = REPORTS[name](Output(stream, discretion=discretion))
    with tally.input() as note:
        for item in read_source(Source(capture.NAME, iter([data]))):
            if isinstance(item, Note):
                note(item)
            elif verdict := kernel.judge(_with(planted, item), tally):
                report.add(unveiled(verdict) if discretion.show_secrets else verdict)
    report.finish(tally)
    return stream.getvalue().decode("utf-8")


def _with(planted: Pairs, exchange: Exchange) -> Exchange:
    request = exchange.request
    if isinstance(request, bytes):
        more = "".join(f"&{name}={quote_plus(value)}" for name, value in planted)
        return replace(exchange, request=request + more.encode())
    return replace(exchange, request=(*request, *planted))


def _read_lines(text: str) -> None:
    for line in text.splitlines():
        json.loads(line)


# Who reads a report, and raises if it is none.
READ: dict[str, Callable[[str], object]] = {
    "json": json.loads,
    "jsonl": _read_lines,
    "junit": ElementTree.fromstring,
    "sarif": json.loads,
}


# From a judged call to the report; readers and the codec have harnesses of their own.
WATCHED = (
    "ec2codec.agreement",
    "ec2codec.discretion",
    "ec2codec.fingerprint",
    "ec2codec.kernel",
    "ec2codec.reports",
    "ec2codec.tally",
    "ec2codec.timeline",
    "ec2codec.verdict",
)


def seeds() -> Iterator[bytes]:
    """Short captures, each for another report, and queries that break a rule."""
    short = (path.read_bytes() for path in sorted(capture.SEEDS.glob("*/*")))
    for number, data in enumerate((*short, *(query[1:] + b"\n" for query in decode.seeds()))):
        yield bytes([number % len(REPORTS) + 32 * (number % 7)]) + data


TARGET = Target(
    "reports",
    run,
    seeds,
    capture.LINES,
    (*decode.TARGET.tokens, *capture.COMMON.split(), *capture.BLANK_TOKENS),
    watched=WATCHED,
)
