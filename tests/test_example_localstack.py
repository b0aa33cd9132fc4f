"""The LocalStack-style handler, given what LocalStack gives its handlers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

import ec2codec
from ec2codec import ErrorResponse
from examples import example

pytest.importorskip("werkzeug", reason="werkzeug is absent")
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response


class Chain:
    """As LocalStack's: it goes on until someone stops it."""

    stopped = False

    def stop(self) -> None:
        self.stopped = True


def handled(body: str, query: str = "") -> tuple[bool, Any]:
    environ = EnvironBuilder(method="POST", data=body.encode(), query_string=query).get_environ()
    chain, response = Chain(), Response()
    handler = example("localstack_handler").refuse_what_ec2_would
    handler(chain, SimpleNamespace(request=Request(environ)), response)
    return chain.stopped, response


GOOD = "GroupId=sg-1a2b3c4d&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"


@pytest.mark.parametrize(
    "body", ["Action=DescribeInstances", "", f"Action=RevokeSecurityGroupIngress&{GOOD}"]
)
def test_what_is_right_or_of_others_goes_on(body: str) -> None:
    stopped, response = handled(body)

    assert (False, 200, b"") == (stopped, response.status_code, response.data)


def test_what_ec2_would_refuse_stops_the_chain() -> None:
    stopped, response = handled(f"{GOOD}&Item=1", "Action=RevokeSecurityGroupIngress")

    said = ec2codec.decode_response(response.data)
    assert isinstance(said, ErrorResponse)
    assert (True, 400, "UnknownParameter") == (stopped, response.status_code, said.code)
    assert "text/xml;charset=UTF-8" == response.headers["Content-Type"]
