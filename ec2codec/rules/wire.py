"""Rules 1xx: names, indexes, repetition, encoding and size of what came over the wire."""

from __future__ import annotations

from collections.abc import Iterator

from ec2codec.errors import Certainty, quoted
from ec2codec.policy import Policy
from ec2codec.rule import Found, rule
from ec2codec.rules.subjects import RESPONSE_ONLY, Indexes, Measure, Pair, Sent

API = "API Reference 2011-12-15, RevokeSecurityGroupIngress"


def _hint(sent: Sent, policy: Policy) -> str:
    if sent.since == RESPONSE_ONLY:
        return "; only responses have it"
    if sent.since is not None:
        return f"; Version {sent.since} brought it, this is {policy.version}"
    return f"; did you mean {quoted(sent.meant)}?" if sent.meant else ""


@rule(
    "E101",
    "unknown-parameter",
    code="UnknownParameter",
    translating=True,
    source=f"{API}; text: aws-cli#48, timkay/aws#103",
    by_kind=True,
)
def unknown_parameter(sent: Sent, policy: Policy) -> Iterator[Found]:
    """Every name belongs to the action and to the API version, letter for letter.

    A name that the service does not know is not sent in vain only: a rule that it was to narrow may be
    wider without it. SDKs call the source groups UserIdGroupPairs, the wire calls them Groups; ".member."
    belongs to another protocol; egress actions take neither GroupName nor the flat form.

    Okay: &IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=22&IpPermissions.1.ToPort=22
        &IpPermissions.1.Groups.1.GroupId=sg-2a2b3c4d
    E101 IpPermissions.1.UserIdGroupPairs.1.GroupId: &IpPermissions.1.IpProtocol=tcp
        &IpPermissions.1.FromPort=22&IpPermissions.1.ToPort=22
        &IpPermissions.1.UserIdGroupPairs.1.GroupId=sg-2a2b3c4d
    E101 IpPermissions.member.1.IpProtocol: &IpPermissions.member.1.IpProtocol=tcp
    E101 DryRun: &DryRun=true&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E101 CidrIp: Action=RevokeSecurityGroupEgress&Version=2011-12-15&GroupId=sg-1a2b3c4d&CidrIp=10.0.0.0/8
    """
    if sent.misfit == "unknown":
        # The service names the first segment alone; what it says of a member is not recorded.
        shown = quoted(sent.name if sent.path else sent.name.partition(".")[0])
        certainty: Certainty = "ours" if sent.path else "recorded"
        yield Found("", f"The parameter {shown} is not recognized", certainty, hint=_hint(sent, policy))


@rule(
    "E102",
    "malformed-index",
    code="UnknownParameter",
    translating=True,
    source="EC2 protocol of the AWS SDKs: lists count from 1; no leading zeros is our choice",
    by_kind=True,
)
def malformed_index(sent: Sent, policy: Policy) -> Iterator[Found]:
    """An index is 1 to 2147483647, in ASCII digits without leading zero.

    jclouds counts from 0, and servers that loop from 1 drop what it sends without a word.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E102 IpPermissions.0.IpProtocol: &IpPermissions.0.IpProtocol=-1
    E102 IpPermissions.01.IpProtocol: &IpPermissions.01.IpProtocol=-1
    E102 IpPermissions.².IpProtocol: &IpPermissions.%C2%B2.IpProtocol=-1
    E102 IpPermissions.IpProtocol: &IpPermissions.IpProtocol=-1
    """
    if sent.misfit == "index":
        message = f"The parameter {quoted(sent.name)} is not recognized: an index is 1 to 2147483647"
        yield Found("", message, hint=_hint(sent, policy))


@rule(
    "E103",
    "repeated-parameter",
    code="InvalidParameterCombination",
    translating=True,
    source="our choice; txAWS: a parameter may only be specified once",
    by_kind=True,
)
def repeated_parameter(sent: Sent, policy: Policy) -> Iterator[Found]:
    """No name comes twice, however it is escaped.

    One server takes the first value, another the last: two readings of one request are a way around filters.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E103 IpPermissions.1.IpProtocol: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpProtocol=tcp
        &IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E103 IpPermissions.1.IpProtocol: &IpPermissions.1.IpProtocol=-1&IpPermissions%2E1.IpProtocol=-1
    """
    if sent.times > 1:
        yield Found("", f"The parameter {quoted(sent.name)} may only be specified once")


