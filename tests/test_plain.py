"""The quick path for plain documents: it gives what the reference path gives, or it abstains."""

from __future__ import annotations

import dataclasses
import pickle
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ec2codec import (
    Codec,
    DescribeSecurityGroupsResponse,
    EnvelopeError,
    IpPermission,
    Profile,
    Response,
    SecurityGroup,
    decode_response,
    encode_response,
    plain,
    xml,
)
from ec2codec.elements import Asked, Outcome, judge
from ec2codec.response_schemas import response_schemas
from material import parameters, records
from responding import EC2, fragments, responses

EXCHANGES = list(records("moto/exchanges.jsonl"))
NOTHING = Asked()
REVOKED = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<RevokeSecurityGroupIngressResponse xmlns="{EC2}">\n'
    "    <requestId>1</requestId>\n    <return>true</return>\n</RevokeSecurityGroupIngressResponse>"
)
ERROR = "<Response><Errors><Error><Code>A</Code></Error></Errors><RequestID>1</RequestID></Response>"
DESCRIBED = """<DescribeSecurityGroupsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <securityGroupInfo>
    <item>
      <groupId>sg-1</groupId>
      <groupDescription> a = b; c &lt; d\u00a0</groupDescription>
      <ipPermissions>
        <item>
          <ipProtocol>tcp</ipProtocol>
          <fromPort> 22
          </fromPort>
          <toPort/>
          <groups/>
          <ipRanges><item/><item> </item></ipRanges>
        </item>
      </ipPermissions>
      <ipPermissionsEgress>
      </ipPermissionsEgress>
      <tagSet><item><key>k</key><value/></item></tagSet>
    </item>
  </securityGroupInfo>
</DescribeSecurityGroupsResponse>
"""
PLAIN = (REVOKED, ERROR, DESCRIBED)


def reference(text: object, profile: Profile | None, asked: Asked = NOTHING) -> Outcome:
    return judge(xml.loads(text), response_schemas(profile), profile=profile, asked=asked)


def assert_agrees(text: object, profile: Profile | None = None, asked: Asked = NOTHING) -> None:
    """Law 3, for documents: the quick path abstains, or gives what the reference path gives."""
    outcome = plain.judge(text, profile, asked)

    assert outcome is None or outcome == reference(text, profile, asked)
    assert outcome is None or outcome.response.version == reference(text, profile, asked).response.version


@pytest.mark.parametrize("profile", [*Profile, None])
@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("kind", [str, str.encode, lambda text: bytearray(text.encode())])
def test_plain_documents_are_read_in_one_go(text: str, kind: Any, profile: Profile | None) -> None:
    expected = reference(text, profile)

    assert expected.response is not None
    assert expected == plain.judge(kind(text), profile, NOTHING)


@settings(max_examples=300)
@given(responses, st.sampled_from([Profile.OBSERVED, None]))
def test_what_we_encode_is_plain(response: Response, profile: Profile | None) -> None:
    outcome = plain.judge(encode_response(response), profile, NOTHING)

    assert outcome == Outcome(response, ())


@pytest.mark.parametrize("exchange", parameters(EXCHANGES))
def test_what_moto_answers_is_plain(exchange: dict[str, Any]) -> None:
    outcome = plain.judge(exchange["response"], Profile.DOCUMENTED, NOTHING)

    assert outcome == reference(exchange["response"], Profile.DOCUMENTED)


def test_warnings_are_those_of_the_same_rules() -> None:
    asked = Asked("RevokeSecurityGroupEgress", "2016-11-15")

    outcome = plain.judge(REVOKED, Profile.OBSERVED, asked)

    assert outcome is not None
    assert ["E502", "W505"] == [violation.rule for violation in outcome.violations]
    assert outcome == reference(REVOKED, Profile.OBSERVED, asked)


