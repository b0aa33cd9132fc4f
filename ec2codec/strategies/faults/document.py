"""Faults of responses: E501 to W505."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from hypothesis.strategies import DrawFn

from ec2codec.elements import namespace_of
from ec2codec.strategies.faults.drawing import FLIP, pick, within
from ec2codec.strategies.faults.registry import Broken, breaking
from ec2codec.strategies.faults.scene import VERSIONS, Scene
from ec2codec.strategies.structures import ACTIONS
from ec2codec.xml import MAX_ATTRIBUTES, MAX_DEPTH, MAX_TEXT

REQUEST_IDS = ("59dbff89-35bd-4eac-99ed-be587EXAMPLE", "1", "req-2", "\u00e9")
TRUTHS = ("true", "false", "1", "0", " true ", "\n  false\n")
NO_TRUTHS = ("", "TRUE", "True", "yes", "no", "t", "2", "01", "true false", "\u00a0true", "tru\u0435", "null")
ERRORS = (
    ("AuthFailure", "No."),
    ("InvalidPermission.NotFound", "The specified rule does not exist in this security group."),
    ("RequestLimitExceeded", ""),
)


def _success(draw: DrawFn, scene: Scene, *elements: str, root: str | None = None) -> str:
    """A document of success with these elements, and perhaps a request id."""
    version = pick(draw, (None, scene.version, "2016-11-15"))
    ids = [f"<requestId>{pick(draw, REQUEST_IDS)}</requestId>"] if draw(FLIP) else []
    return _document(draw, root or f"{scene.action}Response", version, [*ids, *elements])


def _document(draw: DrawFn, root: str, version: str | None, elements: Sequence[str]) -> str:
    namespace = "" if version is None else f' xmlns="{namespace_of(version)}"'
    between = pick(draw, ("", "\n  ", "<!-- - -->"))
    declaration = pick(draw, ("", '<?xml version="1.0" encoding="UTF-8"?>\n'))
    inside = "".join(between + element for element in elements)
    return f"{declaration}<{root}{namespace}>{inside}{between}</{root}>"


def _return(draw: DrawFn) -> str:
    return f"<return>{pick(draw, TRUTHS)}</return>"


def _error(draw: DrawFn) -> str:
    code, message = pick(draw, ERRORS)
    return f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"


def _refusal(draw: DrawFn, *errors: str) -> str:
    ids = ["<RequestID>1</RequestID>"] if draw(FLIP) else []
    return _document(draw, "Response", None, [f"<Errors>{''.join(errors)}</Errors>", *ids])


def _answer(draw: DrawFn, scene: Scene) -> str:
    """A document that breaks no rule."""
    success = _success(draw, scene, _return(draw))
    return success if draw(FLIP) else _refusal(draw, _error(draw))


def _asked(draw: DrawFn, scene: Scene) -> dict[str, Any]:
    """The action that is answered, or nothing: who reads a log may not know it."""
    return {"request": pick(draw, (None, scene.action))}


def _said(draw: DrawFn, scene: Scene, text: str) -> Broken:
    return Broken(text, "", options=_asked(draw, scene))


@breaking("E501")
def cut_document(draw: DrawFn, scene: Scene) -> Broken:
    """A document that ends before its end."""
    text = _answer(draw, scene)
    return _said(draw, scene, text[: draw(within(1, len(text) - 1))])


@breaking("E501")
def document_with_more(draw: DrawFn, scene: Scene) -> Broken:
    """Something after the root, or before it, that no document has."""
    text = _answer(draw, scene)
    after = pick(draw, ("junk", "<more/>", "&", "\x00", "<![CDATA[]]>", "</Response>", "<?php ?>"))
    return _said(draw, scene, text + after)


@breaking("E501")
def forbidden_beginning(draw: DrawFn, scene: Scene) -> Broken:
    """A DOCTYPE, a processing instruction, an encoding that is none of UTF-8's."""
    text = _answer(draw, scene).removeprefix('<?xml version="1.0" encoding="UTF-8"?>\n')
    return _said(draw, scene, pick(draw, BEGINNINGS) + text)


BEGINNINGS = (
    "<!DOCTYPE Response>",
    '<!DOCTYPE Response SYSTEM "x">',
    '<!DOCTYPE Response [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    '<!DOCTYPE Response [<!ATTLIST Response xmlns CDATA "http://ec2.amazonaws.com/doc/2011-12-15/">]>',
    '<?xml-stylesheet href="a.xsl"?>',
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<?xml version="1.0" encoding="windows-1252"?>',
    '<?xml version="1.0" encoding="unicode_escape"?>',
    "<!-- a -- b -->",
)


@breaking("E501")
def ill_formed_inside(draw: DrawFn, scene: Scene) -> Broken:
    """Something in the root that is not well-formed, or over a limit by one."""
    inside = pick(draw, ILL_FORMED)
    return _said(draw, scene, _success(draw, scene, _return(draw), inside))


def _nested(depth: int) -> str:
    return "<a>" * depth + "</a>" * depth


ILL_FORMED = (
    *("<a>", "</a>", "<a></b>", "<a", "a & b", "&undefined;", "&#0;", "&#x1B;", "&#xFFFE;", "]]>", "<1a/>"),
    *('<a b="1" b="2"/>', "<a b=1/>", "<a b/>", "<q:a/>", "<a\x00/>", "\x08", "\ufffe", "<?a b?>", "< a/>"),
    *(_nested(MAX_DEPTH), "x" * (MAX_TEXT + 1)),
    "<a" + "".join(f' b{n}=""' for n in range(MAX_ATTRIBUTES + 1)) + "/>",
)


