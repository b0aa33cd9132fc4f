"""A moto server on loopback and a boto3 client of it, for tests that want a service; skips without moto."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


def client_of(endpoint: str) -> Any:
    """A boto3 EC2 client of a service on loopback, with keys that open nothing."""
    boto3 = pytest.importorskip("boto3", reason="boto3 is absent")
    return boto3.client(
        "ec2",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


@contextmanager
def moto_endpoint() -> Iterator[str]:
    """The URL of a fresh moto server, which stops when the block ends."""
    server = pytest.importorskip("moto.server", reason="moto[server] is absent")
    service = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    service.start()
    try:
        host, port = service.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        service.stop()


@contextmanager
def moto_client() -> Iterator[Any]:
    """A client of a fresh moto server, which stops when the block ends."""
    with moto_endpoint() as endpoint:
        yield client_of(endpoint)
