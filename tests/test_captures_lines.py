from __future__ import annotations

import json
from pathlib import Path

import pytest

from capturing import CALL, notes, places, read_bytes
from ec2codec.captures import ACTIONS, Exchange, lines
from ec2codec.captures.source import Source
from ec2codec.schemas import SCHEMAS


def test_actions_are_those_of_the_schemas() -> None:
    assert set(SCHEMAS) == set(ACTIONS)


def test_lines_are_cut_at_line_feeds_only(tmp_path: Path) -> None:
    separators = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029".encode()
    items = read_bytes(CALL + b"&X=" + separators + b"Y\n\n" + CALL + b"\n", tmp_path)

    assert ["log:1", "log:3"] == places(items)
    assert b"?" + CALL + b"&X=" + separators + b"Y" == items[0].request  # type: ignore[union-attr]


def test_bytes_that_are_not_utf8_cost_nothing_but_themselves(tmp_path: Path) -> None:
    items = read_bytes(b"ok\n" + CALL + b"&X=\xff\n" + CALL + b"\n", tmp_path)

    assert ["log:2", "log:3"] == places(items)


@pytest.mark.parametrize("extra", [0, 1, 2, 3 * lines.MAX_LINE])
def test_line_beyond_the_limit_is_passed_over(extra: int, tmp_path: Path) -> None:
    long = CALL + b"&X=" + b"x" * (lines.MAX_LINE - len(CALL) - 4 + extra)
    items = read_bytes(CALL + b"\n" + long + b"\n" + CALL, tmp_path)

    assert (["log:1", "log:3"] if extra else ["log:1", "log:2", "log:3"]) == places(items)
    assert (1 if extra else 0) == len(notes(items))


def test_query_goes_on_where_a_line_begins_with_an_ampersand(tmp_path: Path) -> None:
    text = b"https://h/?Action=RevokeSecurityGroupIngress \n  &GroupName=a\r\n&IpProtocol=tcp\n\n&X=1\n"
    [exchange] = read_bytes(text, tmp_path)

    assert b"?Action=RevokeSecurityGroupIngress&GroupName=a&IpProtocol=tcp" == exchange.request  # type: ignore[union-attr]


def test_command_goes_on_behind_a_backslash(tmp_path: Path) -> None:
    text = b"curl 'https://h/?Action=RevokeSecurityGroupIngress' \\\n  -d GroupName=a\nnext\n"
    [exchange] = read_bytes(text, tmp_path)

    assert b"?Action=RevokeSecurityGroupIngress&GroupName=a" == exchange.request  # type: ignore[union-attr]


@pytest.mark.parametrize("block", [1 << 18, 7, 30])
def test_command_begins_before_the_line_that_names_the_action(block: int) -> None:
    text = (
        b"next \\\n curl -G https://h/ \\\r\n -d Action=RevokeSecurityGroupIngress \\\n -d GroupName=a\n"
        b"curl \\\n https://h/ \\\n\n"
        b"curl \\\n 'https://h/?Action=RevokeSecurityGroupIngress' -d GroupName=b\n"
    )
    pieces = iter([text[start : start + block] for start in range(0, len(text), block)])
    first, second = lines.read_lines(Source("log", pieces))

    assert b"?Action=RevokeSecurityGroupIngress&GroupName=a" == first.request  # type: ignore[union-attr]
    assert b"?Action=RevokeSecurityGroupIngress&GroupName=b" == second.request  # type: ignore[union-attr]
    assert ["log:2", "log:8"] == places([first, second])


@pytest.mark.parametrize(
    "line",
    [
        json.dumps({"request_uri": f"/?{CALL.decode()}", "status": 200}).encode(),
        b"2026-11-22T17:01:59.1Z elb 1.2.3.4:5 - -1 -1 -1 200 - 0 0 "
        + b'"GET http://h/?'
        + CALL
        + b' HTTP/2"',
    ],
)
def test_byte_order_mark_is_no_part_of_a_line(line: bytes, tmp_path: Path) -> None:
    items = read_bytes(b"\xef\xbb\xbf" + line + b"\n\n" + b"\xef\xbb\xbf" + line, tmp_path)

    assert ["log:1", "log:3"] == places(items)
    assert [200, 200] == [
        item.response and item.response.status for item in items if isinstance(item, Exchange)
    ]


def test_joined_line_keeps_the_limit(tmp_path: Path) -> None:
    items = read_bytes(CALL + b"\n&" + b"x" * (lines.MAX_LINE - 2) + b"\n", tmp_path)

    assert ["log:1"] == places(items)


def test_json_line_that_is_cut_off_is_noted(tmp_path: Path) -> None:
    whole = json.dumps({"request_uri": f"/?{CALL.decode()}"}).encode()
    items = read_bytes(whole + b"\n" + whole[:-3], tmp_path)

    assert ["log:1"] == places(items)
    assert ["incomplete: the line is no whole JSON object and was not read"] == notes(items)


# What a client says of itself is in the log as it wrote it, and must not take the place of what it did.
WRITTEN_BY_CLIENTS = [
    b"x : AWS ec2.DescribeSecurityGroups => 200",
    b"x : AWS ec2.AuthorizeSecurityGroupEgress => 200",
    b"Making request for OperationModel(name=DescribeSecurityGroups) with params: {'body': {}}",
]


@pytest.mark.parametrize("agent", WRITTEN_BY_CLIENTS)
@pytest.mark.parametrize("target", [b"GET /?%b", b"GET /?%b#f", b"POST /?%b"])
def test_user_agent_that_looks_like_another_log_hides_no_call(
    target: bytes, agent: bytes, tmp_path: Path
) -> None:
    line = b'10.0.0.1 - x [22/Nov/2026:17:01:59 +0000] "%b HTTP/1.1" 200 5 "-" "%b"\n' % (
        target % CALL,
        agent,
    )
    [call] = read_bytes(line, tmp_path)

    assert isinstance(call, Exchange)
    assert "RevokeSecurityGroupIngress" == call.action
    assert not call.server_parsed
