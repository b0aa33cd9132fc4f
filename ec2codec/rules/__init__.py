"""The law: one rule, one function. Importing this package fills `ec2codec.rule.RULES`, by number."""

from ec2codec.rule import RULES
from ec2codec.rules import document, flat, grant, group, header, permission, request, scalar, wire

__all__ = ["document", "flat", "grant", "group", "header", "permission", "request", "scalar", "wire"]

for _rule in sorted(RULES.values(), key=lambda rule: rule.id[1:]):
    RULES[_rule.id] = RULES.pop(_rule.id)
