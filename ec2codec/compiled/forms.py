"""What is known of requests by their names: which law binds them, and how they are laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ec2codec import model
from ec2codec.compiled.kept import Kept
from ec2codec.compiled.law import Abstain, Law
from ec2codec.compiled.layout import Layout, Layouts
from ec2codec.compiled.notes import Notes, doubts
from ec2codec.model import Request
from ec2codec.policy import Policy, binding_version, deduce
from ec2codec.reference import Reference
from ec2codec.rule import Found, Rule
from ec2codec.rules.header import is_known_version
from ec2codec.rules.subjects import Header
from ec2codec.shape import Structure

# Bounds of what is kept: laws, and headers of one form.
MAX_LAWS = 256
MAX_HEADERS = 64
NO_NOTES = Notes()


@dataclass(frozen=True, slots=True)
class Bound:
    """What binds a form under one header.

    version: as the request shall hold it.
    """

    layout: Layout
    law: Law
    version: str
    notes: Notes


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

    def header(self, values: Sequence[Any]) -> tuple[str, str | None]:
        """Action and Version."""
        return values[self.action], None if self.version is None else values[self.version]


class Forms:
    """The forms that were seen, under the choices of a reference path.

    strict: as of `Law`. known: forms by their names.
    """

    def __init__(self, reference: Reference, max_parameters: int, *, strict: bool) -> None:
        self.shapes = reference.shapes
        self._reference = reference
        self._max_parameters = max_parameters
        self._strict = strict
        self.known = Kept()
        self._refused = Kept()
        self._laws: dict[tuple[str, Policy], tuple[Law, Layouts]] = {}

    def bind(self, form: Form, action: str, version: str | None) -> Bound:
        """Find the law and the layout of a form under a header, and keep them.

        Raises: Abstain if there is none.
        """
        names = form.names
        if len(names) > self._max_parameters:
            raise Abstain  # E108
        root = self.shapes.get(action)
        if root is None or not (version is None or is_known_version(version)):
            raise Abstain  # E401, E402
        key = names, action, version
        if key in self._refused:
            raise Abstain  # as before: what has no law or no layout never has one
        try:
            law, layouts, header = self.law(root, version, names)
            layout = layouts.lay_out(names)
        except Abstain:
            self._refused.keep(names, True, key)
            raise
        notes = Notes(header, tuple(doubts(law, names))) if self._strict else NO_NOTES
        bound = Bound(layout, law, version or self._reference.assumed, notes)
        if names not in self.known:
            self.known.keep(names, form)
        if len(form.bound) < MAX_HEADERS:
            form.bound[action, version] = bound
        return bound

    def law(
        self, root: Structure, version: str | None, names: Sequence[str]
    ) -> tuple[Law, Layouts, Sequence[tuple[Rule, Found]]]:
        """The law of a request, what lays it out, and what is to be said of its header.

        Raises: Abstain if the header is refused.
        """
        reference = self._reference
        binding = binding_version(version or reference.assumed)
        kind: type[Request] = getattr(model, root.name)
        platform = deduce(
            reference.platform, reference.profile, binding, direction=kind.direction, sent=names
        )
        key = root.name, Policy(platform, reference.profile, binding)
        if key not in self._laws:
            if len(self._laws) >= MAX_LAWS:
                self._laws.clear()
            made = Law(root, key[1], strict=self._strict)
            self._laws[key] = made, Layouts(made)
        law, layouts = self._laws[key]
        header = Header(kind.action, version, tuple(self.shapes), reference.assumed)
        return law, layouts, law.judge_header(header)
