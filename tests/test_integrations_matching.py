"""When two recorded requests are the same call; in VCR's cassettes and in mitmproxy."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ec2codec
from ec2codec import Codec, Request
from ec2codec.integrations.matching import canonical
from examples import example
from strategies import requests

BODY = (
    "Action=RevokeSecurityGroupIngress&Version=2011-12-15&GroupId=sg-1a2b3c4d"
    "&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0%2F8"
)
SIGNED = "&AWSAccessKeyId=AKIAABCDEFGHIJKLMNOP&Signature=abc%3D&Timestamp=2012-01-15T12%3A00%3A00Z"


@given(requests(), st.data())
def test_order_escapes_and_signature_do_not_count(request: Request, data: st.DataObject) -> None:
    body = Codec(profile=None).encode(request)
    pieces = data.draw(st.permutations((body + SIGNED).split("&")))
    escaped = "&".join(pieces).replace("-", "%2D")

    assert canonical(body) == canonical(escaped) == canonical(escaped.encode())
    assert "AKIA" not in canonical(escaped)


@given(requests(), requests())
@settings(max_examples=30)
def test_different_calls_differ(one: Request, other: Request) -> None:
    translate = Codec(profile=None)

    assert (one == other) == (canonical(translate.encode(one)) == canonical(translate.encode(other)))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (BODY.replace("IpPermissions.1", "IpPermissions.7") + SIGNED, BODY),
        ("Action=DescribeInstances&B=2&A=1" + SIGNED, "A=1&Action=DescribeInstances&B=2"),
        (BODY + "&Bogus=1&Signatur=x", "&".join(sorted((BODY + "&Bogus=1").split("&")))),
        (b"Action=X&A=%fF&B=\xff&Sign%61ture=s", "A=%FF&Action=X&B=%FF"),
        ("Action=X&GroupId=a+b%2B", "Action=X&GroupId=a%20b%2B"),
        ("", ""),
        ("a" * 2_000_000, "a" * 2_000_000 + "="),
    ],
)
def test_what_is_compared_is_text_without_authentication(query: Any, expected: str) -> None:
    assert expected == canonical(query)


@pytest.mark.parametrize(
    ("one", "other"), [("%FF=1", "%FE=1"), ("A=%zz", "A=%zy"), ("a" * 2_000_000, "b" * 2_000_000)]
)
def test_faults_do_not_make_different_bodies_equal(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_a_cassette_is_played_to_a_request_with_another_signature(tmp_path: Path) -> None:
    vcr = pytest.importorskip("vcr", reason="vcrpy is absent")
    serving = pytest.importorskip("werkzeug.serving", reason="werkzeug is absent")
    pytest.importorskip("flask", reason="flask is absent")
    server = serving.make_server("127.0.0.1", 0, example("flask_server").create_app())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    recorder = vcr.VCR(match_on=["method", "ec2codec"])
    example("vcr_matcher").register(recorder)
    endpoint, cassette = f"http://127.0.0.1:{server.server_port}", str(tmp_path / "cassette.yaml")
    body = BODY.replace("Revoke", "Authorize").replace("=-1", "=50")

    try:
        with (
            recorder.use_cassette(cassette),
            urllib.request.urlopen(endpoint, (body + SIGNED).encode()) as recorded,
        ):
            said = recorded.read()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    shuffled = "&".join(reversed((body + SIGNED.replace("abc", "xyz")).split("&")))
    with recorder.use_cassette(cassette, record_mode="none"):
        with urllib.request.urlopen(endpoint, shuffled.encode()) as played:
            again = played.read()
        with pytest.raises(vcr.errors.CannotOverwriteExistingCassetteException):
            urllib.request.urlopen(endpoint, body.replace("10.0.0.0", "10.1.0.0").encode())

    assert said == again
    assert b"<return>true</return>" in said


@pytest.mark.parametrize(
    ("path", "content", "answers", "logged"),
    [
        ("/", BODY, None, 0),
        ("/", "Action=DescribeInstances&Bogus=1", None, 0),
        ("/", BODY + "&Bogus=1&Signature=SECRET", 400, 1),
        ("/?Action=RevokeSecurityGroupIngress&GroupId=web", "", 400, 3),
    ],
)
def test_a_proxy_answers_in_ec2s_place(
    path: str,
    content: str,
    answers: int | None,
    logged: int,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mitmproxy = pytest.importorskip("mitmproxy.ctx", reason="mitmproxy is absent")
    tflow, tutils = (pytest.importorskip(f"mitmproxy.test.{name}") for name in ("tflow", "tutils"))
    addon = example("mitmproxy_addon").Ec2Codec()

    for wanted in (False, True):
        caplog.clear()
        monkeypatch.setattr(mitmproxy, "options", SimpleNamespace(ec2codec_answer=wanted), raising=False)
        flow = tflow.tflow(req=tutils.treq(path=path.encode(), content=content.encode()))
        addon.request(flow)

        assert logged == len(caplog.records)
        assert "SECRET" not in caplog.text
        assert (answers if wanted else None) == (flow.response.status_code if flow.response else None)
    if answers:
        assert isinstance(ec2codec.decode_response(flow.response.content), ec2codec.ErrorResponse)


def test_the_proxys_option_is_declared() -> None:
    pytest.importorskip("mitmproxy", reason="mitmproxy is absent")
    declared: list[str] = []

    (addon,) = example("mitmproxy_addon").addons
    addon.load(SimpleNamespace(add_option=lambda name, *_: declared.append(name)))

    assert ["ec2codec_answer"] == declared
