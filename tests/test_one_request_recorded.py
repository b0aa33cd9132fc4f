"""The same calls as real recorders wrote them down: five files, one list of requests."""

from __future__ import annotations

import re
from importlib.util import find_spec

import pytest

from capturing import CAPTURES
from ec2codec import Codec
from ec2codec.captures import Exchange, read_input
from ec2codec.verdict import Verdict, judge

# What moto's recorder saw of each run of the calls, by line.
SEEN_BY_MOTO = {
    "emulator.pcap": (52, 53, 54, 55, 56, 57, 58),
    "mitmproxy.flow": (14, 15, 16, 17, 18, 19, 20),
    "mitmproxy.har": (14, 15, 16, 17, 18, 19, 20),
    "vcrpy.yaml": (24, 25, 26, 27),
}
ANSWERS = (
    (200, None),
    (200, None),
    (200, None),
    (400, "InvalidParameterValue"),
    (400, "InvalidPermission.NotFound"),
    (500, None),
    (400, "InvalidPermission.NotFound"),
)
# Each run made groups of its own.
GROUP_ID = re.compile(r"sg-[0-9a-f]{17}")


def exchanges(name: str) -> list[Exchange]:
    if name.endswith(".flow") and find_spec("mitmproxy") is None:
        pytest.skip("mitmproxy is not installed (extra mitm)")
    return [item for item in read_input(str(CAPTURES / name)) if isinstance(item, Exchange)]


def verdicts(name: str) -> list[Verdict]:
    return [judge(exchange, Codec()) for exchange in exchanges(name)]


def told(verdict: Verdict) -> tuple[str, str, list[str]]:
    """What a verdict says but for where, and of which group."""
    request = GROUP_ID.sub("sg-", f"{verdict.request!r} {verdict.request and verdict.request.auth}")
    return verdict.action, request, [GROUP_ID.sub("sg-", str(found)) for found in verdict.violations]


@pytest.mark.parametrize("name", SEEN_BY_MOTO)
def test_recorders_between_client_and_server_saw_what_the_server_saw(name: str) -> None:
    by_line = {exchange.place.number: exchange.request for exchange in exchanges("moto-recorder.jsonl")}
    decoded = {verdict.where.number: verdict.request for verdict in verdicts("moto-recorder.jsonl")}

    assert [by_line[line] for line in SEEN_BY_MOTO[name]] == [item.request for item in exchanges(name)]
    assert [decoded[line] for line in SEEN_BY_MOTO[name]] == [verdict.request for verdict in verdicts(name)]


@pytest.mark.parametrize("name", SEEN_BY_MOTO)
def test_calls_are_the_same_in_every_recording(name: str) -> None:
    expected = [told(verdict) for verdict in verdicts("mitmproxy.har")]
    found = [told(verdict) for verdict in verdicts(name)]

    assert expected[: len(found)] == found
    assert [action for action, _, _ in found]


@pytest.mark.parametrize("name", SEEN_BY_MOTO)
def test_answers_are_those_of_the_server(name: str) -> None:
    found = [(verdict.status, verdict.error_code) for verdict in verdicts(name)]

    assert list(ANSWERS[: len(found)]) == found
