"""Requests that others wrote or recorded decode to their meaning and are encoded back, or a row says why not.

What a source expects is what that source's system does. Where ours differs, a row below names the reason.
"""

from __future__ import annotations

from typing import Any

import pytest

import ec2codec
from ec2codec import Codec, DecodeError, Violation
from material import ABSENT, needs_material, parameters, records, wire_names

DEFAULT, NEWEST = "2011-12-15", "2016-11-15"
# What a fragment lacks.
ACTION, TARGET = "RevokeSecurityGroupIngress", ("GroupId", "sg-1a2b3c4d")

# Pairs that do not decode to their meaning even under profile None, and the rules that say so.
REFUSED_IN_TRANSLATION = {
    "goamz-2": {"E101"},  # egress by GroupName: the service answers UnknownParameter (timkay/aws#103)
    "nova-x02": {"E201"},  # an address in FromPort; a reject in the source, too
    "nova-x08": {"E201"},  # a blank in FromPort; a reject in the source, too
    "nova-x09": {"E201"},
}
# Members of 2016-11-15 that the source sends without saying its Version or marking the pair.
SENT_WITHOUT_VERSION = {"libcloud-4"}

# Pairs that their source takes and DOCUMENTED refuses: the rules, and why.
ACCEPTED_ELSEWHERE = {
    "canon-1": ({"E204"}, "a made-up id, sg-1"),
    "doc16-ai-3": ({"E204"}, "the document's own example has an id of six digits"),
    "doc16-ri-3": ({"E204"}, "the document's own example has an id of six digits"),
    "goamz-2": ({"E101"}, "egress by GroupName"),
    "goamz-5": ({"E406"}, "no permission: the source notes that EC2 would reject"),
    "goamz-7": ({"E204"}, "variables of the source stand where ids belong"),
    "goamz-8": ({"E204"}, "variables of the source stand where ids belong"),
    "goform-1": ({"E204"}, "a made-up id, sg-test"),
    "goform-2": ({"E303"}, "tcp without ports: a test of order alone"),
    "goform-4": ({"E403", "E406"}, "an empty form: EC2 wants a target and a permission"),
    "jclouds-01": ({"E206"}, "a made-up owner, sourceUser"),
    "jclouds-02": ({"E206"}, "a made-up owner, sourceUser"),
    "jclouds-28": ({"E206"}, "a made-up owner, sourceUser"),
    "jclouds-29": ({"E206"}, "a made-up owner, sourceUser"),
    "jclouds-30": ({"E206"}, "a made-up owner, sourceUser"),
    "jclouds-31": ({"E206"}, "a made-up owner, sourceUser"),
    "txaws-authorize-2": ({"E204"}, "a made-up id of twelve digits"),
    "txaws-revoke-2": ({"E204"}, "a made-up id of six digits"),
}

PAIRS = list(records("*/wire_pairs*.jsonl"))


def parameters_of(pair: dict[str, Any]) -> list[tuple[str, str]]:
    """The parameters of a pair as they came, with what a fragment lacks."""
    items = [("Action", pair["action"] or ACTION), ("Version", pair["version"]), *pair["params"].items()]
    if "fragment" in pair["tags"]:
        items.append(TARGET)
    return [(name, value) for name, value in items if value is not None]


def version_of(pair: dict[str, Any]) -> str:
    """The version to assume for a pair that names none."""
    newer = "2016-only" in pair["tags"] or pair["id"] in SENT_WITHOUT_VERSION
    return NEWEST if newer else DEFAULT


def errors(violations: tuple[Violation, ...]) -> set[str]:
    return {violation.rule for violation in violations if violation.severity == "error"}


def is_zero_based(pair: dict[str, Any]) -> bool:
    return "index-base-0" in pair["tags"]


def chosen(*, expect: str | None = None, translated: bool = True) -> list[Any]:
    """Parameter sets of the pairs that one test is about."""
    return parameters(
        [
            pair
            for pair in PAIRS
            if expect in (None, pair["expect"])
            and not (translated and ("params" not in pair or is_zero_based(pair)))
        ]
    )


def _meaning_is_decoded(pair: dict[str, Any]) -> Any:
    codec = Codec(profile=None, version=version_of(pair))
    dumped = codec.dump(codec.decode(parameters_of(pair)))
    expected = {"Action": pair["action"] or ACTION, "Version": pair["version"] or version_of(pair)}
    if "fragment" in pair["tags"]:
        expected.update([TARGET])
    return {**expected, **wire_names(pair["meaning"])}, dumped


