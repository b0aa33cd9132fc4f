"""Which recorded calls are ours: the four actions, found in bytes before anything is decoded."""

from __future__ import annotations

import re

from ec2codec.schemas import SCHEMAS

# Every line of a log is searched for this, so it is one literal that `bytes.find` can look for.
MARK = b"SecurityGroup"

ACTIONS = tuple(SCHEMAS)

_NAMES = "|".join(ACTIONS).encode()
_ACTION = re.compile(rb"(?:^|[?&])Action=(" + _NAMES + rb")(?=[&#\s]|$)")
# In running text a name may stand before the query, `body=Action=...`, but `MyAction=` is another name.
MENTION = re.compile(rb"(?<![\w.%-])Action=(?:" + _NAMES + rb")(?![\w.%-])")


def action_of(query: bytes) -> str | None:
    """The action of ours that a query string asks for, None if it asks for another or for none."""
    match = _ACTION.search(query)
    return match[1].decode("ascii") if match else None
