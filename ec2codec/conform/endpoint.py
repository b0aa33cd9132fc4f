"""Where requests go: an address that is looked up once, and on this machine unless more is allowed."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

# Family and address, as sockets connect to them.
Address = tuple[int, tuple[str, int] | tuple[str, int, int, int]]
PORT = 80
_LOOPBACK = IPv4Network("127.0.0.0/8")
_LOOPBACK_6 = IPv6Address("::1")


class EndpointError(ValueError):
    """A text is no endpoint, its name is unknown, or it is further away than allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A server.

    host: name and port as the URL has them, for the Host header. path: begins with ``/``.
    addresses: all that the name stood for when it was looked up; it is not looked up again, so that what was
        found to be near cannot become far.
    """

    host: str
    path: str
    addresses: tuple[Address, ...]


def locate(url: str, *, allow_remote: bool = False) -> Endpoint:
    """The endpoint of a URL, ``"http://localhost:5000"``.

    allow_remote: whether the server may be on another machine. Near is what resolves to 127.0.0.0/8 or ::1
        and nothing else, whatever it is called.
    Raises: EndpointError.
    """
    parts, port = _read(url)
    addresses = _look_up(str(parts.hostname), port)
    if not allow_remote and not all(_is_loopback(address) for address in addresses):
        raise EndpointError("is not on this machine: that needs --allow-remote")
    return Endpoint(host=parts.netloc, path=parts.path or "/", addresses=addresses)


def _read(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = PORT if parts.port is None else parts.port
    except ValueError:
        raise EndpointError("is no URL") from None
    if parts.scheme != "http" or not parts.hostname:
        raise EndpointError("expected http://HOST[:PORT][/PATH]")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise EndpointError("expected no user, query or fragment in it")
    text = parts.netloc + parts.path
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise EndpointError("expected printable ASCII without blanks")
    return parts, port


def _look_up(host: str, port: int) -> tuple[Address, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise EndpointError("has a host that is not known here") from None
    addresses = dict.fromkeys((int(family), address) for family, _type, _protocol, _name, address in found)
    return tuple(addresses)  # type: ignore[arg-type]  # typeshed has one form more, of builds without IPv6


def _is_loopback(address: Address) -> bool:
    """Whether an address is this machine's own; not what IPv6 wraps around one, which some hosts route."""
    # A zone may follow an IPv6 address: fe80::1%eth0.
    number = ip_address(address[1][0].partition("%")[0])
    return number == _LOOPBACK_6 or (number.version == 4 and number in _LOOPBACK)