@pytest.mark.parametrize("pair", chosen())
def test_a_pair_decodes_to_its_meaning(pair: dict[str, Any]) -> None:
    if pair["id"] in REFUSED_IN_TRANSLATION:
        with pytest.raises(DecodeError) as caught:
            _meaning_is_decoded(pair)

        assert REFUSED_IN_TRANSLATION[pair["id"]] == errors(caught.value.violations)
        return

    expected, actual = _meaning_is_decoded(pair)

    assert expected == actual


@pytest.mark.parametrize("pair", chosen())
def test_a_pair_is_encoded_back_to_its_parameters(pair: dict[str, Any]) -> None:
    if pair["id"] in REFUSED_IN_TRANSLATION:
        return
    codec = Codec(profile=None, version=version_of(pair))
    sent = dict(parameters_of(pair))
    sent.setdefault("Version", version_of(pair))

    encoded = codec.encode_params(codec.decode(parameters_of(pair)))

    assert sorted(sent.items()) == sorted(encoded)


@pytest.mark.parametrize("pair", chosen())
def test_no_pair_says_what_its_source_says_is_absent(pair: dict[str, Any]) -> None:
    names = {name for name, _ in parameters_of(pair)}

    absent = set(pair.get("must_absent", ()))

    assert absent.isdisjoint(names)


@pytest.mark.parametrize("pair", chosen(expect="accept"))
def test_an_accepted_pair_checks_out_or_its_row_says_why_not(pair: dict[str, Any]) -> None:
    expected, _ = ACCEPTED_ELSEWHERE.get(pair["id"], (set(), ""))

    actual = errors(Codec(version=version_of(pair)).check(parameters_of(pair)))

    assert expected == actual


@pytest.mark.parametrize("pair", chosen(expect="reject", translated=False))
def test_a_rejected_pair_gets_an_error(pair: dict[str, Any]) -> None:
    found = errors(ec2codec.check(parameters_of(pair) if "params" in pair else pair["raw"]))

    # What only the state of the account tells is outside a codec's knowledge.
    assert ("state-dependent" in pair["tags"]) != bool(found)


# Error codes that sources recorded, and the platform on which EC2 gave them.
RECORDED_CODES = {"goamz-6": "classic"}


@pytest.mark.parametrize("pair", chosen(expect="reject"))
def test_a_recorded_error_code_is_among_ours(pair: dict[str, Any]) -> None:
    if "error_code" not in pair or "state-dependent" in pair["tags"]:
        return
    platform = RECORDED_CODES[pair["id"]]

    codes = {violation.code for violation in ec2codec.check(parameters_of(pair), platform=platform)}

    assert pair["error_code"] in codes


@pytest.mark.parametrize("profile", [None, "observed", "documented"])
@pytest.mark.parametrize(
    "pair", parameters([pair for pair in PAIRS if pair["expect"] == "ambiguous" or is_zero_based(pair)])
)
def test_an_ambiguous_or_zero_based_pair_loses_no_parameter(
    pair: dict[str, Any], profile: str | None
) -> None:
    codec = Codec(profile=profile, version=version_of(pair))
    query = dict(parameters_of(pair))

    refused = {v.location for v in codec.check(query) if v.severity == "error" and v.location in query}
    rest = {name: value for name, value in query.items() if name not in refused}
    translate = Codec(profile=None, version=version_of(pair))
    held = {name for name, _ in translate.encode_params(translate.decode(rest))}

    assert query.keys() <= refused | held
    assert refused.isdisjoint(held - {"Version"})


@needs_material
def test_a_zero_based_pair_is_never_taken_silently() -> None:
    zero_based = [pair for pair in PAIRS if is_zero_based(pair)]

    loud = [pair for pair in zero_based if "E102" in errors(ec2codec.check(parameters_of(pair)))]

    assert zero_based == loud
    assert len(loud) >= 20


# Structured cases: what a client was given, without the wire text.
def _nova_request(case: dict[str, Any]) -> dict[str, Any]:
    """An EC2 request of a test of OpenStack's, whose IpRanges are bare texts."""
    request: dict[str, Any] = {"Action": "AuthorizeSecurityGroupIngress", "Version": DEFAULT}
    if "missing_group_name_or_id" not in case["origin"]:
        request["GroupName"] = "websrv"
    flat = {name: text.partition("|")[0] for name, text in case.get("flat", {}).items() if name != "Groups"}
    groups = case.get("flat", {}).get("Groups", ())
    permissions = [
        {**item, "IpRanges": [{"CidrIp": cidr} for cidr in item.get("IpRanges", ())]}
        for item in case.get("IpPermissions", [{**flat, "Groups": groups}] if groups else ())
    ]
    return {**request, **({} if groups else flat), "IpPermissions": permissions}


