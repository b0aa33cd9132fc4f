"""The examples in the rules' docstrings run: each fires its rule, there, and nothing else."""

from typing import Any

import pytest

from ec2codec import RULES, Codec, Rule, Violation
from ec2codec.rule import Example

pytestmark = pytest.mark.usefixtures("both_paths")

CASES = [(rule, example) for rule in RULES.values() for example in rule.examples]


def fired(example: Example) -> tuple[Violation, ...]:
    options: dict[str, Any] = dict(example.options)
    request = options.pop("request", None)
    codec = Codec(**options)
    if example.text.startswith("<"):
        return codec.check_response(example.text, request=request)
    return codec.check(example.text)


@pytest.mark.parametrize(("rule", "example"), CASES, ids=[f"{r.id}-{e.text[-60:]}" for r, e in CASES])
def test_example_fires_its_rule_there_and_nothing_else(rule: Rule, example: Example) -> None:
    expected = [] if example.rule is None else [(example.rule, example.location)]

    assert expected == [(violation.rule, violation.location) for violation in fired(example)]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_rule_has_a_passing_and_a_failing_example(rule: Rule) -> None:
    verdicts = {example.rule for example in rule.examples}

    assert {None, rule.id} == verdicts


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_rule_says_its_law_and_its_source(rule: Rule) -> None:
    assert rule.doc
    assert rule.source
    assert rule.doc.splitlines()[0].endswith((".", "."))
    assert rule.severity == {"E": "error", "W": "warning"}[rule.id[0]]


def test_ids_and_names_are_those_of_the_contract() -> None:
    expected = """
        E101 unknown-parameter E102 malformed-index E103 repeated-parameter E104 misplaced-value
        W105 index-gap E106 empty-value E107 malformed-encoding E108 too-large
        E201 malformed-integer E202 unknown-protocol E203 malformed-cidr E204 malformed-group-id
        E205 malformed-group-name E206 malformed-user-id W207 host-bits-set E208 malformed-boolean
        E209 malformed-ipv6-cidr E210 malformed-description E211 malformed-resource-id
        E301 protocol-required E302 protocol-not-on-classic E303 ports-required E304 port-out-of-range
        E305 port-range-reversed E306 icmp-out-of-range W307 icmp-all-types-one-code
        E308 all-protocols-with-ports W309 ports-ignored E310 source-required E311 cidr-or-group
        E312 source-group-unnamed E313 source-group-named-twice E314 source-owner-required
        E315 vpc-source-by-name W316 classic-source-by-id
        E401 action-unknown E402 version-unknown E403 target-required E404 target-named-twice
        E405 vpc-target-by-name E406 permission-required E407 forms-mixed E408 flat-form-incomplete
        E409 flat-sources-mixed E410 grant-repeated W411 user-id-deprecated W412 name-looks-like-id
        E413 timestamp-and-expires W414 version-assumed W415 placeholder
        E501 malformed-xml E502 unknown-envelope E503 malformed-return E504 malformed-error
        W505 namespace-differs
    """.split()

    assert expected == [word for rule in RULES.values() for word in (rule.id, rule.name)]
