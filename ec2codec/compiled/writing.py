"""From a request to the parameters that it is, if they would be read without an error."""

from __future__ import annotations

from collections.abc import Callable

from ec2codec import model
from ec2codec.compiled.forms import MAX_LAWS, Forms
from ec2codec.compiled.kinds import MAX_KINDS
from ec2codec.compiled.law import Abstain, Law
from ec2codec.compiled.request import flat_kind
from ec2codec.model import Request
from ec2codec.query import Wire
from ec2codec.rules.header import is_known_version
from ec2codec.rules.subjects import Limits

# The longest name that a request has (65 characters), with room for indexes.
MAX_NAME = 128
Pairs = list[tuple[str, str]]


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
        law = self._law_of(request)
        pairs: Pairs = []
        kinds: list[tuple[object, ...]] = []
        seen: list[list[str]] = [[] for _ in law.looks]
        members = law.write(request, "", pairs, kinds, *seen)
        kinds.append((members, *flat_kind(request)) if members & law.flat else (members,))
        looks = zip(law.looks, seen, strict=True)
        if not (
            law.kinds.issuperset(kinds)
            and self._is_plain(pairs)
            and not law.unguarded
            and all(not texts or look.quick(texts, request, law.policy) for look, texts in looks)
        ):
            self._judge(Wire(pairs, self._limits))
            if len(law.kinds) < MAX_KINDS:
                law.kinds.update(kinds)
        return pairs

    def _is_plain(self, pairs: Pairs) -> bool:
        """Whether the texts of *pairs* are well-formed, and their sizes far from any limit."""
        texts = [text for _, text in pairs]
        joined = "".join(texts)
        limits = self._limits
        return (
            len(joined) + MAX_NAME * len(texts) <= min(limits.max_bytes, limits.max_value)
            and len(texts) <= limits.max_parameters
            and joined.isprintable()
            and "" not in texts
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
