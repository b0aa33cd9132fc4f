"""When two recorded requests are the same call: for VCR matchers, and whatever else plays recordings."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote, unquote_plus

from ec2codec.codec import Codec
from ec2codec.errors import Ec2CodecError
from ec2codec.names import AUTH_PARAMETERS, is_secret


@cache
def _translator() -> Codec:
    return Codec(profile=None)


def canonical(body: str | bytes) -> str:
    """The one query string of all that say the same, without authentication: for comparing, and for keys.

    Order of parameters, escapes and gaps between indexes do not count, nor do signature, keys and date. What
    ec2codec does not decode (another action, a fault) gives its parameters in the order of their names.
    """
    try:
        return _translator().encode(_translator().decode(body))
    except Ec2CodecError:
        text = body if isinstance(body, str) else body.decode("utf-8", "surrogateescape")
        pieces = (piece.partition("=") for piece in text.split("&") if piece)
        return "&".join(
            sorted(_escaped(name) + "=" + _escaped(value) for name, _, value in pieces if not _is_auth(name))
        )


def _is_auth(name: str) -> bool:
    plain = unquote_plus(name)
    return plain in AUTH_PARAMETERS or is_secret(plain)


def _escaped(text: str) -> str:
    """*text* escaped in one way; bytes that are no UTF-8 stay apart."""
    return quote(unquote_plus(text, errors="surrogateescape"), safe="", errors="surrogateescape")
