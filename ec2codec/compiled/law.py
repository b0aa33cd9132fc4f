"""The law under one policy, as the compiled path asks it: no messages, only whether anything is found."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from operator import truth
from types import CodeType
from typing import Any, NamedTuple, NoReturn

from ec2codec import model
from ec2codec.compiled.source import LOOKS, code_of, quick_name, refusing, structures
from ec2codec.docket import binding
from ec2codec.model import IpPermission, Request
from ec2codec.policy import Policy
from ec2codec.rule import RULES, Found, Rule, rules_of
from ec2codec.rules.subjects import FLAT_NAMES, MARKS, Header, Pair, Sent, Submission, kind_of
from ec2codec.scalars import Scalar, format_scalar
from ec2codec.shape import Listing, Member, Structure

HEADER_RULES = rules_of("header")
# Every law makes objects of the same classes.
_opened = cache(model.opened)


class Abstain(Exception):
    """The compiled path cannot say yes: the reference path answers."""


# Whether texts of a request, and the request, break no rule.
Quick = Callable[[Sequence[str], Request, Policy], bool]


class Look(NamedTuple):
    """A quick test of a rule of the request that no kind decides. sees: as of the `Rule`.

    quick: whether the rule finds nothing.
    """

    sees: tuple[str, ...]
    quick: Quick


class Law:
    """What binds the requests of one action under one policy.

    strict: whether a warning is a reason to abstain, too, but for those that `notes` tells.
    make: the functions of `source.source_of` that make objects, by what they make.
    write: that which writes the request, and gives the members that it has, as bits. flat: those of the flat
    form.
    looks: quick tests of the rules that no kind decides. unguarded: whether there are some without.
    kinds: of requests to be written, the kinds of permission and of request that are known to be clean.
    """

    def __init__(self, root: Structure, policy: Policy, *, strict: bool = False) -> None:
        bound = binding(policy.profile, partial=False)
        rules = dict(zip(bound._fields[1:], bound[1:], strict=True))
        self.root = root
        self.policy = policy
        self.strict = strict
        self.ids = bound.ids
        self.kinds: set[tuple[object, ...]] = set()
        self._by_kind = {subject: [r for r in rules[subject] if r.by_kind] for subject in rules}
        self._each = {subject: [r for r in rules[subject] if not r.by_kind] for subject in rules}
        self.looks = [Look(sees, self._look(rule_id)) for rule_id, sees in LOOKS.items()]
        self.unguarded = any(rule.id not in LOOKS for subject in self._each.values() for rule in subject)
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

    def warns(self, rule_id: str) -> None:
        """Abstain from what a rule that only warns was seen to find, if warnings matter."""
        if self.strict and rule_id in self.ids:
            raise Abstain

    def judge_header(self, header: Header) -> list[tuple[Rule, Found]]:
        """Judge Action and Version; gives what are warnings."""
        found = [
            (rule, found)
            for rule in HEADER_RULES
            if rule.id in self.ids
            for found in rule.judge(header, self.policy)
        ]
        if any(self.policy.weight(*breach) == "error" for breach in found):
            raise Abstain
        return found

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
            for found in rule.judge(*subject, self.policy):
                if self.strict or self.policy.weight(rule, found) == "error":
                    raise Abstain

    def _look(self, rule_id: str) -> Quick:
        quick: Quick | None = RULES[rule_id].quick
        return quick if quick is not None and rule_id in self.ids else _is_content

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
            "bisect": bisect,
            "MARKS": MARKS,
            "judge_kind": self.judge_kind,
        }
        for structure in structures(self.root):
            names[structure.name] = getattr(model, structure.name)
            names[f"Open_{structure.name}"] = _opened(names[structure.name])
        for scalar in self._scalars.values():
            names[quick_name("trusted", scalar)] = scalar.trusted
            for rule_id in refusing(scalar):
                names[quick_name(rule_id, scalar)] = self.test(RULES[rule_id], scalar)
        return names

    def test(self, rule: Rule, scalar: Scalar) -> Callable[[str], object]:
        """What tells at once that a text breaks no rule; where it says no, nothing is known."""
        if rule.id not in self.ids:
            return truth
        if rule.quick is None:
            return _never
        test: Callable[[str], object] = rule.quick(scalar, self.policy)
        return test


def _is_content(_texts: Sequence[str], _request: Request, _policy: Policy) -> bool:
    """The quick test of a rule that does not bind."""
    return True


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
