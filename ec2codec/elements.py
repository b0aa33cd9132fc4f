"""How a response loads and dumps, and how one is judged; `ec2codec.response_schemas` declares them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, NamedTuple

from marshmallow import ValidationError

from ec2codec import fitting, responses, xml
from ec2codec.errors import Violation
from ec2codec.loading import error_tree
from ec2codec.model import DEFAULT_VERSION
from ec2codec.policy import Policy, Profile
from ec2codec.rule import rules_of
from ec2codec.rules.subjects import Document
from ec2codec.scalars import Malformed, Scalar
from ec2codec.schemas import BaseSchema, JudgedSchema

# The rules of documents, by number; importing `ec2codec.schemas` has filled the register.
DOCUMENT_RULES = rules_of("document")

NAMESPACE = r"http://ec2\.amazonaws\.com/doc/([0-9]{4}-[0-9]{2}-[0-9]{2})/?"
_NAMESPACE = re.compile(NAMESPACE)
# The last version whose documents show the namespace without a slash at the end.
LAST_WITHOUT_SLASH = "2008-08-08"

_XSD_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def parse_xsd_boolean(text: str) -> bool:
    """Value of an xsd:boolean without the blanks around it: ``true``, ``false``, ``1`` or ``0``.

    Raises: Malformed.
    Source: XML Schema 2, section 3.2.2; API Reference 2011-12-15, Response Elements.
    """
    if text not in _XSD_BOOLEANS:
        raise Malformed
    return _XSD_BOOLEANS[text]


XSD_BOOLEAN = Scalar("xsd:boolean", bool, parse=parse_xsd_boolean)


def version_of(namespace: str) -> str | None:
    """The API version that a namespace names, with or without the slash at the end."""
    match = _NAMESPACE.fullmatch(namespace)
    return None if match is None else match[1]


def namespace_of(version: str) -> str:
    """The namespace of an API version."""
    return f"http://ec2.amazonaws.com/doc/{version}" + ("" if version <= LAST_WITHOUT_SLASH else "/")


class ElementSchema(BaseSchema):
    """A structure of a response.

    places: for `ec2codec.fitting.fit`, by element name, the name by which it is loaded, and the field.
    """

    #: Other names under which an element comes.
    spellings: ClassVar[Mapping[str, str]] = {}

    class Meta:
        """Every Schema writes and reads XML."""

        render_module = xml

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.places = {name: (name, declared) for name, declared in self.by_name.items()}
        self.places |= {other: self.places[name] for other, name in self.spellings.items()}


class Asked(NamedTuple):
    """What is known of the request that a document answers."""

    action: str | None = None
    version: str | None = None


NOTHING = Asked()


class Outcome(NamedTuple):
    """What came of one document. response: None if any violation is an error."""

    response: Any
    violations: tuple[Violation, ...]


class ResponseSchema(ElementSchema, JudgedSchema):
    """What all responses share; never used itself.

    profile: as for `ec2codec.Codec`.
    `load` and `loads` judge by every rule and raise marshmallow's ValidationError; its messages are under
    ``_schema``, for they are about the document, and each is a `RuleText`. The namespace is under ``@xmlns``.
    """

    structure: type[responses.Response]

    def __init__(self, *, profile: Profile | str | None = Profile.DOCUMENTED, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.profile = None if profile is None else Profile(profile)

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """Nested data keyed by element names, lists as lists; with *many* a list of those."""
        if self.many if many is None else many:
            return [self.dump(response, many=False) for response in obj]
        return self._namespace(obj) | super().dump(obj, many=False)

    def _namespace(self, response: responses.Response) -> dict[str, str]:
        return {} if response.version is None else {xml.XMLNS: namespace_of(str(response.version))}

    def dumps(self, obj: Any, *args: Any, many: bool | None = None, **kwargs: Any) -> str:
        """The XML document of one response.

        Raises: marshmallow.ValidationError with every violation of severity error.
        """
        text, violations = self.write(obj)
        if text is None:
            raise ValidationError(error_tree(violations))
        return text

    def write(self, response: responses.Response) -> tuple[str | None, tuple[Violation, ...]]:
        """The XML document of a response, and the findings; None if any of them is an error."""
        written = self.dump(response, many=False)
        version = response.version if isinstance(response.version, str) else DEFAULT_VERSION
        markup = fitting.plant(fitting.with_lists(written, self, version), self.structure.root)
        outcome = self.judge(markup)
        if outcome.response is None:
            return None, outcome.violations
        text = xml.dumps(markup)
        fault = xml.fault_of_size(text)
        if fault is not None:
            return None, self.judge(xml.Markup(fault=fault)).violations
        return text, outcome.violations

    def _load(self, data: Any, *, partial: bool) -> responses.Response:
        markup = data if isinstance(data, xml.Markup) else fitting.plant(data, self.structure.root)
        outcome = self.judge(markup)
        if outcome.response is None:
            raise ValidationError(error_tree(outcome.violations))
        response: responses.Response = outcome.response
        return response

    def judge(self, markup: xml.Markup) -> Outcome:
        """The response in a document, or every violation."""
        return judge(markup, {self.structure.root: self}, profile=self.profile)


def judge(
    markup: xml.Markup,
    schemas: Mapping[str, ResponseSchema],
    *,
    profile: Profile | None,
    asked: Asked = NOTHING,
) -> Outcome:
    """The response in a document, or every violation. schemas: of the responses that may come, by root."""
    version = version_of(markup.namespace)
    schema = schemas.get(markup.root) if version is not None or not markup.namespace else None
    fitted = fitting.Fitted({}) if schema is None else fitting.fit(markup, schema)
    document = Document(
        fault=markup.fault,
        root=markup.root,
        namespace=markup.namespace,
        version=version,
        roots=tuple(schemas),
        members=frozenset() if schema is None else frozenset(schema.places),
        returned="return" in fitted.content,
        coded=any("Code" in error for error in fitted.content.get("Errors", ())),
        oddities=fitted.oddities,
        action=asked.action,
        request_version=asked.version,
    )
    violations = tuple(violations_of(document, Policy(profile=profile)))
    if schema is None or any(violation.severity == "error" for violation in violations):
        return Outcome(None, violations)
    return Outcome(schema.build(fitted.content, version=version, unknown=fitted.unknown), violations)


def violations_of(document: Document, policy: Policy) -> Iterator[Violation]:
    """What the rules of documents say, by number."""
    for rule in DOCUMENT_RULES:
        if policy.severity(rule) is not None:
            for found in rule.judge(document, policy):
                yield policy.violation(rule, found, "")
