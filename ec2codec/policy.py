"""Platform and profile: which rules bind, as what, and what may be deduced from a request."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from ec2codec.errors import Severity, Violation, shown_value
from ec2codec.model import DEFAULT_VERSION

if TYPE_CHECKING:
    from collections.abc import Container

    from ec2codec.rule import Found, Rule

# Default VPCs, which take group names too, came in March 2013.
DEFAULT_VPC_VERSION = "2013-03-01"


class Platform(StrEnum):
    """Where the security group lives. The wire never says it; ANY refuses only what is wrong on both."""

    ANY = "any"
    CLASSIC = "classic"
    VPC = "vpc"


class Profile(StrEnum):
    """Whose law is judged: the API reference's (DOCUMENTED), or what the service was seen to accept."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"


class Policy(NamedTuple):
    """The choices under which one request is judged.

    platform: given or deduced.
    profile: None translates only: what can be built is built.
    version: the API version that binds, never older than 2011-12-15.
    """

    platform: Platform = Platform.ANY
    profile: Profile | None = Profile.DOCUMENTED
    version: str = DEFAULT_VERSION

    @property
    def classic(self) -> bool:
        """Whether the group is known to be of EC2-Classic."""
        return self.platform is Platform.CLASSIC

    @property
    def vpc(self) -> bool:
        """Whether the group is known to be of a VPC."""
        return self.platform is Platform.VPC

    @property
    def documented(self) -> bool:
        """Whether the API reference is the law."""
        return self.profile is Profile.DOCUMENTED

    def severity(self, rule: Rule) -> Severity | None:
        """What a breach of *rule* is under this policy; None: not judged."""
        if self.profile is None:
            return rule.severity if rule.translating else None
        return rule.severity if self.documented else rule.observed

    def weight(self, rule: Rule, found: Found) -> Severity:
        """What one breach of a rule that binds is."""
        return found.severity or self.severity(rule) or rule.severity

    def violation(self, rule: Rule, found: Found, location: str, value: object = None) -> Violation:
        """The finding for one breach; the rule must bind."""
        code = found.code or (rule.codes.classic if self.classic else rule.codes.vpc)
        return Violation(
            rule=rule.id,
            name=rule.name,
            code=code,
            location=location,
            message=found.message + found.hint,
            value=shown_value(location, value),
            severity=self.weight(rule, found),
            certainty=found.certainty,
            hint=found.hint,
        )


def binding_version(version: str) -> str:
    """The version that binds a request: older ones are read as 2011-12-15 (W414 says so)."""
    return max(version, DEFAULT_VERSION)


def deduce(
    platform: Platform, profile: Profile | None, version: str, *, direction: str, sent: Container[str]
) -> Platform:
    """*platform*, or what a request gives away where it is ANY.

    sent: names of the parameters.
    Source: egress rules exist in VPCs only; before default VPCs a group name alone was EC2-Classic.
    """
    if platform is not Platform.ANY:
        return platform
    if direction == "egress":
        return Platform.VPC
    named = "GroupName" in sent and "GroupId" not in sent
    if named and profile is Profile.DOCUMENTED and version < DEFAULT_VPC_VERSION:
        return Platform.CLASSIC
    return platform
