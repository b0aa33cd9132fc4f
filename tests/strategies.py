"""Query strings for laws that hold for every text, and scalars for rules that are asked alone."""

from __future__ import annotations

from hypothesis import strategies as st

from ec2codec.policy import Policy
from ec2codec.scalars import CIDR, GROUP_ID, GROUP_NAME, IPV6_CIDR, USER_ID
from ec2codec.strategies import mutations, near_misses, queries, requests
from ec2codec.strategies.choices import versions
from ec2codec.strategies.oddities import NAMES, PIECES, VALUES
from ec2codec.strategies.scalars import texts, values

__all__ = [
    "VALUES",
    "VERSIONS",
    "cidrs",
    "group_ids",
    "group_names",
    "ipv6_cidrs",
    "query_texts",
    "requests",
    "texts",
    "user_ids",
]

VERSIONS = versions()
cidrs, ipv6_cidrs, group_ids, group_names, user_ids = (
    values(scalar, Policy()) for scalar in (CIDR, IPV6_CIDR, GROUP_ID, GROUP_NAME, USER_ID)
)
_GARBAGE = st.text(max_size=60) | st.lists(st.sampled_from(PIECES + NAMES)).map("&".join)


@st.composite
def query_texts(draw: st.DrawFn) -> str:
    """A query string: valid, nearly so, with a few things done to it, or plain garbage."""
    kind = draw(st.sampled_from(("valid", "near", "mutated", "mutated", "mutated", "garbage")))
    if kind == "garbage":
        return draw(_GARBAGE)
    if kind == "near":
        return draw(near_misses())
    text = draw(queries(max_permissions=2, gaps=True, framed=True))
    return draw(mutations(text)) if kind == "mutated" else text
