from __future__ import annotations

import gzip
import zlib
from collections import deque
from itertools import pairwise

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2codec.captures.http_body import decoded
from ec2codec.captures.http_head import REQUESTS, RESPONSES, Start, parse_framing
from ec2codec.captures.http_message import MAX_HEAD, Message, MessageParser, parse_messages
from ec2codec.captures.http_stream import MAX_BODY

POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nAction=a"
GET = b"GET /?Action=b HTTP/1.1\r\nHost: a\r\nAuthorization: secret\r\n\r\n"
CHUNKED = (
    b"POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"6;name=value\r\nAction\r\n0002\r\n=c\r\n0\r\nTrailer: x\r\n\r\n"
)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def request(
    method: str, target: str, body: bytes = b"", *, is_whole: bool = True, line_is_whole: bool = True
) -> Message[None]:
    start = Start(method.encode(), target.encode(), is_whole=line_is_whole)
    return Message(None, start, body, is_whole)


def response(status: int, body: bytes = b"", *, is_whole: bool = True) -> Message[None]:
    return Message(None, Start(status=status), body, is_whole)


def test_requests_follow_each_other() -> None:
    assert [
        request("POST", "/", b"Action=a"),
        request("GET", "/?Action=b"),
        request("POST", "/c", b"Action=c"),
        request("GET", "/?Action=b"),
    ] == parse_messages(POST + GET + CHUNKED + GET)


@given(st.lists(st.integers(0, 2 * len(POST + GET + CHUNKED)), max_size=8))
def test_messages_do_not_depend_on_how_the_bytes_come(cuts: list[int]) -> None:
    data = POST + GET + b"\r\n" + CHUNKED + POST
    parser: MessageParser[None] = MessageParser(REQUESTS)
    bounds = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    pieces = [data[start:end] for start, end in pairwise(bounds)]
    found = [message for piece in pieces for message in parser.feed(piece, None)]

    assert parse_messages(data) == found


def test_messages_come_byte_by_byte() -> None:
    data = OK + b"HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n" + OK
    parser: MessageParser[None] = MessageParser(RESPONSES)
    found = [message for at in range(len(data)) for message in parser.feed(data[at : at + 1], None)]

    assert [response(200, b"ok"), response(404, b"a"), response(200, b"ok")] == found
    assert 0 == parser.held


def test_message_knows_with_which_bytes_it_began() -> None:
    parser: MessageParser[int] = MessageParser(REQUESTS)
    found = [*parser.feed(POST[:9], 1), *parser.feed(POST[9:] + GET, 2), *parser.feed(GET, 3)]

    assert [1, 2, 3] == [message.origin for message in found]


@pytest.mark.parametrize("at", range(len(POST) + 1))
def test_request_cut_off_is_what_was_there(at: int) -> None:
    _head, _, body = POST[:at].partition(b"\r\n\r\n")
    found = parse_messages(GET + POST[:at])[1:]

    if at < len(b"POST "):
        assert [] == found
        return
    [message] = found
    assert (b"POST", b"/"[: at - 5], body) == (*message.start[:2], message.body)
    assert (at >= len(b"POST / HTTP/1.1\r\n"), at == len(POST)) == (message.start.is_whole, message.is_whole)


def test_head_cut_off_behind_its_first_line_leaves_the_target() -> None:
    assert [request("GET", "/?Action=b", is_whole=False)] == parse_messages(GET[:30])


@pytest.mark.parametrize("target", [b"/?a=caf\xc3\xa9", b"/?a=b c", b'/?a="<>|', b"http://h/?a=b", b"*"])
def test_target_is_as_it_was_sent(target: bytes) -> None:
    [message] = parse_messages(b"GET " + target + b" HTTP/1.0\n\n")

    assert target == message.start.target


def test_lines_may_end_in_line_feeds_alone() -> None:
    assert parse_messages(POST) == parse_messages(POST.replace(b"\r\n", b"\n"))
    assert parse_messages(CHUNKED) == parse_messages(CHUNKED.replace(b"\r\n", b"\n"))


def test_interim_responses_are_passed_over() -> None:
    data = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nContent-Length: 5\r\n\r\n" + OK

    assert [response(200, b"ok")] == parse_messages(data, RESPONSES)


