"""Permissions without the grants that an earlier one has (E410)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ec2codec.grants import Key, key
from ec2codec.model import Direction, IpPermission
from ec2codec.policy import Platform, Policy
from ec2codec.strategies.ties import SOURCES


def without_repeated_grants(
    permissions: Sequence[IpPermission], direction: Direction, policy: Policy
) -> tuple[IpPermission, ...]:
    """*permissions* without sources that repeat a grant, and without those that have none left.

    A platform that is not known is taken for a VPC, where more grants are one.
    """
    platform = Platform.CLASSIC if policy.classic else Platform.VPC
    keys = [
        [key(grant, platform=platform) for grant in permission.grants(direction, version=policy.version)]
        for permission in permissions
    ]
    every = [one for some in keys for one in some]
    if len(set(every)) == len(every):
        return tuple(permissions)
    seen: set[Key] = set()
    fresh = [_fresh(permission, some, seen) for permission, some in zip(permissions, keys, strict=True)]
    return tuple(new for old, new in zip(permissions, fresh, strict=True) if new.sources or not old.sources)


def _fresh(permission: IpPermission, keys: Sequence[Key], seen: set[Key]) -> IpPermission:
    """*permission* without sources whose key was seen; *keys* are in the order of its sources."""
    one = iter(keys)
    lists: dict[str, Any] = {}
    for attribute in SOURCES:
        kept = [(source, next(one)) for source in getattr(permission, attribute)]
        lists[attribute] = tuple(source for source, its_key in kept if not _add(its_key, seen))
    return replace(permission, **lists)


def _add(one: Key, seen: set[Key]) -> bool:
    """Whether *one* was seen before; it is now."""
    known = one in seen
    seen.add(one)
    return known
