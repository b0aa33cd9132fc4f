"""What the tests of the command line share."""

from __future__ import annotations

import inspect
import re
import signal
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from ec2codec import cli

HEALTHY = (
    "Action=RevokeSecurityGroupIngress&Version=2012-03-01&GroupId=sg-1a2b3c4d&IpPermissions.1.IpProtocol=tcp"
    "&IpPermissions.1.FromPort=80&IpPermissions.1.ToPort=80&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0%2F8"
)
REFUSED = HEALTHY.replace("ToPort=80", "ToPort=80x")
WARNED = HEALTHY.replace("&Version=2012-03-01", "")
SECRETS = re.compile(r"AKIA|EXAMPLETOKEN|EXAMPLEsig|AWS4-HMAC|[Ss]ignature=")


# click 8.2 keeps the two streams apart without being told.
_APART: dict[str, Any] = (
    {"mix_stderr": False} if "mix_stderr" in inspect.signature(CliRunner).parameters else {}
)


def run(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
    return CliRunner(**_APART).invoke(cli.main, [str(argument) for argument in arguments], input=stdin)


def said(result: Result) -> str:
    return result.stdout + result.stderr


def heed_interrupts() -> None:
    """A shell starts background jobs deaf to SIGINT, and so would this test's process be."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
