"""The grammar of parameter names."""

import pytest

from ec2codec import names


@pytest.mark.parametrize(
    "name", ["Action", "IpPermissions.1.Groups.2.GroupId", "IpPermissions.2147483647.FromPort"]
)
def test_name_reads_as_it_was_written(name: str) -> None:
    assert name == names.format_name(names.parse_name(name))


def test_indexes_are_numbers_in_a_path() -> None:
    assert ("IpPermissions", 10, "FromPort") == names.parse_name("IpPermissions.10.FromPort")


@pytest.mark.parametrize(
    "segment", ["0", "01", "-1", "+1", " 1", "1 ", "1\n", "", "²", "١", "１", "foo", "2147483648", "9" * 4000]
)
def test_everything_but_1_to_2147483647_is_no_index(segment: str) -> None:
    assert not names.is_index(segment)


@pytest.mark.parametrize("segment", ["1", "10", "2147483647"])
def test_positive_decimal_numbers_are_indexes(segment: str) -> None:
    assert names.is_index(segment)


@pytest.mark.parametrize(
    ("wire", "attribute"),
    [
        ("FromPort", "from_port"),
        ("Groups", "groups"),
        ("SecurityGroupRuleId", "security_group_rule_id"),
        ("CidrIpv6", "cidr_ipv6"),
        ("Ipv6Ranges", "ipv6_ranges"),
    ],
)
def test_attribute_is_the_wire_name_in_snake_case(wire: str, attribute: str) -> None:
    assert attribute == names.snake_case(wire)


@pytest.mark.parametrize(
    "name",
    [
        "Signature",
        "signature",
        "AWSAccessKeyId",
        "X-Amz-signature",
        "Signature.1",
        " SecurityToken",
        "Cookie",
        "Signatur",
        "amp;Signature",
        "SecretAccessKey",
        "aws_secret_access_key",
        "AWSSecretKey",
        "SessionToken",
        "access_token",
        "Token",
        "Password",
        "Proxy-Authorization",
        "X-Api-Key",
        "client_secret",
    ],
)
def test_secrets_are_known_in_any_spelling(name: str) -> None:
    assert names.is_secret(name)


@pytest.mark.parametrize("name", ["GroupId", "SignatureMethod", "Timestamp", "X-Amz-Date", "ClientToken"])
def test_other_parameters_are_no_secrets(name: str) -> None:
    assert not names.is_secret(name)