@breaking("E502")
def foreign_root(draw: DrawFn, scene: Scene) -> Broken:
    """A root element that no response has."""
    root = pick(draw, ROOTS)
    return _said(draw, scene, _success(draw, scene, _return(draw), root=root))


ROOTS = (
    "html",
    "RevokeSecurityGroupIngress",
    "response",
    "ErrorResponse",
    "Error",
    "Errors",
    "a",
    "RunInstancesResponse",
)


@breaking("E502")
def foreign_namespace(draw: DrawFn, scene: Scene) -> Broken:
    """A root in a namespace that is none of the EC2 API's."""
    namespace = pick(draw, NAMESPACES)
    root = pick(draw, (f"{scene.action}Response", "Response"))
    prefix, colon = pick(draw, (("", ""), ("e", ":")))
    text = f'<{prefix}{colon}{root} xmlns{colon}{prefix}="{namespace}"></{prefix}{colon}{root}>'
    return _said(draw, scene, text)


NAMESPACES = (
    *("http://example.com/", "http://ec2.amazonaws.com/doc/", "http://ec2.amazonaws.com/doc/latest/"),
    *("https://ec2.amazonaws.com/doc/2011-12-15/", "http://ec2.amazonaws.com/doc/2011-12-15//", "urn:a"),
    *("http://ec2.amazonaws.com/doc/2011-12-15/ ", "http://iam.amazonaws.com/doc/2010-05-08/"),
)


@breaking("E502")
def odd_element(draw: DrawFn, scene: Scene) -> Broken:
    """What would be lost: a scalar twice, an attribute, stray text, another namespace, text of a list."""
    odd = pick(draw, ODDITIES)
    return _said(draw, scene, _success(draw, scene, _return(draw), odd))


ODDITIES = (
    *("junk", "<requestId>1</requestId><requestId>2</requestId>"),
    *('<requestId a="1"/>', "<requestId><a/></requestId>"),
    *('<a xmlns="http://example.com/">x</a>', '<z:a xmlns:z="http://example.com/">x</z:a>', "<a b='1'>x</a>"),
    "<a>x<b>y</b></a>",
)


@breaking("E502", when=lambda scene: scene.documented)
def answer_to_another_action(draw: DrawFn, scene: Scene) -> Broken:
    """The answer to another action than was asked."""
    others = [action for action in (*ACTIONS, "DescribeSecurityGroups") if action != scene.action]
    asked = pick(draw, others)
    return Broken(_success(draw, scene, _return(draw)), "", options={"request": asked})


@breaking("E503")
def no_truth(draw: DrawFn, scene: Scene) -> Broken:
    """A `return` that is neither true nor false."""
    element = f"<return>{pick(draw, NO_TRUTHS)}</return>"
    return _said(draw, scene, _success(draw, scene, element))


@breaking("E503")
def odd_return(draw: DrawFn, scene: Scene) -> Broken:
    """A `return` twice, with an attribute, or with elements."""
    return _said(draw, scene, _success(draw, scene, pick(draw, ODD_RETURNS)))


ODD_RETURNS = (
    "<return>true</return><return>true</return>",
    "<return>true</return><return>false</return>",
    '<return a="1">true</return>',
    "<return><a/></return>",
    "<return>true<a/></return>",
    '<return xmlns="http://example.com/">true</return>',
    '<return>false</return><z:return xmlns:z="http://example.com/">true</z:return>',
)


@breaking("E503", when=lambda scene: scene.documented)
def without_return(draw: DrawFn, scene: Scene) -> Broken:
    """An answer to a request that says nothing of success."""
    return _said(draw, scene, _success(draw, scene))


@breaking("E504")
def refusal_without_code(draw: DrawFn, scene: Scene) -> Broken:
    """A refusal none of whose errors has a code."""
    message = "<Error><Message>No.</Message></Error>"
    errors = pick(draw, ((), (message,), (message, message), ("<Error/>",), ("<Error><Code/></Error>",)))
    bare = not errors and draw(FLIP)
    text = "<Response/>" if bare else _refusal(draw, *errors)
    return _said(draw, scene, text)


@breaking("E504")
def odd_refusal(draw: DrawFn, scene: Scene) -> Broken:
    """A refusal of which something would be lost."""
    if draw(FLIP):
        return _said(draw, scene, f"<Response>{pick(draw, ODD_REFUSALS)}</Response>")
    return _said(draw, scene, _refusal(draw, _error(draw), pick(draw, ODD_ERRORS)))


ODD_ERRORS = (
    "<Error><Code>A</Code><Code>B</Code></Error>",
    '<Error a="1"><Code>A</Code></Error>',
    "<Error><Code><a/></Code></Error>",
)
ODD_REFUSALS = (
    "<Errors>junk<Error><Code>A</Code></Error></Errors>",
    "junk<Errors><Error><Code>A</Code></Error></Errors>",
)


@breaking("W505")
def other_namespace(draw: DrawFn, scene: Scene) -> Broken:
    """The namespace of another version than was asked: what emulators answer."""
    version = pick(draw, [version for version in VERSIONS if version != scene.version])
    slash = pick(draw, ("/", ""))
    namespace = namespace_of(version).removesuffix("/") + slash
    text = f'<{scene.action}Response xmlns="{namespace}">{_return(draw)}</{scene.action}Response>'
    return Broken(text, "", options={"request": scene.action, "version": scene.version})
