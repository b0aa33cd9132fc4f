from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capturing import CAPTURES
from ec2codec import RULES, Codec, ErrorResponse, RevokeSecurityGroupIngressResponse, encode_response
from ec2codec.agreement import NO_ANSWER, STATE_CODES, Agreement, Answer, answer_of
from ec2codec.captures import Completeness, Exchange, Note, Place, Response, read_input
from ec2codec.responses import Error
from ec2codec.verdict import Verdict, judge

ACTION = "RevokeSecurityGroupIngress"
SOURCE = "&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"
HEALTHY = f"?Action={ACTION}&Version=2012-03-01&GroupId=sg-1a2b3c4d&IpPermissions.1.IpProtocol=-1{SOURCE}"
MALFORMED = HEALTHY.replace("/8", "/33")
NO_SOURCE = HEALTHY.replace(SOURCE, "")
TRUE = Response(status=200)
SUCCESS = encode_response(RevokeSecurityGroupIngressResponse(return_=True))


def refusal(code: str, message: str = "No.") -> str:
    return encode_response(ErrorResponse(errors=(Error(code=code, message=message),)))


def exchange(
    request: str, response: Response | None, completeness: Completeness = Completeness.COMPLETE
) -> Exchange:
    return Exchange(
        place=Place("x", 1),
        action=ACTION,
        request=request.encode(),
        response=response,
        completeness=completeness,
    )


def verdict(
    request: str, response: Response | None, ignore: Sequence[str] = (), **options: str | None
) -> Verdict:
    return judge(exchange(request, response), Codec(**options), ignore=ignore)  # type: ignore[arg-type]


def refused(request: str, code: str, **options: str | None) -> tuple[str, dict[str, str]]:
    found = verdict(request, Response(error_code=code), (), **options)
    return str(found.agreement), {rule: str(told) for rule, told in found.agreements.items()}


