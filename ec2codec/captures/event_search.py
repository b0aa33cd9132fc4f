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
from ec2codec.captures.relevance import MARK, find_mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BEGINS = re.compile(rb'(?:\xef\xbb\xbf)?[ \t\r\n]*\{\s*"Records"\s*:\s*\[(?=\{"eventVersion")')
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
# What JSON writers escape is <, >, & and controls: 00 to 3e.
_ESCAPED_LETTER = re.compile(rb"\\u00[4-7]")
_FIRST = b'{"eventVersion"'
_BETWEEN = b"}," + _FIRST
# Put between events while shapes are taken; no JSON document holds it raw.
_SEAM = b"\0"
_DELETED = bytes(set(range(256)) - set(b'{}[]"' + _SEAM))
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
                try:
                    count, found = self._search(start, end)
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

    def _search(self, start: int, end: int) -> tuple[int, list[tuple[int, Any]]]:
        """How many events there are from *start* to *end*, and those of them that may be of ours.

        Raises: ValueError, RecursionError where they are no events.
        """
        if self._text.find(_SEAM, start, end) >= 0:
            raise ValueError("a control character")
        # Without what begins the first one and ends the last one: all others have lost theirs to the cut.
        texts = self._text[start + len(_FIRST) : end - 1].split(_BETWEEN)
        escaped = [index for index, text in enumerate(texts) if b"\\" in text]
        shapes = _shapes(texts, escaped)
        new = set(shapes) - self._known
        if new:
            self._learn(new, dict(zip(shapes, texts, strict=True)))
        marked = [index for index, text in enumerate(texts) if MARK in text]
        ours = {index for index in marked if find_mark(texts[index], 0, len(texts[index])) >= 0}
        # An escaped letter may hide a mark. They are seldom.
        ours.update(index for index in escaped if _ESCAPED_LETTER.search(texts[index]))
        return len(texts), [(self.passed + index + 1, _decoded(texts[index])) for index in sorted(ours)]

    def _learn(self, shapes: set[bytes], texts: dict[bytes, bytes]) -> None:
        for shape in shapes:
            _decoded(texts[shape])
        if len(self._known) < MAX_SHAPES:
            self._known |= shapes


def _shapes(texts: list[bytes], escaped: list[int]) -> list[bytes]:
    """The brackets and quotes of each event, without those at its beginning and at its end.

    escaped: which of them have backslashes.
    """
    if escaped:
        texts = texts.copy()
        for index in escaped:
            texts[index] = _ESCAPE.sub(b"", texts[index])
    return _SEAM.join(texts).translate(None, _DELETED).split(_SEAM)


def _decoded(text: bytes) -> Any:
    return DECODER.decode((_FIRST + text + b"}").decode("utf-8", "surrogateescape"))
