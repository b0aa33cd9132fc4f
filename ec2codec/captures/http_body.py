"""Bodies of HTTP messages, freed of what they are wrapped in, within bounds."""

from __future__ import annotations

import base64
import zlib


def from_base64(text: str | bytes) -> bytes:
    """What *text* encodes; nothing where it is no base64."""
    try:
        return base64.b64decode(text)
    except ValueError:
        return b""


def decoded(body: bytes, coding: bytes, limit: int) -> tuple[bytes, bool]:
    """The body before it was compressed, and whether that is all of it, and no more than *limit* bytes.

    coding: the value of Content-Encoding. What is neither gzip nor deflate is not undone, and not there.
    """
    coding = coding.strip().lower()
    if not body or coding in (b"", b"identity"):
        return body, True
    if coding not in (b"gzip", b"x-gzip", b"deflate"):
        return b"", False
    # 32 adds: whichever of gzip and zlib it is. Some send deflate without zlib's frame, as its name says.
    bits = -zlib.MAX_WBITS if coding == b"deflate" and not _has_zlib_header(body) else 32 + zlib.MAX_WBITS
    return _inflated(zlib.decompressobj(wbits=bits), body, limit)


def _has_zlib_header(body: bytes) -> bool:
    # RFC 1950: method 8, and the first two bytes are a multiple of 31.
    return body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0


def _inflated(engine: zlib._Decompress, body: bytes, limit: int) -> tuple[bytes, bool]:
    text = b""
    try:
        # Small pieces, for a fault loses the output of the piece that holds it.
        for start in range(0, len(body), 64):
            text += engine.decompress(
                engine.unconsumed_tail + body[start : start + 64], limit - len(text) + 1
            )
            if len(text) > limit:
                return text[:limit], False
    except zlib.error:
        return text, False
    return text, engine.eof
