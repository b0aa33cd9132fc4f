from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2codec import Codec, RevokeSecurityGroupIngress
from ec2codec.captures import Completeness, Exchange, Place, Response
from ec2codec.verdict import Verdict, judge, parameters_of

ACTION = "RevokeSecurityGroupIngress"
BASE = b"?Action=RevokeSecurityGroupIngress&Version=2012-03-01&GroupId=sg-1a2b3c4d"
PERMISSION = (
    b"&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=80&IpPermissions.1.ToPort=80"
    b"&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"
)
CODEC = Codec()
PLACE = Place("x.log", 1)


def verdict(
    request: bytes | tuple[tuple[str, str], ...],
    completeness: Completeness = Completeness.COMPLETE,
    *,
    server_parsed: bool = False,
    response: Response | None = None,
    ignore: tuple[str, ...] = (),
) -> Verdict:
    exchange = Exchange(
        place=PLACE,
        action=ACTION,
        request=request,
        completeness=completeness,
        server_parsed=server_parsed,
        response=response,
    )
    return judge(exchange, CODEC, ignore=ignore)


def rules(*arguments: object, **options: object) -> list[str]:
    return [violation.rule for violation in verdict(*arguments, **options).violations]  # type: ignore[arg-type]


def test_healthy_request_is_in_the_verdict() -> None:
    found = verdict(BASE + PERMISSION)

    assert () == found.violations
    assert isinstance(found.request, RevokeSecurityGroupIngress)
    assert "sg-1a2b3c4d" == found.request.group_id
    assert (PLACE, ACTION, Completeness.COMPLETE) == (found.where, found.action, found.completeness)


def test_refused_request_is_not() -> None:
    found = verdict(BASE)

    assert ["E406"] == [violation.rule for violation in found.violations]
    assert found.request is None


def test_warnings_do_not_refuse() -> None:
    found = verdict(BASE.replace(b"&Version=2012-03-01", b"") + PERMISSION)

    assert ["W414"] == [violation.rule for violation in found.violations]
    assert found.request is not None


@pytest.mark.parametrize("completeness", [kind for kind in Completeness if kind is not Completeness.COMPLETE])
def test_only_a_complete_request_misses_something(completeness: Completeness) -> None:
    request = b"?Action=RevokeSecurityGroupIngress&IpPermissions.1.IpProtocol=tcp"

    assert {"E303", "E310", "E403", "W414"} <= set(rules(request))
    assert [] == rules(request, completeness)


def test_what_is_there_is_judged_all_the_same() -> None:
    assert ["E204"] == rules(b"?Action=RevokeSecurityGroupIngress&GroupId=x", Completeness.BODY_NOT_CAPTURED)


@pytest.mark.parametrize(
    "request_",
    [
        BASE + b"&IpPermissions.1.FromPort=443&IpPermissions.1.ToPort=4",
        BASE + b"&IpPermissions.1.Fro",
        BASE + PERMISSION + b"&IpPermissions.1.IpRanges.1.CidrIp",
        BASE + b"&X=%4",
        b"?Action=RevokeSecurityGroupIngress",
        b"?Version=2012-03-01&Action=RevokeSecurityGroupIngress",
    ],
)
def test_nothing_is_said_of_the_parameter_in_which_a_request_was_cut_off(request_: bytes) -> None:
    assert [] == rules(request_, Completeness.TRUNCATED)


def test_server_that_parsed_the_request_has_lost_its_spelling() -> None:
    pairs = (
        ("Action", ACTION),
        ("IpPermissions.2.IpProtocol", ""),
        ("GroupId", "sg-1a2b3c4d"),
        ("Colour", "red"),
    )

    assert ["E101"] == rules(pairs, server_parsed=True)
    assert {"E106", "W414"} <= set(rules(pairs))


def test_truncated_pairs_are_judged_as_they_are() -> None:
    assert ["E204"] == rules((("Action", ACTION), ("GroupId", "x")), Completeness.TRUNCATED)


def test_ignored_rules_are_not_told() -> None:
    assert [] == rules(BASE, ignore=("E406",))


def test_answer_of_the_service_is_kept() -> None:
    found = verdict(BASE, response=Response(status=400, error_code="InvalidGroup.NotFound"))

    assert (400, "InvalidGroup.NotFound") == (found.status, found.error_code)
    assert (None, None) == (verdict(BASE).status, verdict(BASE).error_code)


def test_verdict_survives_pickle() -> None:
    for request in (BASE, BASE + PERMISSION):
        assert verdict(request) == pickle.loads(pickle.dumps(verdict(request)))


@given(
    st.sampled_from(["", "?", "/", "x", "http://h/", "a:", "é", " ", "\n", "&", "="]).map(str.encode),
    st.sampled_from(["", "?", "=", "&", "+", "%41", "\n", "#"]).map(str.encode),
)
def test_query_says_the_same_without_the_mark_of_one(first: bytes, second: bytes) -> None:
    request = b"?" + first + second + BASE[1:] + PERMISSION
    exchange = Exchange(place=PLACE, action=ACTION, request=request)

    assert CODEC.judge(request) == CODEC.judge(parameters_of(exchange))


def test_mark_is_left_away_where_that_cannot_mislead() -> None:
    exchange = Exchange(place=PLACE, action=ACTION, request=BASE)

    assert BASE[1:] == parameters_of(exchange)
