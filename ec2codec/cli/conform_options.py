"""The options of ``ec2codec conform``."""

from __future__ import annotations

import re
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from ec2codec.conform import Budget, Client, EndpointError, headers, locate
from ec2codec.conform.budget import REQUESTS, SECONDS
from ec2codec.conform.client import TIMEOUT
from ec2codec.conform.scope import ACCESS_KEY, REGION
from ec2codec.conform.table import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

# What stands in a credential scope; a line break in it would end the header.
_WORD = re.compile(r"[A-Za-z0-9._+=-]{1,128}")


def _word(_context: click.Context, _option: click.Parameter, text: str) -> str:
    """A part of the credential scope; what was given is not repeated, for it may be a slip with a secret."""
    if not _WORD.fullmatch(text):
        raise click.BadParameter("expected 1 to 128 letters, digits or . _ + = -")
    return text


def conform_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the endpoint and the options to the command, which gets a client for them."""

    @wraps(command)
    def with_client(
        *,
        endpoint: str,
        allow_remote: bool,
        region: str,
        access_key: str,
        timeout: float,
        time_limit: float,
        max_requests: int,
        **options: Any,
    ) -> None:
        try:
            place = locate(endpoint, allow_remote=allow_remote)
        except EndpointError as error:
            raise click.BadParameter(f"{error}", param_hint="ENDPOINT") from None
        client = Client(
            place,
            Budget(max_requests, time_limit),
            headers=headers(region=region, access_key=access_key),
            timeout=timeout,
        )
        command(endpoint=f"http://{place.host}{place.path}", client=client, **options)

    wrapped: Callable[..., None] = with_client
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


class _Seconds(click.FloatRange):
    """Up to a day; no one waits longer, and sockets cannot."""

    def __init__(self) -> None:
        super().__init__(min=0, min_open=True, max=86_400)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        seconds = super().convert(value, param, ctx)
        if seconds != seconds:
            # Not a number is in every range.
            self.fail(f"{value} is no number of seconds.", param, ctx)
        return seconds


_SECONDS = _Seconds()
_COUNT = click.IntRange(min=0)
_OPTIONS = (
    click.argument("endpoint"),
    click.option("--allow-remote", is_flag=True, help="Let ENDPOINT be on another machine than this one."),
    click.option(
        "--group-id",
        "given",
        multiple=True,
        metavar="ID",
        help="Use this group, AND EMPTY IT, where the server makes none; repeated: source groups.",
    ),
    click.option(
        "--vpc-id", metavar="ID", help="Make the groups in this VPC, not where the server puts them."
    ),
    click.option("--region", default=REGION, show_default=True, callback=_word, help="In the credential."),
    click.option(
        "--access-key", default=ACCESS_KEY, show_default=True, callback=_word, help="In the credential."
    ),
    click.option(
        "--timeout", type=_SECONDS, default=TIMEOUT, show_default=True, help="Seconds for one request."
    ),
    click.option(
        "--time-limit", type=_SECONDS, default=SECONDS, show_default=True, help="Seconds for all of them."
    ),
    click.option(
        "--max-requests",
        type=click.IntRange(min=1),
        default=REQUESTS,
        show_default=True,
        help="HTTP requests in all, those that make and describe groups among them.",
    ),
    click.option(
        "--examples",
        "shown",
        type=_COUNT,
        default=EXAMPLES,
        show_default=True,
        help="Requests to show for each rule and outcome.",
    ),
    click.option(
        "--format",
        "output_format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="A table, or every case with its outcome.",
    ),
    click.option("--quiet", is_flag=True, help="No summary."),
    click.option("--progress/--no-progress", default=True, help="How far it is, on a terminal."),
)
