"""What the rules see: where the members of a permission stand, and which permissions are of one kind."""

from __future__ import annotations

import pytest

from ec2codec.model import IpPermission, IpRange
from ec2codec.rules.subjects import Placed, Sent, kind_of


def tcp(first: int | None, last: int | None, protocol: str | None = "tcp") -> IpPermission:
    return IpPermission(ip_protocol=protocol, from_port=first, to_port=last)


@pytest.mark.parametrize("mark", [-1, 0, 1, 256, 65535, 65536])
def test_a_port_below_a_mark_is_of_another_kind_than_the_mark(mark: int) -> None:
    below, at = kind_of(tcp(mark - 1, None)), kind_of(tcp(mark, None))

    assert below != at
    assert kind_of(tcp(None, mark - 1)) == below
    assert kind_of(tcp(None, mark)) == at


@pytest.mark.parametrize(("one", "other"), [(2, 255), (257, 65534), (65537, 70000), (-5, -2)])
def test_ports_between_two_marks_are_of_one_kind(one: int, other: int) -> None:
    assert kind_of(tcp(one, None)) == kind_of(tcp(other, None))
    assert kind_of(tcp(one, one)) == kind_of(tcp(one, other)) == kind_of(tcp(other, other))


def test_a_range_in_order_is_of_another_kind_than_one_reversed() -> None:
    assert kind_of(tcp(80, 90)) == kind_of(tcp(80, 80))
    assert kind_of(tcp(80, 90)) != kind_of(tcp(90, 80))


def test_a_kind_has_its_protocol_and_whether_there_is_a_port() -> None:
    assert kind_of(tcp(None, None)) != kind_of(tcp(2, None))
    assert kind_of(tcp(None, None)) != kind_of(tcp(None, None, "udp"))
    assert kind_of(tcp(2, 2)) != kind_of(tcp(2, 2, "udp"))


def test_a_parameter_has_no_room_for_what_it_does_not_declare() -> None:
    sent = Sent("GroupId", "sg-1a2b3c4d", 0)

    with pytest.raises(AttributeError):
        sent.missfit = "type"  # type: ignore[attr-defined] # misspelt on purpose


def test_a_member_of_the_nested_form_stands_behind_its_prefix() -> None:
    placed = Placed(IpPermission(), "IpPermissions.2.", {"Groups": (3, 7)})

    assert not placed.flat
    assert "IpPermissions.2.FromPort" == placed.name("FromPort")
    assert "IpPermissions.2" == placed.name("")
    assert ["Groups.3", "Groups.7"] == [placed.item("Groups", position) for position in (0, 1)]
    assert ["IpRanges.1", "IpRanges.2"] == [placed.item("IpRanges", position) for position in (0, 1)]


def test_a_member_of_the_flat_form_stands_alone() -> None:
    placed = Placed(IpPermission(ip_ranges=(IpRange(),)), "")

    assert placed.flat
    assert [
        "IpProtocol",
        "FromPort",
        "ToPort",
        "CidrIp",
        "SourceSecurityGroupName",
        "SourceSecurityGroupOwnerId",
    ] == [
        placed.name(member)
        for member in (
            "IpProtocol",
            "FromPort",
            "ToPort",
            placed.item("IpRanges", 0) + ".CidrIp",
            placed.item("Groups", 0) + ".GroupName",
            placed.item("Groups", 0) + ".UserId",
        )
    ]
