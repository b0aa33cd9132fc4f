"""A tiny EC2 that keeps security groups in memory; every refusal has EC2's own code and text.

pip install 'ec2codec[flask]'
flask --app examples/flask_server.py run
aws --endpoint-url http://127.0.0.1:5000 ec2 describe-security-groups
"""

from __future__ import annotations

from flask import Flask, Response
from flask import request as http

from ec2codec import DescribeSecurityGroupsResponse, Grant, IpPermission, Request, SecurityGroup
from ec2codec.error_codes import ErrorCode
from ec2codec.grants import Key, key
from ec2codec.integrations.server import Answer, accept, action_of, answer, fail, receive
from ec2codec.model import Direction
from ec2codec.plan import LISTS

Grants = dict[Key, Grant]


def create_app() -> Flask:
    """The server, with one group: ``sg-1a2b3c4d``, ``web``."""
    app = Flask(__name__)
    groups: dict[str, Grants] = {"sg-1a2b3c4d": {}}

    @app.route("/", methods=["GET", "POST"])
    def call() -> Response:
        # Before anything else reads the form: Flask gives it to one reader only.
        status, headers, body = serve(groups, http.get_data(), http.query_string)
        return Response(body, status, dict(headers))

    return app


def serve(groups: dict[str, Grants], body: bytes, query: bytes) -> Answer:
    """One call: what is none of the four requests is a describe, or refused as an unknown action."""
    if action_of(body, query=query) == "DescribeSecurityGroups":
        described = tuple(describe(group_id, grants) for group_id, grants in groups.items())
        return answer(
            DescribeSecurityGroupsResponse(
                version="2016-11-15", request_id="r", security_group_info=described
            )
        )
    request = receive(body, query=query)
    return request if isinstance(request, Answer) else change(groups, request)


def change(groups: dict[str, Grants], request: Request) -> Answer:
    """Add or remove the grants of a request: all of them, or none."""
    if request.dry_run:
        return fail(ErrorCode.DRY_RUN_OPERATION, "Request would have succeeded, but DryRun flag is set.")
    group = request.group_id or "sg-1a2b3c4d"
    if group not in groups:
        return fail(ErrorCode.INVALID_GROUP_NOT_FOUND, f"The security group '{group}' does not exist")
    held = groups[group]
    asked = {key(grant, platform="vpc"): grant for grant in request.grants()}
    if request.action.startswith("Authorize"):
        if held.keys() & asked.keys():
            return fail(ErrorCode.INVALID_PERMISSION_DUPLICATE, "the specified rule already exists")
        held.update(asked)
    elif asked.keys() - held.keys():
        said = "The specified rule does not exist in this security group."
        return fail(ErrorCode.INVALID_PERMISSION_NOT_FOUND, said)
    else:
        for one in asked:
            del held[one]
    return accept(request)


def describe(group_id: str, grants: Grants) -> SecurityGroup:
    """A group as EC2 describes it; it would merge what has equal ports, which clients do not rely on."""
    return SecurityGroup(
        owner_id="123456789012",
        group_id=group_id,
        group_name="web",
        group_description="web",
        vpc_id="vpc-1a2b3c4d",
        ip_permissions=permissions(grants, "ingress"),
        ip_permissions_egress=permissions(grants, "egress"),
    )


def permissions(grants: Grants, direction: Direction) -> tuple[IpPermission, ...]:
    """One permission a grant."""
    return tuple(
        IpPermission(
            ip_protocol=grant.ip_protocol,
            from_port=grant.from_port,
            to_port=grant.to_port,
            **{LISTS[type(grant.source)]: (grant.source,)},  # type: ignore[arg-type]
        )
        for grant in grants.values()
        if grant.direction == direction
    )


if __name__ == "__main__":
    create_app().run()
