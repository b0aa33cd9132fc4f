"""Which recorded calls are ours: the four actions, found in bytes before anything is decoded."""

from __future__ import annotations

import re

from ec2codec.names import AUTH_PARAMETERS
from ec2codec.schemas import SCHEMAS
from ec2codec.shape import read

# Every line of a log is searched for this, so it is one literal that `bytes.find` can look for.
MARK = b"SecurityGroup"
# And how the names of our actions go on; in the end a name may be escaped, or cut off.
_NEXT = (b"In", b"Eg")
_OURS = re.compile(MARK + rb"(?:In|Eg|[IE]?\\|[\r\n]|[\s\S]?\Z)")

ACTIONS = tuple(SCHEMAS)

NAMES = "|".join(ACTIONS).encode()
BY_NAME = {name.encode(): name for name in ACTIONS}
_ACTION = re.compile(rb"(?:^|[?&])Action=(" + NAMES + rb")(?=[&#\s]|$)")
# In running text a name may stand before the query, `body=Action=...`, but `MyAction=` is another name.
MENTION = re.compile(rb"(?<![\w.%-])Action=(?:" + NAMES + rb")(?![\w.%-])")

_PARAMETERS = {name for schema in SCHEMAS.values() for name in read(schema()).members} | AUTH_PARAMETERS
# A name of a parameter where a form has one; and none of those in cookies, trace ids and the like.
PARAMETER = re.compile(rb"(?:^|&)(?:" + "|".join(sorted(_PARAMETERS)).encode() + rb")(?=[.=&]|%2[Ee])")


def find_mark(data: bytes, start: int, stop: int) -> int:
    """Where, from *start* to *stop*, the name of an action of ours may stand: at its `MARK`; -1 if nowhere.

    Passes over those of other actions, DescribeSecurityGroups above all, which logs are full of.
    """
    mark = data.find(MARK, start, stop)
    end = mark + len(MARK)
    if mark < 0 or data[end : end + 2] in _NEXT or _OURS.match(data, mark, stop):
        return mark
    # Where there is one of others there are many: the pattern is slower than `find`, but passes over all.
    match = _OURS.search(data, end, stop)
    return match.start() if match else -1


def action_of(query: bytes) -> str | None:
    """The action of ours that a query string asks for, None if it asks for another or for none."""
    match = _ACTION.search(query)
    return BY_NAME[match[1]] if match else None
