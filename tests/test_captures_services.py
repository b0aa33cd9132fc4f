"""LocalStack, OpenStack and UTF-16: what a server had parsed, and what a shell had recoded."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from capturing import CALL, CAPTURES, notes, places, read_bytes
from ec2codec import Codec
from ec2codec.captures import Completeness, Exchange, Place, Response, localstack, openstack, read_input
from ec2codec.verdict import judge

if TYPE_CHECKING:
    from pathlib import Path

PLACE = Place("localstack.log", 1)
START = b"2024-03-21T20:59:31.123  INFO --- [et.reactor-1] localstack.request.aws     : AWS ec2."
ID = b"2014-03-04 12:00:02.001 1234 DEBUG nova.api.ec2 [req-1 demo demo] "
ACTION = b"action: RevokeSecurityGroupIngress\n"


def test_trace_of_localstack_holds_the_request_and_the_answer() -> None:
    silent, accepted, refused = read_input(str(CAPTURES / "handmade-localstack.log"))

    assert isinstance(silent, Exchange)
    assert Completeness.RESPONSE_ONLY == silent.completeness
    assert () == judge(silent, Codec()).violations
    assert isinstance(accepted, Exchange)
    assert ("IpPermissions.2.Groups.1.GroupId", "sg-5e6f7a8b") in accepted.request
    assert datetime(2024, 3, 21, 20, 59, 31, 123000, UTC) == accepted.time
    assert isinstance(refused, Exchange)
    assert Response(status=400, error_code="InvalidPermission.NotFound") == refused.response


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        (b"RevokeSecurityGroupIngressRequest({}, headers={})", ()),
        (b"RevokeSecurityGroupIngressRequest({'GroupId': None, 'DryRun': True})", (("DryRun", "true"),)),
        (b"RevokeSecurityGroupIngressRequest({'GroupId': 'a', 'Gro", (("GroupId", "a"),)),
        (b"RevokeSecurityGroupIngressRequest(None, headers={})", ()),
    ],
)
def test_parameters_are_those_of_the_trace(line: bytes, pairs: tuple[object, ...]) -> None:
    [call] = localstack.parse(START + b"RevokeSecurityGroupIngress => 200; " + line, PLACE) or []

    assert pairs == call.request[2:]


def test_line_of_localstack_that_is_cut_is_truncated() -> None:
    line = START + b"RevokeSecurityGroupIngress => 200; RevokeSecurityGroupIngressRequest({'GroupId': 'a'"
    [call] = localstack.parse(line, PLACE) or []

    assert Completeness.TRUNCATED == call.completeness


def test_other_lines_of_localstack_are_no_calls() -> None:
    assert [] == localstack.parse(START + b"DescribeSecurityGroups => 200", PLACE)
    assert localstack.parse(START + b"RevokeSecurityGroupIngress", PLACE) is None
    assert localstack.parse(CALL, PLACE) is None
    [call] = localstack.parse(b"x : AWS ec2.RevokeSecurityGroupIngress => 200", PLACE) or []
    assert call.time is None


def test_lines_of_openstack_are_regrouped_by_request() -> None:
    calls = [
        item for item in read_input(str(CAPTURES / "handmade-openstack.log")) if isinstance(item, Exchange)
    ]

    assert {1: 200, 2: 400} == {call.place.number: (call.response or Response()).status for call in calls}
    assert {1: 6, 2: 6} == {call.place.number: len(call.request) for call in calls}
    assert all(call.server_parsed and call.time for call in calls)


def test_request_of_openstack_ends_where_its_log_does(tmp_path: Path) -> None:
    log = ID + ACTION + ID + b"arg: GroupName\t\tval: a\tb __call__ /x/ec2.py:12\n" + ID + b"other\n"
    [whole] = read_bytes(log, tmp_path)
    [cut] = read_bytes(log + ID + b"arg: X", tmp_path)
    [unread] = read_bytes(log[: -len(ID) - 6] + b"x" * 2_000_000, tmp_path)[1:]

    assert isinstance(whole, Exchange)
    assert isinstance(cut, Exchange)
    assert isinstance(unread, Exchange)
    assert (("Action", "RevokeSecurityGroupIngress"), ("GroupName", "a\tb")) == whole.request == cut.request
    assert Completeness.COMPLETE == whole.completeness
    assert Completeness.TRUNCATED == cut.completeness


def test_id_that_comes_again_begins_another_request(tmp_path: Path) -> None:
    log = ID + ACTION + ID + b"action: DescribeVpcs\n" + ID + b"arg: X\t\tval: 1\n" + b"no id\n" + ID + ACTION

    assert ["log:1", "log:5"] == places(read_bytes(log, tmp_path))


def test_open_requests_and_their_parameters_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openstack, "MAX_SIZE", 12)
    log = ID + ACTION + b"".join(ID + b"arg: A\t\tval: %d\n" % number for number in range(5))
    log += b"".join(ID.replace(b"req-1", b"req-x%d" % n) + ACTION for n in range(openstack.MAX_OPEN + 1))
    items = read_bytes(log, tmp_path)

    assert openstack.MAX_OPEN + 2 == len(items)
    assert isinstance(items[0], Exchange)
    assert (4, Completeness.TRUNCATED) == (len(items[0].request), items[0].completeness)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_is_read_as_what_it_holds(encoding: str, tmp_path: Path) -> None:
    text = '\ufeff{"request_uri":"/?Action=RevokeSecurityGroupIngress&GroupName=caf\u00e9"}\r\n'
    data = text.encode(encoding)
    [call] = read_bytes(data, tmp_path)
    [from_gzip] = read_bytes(gzip.compress(data), tmp_path)

    assert isinstance(call, Exchange)
    assert "?Action=RevokeSecurityGroupIngress&GroupName=caf\u00e9".encode() == call.request
    assert call == from_gzip


def test_utf16_that_is_cut_says_so(tmp_path: Path) -> None:
    data = (CALL.decode() + "\n").encode("utf-16")
    within = read_bytes(data + b"x", tmp_path)
    compressed = read_bytes(gzip.compress(data)[:-4], tmp_path)

    assert ["log:1"] == places(within) == places(compressed)
    assert ["incomplete: cut short within a character"] == notes(within)
    assert 1 == len(notes(compressed))


def test_lone_surrogates_are_kept_and_refused_by_the_codec(tmp_path: Path) -> None:
    [call] = read_bytes(
        b"\xff\xfe" + (CALL.decode() + "\ud800\n").encode("utf-16-le", "surrogatepass"), tmp_path
    )

    assert isinstance(call, Exchange)
    assert ["E107"] == [violation.rule for violation in judge(call, Codec(profile=None)).violations]


def test_binary_behind_a_mark_of_utf16_is_passed_over(tmp_path: Path) -> None:
    assert [] == read_bytes("\ufeffPK\x03\x04".encode("utf-16-le"), tmp_path)


def test_archive_says_what_to_do(tmp_path: Path) -> None:
    assert ["skipped: no reader for this format yet (zip archive: unpack it first)"] == notes(
        read_bytes(b"PK\x03\x04\0", tmp_path)
    )
