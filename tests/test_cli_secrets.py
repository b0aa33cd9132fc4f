"""No secret of a capture in any output: every capture, every format, whoever added them."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, unquote_plus

import pytest

from capturing import CAPTURES
from commanding import HEALTHY, run, said
from ec2codec.captures import READABLE
from ec2codec.reports import REPORTS

NAMES = sorted(path.name for path in CAPTURES.iterdir())
KEY, HIDDEN = "AKIAIOSFODNN7EXAMPLE", "hEhSeCrEtVaLuE/+"
# What of a capture is secret, in bytes or in what they are the base64 of.
SECRET = re.compile(
    rb"(A[KS]IA[A-Z0-9]{12,})"
    rb"|[Ss]ignatur\w?=([^&\s\"',;<>\\]{6,})"
    rb"|(?:[Ss]ecurity|[Ss]ession)-?[Tt]oken[\\\"']{0,2}(?:=|:|: ?)[\\\"' ]{0,3}([^&\s\"',;<>\\]{6,})"
    rb"|[Cc]ookie[\\\"']{0,2}[=:] ?[\\\"']{0,2}([^\s\"'\\]{6,})"
)
BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4}){6,}")


@cache
def secrets_in(data: bytes) -> frozenset[str]:
    """Every secret, as it stands there and percent-decoded."""
    # YAML spreads what is in base64 over lines.
    joined = re.sub(rb"\n +(?=[A-Za-z0-9+/=]+\n)", b"", data)
    layers = [data, *(base64.b64decode(word) for word in BASE64.findall(joined))]
    found = {text for layer in layers for groups in SECRET.findall(layer) for text in groups if text}
    texts = {text.decode("latin-1") for text in found}
    return frozenset(form for text in texts for form in (text, unquote(text), unquote_plus(text)))


def outputs_of(file: Path, tmp_path: Path, *options: str) -> dict[str, str]:
    """What `check` says of a file, on both streams and in every kind of report."""
    reports = [option for name in REPORTS for option in ("--report", f"{name}={tmp_path / name}")]
    written = {name: tmp_path / name for name in ("baseline", *REPORTS)}
    result = run("check", file, *reports, "--write-baseline", written["baseline"], *options)
    assert result.exit_code in (0, 1, 3), result.output
    return {"said": said(result), **{name: path.read_text("utf-8") for name, path in written.items()}}


def leaks(outputs: dict[str, str], secrets: frozenset[str]) -> list[tuple[str, str]]:
    return [(name, secret) for name, text in outputs.items() for secret in secrets if secret in text]


def test_secrets_are_found_where_they_are_known_to_be() -> None:
    known = {"nginx-combined.log": KEY, "vcrpy.yaml": KEY, "mitmproxy.har": "EXAMPLEsigbase64/+abc="}

    assert all(secret in secrets_in((CAPTURES / name).read_bytes()) for name, secret in known.items())


@pytest.mark.parametrize("name", NAMES)
def test_no_secret_of_a_capture_is_in_any_output(name: str, tmp_path: Path) -> None:
    outputs = outputs_of(CAPTURES / name, tmp_path)

    assert [] == leaks(outputs, secrets_in((CAPTURES / name).read_bytes()))
    assert outputs["said"].replace("\n", "").isprintable()


@pytest.mark.parametrize("input_format", READABLE)
@pytest.mark.parametrize("name", NAMES)
def test_no_secret_of_a_capture_is_in_any_output_of_a_wrong_reader(name: str, input_format: str) -> None:
    result = run("check", CAPTURES / name, "--format", "jsonl", "--input-format", input_format)

    assert result.exit_code in (0, 1, 3), result.output
    assert [] == leaks({"said": said(result)}, secrets_in((CAPTURES / name).read_bytes()))


HOSTILE = {
    "authorization header": f"curl -H 'Authorization: AWS4 Credential={KEY}, Signature={HIDDEN}' 'https://x/?{HEALTHY}x'",
    "cookie": f"curl -b 'session={HIDDEN}' -H 'Cookie: a={HIDDEN}' 'https://x/?{HEALTHY}x'",
    "header in base64": json.dumps(
        {
            "request": f"GET /?{HEALTHY}x HTTP/1.1",
            "headers": {"Authorization": base64.b64encode(HIDDEN.encode()).decode(), "Cookie": HIDDEN},
        }
    ),
    "misspelt name": f"{HEALTHY}&Signatur={HIDDEN}&SecurityTokn={HIDDEN}&signature={HIDDEN}",
    "escaped name": f"{HEALTHY}&%53ignature={HIDDEN}%zz&Signature.1={HIDDEN}&X-Amz-Security-Token={HIDDEN}",
    "repeated name": f"{HEALTHY}&Signature={HIDDEN}&Signature={HIDDEN}&Expires=1&Timestamp=2",
    "key as a value": HEALTHY.replace("sg-1a2b3c4d", KEY),
    "key as a name": f"{HEALTHY}&{KEY}=1",
    "url as a value": HEALTHY.replace("sg-1a2b3c4d", f"https%3A%2F%2Fx%2F%3FSignature%3D{HIDDEN}%26a"),
    "token in a url": f"https://x/?{HEALTHY}x&X-Amz-Security-Token={HIDDEN}&X-Amz-Credential={KEY}%2Fa#SecurityToken={HIDDEN}",
    "header as a value": HEALTHY.replace("10.0.0.0", f"Authorization:+Basic+{HIDDEN}"),
    "user of a url": HEALTHY.replace("10.0.0.0%2F8", f"https%3A%2F%2Fme%3A{HIDDEN[:-2]}%40x%2F"),
    "escaped ampersand": f"{HEALTHY}&amp;Signature={HIDDEN}&amp;X=1",
    "secret key": f"{HEALTHY}&SecretAccessKey={HIDDEN}&aws_secret_access_key={HIDDEN}&Password={HIDDEN}",
    "header alone": HEALTHY.replace("10.0.0.0", f"Bearer+1{HIDDEN}"),
    "nonsense": f"Action=RevokeSecurityGroupIngress&Signature&=&Authorization={HIDDEN}&Cookie={HIDDEN}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_secrets_are_in_no_output_wherever_they_are_hidden(name: str, tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text(HOSTILE[name])
    encoded = base64.b64encode(HIDDEN.encode()).decode()

    outputs = outputs_of(log, tmp_path)
    outputs["decode"] = said(run("decode", HOSTILE[name]))
    outputs["decode, no law"] = said(run("decode", "--profile", "none", HOSTILE[name]))

    assert [] == leaks(outputs, frozenset({KEY, HIDDEN[:-2], encoded}))
    assert "1 security-group calls: 1 complete" in outputs["said"]


def test_decode_shows_no_secret_of_a_healthy_request() -> None:
    result = run("decode", f"{HEALTHY}&Signature={HIDDEN}&AWSAccessKeyId={KEY}&SecurityToken={HIDDEN}")

    assert 0 == result.exit_code
    assert not secrets_in(result.stdout.encode())


def test_secrets_are_shown_if_asked_for(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text(f"{HEALTHY.replace('10.0.0.0%2F8', KEY)}&Signature={HIDDEN}&Signature={HIDDEN}")

    found = [json.loads(line) for line in outputs_of(log, tmp_path, "--show-secrets")["jsonl"].splitlines()]
    hidden = [json.loads(line) for line in outputs_of(log, tmp_path)["jsonl"].splitlines()]

    assert [KEY, HIDDEN.replace("+", " ")] == [each["value"] for each in found]
    assert ["<redacted>", None] == [each["value"] for each in hidden]


def test_secrets_that_are_shown_are_not_in_a_baseline(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text(HEALTHY.replace("10.0.0.0%2F8", KEY))

    assert outputs_of(log, tmp_path)["baseline"] == outputs_of(log, tmp_path, "--show-secrets")["baseline"]


ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
NOBODY = {"127.0.0.1", "::1", "0.0.0.0", "::"}
# Addresses that the rules' own examples have, so that reports may tell of them, and others in their place.
DOCUMENTED = {b"10.0.0.0": b"10.7.9.3", b"205.192.0.0": b"205.197.9.3"}


def identities_in(text: str) -> frozenset[str]:
    """Accounts and addresses."""
    words = re.findall(r"[0-9A-Fa-f:.]{3,39}", text)
    return frozenset({*ACCOUNT.findall(text), *filter(is_address, words)} - NOBODY)


def is_address(word: str) -> bool:
    try:
        ip_address(word)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("name", NAMES)
def test_no_account_or_address_of_a_capture_is_in_an_anonymized_output(name: str, tmp_path: Path) -> None:
    data = (CAPTURES / name).read_bytes()
    for address, other in DOCUMENTED.items():
        data = data.replace(address, other)
    file = tmp_path / name
    file.write_bytes(data)

    outputs = outputs_of(file, tmp_path, "--anonymize")

    assert [] == leaks(outputs, identities_in(unquote(data.decode("latin-1"))))


def test_accounts_and_addresses_are_masked_in_names_and_notes_too(tmp_path: Path) -> None:
    folder = tmp_path / "123456789012" / "10.1.2.3"
    folder.mkdir(parents=True)
    (folder / "x.log").write_text(
        HEALTHY.replace("10.0.0.0", "2001:db8::7")
        + "&IpPermissions.1.Groups.1.UserId=12345678901&IpPermissions.1.Groups.1.GroupName=a"
    )
    (folder / "y.zip").write_bytes(b"PK\x03\x04")

    outputs = outputs_of(folder, tmp_path, "--anonymize")

    assert [] == leaks(outputs, frozenset({"123456789012", "10.1.2.3", "2001:db8", "12345678901"}))
    assert "<account>/<address>/x.log:1" in outputs["concise"]
    assert "<account>/<address>/y.zip: skipped" in outputs["said"]
