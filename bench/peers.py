"""Other people's codecs, asked for as little as can be: no HTTP, no server around them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl, urlencode

from bench.bodies import ACTIONS

VERSION = "2016-11-15"
Function = Callable[[Any], object]


def split(text: str) -> list[tuple[str, str]]:
    """What the standard library does with a body: no law, no structure."""
    return parse_qsl(text, keep_blank_values=True)


@cache
def ec2_model() -> Any:
    """Botocore's model of EC2."""
    loader = import_module("botocore.loaders").Loader()

    description = loader.load_service_model("ec2", "service-2", VERSION)
    return import_module("botocore.model").ServiceModel(description, "ec2")


def sdk_names(value: Any) -> Any:
    """Nested data with the SDK's names."""
    if isinstance(value, dict):
        return {SDK_NAMES.get(name, name): sdk_names(item) for name, item in value.items()}
    return [sdk_names(item) for item in value] if isinstance(value, list) else value


SDK_NAMES = {"Groups": "UserIdGroupPairs"}


def botocore_encoder() -> Function:
    """Botocore's validate, serialize and urlencode of (action, parameters)."""
    serializer = import_module("botocore.serialize").create_serializer("ec2", False)
    validator = import_module("botocore.validate").ParamValidator()
    operations = {action: ec2_model().operation_model(action) for action in ACTIONS}

    def encode(given: tuple[str, dict[str, Any]]) -> str:
        action, parameters = given
        operation = operations[action]
        if validator.validate(parameters, operation.input_shape).has_errors():
            raise ValueError(parameters)
        return urlencode(serializer.serialize_to_request(parameters, operation)["body"])

    return encode


def moto_parser() -> Function:
    """Moto's parser of (action, parameters as werkzeug has them)."""
    parser = import_module("moto.core.parse").EC2QueryParser
    multi_dict = import_module("werkzeug.datastructures").MultiDict
    operations = {action: ec2_model().operation_model(action) for action in ACTIONS}

    def parse(text: str) -> object:
        pairs = multi_dict(split(text))
        action = pairs["Action"]
        parsed: object = parser(operations[action]).parse({"values": pairs})
        return parsed

    return parse


def localstack_parser() -> Function:
    """LocalStack's parser and validator, over parse_qsl."""
    parser = import_module("localstack.aws.protocol.parser").create_parser(ec2_model())
    validator = import_module("localstack.aws.protocol.validate").ParamValidator()

    class Received:
        """As much of a request as the parser looks at."""

        def __init__(self, values: dict[str, str]) -> None:
            self.values = values

    def parse(text: str) -> object:
        operation, parsed = parser.parse(Received(dict(split(text))))
        if validator.validate(parsed, operation.input_shape).has_errors():
            raise ValueError(parsed)
        result: object = parsed
        return result

    return parse


def pydantic_parser() -> Function:
    """parse_qsl, a loop that nests, and a pydantic model of the structures: no law at all."""
    from pydantic import BaseModel

    class Group(BaseModel):
        UserId: str | None = None
        GroupName: str | None = None
        GroupId: str | None = None
        Description: str | None = None

    class Range(BaseModel):
        CidrIp: str | None = None
        Description: str | None = None

    class Permission(BaseModel):
        IpProtocol: str | None = None
        FromPort: int | None = None
        ToPort: int | None = None
        Groups: dict[str, Group] = {}
        IpRanges: dict[str, Range] = {}

    class Request(BaseModel):
        Action: str
        Version: str
        GroupId: str | None = None
        GroupName: str | None = None
        IpPermissions: dict[str, Permission] = {}

    def parse(text: str) -> object:
        root: dict[str, Any] = {}
        for name, value in parse_qsl(text, keep_blank_values=True):
            node = root
            *outer, last = name.split(".")
            for segment in outer:
                node = node.setdefault(segment, {})
            node[last] = value
        return Request.model_validate(root)

    return parse
