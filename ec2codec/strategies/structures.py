"""Values of any structure of the shape, derived from it: what is added to the Schemas is drawn at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from hypothesis import strategies as st

from ec2codec import model
from ec2codec.model import Request
from ec2codec.policy import Policy
from ec2codec.schemas import SCHEMAS
from ec2codec.shape import Listing, Member, Structure, read
from ec2codec.strategies.scalars import Strategy, values
from ec2codec.strategies.ties import TIES, Attributes, Members, merged, optional, together

ACTIONS: Mapping[str, type[Request]] = {action: schema.structure for action, schema in SCHEMAS.items()}
MAX_ITEMS = 3


@cache
def request_shape(action: str) -> Structure:
    """The shape of an action's requests."""
    return read(SCHEMAS[action]())


def objects(structure: Structure, policy: Policy) -> Strategy:
    """Values of the class in `ec2codec.model` that has the structure's name."""
    kind = getattr(model, structure.name)
    return attributes(structure, policy).map(lambda drawn: kind(**drawn))


@lru_cache(maxsize=1024)
def attributes(structure: Structure, policy: Policy) -> st.SearchStrategy[Attributes]:
    """Values by attribute, as the rules of *policy* let them pass; without a profile any but none."""
    members = members_of(structure, policy)
    if policy.profile is None:
        return together({}, members)
    tie = TIES.get(structure.name)
    if tie is not None:
        tied = tie(members, policy)
        return merged(tied, optional(members)) if members else tied
    # The rest says more of the first member: a description of its range, a value of its key.
    first = next(iter(members))
    return together({first: members.pop(first)}, members)


def members_of(structure: Structure, policy: Policy) -> Members:
    """A strategy of every member that the policy's version has, by attribute."""
    return {
        child.attribute: strategy_of(child, policy)
        for child in structure.members.values()
        if child.since <= policy.version
    }


def strategy_of(child: Member | Listing, policy: Policy, *, max_size: int = MAX_ITEMS) -> Strategy:
    """Values of one member; of a list, 1 to *max_size* items."""
    if isinstance(child, Member):
        of_scalar = values(child.scalar, policy)
        return of_scalar | st.just("") if child.may_be_empty else of_scalar
    item = child.item
    items = values(item.scalar, policy) if isinstance(item, Member) else objects(item, policy)
    return st.lists(items, min_size=1, max_size=max_size).map(tuple)
