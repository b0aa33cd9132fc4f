"""One request, however it was written down, is one request.

A format is a row of the table at the foot: the bytes of a capture that holds one call, and how much of the
request such a capture tells. New formats are new rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest

from capturing import read_bytes
from ec2codec import Codec, Request
from ec2codec.captures import Completeness, Exchange
from ec2codec.verdict import judge
from recorders import RECORDERS

if TYPE_CHECKING:
    from pathlib import Path

COMPLETE, LOSSY = Completeness.COMPLETE, Completeness.LOSSY_DECODED
XML = '<?xml version="1.0"?>\n<{0}Response><return>true</return></{0}Response>'


@dataclass(frozen=True)
class Call:
    """A call in the forms from which every format is made.

    sdk: the parameters as SDKs and services nest them.
    """

    pairs: tuple[tuple[str, str], ...]
    sdk: dict[str, object]

    @property
    def action(self) -> str:
        return self.pairs[0][1]

    @property
    def query(self) -> str:
        return "&".join(f"{name}={quote_plus(value)}" for name, value in self.pairs)


def call(action: str, sdk: dict[str, object], *pairs: tuple[str, str]) -> Call:
    return Call((("Action", action), ("Version", "2016-11-15"), *pairs), sdk)


WEB = call(
    "AuthorizeSecurityGroupIngress",
    {
        "GroupId": "sg-1a2b3c4d",
        "IpPermissions": [
            {
                "IpProtocol": "tcp",
                "FromPort": 80,
                "ToPort": 80,
                "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "web"}],
            },
            {
                "IpProtocol": "-1",
                "UserIdGroupPairs": [{"GroupId": "sg-5e6f7a8b", "UserId": "123456789012"}],
            },
        ],
    },
    ("GroupId", "sg-1a2b3c4d"),
    ("IpPermissions.1.IpProtocol", "tcp"),
    ("IpPermissions.1.FromPort", "80"),
    ("IpPermissions.1.ToPort", "80"),
    ("IpPermissions.1.IpRanges.1.CidrIp", "10.0.0.0/8"),
    ("IpPermissions.1.IpRanges.1.Description", "web"),
    ("IpPermissions.2.IpProtocol", "-1"),
    ("IpPermissions.2.Groups.1.GroupId", "sg-5e6f7a8b"),
    ("IpPermissions.2.Groups.1.UserId", "123456789012"),
)
# What every escape of every format could break; with the profile `none` no rule minds it.
ODD = "a+b c%20d&e=f\"g'h\\x41i\\j;k#l?mé€😀/\u00ad<n>`{o}"
NASTY = call(
    "RevokeSecurityGroupEgress",
    {
        "GroupId": "sg-1a2b3c4d",
        "IpPermissions": [
            {"IpProtocol": "tcp", "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": ODD}]},
        ],
    },
    ("GroupId", "sg-1a2b3c4d"),
    ("IpPermissions.1.IpProtocol", "tcp"),
    ("IpPermissions.1.IpRanges.1.CidrIp", "0.0.0.0/0"),
    ("IpPermissions.1.IpRanges.1.Description", ODD),
)
BY_NAME = call(
    "RevokeSecurityGroupIngress",
    {"GroupName": 'my web\'s "servers"', "IpPermissions": [{"IpProtocol": "udp", "ToPort": -1}]},
    ("GroupName", 'my web\'s "servers"'),
    ("IpPermissions.1.IpProtocol", "udp"),
    ("IpPermissions.1.ToPort", "-1"),
)
CALLS = {"web": WEB, "nasty": NASTY, "by name": BY_NAME}


def combined(line: str, rest: str = "") -> bytes:
    return f'10.0.0.9 - - [22/Nov/2026:17:01:59 +0000] "{line}" 200 214 "-" "Boto/2.49"{rest}\n'.encode()


def get(call: Call, *, version: str = " HTTP/1.1", base: str = "/") -> str:
    return f"GET {base}?{call.query}{version}"


def post_with_body(call: Call) -> bytes:
    return combined("POST / HTTP/1.1", f' "{call.query}"')


def split_post(call: Call) -> bytes:
    action, _, rest = call.query.partition("&")
    return combined(f"POST /?{action} HTTP/1.1", f' "{rest}"')


def raw_target(call: Call, escape: Callable[[bytes], bytes]) -> bytes:
    """A client that encodes only what a query needs; the server escapes what its log needs."""
    parts = (f"{name}={quote(value, safe='~').replace('%22', chr(34))}" for name, value in call.pairs)
    return combined("GET /?@ HTTP/1.1").replace(b"@", escape("&".join(parts).encode()))


def nginx_escape(text: bytes) -> bytes:
    return text.replace(b'"', b"\\x22")


def apache_escape(text: bytes) -> bytes:
    return text.replace(b'"', b'\\"')


def werkzeug(call: Call) -> bytes:
    """As `werkzeug.serving` logs it: decoded, but for what would change the meaning of the line."""
    kept = {"%26": "&", "%3D": "=", "%2B": "+", "%25": "%", "%23": "#", "%3B": ";", "%5C": "\\"}
    pairs = ((name, value.replace(" ", "\0")) for name, value in call.pairs)
    values = ((name, "".join(quote(c, safe="") if c in kept.values() else c for c in v)) for name, v in pairs)
    query = "&".join(f"{name}={value}" for name, value in values).replace("\0", "+")
    return f'127.0.0.1 - - [22/Nov/2026 17:01:59] "GET /?{query} HTTP/1.1" 200 -\n'.encode()


def json_line(**members: object) -> bytes:
    return json.dumps(members).encode() + b"\n"


def json_post(call: Call) -> bytes:
    return json_line(request_method="POST", request_uri="/", status=200, request_body=call.query)


def nginx_json_unescaped(call: Call) -> bytes:
    """A JSON log of nginx without `escape=json`: `\\x22` for a quote, which is no JSON."""
    return b'{"request":"GET /?' + nginx_escape(call.query.encode()) + b' HTTP/1.1","status":"200"}\n'


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def cloudtrail_value(value: object) -> object:
    if isinstance(value, list):
        return {"items": [cloudtrail_value(item) for item in value]}
    if isinstance(value, dict):
        names = {"UserIdGroupPairs": "groups"}
        return {names.get(name, lower_first(name)): cloudtrail_value(inner) for name, inner in value.items()}
    return value


def cloudtrail_event(call: Call) -> dict[str, object]:
    return {
        "eventVersion": "1.08",
        "eventTime": "2026-11-22T17:01:59Z",
        "eventSource": "ec2.amazonaws.com",
        "eventName": call.action,
        "requestParameters": cloudtrail_value(call.sdk),
        "responseElements": {"requestId": "x", "_return": True},
    }


def athena(call: Call) -> bytes:
    event = cloudtrail_event(call)
    row = {name.lower(): value for name, value in event.items()}
    row["requestparameters"] = json.dumps(event["requestParameters"])
    row["responseelements"] = json.dumps(event["responseElements"])
    return json_line(**row)


def botocore_params(call: Call) -> str:
    body = {name: int(value) if value.lstrip("-").isdigit() else value for name, value in call.pairs}
    return f"{{'url_path': '/', 'body': {body!r}, 'context': {{'client_config': <Config object at 0x7f>}}}}"


def botocore(call: Call, prefix: str) -> bytes:
    params = botocore_params(call)
    return (
        f"{prefix}Making request for OperationModel(name={call.action}) with params: {params}\n"
        f"{prefix}Response body:\n{XML.format(call.action).encode()!r}\n"
    ).encode()


def boto2(call: Call) -> bytes:
    pairs = dict(sorted(call.pairs, key=lambda pair: pair[0].startswith("A")))
    return (
        f"2026-11-22 17:02:47,152 boto [DEBUG]:Params: {pairs!r}\n"
        f"2026-11-22 17:02:47,152 boto [DEBUG]:query_string: {call.query} Signature: x\n"
        f"send: b'POST / HTTP/1.1\\r\\nContent-Length: 9\\r\\n\\r\\n'\nsend: {call.query.encode()!r}\n"
        f"2026-11-22 17:02:47,152 boto [DEBUG]:{XML.format(call.action).encode()!r}\n"
    ).encode()


def http_client(call: Call) -> bytes:
    head = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99\r\n\r\n"
    return f"send: {head!r}\nsend: {call.query.encode()!r}\nreply: 'HTTP/1.1 200 OK\\r\\n'\n".encode()


def dump(call: Call) -> str:
    return f"POST / HTTP/1.1\nHost: h\nContent-Length: {len(call.query)}\n\n{call.query}"


def go_v1(call: Call, prefix: str = "", suffix: str = "") -> bytes:
    rule = "-" * 53
    text = (
        f"2020/12/16 17:42:31 [DEBUG] [aws-sdk-go] DEBUG: Request ec2/{call.action} Details:\n"
        f"---[ REQUEST POST-SIGN ]-----------------------------\n{dump(call)}\n{rule}{suffix}\n"
        f"2020/12/16 17:42:32 [DEBUG] [aws-sdk-go] DEBUG: Response ec2/{call.action} Details:\n"
        f"---[ RESPONSE ]--------------------------------------\nHTTP/1.1 200 OK\n\n\n{rule}\n"
        f"{XML.format(call.action)}{suffix}"
    )
    return "".join(f"{prefix}{line}\n" for line in text.split("\n")).encode()


def go_v2(call: Call) -> bytes:
    return (
        f"SDK 2024/03/21 20:59:29 DEBUG Request\n{dump(call)}\n"
        f"SDK 2024/03/21 20:59:30 DEBUG Response\nHTTP/1.1 200 OK\n\n{XML.format(call.action)}\n"
    ).encode()


def terraform(call: Call) -> bytes:
    prefix = "2023-10-13T15:30:19.602-0400 [DEBUG] provider.terraform-provider-aws: "
    return (
        f'{prefix}HTTP Request Sent: http.method=POST http.request.body="{call.query}\n" '
        f"http.url=https://ec2.us-west-2.amazonaws.com/ rpc.method={call.action} tf_req_id=1\n"
        f"{prefix}HTTP Response Received: http.status_code=200 rpc.method={call.action} tf_req_id=1\n"
        f"  http.response.body=\n  | {XML.format(call.action).replace(chr(10), chr(10) + '  | ')}\n"
    ).encode()


def w3c(fields: str, *values: str, separator: str = " ") -> bytes:
    return f"#Version: 1.0\n#Fields: {fields}\n{separator.join(values)}\n".encode()


def iis(call: Call) -> bytes:
    fields = "date time cs-method cs-uri-stem cs-uri-query sc-status"
    return w3c(fields, "2026-11-22", "17:01:59", "GET", "/", call.query, "200")


def cloudfront(call: Call, *, twice: bool) -> bytes:
    query = call.query.replace("%", "%25") if twice else call.query
    fields = "date time x-edge-location cs-method cs-uri-stem sc-status cs-uri-query"
    return w3c(fields, "2026-11-22", "17:01:59", "IAD89", "GET", "/", "200", query, separator="\t")


def alb(call: Call) -> bytes:
    line = get(call, base="http://h:80/")
    start = "http 2026-11-22T17:01:59.1Z app/x 1.2.3.4:5 6.7.8.9:80 0 0 0 200 200 34 366"
    return f'{start} "{line}" "-" - - 0\n'.encode()


def localstack(call: Call) -> bytes:
    return (
        "2024-03-21T20:59:31.123  INFO --- [et.reactor-1] localstack.request.aws     : "
        f"AWS ec2.{call.action} => 200; 000000000000/us-east-1; {call.action}Request({call.sdk!r}, "
        f"headers={{'Host': 'h'}}); {call.action}Result({{'Return': True}}, headers={{}})\n"
    ).encode()


def openstack(call: Call) -> bytes:
    start = "2014-03-04 12:00:02.001 1234 DEBUG nova.api.ec2 [req-1f2e3d4c demo demo] "
    lines = [f"action: {call.action}", *(f"arg: {name}\t\tval: {value}" for name, value in call.pairs[1:])]
    return "".join(f"{start}{line}\n" for line in lines).encode()


def recorded(call: Call, write: Callable[[str], bytes]) -> bytes:
    return write(call.query)


Row = tuple[str, Callable[[Call], bytes], Completeness]
FORMATS: list[Row] = [
    ("query", lambda call: call.query.encode(), COMPLETE),
    ("url", lambda call: f"https://ec2.amazonaws.com/?{call.query}\n".encode(), COMPLETE),
    ("utf-16", lambda call: call.query.encode("utf-16"), COMPLETE),
    ("utf-16 big endian", lambda call: ("\ufeff" + call.query).encode("utf-16-be"), COMPLETE),
    ("curl", lambda call: f"curl https://h/ --data '{call.query}'\n".encode(), COMPLETE),
    ("java wire log", lambda call: f'DEBUG wire - http-outgoing-0 >> "{call.query}"\n'.encode(), COMPLETE),
    ("mod_dumpio", lambda call: f"mod_dumpio:  dumpio_in (data-HEAP): {call.query}\n".encode(), COMPLETE),
    ("combined", lambda call: combined(get(call)), COMPLETE),
    ("combined, HTTP/2", lambda call: combined(get(call, version=" HTTP/2")), COMPLETE),
    ("combined, HTTP/0.9", lambda call: combined(get(call, version="")), COMPLETE),
    ("vhost", lambda call: b"example.com:80 " + combined(get(call)), COMPLETE),
    ("nginx, raw target", partial(raw_target, escape=nginx_escape), COMPLETE),
    ("apache, raw target", partial(raw_target, escape=apache_escape), COMPLETE),
    ("$request_body", post_with_body, COMPLETE),
    ("query and body", split_post, COMPLETE),
    ("load balancer", alb, COMPLETE),
    ("werkzeug", werkzeug, LOSSY),
    ("json lines", json_post, COMPLETE),
    ("json, request line", lambda call: json_line(request=get(call)), COMPLETE),
    ("json, $args", lambda call: json_line(uri="/", args=call.query, request_method="GET"), COMPLETE),
    ("json, docker", lambda call: json_line(log=combined(get(call)).decode(), stream="stdout"), COMPLETE),
    ("json, nginx", nginx_json_unescaped, COMPLETE),
    ("json, terraform", lambda call: json_line(**{"http.request.body": call.query + "\n"}), COMPLETE),
    ("json document", lambda call: b"[" + json_post(call) + b"]", COMPLETE),
    ("json, botocore in docker", lambda call: json_line(log=botocore(call, "").decode()[:-1]), COMPLETE),
    ("cloudtrail", lambda call: json_line(Records=[cloudtrail_event(call)]), COMPLETE),
    ("cloudtrail lines", lambda call: json_line(**cloudtrail_event(call)), COMPLETE),
    ("eventbridge", lambda call: json_line(source="aws.ec2", detail=cloudtrail_event(call)), COMPLETE),
    ("lookup-events", lambda call: json_line(CloudTrailEvent=json.dumps(cloudtrail_event(call))), COMPLETE),
    ("athena", athena, COMPLETE),
    ("botocore", lambda call: botocore(call, "2026-11-22 17:02:47,152 botocore.x [DEBUG] "), COMPLETE),
    ("aws-cli", lambda call: botocore(call, "2026-11-22 17:02:47,152 - T - botocore.x - DEBUG - "), COMPLETE),
    ("logging.basicConfig", lambda call: botocore(call, "DEBUG:botocore.endpoint:"), COMPLETE),
    ("boto2", boto2, COMPLETE),
    ("http.client", http_client, COMPLETE),
    ("go v1", go_v1, COMPLETE),
    ("terraform 0.14", partial(go_v1, prefix="2020-12-16T17:42:31.6Z [DEBUG] plugin.x: "), COMPLETE),
    ("terraform 1", partial(go_v1, suffix=": timestamp=2020-12-16T17:42:31.6Z"), COMPLETE),
    ("go v2", go_v2, COMPLETE),
    ("terraform 5", terraform, COMPLETE),
    ("iis", iis, COMPLETE),
    ("cloudfront", partial(cloudfront, twice=False), COMPLETE),
    ("cloudfront of old", partial(cloudfront, twice=True), LOSSY),
    ("localstack", localstack, COMPLETE),
    ("openstack", openstack, COMPLETE),
    *((name, partial(recorded, write=write), COMPLETE) for name, write in RECORDERS.items()),
]


def decoded(exchange: Exchange) -> Request | None:
    """The request, judged by no profile, which would refuse what breaks logs."""
    request = judge(exchange, Codec(profile=None)).request
    # The flat pairs of a server that dropped Version are read as those of the oldest one.
    return None if request is None else replace(request, version="2016-11-15")


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("written", [pytest.param(row, id=row[0]) for row in FORMATS])
def test_one_request_is_one_request_however_it_was_written_down(
    written: Row, name: str, tmp_path: Path
) -> None:
    _, write, completeness = written
    call = CALLS[name]
    expected = Codec(profile=None).decode(call.pairs)

    items = read_bytes(write(call), tmp_path)

    [exchange] = items
    assert isinstance(exchange, Exchange), items
    assert expected == decoded(exchange), exchange.request
    assert completeness == exchange.completeness


@pytest.mark.parametrize("written", [pytest.param(row, id=row[0]) for row in FORMATS])
def test_what_a_good_request_is_written_in_adds_no_violation(written: Row, tmp_path: Path) -> None:
    _, write, _ = written

    [exchange] = read_bytes(write(WEB), tmp_path)

    assert isinstance(exchange, Exchange)
    assert () == judge(exchange, Codec()).violations


def test_body_that_was_not_logged_is_not_missed(tmp_path: Path) -> None:
    for capture in (
        combined("POST /?Action=RevokeSecurityGroupIngress HTTP/1.1"),
        json_line(request_method="POST", request_uri="/?Action=RevokeSecurityGroupIngress"),
        w3c("cs-method cs-uri-query", "POST", "Action=RevokeSecurityGroupIngress"),
        b"DEBUG Request\nPOST /?Action=RevokeSecurityGroupIngress HTTP/1.1\nHost: h\n\n",
        b"send: b'POST /?Action=RevokeSecurityGroupIngress HTTP/1.1\\r\\nContent-Length: 9\\r\\n\\r\\n'\n",
    ):
        [exchange] = read_bytes(capture, tmp_path)

        assert isinstance(exchange, Exchange), capture
        assert Completeness.BODY_NOT_CAPTURED == exchange.completeness
        assert () == tuple(v for v in judge(exchange, Codec()).violations if v.severity == "error")


MENTION = "http://h/?Action=RevokeSecurityGroupIngress&GroupName=a"


@pytest.mark.parametrize(
    "capture",
    [
        combined("GET /favicon.ico HTTP/1.1").replace(b'"-"', f'"{MENTION}"'.encode()),
        w3c("cs-method cs-uri-query cs(Referer)", "GET", "-", MENTION),
        json_line(request_uri="/", request_method="GET", http_referer=MENTION),
        f"2023-10-13T15:30:19Z [DEBUG] provider.x: HTTP Request Sent: http.method=GET "
        f'http.request.body="" http.url=https://h/ http.request.header.referer="{MENTION}"\n'.encode(),
        f"DEBUG Request\nGET / HTTP/1.1\nReferer: {MENTION}\n\n".encode(),
        f"send: {f'GET / HTTP/1.1{chr(13)}{chr(10)}Referer: {MENTION}'.encode()!r}\n".encode(),
        b"2026-11-22 17:02:47,152 boto [DEBUG]:Final headers: {'Referer': '" + MENTION.encode() + b"'}\n",
        b"2026-11-22 17:02:47,152 boto [DEBUG]:Params: {'Action': 'X', 'Y': 'RevokeSecurityGroupIngress'}\n",
        b"Making request for OperationModel(name=Revoke) with params: {'body': {'Action': 'Revoke'}}\n",
        b"the action AuthorizeSecurityGroupIngress and its Action=... are described above\n",
    ],
)
def test_mention_of_an_action_is_no_call(capture: bytes, tmp_path: Path) -> None:
    assert [] == read_bytes(capture, tmp_path)
