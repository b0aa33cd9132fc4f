"""One self-contained HTML page; Jinja2, an extra, is loaded when one is made."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib import resources
from typing import TYPE_CHECKING

from ec2codec import __version__
from ec2codec.reports.output import MissingExtra
from ec2codec.reports.page import page_of
from ec2codec.reports.rows import Rows

if TYPE_CHECKING:
    from jinja2 import Template

    from ec2codec.reports.output import Output
    from ec2codec.tally import Tally
    from ec2codec.verdict import Verdict

TEMPLATES = "templates"


class HtmlReport:
    """Everything at the end: the page begins with the result.

    Raises: MissingExtra without Jinja2, before anything is read.
    """

    def __init__(self, output: Output) -> None:
        self._output = output
        self._template = _template()
        self._rows = Rows(output)

    def add(self, verdict: Verdict) -> None:
        """Keep the findings in one call."""
        self._rows.add(verdict)

    def finish(self, tally: Tally) -> None:
        """Write the page."""
        page = page_of(tally, self._rows, self._output)
        self._output.line(self._template.render(page=page))


def _template() -> Template:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
        from markupsafe import Markup
    except ImportError:
        raise MissingExtra("html") from None
    environment = Environment(
        loader=PackageLoader("ec2codec.reports", TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = "{:,}".format
    # A long name may go on in the next line after its dots; join escapes the pieces.
    environment.filters["breakable"] = lambda text: Markup("<wbr>").join(re.split("(?<=[./])", text))
    style, script = _file("style.css"), _file("script.js")
    environment.globals.update(
        # These two are our own files, and the only texts that are not escaped.
        style=Markup(style),
        script=Markup(script),
        policy=policy(style, script),
        version=__version__,
    )
    return environment.get_template("page.html")


def policy(style: str, script: str) -> str:
    """The Content Security Policy of the page: these two texts, and nothing from anywhere."""
    sources = {
        "default-src": "'none'",
        "style-src": _source(style),
        "script-src": _source(script),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {source}" for name, source in sources.items())


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _file(name: str) -> str:
    return (resources.files("ec2codec.reports") / TEMPLATES / name).read_text("utf-8")
