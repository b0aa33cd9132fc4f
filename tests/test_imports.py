"""What `import ec2codec` brings along, and what it leaves for those who use it."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

import ec2codec

QUERY = (
    "Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=sg-1a2b3c4d&IpPermissions.1.IpProtocol=tcp"
    "&IpPermissions.1.FromPort=22&IpPermissions.1.ToPort=22&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"
)
LEFT_OUT = (
    "backports",
    "click",
    "dpkt",
    "ec2codec.captures",
    "ec2codec.cli",
    "ec2codec.envelope",
    "ec2codec.plain",
    "ec2codec.reports",
    "ec2codec.responses",
    "ec2codec.strategies",
    "ec2codec.verdict",
    "ec2codec.xml",
    "hypothesis",
    "jinja2",
    "pyexpat",
    "xmltodict",
    "yaml",
)


def loaded_by(program: str) -> set[str]:
    """Names of the modules that a fresh process has loaded in the end, and of the packages they are in."""
    shown = subprocess.run(
        [sys.executable, "-c", f"import sys\n{program}\nprint(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return set(shown.stdout.split())


def test_who_decodes_a_request_loads_nothing_for_anything_else() -> None:
    loaded = loaded_by(f"import ec2codec\nec2codec.decode({QUERY!r})\nec2codec.check('Action=')")

    assert "marshmallow" in loaded
    assert set() == loaded & set(LEFT_OUT)


def test_who_reads_a_response_loads_xml_and_the_responses() -> None:
    loaded = loaded_by("import ec2codec\nec2codec.check_response('')")

    assert {"xmltodict", "ec2codec.responses"} <= loaded
    assert "click" not in loaded


def test_error_for_a_refused_request_needs_no_xml() -> None:
    loaded = loaded_by(
        "import ec2codec\ntry:\n    ec2codec.decode('')\nexcept ec2codec.DecodeError as error:\n"
        "    assert error.to_response().code == 'MissingAction'"
    )

    assert "ec2codec.responses" in loaded
    assert "xmltodict" not in loaded


def test_every_public_name_is_there() -> None:
    assert set(ec2codec.__all__) <= set(dir(ec2codec))
    for name in ec2codec.__all__:
        assert getattr(ec2codec, name) is not None


def test_name_that_is_not_public_is_not_there() -> None:
    with pytest.raises(AttributeError, match="module 'ec2codec' has no attribute 'Describe'"):
        ec2codec.Describe  # noqa: B018


def test_without_hypothesis_the_strategies_say_how_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "ec2codec.strategies", raising=False)
    monkeypatch.setitem(sys.modules, "hypothesis", None)

    with pytest.raises(ModuleNotFoundError, match=r"pip install 'ec2codec\[fuzz\]'") as caught:
        import_module("ec2codec.strategies")

    assert "hypothesis" == caught.value.name
