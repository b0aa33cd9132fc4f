"""Requests that break no rule."""

from __future__ import annotations

from functools import lru_cache

from hypothesis import strategies as st

from ec2codec.model import Request
from ec2codec.names import snake_case
from ec2codec.policy import Platform, Policy, Profile, binding_version, deduce
from ec2codec.rules.subjects import FLAT_CIDR_FORM, FLAT_GROUP_FORM
from ec2codec.scalars import CIDR, GROUP_NAME, USER_ID
from ec2codec.strategies.choices import Choices, chosen
from ec2codec.strategies.scalars import values
from ec2codec.strategies.structures import ACTIONS, members_of, request_shape, strategy_of
from ec2codec.strategies.ties import (
    Attributes,
    Members,
    merged,
    optional,
    protocols_and_ports,
    target,
    together,
)
from ec2codec.strategies.unrepeated import without_repeated_grants
from ec2codec.style import Style

# What the caller of the strategies sets, and no draw.
_HEADER = ("action", "version")
_FLAT = tuple(map(snake_case, (*FLAT_CIDR_FORM, *FLAT_GROUP_FORM)))


def requests(
    action: str | None = None,
    version: str | None = None,
    *,
    platform: Platform | str = Platform.ANY,
    profile: Profile | str | None = Profile.DOCUMENTED,
    style: Style | None = None,
    max_permissions: int = 4,
) -> st.SearchStrategy[Request]:
    """Requests in which `check` finds no error under the same *platform* and *profile*, but maybe warnings.

    action, version: None draws one of the four, and a version between which and the next a parameter came.
    platform: CLASSIC has ingress only. profile: OBSERVED draws what the service was seen to accept, too; None
        whatever can be encoded and decoded without one.
    style: None draws both forms; "flat" has ingress only.
    max_permissions: of one request, at least 1.
    Raises: InvalidArgument for choices that no request can meet.
    """
    return _requests(chosen(action, version, platform, profile, style, max_permissions))


@st.composite
def _requests(draw: st.DrawFn, choices: Choices) -> Request:
    kind = draw(choices.kinds)
    version = draw(choices.versions)
    policy = Policy(choices.platform, choices.profile, binding_version(version))
    bodies = _any_bodies if policy.profile is None else _bodies
    return kind(version=version, **draw(bodies(kind.action, policy, choices.style, choices.max_permissions)))


@lru_cache(maxsize=1024)
def _any_bodies(
    action: str, policy: Policy, style: Style | None, max_permissions: int
) -> st.SearchStrategy[Attributes]:
    """What no profile has a word on: every member comes or not, with any value of its type."""
    members = _members(action, policy)
    members["ip_permissions"] = _permissions(action, policy, max_permissions)
    flat = {name: members.pop(name) for name in _FLAT if name in members}
    if style == "flat":
        del members["ip_permissions"]
        return merged(together({}, flat), optional(members))
    return optional(members if style == "nested" else members | flat)


def _members(action: str, policy: Policy) -> Members:
    members = members_of(request_shape(action), policy)
    return {attribute: members[attribute] for attribute in members if attribute not in _HEADER}


@lru_cache(maxsize=1024)
def _permissions(action: str, policy: Policy, max_size: int) -> st.SearchStrategy[tuple[object, ...]]:
    listing = request_shape(action).members["IpPermissions"]
    drawn = strategy_of(listing, policy, max_size=max_size)
    if policy.profile is None:
        return drawn
    return drawn.map(lambda some: without_repeated_grants(some, ACTIONS[action].direction, policy))


@lru_cache(maxsize=1024)
def _bodies(
    action: str, policy: Policy, style: Style | None, max_permissions: int
) -> st.SearchStrategy[Attributes]:
    """What the rules of a profile let pass."""
    members = _members(action, policy)
    del members["ip_permissions"]
    targets = target(members, policy)
    has_flat = [members.pop(name) for name in _FLAT if name in members]
    others = ["ids", "flat"] if has_flat else ["ids"]
    forms = st.sampled_from([style] if style else ["nested"] * 3 + others)
    return _lawful(action, policy, targets, optional(members), forms, max_permissions, style)


@st.composite
def _lawful(
    draw: st.DrawFn,
    action: str,
    policy: Policy,
    targets: st.SearchStrategy[Attributes],
    free: st.SearchStrategy[Attributes],
    forms: st.SearchStrategy[str],
    max_permissions: int,
    style: Style | None,
) -> Attributes:
    body = draw(targets) | draw(free)
    sent = [name for name, attribute in _TARGETS.items() if attribute in body]
    platform = deduce(
        policy.platform, policy.profile, policy.version, direction=ACTIONS[action].direction, sent=sent
    )
    policy = policy._replace(platform=platform)
    if style == "flat":
        return body | draw(_flat_forms(policy))
    # Drawn even if another form takes their place: so what is shortest is nested, and examples shrink to it.
    permissions = draw(_permissions(action, policy, max_permissions))
    form = draw(forms)
    if form == "flat":
        return body | draw(_flat_forms(policy))
    # Rule ids may stand for permissions (E406).
    if form == "ids" and "security_group_rule_id" in body:
        return body
    return body | {"ip_permissions": permissions}


_TARGETS = {"GroupId": "group_id", "GroupName": "group_name"}


@lru_cache(maxsize=1024)
def _flat_forms(policy: Policy) -> st.SearchStrategy[Attributes]:
    """A CIDR range with protocol and ports, or a source group with its owner (E408, E409, E315)."""
    cidr = together({"cidr_ip": values(CIDR, policy)})
    with_cidr = merged(protocols_and_ports(policy), cidr)
    if not policy.documented:
        with_cidr = st.builds(_without, with_cidr, st.integers(0, 2 ** len(FLAT_CIDR_FORM) - 1))
    if policy.vpc:
        return with_cidr
    name = {"source_security_group_name": values(GROUP_NAME, policy)}
    owner = {"source_security_group_owner_id": values(USER_ID, policy)}
    return with_cidr | (together(name | owner) if policy.documented else together(name, owner))


def _without(form: Attributes, mask: int) -> Attributes:
    """*form* without some of its members, but never without all."""
    kept = {name: value for bit, (name, value) in enumerate(form.items()) if not mask >> bit & 1}
    return kept or form
