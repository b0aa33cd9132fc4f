"""Runs against servers that others know: moto's, with its known holes, and the example on Flask."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator

import pytest

from ec2codec import Codec
from ec2codec.conform import Budget, Client, Outcome, Score, conform, examples, headers, locate
from ec2codec.labelled import Labelled
from examples import example
from moto_service import moto_endpoint
from test_conform_judge import ALL, BASE, TCP, labelled
from test_docs import script


def asked(url: str, *corpus: Labelled, given: tuple[str, ...] = ()) -> Score:
    client = Client(locate(url), Budget(), headers=headers(), timeout=30)
    score = conform(corpus, client, Codec(), given=given)
    assert (None, ()) == (score.cut_short, score.left)
    return score


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    with moto_endpoint() as url:
        yield url


@pytest.fixture(scope="module")
def score(moto: str) -> Score:
    return asked(moto, *examples())


def outcomes(score: Score, row: str) -> Counter[Outcome]:
    return score.by_row[row]


def holes(score: Score, row: str) -> set[Outcome]:
    return {outcome for outcome in score.by_row[row] if outcome.is_hole}


@pytest.mark.parametrize(
    ("rule", "known"),
    [
        ("E101", Outcome.NOTHING),  # unknown names are dropped
        ("E102", Outcome.NOTHING),  # and so are whole lists with an index 0 or 01
        ("E103", Outcome.ACCEPTED),  # the first of two values wins
        ("E104", Outcome.NOTHING),  # IpRanges.1=10.0.0.0/8
        ("E201", Outcome.ACCEPTED),  # FromPort=8_3
        ("E202", Outcome.ACCEPTED),  # foo, with ports
        ("E202", Outcome.CRASHED),
        ("E303", Outcome.CRASHED),  # tcp without ports
        ("E304", Outcome.ACCEPTED),
        ("E305", Outcome.ACCEPTED),
        ("E306", Outcome.ACCEPTED),
        ("E308", Outcome.ACCEPTED),
        ("E310", Outcome.NOTHING),  # no source
        ("E401", Outcome.CRASHED),
        ("E406", Outcome.NOTHING),  # no permission at all
        ("E408", Outcome.NOTHING),  # flat form by halves
    ],
)
def test_the_holes_of_moto_are_found(score: Score, rule: str, known: Outcome) -> None:
    assert known in holes(score, rule)


def test_a_permission_after_a_gap_is_lost_in_moto_without_a_word(moto: str) -> None:
    gap = f"{ALL}&IpPermissions.3.IpProtocol=-1&IpPermissions.3.IpRanges.1.CidrIp=10.1.0.0/16"

    found = asked(moto, labelled(gap.replace("Revoke", "Authorize")), labelled(gap)).judgements

    assert [Outcome.DIFFERENT, Outcome.DIFFERENT] == [one.outcome for one in found]
    assert ["not done: ingress all 10.1.0.0/16"] * 2 == [one.said for one in found]


def test_a_port_that_moto_stores_and_no_client_can_read_is_found_and_the_run_goes_on(moto: str) -> None:
    large = f"{TCP.replace('ToPort=80', 'ToPort=99999999999')}&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"
    authorize = f"{BASE}{large}".replace("Revoke", "Authorize")

    stored, done = asked(
        moto,
        labelled(authorize, "E201", "IpPermissions.1.ToPort"),
        labelled(ALL.replace("Revoke", "Authorize")),
    ).judgements

    assert [Outcome.ACCEPTED, Outcome.DONE] == [stored.outcome, done.outcome]
    assert stored.said.startswith("said true; and then it describes no security group: HTTP 200, and no EC2 ")


def test_moto_falls_over_a_valid_protocol_without_ports(moto: str) -> None:
    esp = f"{BASE}&IpPermissions.1.IpProtocol=50&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"

    (found,) = asked(moto, labelled(esp)).judgements

    assert (Outcome.CRASHED, "HTTP 500, and no EC2 document") == (found.outcome, found.said)


def test_moto_does_most_of_what_is_valid(score: Score) -> None:
    counts = outcomes(score, "AuthorizeSecurityGroupIngress")

    assert counts[Outcome.DONE] > counts.total() * 3 // 4


def test_what_widens_is_seen_in_moto(score: Score) -> None:
    said = {one.said for one in score.judgements if one.case.rule == "E308"}

    assert said
    assert all(text.endswith("wider than written") for text in said)


def test_the_table_in_the_guide_is_what_moto_does(score: Score) -> None:
    guide = script("conformance")

    assert guide.table(score) == guide.written(), "run python docs/conformance.py"


def test_moto_is_left_without_our_groups(moto: str, score: Score) -> None:
    from moto_service import client_of

    assert score.judgements
    names = {group["GroupName"] for group in client_of(moto).describe_security_groups()["SecurityGroups"]}
    assert {"default"} == names


def test_the_example_server_answers_every_request_as_it_is_labelled() -> None:
    pytest.importorskip("flask", reason="flask is absent")
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, example("flask_server").create_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        found = asked(f"http://127.0.0.1:{server.server_port}", *examples(), given=("sg-1a2b3c4d",))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

    assert (0, 0) == (found.holes, found.unknown)
    assert len(found.judgements) > 200
