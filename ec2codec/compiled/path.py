"""The compiled path itself: from text or pairs to a request, and from a request to pairs."""

from __future__ import annotations

from collections.abc import Sequence

from ec2codec.compiled.forms import Form, Forms
from ec2codec.compiled.law import Abstain
from ec2codec.compiled.reading import are_plain, read_pieces, read_quickly
from ec2codec.compiled.request import make_request
from ec2codec.compiled.writing import Writer
from ec2codec.model import Request
from ec2codec.policy import binding_version
from ec2codec.query import Wire
from ec2codec.reference import Reference
from ec2codec.rules.subjects import Limits
from ec2codec.scalars import format_scalar, is_small_number
from ec2codec.shape import Structure, find
from ec2codec.trial import Outcome


class Compiled:
    """Says yes to what breaks no rule, under the choices of a reference path; or abstains."""

    # For those who load this package only when they need it.
    Abstain = Abstain

    def __init__(self, reference: Reference, limits: Limits) -> None:
        self._reference = reference
        self._limits = limits
        self._forms = Forms(reference, limits.max_parameters, strict=False)
        self._strict_forms = Forms(reference, limits.max_parameters, strict=True)
        self._writer = Writer(self._forms, limits, self.decode)

    def __reduce__(self) -> tuple[type[Compiled], tuple[Reference, Limits]]:
        """What it learnt stays here: it is functions, which survive no pickle."""
        return Compiled, (self._reference, self._limits)

    def decode(self, query: str | Wire) -> Request:
        """The request of a query string, form body, URL, or of pairs; warnings are no matter.

        Raises: Abstain.
        """
        forms = self._forms
        form, values = self._read(query, forms)
        header = form.header(values)
        bound = form.bound.get(header) or forms.bind(form, *header)
        return make_request(bound, form.names, values)

    def judge(self, query: str | Wire) -> Outcome:
        """The same, and the warnings, if they are common ones.

        Raises: Abstain.
        """
        forms = self._strict_forms
        form, values = self._read(query, forms)
        header = form.header(values)
        bound = form.bound.get(header) or forms.bind(form, *header)
        request = make_request(bound, form.names, values)
        return Outcome(request, bound.notes.warnings(bound.law, form.names, values, form.version))

    def write(self, request: Request) -> list[tuple[str, str]]:
        """The parameters of a request, in the order of the shape.

        Raises: Abstain.
        """
        return self._writer.write(request)

    def encode(self, request: Request) -> str:
        """The query string of a request.

        Raises: Abstain.
        """
        return self._writer.encode(request)

    def _read(self, query: str | Wire, forms: Forms) -> tuple[Form, Sequence[str]]:
        """Names and values of a query."""
        if not isinstance(query, str):
            return self._read_wire(query, forms)
        limits = self._limits
        if len(query) > limits.max_bytes or not query.isascii():
            return self._read_wire(Wire(query, limits), forms)
        read = read_quickly(query)
        if read is None:
            if "\n" in query or "\r" in query:
                return self._read_wire(Wire(query, limits), forms)
            read = read_pieces(query)
        names, values = read
        form: Form | None = forms.known.get(names)
        if form is None:
            if not are_plain(names):
                return self._read_wire(Wire(query, limits), forms)
            form = Form(names)
        if len(query) > limits.max_value and max(map(len, values)) > limits.max_value:
            raise Abstain  # E108
        return form, values

    def _read_wire(self, wire: Wire, forms: Forms) -> tuple[Form, Sequence[str]]:
        """Names and values of pairs, in which numbers may be numbers."""
        if wire.texts is not None:
            names, values = wire.texts
            return forms.known.get(names) or Form(names), values
        if not wire.pairs or any(pair.fault for pair in wire.pairs):
            raise Abstain  # E107, E108
        names, values, _ = zip(*wire.pairs, strict=True)
        form = forms.known.get(names) or Form(names)
        if not all(type(value) is str for value in values):
            values = self._texts(form, values)
        return form, values

    def _texts(self, form: Form, values: Sequence[object]) -> tuple[str, ...]:
        """The values as texts.

        Raises: Abstain for what is neither a text, nor a number where a number belongs.
        """
        assumed = self._reference.assumed
        action, version = form.header(values)
        root = self._reference.shapes.get(action) if type(action) is str else None
        if root is None or not (version is None or type(version) is str):
            raise Abstain  # E104, E401
        binding = binding_version(version or assumed)
        return tuple(
            [
                value if type(value) is str else _number(root, name, value, binding)
                for name, value in zip(form.names, values, strict=True)
            ]
        )


def _number(root: Structure, name: str, value: object, version: str) -> str:
    place = find(root, name, version)
    if place is None or place[1].python is str or not is_small_number(value):
        raise Abstain  # E101 or E104
    return format_scalar(value)
