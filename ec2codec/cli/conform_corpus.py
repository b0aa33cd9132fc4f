"""Which labelled requests ``ec2codec conform`` asks."""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import wraps
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from ec2codec import corpus as corpora
from ec2codec.captures.source import STDIN
from ec2codec.cli.options import MOST
from ec2codec.cli.outputs import content
from ec2codec.cli.storage import passing_storage
from ec2codec.conform import examples
from ec2codec.errors import shown
from ec2codec.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ec2codec import Codec
    from ec2codec.labelled import Labelled

    Choices = dict[str, str | None]


def corpus_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--corpus``, ``-n`` and ``--seed`` to a command that has a codec; it gets the corpus for them."""

    @wraps(command)
    @passing_storage()
    def with_corpus(
        *, codec: Codec, corpus: str | None, count: int | None, seed: int, **options: Any
    ) -> None:
        if corpus is not None and count is not None:
            raise click.UsageError("give either --corpus or -n")
        choices = {"platform": str(codec.platform), "profile": codec.profile and str(codec.profile)}
        try:
            cases = _named(corpus, seed, choices) if count is None else _drawn(count, seed, choices)
        except (corpora.NeedsHypothesis, corpora.NoCases) as error:
            raise click.UsageError(str(error)) from None
        command(codec=codec, corpus=cases, **options)

    wrapped: Callable[..., None] = with_corpus
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def _named(name: str | None, seed: int, choices: Choices) -> Iterable[Labelled]:
    """The corpus of a file or a spec; of none, the examples.

    choices: the law under which requests are drawn.
    Raises: click.BadParameter for a file that is none; NeedsHypothesis, NoCases.
    """
    if name is None:
        return examples()
    if corpora.is_spec(name):
        return corpora.named(name, seed, **choices)
    text = sys.stdin.buffer.read() if name == STDIN else content(name, "--corpus")
    try:
        # All of it, before anything is sent.
        return list(corpora.read(text.splitlines()))
    except corpora.MalformedLine as error:
        raise click.BadParameter(f"{shown(name)!r}: {error}", param_hint="--corpus") from None


def _drawn(count: int, seed: int, choices: Choices) -> Iterable[Labelled]:
    """So many of each rule that can be broken under the choices, and of each action.

    Raises: NeedsHypothesis.
    """
    valid = [corpora.valid(count, seed, action=action, **choices) for action in SCHEMAS]
    return chain(*_of_rules(count, seed, choices), *valid)


def _of_rules(count: int, seed: int, choices: Choices) -> Iterator[Iterator[Labelled]]:
    for rule in corpora.BINDING:
        with suppress(corpora.NoCases):
            yield corpora.invalid(count, seed, rule, **choices)


_OPTIONS = (
    click.option(
        "--corpus",
        metavar="FILE|SPEC",
        help="Labelled requests: a file as `ec2codec generate` writes it, `-` for standard input; or what to "
        "draw, such as E305:20,valid:100.  [default: the examples of the rules]",
    ),
    click.option(
        "-n",
        "count",
        type=click.IntRange(1, MOST),
        help="Draw so many for each rule, and as many valid ones for each action.",
    ),
    click.option("--seed", type=int, default=0, show_default=True, help="Of what is drawn."),
)
