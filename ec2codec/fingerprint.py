"""The same finding in another run: what makes two findings one."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from ec2codec.discretion import Discretion
from ec2codec.names import format_name, parse_name

if TYPE_CHECKING:
    from ec2codec.errors import Violation

# Bits enough that no two of a billion findings collide by chance; hexadecimal digits.
_LENGTH = 32


def fingerprint(action: str, violation: Violation, discretion: Discretion | None = None) -> str:
    """32 hexadecimal digits for rule, action, location without indexes, and value.

    Neither file nor place is in it: logs are rotated. What *discretion* does not show is not in it either,
    lest an address be found again by trying all there are; nor is a secret, shown or not.
    """
    parts = [violation.rule, action, *described(violation, discretion or Discretion())]
    text = json.dumps(parts).casefold()
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:_LENGTH]


def described(violation: Violation, discretion: Discretion) -> tuple[str, str | None]:
    """Location without indexes, and value, as they may be shown where no secret may."""
    public = Discretion(anonymize=discretion.anonymize)
    location = public.shown(_without_indexes(violation.location))
    return location, public.value(violation.location, violation.value)


def _without_indexes(location: str) -> str:
    return format_name(part for part in parse_name(location) if isinstance(part, str))