# By id: the errors under DOCUMENTED; what OpenStack takes and EC2 does not is E206 and E301 to E303.
NOVA = {
    "nova-s1": set(),
    "nova-s2": {"E206"},  # owners of OpenStack are names
    "nova-s3": {"E206"},  # and no rule of 3xx is shown a permission of which something was refused
    "nova-s4": {"E206"},  # rejected for the state alone there
    "nova-s5": {"E406"},
    "nova-s6": {"E403", "E406"},
    "nova-s7": {"E206"},
    "nova-s8": {"E408"},
}
NOVA_CASES = list(records("openstack-nova/structured_cases.jsonl"))


@pytest.mark.parametrize("case", parameters(NOVA_CASES))
def test_a_structured_case_of_openstack_gets_its_verdict(case: dict[str, Any]) -> None:
    structure = _nova_request(case)

    actual = errors(_verdict(Codec(), structure))

    assert NOVA[case["id"]] == actual


def _verdict(codec: Codec, structure: dict[str, Any]) -> tuple[Violation, ...]:
    try:
        request = codec.load(structure)
    except ec2codec.EncodeError as error:
        return error.violations
    return codec.check(request)


RUBY = {
    "ruby1-7": {"E315"},  # a source group by name on egress, which only VPCs have
    "ruby1-11": {"E203", "E204"},  # the SDK does not look into CIDR ranges
}
RUBY_CASES = [
    {**case, "id": f"{case['id']}-{action}", "action": action}
    for case in records("aws-sdk-ruby/structured_cases.jsonl")
    for action in case["actions"]
]


@pytest.mark.parametrize("case", parameters(RUBY_CASES))
def test_a_structured_case_of_ruby_is_encoded_and_decoded(case: dict[str, Any]) -> None:
    codec = Codec(profile=None)
    structure = {"Action": case["action"], "Version": DEFAULT, **wire_names(case["input"])}

    decoded = codec.decode(codec.encode(codec.load(structure)))

    assert structure == codec.dump(decoded)


@pytest.mark.parametrize("case", parameters(RUBY_CASES))
def test_a_structured_case_of_ruby_breaks_no_rule_but_those_of_its_made_up_ids(case: dict[str, Any]) -> None:
    structure = {"Action": case["action"], "Version": DEFAULT, **wire_names(case["input"])}
    # Its ids are "id", "foo", "<other>" and its owners "bar"; a permission with one is not judged further.
    made_up = {"E204", "E206"}

    actual = errors(_verdict(Codec(), structure))

    assert RUBY.get(case["id"].rpartition("-")[0], set()) - made_up == actual - made_up


# Exchanges of boto3 with moto, which takes what EC2 refuses.
MOTO = {
    # DescribeSecurityGroups answers id, name and owner, and these tests send it back: spinnaker#918.
    "moto-012": {"E313"},
    "moto-015": {"E313"},
    "moto-018": {"E313"},
    "moto-019": {"E313"},
    "moto-028": {"E313"},
    "moto-032": {"E313"},
    "moto-037": {"E313"},
    "moto-041": {"E313"},
    # CIDR ranges and source groups in one permission: the service takes them, the document does not.
    "moto-051": {"E311"},
    "moto-052": {"E311"},
    "moto-053": {"E311"},
    "moto-054": {"E311"},
    # 1.0.0.0/0, 2.0.0.0/0 and so on, on egress: in a VPC all of them are 0.0.0.0/0.
    "moto-033": {"E410"},
    "moto-042": {"E410"},
    "moto-082": {"E202"},  # "TCP": the service folds the case, the document does not (OBSERVED takes it)
    "moto-068": {"E305"},  # ports 24982 to 7359
}
EXCHANGES = list(records("moto/exchanges.jsonl"))


