"""The front door: `Codec`, its verbs, and the same verbs over the default one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib import import_module
from itertools import islice
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ec2codec.errors import DecodeError, EncodeError, Violation
from ec2codec.model import DEFAULT_VERSION, Request
from ec2codec.policy import Platform, Profile
from ec2codec.query import Wire, write
from ec2codec.reference import Reference
from ec2codec.rules.header import is_known_version
from ec2codec.rules.subjects import MAX_BYTES, MAX_PARAMETERS, MAX_VALUE, Limits
from ec2codec.scalars import format_scalar
from ec2codec.schemas import SCHEMAS, RequestSchema
from ec2codec.style import Style, restyle
from ec2codec.tree import flatten
from ec2codec.trial import Outcome

if TYPE_CHECKING:
    from ec2codec.compiled import Compiled
    from ec2codec.envelope import Xml
    from ec2codec.responses import Response

# Responses know no platform. CPython 3.11 takes a quarter of a microsecond to look up a member by its name.
_ANY = Platform.ANY

Query = str | bytes | bytearray | memoryview | Mapping[str, object] | Iterable[tuple[str, object]]


class Codec:
    """Encodes, decodes and checks under choices made once.

    platform: where the groups live; ANY refuses only what is wrong on both platforms.
    profile: DOCUMENTED, OBSERVED, or None to translate only.
    version: API version, a date, of requests that name none; None: 2011-12-15, to which no response is held.
    compiled: whether the compiled path is asked first, from the second question on. It says the same, or
        nothing.
    max_bytes: of a text. max_parameters: of a request. max_value: characters of one decoded value. All
        inclusive; an input over one of them is refused whole.
    Raises: ValueError for a platform, profile or version that is none.
    """

    _asked = False

    def __init__(
        self,
        *,
        platform: Platform | str = Platform.ANY,
        profile: Profile | str | None = Profile.DOCUMENTED,
        version: str | None = None,
        compiled: bool = True,
        max_bytes: int = MAX_BYTES,
        max_parameters: int = MAX_PARAMETERS,
        max_value: int = MAX_VALUE,
    ) -> None:
        self.platform = Platform(platform)
        self.profile = None if profile is None else Profile(profile)
        self.version = assumed = _known(DEFAULT_VERSION if version is None else version)
        self._answered = version
        self.compiled = compiled
        self.limits = Limits(max_bytes, max_parameters, max_value)
        self._schemas: dict[str, RequestSchema] = {
            action: schema(platform=self.platform, profile=self.profile, assumed=assumed)
            for action, schema in SCHEMAS.items()
        }
        self._reference = Reference(
            self._schemas, platform=self.platform, profile=self.profile, assumed=assumed
        )
        self._compiled: Compiled | None = None

    def judge(self, query: Query) -> Outcome:
        """What `decode` and `check` say, in one go: the request, or None, and every violation."""
        asked = query if isinstance(query, str) else self._asked_of(query)
        compiled = self._compiled or self._warm_up()
        if compiled is not None:
            try:
                return compiled.judge(asked)
            except compiled.Abstain:
                pass
        return self._reference.judge(asked if isinstance(asked, Wire) else Wire(asked, self.limits))

    def decode(self, query: Query) -> Request:
        """The request of a query string, form body, URL, mapping, or iterable of pairs.

        Raises: DecodeError with every violation, warnings too, if any of them is an error.
        """
        asked = query if isinstance(query, str) else self._asked_of(query)
        compiled = self._compiled or self._warm_up()
        if compiled is not None:
            try:
                return compiled.decode(asked)
            except compiled.Abstain:
                pass  # the reference path says why
        wire = asked if isinstance(asked, Wire) else Wire(asked, self.limits)
        outcome = self._reference.judge(wire)
        if outcome.request is None:
            raise DecodeError(outcome.violations)
        return outcome.request

    def check(self, query: Query | Request, *, ignore: Collection[str] = ()) -> tuple[Violation, ...]:
        """Every violation of a query, or of a request as it would be encoded; never raises.

        ignore: ids or names of rules that are not reported.
        """
        if isinstance(query, Request):
            query = self._pairs(query)
        return _without(self.judge(query).violations, ignore)

    def _asked_of(self, query: Query) -> str | Wire:
        """A query as a text, if it is one of ASCII, or as what came over the wire: iterators end."""
        if isinstance(query, bytes) and query.isascii():
            return query.decode("ascii")
        return Wire(query, self.limits)

    def _warm_up(self) -> Compiled | None:
        """The compiled path, from the second question on: to make it takes longer than to answer one."""
        if self.compiled and self._asked:
            from ec2codec.compiled import Compiled

            self._compiled = Compiled(self._reference, self.limits)
        self._asked = True
        return self._compiled

    def encode(self, request: Request, *, style: Style | None = None) -> str:
        """The query string of a request, from Action and Version on; without authentication.

        style: None writes every attribute in the form it has.
        Raises: EncodeError with every violation, warnings too, if any of them is an error.
        """
        request = request if style is None else restyle(request, style)
        compiled = self._compiled or self._warm_up()
        if compiled is not None:
            try:
                return compiled.encode(request)
            except compiled.Abstain:
                pass  # the reference path says why
        return write(self._written(request))

    def encode_params(self, request: Request, *, style: Style | None = None) -> list[tuple[str, str]]:
        """The names and values that `encode` joins, not escaped: for SDKs that sign them.

        Raises: EncodeError, as `encode`.
        """
        request = request if style is None else restyle(request, style)
        compiled = self._compiled or self._warm_up()
        if compiled is not None:
            try:
                return compiled.write(request)
            except compiled.Abstain:
                pass
        return self._written(request)

    def _written(self, request: Request) -> list[tuple[str, str]]:
        """The parameters of a request, by the reference path."""
        pairs = self._pairs(request)
        outcome = self._reference.judge(Wire(pairs, self.limits))
        if outcome.request is None:
            raise EncodeError(outcome.violations)
        return [(name, format_scalar(value)) for name, value in pairs]

    def encode_response(self, response: Response) -> str:
        """The XML document of a response, of success or of error.

        Raises: EnvelopeError with every violation, warnings too, if any of them is an error.
        """
        document: str = _envelope().encode_response(response, profile=self.profile)
        return document

    def decode_response(self, xml: Xml, *, request: Request | str | None = None) -> Response:
        """The response, of success or of error, in an XML document.

        request: that which it answers, or the name of its action.
        Raises: EnvelopeError with every violation, warnings too, if any of them is an error.
        """
        response: Response = _envelope().decode_response(
            xml, request=request, profile=self.profile, version=self._answered, compiled=self.compiled
        )
        return response

    def check_response(
        self, xml: Xml, *, request: Request | str | None = None, ignore: Collection[str] = ()
    ) -> tuple[Violation, ...]:
        """Every violation of an XML document; never raises. request: as for `decode_response`."""
        violations: tuple[Violation, ...] = _envelope().check_response(
            xml, request=request, profile=self.profile, version=self._answered, compiled=self.compiled
        )
        return _without(violations, ignore)

    def load(self, structure: Mapping[str, Any]) -> Request:
        """The request of nested data keyed by wire names, Action among them: what the command line reads.

        Raises: EncodeError with every violation, warnings too, if any of them is an error.
        """
        outcome = self.judge(flatten(structure))
        if outcome.request is None:
            raise EncodeError(outcome.violations)
        return outcome.request

    def dump(self, request: Request) -> dict[str, Any]:
        """Nested data keyed by wire names, Action and Version first; without authentication."""
        dumped: dict[str, Any] = self._schemas[request.action].dump(request)
        return dumped

    def _pairs(self, request: Request) -> list[tuple[str, object]]:
        """The parameters of a request; of lists that hold themselves, one more than the limit allows."""
        return list(islice(flatten(self.dump(request)), self.limits.max_parameters + 1))


@cache
def _envelope() -> ModuleType:
    """The verbs for responses: who never sees one pays for no XML, and who does asks for it once."""
    return import_module("ec2codec.envelope")


def _known(version: str) -> str:
    if not is_known_version(version):
        raise ValueError(f"expected a date up to 2016-11-15 as API version, got {version!r}")
    return version


def _without(violations: tuple[Violation, ...], ignore: Collection[str]) -> tuple[Violation, ...]:
    if not ignore:
        return violations
    return tuple(v for v in violations if v.rule not in ignore and v.name not in ignore)


@cache
def _codec(platform: Platform | str, profile: Profile | str | None) -> Codec:
    """The Codec of these choices, made on first use; there are few."""
    return Codec(platform=platform, profile=profile)


def decode(
    query: Query,
    *,
    platform: Platform | str = Platform.ANY,
    profile: Profile | str | None = Profile.DOCUMENTED,
) -> Request:
    """See `Codec.decode`."""
    return _codec(platform, profile).decode(query)


def check(
    query: Query | Request,
    *,
    platform: Platform | str = Platform.ANY,
    profile: Profile | str | None = Profile.DOCUMENTED,
    ignore: Collection[str] = (),
) -> tuple[Violation, ...]:
    """See `Codec.check`."""
    return _codec(platform, profile).check(query, ignore=ignore)


def encode(
    request: Request,
    *,
    style: Style | None = None,
    platform: Platform | str = Platform.ANY,
    profile: Profile | str | None = Profile.DOCUMENTED,
) -> str:
    """See `Codec.encode`."""
    return _codec(platform, profile).encode(request, style=style)


def encode_params(
    request: Request,
    *,
    style: Style | None = None,
    platform: Platform | str = Platform.ANY,
    profile: Profile | str | None = Profile.DOCUMENTED,
) -> list[tuple[str, str]]:
    """See `Codec.encode_params`."""
    return _codec(platform, profile).encode_params(request, style=style)


def encode_response(response: Response) -> str:
    """See `Codec.encode_response`."""
    return _codec(_ANY, Profile.DOCUMENTED).encode_response(response)


def decode_response(
    xml: Xml,
    *,
    request: Request | str | None = None,
    profile: Profile | str | None = Profile.DOCUMENTED,
) -> Response:
    """See `Codec.decode_response`."""
    return _codec(_ANY, profile).decode_response(xml, request=request)


def check_response(
    xml: Xml,
    *,
    request: Request | str | None = None,
    profile: Profile | str | None = Profile.DOCUMENTED,
) -> tuple[Violation, ...]:
    """See `Codec.check_response`."""
    return _codec(_ANY, profile).check_response(xml, request=request)
