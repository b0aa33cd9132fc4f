"""What a labelled request says of itself."""

from __future__ import annotations

import pytest

from ec2codec import RULES
from ec2codec.labelled import Labelled
from ec2codec.rule import Example

EXAMPLES = [example for rule in RULES.values() for example in rule.examples]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.text[-60:])
def test_a_label_is_judged_under_its_options(example: Example) -> None:
    case = Labelled(example.text, example.rule, None, example.location, example.options)

    said = [(violation.rule, violation.location) for violation in case.violations()]

    assert said == ([] if case.rule is None else [(case.rule, case.location)])


def test_documents_are_told_from_requests() -> None:
    assert Labelled("<Response/>", "E504", None, "", {}).is_document
    assert not Labelled("Action=RevokeSecurityGroupIngress", "E403", None, "", {}).is_document
