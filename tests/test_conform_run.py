"""Whole runs against a small EC2 on loopback, good and bad."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Any

import pytest

from ec2codec import Codec, DescribeSecurityGroupsResponse, RevokeSecurityGroupIngressResponse
from ec2codec.conform import Budget, Client, Outcome, Score, conform, examples, headers, locate
from ec2codec.conform import budget as budget_module
from ec2codec.conform import client as client_module
from ec2codec.conform.case import Passed
from ec2codec.error_codes import ErrorCode
from ec2codec.integrations.server import Answer, answer, fail
from ec2codec.labelled import Labelled
from small_ec2 import MADE, PLAIN, SmallEc2, raw, served
from test_conform_judge import ALL, BASE, REVERSED, labelled

TRUE = answer(RevokeSecurityGroupIngressResponse(return_=True, request_id="r"))
BACKWARDS = labelled(REVERSED, "E305", "IpPermissions.1.FromPort")
AUTHORIZE = labelled(ALL.replace("Revoke", "Authorize"))
REVOKE = labelled(ALL)
Judge = Callable[[bytes], Any]


def asked(
    ec2: SmallEc2,
    corpus: Iterable[Labelled],
    *,
    budget: Budget | None = None,
    timeout: float = 5,
    **choices: Any,
) -> Score:
    with served(ec2) as url:
        client = Client(locate(url), budget or Budget(), headers=headers(), timeout=timeout)
        return conform(corpus, client, Codec(), **choices)


def outcomes(judge: Judge, *corpus: Labelled, **choices: Any) -> list[Outcome]:
    score = asked(SmallEc2(judge=judge), corpus, **choices)
    assert score.cut_short is None
    return [judgement.outcome for judgement in score.judgements]


def on(text: bytes, said: Any) -> Judge:
    """Say this to forms with that text in them."""
    return lambda form: said if text in form else None


def test_a_server_of_ec2codecs_own_passes_every_example_and_is_left_as_it_was() -> None:
    ec2 = SmallEc2()

    score = asked(ec2, examples())

    assert {Outcome.RIGHT, Outcome.DONE, Outcome.STATE} == set(score.totals)
    # Rules named by id that nobody made.
    assert ["sgr-1a2b3c4d"] * score.unknown == [
        j.case.query[-12:] for j in score.judgements if j.outcome == "state"
    ]
    assert (0, 1) == (score.holes, score.unknown)
    assert score.totals[Outcome.RIGHT] > 120
    assert score.totals[Outcome.DONE] > 80
    assert {} == ec2.groups
    assert ((), None, False) == (score.left, score.cut_short, score.interrupted)
    assert len(ec2.forms) == score.requests
    assert {Passed.LABEL: 12} == score.passed_over


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (fail(ErrorCode.INVALID_PARAMETER_VALUE, "no"), Outcome.RIGHT),
        (fail(ErrorCode.MISSING_PARAMETER, "no"), Outcome.OTHER),
        (fail(ErrorCode.INVALID_PERMISSION_NOT_FOUND, "no"), Outcome.STATE),
        (TRUE, Outcome.NOTHING),
        (Answer(502, PLAIN, b"<html><body>Bad Gateway</body></html>"), Outcome.CRASHED),
        (Answer(200, PLAIN, b"{}"), Outcome.CRASHED),
        (Answer(200, PLAIN, b""), Outcome.CRASHED),
        (Answer(200, PLAIN, b"x" * (2 << 20)), Outcome.CRASHED),
        (Answer(307, (("Location", "/"),), b""), Outcome.CRASHED),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<x>"), Outcome.CRASHED),
        (lambda connection: connection.shutdown(socket.SHUT_RDWR), Outcome.CRASHED),
    ],
)
def test_every_outcome_of_a_broken_request(said: Any, outcome: Outcome) -> None:
    assert [outcome] == outcomes(on(b"FromPort=90", said), BACKWARDS)


def test_a_server_that_is_too_slow_has_crashed_and_is_asked_on() -> None:
    def dawdle(_connection: socket.socket) -> None:
        time.sleep(0.5)

    found = outcomes(on(b"FromPort=90", dawdle), BACKWARDS, AUTHORIZE, timeout=0.2)

    assert [Outcome.CRASHED, Outcome.DONE] == found


def lax(**changes: str) -> SmallEc2:
    """An EC2 that reads some texts as others before it judges."""

    def judge(form: bytes) -> Any:
        text = form.decode()
        for old, new in changes.items():
            text = text.replace(old, new)
        return None if text == form.decode() else ec2.change(Codec().decode(text))

    ec2 = SmallEc2(judge=judge)
    return ec2


def test_what_should_be_refused_and_is_done_is_accepted() -> None:
    backwards = labelled(REVERSED.replace("Revoke", "Authorize"), "E305", "IpPermissions.1.FromPort")

    score = asked(lax(FromPort="FromPort"), [backwards])
    lenient = asked(lax(**{"FromPort=90": "FromPort=70"}), [backwards])

    assert [Outcome.RIGHT] == [one.outcome for one in score.judgements]
    assert [Outcome.ACCEPTED] == [one.outcome for one in lenient.judgements]
    assert "said true; added ingress tcp 70-80 10.0.0.0/8" == lenient.judgements[0].said


def test_a_revoke_of_what_is_healthy_in_a_broken_request_is_seen() -> None:
    extra = labelled(f"{ALL}&Foo=1", "E101", "Foo")

    score = asked(lax(**{"&Foo=1": ""}), [extra])

    assert ["said true; removed ingress all 10.0.0.0/8"] == [one.said for one in score.judgements]


@pytest.mark.parametrize("request_", [AUTHORIZE, REVOKE], ids=["authorize", "revoke"])
def test_a_valid_request_is_done_or_not_or_otherwise(request_: Labelled) -> None:
    verb = request_.query[7:13].encode()

    def judge_the_asked(said: Any) -> Judge:
        # The first call of a revoke puts there what is to go.
        return lambda form: said if form.startswith(b"Action=" + verb) else None

    assert [Outcome.DONE] == outcomes(lambda _form: None, request_)
    assert [Outcome.NOTHING] == outcomes(judge_the_asked(TRUE), request_)
    assert [Outcome.REFUSED] == outcomes(judge_the_asked(fail(ErrorCode.INVALID_REQUEST, "no")), request_)
    assert [Outcome.CRASHED] == outcomes(judge_the_asked(Answer(500, PLAIN, b"")), request_)


def test_what_does_more_than_it_was_asked_is_found() -> None:
    score = asked(lax(**{"10.0.0.0/8": "0.0.0.0/0"}), [AUTHORIZE])

    assert [Outcome.DIFFERENT] == [one.outcome for one in score.judgements]
    assert "not done: ingress all 10.0.0.0/8; not asked: ingress all 0.0.0.0/0" == score.judgements[0].said


def test_a_revoke_tells_nothing_where_its_grants_cannot_be_put_there() -> None:
    score = asked(SmallEc2(judge=on(b"Action=Authorize", TRUE)), [REVOKE])
    lying = asked(SmallEc2(judge=lambda _form: TRUE), [REVOKE])

    assert [Outcome.STATE] == [one.outcome for one in score.judgements]
    assert "InvalidPermission.NotFound (HTTP 400): the group has no such rule" == score.judgements[0].said
    assert ["said true; but what was to be there before could not be put there"] == [
        one.said for one in lying.judgements
    ]


def test_what_is_there_from_the_beginning_is_taken_away_before_it_is_authorized() -> None:
    class WithEgress(SmallEc2):
        def CreateSecurityGroup(self, members: dict[str, str]) -> Answer:
            made = super().CreateSecurityGroup(members)
            group = list(self.groups)[-1]
            query = EGRESS.query.replace("sg-1a2b3c4d", group)
            self.change(Codec().decode(query))
            return made

    again = labelled(EGRESS.query.replace("Authorize", "Revoke"))

    score = asked(WithEgress(), [EGRESS, again, AUTHORIZE])

    assert [Outcome.DONE] * 3 == [one.outcome for one in score.judgements]


EGRESS = labelled(ALL.replace("RevokeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"))


def test_a_clean_group_is_kept_and_a_changed_one_made_anew() -> None:
    ec2 = SmallEc2()

    asked(ec2, [BACKWARDS, BACKWARDS, AUTHORIZE, AUTHORIZE])

    assert 2 == sum(form.startswith(b"Action=CreateSecurityGroup") for form in ec2.forms)


def test_sources_are_made_when_they_are_needed_and_no_more_than_some() -> None:
    ec2 = SmallEc2()
    many = "".join(f"&IpPermissions.1.Groups.{n}.GroupId=sg-f{n:07x}" for n in range(1, 12))

    score = asked(ec2, [labelled(f"{BASE}&IpPermissions.1.IpProtocol=-1{many}")])

    assert [Outcome.DONE] == [one.outcome for one in score.judgements]
    assert 9 == sum(form.startswith(b"Action=CreateSecurityGroup") for form in ec2.forms)
    assert {} == ec2.groups


def test_groups_are_made_in_the_vpc_that_was_asked_for() -> None:
    ec2 = SmallEc2()

    asked(ec2, [AUTHORIZE], vpc_id="vpc-1a2b3c4d")

    assert b"&VpcId=vpc-1a2b3c4d" in ec2.forms[0]


class Given(SmallEc2):
    """One that makes no groups, and has two."""

    def CreateSecurityGroup(self, _members: dict[str, str]) -> Answer:
        return fail(ErrorCode.INVALID_ACTION, "no")

    def DeleteSecurityGroup(self, _members: dict[str, str]) -> Answer:
        raise AssertionError("it is not ours to delete")


def given(judge: Judge = lambda _form: None) -> Given:
    ec2 = Given(judge=judge)
    for name in ("sg-0000000a", "sg-0000000b"):
        SmallEc2.CreateSecurityGroup(ec2, {"GroupName": name})
        ec2.groups[name] = ec2.groups.pop(list(ec2.groups)[-1])
    ec2.change(Codec().decode(AUTHORIZE.query.replace("sg-1a2b3c4d", "sg-0000000a")))
    return ec2


def test_groups_that_are_given_are_emptied_and_kept() -> None:
    ec2 = given()
    groups = labelled(f"{BASE}&IpPermissions.1.IpProtocol=-1&IpPermissions.1.Groups.1.GroupId=sg-2a2b3c4d")

    score = asked(ec2, [AUTHORIZE, groups, REVOKE], given=["sg-0000000a", "sg-0000000b"])

    assert [Outcome.DONE] * 3 == [one.outcome for one in score.judgements]
    assert ["sg-0000000a", "sg-0000000b"] == sorted(ec2.groups)
    assert () == score.left


@pytest.mark.parametrize(
    ("judge", "ids", "why"),
    [
        (lambda _form: None, [], "it makes no security group: InvalidAction (HTTP 400)"),
        (lambda _form: None, ["sg-0000000c"], "it has no security group sg-0000000c"),
        (lambda _form: TRUE, ["sg-0000000a"], "the security group sg-0000000a cannot be emptied"),
    ],
)
def test_a_run_that_has_no_group_to_work_on_is_cut_short(judge: Judge, ids: list[str], why: str) -> None:
    score = asked(given(judge), [AUTHORIZE], given=ids)

    assert (why, []) == (score.cut_short, score.judgements)


@pytest.mark.parametrize("content", ["", "<groupId>sg-1a2b3c4d</groupId>"])
def test_a_group_that_was_not_made_after_all_is_missed_and_not_owed(content: str) -> None:
    class Forgetful(SmallEc2):
        def CreateSecurityGroup(self, _members: dict[str, str]) -> Answer:
            return Answer(200, PLAIN, MADE.format("").replace("<groupId></groupId>", content).encode())

    score = asked(Forgetful(), [AUTHORIZE])

    assert "it does not describe the security group that it made" == score.cut_short
    assert () == score.left


def test_a_group_that_is_made_and_not_described_is_removed() -> None:
    class Silent(SmallEc2):
        def DescribeSecurityGroups(self, _members: dict[str, str]) -> Answer:
            return answer(DescribeSecurityGroupsResponse(version="2016-11-15"))

    ec2 = Silent()

    score = asked(ec2, [AUTHORIZE])

    assert "it does not describe the security group that it made" == score.cut_short
    assert ({}, ()) == (ec2.groups, score.left)


class Blind(SmallEc2):
    """One that stops describing after some requests."""

    sight: int = 3

    def DescribeSecurityGroups(self, members: dict[str, str]) -> Answer:
        if len(self.forms) > self.sight:
            return Answer(500, PLAIN, b"")
        return super().DescribeSecurityGroups(members)


def test_the_request_after_which_nothing_is_described_any_more_is_named() -> None:
    ec2 = Blind()

    score = asked(ec2, [BACKWARDS, AUTHORIZE])

    assert [Outcome.CRASHED] == [one.outcome for one in score.judgements]
    assert "and then it describes no security group: HTTP 500" in score.judgements[0].said
    assert "it describes no security group: HTTP 500, and no EC2 document" == score.cut_short
    assert {} == ec2.groups


class Hoarder(SmallEc2):
    """One that removes nothing."""

    def DeleteSecurityGroup(self, _members: dict[str, str]) -> Answer:
        return fail(ErrorCode.DEPENDENCY_VIOLATION, "no")


def test_groups_that_stay_are_named() -> None:
    ec2 = Hoarder()

    score = asked(ec2, [AUTHORIZE, AUTHORIZE])

    assert sorted(group.name for group in ec2.groups.values()) == sorted(score.left)
    assert 2 == len(score.left)


def test_a_group_whose_making_was_not_answered_is_removed_by_name() -> None:
    class Mute(SmallEc2):
        def CreateSecurityGroup(self, members: dict[str, str]) -> Any:
            super().CreateSecurityGroup(members)
            return Answer(500, PLAIN, b"")

    ec2 = Mute()

    score = asked(ec2, [AUTHORIZE])

    assert "it makes no security group: HTTP 500, and no EC2 document" == score.cut_short
    assert ({}, ()) == (ec2.groups, score.left)


def test_a_run_ends_at_its_budget_and_tidies_up() -> None:
    ec2 = SmallEc2()

    score = asked(ec2, [BACKWARDS] * 9, budget=Budget(8))

    assert "after 8 requests: --max-requests" == score.cut_short
    assert 2 == len(score.judgements)
    assert {} == ec2.groups


def test_nothing_is_owed_where_the_budget_ended_before_anything_was_made() -> None:
    score = asked(SmallEc2(), [AUTHORIZE], budget=Budget(0))

    assert ((), 0) == (score.left, score.requests)


@pytest.mark.parametrize("moment", [1, 2, 3, 4])
def test_ctrl_c_tidies_up_whenever_it_comes(moment: int) -> None:
    ec2 = SmallEc2()
    advanced = 0

    def interrupt(_count: int) -> None:
        nonlocal advanced
        advanced += 1
        if advanced == moment:
            raise KeyboardInterrupt

    score = asked(ec2, [AUTHORIZE, BACKWARDS] * 3, advance=interrupt)

    assert score.interrupted
    assert moment == len(score.judgements)
    assert ({}, ()) == (ec2.groups, score.left)


def test_a_second_ctrl_c_ends_the_tidying_and_says_what_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    from ec2codec.conform.service import Service

    def interrupt(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(Service, "delete", interrupt)
    ec2 = SmallEc2()

    score = asked(ec2, [AUTHORIZE])

    assert [group.name for group in ec2.groups.values()] == list(score.left)


def test_a_server_that_dies_is_told_and_the_request_that_killed_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "PAUSES", ())
    with ExitStack() as stack:

        def die(form: bytes) -> Any:
            if b"FromPort=90" not in form:
                return None

            def close(connection: socket.socket) -> None:
                monkeypatch.setattr(Client, "_try", refuse)
                connection.shutdown(socket.SHUT_RDWR)

            return close

        def refuse(*_: object) -> None:
            raise ConnectionRefusedError

        url = stack.enter_context(served(SmallEc2(judge=die)))
        client = Client(locate(url), Budget(), headers=headers())
        score = conform([AUTHORIZE, BACKWARDS, AUTHORIZE], client, Codec())

    assert [Outcome.DONE, Outcome.CRASHED] == [one.outcome for one in score.judgements]
    assert (
        "the connection was dropped; and then the endpoint cannot be reached any more"
        == score.judgements[1].said
    )
    assert "the endpoint cannot be reached any more" == score.cut_short
    assert 1 == len(score.left)


def test_what_cannot_be_told_of_other_groups_is_passed_over() -> None:
    # Both sources are the target itself where there is no other group: so the same grant twice.
    named = labelled(
        f"{BASE}&IpPermissions.1.IpProtocol=-1&IpPermissions.1.Groups.1.GroupName=sg-0000000a"
        "&IpPermissions.1.Groups.1.UserId=123456789012&IpPermissions.1.Groups.2.GroupName=sg-0000000a"
        "&IpPermissions.1.Groups.2.UserId=210987654321"
    )

    score = asked(SmallEc2(), [named, labelled("<Response/>")])

    assert {Passed.CAST: 1, Passed.DOCUMENT: 1} == score.passed_over
    assert [] == score.judgements


def test_only_our_own_groups_are_ever_named_as_targets() -> None:
    ec2 = SmallEc2()

    asked(ec2, examples())

    ours = [form for form in ec2.forms if b"GroupId=sg-1a2b3c4d" in form.split(b"&IpPermissions")[0]]
    assert [] == ours


class Overflowing(SmallEc2):
    """One that stores any number, and then describes no group that has a large one."""

    stored: set[str]

    def __init__(self) -> None:
        self.stored = set()
        super().__init__(judge=self.store)

    def store(self, form: bytes) -> Answer | None:
        if b"FromPort=99999999999&" not in form:
            return None
        self.stored.add(form.split(b"&GroupId=")[1].split(b"&")[0].decode())
        return TRUE

    def DescribeSecurityGroups(self, members: dict[str, str]) -> Answer:
        described = super().DescribeSecurityGroups(members)
        if not self.stored & self.groups.keys():
            return described
        held = b"<ipPermissions><item><fromPort>99999999999</fromPort></item></ipPermissions>"
        return Answer(200, PLAIN, described.body.replace(b"</groupName>", b"</groupName>" + held, 1))


LARGE = labelled(
    REVERSED.replace("Revoke", "Authorize").replace("FromPort=90", "FromPort=99999999999"),
    "E201",
    "IpPermissions.1.FromPort",
)


def test_what_cannot_be_described_any_more_is_accepted_and_the_run_goes_on_with_other_groups() -> None:
    ec2 = Overflowing()

    score = asked(ec2, [AUTHORIZE, LARGE, AUTHORIZE, LARGE])

    assert [Outcome.DONE, Outcome.ACCEPTED, Outcome.DONE, Outcome.ACCEPTED] == [
        one.outcome for one in score.judgements
    ]
    assert score.judgements[1].said.startswith("said true; and then it describes no security group: HTTP 200")
    assert ({}, (), None) == (ec2.groups, score.left, score.cut_short)


def test_a_server_that_removes_nothing_is_not_filled_up() -> None:
    ec2 = Hoarder()

    score = asked(ec2, [AUTHORIZE] * 30)

    assert "it does not remove security groups, 10 so far: use --group-id" == score.cut_short
    assert 11 >= len(ec2.groups) == len(score.left)


def test_tidying_up_ends_where_removing_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget_module, "TIDYING", 0.5)

    class Stuck(SmallEc2):
        def DeleteSecurityGroup(self, _members: dict[str, str]) -> Any:
            return lambda _connection: time.sleep(0.4)

    ec2 = Stuck()
    begun = time.monotonic()

    score = asked(ec2, [AUTHORIZE] * 3, timeout=0.3, budget=Budget(seconds=2))

    assert time.monotonic() - begun < 10
    assert sorted(group.name for group in ec2.groups.values()) == sorted(score.left)
