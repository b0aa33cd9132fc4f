"""An EC2 of a hundred lines on loopback, which tests make worse where they want it bad."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from ec2codec import DescribeSecurityGroupsResponse, Grant, IpPermission, Request, SecurityGroup
from ec2codec.error_codes import ErrorCode
from ec2codec.grants import Key, key
from ec2codec.integrations.server import Answer, accept, answer, fail, receive
from ec2codec.model import Direction
from ec2codec.plan import LISTS

OWNER = "123456789012"
# What becomes of a form: an HTTP response; or something done to the connection.
Handler = Callable[[bytes], "Answer | Callable[[socket.socket], None]"]
OTHERS = ("CreateSecurityGroup", "DeleteSecurityGroup", "DescribeSecurityGroups")
PLAIN = (("Content-Type", "text/plain"),)
MADE = "<CreateSecurityGroupResponse><return>true</return><groupId>{}</groupId></CreateSecurityGroupResponse>"


@dataclass
class Group:
    name: str
    grants: dict[Key, Grant] = field(default_factory=dict)


@dataclass
class SmallEc2:
    """Groups in memory; `judge` is asked first about the four requests, and may answer in their stead."""

    judge: Callable[[bytes], Answer | Callable[[socket.socket], None] | None] = lambda _form: None
    groups: dict[str, Group] = field(default_factory=dict)
    forms: list[bytes] = field(default_factory=list)

    def __call__(self, form: bytes) -> Answer | Callable[[socket.socket], None]:
        self.forms.append(form)
        members = {name: values[0] for name, values in parse_qs(form.decode()).items()}
        action = members.get("Action")
        if action in OTHERS:
            said: Answer = getattr(self, action)(members)
            return said
        told = self.judge(form)
        if told is not None:
            return told
        request = receive(form)
        return request if isinstance(request, Answer) else self.change(request)

    def CreateSecurityGroup(self, members: dict[str, str]) -> Answer:
        group_id = f"sg-{len(self.forms):08x}"
        self.groups[group_id] = Group(members["GroupName"])
        return Answer(200, PLAIN, MADE.format(group_id).encode())

    def DeleteSecurityGroup(self, members: dict[str, str]) -> Answer:
        if self.groups.pop(members["GroupId"], None) is None:
            return fail(ErrorCode.INVALID_GROUP_NOT_FOUND, "does not exist")
        return Answer(
            200, PLAIN, b"<DeleteSecurityGroupResponse><return>true</return></DeleteSecurityGroupResponse>"
        )

    def DescribeSecurityGroups(self, _members: dict[str, str]) -> Answer:
        described = tuple(self.described(group_id, group) for group_id, group in self.groups.items())
        return answer(DescribeSecurityGroupsResponse(version="2016-11-15", security_group_info=described))

    def described(self, group_id: str, group: Group) -> SecurityGroup:
        return SecurityGroup(
            owner_id=OWNER,
            group_id=group_id,
            group_name=group.name,
            vpc_id="vpc-1a2b3c4d",
            ip_permissions=_permissions(group, "ingress"),
            ip_permissions_egress=_permissions(group, "egress"),
        )

    def change(self, request: Request) -> Answer:
        if request.dry_run:
            return fail(ErrorCode.DRY_RUN_OPERATION, "would have succeeded")
        named = getattr(request, "group_name", None)
        group_id = request.group_id or next(
            (i for i, group in self.groups.items() if group.name == named), ""
        )
        if group_id not in self.groups or getattr(request, "security_group_rule_id", None):
            return fail(ErrorCode.INVALID_GROUP_NOT_FOUND, "does not exist")
        held = self.groups[group_id].grants
        asked = {self.key(grant): grant for grant in request.grants()}
        if request.action.startswith("Authorize"):
            if held.keys() & asked.keys():
                return fail(ErrorCode.INVALID_PERMISSION_DUPLICATE, "is there")
            held.update(asked)
        elif asked.keys() - held.keys():
            return fail(ErrorCode.INVALID_PERMISSION_NOT_FOUND, "is not there")
        else:
            self.groups[group_id].grants = {one: held[one] for one in held.keys() - asked.keys()}
        return accept(request)

    def key(self, grant: Grant) -> Key:
        return key(grant, platform="vpc", owner=OWNER)


def _permissions(group: Group, direction: Direction) -> tuple[IpPermission, ...]:
    return tuple(
        IpPermission(
            ip_protocol=grant.ip_protocol,
            from_port=grant.from_port,
            to_port=grant.to_port,
            **{LISTS[type(grant.source)]: (grant.source,)},  # type: ignore[arg-type]
        )
        for grant in group.grants.values()
        if grant.direction == direction
    )


@contextmanager
def served(handler: Handler) -> Iterator[str]:
    """The URL of a server on loopback that answers as *handler* says, until the block ends."""

    class Calls(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = handler(self.rfile.read(int(self.headers["Content-Length"])))
            self.close_connection = True
            if not isinstance(said, Answer):
                said(self.connection)
                return
            self.send_response_only(said.status)
            for name, value in (*said.headers, ("Content-Length", str(len(said.body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Calls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def raw(text: bytes) -> Callable[[socket.socket], None]:
    """Bytes in the place of an HTTP response."""

    def send(connection: socket.socket) -> None:
        connection.sendall(text)

    return send
