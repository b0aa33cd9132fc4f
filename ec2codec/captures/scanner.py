"""Any line that mentions ``Action=`` with one of our actions: queries, URLs, bodies in unknown logs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ec2codec.captures.exchange import Completeness, Exchange
from ec2codec.captures.querytext import merge
from ec2codec.captures.relevance import MENTION, action_of

if TYPE_CHECKING:
    from ec2codec.captures.exchange import Place

# A line that begins with a query is one to its end, blanks and all: so nothing of it is dropped silently.
_BARE_QUERY = re.compile(rb"[?&]?([\w.%-]+=[^\s?\"']*)")
# Loggers write & as \u0026 (Go) or \x26 within quotes of their own.
_ESCAPED = re.compile(rb"\\(?:u00|x)([0-9A-Fa-f]{2})")
_BOUND = re.compile(rb"[\s\"'`\x00-\x1f]")
# A closing quote within quotes, a line break within quotes, a closing tag.
_END = rb"\\[\"'nr]|</"
_STOPS = {
    b"": re.compile(_BOUND.pattern + rb"|" + _END),
    b'"': re.compile(rb'"|' + _END),
    b"'": re.compile(rb"'|" + _END),
    b"`": re.compile(rb"`|" + _END),
}
# Behind a blank, what can only be more of the same query.
_GOES_ON = re.compile(rb"[ \t]+[^\s\"'`?:\\<\x00-\x1f]*&[\w.%-]+=[^\s\"'`\\<\x00-\x1f]*")
_POST_BEFORE = re.compile(rb"\b(?:POST|PUT|PATCH)\W{1,4}$")


def parse(line: bytes, place: Place) -> list[Exchange]:
    """The calls that a line mentions, each once."""
    line = line.strip()
    # A page that was asked for is no call of it.
    if line[:8].lower() == b"referer:":
        return []
    bare = _BARE_QUERY.match(line)
    if bare and action_of(bare[1]):
        return _exchanges({merge(line.lstrip(b"?&")): Completeness.COMPLETE}, place)
    line = _ESCAPED.sub(lambda match: bytes.fromhex(match[1].decode("ascii")), line)
    found: dict[bytes, Completeness] = {}
    end = 0
    for mention in MENTION.finditer(line):
        # Everything is looked at once, lest a line of nothing but mentions cost the square of its length.
        if mention.start() >= end:
            query, completeness, end = _around(line, mention.start(), end)
            found.setdefault(merge(query), completeness)
    return _exchanges(found, place)


def _exchanges(found: dict[bytes, Completeness], place: Place) -> list[Exchange]:
    return [
        Exchange(place=place, action=action, request=query, completeness=completeness)
        for query, completeness in found.items()
        if (action := action_of(query)) is not None
    ]


def _around(line: bytes, mention: int, floor: int) -> tuple[bytes, Completeness, int]:
    """The query that holds the mention, how much there is of it, and where it ends."""
    start = mention
    while start > floor and not _BOUND.match(line, start - 1):
        start -= 1
    end, closed = _end_of(line, start, mention)
    before, url, query = line[start:mention].rpartition(b"?")
    # Behind & the query has begun earlier; behind anything else, `body=` or `data:`, it begins here.
    query = (query if url or query.endswith(b"&") else b"") + line[mention:end]
    if url:
        query = query.partition(b"#")[0]
    if before.startswith(b"<"):
        query = query.partition(b">")[0]
    if not closed:
        return query, Completeness.TRUNCATED, end
    if url and _POST_BEFORE.search(line, max(0, start - 16), start):
        return query, Completeness.BODY_NOT_CAPTURED, end
    return query, Completeness.COMPLETE, end


def _end_of(line: bytes, start: int, mention: int) -> tuple[int, bool]:
    """Where the word or the quoted text ends; and whether it does, for a quote may be cut off."""
    quote = line[max(0, start - 1) : start]
    if quote not in _STOPS:
        quote = b""
    stop = _STOPS[quote].search(line, mention)
    if stop is None:
        return len(line), not quote
    end = stop.start()
    while not quote and (more := _GOES_ON.match(line, end)):
        end = more.end()
    return end, True
