"""One response, many documents: what XML lets differ and nobody means by it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from random import Random
from typing import Any, NamedTuple

from hypothesis import strategies as st

from ec2codec.elements import ElementSchema
from ec2codec.fields import Indexed, Parameter
from ec2codec.response_schemas import response_schemas
from ec2codec.responses import Response
from ec2codec.scalars import format_scalar
from ec2codec.strategies.spelling import seeds
from ec2codec.xml import XMLNS, item_name


class Manner(NamedTuple):
    """How a document is written.

    declaration: what stands before the root. prefix: of all names, ``"ec2:"``.
    between: blanks and comments between elements. empty: what ends the tag of an element without content;
    None: another tag.
    random: what is decided by chance, if anything is: order, texts, and elements that say they are empty.
    """

    declaration: str
    prefix: str
    between: str
    empty: str | None
    random: Random | None


@st.composite
def documents(draw: st.DrawFn, response: Response) -> str:
    """XML documents of *response*; each is decoded to it."""
    seed = draw(seeds)
    schema = response_schemas(None)[response.root]
    dumped = dict(schema.dump(response))
    namespace = dumped.pop(XMLNS, None)
    # Without a namespace there is nothing for a prefix to stand for.
    prefix = draw(_PREFIXES) if namespace else ""
    manner = Manner(draw(_DECLARATIONS), prefix, draw(_BETWEEN), draw(_EMPTY), Random(seed) if seed else None)
    attributes = f' xmlns{":" + prefix[:-1] if prefix else ""}="{namespace}"' if namespace else ""
    return manner.declaration + _element(response.root, _members(dumped, schema, manner), manner, attributes)


_DECLARATIONS = st.sampled_from(
    (
        "",
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        "<?xml version='1.0' encoding='utf-8' standalone='yes'?>",
        '<?xml version="1.0"?>\r\n<!-- answered -->\n',
        "\ufeff",
    )
)
_PREFIXES = st.sampled_from(("", "ec2:", "ns-1.x:"))
_BETWEEN = st.sampled_from(("", "\n    ", "\r\n\t", "<!-- - -->", " "))
_EMPTY = st.sampled_from(("/>", " />", None))


def _element(name: str, content: str, manner: Manner, attributes: str = "") -> str:
    tag = f"{manner.prefix}{name}"
    if content or manner.empty is None:
        return f"<{tag}{attributes}>{content}</{tag}>"
    return f"<{tag}{attributes}{manner.empty}"


def _members(dumped: Mapping[str, Any], schema: ElementSchema, manner: Manner) -> str:
    elements = [
        _element(_name(name, schema, manner), _content(dumped[name], declared, name, manner), manner)
        for name, declared in schema.by_name.items()
        if name in dumped
    ]
    if manner.random is not None:
        elements += _idle(dumped, schema, manner, manner.random)
        manner.random.shuffle(elements)
    return _joined(elements, manner)


def _joined(elements: list[str], manner: Manner) -> str:
    return manner.between.join(["", *elements, ""]) if elements else ""


def _name(name: str, schema: ElementSchema, manner: Manner) -> str:
    """The name of a member, or another under which it comes."""
    if manner.random is None:
        return name
    return manner.random.choice((name, *(other for other, own in schema.spellings.items() if own == name)))


def _idle(dumped: Mapping[str, Any], schema: ElementSchema, manner: Manner, random: Random) -> list[str]:
    """Empty elements of members that are absent, where that means the same."""
    return [
        _element(name, "", manner)
        for name, declared in schema.by_name.items()
        if name not in dumped and _may_idle(declared) and random.random() < 0.2
    ]


def _may_idle(declared: Any) -> bool:
    return isinstance(declared, Indexed) or (isinstance(declared, Parameter) and not declared.may_be_empty)


def _content(value: Any, declared: Any, name: str, manner: Manner) -> str:
    if isinstance(declared, Indexed):
        items = [_content(item, declared.item, "", manner) for item in value]
        return _joined([_element(item_name(name), item, manner) for item in items], manner)
    if isinstance(declared, Parameter):
        return _text(value, manner)
    return _members(value, declared.schema, manner)


def _text(value: object, manner: Manner) -> str:
    random = manner.random
    if isinstance(value, str):
        return _escaped(value) if random is None else _TEXTS[random.randrange(len(_TEXTS))](value, random)
    # Blanks around a number or a boolean say nothing; of the latter there are two spellings.
    text = format_scalar(value)
    if random is None:
        return text
    if isinstance(value, bool):
        text = random.choice((text, str(int(value))))
    blanks = ("", "", " ", "\n  ")
    return random.choice(blanks) + text + random.choice(blanks)


def _escaped(text: str) -> str:
    # A bare CR would be read back as LF (XML 1.0, section 2.11).
    return escape(text).replace("\r", "&#13;")


def _cdata(text: str, random: Random) -> str:
    if not text or "\r" in text:
        return _escaped(text)
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _references(text: str, random: Random) -> str:
    """Every character in a manner of its own."""
    return "".join(
        random.choice((_escaped(each), f"&#{ord(each)};", f"&#x{ord(each):x};", f"&#x{ord(each):04X};"))
        for each in text
    )


_TEXTS = (lambda text, random: _escaped(text), _cdata, _references)