@pytest.mark.parametrize("exchange", parameters(EXCHANGES))
def test_a_body_that_boto3_sent_decodes_to_what_it_was_given(exchange: dict[str, Any]) -> None:
    codec = Codec(profile=None)
    expected = {"Action": exchange["operation"], "Version": exchange["api_version"]}

    request = codec.decode(exchange["body"])

    assert {**expected, **_with_wire_form(wire_names(exchange["params"]))} == codec.dump(request)


def _with_wire_form(value: Any) -> Any:
    """*value* without empty lists and structures, for which boto3 sends nothing."""
    if isinstance(value, dict):
        items = ((name, _with_wire_form(item)) for name, item in value.items())
        return {name: item for name, item in items if item not in ([], {})}
    if isinstance(value, list):
        return [item for item in map(_with_wire_form, value) if item != {}]
    return value


@pytest.mark.parametrize("exchange", parameters([e for e in EXCHANGES if e["status"] == 200]))
def test_an_exchange_that_moto_accepted_checks_out_or_its_row_says_why_not(exchange: dict[str, Any]) -> None:
    actual = errors(ec2codec.check(exchange["body"]))

    assert MOTO.get(exchange["id"], set()) == actual


# What the real service did, reworded from public threads: the request, platform and code; None: no error.
_TCP = "IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=22&IpPermissions.1.ToPort=22"
_CIDR = "IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"
_AUTHORIZE = "Action=AuthorizeSecurityGroupIngress&Version=2011-12-15&GroupId=sg-1a2b3c4d"
_REVOKE = "Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=sg-1a2b3c4d"
FACTS = {
    "issue-01": (f"{_AUTHORIZE}&Item.1.IpProtocol=tcp&Item.1.ToPort=443", "any", "UnknownParameter"),
    # The service said MissingParameter and applied the nested half; the contract refuses the mixture.
    "issue-03": (f"{_AUTHORIZE}&CidrIp=10.0.0.0/8&{_TCP}&{_CIDR}", "any", "InvalidParameterCombination"),
    # Silent no-ops: the service said true and did nothing.
    "issue-05": (f"{_AUTHORIZE}&IpProtocol=udp&FromPort=500&ToPort=500", "any", "MissingParameter"),
    "issue-07": (f"{_AUTHORIZE}&IpProtocol=tcp&FromPort=2500&ToPort=2500", "any", "MissingParameter"),
    "issue-09": (
        f"{_AUTHORIZE}&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.ToPort=22&{_CIDR}",
        "classic",
        "InvalidPermission.Malformed",
    ),
    "issue-11": (f"{_AUTHORIZE}&IpPermissions.1.IpProtocol=icmp&{_CIDR}", "vpc", "InvalidParameterValue"),
    "issue-13": (
        f"Action=RevokeSecurityGroupIngress&Version=2011-12-15&{_TCP}&{_CIDR}",
        "any",
        "MissingParameter",
    ),
    "issue-15": (
        f"{_AUTHORIZE}&{_TCP}&IpPermissions.1.Groups.1.GroupId=sg-2a2b3c4d&IpPermissions.1.Groups.1.GroupName=a",
        "any",
        "InvalidParameterCombination",
    ),
    "issue-17": (f"{_REVOKE}&{_TCP}&IpPermissions.1.IpRanges.1=10.0.0.0/8", "any", "InvalidRequest"),
    "issue-19": (
        f"{_REVOKE}&{_TCP}&IpPermissions.1.Groups.1.UserId=123456789012&IpPermissions.1.Groups.1.GroupName=a",
        "any",
        None,
    ),
    "issue-21": (
        f"{_AUTHORIZE}&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=22&{_CIDR}",
        "vpc",
        "InvalidParameterValue",
    ),
}


@pytest.mark.parametrize("fact", parameters(list(records("issues-facts/facts.jsonl"))))
def test_a_fact_from_an_issue_thread_is_our_verdict(fact: dict[str, Any]) -> None:
    query, platform, expected = FACTS[fact["id"]]

    codes = [v.code for v in ec2codec.check(query, platform=platform) if v.severity == "error"]

    assert ([] if expected is None else [expected]) == sorted(set(codes), key=str)


@pytest.mark.skipif(not PAIRS, reason=ABSENT)
def test_no_row_of_the_tables_is_stale() -> None:
    known = {pair["id"] for pair in PAIRS}
    exchanges = {exchange["id"] for exchange in EXCHANGES}

    assert set() == {*REFUSED_IN_TRANSLATION, *SENT_WITHOUT_VERSION, *ACCEPTED_ELSEWHERE} - known
    assert set() == MOTO.keys() - exchanges
