"""The command line: `main` and its commands, one file for each kind."""

from __future__ import annotations

import errno
import sys
from typing import Any

import click

from ec2codec import __version__
from ec2codec.cli.check import LOST, check
from ec2codec.cli.conform import command as conform
from ec2codec.cli.convert import decode, encode
from ec2codec.cli.explain import explain, rules
from ec2codec.cli.generate import generate
from ec2codec.cli.outputs import forget_output


class Commands(click.Group):
    """Commands whose output may have nowhere to go."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command; a disk that is full is an error like others, a reader that has gone is none."""
        try:
            return super().invoke(context)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            forget_output()
            click.echo(f"Error: the output cannot be written: {error.strerror or error}", err=True)
            raise click.exceptions.Exit(LOST) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ec2codec")
def main() -> None:
    """Codec and validator for Amazon EC2 security-group permission requests."""
    # Closed by the shell, `>&-`; the type says that it is always there.
    if getattr(sys, "stdout", None) is None:
        click.echo("Error: the output cannot be written: standard output is closed", err=True)
        raise click.exceptions.Exit(LOST)


for command in (check, conform, decode, encode, explain, generate, rules):
    main.add_command(command)
