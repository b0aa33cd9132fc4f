"""UTF-16 text, as PowerShell's ``>`` writes it: read as UTF-8, so that every other reader understands it."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from ec2codec.captures.decompress import Fault
from ec2codec.captures.source import CHUNK, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKS = (b"\xff\xfe", b"\xfe\xff")


def as_utf8(source: Source) -> Source:
    """The same input in UTF-8. Lone surrogates become bytes that are none, and the codec will say so."""
    return Source(source.name, _recoded(source))


def _recoded(source: Source) -> Iterator[bytes]:
    """Raises: Fault where the input was cut short, be it within a character."""
    # Without a mark it was the user who said so; Windows is little-endian.
    codec = "utf-16" if source.head.startswith(MARKS) else "utf-16-le"
    decoder = codecs.getincrementaldecoder(codec)("surrogatepass")
    while chunk := source.stream.read(CHUNK):
        yield _utf8(decoder.decode(chunk))
    if source.fault is not None:
        raise Fault(source.fault)
    try:
        yield _utf8(decoder.decode(b"", True))
    except UnicodeDecodeError:
        raise Fault("cut short within a character") from None


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