def test_responses_without_a_body_say_so_by_method_or_status() -> None:
    parser: MessageParser[None] = MessageParser(RESPONSES, deque([b"GET", b"HEAD", b"GET", b"GET", b"POST"]))
    head = b"HTTP/1.1 %d x\r\nContent-Length: 7\r\n\r\n"
    found = parser.feed(OK + head % 200 + head % 204 + head % 304 + OK, None)

    assert [response(200, b"ok"), *map(response, (200, 204, 304)), response(200, b"ok")] == found


def test_requests_tell_which_answers_have_no_body() -> None:
    parser: MessageParser[None] = MessageParser(REQUESTS)
    parser.feed(b"HEAD / HTTP/1.1\r\n\r\n" + GET, None)

    assert [b"HEAD", b"GET"] == list(parser.asked)


def test_response_without_a_length_goes_on_to_the_end_of_the_connection() -> None:
    parser: MessageParser[None] = MessageParser(RESPONSES)

    assert [] == parser.feed(b"HTTP/1.0 200 OK\r\n\r\n<a>", None) + parser.feed(b"</a>", None)
    assert 7 == parser.held
    assert [response(200, b"<a></a>")] == parser.end()


def test_response_without_a_length_is_not_whole_behind_a_gap() -> None:
    parser: MessageParser[None] = MessageParser(RESPONSES)
    parser.feed(b"HTTP/1.0 200 OK\r\n\r\n<a>", None)

    assert [response(200, b"<a>", is_whole=False)] == parser.lose(1)


@pytest.mark.parametrize("coding", [b"gzip", b"x-gzip", b"deflate", b"GZIP "])
def test_compression_is_undone(coding: bytes) -> None:
    body = zlib.compress(b"Action=a") if coding == b"deflate" else gzip.compress(b"Action=a")
    data = b"POST / HTTP/1.1\r\ncontent-encoding: %b\r\ncontent-length: %d\r\n\r\n%b" % (
        coding,
        len(body),
        body,
    )

    assert [request("POST", "/", b"Action=a")] == parse_messages(data)
    assert (b"Action=a", True) == decoded(zlib.compress(b"Action=a", wbits=-15), b"deflate", 8)


@pytest.mark.parametrize(
    ("body", "coding", "expected"),
    [
        (b"a", b"br", (b"", False)),
        (b"a", b"identity", (b"a", True)),
        (b"", b"gzip", (b"", True)),
        (gzip.compress(b"abc", mtime=0)[:-9], b"gzip", (b"abc", False)),
        (gzip.compress(b"abc", mtime=0)[:-1] + b"\xff", b"gzip", (b"", False)),
        (gzip.compress(bytes(99), mtime=0), b"gzip", (bytes(98), False)),
        (gzip.compress(bytes(98), mtime=0), b"gzip", (bytes(98), True)),
        (gzip.compress(bytes(10**8), mtime=0), b"gzip", (bytes(98), False)),
    ],
)
def test_body_that_cannot_be_undone_is_not_whole(
    body: bytes, coding: bytes, expected: tuple[bytes, bool]
) -> None:
    assert expected == decoded(body, coding, 98)


def test_gap_in_a_body_leaves_what_stood_before_it() -> None:
    parser: MessageParser[None] = MessageParser(REQUESTS)
    parser.feed(POST[:-6], None)

    assert [] == parser.lose(4)
    assert [request("POST", "/", b"Ac", is_whole=False), request("GET", "/?Action=b")] == parser.feed(
        b"=a" + GET, None
    )


def test_gap_in_a_chunk_leaves_what_stood_before_it() -> None:
    parser: MessageParser[None] = MessageParser(REQUESTS)
    before, _, after = CHUNKED.partition(b"tion")
    parser.feed(before, None)

    assert [] == parser.lose(4)
    assert [request("POST", "/c", b"Ac", is_whole=False), request("GET", "/?Action=b")] == parser.feed(
        after + GET, None
    )


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (POST[:-6], [request("POST", "/", b"Ac", is_whole=False)]),
        (POST[:30], [request("POST", "/", is_whole=False)]),
        (CHUNKED[:60], [request("POST", "/c", is_whole=False)]),
        (CHUNKED[:-12], [request("POST", "/c", b"Action=c", is_whole=False)]),
        (POST, []),
        (b"PO", []),
    ],
)
def test_next_message_is_found_behind_a_gap(before: bytes, expected: list[Message[None]]) -> None:
    parser: MessageParser[None] = MessageParser(REQUESTS)
    parser.feed(before, None)

    assert expected == parser.lose(9999)
    assert [] == parser.feed(b"the rest of something", None)
    assert [request("GET", "/?Action=b")] == parser.feed(GET, None)


