"""How the compiled path is built: what it keeps, what it calls, what it shows."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from commanding import run
from ec2codec import RULES, Codec, DecodeError, Platform, Profile, RevokeSecurityGroupIngress, model
from ec2codec.compiled import Abstain, Compiled, forms, kept, kinds, law, layout, source_of, unrolled, writing
from ec2codec.compiled.items import Items, in_order, items_at
from ec2codec.compiled.kept import Kept
from ec2codec.compiled.parts import gather
from ec2codec.compiled.source import quick_name, scalars, structures
from ec2codec.docket import binding
from ec2codec.fields import Parameter
from ec2codec.model import IpPermission
from ec2codec.policy import Policy
from ec2codec.reference import Reference
from ec2codec.rule import Found, rule
from ec2codec.rules.subjects import Header, Limits
from ec2codec.scalars import GROUP_ID, INTEGER
from ec2codec.schemas import SCHEMAS, RevokeSecurityGroupIngressSchema
from ec2codec.shape import read

GOLDEN = Path(__file__).parent.parent / "fixtures" / "compiled" / "source.txt"
SHAPES = {action: read(schema()) for action, schema in SCHEMAS.items()}
HEAD = "Action=RevokeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1a2b3c4d"
QUERY = HEAD + "&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0%2F8"


def compiled_of(codec: Codec) -> Compiled:
    compiled = codec._compiled or codec._warm_up() or codec._warm_up()
    assert compiled is not None
    return compiled


def test_source_is_the_one_that_was_reviewed() -> None:
    # To take a change over: ec2codec explain --source > fixtures/compiled/source.txt
    assert GOLDEN.read_text("utf-8") == run("explain", "--source").stdout


def test_source_of_one_action_can_be_seen() -> None:
    source = run("explain", "--source", "RevokeSecurityGroupEgress").stdout

    assert source == source_of(SHAPES["RevokeSecurityGroupEgress"])
    assert "def make_RevokeSecurityGroupEgress(" in source
    assert "TagSpecification" not in source


@pytest.mark.parametrize("arguments", [("--source", "RevokeSecurityGroup"), ()])
def test_explain_wants_a_rule_or_an_action(arguments: tuple[str, ...]) -> None:
    result = run("explain", *arguments)

    assert 2 == result.exit_code
    assert "expected" in result.stderr


def test_tests_of_all_types_have_names_of_their_own() -> None:
    names = {
        (quick_name(rule_id, member.scalar), member.scalar.name)
        for shape in SHAPES.values()
        for structure in structures(shape)
        for member in scalars(structure)
        for rule_id in (*member.scalar.rules, "trusted")
    }

    assert len({test for test, _ in names}) == len(names)


def test_traceback_shows_the_generated_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str) -> Any:
        raise ZeroDivisionError

    codec = Codec()
    monkeypatch.setitem(RULES, "E204", replace(RULES["E204"], quick=lambda scalar, policy: broken))

    with pytest.raises(ZeroDivisionError) as caught:
        codec.decode(QUERY)

    # A bug is no abstention: it is raised, and its place can be read.
    assert "if not E204_security_group_id(v2):" in "".join(traceback.format_exception(caught.value))


@pytest.fixture
def new_rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """RULES, to which a test may add."""
    kept = dict(RULES)
    yield
    RULES.clear()
    RULES.update(kept)
    binding.cache_clear()


@pytest.mark.usefixtures("new_rules")
@pytest.mark.parametrize("subject", ["permission", "group", "request", "sent", "pair", "flat", "flat group"])
def test_a_new_rule_is_one_function(subject: str) -> None:
    def judge_permission(permission: IpPermission, policy: object) -> Iterator[Found]:
        """A law."""
        yield Found("IpProtocol", "new")

    def judge_group(group: object, policy: object) -> Iterator[Found]:
        """A law."""
        yield Found("UserId", "new")

    def judge_request(request: object, policy: object) -> Iterator[Found]:
        """A law."""
        yield Found("GroupId", "new")

    def judge_sent(sent: Any, policy: object) -> Iterator[Found]:
        """A law."""
        if sent.value == "sg-1a2b3c4d":
            yield Found("", "new")

    def judge_pair(pair: Any, policy: object) -> Iterator[Found]:
        """A law."""
        if pair.value == "sg-1a2b3c4d":
            yield Found("", "new")

    judges = {
        "permission": judge_permission,
        "flat": judge_permission,
        "group": judge_group,
        "flat group": judge_group,
        "request": judge_request,
        "sent": judge_sent,
        "pair": judge_pair,
    }
    queries = {
        "group": HEAD + "&IpPermissions.1.IpProtocol=-1&IpPermissions.1.Groups.1.GroupId=sg-2a2b3c4d",
        "flat": HEAD + "&IpProtocol=tcp&FromPort=1&ToPort=2&CidrIp=10.0.0.0/8",
        "flat group": HEAD + "&SourceSecurityGroupName=web&SourceSecurityGroupOwnerId=123456789012",
    }
    query = queries.get(subject, QUERY)
    assert () == Codec().check(query)

    rule("E199", "new", code="New", source="this test")(judges[subject])
    binding.cache_clear()
    compiled = compiled_of(Codec())

    with pytest.raises(Abstain):
        compiled.decode(query)
    with pytest.raises(Abstain):
        compiled.write(Codec(profile=None).decode(query))


@pytest.mark.usefixtures("new_rules")
def test_a_new_rule_that_is_content_stops_nothing() -> None:
    def content(permission: object, policy: object) -> Iterator[Found]:
        """A law."""
        yield from ()

    rule("E199", "new", source="this test")(content)
    binding.cache_clear()
    compiled = compiled_of(Codec())

    request = compiled.decode(QUERY)

    assert Codec(compiled=False).decode(QUERY) == request
    assert Codec().encode_params(request) == compiled.write(request)


def test_a_new_parameter_is_one_line_and_its_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Mirrored(RevokeSecurityGroupIngress):
        priority: int | None = None
        owner: str | None = None

    class MirroredSchema(RevokeSecurityGroupIngressSchema):
        structure = Mirrored
        Priority = Parameter(INTEGER, "New.", source="this test")
        Owner = Parameter(GROUP_ID, "New.", source="this test")

    monkeypatch.setattr(model, "Mirrored", Mirrored, raising=False)
    schemas: Any = {"RevokeSecurityGroupIngress": MirroredSchema()}
    reference = Reference(schemas, platform=Platform.ANY, profile=Profile.DOCUMENTED)
    compiled = Compiled(reference, Limits())

    request = compiled.decode(QUERY + "&Priority=7&Owner=sg-2a2b3c4d")

    assert isinstance(request, Mirrored)
    assert (7, "sg-2a2b3c4d") == (request.priority, request.owner)
    with pytest.raises(Abstain):
        compiled.decode(QUERY + "&Priority=7&Owner=web")


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Kept()

    known.keep(("x",) * (kept.MAX_KEPT_LENGTH + 1), 1)
    for number in range(kept.MAX_KEPT // 2 + 1):
        known.keep((str(number), "x"), number)

    assert 1 == len(known)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (kinds, "MAX_KINDS"),
        (writing, "MAX_KINDS"),
        (forms, "MAX_HEADERS"),
        (forms, "MAX_LAWS"),
        (writing, "MAX_LAWS"),
    ],
)
def test_what_is_learnt_is_bounded(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    monkeypatch.setattr(module, name, 1)
    codec = Codec()
    queries = [
        QUERY.replace("2016-11-15", version).replace("IpProtocol=-1", f"IpProtocol={protocol}")
        for version in ("2011-12-15", "2013-02-01", "2016-11-15")
        for protocol in ("-1", "50", "51")
    ]

    requests = [compiled_of(codec).decode(query) for query in queries * 2]

    assert [Codec(compiled=False).decode(query) for query in queries * 2] == requests
    assert all(compiled_of(codec).write(request) for request in requests)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "Action=x",
        "Version=2016-11-15",
        HEAD + "&GroupId=sg-1a2b3c4d",
        HEAD + "&IpPermissions.0.IpProtocol=-1",
        HEAD + "&IpPermissions.2147483647.IpProtocol=-1&IpPermissions.2147483648.IpProtocol=-1",
        HEAD + "&SecurityGroupRuleId.1=sgr-1a2b3c4d&SecurityGroupRuleId.1.x=sgr-2a2b3c4d",
        QUERY + "&IpPermissions.x.IpProtocol=-1",
        QUERY + "&Signature=",
        QUERY + "&Signature=%zz",
        QUERY + "&AUTHPARAMS=x",
        QUERY + "&UserId=%00",
        QUERY + "&IpPermissions.1.IpRanges.2.CidrIp=10.0.0.0%2F8",
        QUERY.replace("2016-11-15", "2016-11-16"),
    ],
)
def test_it_abstains(query: str) -> None:
    compiled = compiled_of(Codec())

    for _ in range(2):
        with pytest.raises(Abstain):
            compiled.decode(query)


WARNED = [
    (HEAD + "&IpPermissions.2.IpProtocol=-1&IpPermissions.2.IpRanges.1.CidrIp=10.0.0.0/8", "W105", False),
    (HEAD + "&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.2.CidrIp=10.0.0.0/8", "W105", False),
    (QUERY.replace("10.0.0.0", "10.0.0.1"), "W207", True),
    (QUERY + "&IpPermissions.1.FromPort=0&IpPermissions.1.ToPort=0", "W309", False),
    (QUERY + "&UserId=123456789012", "W411", False),
    (QUERY.replace("GroupId=sg-1a2b3c4d", "GroupName=sg-1a2b3c4d"), "W412", False),
    (QUERY.replace("&Version=2016-11-15", ""), "W414", True),
    (QUERY.replace("2016-11-15", "2009-08-15"), "W414", True),
]


@pytest.mark.parametrize(("query", "rule_id", "told"), WARNED)
def test_it_decodes_what_is_warned_of_and_tells_of_common_warnings(
    query: str, rule_id: str, told: bool
) -> None:
    compiled = compiled_of(Codec())
    request, violations = Codec(compiled=False).judge(query)

    for _ in range(2):
        assert compiled.decode(query) == request
        if told:
            assert (request, violations) == compiled.judge(query)
        else:
            with pytest.raises(Abstain):
                compiled.judge(query)
    assert {rule_id} == {violation.rule for violation in violations}


def test_warnings_stand_in_the_order_of_the_reference_path() -> None:
    query = QUERY.replace("2016-11-15", "2009-08-15").replace("10.0.0.0", "10.0.0.1")
    queries = [query, "&".join(reversed(query.split("&"))), query.replace("&Version=2009-08-15", "")]

    for text in queries:
        assert Codec(compiled=False).check(text) == compiled_of(Codec()).judge(text).violations


def test_known_layout_with_other_values_is_judged_anew() -> None:
    compiled = compiled_of(Codec(max_value=40, max_bytes=400, max_parameters=5))
    compiled.decode(QUERY)

    for slip in ("10.0.0.0%2F33", "", "%", "+", "\x00", "10.0.0.0%2F8" * 9):
        with pytest.raises(Abstain):
            compiled.decode(QUERY.replace("10.0.0.0%2F8", slip))
    with pytest.raises(Abstain):
        compiled.decode(QUERY + "&UserId=x")


def test_escapes_are_undone_wherever_they_stand() -> None:
    query = QUERY.replace("%2F", "%2f") + "&UserId=a%26b+%3D%25"
    codec = Codec(profile=None)

    requests = [codec.decode(text) for text in (query, query, query.replace(".1.", "%2E1."), "?" + query)]

    assert {"a&b =%"} == {getattr(request, "user_id", None) for request in requests}
    assert 1 == len(set(requests))


def test_what_may_be_empty_without_a_profile_is_kept() -> None:
    codec = Codec(profile=None)
    query = QUERY.replace("GroupId=sg-1a2b3c4d", "GroupName=") + "&AUTHPARAMS"

    request = compiled_of(codec).decode(query)

    assert "" == getattr(request, "group_name", None)
    assert {"AUTHPARAMS": ""} == request.auth


def test_bytes_are_read_like_text() -> None:
    codec = Codec()

    assert codec.decode(QUERY) == codec.decode(QUERY.encode()) == codec.decode(bytearray(QUERY.encode()))
    with pytest.raises(DecodeError):
        codec.decode(QUERY.encode() + b"&UserId=\xff")


def test_codec_survives_pickle() -> None:
    codec = Codec(platform="vpc")
    codec.decode(QUERY)

    again = pickle.loads(pickle.dumps(codec))

    assert codec.decode(QUERY) == compiled_of(again).decode(QUERY)


def test_without_a_compiled_path_there_is_none() -> None:
    codec = Codec(compiled=False)

    assert codec.encode(codec.decode(QUERY)) == QUERY
    assert () == codec.check(QUERY)
    assert codec._compiled is None


def test_first_question_is_answered_without_the_compiled_path_and_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Codec, "_asked", False)
    codec = Codec()
    first = codec.decode(QUERY)

    assert codec._compiled is None
    assert first == codec.decode(QUERY)
    assert isinstance(codec._compiled, Compiled)


LONG = HEAD + "".join(
    f"&IpPermissions.{n}.IpProtocol=-1&IpPermissions.{n}.IpRanges.1.CidrIp=10.{n >> 8}.{n & 255}.0%2F24"
    for n in range(1, 201)
)
RANGES = HEAD + "&IpPermissions.1.IpProtocol=-1"
RANGES += "".join(f"&IpPermissions.1.IpRanges.{n}.CidrIp=10.0.{n}.0%2F24" for n in range(1, 41))
TAGS = (
    QUERY.replace("Revoke", "Authorize")
    + "&TagSpecification.1.ResourceType=security-group-rule"
    + "&TagSpecification.1.Tag.1.Key=a&TagSpecification.1.Tag.1.Value=b"
)
BY_ID = HEAD + "&SecurityGroupRuleId.1=sgr-1a2b3c4d&SecurityGroupRuleId.2=sgr-2a2b3c4d"
BACKWARDS = "&".join(reversed(LONG.split("&")))
# By column: all protocols, then all ranges; and one where another parameter stands between an item's names.
SCATTERED = "&".join(sorted(LONG.split("&"), key=lambda pair: pair.count(".")))
INTERRUPTED = LONG.replace("&IpPermissions.90.IpRanges", "&DryRun=true&IpPermissions.90.IpRanges")
UNLIKE = LONG.replace("&IpPermissions.90.IpProtocol=-1", "&IpPermissions.90.IpProtocol=50", 1).replace(
    "IpPermissions.91.IpRanges.1.CidrIp=10.0.91.0%2F24",
    "IpPermissions.91.Groups.1.GroupId=sg-2a2b3c4d",
)


TYPELESS = TAGS.replace("&TagSpecification.1.ResourceType=security-group-rule", "")
PAIR = QUERY + "&IpPermissions.2.IpProtocol=-1&IpPermissions.2.Groups.1.GroupId=sg-2a2b3c4d"


@pytest.mark.parametrize("most", [0, 512])
@pytest.mark.parametrize(
    "query",
    [QUERY, LONG, RANGES, TAGS, BY_ID, BACKWARDS, SCATTERED, INTERRUPTED, UNLIKE, TYPELESS, PAIR],
)
def test_every_layout_makes_what_the_reference_path_makes(
    monkeypatch: pytest.MonkeyPatch, query: str, most: int
) -> None:
    monkeypatch.setattr(layout, "MAX_UNROLLED", most)

    made = compiled_of(Codec()).decode(query)

    assert Codec(compiled=False).decode(query) == made


def calls_of(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> list[object]:
    """Fills with what a method is called with, from now on."""
    calls: list[object] = []
    method = getattr(owner, name)

    def called(*given: Any) -> Any:
        calls.append(given)
        return method(*given)

    monkeypatch.setattr(owner, name, called)
    return calls


def test_what_has_no_place_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = compiled_of(Codec())
    queries = [
        QUERY.replace("IpProtocol", "Protocol").replace("Revoke", verb) for verb in ("Revoke", "Authorize")
    ]
    asked = calls_of(monkeypatch, layout.Layouts, "lay_out")

    for query in queries * 2:
        with pytest.raises(Abstain):
            compiled.decode(query)

    assert 2 == len(asked)


def test_a_kind_that_breaks_a_rule_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = compiled_of(Codec())
    judged = calls_of(monkeypatch, law.Law, "judge_kind")

    for _ in range(2):
        with pytest.raises(Abstain):
            compiled.decode(QUERY.replace("IpProtocol=-1", "IpProtocol=tcp"))

    assert 1 == len(judged)


def layout_source(path_: str, *names: str) -> str:
    """The source for a structure of the shape that has these names."""
    bound = law.Law(SHAPES["RevokeSecurityGroupIngress"], Policy(version="2016-11-15"))
    structure = next(made for made in structures(bound.root) if made.name == path_)
    return unrolled.source_of_layout(structure, gather(structure, names, bound), bound)


def test_a_header_that_is_refused_is_no_matter_of_warnings() -> None:
    bound = law.Law(SHAPES["RevokeSecurityGroupIngress"], Policy(version="2016-11-15"))

    with pytest.raises(Abstain):
        bound.judge_header(Header("RevokeSecurityGroup", None, tuple(SHAPES), "2016-11-15"))


@pytest.mark.parametrize("description", ["a%20b", "a%3D%26b", "x%2Fy", "a%3D"])
def test_what_is_written_is_escaped_as_the_reference_path_does(description: str) -> None:
    query = QUERY + f"&IpPermissions.1.IpRanges.1.Description={description}"
    codec = Codec()
    request = codec.decode(query)

    assert query == codec.encode(request) == compiled_of(codec).encode(request)
    assert Codec(compiled=False).encode_params(request) == codec.encode_params(request)


def test_items_whose_names_only_count_on_are_found_in_one_piece() -> None:
    names = [f"IpPermissions.{n}.{tail}" for n in range(3, 50) for tail in ("IpProtocol", "FromPort")]

    found = items_at(["GroupId", *names, "IpPermissions.50.IpProtocol"], 1, "IpPermissions", "3")

    assert Items(3, ["IpProtocol", "FromPort"], [1, 2], 47) == found


def test_items_whose_names_do_not_stand_together_are_put_together() -> None:
    pieces = [Items(1, ["a"], [0], 3), Items(3, ["b"], [3]), Items(2, ["c"], [4])]

    assert [Items(1, ["a"], [0]), Items(2, ["a", "c"], [1, 4]), Items(3, ["a", "b"], [2, 3])] == in_order(
        pieces
    )


def test_source_of_a_layout_calls_nothing_for_its_items() -> None:
    source = layout_source("IpPermission", "IpRanges.1.CidrIp", "ToPort")

    assert "    v0, v1, = values\n" in source
    assert "    made1.cidr_ip = v0\n" in source
    assert "    made2.to_port = v1\n" in source
    assert "    made2.ip_ranges = (made1, )\n" in source


def test_source_of_a_layout_calls_what_reads_a_listed_scalar() -> None:
    source = layout_source("RevokeSecurityGroupIngress", "SecurityGroupRuleId.1")

    assert "(make_SecurityGroupRuleId(v0), )" in source
