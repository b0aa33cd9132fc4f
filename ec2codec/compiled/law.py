"""The law under one policy, as the compiled path asks it: no messages, only whether anything is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from operator import truth
from types import CodeType
from typing import Any, NoReturn

from ec2codec import model
from ec2codec.compiled.source import code_of, quick_name, structures
from ec2codec.docket import binding
from ec2codec.model import IpPermission, Request
from ec2codec.policy import Policy
from ec2codec.rule import RULES, Rule, rules_of
from ec2codec.rules.subjects import FLAT_NAMES, Header, Pair, Sent, Submission, kind_of
from ec2codec.scalars import Scalar, format_scalar
from ec2codec.shape import Listing, Member, Structure

HEADER_RULES = rules_of("header")
# Every law makes objects of the same classes.
_opened = cache(model.opened)


class Abstain(Exception):
    """The compiled path cannot say yes: the reference path answers."""


class Law:
    """What binds the requests of one action under one policy.

    make: the functions of `source.source_of` that make objects, by what they make.
    write: that which writes the request, and gives the members that it has, as bits. flat: those of the flat
    form.
    kinds: of requests to be written, the kinds of permission and of request that are known to be clean.
    """

    def __init__(self, root: Structure, policy: Policy) -> None:
        bound = binding(policy.profile, partial=False)
        rules = dict(zip(bound._fields[1:], bound[1:], strict=True))
        self.root = root
        self.policy = policy
        self.ids = bound.ids
        self.kinds: set[tuple[object, ...]] = set()
        self._by_kind = {subject: [r for r in rules[subject] if r.by_kind] for subject in rules}
        self._each = {subject: [r for r in rules[subject] if not r.by_kind] for subject in rules}
        self._quick = [rule.quick for rule in self._each["request"] if rule.quick is not None]
        # Rules that neither a kind nor a quick test tells.
        self._unguarded = any(rule.quick is None for subject in self._each.values() for rule in subject)
        self._scalars = {scalar.name: scalar for scalar in _scalars(root)}
        names = self._names()
        self._space = names
        exec(code_of(root), names)
        self.make = {structure: names[f"make_{structure}"] for structure in _made(root)}
        self.write: Callable[..., int] = names[f"write_{root.name}"]
        self.flat = sum(1 << bit for bit, name in enumerate(root.members) if name in FLAT_NAMES.values())

    def define(self, code: CodeType, name: str) -> Callable[[Any], Any]:
        """The function *name* of generated code, which judges by this law."""
        exec(code, self._space)
        defined: Callable[[Any], Any] = self._space.pop(name)
        return defined

    def tells_quickly(self, request: Request) -> bool:
        """Whether quick tests tell that the rules which no kind decides find nothing in a request."""
        for test in self._quick:
            if not test(request, self.policy):
                return False
        return not self._unguarded

    def judge_header(self, header: Header) -> None:
        """Judge Action and Version."""
        self._refuse([rule for rule in HEADER_RULES if rule.id in self.ids], header)

    def judge_kind(self, permission: IpPermission) -> None:
        """Judge a permission of the nested form by the rules that its kind decides."""
        self._judge(self._by_kind, permission)

    def judge_request_kind(self, submission: Submission) -> None:
        """Judge a request, and the permission that its flat form is, by the rules that their kinds decide."""
        self._refuse(self._by_kind["request"], submission)
        for placed in submission.permissions:
            if placed.flat:
                self._judge(self._by_kind, placed.permission, "flat", "flat_group")

    def judge_each(self, submission: Submission) -> None:
        """Judge a request and its permissions by the rules that no kind decides."""
        self._refuse(self._each["request"], submission)
        for placed in submission.permissions:
            if placed.flat:
                self._judge(self._each, placed.permission, "flat", "flat_group")
            else:
                self._judge(self._each, placed.permission)

    def judge_parameters(self, parameters: Iterable[Sent]) -> None:
        """Judge parameters by the rules that their names and the reading of them do not decide."""
        for sent in parameters:
            for rule in self._each["sent"]:
                self._refuse([rule], Pair(sent.name, sent.value) if rule.subject == "pair" else sent)

    def _judge(
        self,
        rules: dict[str, list[Rule]],
        permission: IpPermission,
        kind: str = "permission",
        group_kind: str = "group",
    ) -> None:
        self._refuse(rules[kind], permission)
        for group in permission.groups:
            self._refuse(rules[group_kind], group)

    def _refuse(self, rules: Iterable[Rule], *subject: object) -> None:
        for rule in rules:
            for _ in rule.judge(*subject, self.policy):
                raise Abstain

    def _ask(self, rule_id: str, scalar: str, text: str) -> None:
        """What the source does where a quick test cannot tell."""
        if rule_id in self.ids:
            self._refuse([RULES[rule_id]], text, self._scalars[scalar])

    def _names(self) -> dict[str, Any]:
        """What the names in the source mean under this policy."""
        names: dict[str, Any] = {
            "new": object.__new__,
            "ask": self._ask,
            "stop": _stop,
            "format_scalar": format_scalar,
            "kind_of": kind_of,
        }
        for structure in structures(self.root):
            names[structure.name] = getattr(model, structure.name)
            names[f"Open_{structure.name}"] = _opened(names[structure.name])
        for scalar in self._scalars.values():
            names[quick_name("trusted", scalar)] = scalar.trusted
            for rule_id in scalar.rules:
                names[quick_name(rule_id, scalar)] = self._test(RULES[rule_id], scalar)
        return names

    def _test(self, rule: Rule, scalar: Scalar) -> Callable[[str], object]:
        if rule.id not in self.ids:
            return truth
        if rule.quick is None:
            return _never
        test: Callable[[str], object] = rule.quick(scalar, self.policy)
        return test


def _stop() -> NoReturn:
    raise Abstain


def _never(text: str) -> bool:
    """The quick test of a rule that has none: it never knows."""
    return False


def _made(root: Structure) -> Iterator[str]:
    """Names of all that a source makes: structures, and the items of lists of scalars."""
    for structure in structures(root):
        yield structure.name
        for child in structure.members.values():
            if isinstance(child, Listing) and isinstance(child.item, Member):
                yield child.name


def _scalars(root: Structure) -> Iterator[Scalar]:
    """The types of all scalars in a shape."""
    for structure in structures(root):
        for child in structure.members.values():
            if isinstance(child, Member):
                yield child.scalar
            elif isinstance(child, Listing) and isinstance(child.item, Member):
                yield child.item.scalar
