from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ec2codec.captures import Completeness, Exchange, Place, curl, scanner, textline, web_record
from ec2codec.captures.moments import parse_moment
from ec2codec.captures.querytext import as_bytes, merge, query_of

if TYPE_CHECKING:
    from collections.abc import Sequence

PLACE = Place("notes.txt", 3)
CALL = b"Action=RevokeSecurityGroupIngress&GroupName=a&IpPermissions.1.IpProtocol=tcp"


def found(line: bytes) -> Sequence[tuple[bytes, str]]:
    exchanges = textline.parse(line, PLACE)
    return [(bytes(exchange.request), str(exchange.completeness)) for exchange in exchanges]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "line",
    [
        CALL,
        b"?" + CALL,
        b"  " + CALL + b"\r\n",
        b"https://ec2.amazonaws.com/?" + CALL,
        b"https://ec2.amazonaws.com/?" + CALL + b"#top",
        b"/?" + CALL,
        b"see <https://ec2.amazonaws.com/?" + CALL + b"> for it",
        b"<url>https://ec2.amazonaws.com/?" + CALL + b"</url>",
        b"GET /?" + CALL + b" HTTP/1.1",
        b'level=info msg="' + CALL + b'" status=200',
        b"level=info body=" + CALL + b" status=200",
        b'time=1 body="' + CALL + b'\\n"',
        b"send: b'" + CALL + b"'",
        b'"http.request.body": "' + CALL.replace(b"&", b"\\u0026") + b'"',
        b"[dumpio:trace7] mod_dumpio: dumpio_in (data-HEAP): " + CALL,
        b'{\\"body\\":\\"' + CALL + b'\\"}',
        b"data: `" + CALL + b"`",
        b"twice: " + CALL + b" and " + CALL,
    ],
)
def test_query_is_found_wherever_it_stands(line: bytes) -> None:
    assert [(b"?" + CALL, "complete")] == found(line)


def test_line_that_begins_with_a_query_is_one_to_its_end() -> None:
    assert [(b"?" + CALL + b"&X=a b", "complete")] == found(CALL + b"&X=a b")


def test_blank_within_a_query_in_a_text_is_part_of_it() -> None:
    line = b"sent: ?Action=RevokeSecurityGroupIngress&GroupName=a b&IpProtocol=tcp 200 https://h/?a=1&b=2"

    assert [(b"?Action=RevokeSecurityGroupIngress&GroupName=a b&IpProtocol=tcp", "complete")] == found(line)


def test_parameters_before_the_action_belong_to_the_query() -> None:
    line = b"sent: /?GroupName=a&Action=RevokeSecurityGroupIngress&X=1"

    assert [(b"?GroupName=a&Action=RevokeSecurityGroupIngress&X=1", "complete")] == found(line)
    assert [(b"?a=b&Action=RevokeSecurityGroupIngress", "complete")] == found(
        b"data: 'a=b&Action=RevokeSecurityGroupIngress'"
    )


def test_two_calls_in_a_line_are_two() -> None:
    line = b"'Action=RevokeSecurityGroupIngress' 'Action=RevokeSecurityGroupEgress'"

    assert 2 == len(found(line))


def test_post_whose_body_stands_elsewhere_is_not_whole() -> None:
    assert [(b"?Action=RevokeSecurityGroupIngress", "body-not-captured")] == found(
        b"> POST /?Action=RevokeSecurityGroupIngress HTTP/1.1"
    )


def test_quote_that_is_not_closed_cuts_the_query() -> None:
    assert [(b"?" + CALL, "truncated")] == found(b'body="' + CALL)


@pytest.mark.parametrize(
    "line",
    [
        b"Action=DescribeSecurityGroups",
        b"Action=RevokeSecurityGroupIngressX&GroupName=a",
        b"MyAction=RevokeSecurityGroupIngress",
        b"aws ec2 revoke: RevokeSecurityGroupIngress",
        b"Referer: http://h/?Action=RevokeSecurityGroupIngress",
        b"X=1&Y='Action=RevokeSecurityGroupIngress.foo'",
        b'<Action="RevokeSecurityGroupIngress">',
    ],
)
def test_what_only_looks_like_a_call_is_none(line: bytes) -> None:
    assert [] == found(line)


@pytest.mark.parametrize(
    "command",
    [
        b"curl 'https://ec2.amazonaws.com/?%s'",
        b'$ curl -s -H "Authorization: x" https://h/ -d "%s"',
        b"curl https://h/ --data-raw='%s'",
        b"/usr/bin/curl -X POST 'https://h/?Action=RevokeSecurityGroupIngress' -dGroupName=a "
        b"--data IpPermissions.1.IpProtocol=tcp",
        b"curl --url https://h/ -d Action=RevokeSecurityGroupIngress --data-urlencode GroupName=a "
        b"-d IpPermissions.1.IpProtocol=tcp --compressed",
    ],
)
def test_curl_commands_are_understood(command: bytes) -> None:
    assert [(b"?" + CALL, "complete")] == found(command.replace(b"%s", CALL))


