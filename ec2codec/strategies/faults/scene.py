"""Under what a rule is broken: what a `Codec` is told, the request's header, how its target is named."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import product

from ec2codec.policy import Platform, Policy, Profile, binding_version, deduce
from ec2codec.rule import RULES
from ec2codec.strategies.choices import versions
from ec2codec.strategies.structures import ACTIONS

# DOCUMENTED first, and an ingress action by GroupId: shrinking goes that way.
VERSIONS = versions()
PROFILES: tuple[Profile | None, ...] = (Profile.DOCUMENTED, Profile.OBSERVED, None)


class Scene:
    """One choice of everything that says which rules bind.

    platform, profile: as a `Codec` is given them. named: whether the target is named by GroupName.
    """

    def __init__(
        self, action: str, version: str, platform: Platform, profile: Profile | None, *, named: bool
    ) -> None:
        self.action = action
        self.version = version
        self.platform = platform
        self.profile = profile
        self.named = named
        self.ingress = ACTIONS[action].direction == "ingress"
        self.revoke = action.startswith("Revoke")

    def __repr__(self) -> str:
        return f"{self.action} {self.version} {self.platform} {self.profile} named={self.named}"

    @cached_property
    def binding(self) -> str:
        """The version that binds: no older one than 2011-12-15."""
        return binding_version(self.version)

    @cached_property
    def where(self) -> Platform:
        """The platform, given or deduced."""
        return deduce(
            self.platform,
            self.profile,
            self.binding,
            direction=ACTIONS[self.action].direction,
            sent=("GroupName",) if self.named else ("GroupId",),
        )

    @cached_property
    def policy(self) -> Policy:
        """What the values beside the fault keep: the strictest law that there is here."""
        return Policy(self.where, Profile.DOCUMENTED, self.binding)

    @property
    def classic(self) -> bool:
        """Whether the group is known to be of EC2-Classic."""
        return self.where is Platform.CLASSIC

    @property
    def vpc(self) -> bool:
        """Whether the group is known to be of a VPC."""
        return self.where is Platform.VPC

    @property
    def documented(self) -> bool:
        """Whether the API reference is the law."""
        return self.profile is Profile.DOCUMENTED

    @property
    def judged(self) -> bool:
        """Whether there is a law at all, and not only the grammar."""
        return self.profile is not None

    @property
    def options(self) -> dict[str, str | None]:
        """Keyword arguments of `check`."""
        profile = self.profile
        return {"platform": str(self.platform), "profile": None if profile is None else str(profile)}

    def since(self, version: str) -> bool:
        """Whether what *version* brought is there."""
        return self.binding >= version

    def binds(self, rule_id: str) -> bool:
        """Whether a breach of the rule is judged, and by one of severity error refused."""
        rule = RULES[rule_id]
        return Policy(profile=self.profile).severity(rule) == rule.severity

    def code(self, rule_id: str) -> str | None:
        """EC2's error code for a breach of the rule."""
        codes = RULES[rule_id].codes
        return codes.classic if self.classic else codes.vpc


def scenes(
    actions: tuple[str, ...] = tuple(ACTIONS),
    versions: tuple[str, ...] = VERSIONS,
    platforms: tuple[Platform, ...] = tuple(Platform),
    profiles: tuple[Profile | None, ...] = PROFILES,
) -> Iterator[Scene]:
    """Every scene of these choices that there is: EC2-Classic has no egress, and VPC targets have no name."""
    for profile, platform, version, action in product(profiles, platforms, versions, actions):
        scene = Scene(action, version, platform, profile, named=False)
        if not scene.ingress and platform is Platform.CLASSIC:
            continue
        yield scene
        if scene.ingress and platform is not Platform.VPC:
            yield Scene(action, version, platform, profile, named=True)
