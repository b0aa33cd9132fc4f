"""What a misspelt name was meant to be."""

import pytest

from ec2codec.suggest import MAX_LENGTH, nearest

NAMES = ("GroupId", "GroupName", "IpPermissions", "FromPort")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("groupid", "GroupId"),
        ("GroupID", "GroupId"),
        ("IpPermission", "IpPermissions"),
        ("FromPorts", "FromPort"),
        ("FormPort", "FromPort"),
        ("FromPrt", "FromPort"),
        ("FromXort", "FromPort"),
    ],
)
def test_one_slip_is_understood(text: str, meant: str) -> None:
    assert meant == nearest(text, NAMES)


@pytest.mark.parametrize("text", ["", "Bogus", "Port", "x" * MAX_LENGTH, "F" * (MAX_LENGTH + 1)])
def test_other_words_mean_nothing(text: str) -> None:
    assert nearest(text, NAMES) is None


def test_letter_case_alone_is_nearer_than_a_slip() -> None:
    assert "ab" == nearest("AB", ("a", "ab"))
