r"""JSON as logs hold it: numbers kept as they are written, bytes that are not UTF-8 kept, no input fatal."""

from __future__ import annotations

import json
import re
from typing import Any

# Numbers stay text: 80.0 must not become 80, and int() of 5,000 digits raises. Raw control characters in
# texts are let pass, for it is the codec that judges them.
DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str, strict=False)

# nginx without `escape=json` writes bytes as \xC3\xA9 between a JSON log's quotes, which JSON does not know.
_BACKSLASH = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|.)", re.DOTALL)


def load_object(line: bytes) -> dict[str, Any] | None:
    """The JSON object that *line* is; None if it is none."""
    stripped = line.strip()
    if stripped[:1] != b"{":
        return None
    text = stripped.decode("utf-8", "surrogateescape")
    value = _load(text)
    if value is None and "\\x" in text:
        value = _load(_BACKSLASH.sub(_json_escape, text))
    return value if isinstance(value, dict) else None


def _load(text: str) -> object:
    try:
        return DECODER.decode(text)
    except (ValueError, RecursionError):
        return None


def _json_escape(match: re.Match[str]) -> str:
    if match[1] is None:
        return match[0]
    code = int(match[1], 16)
    # The surrogates that stand for bytes, see querytext.as_bytes.
    return f"\\u{code if code < 0x80 else 0xDC00 + code:04x}"


def integer(value: object) -> int | None:
    """The HTTP status that a JSON member gives, as number or text; None if it gives none."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 3:
        return int(value)
    return None
