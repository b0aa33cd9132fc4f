"""The XML transport: what is read, what is refused before anybody looks at it, and what is written."""

from __future__ import annotations

import array
import time
import tracemalloc
import xml.etree.ElementTree as ElementTree
from types import SimpleNamespace
from typing import Any
from xml.dom import minidom
from xml.parsers import expat

import pytest
import xmltodict
from hypothesis import example, given
from hypothesis import strategies as st

from ec2codec import fitting, xml
from ec2codec.guard import Parser
from ec2codec.response_schemas import response_schemas

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
BODY = "<Response><RequestID>1</RequestID></Response>"
ERROR_SCHEMA = response_schemas(None)["Response"]


def content(text: object) -> Any:
    """What of an error document is loaded."""
    markup = xml.loads(text)
    assert markup.fault is None
    return fitting.fit(markup, ERROR_SCHEMA).content


def oddities(text: object) -> list[str]:
    return [location for location, _ in fitting.fit(xml.loads(text), ERROR_SCHEMA).oddities]


def fault(text: object) -> str:
    markup = xml.loads(text)
    assert (markup.root, markup.element) == ("", {}), "nothing is left of what was refused"
    assert markup.fault is not None
    return markup.fault


def written(structure: object) -> str:
    return xml.dumps(fitting.plant(structure, "Response"))


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        BODY.encode(),
        bytearray(BODY.encode()),
        memoryview(BODY.encode()),
        "\ufeff" + BODY,
        b"\xef\xbb\xbf" + BODY.encode(),
        DECLARATION + BODY,
        DECLARATION.replace("UTF-8", "utf-8") + BODY,
        DECLARATION.replace("UTF-8", "US-ASCII") + BODY,
        '<?xml version="1.0"?>' + BODY,
        "\r\n" + BODY + " \n",
        "<!-- before -->" + BODY.replace("1", "<!-- inside -->1<!-- and after -->"),
        BODY.replace("1", "<![CDATA[1]]>"),
        BODY.replace("1", "&#49;"),
        BODY.replace("><", ">\r\n\t <"),
    ],
)
def test_document_is_read_however_it_comes(text: object) -> None:
    assert content(text) == {"RequestID": "1"}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "no element found"),
        (" ", "no element found"),
        ("<a>", "no element found"),
        ("<a></b>", "mismatched tag"),
        ("<a/>junk", "junk after document element"),
        ("<a/><a/>", "junk after document element"),
        ("502 Bad Gateway", "syntax error"),
        ("\n" + DECLARATION + BODY, "not at start"),
        ("<q:a/>", "unbound prefix"),
        ("<a>&nbsp;</a>", "undefined entity"),
        ("<a>\x00</a>", "without NUL"),
        ("<a>\x1b</a>", "invalid token"),
        ("<a>&#0;</a>", "invalid character number"),
        ("<a>\ufffe</a>", "invalid token"),
        ("<a>\ud800</a>", "surrogates not allowed"),
        (b"<a>\xff</a>", "invalid token"),
        (b"<a>\xed\xa0\x80</a>", "invalid token"),
        (b"<a>\xc0\xaf</a>", "invalid token"),
        ("<a/>".encode("utf-16"), "without NUL"),
        ("<a/>".encode("utf-16-le"), "without NUL"),
        ("<a/>".encode("utf-16-be"), "without NUL"),
        ("<a/>".encode("utf-32"), "without NUL"),
        (b"\xff\xfe", "no element found"),
        ('<a xmlns="http://a|b/"/>', ""),
        ("<a b='1' b='2'/>", "duplicate attribute"),
        ("<!DOCTYPE a><a/>", "DOCTYPE"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>tr&q;ue</a>', "DOCTYPE"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DOCTYPE"),
        ("<!DOCTYPE html><html></html>", "DOCTYPE"),
        ("<a>tr<?x y?>ue</a>", "processing instruction, got 'x'"),
        ("<?xml-stylesheet href='a'?><a/>", "processing instruction"),
        (None, "got NoneType"),
        (5, "got int"),
        ([b"<a/>"], "got list"),
        (memoryview(array.array("i", [60, 97])), ""),
    ],
)
def test_what_is_no_xml_of_ours_is_refused(text: object, part: str) -> None:
    assert part in fault(text)


@pytest.mark.parametrize(
    "encoding",
    ["UTF-7", "zlib", "idna", "punycode", "cp037", "unicode_escape", "windows-1252", "UTF-16", "ISO-8859-1"],
)
@pytest.mark.parametrize("kind", [str, str.encode])
def test_encodings_other_than_utf_8_are_refused(encoding: str, kind: Any) -> None:
    assert f"UTF-8, got '{encoding}'" in fault(kind(DECLARATION.replace("UTF-8", encoding) + BODY))


def test_released_memory_is_refused() -> None:
    view = memoryview(b"<a/>")
    view.release()

    assert "released" in fault(view)


