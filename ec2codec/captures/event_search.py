r"""The events of ours in CloudTrail's files, found and numbered without reading the others.

CloudTrail writes one array of compact objects, and each begins ``{"eventVersion"``. A raw quote stands at the
beginning and at the end of a JSON text and nowhere else, so ``},{"eventVersion"`` is always an object's end,
a comma, and an object's beginning; but it may be so deeper inside, or in a document that is none. What is
between two of these is one event only if its brackets match. So all but brackets and raw quotes is deleted,
which C does for a whole block at once, and what remains of each event, its shape, is looked up among those
that were seen to be one JSON object. Its quotes begin and end texts in turn, so that a shape says by itself
which of its brackets match: what has the same shape is one object, too.

Whatever else comes up ends the search, and is left to the `JsonWindow`.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any

from ec2codec.captures.json_values import DECODER
from ec2codec.captures.relevance import find_mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_BEGINS = re.compile(rb'(?:\xef\xbb\xbf)?[ \t\r\n]*\{\s*"Records"\s*:\s*\[(?=\{"eventVersion")')
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_FIRST = b'{"eventVersion"'
_BETWEEN = b"}," + _FIRST
# Put in its place while shapes are taken; no JSON document holds it raw.
_MARK = b"\0"
_DELETED = bytes(set(range(256)) - set(b'{}[]"' + _MARK))
# Bytes that an event may have here, and CloudTrail writes 256 kB at most; shapes that are remembered.
MAX_EVENT = 1 << 20
MAX_SHAPES = 10_000


class EventSearch:
    """Goes through a document as far as it is made of nothing but events.

    passed: how many of them it has been through.
    """

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        # What was not passed of the blocks that were taken.
        self._text = b""
        self._known: set[bytes] = set()
        self.passed = 0

    def relevant(self) -> Iterator[tuple[int, Any]]:
        """The events that may be calls of ours, each with its number, from 1."""
        self._text = next(self._blocks, b"")
        if (begins := _BEGINS.match(self._text)) is None:
            return
        start = searched = begins.end()
        while True:
            end = self._text.rfind(_BETWEEN, searched) + 1
            if end:
                events = self._text[start:end]
                try:
                    count, found = self._search(events)
                except (ValueError, RecursionError):
                    return
                yield from found
                self.passed += count
                # Behind the comma.
                self._text, start = self._text[end + 1 :], 0
            block = next(self._blocks, b"")
            searched = max(start, len(self._text) - len(_BETWEEN))
            self._text += block
            if not block or len(self._text) > MAX_EVENT:
                return

    def rest(self) -> Iterator[bytes]:
        """What was not passed: the whole document, or all from the beginning of an event on."""
        return chain([self._text], self._blocks)

    def _search(self, events: bytes) -> tuple[int, list[tuple[int, Any]]]:
        """How many *events* there are, and those of them that may be of ours.

        Raises: ValueError, RecursionError where they are no events.
        """
        if _MARK in events:
            raise ValueError("a control character")
        shapes = _shapes(events)
        new = set(shapes) - self._known
        if new:
            self._learn(new, dict(zip(shapes, events[len(_FIRST) : -1].split(_BETWEEN), strict=True)))
        # An escaped letter may hide a mark. They are seldom.
        doubtful = chain(_around(events, find_mark), _around(events, _find_letter))
        found = {index: _decoded(event) for index, event in doubtful}
        return len(shapes), [(self.passed + index + 1, found[index]) for index in sorted(found)]

    def _learn(self, shapes: set[bytes], texts: dict[bytes, bytes]) -> None:
        for shape in shapes:
            _decoded(_FIRST + texts[shape] + b"}")
        if len(self._known) < MAX_SHAPES:
            self._known |= shapes


def _shapes(events: bytes) -> list[bytes]:
    """The brackets and quotes of each event, without those at its beginning and at its end."""
    text = events.replace(_BETWEEN, _MARK)
    if b"\\" in text:
        text = _ESCAPE.sub(b"", text)
    shapes = text.translate(None, _DELETED).split(_MARK)
    # All others have neither beginning nor end, which were replaced.
    shapes[0], shapes[-1] = shapes[0].removeprefix(b'{""'), shapes[-1][:-1]
    return shapes


def _around(events: bytes, find: Callable[[bytes, int, int], int]) -> Iterator[tuple[int, bytes]]:
    """The events in which something is found, with their indexes."""
    index = start = end = 0
    while (hit := find(events, end, len(events))) >= 0:
        if (before := events.rfind(_BETWEEN, start, hit)) >= 0:
            index += events.count(_BETWEEN, start, before) + 1
            start = before + 2
        end = events.find(_BETWEEN, hit) + 1 or len(events)
        yield index, events[start:end]


def _find_letter(events: bytes, start: int, stop: int) -> int:
    while (escape := events.find(b"\\u00", start, stop)) >= 0:
        # What JSON writers escape is <, >, & and controls: 00 to 3e.
        if events[escape + 4 : escape + 5] in b"4567":
            return escape
        start = escape + 4
    return -1


def _decoded(event: bytes) -> Any:
    return DECODER.decode(event.decode("utf-8", "surrogateescape"))
