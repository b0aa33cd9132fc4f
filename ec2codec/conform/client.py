"""Plain HTTP, one connection a request, bounded in time and in bytes; nothing is followed."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse

from ec2codec.conform.budget import Budget, Gone
from ec2codec.conform.endpoint import Address, Endpoint

# Bytes of a body; a described group with a thousand rules is less. And of all that comes, however it is
# framed: http.client reads a chunk of size -1 to the end, whatever it was asked for.
MAX_BODY = 1 << 20
MAX_ANSWER = 2 * MAX_BODY
# Seconds for one request, from the first byte sent to the last one read.
TIMEOUT = 10.0
# Seconds before a server that was there and is gone is looked for again.
PAUSES = (0.1, 0.5, 2.0)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    status: of HTTP; None where no answer came. body: bytes, MAX_BODY at most.
    failure: why there is no whole answer; None if there is one.
    """

    status: int | None = None
    body: bytes = b""
    failure: str | None = None


class Client:
    """Sends forms to an endpoint.

    headers: of every request, besides those of HTTP itself.
    timeout: seconds for one request, connecting apart.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        budget: Budget,
        *,
        headers: Mapping[str, str],
        timeout: float = TIMEOUT,
    ) -> None:
        self.budget = budget
        self._endpoint = endpoint
        self._headers = {**headers, "Host": endpoint.host, "Content-Type": FORM}
        self._timeout = timeout
        # The address that answered: the others of its name may be other servers.
        self._address: Address | None = None

    def send(self, form: bytes) -> Reply:
        """What the server answers to a form.

        Raises: CutShort if the budget is spent, Gone if the server is not there, or not any more.
        """
        self.budget.spend()
        with self._connect() as connected:
            connected.deadline = time.monotonic() + self._timeout
            try:
                return self._exchange(connected, form)
            except TimeoutError:
                return Reply(failure=f"no whole answer within {self._timeout:g} seconds")
            except ConnectionError:
                return Reply(failure=DROPPED)
            except TooLong:
                return Reply(failure=f"the answer has more than {MAX_ANSWER} bytes")
            except (HTTPException, ValueError) as error:
                # ValueError: http.client hands on a chunk's negative size.
                return Reply(failure=f"the answer is no HTTP: {type(error).__name__}")
            except OSError as error:
                return Reply(failure=f"the connection failed: {error.strerror or type(error).__name__}")

    def _exchange(self, connected: BoundedSocket, form: bytes) -> Reply:
        connection = HTTPConnection(self._endpoint.host)
        connection.sock = connected
        # A server may refuse before it has read all, and close; its answer may be there all the same.
        with suppress(ConnectionError):
            connection.request("POST", self._endpoint.path, form, self._headers)
        with connection.getresponse() as response:
            return _read(response)

    def _connect(self) -> BoundedSocket:
        if self._address is None:
            for address in self._endpoint.addresses:
                with suppress(OSError):
                    connected = self._try(address)
                    self._address = address
                    return connected
            raise Gone("the endpoint cannot be reached")
        for pause in (0, *PAUSES):
            time.sleep(pause)
            with suppress(OSError):
                return self._try(self._address)
        raise Gone("the endpoint cannot be reached any more")

    def _try(self, address: Address) -> BoundedSocket:
        family, place = address
        connecting = BoundedSocket(family, socket.SOCK_STREAM)
        try:
            connecting.settimeout(self._timeout)
            connecting.connect(place)
        except OSError:
            connecting.close()
            raise
        return connecting


class TooLong(Exception):
    """An answer has more bytes than any has."""


class BoundedSocket(socket.socket):
    """A socket that waits until *deadline* and no longer: a byte now and then does not keep it.

    deadline: a moment of `time.monotonic`. received: bytes, `MAX_ANSWER` at most.
    """

    deadline = float("inf")
    received = 0

    def sendall(self, *arguments: object) -> None:
        """Send everything, in time."""
        self._hurry()
        super().sendall(*arguments)  # type: ignore[arg-type]

    def recv_into(self, *arguments: object) -> int:
        """Receive what is there, or comes in time.

        Raises: TooLong.
        """
        self._hurry()
        count = super().recv_into(*arguments)  # type: ignore[arg-type]
        self.received += count
        if self.received > MAX_ANSWER:
            raise TooLong
        return count

    def _hurry(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.settimeout(left)


def _read(response: HTTPResponse) -> Reply:
    body = response.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        return Reply(response.status, failure=f"the answer has more than {MAX_BODY} bytes")
    if response.length:
        # Where fewer bytes come than were announced, http.client says so only if all were asked for.
        return Reply(response.status, failure=DROPPED)
    return Reply(response.status, body)


DROPPED = "the connection was dropped"
FORM = "application/x-www-form-urlencoded; charset=utf-8"