@pytest.mark.parametrize(
    ("limit", "at", "over"),
    [
        ("MAX_BYTES", "<Response/>", "<Response />"),
        ("MAX_BYTES", "<R>12ö</R>", "<R>123ö</R>"),
        ("MAX_ELEMENTS", "<a><b/><b/></a>", "<a><b/><b/><b/></a>"),
        ("MAX_DEPTH", "<a><b><c/></b><b><c/></b></a>", "<a><b><c><d/></c></b></a>"),
        ("MAX_ATTRIBUTES", "<a a='' b=''><b xmlns:a='a' a=''/></a>", "<a a='' b='' c=''/>"),
        ("MAX_ATTRIBUTES", "<a a='' b=''/>", "<a a='' b='' xmlns='c'/>"),
        ("MAX_ATTRIBUTES", "<a a='' b=''/>", "<a xmlns:a='a' xmlns:b='b' xmlns='c'/>"),
        ("MAX_TEXT", "<a>123<b>123</b>123</a>", "<a>123<b>1234</b></a>"),
        ("MAX_TEXT", "<a>1&#50;3</a>", "<a>1<!-- -->2&amp;4</a>"),
    ],
)
def test_limit_is_kept_and_one_over_it_is_refused(
    monkeypatch: pytest.MonkeyPatch, limit: str, at: str, over: str
) -> None:
    size = {"MAX_BYTES": 11, "MAX_ELEMENTS": 3, "MAX_DEPTH": 3, "MAX_ATTRIBUTES": 2, "MAX_TEXT": 3}[limit]
    monkeypatch.setattr(xml, limit, size)

    assert xml.loads(at).fault is None
    assert f"at most {size} " in fault(over)
    assert f"at most {size} " in fault(over.encode())


def test_documents_of_more_bytes_than_the_limit_are_not_copied() -> None:
    text = " " * (xml.MAX_BYTES + 1)

    assert "at most 8,388,608 bytes" in fault(text)


@pytest.mark.parametrize(
    "text",
    [
        "<a>" * 1_000_000,
        "<a>" + "<b/>" * 1_000_000 + "</a>",
        "<a " + " ".join(f"a{n}=''" for n in range(100_000)) + "/>",
        "<a " + " ".join(f"xmlns:a{n}='a'" for n in range(100_000)) + "/>",
        "<a>" + "b" * 4_000_000 + "</a>",
        "<!DOCTYPE a [<!ATTLIST a "
        + " ".join(f"b{n} CDATA '{'v' * 60}'" for n in range(2_000))
        + ">]>"
        + "<a/>" * 5,
        '<!DOCTYPE a [<!ENTITY a "b">'
        + "".join(f'<!ENTITY a{n} "{"&a;" * 10}">' for n in range(20))
        + "]><a>&a19;</a>",
    ],
    ids=["depth", "siblings", "attributes", "namespaces", "text", "attlist", "entities"],
)
def test_bombs_are_refused_early(text: str) -> None:
    tracemalloc.start()
    began = time.process_time()
    fault(text)
    seconds, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert seconds < 10, "the limit of elements itself costs half a second"
    assert peak < 200_000_000


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("<Response a='1'/>", ""),
        ("<Response xml:lang='en'/>", ""),
        ("<Response xmlns:x='y' x:a='1'/>", ""),
        ("<Response>text</Response>", ""),
        ("<Response>text<RequestID/></Response>", ""),
        ("<Response><RequestID a='1'>1</RequestID></Response>", "RequestID"),
        (
            "<Response xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>"
            "<RequestID xsi:nil='true'/></Response>",
            "RequestID",
        ),
        ("<Response><RequestID><b>1</b></RequestID></Response>", "RequestID"),
        ("<Response><RequestID>1<b/></RequestID></Response>", "RequestID"),
        ("<Response><RequestID/><RequestID/></Response>", "RequestID"),
        ("<Response><RequestID>1</RequestID><requestId>2</requestId></Response>", "RequestID"),
        ("<Response><RequestID xmlns='http://evil/'>1</RequestID></Response>", "RequestID"),
        ("<Response xmlns='http://a/'><RequestID xmlns=''>1</RequestID></Response>", "RequestID"),
        ("<Response xmlns:z='http://evil/'><z:new/></Response>", "new"),
        ("<Response><Errors>text</Errors></Response>", "Errors"),
        ("<Response><Errors/><Errors/></Response>", "Errors"),
        ("<Response><Errors><Error>text</Error></Errors></Response>", "Errors.1"),
        ("<Response><Errors><Error/><Error><Code/><Code/></Error></Errors></Response>", "Errors.2.Code"),
        ("<Response><new>text<inner/></new></Response>", "new"),
        ("<Response><new a='1'/></Response>", "new"),
    ],
)
def test_what_would_lose_its_meaning_is_noted_at_its_place(text: str, location: str) -> None:
    assert [location] == oddities(text)


