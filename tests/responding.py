"""Strategies of responses, of any value that can be encoded, and of what is nearly XML."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_type_hints

from hypothesis import strategies as st

from ec2codec import (
    AuthorizeSecurityGroupEgressResponse,
    AuthorizeSecurityGroupIngressResponse,
    DescribeSecurityGroupsResponse,
    Error,
    ErrorResponse,
    RevokeSecurityGroupEgressResponse,
    RevokeSecurityGroupIngressResponse,
    Tag,
)

EC2 = "http://ec2.amazonaws.com/doc/2011-12-15/"

characters = st.characters(
    exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"
) | st.sampled_from("\t\n\r\x85\u2028\xa0 <>&'\"]%|@#")
texts = st.text(characters, min_size=1, max_size=12)
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    int: st.integers(-(2**31), 2**31 - 1) | st.sampled_from([0, -1, 65535]),
    bool: st.booleans(),
}
# The attributes whose empty text is one.
MAY_BE_EMPTY: set[tuple[type, str]] = {(Tag, "value"), (Error, "message")}
versions = st.none() | st.dates().map(str)


def structures(kind: type) -> st.SearchStrategy[Any]:
    """Any value of a class: each attribute absent or drawn by its annotation."""
    hints = {name: hint for name, hint in get_type_hints(kind).items() if name not in LEFT_OUT}
    return st.builds(kind, **{name: attributes(kind, name, hint) for name, hint in hints.items()})


LEFT_OUT = {"root", "action", "unknown", "version", "return_", "errors"}


def attributes(kind: type, name: str, hint: Any) -> st.SearchStrategy[Any]:
    first, *_ = hint.__args__
    if getattr(hint, "__origin__", None) is tuple:
        return st.lists(structures(first), max_size=2).map(tuple)
    if (kind, name) in MAY_BE_EMPTY:
        return st.none() | st.just("") | texts
    return st.none() | (SCALARS[first] if first in SCALARS else structures(first))


def answers(kind: type, **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(
        lambda response, extra: replace(response, **extra), structures(kind), st.fixed_dictionaries(more)
    )


errors = st.lists(structures(Error), max_size=2).flatmap(
    lambda some: st.builds(Error, code=texts).map(lambda coded: (*some, coded))
)
responses = st.one_of(
    *(
        answers(kind, version=versions, return_=st.booleans())
        for kind in (
            RevokeSecurityGroupIngressResponse,
            RevokeSecurityGroupEgressResponse,
            AuthorizeSecurityGroupIngressResponse,
            AuthorizeSecurityGroupEgressResponse,
        )
    ),
    answers(DescribeSecurityGroupsResponse, version=versions),
    answers(ErrorResponse, version=versions, errors=errors),
)

fragments = st.lists(
    st.sampled_from(
        [
            *("<", ">", "/", "<!--", "-->", "<![CDATA[", "]]>", "<?xml ", "?>", "<!DOCTYPE ", "&#13;", "&a;"),
            *("RevokeSecurityGroupIngressResponse", "Response", "Errors", "Error", "Code", "return", "item"),
            *(f' xmlns="{EC2}"', " xmlns:e=''", ' a="1"', "e:", "true", "1", " ", "\x00", "\ud800", "é"),
        ]
    )
).map("".join)
