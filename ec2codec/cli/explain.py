"""``ec2codec explain`` and ``ec2codec rules``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ec2codec import RULES
from ec2codec.cli.options import find_rule
from ec2codec.compiled import source_of
from ec2codec.errors import redact
from ec2codec.schemas import SCHEMAS
from ec2codec.shape import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ec2codec import Rule
    from ec2codec.rule import Example


@click.command()
@click.argument("name", metavar="[RULE]", required=False)
@click.option(
    "--source", "source", is_flag=True, help="Print what the compiled path runs, of one action or all."
)
def explain(name: str | None, *, source: bool) -> None:
    """Explain one RULE, named by id or name (E303, ports-required); with --source [ACTION], the fast path."""
    if source:
        click.echo(_sources(name), nl=False)
    elif name is None:
        raise click.UsageError("expected a rule, such as E303 or ports-required")
    else:
        click.echo(redact("\n".join(_explanation(find_rule(name)))))


def _sources(action: str | None) -> str:
    if action is not None and action not in SCHEMAS:
        raise click.UsageError(f"expected one of {', '.join(SCHEMAS)}, got {action!r}")
    chosen = SCHEMAS.values() if action is None else [SCHEMAS[action]]
    return source_of(*(read(schema()) for schema in chosen))


@click.command()
def rules() -> None:
    """List all rules."""
    known = list(RULES.values())
    width = max(len(rule.name) for rule in known)
    for rule in known:
        click.echo(f"{rule.id}  {rule.name:{width}}  {_law(rule)}")


def _law(rule: Rule) -> str:
    return rule.doc.partition("\n")[0]


def _explanation(rule: Rule) -> Iterator[str]:
    yield f"{rule.id} {rule.name} ({rule.severity})"
    yield from ("", "What", f"  {_law(rule)}")
    yield from _section("Why", rule.doc.partition("\n")[2].strip().splitlines())
    yield from _section("Code", _codes(rule))
    yield from _section("Example", (_shown(example) for example in rule.examples if example.rule))
    yield from _section("Use instead", (_shown(example) for example in rule.examples if not example.rule))
    yield from _section("Source", [rule.source])


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    lines = list(lines)
    if lines:
        yield from ("", title, *(f"  {line}".rstrip() for line in lines))


def _codes(rule: Rule) -> list[str]:
    codes = rule.codes
    if codes.classic == codes.vpc:
        named = [codes.vpc] if codes.vpc else []
    else:
        named = [f"{codes.vpc} in a VPC", f"{codes.classic} on EC2-Classic"]
    return named + list(codes.others)


def _shown(example: Example) -> str:
    options = ", ".join(f"{name}={value}" for name, value in example.options.items())
    place = f"{example.location}: " if example.location else ""
    return f"{place}{example.text}{f' ({options})' if options else ''}"
