"""What a rule is, and the register of all of them.

A rule is one function. The name of its first parameter says what it sees (one of `SUBJECTS`), its docstring
holds the law, the reasons and the examples, and it yields a `Found` for each place where its subject breaks
the law. Id, codes and location are added by the runner.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Literal, NamedTuple, TypeVar, get_args

from ec2codec.errors import Certainty, Severity

Judge = Callable[..., Iterator["Found"]]
Wrapped = TypeVar("Wrapped", bound=Judge)
Subject = Literal[
    "measure", "pair", "header", "sent", "indexes", "text", "permission", "group", "request", "document"
]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)


class Effect(StrEnum):
    """What a breach does where the service takes the request and says ``true``.

    SILENT: it changes nothing. WIDENING: it acts on more than was written. REPEATED: it does once what was
    asked twice.
    """

    SILENT = "silent"
    WIDENING = "widening"
    REPEATED = "repeated"


class Found(NamedTuple):
    """One breach, as a rule sees it.

    member: where, relative to the subject: ``"FromPort"`` of a permission, ``""`` for the subject itself.
    severity, code: only where they differ from the rule's own.
    hint: the end of *message* that EC2 would not say.
    """

    member: str
    message: str
    certainty: Certainty = "ours"
    code: str | None = None
    severity: Severity | None = None
    hint: str = ""


class Codes(NamedTuple):
    """EC2's error codes: on EC2-Classic, in a VPC, and others that the rule may give."""

    classic: str | None
    vpc: str | None
    others: tuple[str, ...] = ()


class Example(NamedTuple):
    """A query, or an XML document, that fires *rule* at *location*; or, where *rule* is None, nothing.

    options: keyword arguments of `Codec` under which it does.
    """

    text: str
    rule: str | None
    location: str
    options: Mapping[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A law, its name, and the function that judges it.

    id: ``"E303"``; the letter is the severity, the first digit says where to look.
    observed: severity under the profile OBSERVED; None: not judged there.
    translating: whether the rule is judged without a profile too, because nothing could be built otherwise.
    missing: whether a breach is something absent, which a cut-off request may have had.
    flat: whether it holds for the permission of the flat form.
    unless: ids that silence this rule on the same subject.
    by_kind: whether two subjects of one kind break the rule or neither does (see `subjects.kind_of`), so that
        the compiled path need ask it once per kind only.
    quick: what tells at once that a subject is clean; None: nothing does, and the rule is called. Of a text:
        called with scalar and policy, it gives a predicate of texts. Of a request: a predicate of the texts
        that it *sees*, the `model.Request` and the policy.
    sees: endings of the names of all parameters that can make a request a breach: where none came, none is.
    effect: what a breach does where the service does not refuse it; None: nothing that surprises.
    """

    id: str
    name: str
    codes: Codes
    severity: Severity
    observed: Severity | None
    source: str
    judge: Judge
    subject: Subject
    translating: bool = False
    missing: bool = False
    flat: bool = True
    unless: frozenset[str] = frozenset()
    by_kind: bool = False
    quick: Callable[..., Any] | None = None
    sees: tuple[str, ...] = ("",)
    effect: Effect | None = None

    @property
    def doc(self) -> str:
        """The prose of the docstring."""
        return read_docstring(self.judge.__doc__ or "")[0]

    @property
    def examples(self) -> tuple[Example, ...]:
        """The examples of the docstring."""
        return read_docstring(self.judge.__doc__ or "")[1]


RULES: dict[str, Rule] = {}

_SEVERITIES: dict[str, Severity] = {"E": "error", "W": "warning"}
_DEFAULT: Any = object()


def rule(
    rule_id: str,
    name: str,
    *,
    source: str,
    code: str | None = None,
    classic: str | None = None,
    others: tuple[str, ...] = (),
    observed: Severity | None = _DEFAULT,
    translating: bool = False,
    missing: bool = False,
    flat: bool = True,
    unless: tuple[str, ...] = (),
    by_kind: bool = False,
    quick: Callable[..., Any] | None = None,
    sees: tuple[str, ...] = ("",),
    effect: Effect | None = None,
) -> Callable[[Wrapped], Wrapped]:
    """Register the decorated function as a rule.

    code: EC2's error code; classic: where EC2-Classic has another.
    """

    def register(judge: Wrapped) -> Wrapped:
        severity = _SEVERITIES[rule_id[0]]
        subject: Any = judge.__code__.co_varnames[0]
        if rule_id in RULES or subject not in SUBJECTS:
            raise TypeError(f"{judge.__name__}: id {rule_id} is taken or {subject!r} is no subject")
        RULES[rule_id] = Rule(
            id=rule_id,
            name=name,
            codes=Codes(classic or code, code, others),
            severity=severity,
            observed=severity if observed is _DEFAULT else observed,
            source=source,
            judge=judge,
            subject=subject,
            translating=translating,
            missing=missing,
            flat=flat,
            unless=frozenset(unless),
            by_kind=by_kind,
            quick=quick,
            sees=sees,
            effect=effect,
        )
        return judge

    return register


def rules_of(subject: Subject) -> tuple[Rule, ...]:
    """The rules that see *subject*, by number; but one that others silence comes after them."""
    return tuple(sorted((r for r in RULES.values() if r.subject == subject), key=_turn))


def _turn(rule: Rule) -> tuple[str, str]:
    """When a rule is asked: E408 is silenced by E409, and asked after it."""
    number = rule.id[1:]
    latest = max(other[1:] for other in (rule.id, *rule.unless))
    return latest, "" if latest == number else number


# "Okay: QUERY", "E303 LOCATION: QUERY" or "E303 LOCATION (platform=classic): QUERY"; "-" is no location.
_EXAMPLE = r"^(Okay|[EW]\d{3})(?: ([^ :()]+))?(?: \(([^)]*)\))?: ?(.*)$"
# What an example that begins with "&" leaves out.
BASE = "Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=sg-1a2b3c4d"


@cache
def read_docstring(docstring: str) -> tuple[str, tuple[Example, ...]]:
    """Prose and examples of a rule's docstring; deeper lines continue the example above them.

    Read on first use: whoever only judges needs neither.
    """
    prose: list[str] = []
    examples: list[str] = []
    for line in inspect.cleandoc(docstring).splitlines():
        if re.match(_EXAMPLE, line):
            examples.append(line)
        elif examples:
            examples[-1] += line.strip()
        else:
            prose.append(line)
    return "\n".join(prose).strip(), tuple(_read_example(line) for line in examples)


def _read_example(line: str) -> Example:
    match = re.match(_EXAMPLE, line)
    assert match is not None
    verdict, location, options, text = match.groups()
    return Example(
        text=BASE + text if text.startswith("&") else text,
        rule=None if verdict == "Okay" else verdict,
        location="" if location in (None, "-") else location,
        options=dict(_read_option(option) for option in (options or "").split(", ") if option),
    )


def _read_option(text: str) -> tuple[str, str | int]:
    name, _, value = text.partition("=")
    return name, int(value) if value.isdecimal() else value
