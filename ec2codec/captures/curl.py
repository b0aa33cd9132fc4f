"""curl commands, as people paste them and browsers copy them."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from ec2codec.captures.exchange import Completeness, Exchange
from ec2codec.captures.querytext import as_bytes, merge, query_of
from ec2codec.captures.relevance import action_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ec2codec.captures.exchange import Place

_COMMAND = re.compile(rb"(?:^|[\s/$;&|(])curl\s")


def parse(line: bytes, place: Place) -> list[Exchange] | None:
    """The call that a curl command makes; None if *line* is no such command, or not a whole one."""
    command = _COMMAND.search(line)
    if command is None:
        return None
    try:
        words = shlex.split(line[command.end() :].decode("utf-8", "surrogateescape"))
    except ValueError:
        return None
    return _call(words, place)


def _call(words: list[str], place: Place) -> list[Exchange] | None:
    urls: list[str] = []
    data: list[str] = []
    from_file = False
    for option, value in _arguments(words):
        if option in _DATA:
            from_file = from_file or (value.startswith("@") and option != "--data-raw")
            data.append(_urlencoded(value) if option == "--data-urlencode" else value)
        elif option in ("", "--url"):
            urls.append(value)
    query, body = query_of(as_bytes(next(iter(urls), ""))), as_bytes("&".join(data))
    action = action_of(query) or action_of(body)
    if action is None:
        return None
    completeness = Completeness.BODY_NOT_CAPTURED if from_file else Completeness.COMPLETE
    return [Exchange(place=place, action=action, request=merge(query, body), completeness=completeness)]


def _arguments(words: list[str]) -> Iterator[tuple[str, str]]:
    """The options with their values, and the URLs with ``""`` in the place of the option."""
    rest = iter(words)
    for word in rest:
        option, equals, value = word.partition("=")
        if word in _WITH_VALUE:
            yield word, next(rest, "")
        elif word.startswith("--") and equals:
            yield option, value
        elif word.startswith("-d"):
            yield "-d", word[2:]
        elif not word.startswith("-"):
            yield "", word


def _urlencoded(value: str) -> str:
    """What ``--data-urlencode name=content`` sends: the content encoded, the name as it is."""
    name, equals, content = value.partition("=")
    return f"{name}{equals}{quote_plus(content, errors='surrogateescape')}"


_DATA = frozenset({"-d", "--data", "--data-ascii", "--data-binary", "--data-raw", "--data-urlencode"})
# curl has more options with values; these are what stands in commands that send a form.
_WITH_VALUE = _DATA | {
    "-A", "-b", "-c", "-e", "-H", "-m", "-o", "-u", "-x", "-X", "--cookie", "--header", "--max-time",
    "--output", "--proxy", "--referer", "--request", "--retry", "--url", "--user", "--user-agent",
    "--aws-sigv4", "--cacert", "--connect-timeout",
}  # fmt: skip