def test_elements_that_the_schema_does_not_know_are_kept() -> None:
    text = """<Response><new>1</new><new/><Errors><Error><Type><a>x</a> <b> y</b></Type></Error>
        <other>z</other></Errors></Response>"""

    assert fitting.fit(xml.loads(text), ERROR_SCHEMA).unknown == (
        ("new", "1"),
        ("new", ""),
        ("Errors.other", "z"),
        ("Errors.1.Type.a", "x"),
        ("Errors.1.Type.b", " y"),
    )


def test_empty_scalars_are_absent_and_empty_lists_empty() -> None:
    text = "<Response><Errors> </Errors><RequestID/></Response>"

    assert content(text) == {"Errors": []}


def test_empty_item_is_an_item() -> None:
    assert content("<Response><Errors><Error/></Errors></Response>") == {"Errors": [{}]}


texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r\x85\u2028\xa0<>&'\"]"),
    max_size=40,
)


@given(texts)
@example("a\rb\r\nc\n")
@example(" \u00a0 ")
@example("]]>")
@example("\u202e\x9b")
def test_every_text_is_read_back_as_it_was_written(text: str) -> None:
    document = written({"Errors": [{"Message": text}]})

    assert content(document) == {"Errors": [{"Message": text}]}
    assert content(document.encode()) == {"Errors": [{"Message": text}]}


@given(texts.filter(bool))
def test_every_parser_reads_what_was_written(text: str) -> None:
    document = written({"Errors": [{"Message": text}]})

    assert ElementTree.fromstring(document).findtext("Errors/Error/Message") == text
    (message,) = minidom.parseString(document.encode()).getElementsByTagName("Message")
    assert "".join(node.nodeValue or "" for node in message.childNodes) == text


def test_values_are_written_as_their_text() -> None:
    structure = {"fromPort": 0, "return": True, "isEgress": False, "groups": [], "vpcId": None}

    assert written(structure) == (
        f"{DECLARATION}\n<Response><fromPort>0</fromPort><return>true</return><isEgress>false</isEgress>"
        "<groups/></Response>"
    )


def test_lists_are_lists_or_mappings_from_position() -> None:
    listed = written({"Errors": [{"Code": "A"}, {"Code": "B"}]})

    assert listed == written({"Errors": {1: {"Code": "A"}, 7: {"Code": "B"}}})
    assert listed == written({"Errors": ({"Code": "A"}, {"Code": "B"})})


def cyclic() -> dict[str, Any]:
    structure: dict[str, Any] = {}
    structure["Errors"] = [structure]
    return structure


@pytest.mark.parametrize(
    ("structure", "part"),
    [
        ("text", "got str"),
        (None, "got NoneType"),
        ([], "got list"),
        ({5: 1, "a": 2}, "names of elements, got int"),
        ({"a": {None: 1}}, "names of elements, got NoneType"),
        (cyclic(), "at most 32 elements inside each other"),
        ({"RequestID": "x" * (xml.MAX_TEXT + 1)}, "at most 65,536 characters"),
        ({"Errors": [{}] * xml.MAX_ELEMENTS}, "at most 200,000 elements"),
    ],
)
def test_structures_that_are_no_document_are_refused(structure: object, part: str) -> None:
    planted = fitting.plant(structure, "Response")

    assert planted.fault is not None
    assert part in planted.fault


@pytest.mark.parametrize(
    ("structure", "location"),
    [
        ({"new": 1}, "new"),
        ({"a><b": "1"}, "a><b"),
        ({"": "1"}, ""),
        ({"@a": "1"}, ""),
        ({"#text": "1"}, ""),
        ({"#comment": "1"}, "#comment"),
        ({"Errors": [{"@xmlns": "http://evil/"}]}, "Errors.1"),
        ({"Errors": [{"x|Code": "1"}]}, "Errors.1.Code"),
        ({"Errors": [None]}, "Errors.1"),
        ({"Errors": 5}, "Errors"),
        ({"RequestID": ""}, "RequestID"),
        ({"RequestID": 5}, "RequestID"),
        ({"RequestID": b"1"}, "RequestID"),
        ({"RequestID": ["1"]}, "RequestID"),
        ({"RequestID": "a\x00"}, "RequestID"),
        ({"RequestID": "a\x1b"}, "RequestID"),
        ({"RequestID": "\ud800"}, "RequestID"),
        ({"RequestID": "\ufffe"}, "RequestID"),
    ],
)
def test_data_that_would_not_be_read_back_is_noted(structure: object, location: str) -> None:
    fitted = fitting.fit(fitting.plant(structure, "Response"), ERROR_SCHEMA)

    assert [location] == [place for place, _ in fitted.oddities]
    assert fitted.unknown == ()


def test_all_that_xmltodict_sets_reaches_expat(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = Parser(), SimpleNamespace(Parse=lambda *_: None)
    monkeypatch.setattr(expat, "ParserCreate", lambda *_: theirs)

    xmltodict.parse(BODY, expat=SimpleNamespace(ParserCreate=lambda *_: ours))

    settings = {name: value for name, value in vars(ours).items() if name != "ordered_attributes"}
    assert settings == {name: vars(theirs).get(name) for name in settings}
    assert vars(ours)["ordered_attributes"]
