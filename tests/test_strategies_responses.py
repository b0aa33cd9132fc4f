"""Responses and their documents, and what `from_type` draws."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from ec2codec import Codec, ErrorResponse, Profile, Request, Response, check, model
from ec2codec import responses as response_model
from ec2codec.fields import Indexed, Structure
from ec2codec.labelled import Labelled
from ec2codec.model import IngressRequest
from ec2codec.plan import LISTS
from ec2codec.response_schemas import response_schemas
from ec2codec.responses import ActionResponse
from ec2codec.strategies import envelopes, responses
from ec2codec.strategies.markup import documents
from ec2codec.strategies.responses import of_root
from ec2codec.strategies.structures import ACTIONS
from sampling import drawn


@pytest.mark.parametrize("profile", [*Profile, None])
@given(data=st.data())
def test_law_6_decoding_gives_back_the_response_from_any_of_its_documents(
    data: st.DataObject, profile: Profile | None
) -> None:
    codec = Codec(profile=profile)
    response = data.draw(responses(profile=profile))

    assert response == codec.decode_response(codec.encode_response(response))
    assert response == codec.decode_response(data.draw(documents(response)))


@given(envelopes("RevokeSecurityGroupIngress", "2016-11-15"))
def test_envelopes_are_responses_to_the_action(text: str) -> None:
    response = Codec().decode_response(text, request="RevokeSecurityGroupIngress")

    assert response.root in ("RevokeSecurityGroupIngressResponse", "Response")


DOCUMENTS = {
    "a declaration": lambda text: text.startswith("<?xml"),
    "a byte order mark": lambda text: text.startswith("\ufeff"),
    "a prefix": lambda text: "<ec2:return>" in text,
    "CDATA": lambda text: "<![CDATA[" in text,
    "a character reference": lambda text: "&#x" in text,
    "a comment": lambda text: "<!--" in text,
    "an empty element": lambda text: "/>" in text,
    "an empty pair of tags": lambda text: "></" in text,
    "blanks around a boolean": lambda text: "<return> " in text,
    "a one for true": lambda text: ">1</" in text,
    "another name of the request id": lambda text: "<RequestID>" in text or "<requestID>" in text,
    "the return last": lambda text: "</requestId><return>" in text,
    "the return first": lambda text: "</return><requestId>" in text,
}


@pytest.mark.parametrize("what", DOCUMENTS)
def test_different_but_equal_documents_are_drawn(what: str) -> None:
    assert any(map(DOCUMENTS[what], successes()))


@cache
def successes() -> list[str]:
    return drawn(envelopes("RevokeSecurityGroupIngress", outcome="success"), 400)


def elements(schema: Any) -> set[str]:
    names = set()
    for name, declared in schema.by_name.items():
        inner = declared.item if isinstance(declared, Indexed) else declared
        names |= {name} | (elements(inner.schema) if isinstance(inner, Structure) else set())
    return names


@pytest.mark.parametrize("root", response_schemas(None))
def test_every_element_is_drawn(root: str) -> None:
    strategy = of_root(root)

    texts = "".join(Codec().encode_response(response) for response in drawn(strategy, 600))

    assert {name for name in elements(response_schemas(None)[root]) if f"<{name}>" in texts} == elements(
        response_schemas(None)[root]
    )


def test_elements_that_a_version_has_not_are_not_drawn() -> None:
    older = drawn(responses("RevokeSecurityGroupIngress", "2011-12-15", outcome="success"))

    assert {response.version for response in older} == {"2011-12-15"}
    assert not any(response.revoked_security_group_rule_set for response in older)


def test_outcome_chooses_between_success_and_error() -> None:
    both = drawn(responses("RevokeSecurityGroupIngress"))

    assert {isinstance(response, ErrorResponse) for response in both} == {False, True}
    assert all(isinstance(response, ErrorResponse) for response in drawn(responses(outcome="error")))
    assert not any(isinstance(response, ErrorResponse) for response in drawn(responses(outcome="success")))


def test_a_success_that_does_not_say_so_is_drawn_where_it_was_observed() -> None:
    def says_nothing(response: Response) -> bool:
        return isinstance(response, ActionResponse) and response.return_ is None

    assert any(map(says_nothing, drawn(responses(profile="observed"))))
    assert not any(map(says_nothing, drawn(responses())))


@pytest.mark.parametrize(
    ("choices", "text"),
    [
        ({"action": "RunInstances"}, "action: expected one of None, RevokeSecurityGroupIngress"),
        ({"version": "2016"}, "version: expected a date up to 2016-11-15, got '2016'"),
        ({"outcome": "maybe"}, "outcome: expected one of None, success, error, got 'maybe'"),
    ],
)
def test_choices_that_are_none_are_refused(choices: dict[str, Any], text: str) -> None:
    with pytest.raises(InvalidArgument, match=text):
        responses(**choices)


PARTS = [
    model.IpPermission,
    *(model.UserIdGroupPair, model.IpRange, model.Ipv6Range, model.PrefixListId),
    *(model.Tag, model.TagSpecification),
    *(response_model.SecurityGroup, response_model.SecurityGroupRule),
    *(response_model.RevokedSecurityGroupRule, response_model.ReferencedSecurityGroup, response_model.Error),
]
RESPONSES = [
    Response,
    ActionResponse,
    ErrorResponse,
    *(response_model.AuthorizeResponse, response_model.RevokeResponse),
    *(kind for kind in vars(response_model).values() if getattr(kind, "action", None)),
]


@pytest.mark.parametrize("kind", [Request, IngressRequest, *ACTIONS.values()])
@settings(max_examples=20)
@given(data=st.data())
def test_from_type_draws_requests_that_are_valid(data: st.DataObject, kind: type[Request]) -> None:
    request = data.draw(st.from_type(kind))

    assert isinstance(request, kind)
    assert not any(violation.severity == "error" for violation in check(request))


@pytest.mark.parametrize("kind", PARTS)
def test_from_type_draws_the_parts_of_requests_and_responses(kind: type[Any]) -> None:
    assert all(isinstance(part, kind) for part in drawn(st.from_type(kind), 10))


@pytest.mark.parametrize("kind", RESPONSES)
def test_from_type_draws_responses_that_can_be_encoded(kind: type[Response]) -> None:
    for response in drawn(st.from_type(kind), 20):
        assert isinstance(response, kind)
        assert Codec().encode_response(response)


def test_from_type_draws_grants_that_a_request_has() -> None:
    for grant in drawn(st.from_type(model.Grant), 20):
        (again,) = grants_of(grant)
        assert grant == again


def grants_of(grant: model.Grant) -> tuple[model.Grant, ...]:
    """What is granted by a permission that says what the grant says."""
    sources: dict[str, Any] = {LISTS[type(grant.source)]: (grant.source,)}
    permission = model.IpPermission(
        ip_protocol=grant.ip_protocol, from_port=grant.from_port, to_port=grant.to_port, **sources
    )
    return permission.grants(grant.direction, version="2016-11-15")


def test_from_type_draws_labelled_cases_that_are_as_they_say() -> None:
    for case in drawn(st.from_type(Labelled), 20):
        assert case.rule in {violation.rule for violation in case.violations()}


MODULES = ("registry", "ties", "markup")


def test_modules_can_be_imported_in_any_order() -> None:
    programs = [f"import ec2codec.strategies.{name}" for name in MODULES]
    programs.append("import hypothesis, ec2codec.strategies")

    runs = [subprocess.Popen([sys.executable, "-c", program]) for program in programs]

    assert [0] * len(programs) == [run.wait() for run in runs]