@rule(
    "E104",
    "misplaced-value",
    code="InvalidRequest",
    translating=True,
    source="aws-sdk-java pull request 2; smithy#2269 (List=)",
    by_kind=True,
)
def misplaced_value(sent: Sent, policy: Policy) -> Iterator[Found]:
    """A list item or structure has its leaf, and a scalar has none.

    SDKs of 2022 to 2024 sent an empty list as "IpPermissions="; the Java SDK 1.2.8 left ".CidrIp" away.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E104 IpPermissions.1.IpRanges.1: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1=10.0.0.0/8
    E104 IpPermissions: &IpPermissions=
    E104 GroupId.1: Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId.1=sg-1a2b3c4d
        &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    if sent.misfit == "type":
        hint = f"; expected text, got {type(sent.value).__name__}"
        yield Found("", "The request received was invalid", hint=hint)
    elif sent.misfit == "misplaced":
        hint = _hint(sent, policy) or "; a list or structure has no value of its own"
        # The service was seen to say this of lists and items without leaf, not of scalars with one.
        scalar = sent.meant is not None and sent.name.startswith(f"{sent.meant}.")
        yield Found("", "The request received was invalid", "ours" if scalar else "recorded", hint=hint)


@rule("W105", "index-gap", source="semantics 1.2: txAWS ignores gaps, moto stops at the first")
def index_gap(indexes: Indexes, policy: Policy) -> Iterator[Found]:
    """Indexes run 1, 2, 3, and so on.

    botocore sends gaps for empty items, and some servers drop everything after one. Nothing is lost here;
    encoding closes the gap.

    Okay: &IpPermissions.2.IpProtocol=-1&IpPermissions.2.IpRanges.1.CidrIp=10.0.0.0/8
        &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.1.0.0/16
    W105 IpPermissions.4: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
        &IpPermissions.4.IpProtocol=-1&IpPermissions.4.IpRanges.1.CidrIp=10.1.0.0/16
    W105 IpPermissions.1.IpRanges.2: &IpPermissions.1.IpProtocol=-1
        &IpPermissions.1.IpRanges.2.CidrIp=10.0.0.0/8
    """
    for index in sorted(indexes.held):
        if index > 1 and index - 1 not in indexes.seen:
            yield Found(str(index), f"no item {index - 1} before this one: some servers stop at the gap")


@rule(
    "E106",
    "empty-value",
    code="InvalidParameterValue",
    translating=True,
    source="text: gatling-aws-maven-plugin#24",
    by_kind=True,
)
def empty_value(sent: Sent, policy: Policy) -> Iterator[Found]:
    """No value is empty, but that of a tag.

    An empty text is not an absent one: the service looks for a group without name.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E106 GroupId: Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=
        &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E106 IpPermissions.1.FromPort: &IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=
        &IpPermissions.1.ToPort=22&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    if not isinstance(sent.value, str) or sent.value or sent.may_be_empty:
        return
    if policy.profile is None and (sent.scalar is None or sent.scalar.python is str):
        return
    leaf = sent.name.rpartition(".")[2]
    name = leaf[:1].lower() + leaf[1:]
    yield Found("", f"Value () for parameter {name} is invalid. The value cannot be empty", "recorded")


_FAULTS = {
    "escape": ("MalformedQueryString", "expected two hexadecimal digits after every %"),
    "utf-8": ("InvalidCharacter", "expected UTF-8"),
    "character": ("InvalidCharacter", "expected characters that XML 1.0 can carry"),
    "type": ("InvalidCharacter", "expected text"),
}


@rule(
    "E107",
    "malformed-encoding",
    code="InvalidCharacter",
    others=("MalformedQueryString",),
    translating=True,
    source="RFC 3986, section 2.1; XML 1.0, production 2; error codes of the EC2 API",
    by_kind=True,
)
def malformed_encoding(pair: Pair, policy: Policy) -> Iterator[Found]:
    """Escapes are whole, bytes are UTF-8, and every character is one that XML 1.0 can carry.

    What the answer could not carry back is refused; a replacement character would make two values one.

    Okay: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0%2F8
    E107 IpPermissions.1.IpProtocol: &IpPermissions.1.IpProtocol=tc%zz
    E107 IpPermissions.1.IpProtocol: &IpPermissions.1.IpProtocol=%FF
    E107 IpPermissions.1.IpProtocol: &IpPermissions.1.IpProtocol=a%00b
    E107 -: &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8&%zz=1
    """
    if pair.fault is not None:
        code, message = _FAULTS[pair.fault]
        subject = f"value of {quoted(pair.name)}" if pair.name else "a parameter name"
        yield Found("", f"{subject}: {message}", code=code)


@rule(
    "E108",
    "too-large",
    code="InvalidRequest",
    translating=True,
    source="our choice, with the reasons beside the constants in ec2codec.rules.subjects",
)
def too_large(measure: Measure, policy: Policy) -> Iterator[Found]:
    """A request keeps the limits: bytes of text, number of parameters, characters of a value.

    Over one of them the whole input is refused; cutting would judge another request than the service's.

    Okay (max_parameters=5): &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E108 - (max_parameters=4): &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E108 - (max_value=9): &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    E108 - (max_bytes=99): &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
    """
    limits = measure.limits
    for actual, limit, unit in (
        (measure.size, limits.max_bytes, "bytes"),
        (measure.parameters, limits.max_parameters, "parameters"),
        (measure.longest, limits.max_value, "characters in one value"),
    ):
        if actual > limit:
            yield Found("", f"expected at most {limit:,} {unit}, got {actual:,}")
