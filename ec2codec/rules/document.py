"""Rules 5xx: XML documents."""

from __future__ import annotations

from collections.abc import Iterator

from ec2codec.errors import Severity, quoted
from ec2codec.policy import Policy
from ec2codec.rule import Found, rule
from ec2codec.rules.subjects import Document

# The root of an error document; every other answers one action.
ERROR_ROOT = "Response"


@rule(
    "E501",
    "malformed-xml",
    translating=True,
    source="XML 1.0; limits with their reasons in ec2codec.xml; no DOCTYPE: CVE-2024-8176 and its like",
)
def malformed_xml(document: Document, policy: Policy) -> Iterator[Found]:
    """A document is well-formed XML in UTF-8, without DOCTYPE and processing instructions, within the limits.

    One of these makes gigabytes of kilobytes, another drops text in silence; no EC2 writes any of them.

    Okay: <Response><Errors><Error><Code>AuthFailure</Code></Error></Errors></Response>
    E501 -: <Response><Errors><Error><Code>AuthFailure</Code></Error></Errors></Response>junk
    E501 -: <!DOCTYPE Response><Response><Errors><Error><Code>AuthFailure</Code></Error></Errors></Response>
    E501 -: <?xml version="1.0" encoding="UTF-16"?>
        <Response><Errors><Error><Code>AuthFailure</Code></Error></Errors></Response>
    """
    if document.fault is not None:
        yield Found("", f"malformed XML: {document.fault}")


@rule(
    "E502",
    "unknown-envelope",
    translating=True,
    source="semantics 3.3; an HTML page under status 200 is a success to botocore",
)
def unknown_envelope(document: Document, policy: Policy) -> Iterator[Found]:
    """The root is `<Action>Response` or `Response`, in a namespace of the EC2 API, and all in it has a place.

    The action is that of the request. A scalar comes once and holds text alone; attributes, stray text and
    elements of another namespace would be lost. An element that ec2codec does not know is none of these: it
    is kept, as `unknown`.

    Okay: <RevokeSecurityGroupIngressResponse xmlns="http://ec2.amazonaws.com/doc/2011-12-15/">
        <requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId><return>true</return>
        </RevokeSecurityGroupIngressResponse>
    Okay: <RevokeSecurityGroupIngressResponse><return>true</return><new>text</new>
        </RevokeSecurityGroupIngressResponse>
    E502 -: <html><body>502</body></html>
    E502 -: <RevokeSecurityGroupIngressResponse xmlns="http://example.com/"><return>true</return>
        </RevokeSecurityGroupIngressResponse>
    E502 - (request=RevokeSecurityGroupIngress): <AuthorizeSecurityGroupIngressResponse><return>true</return>
        </AuthorizeSecurityGroupIngressResponse>
    E502 -: <RevokeSecurityGroupIngressResponse><return>true</return><requestId>1</requestId>
        <requestId>2</requestId></RevokeSecurityGroupIngressResponse>
    """
    if document.fault is not None:
        return
    if document.root not in document.roots:
        known = document.roots[0] if len(document.roots) == 1 else "of a security-group action, or Response"
        yield Found("", f"expected the root element {known}, got '{quoted(document.root)}'")
    elif not document.members:
        expected = "http://ec2.amazonaws.com/doc/ and a version"
        yield Found("", f"expected the namespace {expected}, got '{quoted(document.namespace)}'")
    else:
        yield from _differing_action(document, policy)
        yield from _odd(document)


def _differing_action(document: Document, policy: Policy) -> Iterator[Found]:
    if document.action is None or document.root in (ERROR_ROOT, f"{document.action}Response"):
        return
    severity = _where_documented(policy)
    if severity is not None:
        message = f"expected the response of {quoted(document.action)}, got '{quoted(document.root)}'"
        yield Found("", message, severity=severity)


def _odd(document: Document) -> Iterator[Found]:
    """Oddities of which no rule below speaks."""
    if "Errors" in document.members:
        return
    for location, text in document.oddities:
        if not _is_in_return(location):
            yield Found("", f"{quoted(location) or document.root}: {text}")


