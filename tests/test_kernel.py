from __future__ import annotations

import pickle

from capturing import CAPTURES
from ec2codec import Codec
from ec2codec.captures import ACTIONS, Exchange, Place, Response, find_files, read_input
from ec2codec.kernel import Kernel
from ec2codec.selection import Selection
from ec2codec.tally import Tally
from ec2codec.verdict import Agreement, judge

KERNEL = Kernel(codec=Codec(), selection=Selection(actions=frozenset(ACTIONS)))
HEALTHY = Exchange(
    place=Place("x.log", 1),
    action="RevokeSecurityGroupIngress",
    request=b"?Action=RevokeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1a2b3c4d"
    b"&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8",
)


def test_every_recorded_call_is_counted_as_its_verdict_says() -> None:
    calls = [
        item
        for file in find_files([str(CAPTURES)])
        for item in read_input(file)
        if isinstance(item, Exchange)
    ]
    tally, quick = Tally(), Tally()
    told = [KERNEL.judge(call, quick) for call in calls]
    verdicts = [judge(call, KERNEL.codec) for call in calls]
    for verdict in verdicts:
        tally.add(verdict)

    assert [verdict if verdict.notable else None for verdict in verdicts] == told
    assert tally == quick
    assert None in told


def test_who_keeps_every_verdict_gets_the_clean_ones_too() -> None:
    tally = Tally()
    verdict = KERNEL.verdict(HEALTHY, tally)

    assert judge(HEALTHY, KERNEL.codec) == verdict
    assert 1 == tally.calls.total()
    nothing = Kernel(codec=KERNEL.codec, selection=Selection(actions=()))
    assert nothing.verdict(HEALTHY, tally) is None
    assert 1 == tally.calls.total()


def test_refusal_of_a_call_in_which_nothing_was_found_is_told() -> None:
    tally = Tally()
    refused = Response(status=400, error_code="MissingParameter")
    verdict = KERNEL.judge(_answered(refused), tally)

    assert verdict is not None
    assert (Agreement.MISSED, ()) == (verdict.agreement, verdict.violations)
    assert {"MissingParameter": 1} == tally.missed


def test_clean_call_that_was_taken_is_counted_alone() -> None:
    tally = Tally()

    assert KERNEL.judge(_answered(Response(status=200)), tally) is None
    assert {Agreement.AGREES: 1} == tally.agreement
    assert 1 == tally.timeline.undated


def test_kernel_survives_pickling() -> None:
    assert pickle.loads(pickle.dumps(KERNEL)).judge(HEALTHY, Tally()) is None


def _answered(response: Response) -> Exchange:
    return Exchange(place=HEALTHY.place, action=HEALTHY.action, request=HEALTHY.request, response=response)
