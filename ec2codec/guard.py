"""A parser of expat for xmltodict to set up, which refuses what no response of EC2's has."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar
from xml.parsers import expat

from ec2codec.errors import quoted

Handler = Callable[..., None]

_ENCODINGS = frozenset({"utf-8", "us-ascii"})


class Refused(ValueError):
    """The document is not read further; the message says why, and holds nothing of it."""


class Parser:
    """What xmltodict sets up in place of a parser of expat, which is made when it starts.

    A DOCTYPE is refused where it begins: entities and attribute defaults make gigabytes of kilobytes, and
    text with undefined entities is dropped in silence.
    """

    separator: ClassVar[str | None] = None

    buffer_text: bool
    StartNamespaceDeclHandler: Handler
    StartElementHandler: Handler
    EndElementHandler: Handler
    CharacterDataHandler: Handler
    EntityDeclHandler: Handler

    def Parse(self, text: bytes, is_final: bool) -> None:
        """Read all of a document."""
        parser = expat.ParserCreate("utf-8", self.separator)
        # All that xmltodict sets, but for ordered_attributes: it makes a dict of each element's list of
        # attributes; expat makes one faster.
        parser.buffer_text = self.buffer_text
        parser.StartNamespaceDeclHandler = self.StartNamespaceDeclHandler
        parser.StartElementHandler = self.StartElementHandler
        parser.EndElementHandler = self.EndElementHandler
        parser.CharacterDataHandler = self.CharacterDataHandler
        parser.EntityDeclHandler = self.EntityDeclHandler
        parser.XmlDeclHandler = _refuse_other_encodings
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.ProcessingInstructionHandler = _refuse_instruction
        parser.Parse(text, is_final)


def _refuse_other_encodings(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in _ENCODINGS:
        raise Refused(f"expected the encoding UTF-8, got '{quoted(encoding)}'")


def _refuse_doctype(*_: object) -> None:
    raise Refused("expected no DOCTYPE")


def _refuse_instruction(target: str, _content: str) -> None:
    raise Refused(f"expected no processing instruction, got '{quoted(target)}'")
