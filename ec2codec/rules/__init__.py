"""The law: one rule, one function. Importing this package fills `ec2codec.rule.RULES`."""

from ec2codec.rules import document, flat, grant, group, header, permission, request, scalar, wire

__all__ = ["document", "flat", "grant", "group", "header", "permission", "request", "scalar", "wire"]
