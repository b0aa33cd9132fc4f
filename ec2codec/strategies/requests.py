"""Requests that break no rule."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ec2codec.model import DEFAULT_VERSION, IngressRequest, Request, Tag, TagSpecification
from ec2codec.policy import DEFAULT_VPC_VERSION, Platform, Profile
from ec2codec.scalars import IPV6_VERSION
from ec2codec.strategies.choices import Choices, chosen
from ec2codec.strategies.permissions import permissions, protocols_and_ports, without_repeated_grants
from ec2codec.strategies.scalars import cidrs, group_ids, group_names, hexadecimal, optional, texts, user_ids
from ec2codec.style import Style


@st.composite
def _flat_forms(draw: st.DrawFn, platform: Platform, version: str) -> dict[str, Any]:
    if platform is not Platform.VPC and draw(st.booleans()):
        return {
            "source_security_group_name": draw(group_names),
            "source_security_group_owner_id": draw(user_ids),
        }
    protocol, first, last = draw(protocols_and_ports(platform, version))
    return {"ip_protocol": protocol, "from_port": first, "to_port": last, "cidr_ip": draw(cidrs)}


_tags = st.builds(Tag, key=texts, value=st.none() | st.just("") | texts)
_tag_specifications = st.builds(
    TagSpecification,
    resource_type=st.just("security-group-rule") | texts,
    tag=st.lists(_tags, max_size=2).map(tuple),
)


def requests(
    action: str | None = None,
    version: str | None = None,
    *,
    platform: Platform | str = Platform.ANY,
    profile: Profile | str | None = Profile.DOCUMENTED,
    style: Style | None = None,
    max_permissions: int = 4,
) -> st.SearchStrategy[Request]:
    """Requests that `check` finds no error in, under the same *platform* and *profile*.

    action, version: None draws them.
    style: None draws both forms; "flat" is for ingress.
    max_permissions: in one request, at least 1.
    Raises: InvalidArgument for choices that no request can meet.
    """
    return _requests(chosen(action, version, platform, profile, style), max_permissions)


@st.composite
def _requests(draw: st.DrawFn, choices: Choices, max_permissions: int) -> Any:
    kind = draw(st.sampled_from(choices.kinds))
    version = draw(st.sampled_from(choices.versions))
    binding = max(version, DEFAULT_VERSION)
    where = choices.platform
    if where is Platform.ANY and kind.direction == "egress":
        where = Platform.VPC
    values: dict[str, Any] = {"version": version}
    ingress = issubclass(kind, IngressRequest)
    if ingress and where is not Platform.VPC and draw(st.booleans()):
        values["group_name"] = draw(group_names)
        if where is Platform.ANY and binding < DEFAULT_VPC_VERSION:
            where = Platform.CLASSIC
    else:
        values["group_id"] = draw(group_ids)
    if ingress:
        values["user_id"] = draw(optional(texts))
    values["dry_run"] = draw(optional(st.booleans(), when=binding >= "2013-08-15"))
    flat = choices.style == "flat" or (choices.style is None and ingress and draw(st.integers(0, 3)) == 0)
    if flat:
        values.update(draw(_flat_forms(where, binding)))
    else:
        drawn = draw(st.lists(permissions(where, binding), min_size=1, max_size=max_permissions))
        values["ip_permissions"] = without_repeated_grants(drawn, binding)
    if binding >= IPV6_VERSION and kind.action.startswith("Revoke"):
        values["security_group_rule_id"] = tuple(draw(st.lists(hexadecimal("sgr"), max_size=2)))
        if values["security_group_rule_id"] and choices.style is None and draw(st.booleans()):
            values.pop("ip_permissions", None)
    elif binding >= IPV6_VERSION:
        values["tag_specification"] = tuple(draw(st.lists(_tag_specifications, max_size=2)))
    return kind(**values)
