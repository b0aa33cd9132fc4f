"""YAML as members of its top mapping, one after the other, in the memory of the longest one.

PyYAML's parser gives events, and nothing is ever constructed from them but mappings, lists and texts,
whatever tags a document has. An alias is the same object once more, so that a bomb of them costs nothing.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ec2codec.captures.http_body import from_base64

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType
    from typing import BinaryIO

    Value = dict[str, Any] | list[Any] | str | bytes | None

# Bytes. A cassette holds answers' bodies, and test suites record downloads of this size.
MAX_VALUE = 64 << 20
# Characters. Texts that may be referred to later are kept to the end; mappings and lists to the end of the
# item, for what writers repeat of them are headers.
MAX_ANCHORED = 64 << 20
_NULLS = ("", "~", "null", "Null", "NULL")


class CutShort(Exception):
    """Why no further member could be read.

    pending: what there is of the item that was being read.
    """

    def __init__(self, reason: str, pending: Value) -> None:
        super().__init__(reason)
        self.pending = pending


def read_members(stream: BinaryIO, lists: tuple[str, ...], yaml: ModuleType) -> Iterator[tuple[str, Value]]:
    """The members of the top mapping; of those named in *lists* the items, one by one.

    Numbers, dates and the like stay the texts that they are written as.
    yaml: PyYAML, which is imported only where there is something to read.
    Raises: CutShort where the document is no YAML, or an item is longer than `MAX_VALUE`.
    """
    tree = _Tree(lists)
    bounded = _Bounded(stream)
    try:
        # Without the C library behind it, PyYAML is some thirty times slower.
        for event in yaml.parse(bounded, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if (member := tree.take(event)) is not None:
                bounded.given = 0
                yield member
    except yaml.YAMLError:
        raise CutShort("not YAML from there on", tree.pending) from None
    except _TooLong:
        raise CutShort(f"what follows is longer than {MAX_VALUE} bytes", tree.pending) from None


class _TooLong(Exception):
    """More was read than one item may have."""


class _Bounded:
    """A file that ends the reading where what it has given since the last member exceeds `MAX_VALUE`."""

    def __init__(self, stream: BinaryIO) -> None:
        self.given = 0
        self._stream = stream

    def read(self, size: int) -> bytes:
        if self.given > MAX_VALUE:
            raise _TooLong
        data = self._stream.read(size)
        self.given += len(data)
        return data


class _Open:
    """A mapping or list whose end has not come.

    key: of the mapping's member whose value comes next; None where a key comes next.
    """

    def __init__(self, value: dict[str, Any] | list[Any], anchor: str | None) -> None:
        self.value = value
        self.anchor = anchor
        self.key: str | None = None


class _Tree:
    """The values that are being put together, the outermost first."""

    def __init__(self, lists: tuple[str, ...]) -> None:
        self._lists = lists
        self._open: list[_Open] = []
        self._texts: dict[str, Value] = {}
        self._collections: dict[str, Value] = {}
        self._room = MAX_ANCHORED

    @property
    def pending(self) -> Value:
        """What there is of the item of a list that is being read; None where none is."""
        for outer, inner in reversed(list(pairwise(self._open))):
            if outer.key is not None:
                outer.value[outer.key] = inner.value  # type: ignore[call-overload]
        return self._open[2].value if len(self._open) > 2 and self._open[0].key in self._lists else None

    def take(self, event: Any) -> tuple[str, Value] | None:
        """The member that *event* completes, if it completes one."""
        kind = type(event).__name__
        if kind == "ScalarEvent":
            return self._place(self._text(event))
        if kind == "AliasEvent":
            return self._place(self._texts.get(event.anchor, self._collections.get(event.anchor)))
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._open.append(_Open({} if kind.startswith("Mapping") else [], event.anchor))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            return self._end()
        return None

    def _text(self, event: Any) -> Value:
        text: str = event.value
        if event.tag and event.tag.endswith(":binary"):
            return from_base64(text)
        if event.implicit[0] and text in _NULLS:
            return None
        if event.anchor and self._room > len(text):
            self._texts[event.anchor] = text
            self._room -= len(text)
        return text

    def _end(self) -> tuple[str, Value] | None:
        ended = self._open.pop()
        if ended.anchor:
            self._collections[ended.anchor] = ended.value
        return self._place(ended.value)

    def _place(self, value: Value) -> tuple[str, Value] | None:
        if not self._open:
            return None
        outer = self._open[-1]
        if isinstance(outer.value, list):
            if len(self._open) == 2 and self._open[0].key in self._lists:
                self._collections.clear()
                return self._open[0].key or "", value
            outer.value.append(value)
        elif outer.key is None:
            outer.key = value if isinstance(value, str) else ""
        else:
            key, outer.key = outer.key, None
            if len(self._open) == 1:
                return key, value
            outer.value[key] = value
        return None
