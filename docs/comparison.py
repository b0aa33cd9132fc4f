"""Writes docs/comparison.md: what other decoders make of requests that break a rule.

`python docs/comparison.py` asks moto's parser and LocalStack's parser and validator, both from PyPI, in this
process; nothing is quoted from a document. A test holds the page current where the two are installed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import botocore.session
from localstack.aws.protocol.parser import create_parser
from localstack.aws.protocol.validate import validate_request
from localstack.http import Request
from moto.core.parse import EC2QueryParser
from werkzeug.datastructures import MultiDict

import ec2codec
from ec2codec.rule import BASE
from ec2codec.tree import flatten

PAGE = Path(__file__).with_name("comparison.md")
# The newest model is what both emulators read by.
SERVICE = botocore.session.get_session().get_service_model("ec2")
HEAD = """# What others make of it

Written by `docs/comparison.py`, which asks moto {moto} and LocalStack {localstack}, parser and validator:
change the script, not this page.

Every request below breaks one rule. A decoder that keeps what it does not understand says so; one that drops
it answers `true` to a request that nobody sent. *loses* means that the parameter is not in what the decoder
hands to the emulator, without any error; *reads* that it is there as another value. What an emulator's own
handlers check later is not in the table: the question is what reaches them.

| The request | moto | LocalStack | ec2codec |
|---|---|---|---|"""
HEADER = ("Action", "Version")
SDK_NAMES = {
    "SecurityGroupRuleIds": "SecurityGroupRuleId",
    "TagSpecifications": "TagSpecification",
    "Tags": "Tag",
    "UserIdGroupPairs": "Groups",
}


class Case(NamedTuple):
    """One request. what: in words; query: what follows the usual beginning."""

    what: str
    query: str


def page() -> str:
    """The whole page."""
    rows = [row(case) for case in CASES]
    return "\n".join([HEAD.format(moto=version("moto"), localstack=version("localstack-core")), *rows]) + "\n"


def row(case: Case) -> str:
    """What the three make of one request."""
    query = case.query if case.query.startswith("Action=") else BASE + case.query
    cells = [case.what, *(outcome(query, decode) for decode in (moto, localstack)), ours(query)]
    return f"| {' | '.join(cells)} |"


def ours(query: str) -> str:
    """The rules that we find broken, and where."""
    places: dict[str, list[str]] = {}
    for violation in ec2codec.check(query):
        places.setdefault(violation.rule, []).append(violation.location)
    return ", ".join(f"{rule} at {gathered(locations)}" for rule, locations in places.items())


def gathered(names: list[str]) -> str:
    """Parameter names; those of one list item or structure as one."""
    beginnings = [".".join(name.split(".")[:2]) for name in names]
    return ", ".join(
        f"`{names[0]}`" if len(names) == 1 else f"`{beginning}.*`" for beginning in dict.fromkeys(beginnings)
    )


def outcome(query: str, decode: Callable[[str], Any]) -> str:
    """What is lost or changed between the parameters and the structure that a decoder makes of them."""
    try:
        decoded = decode(query)
    except Exception as error:  # the name of it is the outcome
        return f"raises `{type(error).__name__}`"
    if isinstance(decoded, str):
        return decoded
    return ", ".join(differences(query, dict(flatten(renamed(decoded))))) or "accepts"


def differences(query: str, kept: dict[str, object]) -> Iterator[str]:
    """The parameters that are not what they were."""
    sent = {name: value for name, value in parse_qsl(query, keep_blank_values=True) if name not in HEADER}
    lost = [name for name in sent if name not in kept]
    if lost:
        yield f"loses {gathered(lost)}"
    for name, value in kept.items():
        if str(value) != sent.get(name):
            yield f"reads `{name}` as {value}"


def renamed(value: Any) -> Any:
    """A structure with the wire's names in the place of the SDKs'."""
    if isinstance(value, dict):
        return {SDK_NAMES.get(name, name): renamed(item) for name, item in value.items()}
    return [renamed(item) for item in value] if isinstance(value, list) else value


def moto(query: str) -> Any:
    """What moto's responses are called with."""
    values = MultiDict(parse_qsl(query, keep_blank_values=True))
    operation = SERVICE.operation_model(values["Action"])
    return EC2QueryParser(operation).parse({"values": values})


def localstack(query: str) -> Any:
    """What LocalStack's handlers are called with, or what its validator says."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    request = Request("POST", "/", body=query, headers=headers)
    operation, parsed = create_parser(SERVICE).parse(request)
    errors = validate_request(operation, parsed)
    return f"refuses: {errors.generate_report()}" if errors.has_errors() else parsed


TCP = "&IpPermissions.{0}.IpProtocol=tcp&IpPermissions.{0}.FromPort=22&IpPermissions.{0}.ToPort=22"
RANGE = "&IpPermissions.{0}.IpRanges.1.CidrIp=10.0.0.0/8"
WHOLE = TCP + RANGE
ALL = "&IpPermissions.1.IpProtocol=-1"


def _whole(index: str) -> str:
    return WHOLE.format(index)


def _ports(first: str, last: str) -> str:
    return (
        f"&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort={first}&IpPermissions.1.ToPort={last}"
        + RANGE.format(1)
    )


# In the order of the rules, but for the last, which is none's.
CASES = (
    Case("a misspelt member, `CidrIP`", TCP.format(1) + "&IpPermissions.1.IpRanges.1.CidrIP=10.0.0.0/8"),
    Case(
        "the SDK's name on the wire, `UserIdGroupPairs`",
        ALL + "&IpPermissions.1.UserIdGroupPairs.1.GroupId=sg-2a2b3c4d",
    ),
    Case("a list as AWS Query has it, `.member.1`", _whole("member.1")),
    Case("a list that begins at 0, as jclouds sends it", _whole("0")),
    Case("an index with a leading zero, `01`", _whole("01")),
    Case("a parameter twice", _whole("1") + "&IpPermissions.1.ToPort=65535"),
    Case("the mark of an empty list, `IpPermissions=`", "&IpPermissions="),
    Case(
        "a gap in a list, as botocore sends it for `[rule, {}, rule]`",
        _whole("1") + _whole("3").replace("=22", "=23"),
    ),
    Case("`FromPort=8_0`", _ports("8_0", "80")),
    Case("`FromPort=%2B80`", _ports("%2B80", "80")),
    Case("Arabic digits, `FromPort=٨٠`", _ports("%D9%A8%D9%A0", "80")),
    Case("`FromPort=80-90`", _ports("80-90", "90")),
    Case("`FromPort=99999999999`", _ports("99999999999", "80")),
    Case("a CIDR range without prefix", ALL + "&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0"),
    Case("a host mask for a prefix", ALL + "&IpPermissions.1.IpRanges.1.CidrIp=1.2.3.4/0.0.0.0"),
    Case("no protocol", RANGE.format(1)),
    Case("tcp without ports", "&IpPermissions.1.IpProtocol=tcp" + RANGE.format(1)),
    Case("ports reversed", _ports("90", "80")),
    Case("port 70000", _ports("80", "70000")),
    Case(
        "all protocols, with port 22",
        ALL + "&IpPermissions.1.FromPort=22&IpPermissions.1.ToPort=22" + RANGE.format(1),
    ),
    Case("no source", TCP.format(1)),
    Case(
        "flat and nested form together",
        _whole("1") + "&IpProtocol=tcp&FromPort=23&ToPort=23&CidrIp=10.0.0.0/8",
    ),
    Case("nothing but Action and target", ""),
)

if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
