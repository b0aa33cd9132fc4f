"""Responses, of success and of error, derived from the response Schemas."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Literal

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from ec2codec import scalars
from ec2codec.elements import ElementSchema
from ec2codec.error_codes import ErrorCode
from ec2codec.fields import Indexed, Parameter, Structure
from ec2codec.model import DEFAULT_VERSION
from ec2codec.policy import Policy, Profile
from ec2codec.response_schemas import ErrorResponseSchema, ErrorSchema, response_schemas
from ec2codec.responses import Response
from ec2codec.scalars import IPV6_VERSION, Scalar
from ec2codec.shape import Member, members_of
from ec2codec.strategies.choices import checked, versions
from ec2codec.strategies.scalars import Strategy, texts, values
from ec2codec.strategies.structures import ACTIONS, MAX_ITEMS, request_shape
from ec2codec.strategies.ties import Members, optional, together

Outcome = Literal["success", "error"]
DESCRIBE = "DescribeSecurityGroups"
# The root of every error document.
_ERROR = ErrorResponseSchema.structure.root


def responses(
    action: str | None = None,
    version: str | None = None,
    *,
    profile: Profile | str | None = Profile.DOCUMENTED,
    outcome: Outcome | None = None,
) -> st.SearchStrategy[Response]:
    """Responses that can be encoded under the same *profile*, and are decoded to what they were.

    action: one of the four, or DescribeSecurityGroups; None draws one. version: which elements there are, and
        what the namespace names; None draws one, or no namespace.
    profile: DOCUMENTED and OBSERVED draw ids, ranges and ports as requests have them, OBSERVED also a success
        that does not say so; None any text in their place.
    outcome: None draws both.
    Raises: InvalidArgument for a value that is none.
    """
    if outcome not in (None, "success", "error"):
        raise InvalidArgument(f"outcome: expected one of None, success, error, got {outcome!r}")
    known = (*ACTIONS, DESCRIBE)
    law = checked(action, version, profile, known)
    roots = [f"{name}Response" for name in known if action in (None, name)] if outcome != "error" else []
    roots += [] if outcome == "success" else [_ERROR]
    named = (*versions(), None) if version is None else (version,)
    return _responses(st.sampled_from(roots), st.sampled_from(named), law)


def of_root(root: str) -> st.SearchStrategy[Response]:
    """Responses of one class, by the name of their root."""
    return _responses(st.just(root), st.sampled_from((*versions(), None)), Profile.DOCUMENTED)


@st.composite
def _responses(
    draw: st.DrawFn,
    roots: st.SearchStrategy[str],
    named: st.SearchStrategy[str | None],
    profile: Profile | None,
) -> Response:
    root, version = draw(roots), draw(named)
    policy = Policy(profile=profile, version=IPV6_VERSION if version is None else version)
    response: Response = draw(_of_root(root, version, policy))
    return response


@lru_cache(maxsize=1024)
def _of_root(root: str, version: str | None, policy: Policy) -> Strategy:
    schema = response_schemas(policy.profile)[root]
    members = _members(schema, policy)
    if root == _ERROR:
        # Its namespace is not compared, and not written.
        return st.builds(schema.structure, errors=_errors(policy), **_or_none(members, "errors"))
    always = {"return_": members.pop("return_")} if policy.documented and "return_" in members else {}
    drawn = together(always, members) if always else optional(members)
    return drawn.map(lambda some: schema.structure(version=version, **some))


def _or_none(members: Members, but: str) -> dict[str, Strategy]:
    return {name: st.none() | strategy for name, strategy in members.items() if name != but}


def _errors(policy: Policy) -> Strategy:
    """At least one with a code (E504)."""
    schema = ErrorSchema()
    members = _members(schema, policy)
    coded = together({"code": members["code"]}, {"message": members["message"]})
    errors = coded.map(lambda drawn: schema.structure(**drawn))
    return st.builds(lambda first, more: (first, *more), errors, st.lists(errors, max_size=1))


def objects(schema: ElementSchema, policy: Policy) -> Strategy:
    """Values of a structure of a response: of its members any, or none."""
    kind: Any = schema.structure
    return optional(_members(schema, policy)).map(lambda drawn: kind(**drawn))


def _members(schema: ElementSchema, policy: Policy) -> Members:
    return {
        str(declared.attribute): _strategy(declared, str(declared.attribute), policy)
        for declared in schema.fields.values()
        if getattr(declared, "since", DEFAULT_VERSION) <= max(policy.version, DEFAULT_VERSION)
    }


def _strategy(declared: Any, attribute: str, policy: Policy) -> Strategy:
    match declared:
        case Indexed():
            return st.lists(_strategy(declared.item, "", policy), min_size=1, max_size=MAX_ITEMS).map(tuple)
        case Structure():
            return objects(declared.schema, policy)
        case _:
            return _of_parameter(declared, attribute, policy)


def _of_parameter(declared: Parameter, attribute: str, policy: Policy) -> Strategy:
    if attribute == "code":
        return st.sampled_from(_CODES)
    # Responses declare most of their members as texts; they hold what requests of the same name do.
    scalar = _scalars().get(attribute, declared.scalar)
    strategy = values(scalar, policy._replace(profile=policy.profile or Profile.OBSERVED))
    if policy.profile is None and scalar.python is str:
        strategy |= texts
    return strategy | st.just("") if declared.may_be_empty and scalar.python is str else strategy


@cache
def _scalars() -> Mapping[str, Scalar]:
    """What members of requests hold, and others that are named otherwise, by attribute."""
    shapes = [request_shape(action) for action in ACTIONS]
    members: list[Member] = [member for shape in shapes for _path, member in members_of(shape)]
    return {member.attribute: member.scalar for member in members} | _OTHERS


_OTHERS = {
    "cidr_ipv4": scalars.CIDR,
    "group_owner_id": scalars.USER_ID,
    "owner_id": scalars.USER_ID,
    "referenced_group_id": scalars.GROUP_ID,
}
_CODES = tuple(map(str, ErrorCode))
