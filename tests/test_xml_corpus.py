"""Documents that others recorded or wrote: responses of ours decode to their meaning, the rest is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ec2codec import (
    ActionResponse,
    DescribeSecurityGroupsResponse,
    EnvelopeError,
    Error,
    ErrorResponse,
    Response,
    check_response,
    decode,
    decode_response,
    encode_response,
)
from ec2codec.response_schemas import RESPONSE_SCHEMAS
from material import SHARED_DATA, parameters, records

# Roots that are no response of ours: other actions, and an error document of another service.
NOT_OURS = {"CreateSecurityGroupResponse", "DeleteSecurityGroupResponse", "Error"}
# What an SDK calls what the document calls otherwise; the rest differs by the case of the first letter.
SDK_NAMES = {
    "groupDescription": "Description",
    "groups": "UserIdGroupPairs",
    "revokedSecurityGroupRuleSet": "RevokedSecurityGroupRules",
    "securityGroupInfo": "SecurityGroups",
    "securityGroupRuleSet": "SecurityGroupRules",
    "tagSet": "Tags",
    "unknownIpPermissionSet": "UnknownIpPermissions",
}


def documents() -> Iterator[dict[str, Any]]:
    for pattern in ("*/xml/*.xml", "botocore/response_parsing/*.xml", "zf1/http/*.http"):
        for path in sorted(SHARED_DATA.glob(pattern)):
            text = path.read_bytes()
            if path.suffix == ".http":
                text = re.split(rb"\r?\n\r?\n", text, maxsplit=1)[1]
            yield {"id": str(path.relative_to(SHARED_DATA)), "text": text}


def root_of(text: bytes) -> str:
    """Name of the root element, found without a parser of ours."""
    match = re.search(rb"<([A-Za-z]+)", text)
    assert match is not None
    return match[1].decode()


DOCUMENTS = list(documents())
OURS = [document for document in DOCUMENTS if root_of(document["text"]) not in NOT_OURS]
OTHERS = [document for document in DOCUMENTS if root_of(document["text"]) in NOT_OURS]
EXCHANGES = list(records("moto/exchanges.jsonl"))
ERRORS = list(records("errors-misc/error_documents.jsonl"))


def sdk_structure(value: Any) -> Any:
    """What a response Schema dumps, with the names that SDKs use; empty lists left out."""
    if isinstance(value, dict):
        named = {SDK_NAMES.get(name, name[0].upper() + name[1:]): item for name, item in value.items()}
        return {name: sdk_structure(item) for name, item in named.items() if item != []}
    return [sdk_structure(item) for item in value] if isinstance(value, list) else value


def parsed_by_us(response: Response) -> Any:
    dumped = RESPONSE_SCHEMAS[response.root]().dump(response)
    return sdk_structure({name: item for name, item in dumped.items() if name not in ("@xmlns", "requestId")})


def elements(text: bytes) -> list[str]:
    return sorted(re.findall(r"<([A-Za-z0-9]+)(?:\s[^>]*)?>([^<]*[^<\s][^<]*)<", text.decode()))


@pytest.mark.parametrize("document", parameters(OURS))
def test_document_decodes_and_nothing_of_it_is_lost(document: dict[str, Any]) -> None:
    text: bytes = document["text"]

    response = decode_response(text)

    again = encode_response(response)
    assert type(response).root == root_of(text)
    assert check_response(text, request=None) == ()
    assert response.unknown == ()
    assert response == decode_response(again)
    assert elements(text) == elements(again.encode())


@pytest.mark.parametrize("document", parameters(OURS))
def test_document_decodes_as_text_and_with_other_line_ends(document: dict[str, Any]) -> None:
    text: str = document["text"].decode()

    response = decode_response(document["text"])

    assert response == decode_response(text) == decode_response(text.replace("\n", "\r\n"))


@pytest.mark.parametrize("document", parameters(OURS))
def test_document_cut_short_is_refused(document: dict[str, Any]) -> None:
    text: bytes = document["text"].rstrip()

    for end in {1, len(text) // 3, len(text) // 2, len(text) - 1}:
        with pytest.raises(EnvelopeError) as caught:
            decode_response(text[:end])
        assert ["E501"] == [violation.rule for violation in caught.value.violations]


@pytest.mark.parametrize("document", parameters(OTHERS))
def test_document_of_another_action_is_no_response_of_ours(document: dict[str, Any]) -> None:
    with pytest.raises(EnvelopeError) as caught:
        decode_response(document["text"])

    assert ["E502"] == [violation.rule for violation in caught.value.violations]


def test_answers_say_true(shared_data: Callable[[str], Path]) -> None:
    shared_data("MANIFEST.tsv")
    responses = [decode_response(document["text"]) for document in OURS]

    answers = [response for response in responses if isinstance(response, ActionResponse)]
    assert len(answers) >= 15
    assert {answer.return_ for answer in answers} == {True}


def test_description_has_the_groups_that_botocore_reads(shared_data: Callable[[str], Path]) -> None:
    folder = shared_data("botocore/response_parsing")
    expected = json.loads((folder / "ec2-describe-security-groups.json").read_text(encoding="utf-8"))

    response = decode_response((folder / "ec2-describe-security-groups.xml").read_bytes())

    assert response.request_id == expected.pop("ResponseMetadata")["RequestId"]
    assert parsed_by_us(response) == without_empty_lists(expected)


def without_empty_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_empty_lists(item) for name, item in value.items() if item != []}
    return [without_empty_lists(item) for item in value] if isinstance(value, list) else value


def test_error_is_what_botocore_reads(shared_data: Callable[[str], Path]) -> None:
    folder = shared_data("botocore/response_parsing")
    expected = json.loads((folder / "ec2-describe-instances-error.json").read_text(encoding="utf-8"))

    response = decode_response((folder / "ec2-describe-instances-error.xml").read_bytes())

    assert isinstance(response, ErrorResponse)
    assert {"Code": response.code, "Message": response.message} == expected["Error"]
    assert response.request_id == expected["ResponseMetadata"]["RequestId"]


def test_ports_that_openstack_leaves_empty_are_absent(shared_data: Callable[[str], Path]) -> None:
    path = shared_data("txaws/xml/sample_describe_security_groups_with_openstack.xml")

    response = decode_response(path.read_bytes())

    assert isinstance(response, DescribeSecurityGroupsResponse)
    named, empty = response.security_group_info[0].ip_permissions
    assert (named.ip_protocol, named.from_port, named.to_port) == ("tcp", 22, 22)
    assert (empty.ip_protocol, empty.from_port, empty.to_port) == (None, None, None)
    assert empty.groups[0].group_name == "WebServers"
    assert empty.ip_ranges == ()


@pytest.mark.parametrize("exchange", parameters(EXCHANGES))
def test_response_of_moto_is_what_botocore_parsed(exchange: dict[str, Any]) -> None:
    request = decode(exchange["body"], profile=None)

    response = decode_response(exchange["response"], request=request)

    assert check_response(exchange["response"], request=request) == ()
    assert response == decode_response(encode_response(response))
    assert response.version == "2016-11-15"
    if isinstance(response, ErrorResponse):
        assert {"Error": {"Code": response.code, "Message": response.message}} == exchange["parsed"]
    else:
        assert parsed_by_us(response) == without_empty_lists(exchange["parsed"])


@pytest.mark.parametrize("record", parameters(ERRORS))
def test_error_document_has_code_message_and_request_id(record: dict[str, Any]) -> None:
    error = Error(code=record["code"], message=record["message"] or None)

    response = decode_response(record["xml"])

    assert response == ErrorResponse(errors=(error,), request_id=record["request_id"] or None)
    assert elements(record["xml"].encode()) == elements(encode_response(response).encode())
