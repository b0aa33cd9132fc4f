"""The compiled path itself: from text or pairs to a request, and from a request to pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ec2codec import model
from ec2codec.compiled.exhibit import exhibit_parameters, exhibit_request
from ec2codec.compiled.law import Abstain, Law
from ec2codec.compiled.layout import Kept, Kinds, Layout, Layouts
from ec2codec.compiled.reading import are_plain, read_pieces, read_quickly
from ec2codec.model import NO_AUTH, Auth, Request
from ec2codec.names import AUTH_PLACEHOLDER
from ec2codec.policy import Policy, binding_version, deduce
from ec2codec.query import Wire
from ec2codec.reference import Reference
from ec2codec.rule import RULES
from ec2codec.rules.header import is_known_version
from ec2codec.rules.subjects import Header, Limits, kind_of
from ec2codec.scalars import format_scalar, is_small_number
from ec2codec.shape import Structure, find
from ec2codec.trial import flat_permission

EMPTY_VALUE = RULES["E106"]
# Bounds of what is kept: kinds (there are some 260 protocols), laws, and headers of one form.
MAX_KINDS = 4096
MAX_LAWS = 256
MAX_HEADERS = 64
# The longest name that a request has (65 characters), with room for indexes.
MAX_NAME = 128


class Bound(NamedTuple):
    """The layout of a request, the law that binds it, and its version as the request shall hold it."""

    layout: Layout
    law: Law
    version: str


class Form:
    """The names of a request: where the header stands, and what binds it under each header.

    Raises: Abstain if there is no Action.
    """

    __slots__ = ("action", "bound", "names", "version")

    def __init__(self, names: tuple[str, ...]) -> None:
        if "Action" not in names:
            raise Abstain  # E401
        self.names = names
        self.action = names.index("Action")
        self.version = names.index("Version") if "Version" in names else None
        self.bound: dict[tuple[str, str | None], Bound] = {}


class Compiled:
    """Says yes to what breaks no rule, under the choices of a reference path; or abstains."""

    # For those who load this package only when they need it.
    Abstain = Abstain

    def __init__(self, reference: Reference, limits: Limits) -> None:
        self._reference = reference
        self._shapes = reference.shapes
        self._platform = reference.platform
        self._profile = reference.profile
        self._assumed = reference.assumed
        self._limits = limits
        self._forms = Kept()
        self._refused = Kept()
        self._laws: dict[tuple[str, Policy], tuple[Law, Layouts]] = {}
        self._writers: dict[tuple[object, ...], Law] = {}

    def __reduce__(self) -> tuple[type[Compiled], tuple[Reference, Limits]]:
        """What it learnt stays here: it is functions, which survive no pickle."""
        return Compiled, (self._reference, self._limits)

    def decode(self, text: str) -> Request:
        """The request of a query string, form body or URL.

        Raises: Abstain.
        """
        limits = self._limits
        if len(text) > limits.max_bytes or not text.isascii():
            return self.decode_wire(Wire(text, limits))
        read = read_quickly(text)
        if read is None:
            if "\n" in text or "\r" in text:
                return self.decode_wire(Wire(text, limits))
            read = read_pieces(text)
        names, values = read
        form = self._forms.get(names)
        if form is None:
            if not are_plain(names):
                return self.decode_wire(Wire(text, limits))
            form = Form(names)
        if len(text) > limits.max_value and max(map(len, values)) > limits.max_value:
            raise Abstain  # E108
        return self._judge(form, values)

    def decode_wire(self, wire: Wire) -> Request:
        """The request of pairs, in which numbers may be numbers.

        Raises: Abstain.
        """
        if not wire.pairs or any(pair.fault for pair in wire.pairs):
            raise Abstain  # E107, E108
        names, values, _ = zip(*wire.pairs, strict=True)
        form = self._forms.get(names) or Form(names)
        if not all(type(value) is str for value in values):
            values = self._texts(form, values)
        return self._judge(form, values)

    def write(self, request: Request) -> list[tuple[str, str]]:
        """The parameters of a request, in the order of the shape.

        Raises: Abstain.
        """
        law = self._law_of(request)
        pairs: list[tuple[str, str]] = []
        kinds: list[tuple[object, ...]] = []
        members = law.write(request, "", pairs, kinds)
        kinds.append((members, *_flat_kind(request)) if members & law.flat else (members,))
        if not (law.kinds.issuperset(kinds) and self._is_plain(pairs) and law.tells_quickly(request)):
            self.decode_wire(Wire(pairs, self._limits))
            if len(law.kinds) < MAX_KINDS:
                law.kinds.update(kinds)
        return pairs

    def _is_plain(self, pairs: list[tuple[str, str]]) -> bool:
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

    def _judge(self, form: Form, values: Sequence[str]) -> Request:
        """Judge values that are texts without fault."""
        action, version = values[form.action], None if form.version is None else values[form.version]
        bound = form.bound.get((action, version)) or self._bind(form, action, version)
        layout, law, version = bound
        if "" in values:
            _refuse_empty(law, form.names, values)
        permissions = []
        for pick, (build, kinds) in layout.blocks:
            permission = build(pick(values))
            kind = kind_of(permission)
            if not kinds.get(kind):
                _learn(kinds, kind, law.judge_kind, permission)
            permissions.append(permission)
        auth = _auth(layout, values) if layout.auth else NO_AUTH
        request: Request = layout.build(values, version, auth, tuple(permissions))
        kind = _flat_kind(request) if layout.flat else ()
        if not layout.kinds.get(kind):
            submission = exhibit_request(law, form.names, values, request, flat=layout.flat)
            _learn(layout.kinds, kind, law.judge_request_kind, submission)
        if not law.tells_quickly(request):
            law.judge_each(exhibit_request(law, form.names, values, request, flat=layout.flat))
            law.judge_parameters(exhibit_parameters(law, form.names, values))
        return request

    def _bind(self, form: Form, action: str, version: str | None) -> Bound:
        """Find the law and the layout of a form under a header, and keep them."""
        names = form.names
        if len(names) > self._limits.max_parameters:
            raise Abstain  # E108
        root = self._shapes.get(action)
        if root is None or not (version is None or is_known_version(version)):
            raise Abstain  # E401, E402
        key = names, action, version
        if key in self._refused:
            raise Abstain  # as before: what has no law or no layout never has one
        try:
            law, layouts = self._law(root, version, names)
            layout = layouts.lay_out(names)
        except Abstain:
            self._refused.keep(names, True, key)
            raise
        bound = Bound(layout, law, version or self._assumed)
        if names not in self._forms:
            self._forms.keep(names, form)
        if len(form.bound) < MAX_HEADERS:
            form.bound[action, version] = bound
        return bound

    def _law(self, root: Structure, version: str | None, names: Sequence[str]) -> tuple[Law, Layouts]:
        """The law of a request, if its header breaks none."""
        binding = binding_version(version or self._assumed)
        kind: type[Request] = getattr(model, root.name)
        platform = deduce(self._platform, self._profile, binding, direction=kind.direction, sent=names)
        key = root.name, Policy(platform, self._profile, binding)
        if key not in self._laws:
            if len(self._laws) >= MAX_LAWS:
                self._laws.clear()
            made = Law(root, key[1])
            self._laws[key] = made, Layouts(made)
        law, layouts = self._laws[key]
        law.judge_header(Header(kind.action, version, tuple(self._shapes), self._assumed))
        return law, layouts

    def _law_of(self, request: Request) -> Law:
        """The law of a request that is to be written."""
        if type(request.version) is not str:
            raise Abstain  # E104
        # What names the target may tell the platform, as in `policy.deduce`.
        named = request.group_id is None, getattr(request, "group_name", None) is None
        key = type(request), request.version, *named
        law = self._writers.get(key)
        if law is None:
            root = self._shapes.get(request.action)
            known = root is not None and type(request) is getattr(model, root.name)
            if root is None or not known or not is_known_version(request.version):
                raise Abstain
            names = [name for name, absent in zip(("GroupId", "GroupName"), named, strict=True) if not absent]
            law, _ = self._law(root, request.version, names)
            if len(self._writers) >= MAX_LAWS:
                self._writers.clear()
            self._writers[key] = law
        return law

    def _texts(self, form: Form, values: Sequence[object]) -> tuple[str, ...]:
        """The values as texts.

        Raises: Abstain for what is neither a text, nor a number where a number belongs.
        """
        action = values[form.action]
        version = self._assumed if form.version is None else values[form.version]
        root = self._shapes.get(action) if type(action) is str else None
        if root is None or type(version) is not str:
            raise Abstain  # E104, E401
        return tuple(
            [
                value if type(value) is str else _number(root, name, value, binding_version(version))
                for name, value in zip(form.names, values, strict=True)
            ]
        )


def _number(root: Structure, name: str, value: object, version: str) -> str:
    place = find(root, name, version)
    if place is None or place[1].python is str or not is_small_number(value):
        raise Abstain  # E101 or E104
    return format_scalar(value)


def _learn(kinds: Kinds, kind: tuple[object, ...], judge: Callable[[Any], None], subject: object) -> None:
    """Judge what is of a kind, once, and remember what came of it.

    Raises: Abstain if that breaks a rule.
    """
    clean = kinds.get(kind)
    if clean is None:
        clean = _passes(judge, subject)
        if len(kinds) < MAX_KINDS:
            kinds[kind] = clean
    if not clean:
        raise Abstain


def _passes(judge: Callable[[Any], None], subject: object) -> bool:
    try:
        judge(subject)
    except Abstain:
        return False
    return True


def _flat_kind(request: Any) -> tuple[object, ...]:
    """The kind of the permission that the flat form of a request is."""
    return kind_of(flat_permission(request))


def _refuse_empty(law: Law, names: Sequence[str], values: Sequence[str]) -> None:
    for sent in exhibit_parameters(law, names, values):
        if sent.value == "" and any(EMPTY_VALUE.judge(sent, law.policy)):
            raise Abstain


def _auth(layout: Layout, values: Sequence[str]) -> Auth:
    sent = {name: values[position] for name, position in layout.auth}
    if sent.get(AUTH_PLACEHOLDER):
        raise Abstain  # E101: with a value it is no placeholder
    return Auth(sent)