def answered(**response: object) -> Answer:
    return answer_of(exchange(HEALTHY, Response(**response)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("response", "accepted", "code"),
    [
        ({"status": 200}, True, None),
        ({"status": 400}, False, None),
        ({"status": 403}, False, None),
        ({"status": 302}, None, None),
        ({"status": 500}, None, None),
        ({"status": 503, "error_code": "RequestLimitExceeded"}, None, None),
        ({"status": 500, "body": SUCCESS}, None, None),
        ({"status": 400, "body": SUCCESS}, None, None),
        ({}, None, None),
        ({"error_code": "MissingParameter"}, False, "MissingParameter"),
        ({"status": 200, "error_code": "MissingParameter"}, False, "MissingParameter"),
        ({"status": 200, "body": SUCCESS}, True, None),
        ({"body": SUCCESS.replace("true", "false")}, None, None),
        ({"status": 200, "body": refusal("MissingParameter")}, False, "MissingParameter"),
        ({"status": 400, "body": "<html>no</html>", "error_code": "MissingParameter"}, None, None),
        ({"status": 200, "body": ""}, None, None),
        ({"status": 200, "body": SUCCESS[:-9]}, None, None),
        ({"status": 200, "body": SUCCESS.replace("Revoke", "Authorize")}, None, None),
        ({"status": 200, "body": SUCCESS.replace("2011-12-15", "2016-11-15")}, True, None),
        (
            {
                "status": 200,
                "body": '<DescribeSecurityGroupsResponse xmlns="http://ec2.amazonaws.com/doc/x/"/>',
            },
            None,
            None,
        ),
    ],
)
def test_answer_is_read_from_the_document_else_the_code_else_the_status(
    response: dict[str, object], accepted: bool | None, code: str | None
) -> None:
    answer = answered(**response)

    assert (accepted, code) == (answer.accepted, answer.code)


@given(st.text(st.characters(exclude_categories=())) | st.text().map(lambda text: SUCCESS[:90] + text))
def test_whatever_came_as_a_document_is_an_answer_or_none(body: str) -> None:
    assert answered(status=200, body=body).accepted in (None, True)


def test_answer_that_was_not_recorded_tells_nothing() -> None:
    assert NO_ANSWER == answer_of(exchange(MALFORMED, None))
    assert Agreement.UNKNOWN is verdict(HEALTHY, None).agreement
    assert {"E203": Agreement.UNKNOWN} == verdict(MALFORMED, None).agreements


def test_both_accept() -> None:
    assert (Agreement.AGREES, {}) == (verdict(HEALTHY, TRUE).agreement, verdict(HEALTHY, TRUE).agreements)


def test_warning_that_the_service_accepts_agrees() -> None:
    found = verdict(HEALTHY.replace("10.0.0.0", "10.0.0.1"), TRUE)

    assert (Agreement.AGREES, {"W207": Agreement.AGREES}) == (found.agreement, found.agreements)


def test_error_that_the_service_accepts_is_a_false_alarm() -> None:
    found = verdict(NO_SOURCE, TRUE)

    assert (Agreement.FALSE_ALARM, {"E310": Agreement.FALSE_ALARM}) == (found.agreement, found.agreements)


def test_what_the_document_alone_forbids_is_a_warning_where_the_service_is_the_law() -> None:
    found = verdict(NO_SOURCE, TRUE, profile="observed")

    assert (Agreement.AGREES, {"E310": Agreement.AGREES}) == (found.agreement, found.agreements)


@pytest.mark.parametrize("code", ["InvalidParameterValue", "InvalidPermission.Malformed"])
def test_both_refuse_with_a_code_of_the_rule_on_either_platform(code: str) -> None:
    assert ("agrees", {"E203": "agrees"}) == refused(MALFORMED, code)


def test_service_names_one_error_of_several() -> None:
    both = MALFORMED.replace("sg-1a2b3c4d", "x")

    assert ("agrees", {"E203": "agrees", "E204": "unknown"}) == refused(both, "InvalidParameterValue")
    assert ("agrees", {"E203": "unknown", "E204": "agrees"}) == refused(both, "InvalidGroupId.Malformed")


def test_refusal_that_no_error_foresaw_is_missed() -> None:
    assert ("missed", {}) == refused(HEALTHY, "InvalidParameterValue")
    assert ("missed", {"E203": "unknown"}) == refused(MALFORMED, "MissingParameter")


def test_warning_of_what_the_service_refuses_has_missed_it() -> None:
    assert ("missed", {"E310": "missed"}) == refused(NO_SOURCE, "MissingParameter", profile="observed")
    assert ("missed", {"E310": "unknown"}) == refused(NO_SOURCE, "InvalidParameterValue", profile="observed")


def test_warning_beside_the_error_that_explains_the_refusal_has_missed_nothing() -> None:
    icmp = "&IpPermissions.2.IpProtocol=icmp&IpPermissions.2.FromPort=-1&IpPermissions.2.ToPort=0"
    request = MALFORMED + icmp + SOURCE.replace(".1.", ".2.", 1)

    assert ("agrees", {"E203": "agrees", "W307": "unknown"}) == refused(request, "InvalidParameterValue")


def test_rule_broken_twice_is_told_once() -> None:
    twice = MALFORMED + SOURCE.replace("Ranges.1", "Ranges.2").replace("/8", "/99")

    assert ("false-alarm", {"E203": "false-alarm"}) == (
        str(verdict(twice, TRUE).agreement),
        dict(verdict(twice, TRUE).agreements),
    )


@pytest.mark.parametrize("code", [*STATE_CODES, "SomethingNew", ""])
def test_refusal_for_the_state_of_things_tells_nothing(code: str) -> None:
    assert ("unknown", {}) == refused(HEALTHY, code)
    assert ("unknown", {"E203": "unknown"}) == refused(MALFORMED, code)


def test_repeated_grant_is_ours_and_one_that_the_group_has_is_not() -> None:
    repeated = HEALTHY + SOURCE.replace("Ranges.1", "Ranges.2")

    assert ("agrees", {"E410": "agrees"}) == refused(repeated, "InvalidPermission.Duplicate")
    assert ("unknown", {}) == refused(HEALTHY, "InvalidPermission.Duplicate")


def test_refusal_of_a_group_by_name_hangs_on_its_vpc() -> None:
    text = "Invalid value 'a' for groupName. You may not reference Amazon VPC security groups by name."
    by_name = HEALTHY.replace("GroupId=sg-1a2b3c4d", "GroupName=a").replace("2012-03-01", "2014-10-01")
    answer = Response(status=400, body=refusal("InvalidParameterValue", text))

    assert Agreement.UNKNOWN is verdict(by_name, answer).agreement
    assert Agreement.AGREES is verdict(by_name, answer, platform="vpc").agreement


@pytest.mark.parametrize("completeness", [kind for kind in Completeness if kind is not Completeness.COMPLETE])
def test_what_was_not_recorded_whole_was_not_judged_whole(completeness: Completeness) -> None:
    for response in (TRUE, Response(error_code="InvalidParameterValue")):
        assert Agreement.UNKNOWN is judge(exchange(MALFORMED, response, completeness), Codec()).agreement


def test_translation_without_a_law_is_not_judged() -> None:
    assert ("unknown", {}) == refused(HEALTHY, "InvalidParameterValue", profile=None)


def test_ignored_rule_has_foreseen_the_refusal_all_the_same() -> None:
    found = verdict(MALFORMED, Response(error_code="InvalidParameterValue"), ignore=("E203",))

    assert (Agreement.AGREES, {}) == (found.agreement, found.agreements)


def test_code_in_the_document_is_the_verdicts() -> None:
    found = verdict(MALFORMED, Response(status=400, body=refusal("InvalidParameterValue")))

    assert (400, "InvalidParameterValue", False) == (found.status, found.error_code, found.accepted)


def test_states_are_none_of_the_law_but_the_repeated_grant() -> None:
    codes = {
        code for rule in RULES.values() for code in (rule.codes.classic, rule.codes.vpc, *rule.codes.others)
    }

    assert {"InvalidPermission.Duplicate"} == codes & set(STATE_CODES)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("handmade-cloudtrail.json", ["agrees", "agrees", "unknown"]),
        (
            "mitmproxy.har",
            ["false-alarm", "false-alarm", "agrees", "agrees", "unknown", "unknown", "unknown"],
        ),
    ],
)
def test_recorded_answers_judge_the_captures(name: str, told: list[str]) -> None:
    items = read_input(str(CAPTURES / name))

    assert told == [str(judge(x, Codec()).agreement) for x in items if not isinstance(x, Note)]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("cloudtrail-invictus/events.json", {Agreement.AGREES: 5, Agreement.UNKNOWN: 1}),
        ("cloudtrail-misc-index/real_events.json", {Agreement.AGREES: 3, Agreement.UNKNOWN: 3}),
    ],
)
def test_recorded_answers_of_the_real_service_speak_against_no_rule(
    name: str, told: dict[Agreement, int], shared_data: Callable[[str], Path]
) -> None:
    items = read_input(str(shared_data(name)))

    assert told == Counter(judge(x, Codec()).agreement for x in items if not isinstance(x, Note))


def test_agreement_is_data() -> None:
    assert '"false-alarm"' == json.dumps(Agreement.FALSE_ALARM)
