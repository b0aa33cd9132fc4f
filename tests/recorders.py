"""One POST of a query, as the recorders of whole HTTP messages write it down."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from capturing import CAPTURES
from packets import Connection, enhanced, ethernet, interface, pcap, section

URL = "http://h:5000/"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<R/>"


def post(query: str) -> bytes:
    return b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%b" % (len(query), query.encode())


def packets(query: str) -> list[bytes]:
    connection = Connection()
    sent = [*connection.open(), *connection.ask(post(query), 40), *connection.answer(ANSWER, 9)]
    return [ethernet(packet) for packet in [*sent, *connection.close()]]


def pcapng(query: str) -> bytes:
    return section() + interface(1) + b"".join(map(enhanced, packets(query)))


def reordered(query: str) -> bytes:
    return pcap([*packets(query)[:3], *reversed(packets(query)[3:-4]), *packets(query)], link=1)


def mitmproxy(query: str) -> bytes:
    tnetstring = pytest.importorskip(
        "mitmproxy.io.tnetstring", reason="mitmproxy is not installed (extra mitm)"
    )
    with (CAPTURES / "mitmproxy.flow").open("rb") as file:
        flow: dict[str, Any] = tnetstring.load(file)
    flow["request"]["content"] = query.encode()
    written: bytes = tnetstring.dumps(flow)
    return written


def cassette(query: str) -> dict[str, Any]:
    request = {"method": "POST", "uri": URL, "body": query, "headers": {}}
    return {"interactions": [{"request": request, "response": {"status": {"code": 200}}}], "version": 1}


def ruby(query: str) -> bytes:
    request = {"method": "post", "uri": URL, "body": {"encoding": "UTF-8", "string": query}}
    item = {"request": request, "response": {"status": {"code": 200}}, "recorded_at": "x"}
    return yaml.dump({"http_interactions": [item], "recorded_with": "VCR 6"}, sort_keys=False).encode()


def go_vcr(query: str) -> bytes:
    request = {"body": query, "form": {}, "headers": {}, "url": URL, "method": "POST"}
    item = {"request": request, "response": {"body": "", "code": 200}}
    return yaml.dump({"version": 1, "interactions": [item]}, sort_keys=False).encode()


def moto(query: str) -> bytes:
    body = base64.b64encode(query.encode()).decode()
    record = {"headers": {}, "method": "POST", "url": URL, "body": body, "body_encoded": True}
    return json.dumps(record).encode() + b"\n"


def burp(query: str) -> bytes:
    request = base64.b64encode(post(query)).decode()
    return (
        f'<?xml version="1.0"?>\n<items burpVersion="2">\n<item><request base64="true">{request}'
        "</request></item></items>\n".encode()
    )


RECORDERS: dict[str, Callable[[str], bytes]] = {
    "pcap": lambda query: pcap(packets(query), link=1),
    "pcap, reordered and repeated": reordered,
    "pcapng": pcapng,
    "mitmproxy": mitmproxy,
    "vcrpy": lambda query: yaml.dump(cassette(query)).encode(),
    "vcrpy, json": lambda query: json.dumps(cassette(query), indent=4).encode(),
    "vcr": ruby,
    "go-vcr": go_vcr,
    "moto recorder": moto,
    "burp": burp,
}
