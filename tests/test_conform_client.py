"""Where a conformance run sends to, and what it puts up with from there."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ec2codec.conform import Budget, Client, EndpointError, headers, locate
from ec2codec.conform import client as client_module
from ec2codec.conform.budget import TIDYING, CutShort, Gone
from ec2codec.conform.client import MAX_BODY, BoundedSocket, Reply
from ec2codec.conform.endpoint import Endpoint
from ec2codec.integrations.server import Answer
from small_ec2 import PLAIN, Handler, raw, served

OK = Answer(200, PLAIN, b"fine")


def client_of(url: str, *, budget: Budget | None = None, timeout: float = 5) -> Client:
    return Client(locate(url), budget or Budget(), headers=headers(), timeout=timeout)


def replied(handler: Handler, *, form: bytes = b"Action=X", timeout: float = 5) -> Reply:
    with served(handler) as url:
        return client_of(url, timeout=timeout).send(form)


def resolving(monkeypatch: pytest.MonkeyPatch, *hosts: str) -> None:
    """Have every name stand for these addresses."""

    def getaddrinfo(_host: str, port: int, **_: object) -> list[object]:
        kind = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(kind[":" in host], socket.SOCK_STREAM, 6, "", (host, port)) for host in hosts]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize("hosts", [("127.0.0.1",), ("127.255.0.9",), ("::1",), ("::1", "127.0.0.1")])
def test_what_resolves_to_this_machine_is_near(
    monkeypatch: pytest.MonkeyPatch, hosts: tuple[str, ...]
) -> None:
    resolving(monkeypatch, *hosts)

    endpoint = locate("http://emulator.test:4566/ec2")

    assert ("emulator.test:4566", "/ec2") == (endpoint.host, endpoint.path)
    assert [(host, 4566) for host in hosts] == [address for _, address in endpoint.addresses]


@pytest.mark.parametrize(
    "hosts",
    [
        ("192.0.2.1",),
        ("127.0.0.1", "192.0.2.1"),
        ("128.0.0.1",),
        ("126.255.255.255",),
        ("::2",),
        ("::ffff:127.0.0.1",),
        ("0.0.0.0",),
        ("::",),
        ("fe80::1%lo",),
    ],
)
def test_what_resolves_to_another_machine_needs_leave(
    monkeypatch: pytest.MonkeyPatch, hosts: tuple[str, ...]
) -> None:
    resolving(monkeypatch, *hosts)

    with pytest.raises(EndpointError, match="--allow-remote"):
        locate("http://localhost")

    assert len(hosts) == len(locate("http://localhost", allow_remote=True).addresses)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://127.0.0.1", "expected http://"),
        ("127.0.0.1:5000", "expected http://"),
        ("http://", "expected http://"),
        ("http://[::1", "is no URL"),
        ("http://127.0.0.1:99999", "is no URL"),
        ("http://user:secret@127.0.0.1", "no user"),
        ("http://127.0.0.1/?a=b", "no user, query"),
        ("http://127.0.0.1/#x", "fragment"),
        ("http://127.0.0.1/a b", "printable ASCII"),
        ("http://127.0.0.1/\u00e9", "printable ASCII"),
        ("http://127.0.0.1/\x7f", "printable ASCII"),
        ("http://nowhere.invalid", "not known here"),
        (f"http://{'a' * 64}.test", "not known here"),
    ],
)
def test_what_is_no_endpoint_is_refused(url: str, told: str) -> None:
    with pytest.raises(EndpointError, match=told) as caught:
        locate(url)

    assert "secret" not in str(caught.value)


def test_a_name_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(lambda _form: OK) as url:
        endpoint = locate(url)
        resolving(monkeypatch, "192.0.2.1")
        client = Client(endpoint, Budget(), headers=headers())

        assert [Reply(200, b"fine"), Reply(200, b"fine")] == [client.send(b"a"), client.send(b"b")]


def test_of_several_addresses_the_one_that_answers_is_kept() -> None:
    with served(lambda _form: OK) as url:
        port = int(url.rpartition(":")[2])
        dead, alive = (socket.AF_INET, ("127.0.0.2", port)), (socket.AF_INET, ("127.0.0.1", port))
        client = Client(Endpoint(host="x", path="/", addresses=(dead, alive)), Budget(), headers=headers())

        assert Reply(200, b"fine") == client.send(b"a")
        assert alive == client._address


def test_a_form_arrives_whole_with_scope_and_host() -> None:
    seen: list[bytes] = []

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer_once() -> None:
            connection, _ = listening.accept()
            with connection:
                received = b""
                while not received.endswith(b"Action=\xc2\xb2"):
                    received += connection.recv(4096)
                seen.append(received)
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nfine")

        thread = threading.Thread(target=answer_once)
        thread.start()
        url = f"http://localhost:{listening.getsockname()[1]}/ec2"
        reply = client_of(url).send(b"Action=\xc2\xb2")
        thread.join()

    head = seen[0].decode().split("\r\n")
    assert Reply(200, b"fine") == reply
    assert "POST /ec2 HTTP/1.1" == head[0]
    assert f"Host: {url[7:-4]}" in head
    assert "Content-Length: 9" in head
    assert "Content-Type: application/x-www-form-urlencoded; charset=utf-8" in head
    assert any(line.startswith("Authorization: AWS4-HMAC-SHA256 Credential=testing/") for line in head)


def test_the_scope_names_day_region_and_service() -> None:
    made = headers(
        region="eu-west-1", access_key="000000000001", now=datetime(2026, 11, 25, 1, 2, 3, tzinfo=UTC)
    )

    assert "Credential=000000000001/20261125/eu-west-1/ec2/aws4_request, " in made["Authorization"]
    assert made["Authorization"].endswith(f"Signature={'0' * 64}")
    assert "20261125T010203Z" == made["X-Amz-Date"]


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def drip(connection: socket.socket) -> None:
    """A header, a byte at a time, without end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    try:
        while True:
            connection.sendall(b"x")
            time.sleep(0.02)
    except OSError:
        pass


