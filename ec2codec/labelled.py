"""A request and what must be said of it: what testers are given, and what their servers are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ec2codec.codec import Codec
from ec2codec.errors import Violation


@dataclass(frozen=True, slots=True)
class Labelled:
    """One test case: a text, and the one rule that it breaks.

    query: a query string; for the rules 5xx an XML document.
    rule: id of the rule, ``"E303"``; None where no rule of severity error is broken.
    code: EC2's error code under *options*; None where there is none.
    location: where the rule speaks, as in `Violation`; ``""`` for the whole text, and where none is broken.
    options: keyword arguments of `check` (platform, profile), of `Codec` where a limit is lower, and of
        `check_response` for a document, under which the label holds.
    """

    query: str
    rule: str | None
    code: str | None
    location: str
    options: Mapping[str, Any]

    @property
    def is_document(self) -> bool:
        """Whether the text is a response and no request."""
        return self.query.startswith("<")

    def violations(self) -> tuple[Violation, ...]:
        """What ec2codec itself says of the text under *options*."""
        codec = codec_of(self.options)
        if self.is_document:
            return codec.check_response(self.query, request=self.options.get("request"))
        return codec.check(self.query)


def codec_of(options: Mapping[str, Any]) -> Codec:
    """The codec under which a case's label holds.

    Kept: a corpus has few combinations of options, and a codec takes longer to make than to ask.
    Raises: TypeError, ValueError for options that no Codec has.
    """
    return _codec(tuple(sorted((name, value) for name, value in options.items() if name != "request")))


@lru_cache(maxsize=64)
def _codec(options: tuple[tuple[str, Any], ...]) -> Codec:
    return Codec(**dict(options))
