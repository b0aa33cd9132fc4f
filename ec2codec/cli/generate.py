"""``ec2codec generate``: labelled requests as JSON Lines, or as the corpus of a fuzzer."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

import click

from ec2codec import Platform, Profile, corpus, dictionary
from ec2codec.cli.options import MOST, NO_PROFILE, find_rule
from ec2codec.cli.outputs import opened
from ec2codec.cli.progress import generating
from ec2codec.cli.storage import passing_storage
from ec2codec.errors import shown
from ec2codec.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ec2codec.labelled import Labelled

ALL = "all"
# Of a seed that is made here: short enough to be typed again.
SEED_BITS = 32


def _rule_ids(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of the rules in ``--invalid``; `ALL` stays."""
    return tuple(ALL if value == ALL else find_rule(value).id for value in values)


@click.command()
@click.option("--valid", is_flag=True, help="Requests that break no rule.")
@click.option(
    "--invalid",
    "rules",
    metavar="RULE",
    multiple=True,
    callback=_rule_ids,
    help="Requests that break this rule alone, named by id or name; `all`: every rule about requests "
    "but E108, for each program has limits of its own, in turn. May be repeated.",
)
@click.option("-n", "n", type=click.IntRange(1, MOST), default=100, show_default=True, help="How many.")
@click.option(
    "--seed", type=int, help="The same seed gives the same requests; by default it is made and told."
)
@click.option(
    "--action", metavar="ACTION", type=click.Choice(list(SCHEMAS)), help="Requests of this action only."
)
@click.option("--version", metavar="DATE", help="Requests of this API version only.")
@click.option(
    "--platform",
    type=click.Choice([str(platform) for platform in Platform]),
    help="Where the security groups live, for all requests; each one's options say it.",
)
@click.option(
    "--profile",
    type=click.Choice([*(str(profile) for profile in Profile), NO_PROFILE]),
    help="Whose law the labels are by.",
)
@click.option(
    "--corpus", "folder", metavar="FOLDER", help="Write a file each, for AFL or libFuzzer, and no JSON."
)
@click.option("--dictionary", "words", metavar="FILE", help="Write a dictionary for AFL or libFuzzer, too.")
@passing_storage()
def generate(
    *,
    valid: bool,
    rules: tuple[str, ...],
    n: int,
    seed: int | None,
    folder: str | None,
    words: str | None,
    **choices: str | None,
) -> None:
    """Print labelled requests as JSON Lines: valid ones, invalid ones, or both in turn."""
    if seed is None:
        seed = secrets.randbits(SEED_BITS)
        click.echo(f"Seed: {seed}", err=True)

    cases = _cases(n, seed, rules, _given(choices), valid=valid)
    take = _print if folder is None else _into(folder)
    if words is not None:
        with opened(words, "--dictionary") as file:
            file.write(dictionary.text().encode("ascii"))
    made = 0
    with generating(n, to_stdout=folder is None) as advance:
        for case in cases:
            take(case)
            made += 1
            advance(1)
    if made < n:
        click.echo(f"Only {made} of {n}: nothing new came for long.", err=True)


def _given(choices: dict[str, str | None]) -> dict[str, str | None]:
    """The choices that were made, as `corpus` takes them."""
    given = {name: value for name, value in choices.items() if value is not None}
    return {name: None if value == NO_PROFILE else value for name, value in given.items()}


def _cases(
    n: int, seed: int, rules: tuple[str, ...], choices: dict[str, str | None], *, valid: bool
) -> Iterator[Labelled]:
    """What is asked for.

    Raises: click.UsageError where nothing can be drawn.
    """
    wanted = None if ALL in rules else rules or None
    try:
        if valid == bool(rules):
            return corpus.mixed(n, seed, wanted, **choices)
        return corpus.valid(n, seed, **choices) if valid else corpus.invalid(n, seed, wanted, **choices)
    except (corpus.NeedsHypothesis, corpus.NoCases) as error:
        raise click.UsageError(str(error)) from None


def _print(case: Labelled) -> None:
    click.echo(corpus.line(case))


def _into(folder: str) -> Callable[[Labelled], None]:
    """What writes a case as a file of *folder*, which is made if need be.

    Raises: click.BadParameter if it cannot be.
    """
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise click.BadParameter(
            f"{shown(folder)!r} cannot be made: {error.strerror}", param_hint="--corpus"
        ) from None

    def write(case: Labelled) -> None:
        name, content = corpus.file_of(case)
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)

    return write
