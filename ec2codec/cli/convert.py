"""``ec2codec decode`` and ``ec2codec encode``: query strings and JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

import click

from ec2codec.cli.options import judging
from ec2codec.discretion import withheld
from ec2codec.errors import EncodeError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ec2codec import Codec
    from ec2codec.errors import Violation
    from ec2codec.style import Style

# Bytes; enough for the codec to see that an input is beyond its own limit, and for its largest one as JSON.
MAX_INPUT = 8 << 20


@click.command()
@judging
@click.argument("query", required=False)
def decode(query: str | None, codec: Codec) -> None:
    """Print a QUERY string, form body or URL as JSON; read it from standard input if it is not given."""
    text = sys.stdin.buffer.read(MAX_INPUT) if query is None else _as_sent(query)
    request, violations = codec.judge(text)
    if request is None:
        _refuse(violations)
    _tell(violations)
    # ASCII: whatever was sent, it cannot steer a terminal.
    click.echo(withheld(json.dumps(codec.dump(request), indent=2)))


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option(
    "--style", type=click.Choice(["nested", "flat"]), help="The form to write; as it is by default."
)
@click.option("--url", metavar="ENDPOINT", help="Print a whole URL, ENDPOINT?QUERY.")
@judging
def encode(file: BinaryIO, style: Style | None, url: str | None, codec: Codec) -> None:
    """Print the JSON in FILE, as `decode` prints it, as a query string; `-` is standard input."""
    structure = _read_json(file)
    try:
        request = codec.load(structure)
        query = codec.encode(request, style=style)
    except EncodeError as error:
        _refuse(error.violations)
    click.echo(f"{url}?{query}" if url else query)


def _as_sent(argument: str) -> bytes:
    # Arguments that are not UTF-8 come with surrogates in the place of bytes.
    return argument.encode("utf-8", "surrogateescape")


def _tell(violations: Iterable[Violation]) -> None:
    for violation in violations:
        click.echo(withheld(str(violation)), err=True)


def _refuse(violations: Iterable[Violation]) -> NoReturn:
    _tell(violations)
    raise click.exceptions.Exit(1)


def _read_json(file: BinaryIO) -> dict[str, Any]:
    try:
        structure = json.loads(file.read(MAX_INPUT).decode("utf-8-sig"), object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise click.ClickException(
            f"not JSON at line {error.lineno}, column {error.colno}: {error.msg}"
        ) from None
    except UnicodeDecodeError as error:
        raise click.ClickException(f"not UTF-8 at byte {error.start}") from None
    except RecursionError:
        raise click.ClickException("the JSON is nested too deeply") from None
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if not isinstance(structure, dict):
        raise click.ClickException("expected a JSON object that begins with its Action")
    return structure


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    structure: dict[str, Any] = {}
    for name, value in members:
        if name in structure:
            raise ValueError(f"the JSON has the member {quoted(name)!r} twice")
        structure[name] = value
    return structure