def drop(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()


@pytest.mark.parametrize(
    ("sent", "failure"),
    [
        (drip, "no whole answer within 0.3 seconds"),
        (lambda _: time.sleep(0.6), "no whole answer within 0.3 seconds"),
        (drop, "the connection was dropped"),
        (raw(b"SSH-2.0-OpenSSH\r\n"), "the answer is no HTTP: BadStatusLine"),
        (
            raw(CHUNKED + b"zz\r\n"),
            "the answer is no HTTP: IncompleteRead",
        ),
        (raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200), "the answer is no HTTP: HTTPException"),
        (raw(CHUNKED + b"-5\r\nabcdefg\r\n0\r\n\r\n"), "the answer is no HTTP: ValueError"),
    ],
)
def test_no_answer_is_told_and_waited_for_no_longer_than_allowed(
    sent: Callable[[socket.socket], None], failure: str
) -> None:
    begun = time.monotonic()

    reply = replied(lambda _form: sent, timeout=0.3)

    assert Reply(failure=failure) == reply
    assert time.monotonic() - begun < 5


def test_a_body_is_read_to_its_bound_and_no_further() -> None:
    whole = replied(lambda _form: Answer(200, PLAIN, b"x" * MAX_BODY))
    over = replied(lambda _form: Answer(200, PLAIN, b"x" * (MAX_BODY + 1)))

    assert Reply(200, b"x" * MAX_BODY) == whole
    assert Reply(200, failure="the answer has more than 1048576 bytes") == over


@pytest.mark.parametrize("size", [0, 1, 99])
def test_a_body_that_ends_before_its_length_was_dropped(size: int) -> None:
    answer = b"HTTP/1.1 400 x\r\nContent-Length: 100\r\n\r\n" + b"x" * size

    assert Reply(400, failure="the connection was dropped") == replied(lambda _form: raw(answer))


@pytest.mark.parametrize(
    ("begun", "most"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", 1 << 20),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n", 1 << 20),
        # Read to the end by http.client, however much was asked for.
        (CHUNKED + b"-1\r\n", 2 << 20),
    ],
)
def test_an_endless_body_ends(begun: bytes, most: int) -> None:
    def pour(connection: socket.socket) -> None:
        connection.sendall(begun)
        try:
            while True:
                connection.sendall(b"x" * 65536)
        except OSError:
            pass

    assert f"the answer has more than {most} bytes" == replied(lambda _form: pour).failure


def test_a_socket_does_not_begin_to_wait_after_its_time() -> None:
    with BoundedSocket(socket.AF_INET, socket.SOCK_STREAM) as late:
        late.deadline = time.monotonic()

        with pytest.raises(TimeoutError):
            late.recv_into(bytearray(1))


def test_a_redirect_is_not_followed() -> None:
    forms: list[bytes] = []

    def elsewhere(form: bytes) -> Answer:
        forms.append(form)
        return Answer(307, (("Location", "/again"),), b"")

    assert 307 == replied(elsewhere).status
    assert 1 == len(forms)


def test_a_refusal_that_comes_before_all_is_read_is_heard() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def refuse_at_once() -> None:
            connection, _ = listening.accept()
            connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
            connection.shutdown(socket.SHUT_RD)
            time.sleep(0.3)
            connection.close()

        thread = threading.Thread(target=refuse_at_once)
        thread.start()
        reply = client_of(f"http://127.0.0.1:{listening.getsockname()[1]}").send(b"x" * (1 << 24))
        thread.join()

    assert reply in (Reply(413), Reply(failure="the connection was dropped"))


def test_what_else_goes_wrong_with_a_connection_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Reply:
        raise OSError(113, "No route to host")

    monkeypatch.setattr(Client, "_exchange", fail)

    assert Reply(failure="the connection failed: No route to host") == replied(lambda _form: OK)


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "PAUSES", (0.0, 0.0))


@pytest.mark.usefixtures("no_pauses")
def test_a_server_that_is_not_there_is_told_from_one_that_is_gone() -> None:
    with served(lambda _form: OK) as url:
        used = client_of(url)
        used.send(b"a")

    with pytest.raises(Gone, match=r"cannot be reached any more$"):
        used.send(b"a")
    with pytest.raises(Gone, match=r"cannot be reached$"):
        client_of(url).send(b"a")


def test_a_budget_ends_by_count_and_by_time() -> None:
    now = [0.0]
    budget = Budget(2, 5, clock=lambda: now[0])

    budget.spend()
    budget.spend()
    with pytest.raises(CutShort, match="after 2 requests: --max-requests"):
        budget.spend()
    timed = Budget(9, 5, clock=lambda: now[0])
    now[0] = 4.9
    timed.spend()
    now[0] = 5.0
    with pytest.raises(CutShort, match="after 5 seconds: --time-limit"):
        timed.spend()

    assert (2, 1) == (budget.spent, timed.spent)


def test_tidying_has_a_time_of_its_own_and_no_count() -> None:
    now = [0.0]
    budget = Budget(0, 5, clock=lambda: now[0])
    now[0] = 100.0

    budget.close()
    budget.spend()
    now[0] += TIDYING - 0.1
    budget.spend()
    now[0] = 100 + TIDYING
    with pytest.raises(CutShort, match="after 60 seconds of tidying up"):
        budget.spend()

    assert 2 == budget.spent
