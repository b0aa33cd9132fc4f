"""A handler for LocalStack's chain that refuses, before any provider is asked, what EC2 would refuse.

    from localstack.aws import handlers
    handlers.serve_custom_service_request_handlers.append(refuse_what_ec2_would)

A handler gets the chain, the context with the HTTP request, and the response that it may fill; after
``chain.stop()`` no other handler is asked. Those of this list come after LocalStack has parsed the request,
and before it looks for the service; what its parser refuses does not come here.
"""

from __future__ import annotations

from typing import Any

from ec2codec.integrations.server import Answer, action_of, receive
from ec2codec.schemas import SCHEMAS


def refuse_what_ec2_would(chain: Any, context: Any, response: Any) -> None:
    """Answer one of the four requests, if it breaks a rule; anything else goes on."""
    body, query = context.request.get_data(), context.request.query_string
    if action_of(body, query=query) not in SCHEMAS:
        return
    judged = receive(body, query=query)
    if isinstance(judged, Answer):
        response.status_code = judged.status
        response.headers.update(dict(judged.headers))
        response.data = judged.body
        chain.stop()
