"""``ec2codec conform``: what a server makes of requests of which it is known what to make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ec2codec.cli.conform_corpus import corpus_options
from ec2codec.cli.conform_options import conform_options
from ec2codec.cli.options import judging
from ec2codec.cli.outputs import standard_output
from ec2codec.cli.progress import asking
from ec2codec.conform import conform
from ec2codec.conform.document import write_document
from ec2codec.conform.table import write_table
from ec2codec.discretion import Discretion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ec2codec import Codec
    from ec2codec.conform import Client, Score
    from ec2codec.labelled import Labelled

INTERRUPTED, LOST, FOUND, FINE = 130, 3, 1, 0


@click.command("conform")
@judging
@corpus_options
@conform_options
def command(
    endpoint: str,
    client: Client,
    codec: Codec,
    corpus: Iterable[Labelled],
    given: tuple[str, ...],
    vpc_id: str | None,
    shown: int,
    output_format: str,
    quiet: bool,
    progress: bool,
) -> None:
    """Ask the server at ENDPOINT, which speaks the EC2 Query API, what it makes of labelled requests.

    Each breaks one rule, or none. The server should refuse the first with EC2's code, and do what the others
    ask, which is seen by describing. This makes security groups on the server, and removes them at the end.

    Exit status: 0 every answer is as the label says; 1 some are not; 2 usage; 3 the server was not there, or
    not all could be asked or removed.
    """
    if not quiet:
        click.echo(_warning(endpoint, given), err=True)
    with asking(wanted=progress) as advance:
        score = conform(corpus, client, codec, vpc_id=vpc_id, given=given, advance=advance)
    output = standard_output(Discretion())
    if output_format == "json":
        write_document(score, output, endpoint=endpoint, codec=codec)
    else:
        write_table(score, output, examples=shown)
    output.flush()
    for line in _summary(score, quiet=quiet):
        click.echo(line, err=True)
    raise click.exceptions.Exit(_exit_status(score))


def _warning(endpoint: str, given: tuple[str, ...]) -> str:
    does = f"Empties {', '.join(given)}" if given else "Makes and removes security groups"
    return f"{does} at {endpoint}"


def _summary(score: Score, *, quiet: bool) -> Iterator[str]:
    """What came of it, line by line; when *quiet*, only what went wrong with the run itself."""
    if score.interrupted:
        yield "Interrupted: this is what was done."
    if score.cut_short is not None:
        yield f"Cut short: {score.cut_short}"
    if score.left:
        yield f"NOT REMOVED, and maybe still there: security groups {', '.join(score.left)}"
    if not score.judgements:
        yield "NO REQUEST WAS ASKED, so nothing was judged."
    if not quiet:
        total, unknown = len(score.judgements), score.unknown
        told = f"{total - score.holes - unknown} answered as labelled, {score.holes} not"
        yield f"{total} requests asked: {told}, {unknown} refused for what is on the server"


def _exit_status(score: Score) -> int:
    if score.interrupted:
        return INTERRUPTED
    if score.cut_short is not None or score.left or not score.judgements:
        return LOST
    return FOUND if score.holes else FINE
