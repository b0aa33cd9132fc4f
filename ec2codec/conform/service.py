"""The calls that a run needs besides those it is about: groups made, described and removed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ec2codec.codec import encode
from ec2codec.conform.answer import Answer, Said, read
from ec2codec.error_codes import ErrorCode
from ec2codec.errors import quoted

if TYPE_CHECKING:
    from ec2codec.conform.client import Client, Reply
    from ec2codec.model import Request
    from ec2codec.responses import SecurityGroup

VERSION = "2016-11-15"
DESCRIPTION = "ec2codec conform: may be deleted"
# In the answer to CreateSecurityGroup, which is not one of the documents that the codec reads.
_GROUP_ID = re.compile(rb"<groupId>\s*(sg-[0-9A-Za-z]+)\s*</groupId>")


class ServiceError(Exception):
    """The server does not do what a run cannot do without; says what, and what it answered."""


class Service:
    """A server that speaks the EC2 Query API, through a client."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def ask(self, form: bytes) -> Answer:
        """What it answers to a form."""
        return read(self._client.send(form))

    def change(self, request: Request) -> Answer:
        """What it answers to a request of the codec's own."""
        return self.ask(encode(request).encode())

    def create(self, name: str, vpc_id: str | None = None) -> str | None:
        """Make a group; its id, if the answer tells it.

        Raises: ServiceError if it refuses, or does not answer.
        """
        members = {"GroupName": name, "GroupDescription": DESCRIPTION}
        reply = self._sent("CreateSecurityGroup", members | ({"VpcId": vpc_id} if vpc_id else {}))
        answer = read(reply)
        if not _is_success(answer):
            raise ServiceError(f"it makes no security group: {quoted(str(answer))}")
        told = _GROUP_ID.search(reply.body)
        return told[1].decode() if told else None

    def delete(self, group_id: str) -> bool:
        """Remove a group; whether it says that it did, or that there is none."""
        answer = self._call("DeleteSecurityGroup", {"GroupId": group_id})
        return _is_success(answer) or answer.code == ErrorCode.INVALID_GROUP_NOT_FOUND

    def named(self, name: str) -> SecurityGroup | None:
        """The group of a name that only this run gives."""
        found = self._described({"Filter.1.Name": "group-name", "Filter.1.Value.1": name})
        return next((group for group in found if group.group_name == name), None)

    def described(self, group_ids: Iterable[str]) -> dict[str, SecurityGroup]:
        """Those of these groups that are there, by id.

        Raises: ServiceError if it does not describe.
        """
        wanted = list(group_ids)
        members = {f"GroupId.{number}": group_id for number, group_id in enumerate(wanted, 1)}
        # Small servers describe everything, whatever they are asked.
        groups = self._described(members)
        return {str(group.group_id): group for group in groups if group.group_id in wanted}

    def _described(self, members: Mapping[str, str]) -> tuple[SecurityGroup, ...]:
        answer = self._call("DescribeSecurityGroups", members)
        if answer.groups is None:
            raise ServiceError(f"it describes no security group: {quoted(str(answer))}")
        return answer.groups.security_group_info

    def _call(self, action: str, members: Mapping[str, str]) -> Answer:
        return read(self._sent(action, members))

    def _sent(self, action: str, members: Mapping[str, str]) -> Reply:
        return self._client.send(urlencode({"Action": action, "Version": VERSION, **members}).encode())


def _is_success(answer: Answer) -> bool:
    """Whether it worked: of answers to other actions than ours, nothing but their status is understood."""
    return answer.said is Said.TRUE or (answer.said is Said.NOTHING and answer.status == 200)
