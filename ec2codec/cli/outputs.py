"""Where a check writes: standard output, and files."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from ec2codec.errors import shown
from ec2codec.reports import REPORTS, MissingExtra, Output, wants_colour

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ec2codec.discretion import Discretion
    from ec2codec.reports import Report


def standard_output(discretion: Discretion, *, lasting: bool = False) -> Output:
    """Standard output, in colours if it is a terminal that wants them.

    lasting: whether to go on when no one reads it any more, for there are files to be written as well.
    """
    coloured = wants_colour(terminal=sys.stdout.isatty())
    stream: Any = _Lasting() if lasting else sys.stdout.buffer
    return Output(stream, coloured=coloured, discretion=discretion)


def forget_output() -> None:
    """Lose what standard output still holds, and what will be written: to write it would fail once more."""
    with suppress(OSError), open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


class _Lasting:
    """Standard output whose reader may go away, as `head` does."""

    def write(self, data: bytes) -> None:
        with _unread():
            sys.stdout.buffer.write(data)

    def flush(self) -> None:
        with _unread():
            sys.stdout.buffer.flush()


@contextmanager
def _unread() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        forget_output()


@contextmanager
def written(file: str, discretion: Discretion) -> Iterator[Output]:
    """A file for a report.

    Raises: click.BadParameter if it cannot be written.
    """
    with opened(file, "--report") as stream:
        yield Output(stream, discretion=discretion)


@contextmanager
def replaced(file: str) -> Iterator[Callable[[str], None]]:
    """What takes the new text of a baseline, once, at the end; what stood in the file stays until then.

    Raises: click.BadParameter, before anything is done, if it cannot be written.
    """
    beside = f"{file}.new"

    def replace(text: str) -> None:
        stream.write(text.encode("utf-8"))
        stream.close()
        os.replace(beside, file)

    try:
        with opened(beside, "--write-baseline") as stream:
            yield replace
    finally:
        with suppress(OSError):
            os.unlink(beside)


def report_to(output: Output, name: str) -> Report:
    """The report of that name.

    Raises: click.UsageError, before anything is read, if it needs a package that is not there.
    """
    try:
        return REPORTS[name](output)
    except MissingExtra as error:
        raise click.UsageError(f"The {name} report {error}") from None


def opened(file: str, option: str) -> BinaryIO:
    """A file that an option names, to be written.

    Raises: click.BadParameter if it cannot be.
    """
    try:
        return open(file, "wb")
    except OSError as error:
        raise click.BadParameter(
            f"{shown(file)!r} cannot be written: {error.strerror}", param_hint=option
        ) from None


def content(file: str, option: str) -> bytes:
    """The bytes of a file that an option names.

    Raises: click.BadParameter if it cannot be read.
    """
    try:
        with open(file, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise click.BadParameter(
            f"{shown(file)!r} cannot be read: {error.strerror}", param_hint=option
        ) from None
