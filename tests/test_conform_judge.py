"""What is made of one labelled request and its answer: pure functions, no server."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from ec2codec import RULES, Codec
from ec2codec.conform.answer import Said, read
from ec2codec.conform.case import VERBS, Case, NotSent, Passed, case_of, form_of
from ec2codec.conform.casting import Casting, Member
from ec2codec.conform.client import Reply
from ec2codec.conform.examples import examples
from ec2codec.conform.healthy import MAX_PERMISSIONS, healthy
from ec2codec.conform.judge import Outcome, Scene, judge
from ec2codec.conform.picture import Change, Picture, change, held, taken, told
from ec2codec.labelled import Labelled
from ec2codec.model import Grant, IpPermission, IpRange, UserIdGroupPair
from ec2codec.responses import SecurityGroup
from ec2codec.schemas import SCHEMAS

BASE = "Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=sg-1a2b3c4d"
ALL = f"{BASE}&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"
TCP = "&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=90&IpPermissions.1.ToPort=80"
REVERSED = f"{BASE}{TCP}&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"
TRUE = b"<RevokeSecurityGroupIngressResponse><return>true</return></RevokeSecurityGroupIngressResponse>"
CODEC = Codec()


def error(code: str, message: str = "") -> bytes:
    said = f"<Code>{code}</Code><Message>{message}</Message>"
    return f"<Response><Errors><Error>{said}</Error></Errors></Response>".encode()


def told_again(member: str, return_: str = "true") -> bytes:
    """An answer that tells what it made, with this in it."""
    rules = f"<securityGroupRuleSet><item>{member}</item></securityGroupRuleSet>"
    root = "AuthorizeSecurityGroupIngressResponse"
    return f"<{root}><return>{return_}</return>{rules}</{root}>".encode()


@cache
def codec_of(options: tuple[tuple[str, Any], ...]) -> Codec:
    return Codec(**dict(options))


def labelled(query: str, rule: str | None = None, location: str = "") -> Labelled:
    return Labelled(query, rule, None, location, {})


def case(query: str, rule: str | None = None, location: str = "", codec: Codec = CODEC) -> Case:
    return case_of(labelled(query, rule, location), codec, query)


def grant(protocol: str | None = "tcp", first: int | None = 80, last: int | None = 80) -> Grant:
    return Grant(
        direction="ingress",
        ip_protocol=protocol,
        from_port=first,
        to_port=last,
        source=IpRange(cidr_ip="10.0.0.0/8"),
    )


def picture(*grants: Grant) -> Picture:
    return dict(held(grants, "sg-1", {}))


NOTHING = Change({}, {})
SOMETHING = Change(picture(grant()), {})


def scene(change: Change = NOTHING, wanted: Change = SOMETHING, *, ready: bool = True) -> Scene:
    return Scene(change=change, wanted=wanted, ready=ready, asked=(grant(),))


@pytest.mark.parametrize(
    ("reply", "said", "text"),
    [
        (Reply(200, TRUE), Said.TRUE, "true"),
        (Reply(200, TRUE.replace(b"true", b"false")), Said.REFUSED, "a refusal without a code (HTTP 200)"),
        (Reply(400, error("InvalidAction")), Said.REFUSED, "InvalidAction (HTTP 400)"),
        (Reply(200, error("InvalidAction")), Said.REFUSED, "InvalidAction (HTTP 200)"),
        (Reply(503, error("RequestLimitExceeded")), Said.REFUSED, "RequestLimitExceeded (HTTP 503)"),
        (Reply(500, error("InternalError")), Said.NOTHING, "HTTP 500, InternalError"),
        (Reply(500, b"<html>"), Said.NOTHING, "HTTP 500, and no EC2 document"),
        (Reply(200, told_again("<toPort>99999999999</toPort>")), Said.TRUE, "true"),
        (Reply(200, told_again("<toPort>80</toPort>")), Said.TRUE, "true"),
        (Reply(500, told_again("<toPort>x</toPort>")), Said.NOTHING, "HTTP 500, and no EC2 document"),
        (Reply(502, TRUE), Said.NOTHING, "HTTP 502 with a RevokeSecurityGroupIngressResponse"),
        (Reply(302, TRUE), Said.NOTHING, "HTTP 302, which is not followed"),
        (Reply(failure="no whole answer"), Said.NOTHING, "no whole answer"),
        (Reply(), Said.NOTHING, "no answer"),
    ],
)
def test_an_answer_is_read_as_clients_read_it(reply: Reply, said: Said, text: str) -> None:
    answer = read(reply)

    assert (said, text) == (answer.said, str(answer))


def test_a_page_for_success_tells_what_is_wrong_with_it() -> None:
    assert "HTTP 200, and no EC2 document: malformed XML" in str(read(Reply(200, b"<html>")))


@pytest.mark.parametrize("return_", ["false", "maybe", ""])
def test_an_answer_that_tells_again_what_cannot_be_read_is_no_success_unless_it_says_so(return_: str) -> None:
    assert Said.NOTHING == read(Reply(200, told_again("<toPort>x</toPort>", return_))).said


@pytest.mark.parametrize(
    ("code", "message", "is_of_state"),
    [
        ("InvalidGroup.NotFound", "", True),
        ("InvalidVpcPeeringConnectionID.NotFound", "", True),
        ("FooLimitExceeded", "", True),
        ("InvalidParameterValue", "The group 'x' does not exist", True),
        ("InvalidParameterValue", "no", False),
        ("UnknownParameter", "", False),
    ],
)
def test_what_only_the_service_knows_is_told_apart(code: str, message: str, is_of_state: bool) -> None:
    assert is_of_state is (read(Reply(400, error(code, message))).state is not None)


@pytest.mark.parametrize(
    ("reply", "happened", "outcome"),
    [
        (Reply(400, error("InvalidParameterValue")), NOTHING, Outcome.RIGHT),
        (Reply(400, error("InvalidPermission.Malformed")), NOTHING, Outcome.RIGHT),
        (Reply(200, error("InvalidParameterValue")), NOTHING, Outcome.OTHER),
        (Reply(400, error("MissingParameter")), NOTHING, Outcome.OTHER),
        (Reply(200, TRUE.replace(b"true", b"false")), NOTHING, Outcome.OTHER),
        (Reply(400, error("InvalidPermission.NotFound")), NOTHING, Outcome.STATE),
        (Reply(200, TRUE), NOTHING, Outcome.NOTHING),
        (Reply(200, TRUE), SOMETHING, Outcome.ACCEPTED),
        (Reply(400, error("InvalidParameterValue")), SOMETHING, Outcome.ACCEPTED),
        (Reply(500), NOTHING, Outcome.CRASHED),
        (Reply(500), SOMETHING, Outcome.CRASHED),
    ],
)
def test_a_request_that_breaks_a_rule(reply: Reply, happened: Change, outcome: Outcome) -> None:
    broken = case(REVERSED, "E305", "IpPermissions.1.FromPort")

    assert outcome is judge(broken, read(reply), scene(happened)).outcome


@pytest.mark.parametrize(
    ("reply", "happened", "outcome"),
    [
        (Reply(200, TRUE), SOMETHING, Outcome.DONE),
        (Reply(200, TRUE), NOTHING, Outcome.NOTHING),
        (Reply(200, TRUE), Change({}, picture(grant())), Outcome.DIFFERENT),
        (Reply(200, TRUE), Change(picture(grant(last=90)), {}), Outcome.DIFFERENT),
        (Reply(400, error("InvalidParameterValue")), NOTHING, Outcome.REFUSED),
        (Reply(400, error("InvalidParameterValue")), SOMETHING, Outcome.DIFFERENT),
        (Reply(400, error("InvalidPermission.Duplicate")), NOTHING, Outcome.STATE),
        (Reply(400, error("DryRunOperation")), NOTHING, Outcome.STATE),
        (Reply(), SOMETHING, Outcome.CRASHED),
    ],
)
def test_a_valid_request(reply: Reply, happened: Change, outcome: Outcome) -> None:
    assert outcome is judge(case(ALL), read(reply), scene(happened)).outcome


def test_nothing_is_told_of_a_true_where_what_should_be_there_before_was_not() -> None:
    judgement = judge(case(ALL), read(Reply(200, TRUE)), scene(ready=False))

    assert Outcome.STATE is judgement.outcome
    assert "could not be put there" in judgement.said


@pytest.mark.parametrize(
    ("reply", "happened", "outcome"),
    [
        (Reply(412, error("DryRunOperation")), NOTHING, Outcome.DONE),
        (Reply(200, TRUE), SOMETHING, Outcome.DIFFERENT),
        (Reply(200, TRUE), NOTHING, Outcome.NOTHING),
        (Reply(400, error("InvalidRequest")), NOTHING, Outcome.REFUSED),
    ],
)
def test_a_dry_run(reply: Reply, happened: Change, outcome: Outcome) -> None:
    dry = case(f"{ALL.replace('2011-12-15', '2016-11-15')}&DryRun=true")

    assert outcome is judge(dry, read(reply), scene(happened)).outcome


def test_a_dry_run_is_no_excuse_where_the_label_is_about_it() -> None:
    loud = f"{ALL.replace('2011-12-15', '2016-11-15')}&DryRun=TRUE"
    dry = Reply(412, error("DryRunOperation"))

    absent = Reply(400, error("InvalidPermission.NotFound"))

    assert Outcome.OTHER is judge(case(loud, "E208", "DryRun"), read(dry), scene()).outcome
    assert Outcome.STATE is judge(case(loud, "E208", "DryRun"), read(absent), scene()).outcome


def test_what_is_wider_than_written_is_said() -> None:
    wide = Change(picture(grant("-1", None, None)), {})
    ports = f"{BASE}&IpPermissions.1.IpProtocol=-1&IpPermissions.1.FromPort=22&IpPermissions.1.ToPort=22"
    broken = case(REVERSED, "E305", "IpPermissions.1.FromPort")
    widening = case(
        f"{ports}&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8", "E308", "IpPermissions.1.FromPort"
    )
    true = read(Reply(200, TRUE))

    assert (
        "said true; added ingress all 10.0.0.0/8, wider than written" == judge(broken, true, scene(wide)).said
    )
    assert "said true; added ingress tcp 80-80 10.0.0.0/8" == judge(broken, true, scene(SOMETHING)).said
    assert judge(widening, true, scene(SOMETHING)).said.endswith("wider than written")


def test_what_was_done_is_held_against_what_was_asked() -> None:
    narrower = Change(picture(grant(last=90)), {})

    said = judge(case(ALL), read(Reply(200, TRUE)), scene(narrower)).said
    reverse = judge(case(ALL), read(Reply(200, TRUE)), scene(Change({}, picture(grant())))).said

    assert "not done: ingress tcp 80-80 10.0.0.0/8; not asked: ingress tcp 80-90 10.0.0.0/8" == said
    assert "did the reverse" == reverse


def test_grants_in_words() -> None:
    groupless = Grant(
        direction="egress", ip_protocol=None, from_port=None, to_port=8, source=UserIdGroupPair(user_id="1")
    )

    assert "egress None none-8 from nowhere, ingress tcp 80-80 10.0.0.0/8" == told([groupless, grant()])


def test_a_picture_knows_groups_by_id_and_networks_without_host_bits() -> None:
    def group(*sources: UserIdGroupPair | IpRange) -> SecurityGroup:
        permission = IpPermission(
            ip_protocol="-1",
            groups=tuple(one for one in sources if isinstance(one, UserIdGroupPair)),
            ip_ranges=tuple(one for one in sources if isinstance(one, IpRange)),
        )
        return SecurityGroup(
            group_id="sg-1", ip_permissions=(permission,), ip_permissions_egress=(permission,)
        )

    by_name = group(
        UserIdGroupPair(group_name="web"), UserIdGroupPair(group_name="far"), IpRange(cidr_ip="10.1.2.3/8")
    )
    by_id = group(
        UserIdGroupPair(group_id="sg-2"), UserIdGroupPair(group_name="far"), IpRange(cidr_ip="10.0.0.0/8")
    )

    difference = change(taken([by_name], {"web": "sg-2"}), taken([by_id], {"web": "sg-2"}))

    assert not difference
    assert len(taken([by_name], {})) == 6


def sources(number: int) -> Member | None:
    return None if number > 1 else Member(f"sg-0000000{number + 1}", f"source-{number + 1}")


def cast(query: str, *, vpc: bool = False, owner: str | None = "999999999999") -> str:
    return Casting(target=Member("sg-0000000a", "target", owner), source=sources, vpc=vpc).cast(query)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("GroupId=sg-1a2b3c4d&A=b&&%zz", "GroupId=sg-0000000a&A=b&&%zz"),
        ("Group%49d=sg-1a2b3c4d", "Group%49d=sg-0000000a"),
        ("groupid=sg-1a2b3c4d&GroupId.1=sg-1a2b3c4d", "groupid=sg-0000000a&GroupId.1=sg-0000000a"),
        ("GroupId=sg-nonsense", "GroupId=sg-nonsense"),
        ("GroupId=", "GroupId="),
        ("GroupName=we%62", "GroupName=target"),
        ("GroupName=caf%C3%A9", "GroupName=caf%C3%A9"),
        (
            "IpPermissions.1.Groups.1.GroupId=sg-2a2b3c4d&IpPermissions.2.Groups.7.GroupId=sg-2a2b3c4d",
            "IpPermissions.1.Groups.1.GroupId=sg-00000001&IpPermissions.2.Groups.7.GroupId=sg-00000001",
        ),
        (
            "X.1.GroupId=sg-2a2b3c4d&X.2.GroupName=web&X.3.GroupId=sg-3a2b3c4d&X.4.GroupName=db",
            "X.1.GroupId=sg-00000001&X.2.GroupName=source-2&X.3.GroupId=sg-3a2b3c4d&X.4.GroupName=db",
        ),
        ("X.1.GroupId=sg-1a2b3c4d&GroupId=sg-1a2b3c4d", "X.1.GroupId=sg-0000000a&GroupId=sg-0000000a"),
        ("X.1.GroupId=&X.1.GroupName=", "X.1.GroupId=&X.1.GroupName="),
        ("X.1.UserId=123456789012&X.2.UserId=amazon-elb", "X.1.UserId=999999999999&X.2.UserId=amazon-elb"),
        ("UserId=123456789012", "UserId=123456789012"),
        (
            "SourceSecurityGroupName=web&SourceSecurityGroupOwnerId=123456789012",
            "SourceSecurityGroupName=source-1&SourceSecurityGroupOwnerId=999999999999",
        ),
    ],
)
def test_groups_of_the_server_stand_in_for_those_of_a_request(query: str, expected: str) -> None:
    assert expected == cast(query)


def test_an_owner_that_is_not_known_and_a_name_that_is_none_in_a_vpc_stay() -> None:
    assert "X.1.UserId=123456789012" == cast("X.1.UserId=123456789012", owner=None)
    assert ("GroupName=%22", "GroupName=target") == (cast("GroupName=%22", vpc=True), cast("GroupName=%22"))


@pytest.mark.parametrize("one", list(examples()), ids=lambda one: one.query[:60])
def test_a_label_holds_for_other_groups_too(one: Labelled) -> None:
    codec = codec_of(tuple(one.options.items()))

    asked = case_of(one, codec, cast(one.query, vpc=codec.platform == "vpc"))

    assert (one.rule, one.location) == (asked.rule, asked.location)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("<Response/>", Passed.DOCUMENT),
        ("/?Action=TerminateInstances", Passed.ACTION),
        ("Version=1\n&Action=TerminateInstances", Passed.ACTION),
        ("Action=\ud800", Passed.FORM),
        ("Action=TerminateInstances", Passed.ACTION),
        ("A=b&%41ction=Delete%53ecurityGroup", Passed.ACTION),
        ("Action=RevokeSecurityGroupIngress&action=RebootInstances", Passed.ACTION),
        ("Action=RevokeClientVpnIngress", Passed.ACTION),
    ],
)
def test_what_is_no_request_or_may_be_another_is_not_sent(query: str, why: Passed) -> None:
    with pytest.raises(NotSent) as caught:
        form_of(labelled(query))

    assert (why,) == caught.value.args


@pytest.mark.parametrize(
    "query", ["", "Version=1", "Action=", "Action=RevokeSecurityGroupIngres", "Action=Frobnicate", *SCHEMAS]
)
def test_what_no_server_takes_for_another_action_is_sent(query: str) -> None:
    assert query == form_of(labelled(query))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("?Action=X", "Action=X"),
        ("https://ec2.amazonaws.com/?Action=X&A=/b#c", "Action=X&A=/b"),
        ("/?Action=X", "Action=X"),
        (" Action=X\n  &Version=1\n", " Action=X&Version=1"),
        ("Action=X\ny&", "Action=X\ny&"),
    ],
)
def test_a_text_becomes_the_form_that_it_stands_for(text: str, form: str) -> None:
    assert form == form_of(labelled(text))


def test_no_action_of_ec2s_but_the_four_is_ever_sent() -> None:
    session = pytest.importorskip("botocore.session", reason="botocore is absent")
    actions = session.get_session().get_service_model("ec2").operation_names
    sent = []

    for action in actions:
        try:
            form_of(labelled(f"Action={action}"))
            sent.append(action)
        except NotSent:
            pass

    assert sorted(SCHEMAS) == sorted(sent)
    assert len(actions) > 600
    assert all(VERBS.match(action) for action in actions)


def test_a_label_that_does_not_hold_is_passed_over() -> None:
    vpc = Codec(platform="vpc")

    for one, codec in (
        (labelled(REVERSED), CODEC),
        (labelled(ALL, "E305", "IpPermissions.1.FromPort"), CODEC),
        (labelled(REVERSED, "E305", "IpPermissions.1.ToPort"), CODEC),
        (labelled(REVERSED, "E304", "IpPermissions.1.FromPort"), CODEC),
        (
            labelled(
                ALL.replace("GroupId=sg-1a2b3c4d", "GroupName=web"), "E302", "IpPermissions.1.IpProtocol"
            ),
            vpc,
        ),
    ):
        with pytest.raises(NotSent) as caught:
            case_of(one, codec, one.query)
        assert (Passed.LABEL,) == caught.value.args


def test_the_right_code_is_that_of_the_platform_or_of_either() -> None:
    def codes(platform: str) -> frozenset[str]:
        return case(REVERSED, "E305", "IpPermissions.1.FromPort", Codec(platform=platform)).codes

    assert {"InvalidParameterValue"} == codes("vpc")
    assert {"InvalidPermission.Malformed"} == codes("classic")
    assert {"InvalidParameterValue", "InvalidPermission.Malformed"} == codes("any")


def told_healthy(query: str, rule: str, location: str) -> list[str]:
    requests = healthy(case(query, rule, location))
    return [told(request.grants()) for request in requests]


def test_the_healthy_permissions_of_a_faulty_request_are_found() -> None:
    bad = "&IpPermissions.2.IpProtocol=tcp&IpPermissions.2.FromPort=x&IpPermissions.2.ToPort=1"
    extra = "&IpPermissions.1.Foo=1"

    assert ["ingress all 10.0.0.0/8"] == told_healthy(ALL + bad, "E201", "IpPermissions.2.FromPort")
    assert ["ingress all 10.0.0.0/8"] == told_healthy(ALL + extra, "E101", "IpPermissions.1.Foo")
    assert [] == told_healthy(BASE, "E406", "IpPermissions")
    assert (case(ALL).request,) == healthy(case(ALL))


def test_the_healthy_part_of_what_has_no_action_version_or_target_is_as_it_may_be_meant() -> None:
    nameless = ALL.replace("&GroupId=sg-1a2b3c4d", "")
    misspelt = ALL.replace("RevokeSecurityGroupIngress", "AuthorizeSecurityGroupIngres")

    ((meant,), (timeless,), (homeless,)) = (
        healthy(case(misspelt, "E401", "Action")),
        healthy(case(ALL.replace("2011-12-15", "2099-12-15"), "E402", "Version")),
        healthy(case(nameless, "E403", "GroupId")),
    )

    assert "AuthorizeSecurityGroupIngress" == meant.action
    assert "2011-12-15" == timeless.version
    assert "RevokeSecurityGroupIngress" == homeless.action


def test_flat_and_nested_permissions_are_each_healthy_alone() -> None:
    mixed = f"{ALL}&IpProtocol=tcp&FromPort=1&ToPort=2&CidrIp=10.0.0.0/8"

    assert ["ingress all 10.0.0.0/8", "ingress tcp 1-2 10.0.0.0/8"] == told_healthy(
        mixed, "E407", "IpProtocol"
    )


def test_no_more_permissions_are_looked_at_than_a_group_would_hold() -> None:
    many = "".join(
        f"&IpPermissions.{n}.IpProtocol=-1&IpPermissions.{n}.IpRanges.1.CidrIp=10.{n}.0.0/16"
        for n in range(1, 99)
    )

    assert MAX_PERMISSIONS == len(told_healthy(f"{BASE}{many}&Foo=1", "E101", "Foo"))


def of_rules() -> Iterator[str]:
    for rule in RULES.values():
        if rule.severity == "error" and rule.subject != "document":
            yield rule.id


def test_the_examples_hold_what_their_labels_say_and_cover_every_rule_of_requests() -> None:
    corpus = list(examples())

    # E108 is about limits, which every server has its own of.
    assert {*of_rules()} - {"E108"} == {one.rule for one in corpus} - {None}
    assert len(corpus) == len({(one.query, str(one.options)) for one in corpus})
    for one in corpus:
        found = codec_of(tuple(one.options.items())).check(one.query)
        errors = [(v.rule, v.location, v.code) for v in found if v.severity == "error"]
        assert ([] if one.rule is None else [(one.rule, one.location, one.code)]) == errors
