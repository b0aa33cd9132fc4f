"""The two forms of a request: the same grants, said the older or the newer way."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from ec2codec.errors import EncodeError, Violation
from ec2codec.model import IngressRequest, IpPermission, IpRange, Request
from ec2codec.policy import Policy
from ec2codec.rule import RULES, Found

Style = Literal["nested", "flat"]


def restyle(request: Request, style: Style) -> Request:
    """The request in another form, with the same grants.

    Raises: EncodeError if the flat form cannot say it: it has ingress only, one permission, one CIDR range
        without description, and no group. ValueError for a style that is none.
    """
    if style == "nested":
        return _nested(request)
    if style == "flat":
        return _flat(request)
    raise ValueError(f"expected the style nested or flat, got {style!r}")


def _nested(request: Request) -> Request:
    if not isinstance(request, IngressRequest):
        return request
    return replace(
        request,
        ip_permissions=request.permissions(),
        ip_protocol=None,
        from_port=None,
        to_port=None,
        cidr_ip=None,
        source_security_group_name=None,
        source_security_group_owner_id=None,
    )


def _flat(request: Request) -> Request:
    if isinstance(request, IngressRequest) and not request.ip_permissions:
        return request
    match request.permissions():
        case (IpPermission(ip_ranges=(IpRange(description=None) as cidr,)) as permission,) if isinstance(
            request, IngressRequest
        ) and permission.sources == (cidr,):
            return replace(
                request,
                ip_permissions=(),
                ip_protocol=permission.ip_protocol,
                from_port=permission.from_port,
                to_port=permission.to_port,
                cidr_ip=cidr.cidr_ip,
            )
    raise EncodeError([_no_flat_form()])


def _no_flat_form() -> Violation:
    rule = RULES["E407"]
    text = "the flat form holds one ingress permission with one CIDR range, without group and description"
    return Policy().violation(rule, Found("", text), "IpPermissions")
