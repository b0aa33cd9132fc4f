r"""Query strings in the bytes of a capture: cut out of URLs, joined with bodies, freed of a log's escapes.

Nothing is percent-decoded here; that is the codec's, and it does it once.
"""

from __future__ import annotations

import re

# nginx writes \x22 and \x5C; Apache writes \xc3, \", \\ and the C escapes of control characters.
_ESCAPE = re.compile(rb'\\(?:x([0-9A-Fa-f]{2})|(["\\bnrtv]))')
_CONTROLS = {b"b": b"\b", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


def query_of(target: bytes) -> bytes:
    """What follows the first ``?`` of a URL or request target, without the fragment; empty if none does."""
    return target.partition(b"?")[2].partition(b"#")[0]


def merge(query: bytes, body: bytes = b"") -> bytes:
    """One query string of a URL's query and a form body, the body after the query.

    It begins with ``?``, lest a query that begins with ``/`` be taken for a URL.
    """
    return b"?" + (b"&" if query and body else b"").join((query, body))


def unescape(field: bytes) -> bytes:
    r"""The bytes that a server escaped in a quoted field of its access log: ``\x22`` and ``\"`` are ``"``."""
    return _ESCAPE.sub(_unescaped, field) if b"\\" in field else field


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return bytes.fromhex(match[1].decode("ascii"))
    return _CONTROLS.get(match[2], match[2])


def as_bytes(text: str) -> bytes:
    """The bytes that *text* was read from.

    Bytes that are not UTF-8 come as U+DC80 to U+DCFF; other lone surrogates, which only JSON escapes can
    write, become bytes that are not UTF-8 either, and the codec says so.
    """
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
