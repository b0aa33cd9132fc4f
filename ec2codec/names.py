"""The grammar of parameter names: ``"IpPermissions.1.FromPort"`` and ``("IpPermissions", 1, "FromPort")``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from ec2codec.suggest import MAX_LENGTH, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

Path = tuple[str | int, ...]

# The SDKs count lists with 32-bit integers; the service's own bound is unknown. An index only orders.
MAX_INDEX = 2_147_483_647
_INDEX = re.compile(r"[1-9][0-9]{0,9}")

# Common Query Parameters of the API reference 2011-12-15 (Signature Version 0 to 2), then the query form of
# Signature Version 4. They are set aside before an action's own parameters are read.
AUTH_PARAMETERS = frozenset(
    {
        "AWSAccessKeyId",
        "Expires",
        "SecurityToken",
        "Signature",
        "SignatureMethod",
        "SignatureVersion",
        "Timestamp",
        "X-Amz-Algorithm",
        "X-Amz-Content-Sha256",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-Security-Token",
        "X-Amz-Signature",
        "X-Amz-SignedHeaders",
    }
)
# The API reference prints this in place of the parameters above.
AUTH_PLACEHOLDER = "AUTHPARAMS"

# The longest names have five segments; what hostile ones have beyond these is not looked at.
MAX_SEGMENTS = 8

# Without hyphens and underscores: the words of the protocol, and what else people call a secret.
_SECRETS = frozenset(
    {
        "accesskeyid",  # NIFCLOUD's spelling
        "accesstoken",
        "apikey",
        "authorization",
        "authtoken",
        "awsaccesskeyid",
        "awssecretaccesskey",
        "awssecretkey",
        "clientsecret",
        "cookie",
        "credentials",
        "passwd",
        "password",
        "proxyauthorization",
        "secret",
        "secretaccesskey",
        "secretkey",
        "securitytoken",
        "sessiontoken",
        "setcookie",
        "signature",
        "token",
        "xamzcredential",
        "xamzsecuritytoken",
        "xamzsignature",
        "xapikey",
    }
)
_HYPHENS = str.maketrans("", "", "-_")


def is_secret(name: str) -> bool:
    """Whether the values of this parameter or header are never shown.

    Letter case, a slip, hyphens, blanks around and segments beside it are ignored: ``signatur``,
    ``Signature.1``; and what is left of an ampersand in HTML: ``amp;Signature``.
    """
    plain = name.removeprefix("amp;")
    segments = (segment.strip() for segment in plain.split(".", MAX_SEGMENTS)[:MAX_SEGMENTS])
    # Indexes are far from all of them, and too many to be kept.
    words = (segment for segment in segments if len(segment) <= MAX_LENGTH and not segment.isdecimal())
    return any(_is_near_secret(word) for word in words)


# Reports ask of every parameter, and the same few words come again and again.
@lru_cache(maxsize=4096)
def _is_near_secret(word: str) -> bool:
    return nearest(word.translate(_HYPHENS), _SECRETS) is not None


def is_index(segment: str) -> bool:
    """Whether *segment* is 1 to 2147483647 in ASCII digits without leading zero."""
    return _INDEX.fullmatch(segment) is not None and int(segment) <= MAX_INDEX


def parse_name(name: str) -> Path:
    """Segments of a parameter name, indexes as int."""
    return tuple(int(part) if is_index(part) else part for part in name.split("."))


def format_name(path: Iterable[str | int]) -> str:
    """Parameter name of a path."""
    return ".".join(map(str, path))


def snake_case(wire_name: str) -> str:
    """Attribute name of a wire name: ``FromPort`` becomes ``from_port``, mechanically."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", wire_name).lower()
