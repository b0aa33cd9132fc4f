from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import ec2codec
from commanding import HEALTHY, REFUSED, WARNED, run

if TYPE_CHECKING:
    pass


def test_query_becomes_json() -> None:
    result = run("decode", f"https://ec2.amazonaws.com/?{HEALTHY}&Signature=x&AWSAccessKeyId=y")

    assert 0 == result.exit_code
    assert [("Action", "RevokeSecurityGroupIngress"), ("Version", "2012-03-01")] == list(
        json.loads(result.stdout).items()
    )[:2]
    assert {
        "Action": "RevokeSecurityGroupIngress",
        "Version": "2012-03-01",
        "GroupId": "sg-1a2b3c4d",
        "IpPermissions": [
            {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
        ],
    } == json.loads(result.stdout)
    assert "" == result.stderr


def test_query_may_come_from_standard_input() -> None:
    assert run("decode", HEALTHY).stdout == run("decode", stdin=HEALTHY + "\n").stdout


def test_refused_query_gives_its_violations() -> None:
    result = run("decode", REFUSED + "&X=1")

    assert 1 == result.exit_code
    assert "" == result.stdout
    assert [str(violation) for violation in ec2codec.check(REFUSED + "&X=1")] == result.stderr.splitlines()


def test_warnings_are_told_beside_the_json() -> None:
    result = run("decode", WARNED)

    assert 0 == result.exit_code
    assert result.stderr.startswith("Version: W414 ")


@pytest.mark.parametrize("stdin", [b"\xff\xfe", b"%zz", b"\0" * 100, b"&" * 100_000, b"x" * (9 << 20)])
def test_any_bytes_are_refused_politely(stdin: bytes) -> None:
    result = run("decode", stdin=stdin)

    assert 1 == result.exit_code
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.replace("\n", "").isprintable()


def test_platform_and_profile_reach_the_codec() -> None:
    by_name = HEALTHY.replace("GroupId=sg-1a2b3c4d", "GroupName=a")

    assert 0 == run("decode", by_name).exit_code
    assert 1 == run("decode", by_name, "--platform", "vpc").exit_code
    assert 0 == run("decode", by_name, "--platform", "vpc", "--profile", "none").exit_code


def test_json_becomes_a_query(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text("\ufeff" + run("decode", HEALTHY).stdout)

    assert HEALTHY + "\n" == run("encode", file).stdout
    assert HEALTHY + "\n" == run("encode", stdin=file.read_text()).stdout
    assert f"https://h/?{HEALTHY}\n" == run("encode", file, "--url", "https://h/").stdout
    assert "&CidrIp=10.0.0.0%2F8" in run("encode", file, "--style", "flat").stdout
    assert HEALTHY + "\n" == run("encode", file, "--style", "nested").stdout


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"Action": "x",\n "a" 1}', "not JSON at line 2, column 6: "),
        ("", "not JSON at line 1, column 1: "),
        ("[]", "expected a JSON object"),
        (b"\xff", "not UTF-8 at byte 0"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": 1, "a": 2}', "has the member 'a' twice"),
        ('{"a": ' + "1" * 5000 + "}", "Exceeds the limit"),
        ('{"Action": "RevokeSecurityGroupIngress"}', "E403 "),
        ('{"Action": {"a": [null, {"b": {}}]}, "X": [[[]]], "": {}}', "E401 "),
    ],
)
def test_structure_that_is_none_is_refused(text: str | bytes, message: str) -> None:
    result = run("encode", stdin=text)

    assert 1 == result.exit_code
    assert isinstance(result.exception, SystemExit)
    assert message in result.stderr
    assert "" == result.stdout


def test_file_that_is_not_there_is_usage() -> None:
    assert 2 == run("encode", "/nowhere/x.json").exit_code
