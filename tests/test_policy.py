"""Platform and profile: what binds, as what, and what is deduced."""

import pytest

from ec2codec import RULES, Platform, Profile
from ec2codec.policy import Policy, binding_version, deduce
from ec2codec.scalars import PROTOCOL

TRANSLATING = ["E101", "E102", "E103", "E104", "E106", "E107", "E108", "E201", "E208", "E401", "E402"]


@pytest.mark.parametrize(
    ("direction", "sent", "version", "profile", "expected"),
    [
        ("egress", {"GroupId"}, "2011-12-15", Profile.DOCUMENTED, Platform.VPC),
        ("ingress", {"GroupId"}, "2011-12-15", Profile.DOCUMENTED, Platform.ANY),
        ("ingress", {"GroupName"}, "2011-12-15", Profile.DOCUMENTED, Platform.CLASSIC),
        ("ingress", {"GroupName"}, "2013-02-28", Profile.DOCUMENTED, Platform.CLASSIC),
        ("ingress", {"GroupName"}, "2013-03-01", Profile.DOCUMENTED, Platform.ANY),
        ("ingress", {"GroupName"}, "2011-12-15", Profile.OBSERVED, Platform.ANY),
        ("ingress", {"GroupName"}, "2011-12-15", None, Platform.ANY),
        ("ingress", {"GroupName", "GroupId"}, "2011-12-15", Profile.DOCUMENTED, Platform.ANY),
    ],
)
def test_platform_is_deduced_from_action_target_and_version(
    direction: str, sent: set[str], version: str, profile: Profile | None, expected: Platform
) -> None:
    assert expected is deduce(Platform.ANY, profile, version, direction=direction, sent=sent)


@pytest.mark.parametrize("platform", [Platform.CLASSIC, Platform.VPC])
def test_given_platform_stands(platform: Platform) -> None:
    assert platform is deduce(
        platform, Profile.DOCUMENTED, "2011-12-15", direction="egress", sent={"GroupName"}
    )


@pytest.mark.parametrize(
    ("profile", "refused"), [(Profile.DOCUMENTED, True), (Profile.OBSERVED, False), (None, True)]
)
def test_a_protocol_in_capitals_is_one_where_the_service_was_seen_to_take_it(
    profile: Profile | None, refused: bool
) -> None:
    found = list(RULES["E202"].judge("TCP", PROTOCOL, Policy(profile=profile)))

    assert refused is bool(found)


def test_without_profile_only_what_translating_needs_is_judged() -> None:
    policy = Policy(profile=None)

    judged = [rule.id for rule in RULES.values() if policy.severity(rule) is not None]

    assert sorted(rule for rule in judged if rule < "E5") == TRANSLATING
    assert {"E501", "E502", "E503", "E504"} == {rule for rule in judged if rule >= "E5"}


def test_documented_only_rules_warn_or_rest_under_observed() -> None:
    policy = Policy(profile=Profile.OBSERVED)

    relaxed = {rule.id: policy.severity(rule) for rule in RULES.values() if rule.observed != rule.severity}

    assert relaxed == {
        "E308": "warning",
        "E310": "warning",
        "E311": "warning",
        "E314": None,
        "E404": "warning",
        "E408": "warning",
    }


@pytest.mark.parametrize(
    ("version", "expected"),
    [("2009-08-15", "2011-12-15"), ("2011-12-15", "2011-12-15"), ("2016-11-15", "2016-11-15")],
)
def test_older_versions_bind_as_2011_12_15(version: str, expected: str) -> None:
    assert expected == binding_version(version)


def test_platform_and_profile_are_their_strings() -> None:
    assert tuple(Platform) == ("any", "classic", "vpc")
    assert tuple(Profile) == ("documented", "observed")