def _is_in_return(location: str) -> bool:
    return location.partition(".")[0] == "return"


def _where_documented(policy: Policy) -> Severity | None:
    """An error under DOCUMENTED, a warning under OBSERVED, not judged without a profile."""
    if policy.profile is None:
        return None
    return "error" if policy.documented else "warning"


@rule(
    "E503",
    "malformed-return",
    translating=True,
    source="API Reference 2011-12-15, RevokeSecurityGroupIngress, Response Elements: Type: xsd:boolean",
)
def malformed_return(document: Document, policy: Policy) -> Iterator[Found]:
    """The answer to a request says `return` once: true, false, 1 or 0, with nothing but blanks around it.

    botocore reads 1, TRUE and yes as false. Clients did without the element until 2020, so that its absence
    is an error by the document alone.

    Okay: <RevokeSecurityGroupIngressResponse><return> 1 </return></RevokeSecurityGroupIngressResponse>
    Okay (profile=observed): <Response><Errors><Error><Code>AuthFailure</Code></Error></Errors></Response>
    E503 -: <RevokeSecurityGroupIngressResponse><return>yes</return></RevokeSecurityGroupIngressResponse>
    E503 -: <RevokeSecurityGroupIngressResponse><return/></RevokeSecurityGroupIngressResponse>
    E503 -: <RevokeSecurityGroupIngressResponse><requestId>1</requestId></RevokeSecurityGroupIngressResponse>
    E503 - (profile=observed): <RevokeSecurityGroupIngressResponse/>
    E503 -: <RevokeSecurityGroupIngressResponse><return>true</return><return>true</return>
        </RevokeSecurityGroupIngressResponse>
    """
    if "return" not in document.members:
        return
    for location, text in document.oddities:
        if _is_in_return(location):
            yield Found("", f"{quoted(location)}: {text}")
            return
    severity = _where_documented(policy)
    if not document.returned and severity is not None:
        yield Found("", "return: expected true or false, got nothing", severity=severity)


@rule(
    "E504",
    "malformed-error",
    translating=True,
    source="semantics 3.2: error documents recorded by goamz, boto and nixops",
)
def malformed_error(document: Document, policy: Policy) -> Iterator[Found]:
    """An error document has at least one `Error` with a `Code`, and nothing whose meaning would be lost.

    Okay: <Response><Errors><Error><Code>AuthFailure</Code><Message>No.</Message></Error></Errors>
        <RequestID>1</RequestID></Response>
    E504 -: <Response><Errors><Error><Message>No.</Message></Error></Errors></Response>
    E504 -: <Response/>
    E504 -: <Response><Errors><Error><Code>A</Code><Code>B</Code></Error></Errors></Response>
    """
    if "Errors" not in document.members:
        return
    for location, text in document.oddities:
        yield Found("", f"{quoted(location) or document.root}: {text}")
    if not document.oddities and not document.coded:
        yield Found("", "Errors: expected an Error with a Code, got none")


@rule("W505", "namespace-differs", source="semantics C27: moto answers 2016-11-15 to every version")
def namespace_differs(document: Document, policy: Policy) -> Iterator[Found]:
    """The version in the namespace is that of the request.

    Okay (request=RevokeSecurityGroupIngress, version=2016-11-15): <RevokeSecurityGroupIngressResponse xmlns=
        "http://ec2.amazonaws.com/doc/2016-11-15"><return>true</return>
        </RevokeSecurityGroupIngressResponse>
    W505 - (request=RevokeSecurityGroupEgress, version=2011-12-15): <RevokeSecurityGroupEgressResponse xmlns=
        "http://ec2.amazonaws.com/doc/2016-11-15/"><return>true</return>
        </RevokeSecurityGroupEgressResponse>
    """
    version, expected = document.version, document.request_version
    if document.members and version is not None and expected is not None and version != expected:
        yield Found("", f"expected the namespace of version {quoted(expected)}, got {version}")