STRANGE = [
    REVOKED.replace("<return>", "<!-- --><return>"),
    REVOKED.replace("true", "<![CDATA[true]]>"),
    REVOKED.replace("<return>", "<return a='1'>"),
    REVOKED.replace("<return>", '<return xmlns="">'),
    REVOKED.replace("<return>", "<e:return>").replace("</return>", "</e:return>"),
    REVOKED.replace("<return>", "<?pi?><return>"),
    REVOKED.replace("<return>", "text<return>"),
    REVOKED.replace("<return>", "<return>true</return><return>"),
    REVOKED.replace("<return>", "<new/><return>"),
    REVOKED.replace("true", "yes"),
    REVOKED.replace("true", ""),
    REVOKED.replace("true", "<b/>"),
    REVOKED.replace("<return>true</return>", ""),
    REVOKED.replace("requestId", "RequestID"),
    REVOKED.replace(' xmlns="', " xmlns='").replace('/">', "/'>"),
    REVOKED.replace("ec2.amazonaws.com", "example.com"),
    REVOKED.replace("Revoke", "Delete"),
    REVOKED.replace("UTF-8", "ISO-8859-1"),
    REVOKED.replace("</return>", ""),
    REVOKED + "junk",
    "<!DOCTYPE a>" + ERROR,
    ERROR.replace("<Code>A</Code>", "<Message>m</Message>"),
    ERROR.replace("<Code>A</Code>", "\ud800"),
    ERROR.replace("<Code>A</Code>", "text"),
    ERROR.replace("<Code>A</Code>", "<Code>A</Code><Code>B</Code>"),
    ERROR.replace("</Errors>", "</Errors><Errors/>"),
    ERROR.replace("<Errors>", "<Errors><other/>"),
    "<Response/>",
    "<Response></Response>",
    "<Response>text</Response>",
    "<html><body>502</body></html>",
    ERROR.encode("utf-16"),
    b"\xff" + ERROR.encode(),
    "",
    None,
    5,
]


@pytest.mark.parametrize("text", STRANGE)
def test_everything_else_is_left_to_the_reference_path(text: object) -> None:
    assert plain.judge(text, Profile.DOCUMENTED, NOTHING) is None


def test_released_memory_is_left_to_the_reference_path() -> None:
    view = memoryview(REVOKED.encode())
    view.release()

    assert plain.judge(view, None, NOTHING) is None
    with pytest.raises(EnvelopeError, match="released"):
        decode_response(view)


@given(fragments | st.binary() | st.text())
def test_on_every_input_the_paths_agree(text: object) -> None:
    for profile in (*Profile, None):
        assert_agrees(text, profile)


@settings(max_examples=300)
@given(st.data())
def test_on_documents_with_a_piece_changed_the_paths_agree(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(PLAIN) | responses.map(encode_response))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 12, len(text))))
    text = text[:start] + data.draw(fragments | st.text(max_size=2)) + text[end:]

    assert_agrees(text, Profile.DOCUMENTED)
    assert_agrees(text, None)


@given(st.text(" \t\r\n\u00a0<=>&;\"'/!?ax", max_size=8), st.booleans())
@example(' a="b"', True)
@example("> <", False)
def test_on_odd_markup_in_every_place_the_paths_agree(odd: str, inside: bool) -> None:
    for text in PLAIN:
        for place in ("<groupId>", "<Code>", "<return>", "<item>", "</Error>"):
            assert_agrees(text.replace(place, place[:-1] + odd + ">" if inside else place + odd))


OPENED = REVOKED.partition("<Revoke")[0]
HEADS = [
    "",
    " \t\r\n",
    "<?xml version='1.0'?>",
    '<?xml version="1.0" encoding="us-ascii" ?>',
    "<?xml version='1.0' encoding=\"Utf-8\" standalone='no'?>\r\n",
    '<?xml version="1.0" standalone="yes"?>',
]
FOREIGN_HEADS = [
    "\n" + OPENED,
    OPENED + OPENED,
    OPENED + "Response>",
    OPENED + "<!-- <Response> -->",
    OPENED + "<!DOCTYPE Response>",
    OPENED + "<?Response?>",
    "<?xml-stylesheet Response?>",
    OPENED.replace("1.0", "1.1"),
    OPENED.replace("1.0", "2.0"),
    OPENED.replace('1.0"', "1.0'"),
    OPENED.replace("UTF-8", "UTF-16"),
    OPENED.replace("UTF-8", "utf8"),
    OPENED.replace("encoding", "standalone"),
    OPENED.replace("version", "Version"),
    OPENED.replace("?>", ">"),
]


