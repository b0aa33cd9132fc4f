"""From a request to the parameters that it is, if they would be read without an error."""

from __future__ import annotations

from collections.abc import Callable

from ec2codec import model
from ec2codec.compiled.forms import MAX_LAWS, Forms
from ec2codec.compiled.kinds import MAX_KINDS
from ec2codec.compiled.law import Abstain, Law
from ec2codec.compiled.request import flat_kind
from ec2codec.model import Request
from ec2codec.query import KEPT, Wire, write
from ec2codec.rules.header import is_known_version
from ec2codec.rules.subjects import Limits

Pairs = list[tuple[str, str]]


class Written:
    """The parameters of a request as they are written, each as ``name=value``; nothing is escaped.

    text: all of them, joined. simple: whether no value has more to escape than slashes.
    """

    __slots__ = ("parts", "simple", "text")

    def __init__(self, parts: list[str]) -> None:
        self.parts = parts
        self.text = text = "&".join(parts)
        # Marks stand between names and values, and nowhere else.
        marks = text.encode("ascii").translate(None, KEPT) if text.isascii() else b""
        self.simple = marks == b"=&" * (len(parts) - 1) + b"="

    def pairs(self) -> Pairs:
        """Names, which have no mark in them, and values."""
        return [(name, value) for name, _, value in [part.partition("=") for part in self.parts]]


class Writer:
    """Writes requests by the functions of the source.

    forms: finds their laws. judge: reads what no quicker way tells to be clean; it abstains from what is not.
    """

    def __init__(self, forms: Forms, limits: Limits, judge: Callable[[Wire], object]) -> None:
        self._forms = forms
        self._limits = limits
        self._judge = judge
        self._laws: dict[tuple[object, ...], Law] = {}

    def write(self, request: Request) -> Pairs:
        """The parameters of a request, in the order of the shape.

        Raises: Abstain.
        """
        return self._written(request).pairs()

    def encode(self, request: Request) -> str:
        """The query string of a request.

        Raises: Abstain.
        """
        written = self._written(request)
        return written.text.replace("/", "%2F") if written.simple else write(written.pairs())

    def _written(self, request: Request) -> Written:
        law = self._law_of(request)
        parts: list[str] = []
        kinds: list[tuple[object, ...]] = []
        seen: list[list[str]] = [[] for _ in law.looks]
        members = law.write(request, "", parts, kinds, *seen)
        kinds.append((members, *flat_kind(request)) if members & law.flat else (members,))
        written = Written(parts)
        if not (
            law.kinds.issuperset(kinds)
            and self._is_plain(written)
            and not law.unguarded
            and _are_clean(law, request, seen)
        ):
            self._judge(Wire(written.pairs(), self._limits))
            if len(law.kinds) < MAX_KINDS:
                law.kinds.update(kinds)
        return written

    def _is_plain(self, written: Written) -> bool:
        """Whether the values are well-formed, none is empty, and their sizes are far from any limit."""
        limits, text = self._limits, written.text
        return (
            len(text) <= min(limits.max_bytes, limits.max_value)
            and len(written.parts) <= limits.max_parameters
            and "=&" not in text
            and not text.endswith("=")
            and (written.simple or text.isprintable())
        )

    def _law_of(self, request: Request) -> Law:
        """The law of a request that is to be written."""
        if type(request.version) is not str:
            raise Abstain  # E104
        # What names the target may tell the platform, as in `policy.deduce`.
        named = request.group_id is None, getattr(request, "group_name", None) is None
        key = type(request), request.version, *named
        law = self._laws.get(key)
        if law is None:
            root = self._forms.shapes.get(request.action)
            known = root is not None and type(request) is getattr(model, root.name)
            if root is None or not known or not is_known_version(request.version):
                raise Abstain
            names = [name for name, absent in zip(("GroupId", "GroupName"), named, strict=True) if not absent]
            law = self._forms.law(root, request.version, names)[0]
            if len(self._laws) >= MAX_LAWS:
                self._laws.clear()
            self._laws[key] = law
        return law


def _are_clean(law: Law, request: Request, seen: list[list[str]]) -> bool:
    """Whether quick tests find nothing in the texts that they see."""
    for look, texts in zip(law.looks, seen, strict=True):
        if texts and not look.quick(texts, request, law.policy):
            return False
    return True