def test_curl_encodes_what_it_is_told_to_encode() -> None:
    line = b"curl h -d Action=RevokeSecurityGroupIngress --data-urlencode 'GroupName=a b&c'"

    assert [(b"?Action=RevokeSecurityGroupIngress&GroupName=a+b%26c", "complete")] == found(line)


def test_curl_body_in_a_file_is_not_captured() -> None:
    assert [(b"?Action=RevokeSecurityGroupIngress&@body.txt", "body-not-captured")] == found(
        b"curl 'http://h/?Action=RevokeSecurityGroupIngress' -d @body.txt"
    )


@pytest.mark.parametrize("line", [b"curl 'http://h/?" + CALL, b"curl http://h/ -o", b"curly " + CALL])
def test_what_is_no_whole_curl_command_is_left_to_others(line: bytes) -> None:
    assert curl.parse(line, PLACE) is None


def test_scanner_takes_linear_time_on_hostile_lines() -> None:
    for line in (b" a&b=" * 50_000, b"x" * 300_000, b"POST " * 60_000, b"<" * 300_000):
        assert [] == scanner.parse(line, PLACE)
    for line in (CALL + b"</", CALL + b" ", b"'" + CALL, b"POST ?" + CALL + b"\\n", CALL + b"&"):
        assert 1 <= len(scanner.parse(b"- " + line * 10_000, PLACE)) <= 2
    assert 1 == len(scanner.parse(b"'" + b"x" * 300_000 + b"?Action=RevokeSecurityGroupIngress'", PLACE))


@pytest.mark.parametrize(
    ("target", "query"),
    [(b"/", b""), (b"/?a=1", b"a=1"), (b"http://h/?a=?#f", b"a=?"), (b"/#?a", b"a"), (b"", b"")],
)
def test_query_of_a_target(target: bytes, query: bytes) -> None:
    assert query == query_of(target)


def test_query_and_body_are_one_query() -> None:
    assert b"?a=1&b=2" == merge(b"a=1", b"b=2")
    assert b"?b=2" == merge(b"", b"b=2")
    assert b"?" == merge(b"")


def test_bytes_that_are_not_utf8_survive_json() -> None:
    assert b"caf\xe9" == as_bytes("caf\udce9")
    assert b"\xed\xa0\x80" == as_bytes("\ud800")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("22/Nov/2026:17:01:59 +0200", "2026-11-22T17:01:59+02:00"),
        ("22/Nov/2026 17:01:59", "2026-11-22T17:01:59+00:00"),
        ("2026-11-22T17:01:59Z", "2026-11-22T17:01:59+00:00"),
        ("2021-01-24 04:55:45.000", "2021-01-24T04:55:45+00:00"),
        ("22/Foo/2026:17:01:59 +0200", None),
        ("99/Nov/2026:17:01:59 +0200", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_moments_of_logs(text: str, iso: str | None) -> None:
    moment = parse_moment(text)

    assert iso == (moment.isoformat() if moment else None)


def test_request_is_not_in_the_repr() -> None:
    [exchange] = textline.parse(b"Action=RevokeSecurityGroupIngress&Signature=secret", PLACE)

    assert isinstance(exchange, Exchange)
    assert exchange.completeness is Completeness.COMPLETE
    assert "secret" not in repr(exchange)


def test_agent_that_looks_like_another_log_is_an_agent() -> None:
    line = b'10.0.0.1 - - [22/Nov/2026:17:01:59 +0000] "GET /?%s HTTP/1.1" 200 287 "-" "%s"'
    agent = b"x : AWS ec2.RevokeSecurityGroupEgress => 400"
    query = b"Action=RevokeSecurityGroupIngress&GroupName=a"
    [exchange] = web_record.parse_text(line % (query, agent), PLACE)

    assert b"?" + query == exchange.request
    assert "RevokeSecurityGroupIngress" == exchange.action


@pytest.mark.parametrize("path", ["", "\\x41"], ids=["commonest", "other"])
def test_event_behind_an_access_line_is_none(path: str) -> None:
    line = f'10.0.0.1 - - [22/Nov/2026:17:01:59 +0000] "GET /{path}?RevokeSecurityGroupIngress HTTP/1.1" 200 '
    event = b'{"eventName":"RevokeSecurityGroupIngress","requestParameters":{"groupId":"sg-1"}}'

    assert [] == web_record.parse_text(line.encode() + event, PLACE)
    assert 1 == len(web_record.parse_text(b"10.0.0.1 - - " + event, PLACE))