@pytest.mark.parametrize("head", HEADS)
def test_declaration_in_any_of_its_forms_is_plain(head: str) -> None:
    text = REVOKED.replace(OPENED, head)

    outcome = plain.judge(text, Profile.DOCUMENTED, NOTHING)

    assert outcome is not None
    assert outcome == reference(text, Profile.DOCUMENTED)


@pytest.mark.parametrize("head", FOREIGN_HEADS)
def test_what_else_stands_before_the_root_is_left_to_the_reference_path(head: str) -> None:
    assert plain.judge(REVOKED.replace(OPENED, head), Profile.DOCUMENTED, NOTHING) is None


@given(st.lists(st.sampled_from([*HEADS, *FOREIGN_HEADS]) | fragments, max_size=3).map("".join))
def test_with_any_head_the_paths_agree(head: str) -> None:
    for text in PLAIN:
        assert_agrees(head + text.removeprefix(OPENED))


def test_long_head_is_left_to_the_reference_path() -> None:
    longest = ERROR.rjust(len(ERROR) + 256 - len("<Response>"))

    assert plain.judge(longest, None, NOTHING) == reference(longest, None)
    assert plain.judge(" " + longest, None, NOTHING) is None


def test_root_without_content_is_plain() -> None:
    text = f'<DescribeSecurityGroupsResponse xmlns="{EC2}" />'

    outcome = plain.judge(text, Profile.DOCUMENTED, NOTHING)

    assert outcome == Outcome(DescribeSecurityGroupsResponse(), ())


def test_limits_are_those_of_the_reference_path() -> None:
    longest = ERROR.replace("A", "A" * xml.MAX_TEXT)
    most = "<Error><Code>A</Code></Error>" * (xml.MAX_ELEMENTS // 2 - 1)
    assert_agrees(longest)
    assert plain.judge(longest.replace("A", "AA", 1), None, NOTHING) is None
    assert plain.judge(ERROR.replace("1", "1" * 40_000), None, NOTHING) is not None
    assert plain.judge(f"<Response><Errors>{most}</Errors></Response>", None, NOTHING) is not None
    assert plain.judge(f"<Response><Errors>{most}<Error/></Errors></Response>", None, NOTHING) is None


def test_large_description_is_read_in_one_go() -> None:
    permission = IpPermission(ip_protocol="tcp", from_port=22, to_port=22)
    groups = tuple(SecurityGroup(group_id=f"sg-{n}", ip_permissions=(permission,) * 3) for n in range(300))
    response = DescribeSecurityGroupsResponse(security_group_info=groups)

    outcome = plain.judge(encode_response(response), Profile.DOCUMENTED, NOTHING)

    assert outcome == Outcome(response, ())


@pytest.mark.parametrize("strange", [["RevokeSecurityGroupIngress"], 5])
def test_request_that_is_none_is_left_to_the_reference_path(strange: Any) -> None:
    assert plain.judge(REVOKED, None, Asked(strange)) is None
    assert plain.judge(REVOKED, None, Asked(None, strange)) is None


def test_codec_may_do_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "judge", None)

    assert Codec(compiled=False).decode_response(REVOKED) == reference(REVOKED, None).response
    assert Codec(compiled=False).check_response(REVOKED) == ()
    with pytest.raises(TypeError):
        decode_response(REVOKED)


def test_bug_does_not_hide_as_slowness(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "_element", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        plain.judge(REVOKED, None, NOTHING)


def test_what_is_made_is_of_the_frozen_class_itself() -> None:
    outcome = plain.judge(DESCRIBED, None, NOTHING)

    assert outcome is not None
    (group,) = outcome.response.security_group_info
    assert (DescribeSecurityGroupsResponse, SecurityGroup) == (type(outcome.response), type(group))
    with pytest.raises(dataclasses.FrozenInstanceError):
        group.group_id = "sg-2"
    assert outcome.response == pickle.loads(pickle.dumps(outcome.response))
    assert group == dataclasses.replace(group)
