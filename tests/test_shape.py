"""The wire shape as it is read from the Schemas, and what it says of names."""

import pytest
from marshmallow import Schema, fields, validate

from ec2codec.fields import Indexed, Parameter
from ec2codec.rules.subjects import Sent
from ec2codec.scalars import INTEGER, TEXT
from ec2codec.schemas import BaseSchema, RevokeSecurityGroupEgressSchema, RevokeSecurityGroupIngressSchema
from ec2codec.shape import MAX_CACHED_NAME, Structure, _find, members_of, read, resolve

INGRESS = read(RevokeSecurityGroupIngressSchema())
EGRESS = read(RevokeSecurityGroupEgressSchema())


def resolved(name: str, *, shape: Structure = INGRESS, version: str = "2011-12-15") -> Sent:
    sent = Sent(name, "x", 0)
    resolve(shape, sent, version)
    return sent


def test_name_has_its_path_and_its_type() -> None:
    sent = resolved("IpPermissions.2.FromPort")

    assert (sent.path, sent.scalar, sent.misfit) == (("IpPermissions", 2, "FromPort"), INTEGER, None)


@pytest.mark.parametrize(
    "path", [path for path, member in members_of(INGRESS) if member.since <= "2016-11-15"]
)
def test_every_member_is_found_by_its_name(path: tuple[str | int, ...]) -> None:
    assert path == resolved(".".join(map(str, path)), version="2016-11-15").path


@pytest.mark.parametrize(
    ("name", "misfit", "meant"),
    [
        ("Bogus", "unknown", None),
        ("", "unknown", None),
        ("groupid", "unknown", "GroupId"),
        ("Item.1.IpProtocol", "unknown", "IpPermissions.1.IpProtocol"),
        ("IpPermissions.1.ipprotocol", "unknown", "IpPermissions.1.IpProtocol"),
        ("IpPermissions.1.Bogus", "unknown", None),
        ("IpPermissions.1.UserIdGroupPairs.1.GroupId", "unknown", "IpPermissions.1.Groups.1.GroupId"),
        ("IpPermissions.1.Groups.1.Groupname", "unknown", "IpPermissions.1.Groups.1.GroupName"),
        ("IpPermissions.1.IpRanges.1.CidrIP", "unknown", "IpPermissions.1.IpRanges.1.CidrIp"),
        ("IpPermissions.1.CidrIp", "unknown", "IpPermissions.1.IpRanges.1.CidrIp"),
        ("IpPermissions.member.1.IpProtocol", "unknown", "IpPermissions.1.IpProtocol"),
        ("IpPermissions.0.ipprotocol", "unknown", "IpPermissions.1.IpProtocol"),
        ("IpPermissions.0.IpProtocol", "index", "IpPermissions.1.IpProtocol"),
        ("IpPermissions.02.IpProtocol", "index", "IpPermissions.2.IpProtocol"),
        ("IpPermissions.².IpProtocol", "index", "IpPermissions.1.IpProtocol"),
        ("IpPermissions.IpProtocol", "index", "IpPermissions.1.IpProtocol"),
        ("IpPermissions..IpProtocol", "index", "IpPermissions.1.IpProtocol"),
        ("IpPermissions.IpRanges.1.CidrIp", "index", "IpPermissions.1.IpRanges.1.CidrIp"),
        ("IpPermissions.2147483648.IpProtocol", "index", "IpPermissions.1.IpProtocol"),
        ("IpPermissions.0", "index", "IpPermissions.1"),
        ("IpPermissions", "misplaced", None),
        ("IpPermissions.1", "misplaced", None),
        ("IpPermissions.1.IpRanges.1", "misplaced", "IpPermissions.1.IpRanges.1.CidrIp"),
        ("GroupId.1", "misplaced", "GroupId"),
        ("Action.x", "misplaced", "Action"),
    ],
)
def test_name_without_a_place_says_why_and_what_was_meant(name: str, misfit: str, meant: str | None) -> None:
    sent = resolved(name)

    assert (misfit, meant) == (sent.misfit, sent.meant)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("GroupName", "GroupId"),
        ("CidrIp", "IpPermissions.1.IpRanges.1.CidrIp"),
        ("IpProtocol", "IpPermissions.1.IpProtocol"),
        ("SourceSecurityGroupName", "IpPermissions.1.Groups.1"),
    ],
)
def test_egress_knows_what_ingress_parameters_mean_there(name: str, meant: str) -> None:
    sent = resolved(name, shape=EGRESS)

    assert ("unknown", meant) == (sent.misfit, sent.meant)


@pytest.mark.parametrize(
    ("name", "since"),
    [
        ("IpPermissions.1.Ipv6Ranges.1.CidrIpv6", "2016-11-15"),
        ("IpPermissions.1.PrefixListIds.1.PrefixListId", "2015-04-15"),
        ("IpPermissions.1.Groups.1.VpcId", "2015-10-01"),
        ("IpPermissions.1.IpRanges.1.Description", "2016-11-15"),
        ("DryRun", "2013-08-15"),
        ("SecurityGroupRuleId.1", "2016-11-15"),
    ],
)
def test_parameter_is_unknown_before_its_version(name: str, since: str) -> None:
    before, then = resolved(name), resolved(name, version=since)

    assert ("unknown", since) == (before.misfit, before.since)
    assert then.misfit is None


def test_response_member_is_in_no_request() -> None:
    assert resolved("IpPermissions.1.Groups.1.PeeringStatus", version="2016-11-15").misfit == "unknown"


def test_path_of_a_misfit_ends_where_it_goes_wrong() -> None:
    assert resolved("IpPermissions.2.Bogus").path == ("IpPermissions", 2)


class Validated(BaseSchema):
    Port = Parameter(INTEGER, "", source="", validate=validate.Range(0))


class Foreign(Schema):
    Port = fields.Integer()


class ForeignItem(BaseSchema):
    Ports = Indexed(fields.Integer(), "", source="")  # type: ignore[arg-type]


@pytest.mark.parametrize("schema", [Validated, Foreign, ForeignItem])
def test_what_cannot_be_read_is_refused(schema: type[Schema]) -> None:
    with pytest.raises(TypeError):
        read(schema())


def test_lists_of_scalars_are_read() -> None:
    class Names(BaseSchema):
        Name = Indexed(Parameter(TEXT, "", source=""), "", source="")

    assert [path for path, _ in members_of(read(Names()))] == [("Name", 1)]


def test_long_names_are_not_kept_in_memory() -> None:
    before = _find.cache_info().currsize

    resolved("IpPermissions.1." + "x" * MAX_CACHED_NAME)

    assert before == _find.cache_info().currsize
