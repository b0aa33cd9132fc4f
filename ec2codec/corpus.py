"""Corpora of labelled cases: drawn by seed, or the rules' own examples; as JSON Lines, and as fuzzers' files.

What is drawn is the same for the same seed, choices, and versions of ec2codec, Hypothesis and Python; neither
the machine, nor what else is loaded, nor Hypothesis's profiles play a part. Only drawing needs Hypothesis
(extra ``fuzz``).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha1
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

from ec2codec.case_lines import VALID, MalformedLine, label, line, read
from ec2codec.errors import quoted
from ec2codec.labelled import Labelled
from ec2codec.rule import RULES

if TYPE_CHECKING:
    from types import ModuleType

    from hypothesis.strategies import SearchStrategy

    from ec2codec.rule import Example

__all__ = [
    "BINDING",
    "MalformedLine",
    "NeedsHypothesis",
    "NoCases",
    "draw",
    "examples",
    "file_of",
    "holding",
    "invalid",
    "is_spec",
    "label",
    "line",
    "mixed",
    "named",
    "read",
    "valid",
]

T = TypeVar("T")
# The rules about requests that every program should keep: of its size, each has limits of its own (E108).
BINDING = tuple(
    rule.id
    for rule in RULES.values()
    if rule.severity == "error" and rule.subject != "document" and rule.id != "E108"
)
# Those of one word of a spec that names no number.
DEFAULT_COUNT = 100


class NeedsHypothesis(ImportError):
    """Nothing can be drawn where Hypothesis is not installed; the message says how it comes."""

    def __init__(self) -> None:
        super().__init__("drawing requests needs more than ec2codec: pip install 'ec2codec[fuzz]'")


class NoCases(ValueError):
    """Choices that no case can meet."""


def draw(strategy: SearchStrategy[T], n: int, seed: int) -> list[T]:
    """*n* examples of *strategy*, none twice; fewer where nothing new comes for long.

    Twice is what has the same `repr`; of labelled cases, the same text.
    Raises: NeedsHypothesis.
    """
    return list(islice(_distinct(strategy, f"{seed}"), n))


def valid(n: int, seed: int, **choices: Any) -> Iterator[Labelled]:
    """*n* requests that break no rule, each text once; fewer where there are no more.

    choices: keyword arguments of `strategies.queries`.
    Raises: NeedsHypothesis; NoCases for choices that no request can meet.
    """
    return islice(_valid(seed, choices), n)


def invalid(
    n: int, seed: int, rule: str | Collection[str] | None = None, **choices: Any
) -> Iterator[Labelled]:
    """*n* requests that break one rule each, the rules in turn; fewer where there are no more.

    Of one rule, each text comes once.
    rule: an id, or several; None: every rule of `BINDING` that the *choices* leave to be broken.
    choices: keyword arguments of `strategies.invalid`.
    Raises: NeedsHypothesis; NoCases for choices that no request can meet, and for an id that is none.
    """
    return islice(_invalid(seed, rule, choices), n)


def mixed(n: int, seed: int, rule: str | Collection[str] | None = None, **choices: Any) -> Iterator[Labelled]:
    """*n* cases, of `valid` and of `invalid` in turn; raises what they raise."""
    return islice(_in_turn([_valid(seed, choices), _invalid(seed, rule, choices)]), n)


def examples() -> Iterator[Labelled]:
    """The examples in the rules' documentation that are requests, each once, by rule; some 140.

    Without those about limits, of which every program has its own.
    """
    kept = (example for rule in RULES.values() for example in rule.examples if _is_for_all(example))
    cases = (_judged(example.text, example.options) for example in kept)
    return iter({line(case): case for case in cases if case is not None}.values())


def holding(cases: Iterable[Labelled], **options: str | None) -> Iterator[Labelled]:
    """Those *cases* that break the same rule at the same place under other options, with the code for these.

    options: platform and profile. Documents do not depend on them, and are kept as they are.
    """
    for case in cases:
        if case.is_document:
            yield case
        else:
            yield from _moved(case, {**case.options, **options})


def named(spec: str, seed: int, **choices: Any) -> Iterator[Labelled]:
    """The cases of a spec: ``examples``, ``valid:100``, ``E303:20``, ``invalid``, or several, with commas.

    ``all`` is ``valid`` and ``invalid`` in turn; without a number, each word gives `DEFAULT_COUNT` cases, and
    ``examples`` those that there are.
    choices: platform and profile.
    Raises: NoCases for what is no spec, and as `invalid`; NeedsHypothesis.
    """
    if not is_spec(spec):
        raise NoCases(f"expected such as examples, valid:100, invalid or E303:20, got {quoted(spec)!r}")
    return chain.from_iterable([_named(word, seed, choices) for word in spec.split(",")])


def is_spec(text: str) -> bool:
    """Whether *text* has the form of a spec, and is no name of a file, presumably."""
    return _SPEC.fullmatch(text) is not None


def file_of(case: Labelled) -> tuple[str, bytes]:
    """Name and content of the file that holds a case in the corpus of a fuzzer.

    The name is the SHA-1 of the content, as libFuzzer names files, so that equal ones are one.
    """
    content = case.query.encode("utf-8", "surrogatepass")
    return sha1(content, usedforsecurity=False).hexdigest(), content


def _named(word: str, seed: int, choices: dict[str, Any]) -> Iterator[Labelled]:
    name, _, number = word.partition(":")
    if name == "examples":
        return islice(holding(examples(), **choices), int(number) if number else None)
    n = int(number or DEFAULT_COUNT)
    drawer = _DRAWERS.get(name)
    return invalid(n, seed, name, **choices) if drawer is None else drawer(n, seed, **choices)


def _valid(seed: int, choices: dict[str, Any]) -> Iterator[Labelled]:
    texts = _distinct(_strategy("queries", **choices), f"{seed} valid")
    options = {name: _text(value) for name, value in choices.items() if name in _CHOICES}
    return (Labelled(text, None, None, "", options) for text in texts)


def _text(choice: object) -> str | None:
    """A platform or a profile as JSON has it."""
    return None if choice is None else str(choice)


def _invalid(seed: int, rule: str | Collection[str] | None, choices: dict[str, Any]) -> Iterator[Labelled]:
    if rule is None:
        strategies = _breakable(choices)
    else:
        wanted = [rule] if isinstance(rule, str) else rule
        strategies = {name: _breaking(name, choices) for name in wanted}
    sources = [_distinct(drawn, f"{seed} {name}") for name, drawn in strategies.items()]
    return map(_answered, _in_turn(sources))


def _answered(case: Labelled) -> Labelled:
    """The case without the code of a warning, which EC2 would not give."""
    return replace(case, code=None) if label(case) == VALID else case


def _breakable(choices: dict[str, Any]) -> dict[str, SearchStrategy[Labelled]]:
    """Strategies for the rules of `BINDING`, without those that the choices leave no way to break."""
    strategies: dict[str, SearchStrategy[Labelled]] = {}
    refused: NoCases | None = None
    for rule in BINDING:
        try:
            strategies[rule] = _breaking(rule, choices)
        except NoCases as error:
            refused = error
    if refused is not None and not strategies:
        raise refused
    return strategies


def _breaking(rule: str, choices: dict[str, Any]) -> SearchStrategy[Labelled]:
    if rule not in RULES:
        raise NoCases(f"there is no rule {quoted(rule)!r}")
    return _strategy("invalid", rule=rule, **choices)


def _strategy(name: str, **choices: Any) -> SearchStrategy[Any]:
    _drawing()
    from hypothesis.errors import InvalidArgument

    from ec2codec import strategies

    try:
        strategy: SearchStrategy[Any] = getattr(strategies, name)(**choices)
    except (InvalidArgument, ValueError) as error:
        raise NoCases(str(error)) from None
    return strategy


def _distinct(strategy: SearchStrategy[T], seed: str) -> Iterator[T]:
    distinct: Iterator[T] = _drawing().distinct(strategy, seed)
    return distinct


def _drawing() -> ModuleType:
    """What draws from strategies.

    Raises: NeedsHypothesis.
    """
    try:
        from ec2codec.strategies import drawing
    except ModuleNotFoundError as error:
        if error.name != "hypothesis":
            raise
        raise NeedsHypothesis from None
    return drawing


def _in_turn(sources: Iterable[Iterator[T]]) -> Iterator[T]:
    """One of each source after the other, until all are at their ends."""
    waiting = deque(sources)
    while waiting:
        source = waiting.popleft()
        for item in islice(source, 1):
            yield item
            waiting.append(source)


def _is_for_all(example: Example) -> bool:
    """Whether it is a request, and its verdict holds under the limits that every `Codec` has."""
    return not example.text.startswith("<") and example.options.keys() <= _CHOICES


def _moved(case: Labelled, options: dict[str, Any]) -> Iterator[Labelled]:
    judged = _judged(case.query, options)
    if judged is None:
        return
    if judged.rule is None and label(case) == VALID:
        # Whatever it warns of here: it is accepted there, too.
        yield replace(case, options=options)
    elif (judged.rule, judged.location) == (case.rule, case.location):
        yield judged


def _judged(text: str, options: Mapping[str, Any]) -> Labelled | None:
    """The case that a request is; None where it breaks more than one rule.

    Where it breaks rules of severity warning only, it breaks none.
    """
    case = Labelled(text, None, None, "", options)
    errors = [violation for violation in case.violations() if violation.severity == "error"]
    if not errors:
        return case
    first, *others = errors
    return None if others else replace(case, rule=first.rule, code=first.code, location=first.location)


# The choices that are options of a case, too.
_CHOICES = frozenset({"platform", "profile"})
_SPEC = re.compile(r"WORD(,WORD)*".replace("WORD", r"(examples|valid|invalid|all|[EW]\d{3})(:[0-9]{1,9})?"))
_DRAWERS = {"valid": valid, "invalid": invalid, "all": mixed}