@pytest.mark.parametrize(
    "chunks", [b"x\r\n", b"-1\r\n", b"0x1\r\na\r\n", b"\r\n\r\n", b"1" * 5000, b"1;" + b"a" * 5000 + b"\n"]
)
def test_chunks_that_are_none_end_the_message(chunks: bytes) -> None:
    parser: MessageParser[None] = MessageParser(REQUESTS)
    head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"

    assert [request("POST", "/", is_whole=False)] == parser.feed(head + chunks, None)


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00",
        b"SSH-2.0-OpenSSH",
        b"get / HTTP/1.1\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET  / HTTP/1.1",
    ],
)
def test_what_is_no_request_is_passed_over(data: bytes) -> None:
    parser: MessageParser[None] = MessageParser(REQUESTS)

    assert [] == parser.feed(data, None)
    assert [] == parser.end()
    assert 0 == parser.held
    assert [] == parse_messages(data, RESPONSES)
    assert [] == parse_messages(b"HTTP/1.1 2000\r\n\r\n", RESPONSES)


def test_length_is_read_from_the_headers() -> None:
    assert 5 == parse_framing(b"GET / HTTP/1.1\r\nCONTENT-LENGTH :  5 \r\n\r\n").length
    assert 5 == parse_framing(b"\nContent-Length: 5, 5\r\n").length
    assert None is parse_framing(b"\nContent-Length: 5x\r\n").length
    assert None is parse_framing(b"\nContent-Length: " + b"9" * 5000).length
    assert None is parse_framing(b"\nX-Content-Length: 5\r\n").length
    assert parse_framing(b"\nTransfer-Encoding: gzip, Chunked\r\n").is_chunked


def test_body_is_kept_up_to_its_limit() -> None:
    def parse(size: int) -> Message[None]:
        head = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % size
        message, following = parse_messages(head + bytes(size) + GET)
        assert request("GET", "/?Action=b") == following
        return message

    assert [(MAX_BODY - 1, True), (MAX_BODY, True), (MAX_BODY, False), (MAX_BODY, False)] == [
        (len(message.body), message.is_whole)
        for message in map(parse, (MAX_BODY - 1, MAX_BODY, MAX_BODY + 1, 3 * MAX_BODY))
    ]


def test_head_without_end_is_given_up() -> None:
    parser: MessageParser[None] = MessageParser(REQUESTS)
    for _ in range(MAX_HEAD // 4096):
        parser.feed(b"GET /" + b"a" * 4091, None)

    assert MAX_HEAD == parser.held
    assert [] == parser.feed(b"a", None)
    assert 0 == parser.held


def test_headers_are_nowhere_in_a_message() -> None:
    [message] = parse_messages(GET)

    assert "secret" not in repr(message)
    assert not any("secret" in str(getattr(message, name)) for name in message.__slots__)


header_values = st.text("abc -;,=", max_size=20).map(str.strip)
bodies = st.binary(max_size=200)


@given(st.lists(st.tuples(st.sampled_from(["/", "/?a=b&c", "*"]), header_values, bodies), max_size=4))
def test_requests_are_read_as_h11_reads_them(parts: list[tuple[str, str, bytes]]) -> None:
    data = b""
    for number, (target, value, body) in enumerate(parts):
        sender = h11.Connection(h11.CLIENT)
        framing = ("Content-Length", str(len(body))) if number % 2 else ("Transfer-Encoding", "chunked")
        headers = [("Host", "a"), ("X-Other", value), framing]
        data += sender.send(h11.Request(method="POST", target=target, headers=headers)) or b""
        data += sender.send(h11.Data(data=body)) or b""
        data += sender.send(h11.EndOfMessage()) or b""

    assert [request("POST", target, body) for target, _, body in parts] == parse_messages(data)


@given(st.binary(max_size=300), st.lists(st.integers(0, 40), max_size=5))
def test_no_bytes_are_fatal(data: bytes, losses: list[int]) -> None:
    for kind, start in ((REQUESTS, CHUNKED[:-20]), (RESPONSES, OK[:-3])):
        parser: MessageParser[None] = MessageParser(kind)
        parser.feed(start + data[:9], None)
        for lost in losses:
            parser.lose(lost)
            parser.feed(data, None)
        assert len(parser.end()) <= 1
        assert 0 == parser.held
