"""A labelled request, ready to be sent: what must be said of it, and what it asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from ec2codec.codec import check
from ec2codec.effects import effect_of
from ec2codec.policy import Platform
from ec2codec.query import query_of
from ec2codec.rule import Effect
from ec2codec.schemas import SCHEMAS
from ec2codec.suggest import nearest

if TYPE_CHECKING:
    from ec2codec.codec import Codec
    from ec2codec.errors import Violation
    from ec2codec.labelled import Labelled
    from ec2codec.model import Request


class Passed(StrEnum):
    """Why a labelled text is not sent."""

    DOCUMENT = "a response, and no request"
    FORM = "not to be written in UTF-8"
    ACTION = "its Action may be another one of EC2's"
    LABEL = "its label does not hold for this platform, profile and these limits"
    CAST = "its label does not hold for other groups than those it names"


class NotSent(Exception):
    """A labelled text is passed over. args[0]: `Passed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A request and what must be said of it.

    rule: the rule that it breaks; None for a valid one. location: where.
    codes: the codes with which it may be refused, those of each platform where that is not known.
    widening: whether a server that takes it acts on more than was written.
    request: what a valid one asks for.
    """

    query: str
    rule: str | None = None
    location: str = ""
    codes: frozenset[str] = frozenset()
    widening: bool = False
    request: Request | None = None

    @property
    def row(self) -> str:
        """Where it counts: by rule, or by action."""
        return self.rule or (self.request.action if self.request else "")


def form_of(labelled: Labelled) -> str:
    """A labelled text as the form to be posted: of a URL its query; without the line breaks of documents.

    Raises: NotSent if it is no request, or none that may be sent to a server.
    """
    if labelled.is_document:
        raise NotSent(Passed.DOCUMENT)
    text = query_of(labelled.query)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise NotSent(Passed.FORM) from None
    if not all(map(_is_harmless, _actions(text))):
        raise NotSent(Passed.ACTION)
    return text


def case_of(labelled: Labelled, codec: Codec, query: str) -> Case:
    """The case of a labelled text, in the form of *query*.

    codec: as the server is asked to judge.
    Raises: NotSent if the label does not hold for that.
    """
    request, violations = codec.judge(query)
    errors = [violation for violation in violations if violation.severity == "error"]
    if labelled.rule is None:
        if errors:
            raise NotSent(Passed.LABEL)
        return Case(query=query, request=request)
    if [(error.rule, error.location) for error in errors] != [(labelled.rule, labelled.location)]:
        raise NotSent(Passed.LABEL)
    codes = frozenset(_codes(errors[0], codec, query))
    if labelled.code is not None and labelled.code not in codes:
        raise NotSent(Passed.LABEL)
    return Case(
        query=query,
        rule=labelled.rule,
        location=labelled.location,
        codes=codes,
        widening=effect_of(errors[0]) is Effect.WIDENING,
    )


def _codes(error: Violation, codec: Codec, query: str) -> Iterator[str]:
    """The code of the error, and where no platform was chosen, what it is on each."""
    yield str(error.code)
    if codec.platform is Platform.ANY:
        for platform in (Platform.CLASSIC, Platform.VPC):
            for other in check(query, platform=platform, profile=codec.profile):
                if (other.rule, other.location) == (error.rule, error.location):
                    yield str(other.code)


def _actions(text: str) -> Iterator[str]:
    for piece in text.split("&"):
        name, _, value = piece.partition("=")
        if unquote_plus(name).lower() == "action":
            yield unquote_plus(value)


def _is_harmless(action: str) -> bool:
    """Whether no server takes it for another action of EC2's."""
    return action in SCHEMAS or nearest(action, SCHEMAS) is not None or not VERBS.match(action)


# What the names of EC2's 830 actions begin with. Source: botocore 1.40, ec2/2016-11-15; a test reads it anew.
VERBS = re.compile(
    "Accept|Advertise|Allocate|Apply|Assign|Associate|Attach|Authorize|Batch|Bundle|Cancel|"
    "Confirm|Copy|Create|Delete|Deprovision|Deregister|Describe|Detach|Disable|Disassociate|"
    "Enable|Export|Get|Import|List|Lock|Modify|Monitor|Move|Provision|Purchase|Reboot|"
    "Register|Reject|Release|Replace|Report|Request|Reset|Restore|Revoke|Run|Search|Send|"
    "Start|Stop|Terminate|Unassign|Unlock|Unmonitor|Update|Validate|Withdraw"
)
