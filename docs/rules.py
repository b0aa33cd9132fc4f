"""Writes docs/rules.md from the rules themselves: `python docs/rules.py`; a test holds it current."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ec2codec import RULES, Rule

PAGE = Path(__file__).with_name("rules.md")
HEAD = """# The rules

Written by `docs/rules.py` from the functions in `ec2codec/rules/`: change those, not this page.

E: the service refuses. W: it accepts, and probably it is not meant. The first digit says where to look:
1 names and encoding, 2 one value, 3 one permission, 4 the request, 5 XML documents. Codes are those of a VPC,
and after a slash those of EC2-Classic where they differ.
"""


def page() -> str:
    """The whole page."""
    rules = list(RULES.values())
    return "\n".join([HEAD, *table(rules), *(line for rule in rules for line in section(rule))]) + "\n"


def table(rules: list[Rule]) -> Iterator[str]:
    """One row a rule."""
    yield "| Id | Name | Law | Code | Observed |"
    yield "|---|---|---|---|---|"
    for rule in rules:
        law = rule.doc.partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")
        yield f"| [{rule.id}](#{rule.id.lower()}) | {rule.name} | {law} | {codes(rule)} | {observed(rule)} |"


def codes(rule: Rule) -> str:
    """The error codes of a rule."""
    first, second = rule.codes.vpc, rule.codes.classic
    names = [first] if first == second else [first, second]
    return " / ".join(name for name in names if name) or "none"


def observed(rule: Rule) -> str:
    """What the rule is under the profile OBSERVED, where that differs."""
    return "" if rule.observed == rule.severity else rule.observed or "not judged"


def section(rule: Rule) -> Iterator[str]:
    """Why, an example that breaks the rule, one that does not, and the source."""
    bad = next(example for example in rule.examples if example.rule)
    good = next(example for example in rule.examples if not example.rule)
    yield f"\n## {rule.id}\n"
    yield f"**{rule.name}** ({rule.severity}). {rule.doc}\n"
    for title, example in (("Breaks it", bad), ("Use instead", good)):
        options = ", ".join(f"{name}={value}" for name, value in example.options.items())
        yield f"{title}{f' ({options})' if options else ''}:\n\n```\n{wrapped(example.text)}\n```\n"
    yield f"Source: {rule.source}."


def wrapped(text: str) -> str:
    """A query with one parameter a line, as the API reference prints them."""
    return text if text.startswith("<") else text.replace("&", "\n&")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
