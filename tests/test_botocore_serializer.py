"""Our encoder against botocore's own serializer, byte for byte once the pairs are sorted."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader  # type: ignore[import-untyped]
from botocore.model import ServiceModel  # type: ignore[import-untyped]
from botocore.serialize import create_serializer  # type: ignore[import-untyped]
from botocore.utils import percent_encode_sequence  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from ec2codec import Codec, Request, RevokeSecurityGroupIngress
from ec2codec.schemas import SCHEMAS
from material import sdk_names, wire_names
from strategies import requests

# Those that botocore ships and that changed a permission.
MODELS = ("2014-09-01", "2015-04-15", "2015-10-01", "2016-11-15")
CODEC = Codec()


@cache
def service(version: str) -> ServiceModel:
    description = Loader().load_service_model("ec2", "service-2", version)
    return ServiceModel(description, "ec2")


def serialized_by_botocore(request: Request) -> list[str]:
    """The escaped pairs that botocore sends for a request."""
    members: dict[str, Any] = sdk_names(CODEC.dump(request))
    operation = service(members.pop("Version")).operation_model(members.pop("Action"))
    serializer = create_serializer("ec2", include_validation=True)
    body: dict[str, str] = serializer.serialize_to_request(members, operation)["body"]
    return sorted(percent_encode_sequence(body).split("&"))


@pytest.mark.parametrize("version", MODELS)
@given(data=st.data())
@settings(max_examples=75)
def test_encode_writes_what_botocore_writes(version: str, data: st.DataObject) -> None:
    request = data.draw(requests(version=version).filter(_has_place_in_botocore))

    query = CODEC.encode(request)

    assert serialized_by_botocore(request) == sorted(query.split("&"))


def _has_place_in_botocore(request: Request) -> bool:
    # The deprecated top-level UserId is in the documents only, and in no model of AWS's.
    return getattr(request, "user_id", None) is None


@given(requests(version="2016-11-15").filter(_has_place_in_botocore))
@settings(max_examples=50)
def test_decode_reads_what_botocore_writes(request: Request) -> None:
    query = "&".join(serialized_by_botocore(request))

    decoded = CODEC.decode(query)

    assert request == decoded


EXAMPLES = "botocore/examples-securitygroup.json"
# The id of this example ends in a blank; the service is not known to take it.
BLANK = {"sg-123abc12 "}


def test_the_examples_that_aws_wrote_for_botocore_are_encoded_as_it_does(
    shared_data: Callable[[str], Path],
) -> None:
    examples = json.loads(shared_data(EXAMPLES).read_text(encoding="utf-8"))
    translate = Codec(profile=None, version="2016-11-15")
    inputs = [(action, example["input"]) for action in SCHEMAS for example in examples.get(action, ())]

    for action, members in inputs:
        structure = {"Action": action, "Version": "2016-11-15", **wire_names(members)}
        request = translate.load(structure)

        assert serialized_by_botocore(request) == sorted(translate.encode(request).split("&"))
        refused = {v.value for v in CODEC.check(request) if v.severity == "error"}
        assert refused <= BLANK
    assert len(inputs) >= 5


def test_names_of_botocore_and_of_the_wire_are_each_others_inverse() -> None:
    structure = {"IpPermissions": [{"Groups": [{"GroupId": "sg-1a2b3c4d"}]}], "SecurityGroupRuleId": ["x"]}

    assert structure == wire_names(sdk_names(structure))


def test_a_request_without_permission_passes_botocore_and_fails_check() -> None:
    request = RevokeSecurityGroupIngress(version="2016-11-15", group_id="sg-1a2b3c4d")

    expected = ["Action=RevokeSecurityGroupIngress", "GroupId=sg-1a2b3c4d", "Version=2016-11-15"]

    pairs = serialized_by_botocore(request)
    (violation,) = CODEC.check(request)

    assert expected == pairs
    assert violation.rule == "E406"
