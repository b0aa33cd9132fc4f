"""An addon for mitmproxy that judges every EC2 security-group call, and answers those that EC2 would refuse.

    mitmdump -s examples/mitmproxy_addon.py
    mitmdump -s examples/mitmproxy_addon.py --set ec2codec_answer=true

Nothing that is sent is changed: it is signed.
"""

from __future__ import annotations

import logging

from mitmproxy import ctx, http
from mitmproxy.addonmanager import Loader

import ec2codec
from ec2codec.integrations.server import action_of, refuse
from ec2codec.schemas import SCHEMAS

log = logging.getLogger(__name__)


class Ec2Codec:
    """Logs the violations of a call; with ``ec2codec_answer`` it answers in EC2's place."""

    def load(self, loader: Loader) -> None:
        """Declare the option."""
        loader.add_option("ec2codec_answer", bool, False, "Answer what EC2 would refuse.")

    def request(self, flow: http.HTTPFlow) -> None:
        """Judge a request before it is sent on."""
        body = flow.request.get_content(strict=False) or b""
        query = flow.request.path.partition("?")[2].encode()
        if action_of(body, query=query) not in SCHEMAS:
            return
        try:
            # As one text that begins with "&": a body that looks like a URL is none.
            ec2codec.decode(b"&".join((b"", query, body)))
        except ec2codec.DecodeError as error:
            for violation in error.violations:
                log.warning("%s", violation)
            if ctx.options.ec2codec_answer:
                status, headers, document = refuse(error)
                flow.response = http.Response.make(status, document, dict(headers))


addons = [Ec2Codec()]
