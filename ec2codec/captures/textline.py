"""Lines of text that are no JSON: access logs, curl commands, and anything else that holds a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ec2codec.captures import access_log, botocore_line, curl, localstack, scanner

if TYPE_CHECKING:
    from collections.abc import Callable

    from ec2codec.captures.exchange import Exchange, Place


def parse(line: bytes, place: Place) -> list[Exchange]:
    """The calls in a line, by the first parser that knows such lines."""
    for parser in LINE_PARSERS:
        exchanges = parser(line, place)
        if exchanges is not None:
            return exchanges
    return scanner.parse(line, place)


# What a line begins with comes before what is looked for in it, which a client may have written.
LINE_PARSERS: tuple[Callable[[bytes, Place], list[Exchange] | None], ...] = (
    localstack.parse,
    botocore_line.parse,
    access_log.parse_uncommon,
    curl.parse,
)
