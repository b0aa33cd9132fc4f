r"""The events of ours in CloudTrail's files, found and numbered without reading the others.

CloudTrail writes one array of compact objects, and each begins ``{"eventVersion"``. A raw quote stands at the
beginning and at the end of a JSON text and nowhere else, so ``},{"eventVersion"`` is always an object's end,
a comma, and an object's beginning; but it may be so deeper inside, or in a document that is none. What is
between two of these is one event only if its brackets match. So all but brackets and raw quotes is deleted,
for a whole block at once, and what remains of each event, its shape, is looked up among those that were seen
to be one JSON object. Its quotes begin and end texts in turn, so that a shape says by itself which of its
brackets match: what has the same shape is one object, too. Of a text with escapes all is deleted from the
first of them on, for an escaped quote is no end of it.

Whatever else comes up ends the search, and is left to the `JsonWindow`. So what is damaged within a text, or
between its brackets, is found where the event is read; where it is none of ours, it is passed over.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any

from ec2codec.captures.json_values import DECODER
from ec2codec.captures.relevance import find_mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BEGINS = re.compile(rb'(?:\xef\xbb\xbf)?[ \t\r\n]*\{\s*"Records"\s*:\s*\[(?=\{"eventVersion")')
# Escapes in a text with what is between them: all up to the quote that ends it, or the backslash alone.
_ESCAPES = re.compile(rb'(?:\\[^\0][^\\"\0]*)+|\\')
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
# Bytes that are searched before what was found in them is given: calls are judged quicker one after another
# than each after a search, by a tenth of a whole check.
BATCH = 1 << 20


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
        found: list[tuple[int, Any]] = []
        length = 0
        for more, passed in self._lots():
            found += more
            length += passed
            if length >= BATCH:
                yield from found
                found, length = [], 0
        yield from found

    def _lots(self) -> Iterator[tuple[list[tuple[int, Any]], int]]:
        """What is found, and in how many bytes, as the blocks come."""
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
                self.passed += count
                yield found, end
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
        joined = _SEAM.join(texts)
        plain, escapes = _divided(joined)
        self._prove(plain.translate(None, _DELETED).split(_SEAM), texts)
        ours = _marked(joined, texts)
        # An escaped letter may hide a mark. They are seldom.
        if _ESCAPED_LETTER.search(escapes):
            ours.update(index for index, text in enumerate(texts) if _ESCAPED_LETTER.search(text))
        return len(texts), [(self.passed + index + 1, _decoded(texts[index])) for index in sorted(ours)]

    def _prove(self, shapes: list[bytes], texts: list[bytes]) -> None:
        """Look up the shapes of *texts*; where one is new, read a text that has it.

        Raises: ValueError, RecursionError where that is no event.
        """
        if self._known.issuperset(shapes):
            return
        examples = dict(zip(shapes, texts, strict=True))
        new = examples.keys() - self._known
        for shape in new:
            _decoded(examples[shape])
        if len(self._known) < MAX_SHAPES:
            self._known |= new


def _divided(joined: bytes) -> tuple[bytes, bytes]:
    """What stands outside and inside of the `_ESCAPES`.

    It is `find` that looks for them, three times as fast as a pattern does.
    """
    outside: list[bytes] = []
    inside: list[bytes] = []
    end = 0
    while (start := joined.find(b"\\", end)) >= 0:
        outside.append(joined[end:start])
        end = _ESCAPES.match(joined, start).end()  # type: ignore[union-attr] # it begins with a backslash
        inside.append(joined[start:end])
    outside.append(joined[end:])
    return b"".join(outside), b"".join(inside)


def _marked(joined: bytes, texts: list[bytes]) -> set[int]:
    """Which of the *texts* may name an action of ours."""
    found: set[int] = set()
    index, end = -1, 0
    while (hit := find_mark(joined, end, len(joined))) >= 0:
        start = joined.rfind(_SEAM, end, hit) + 1 or end
        end = joined.find(_SEAM, hit) + 1 or len(joined)
        # Of texts that are the same, each has a mark.
        index = texts.index(joined[start:end].rstrip(_SEAM), index + 1)
        found.add(index)
    return found


def _decoded(text: bytes) -> Any:
    return DECODER.decode((_FIRST + text + b"}").decode("utf-8", "surrogateescape"))
