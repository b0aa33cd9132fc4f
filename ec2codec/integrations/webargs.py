"""webargs on Flask: a parser that shows a Schema every pair, and answers as EC2 does.

webargs's own parsers take the Schemas too; but of a name that came twice they show one value, and they answer
422 with JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from flask import Request, Response, abort
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser

from ec2codec.errors import DecodeError, Violation
from ec2codec.integrations.server import refuse
from ec2codec.loading import RuleText
from ec2codec.query import Wire
from ec2codec.rules.subjects import Limits
from ec2codec.schemas import RequestSchema


class WireParser(FlaskParser):
    """Locations ``query`` and ``form`` for the request Schemas; everything else is webargs's."""

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """Every pair of the query string."""
        if isinstance(schema, RequestSchema):
            return Wire(req.args.items(multi=True), Limits())
        return super().load_querystring(req, schema)

    def load_form(self, req: Request, schema: Schema) -> Any:
        """Every pair of the form."""
        if isinstance(schema, RequestSchema):
            return Wire(req.form.items(multi=True), Limits())
        return super().load_form(req, schema)

    def handle_error(self, error: ValidationError, req: Request, schema: Schema, **options: Any) -> NoReturn:
        """Answer with EC2's error document; what is no rule's, such as a check of one's own, is webargs's."""
        violations = tuple(_violations(error.messages))
        if violations:
            status, headers, body = refuse(DecodeError(violations))
            abort(Response(body, status, dict(headers)))
        super().handle_error(error, req, schema, **options)


def _violations(messages: Any) -> Iterator[Violation]:
    """The violations in a tree of messages."""
    if isinstance(messages, dict):
        messages = messages.values()
    for part in messages:
        if isinstance(part, RuleText):
            yield part.violation
        elif not isinstance(part, str):
            yield from _violations(part)


parser = WireParser()
use_args = parser.use_args
