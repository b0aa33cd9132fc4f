from __future__ import annotations

import pytest

from ec2codec import Codec, check
from ec2codec.captures import Exchange, Place, Response
from ec2codec.effects import effect_of, told
from ec2codec.rule import BASE, Effect
from ec2codec.verdict import judge

ALL = "&IpPermissions.1.IpProtocol=-1"
SOURCE = "&IpPermissions.1.IpRanges.1.CidrIp="


@pytest.mark.parametrize(
    ("query", "rule", "effect"),
    [
        (ALL, "E310", "silent"),
        ("&IpProtocol=tcp&FromPort=80&ToPort=80", "E408", "silent"),
        ("&IpProtocol=tcp&CidrIp=10.0.0.0/8", "E408", None),
        ("&SourceSecurityGroupName=web", "E408", None),
        (
            f"{ALL}&IpPermissions.1.FromPort=22&IpPermissions.1.ToPort=22{SOURCE}10.0.0.0/8",
            "E308",
            "widening",
        ),
        (f"{ALL}&IpPermissions.1.FromPort=0&IpPermissions.1.ToPort=0{SOURCE}10.0.0.0/8", "W309", None),
        (f"{ALL}{SOURCE}10.0.0.1/0", "W207", "widening"),
        (f"{ALL}{SOURCE}10.0.0.1/10", "W207", None),
        (f"{ALL}{SOURCE}10.0.0.0/8&IpPermissions.1.IpRanges.2.CidrIp=10.0.0.0/8", "E410", "repeated"),
        (f"{ALL}{SOURCE}10.0.0.0/33", "E203", None),
    ],
)
def test_effect_is_what_happens_in_spite_of_a_true(query: str, rule: str, effect: str | None) -> None:
    [violation] = check(BASE + query)

    assert (rule, effect) == (violation.rule, effect_of(violation))


@pytest.mark.parametrize(
    ("response", "effect", "text"),
    [
        (Response(status=200), Effect.SILENT, "the service said true and changed nothing"),
        (None, Effect.SILENT, "where the service says true, it changes nothing"),
        (Response(error_code="MissingParameter"), None, ""),
    ],
)
def test_what_was_refused_had_no_effect(response: Response | None, effect: Effect | None, text: str) -> None:
    query = f"?{BASE}{ALL}".encode()
    exchange = Exchange(
        place=Place("x", 1), action="RevokeSecurityGroupIngress", request=query, response=response
    )

    found = judge(exchange, Codec())

    assert effect is found.effect(found.violations[0])
    assert text == (told(effect, accepted=found.accepted) if effect else "")


@pytest.mark.parametrize("effect", Effect)
def test_every_effect_has_words(effect: Effect) -> None:
    assert told(effect, accepted=True) != told(effect, accepted=None)
