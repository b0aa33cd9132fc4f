"""The harness of `decode`, `check` and `encode`.

An input is one byte that chooses a codec and the kind of text, and the text itself.
"""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ec2codec import RULES, Codec, DecodeError, EncodeError, Profile, Request
from ec2codec.codec import Query
from ec2codec.query import Wire
from ec2codec.rules.subjects import Limits
from ec2codec.style import Style
from fuzz.target import Target, hold
from fuzz.words import names, parameters, values

CASES = Path(__file__).parent.parent / "fixtures" / "rules" / "cases.jsonl"
CHOICES: list[dict[str, Any]] = [
    {"platform": platform, "profile": profile, "version": version}
    for platform in ("any", "classic", "vpc")
    for profile in (*Profile, None)
    for version in (None, "2016-11-15")
]
STYLES: tuple[Style, ...] = ("nested", "flat")
QUICK = [Codec(**choice) for choice in CHOICES]
SLOW = [Codec(**choice, compiled=False) for choice in CHOICES]


def run(data: bytes) -> None:
    """Laws 1, 3, 4 and 5 of ARCHITECTURE.md for one text."""
    quick, slow, query = _chosen(data)

    violations = quick.check(query)
    if pairs := _pairs_in(query):
        hold("pairs say what their text says", quick.check(pairs) == violations)
    refuses = any(violation.severity == "error" for violation in violations)
    try:
        request = quick.decode(query)
    except DecodeError as error:
        hold("decode refuses what has an error", refuses)
        hold("decode refuses with what check says", error.violations == violations)
        _hold_for_refused(error)
    else:
        hold("decode returns what has no error", not refuses)
        # Of what is refused, nothing but the reference path has spoken.
        judged = slow.judge(query)
        hold("the compiled path says yes to what is clean", judged.violations == violations)
        hold("both paths give one request", _everything(request) == _everything(judged.request))
        _hold_for_request(quick, request)


def _chosen(data: bytes) -> tuple[Codec, Codec, Query]:
    choice = data[0] if data else 0
    text: Query = data[1:]
    if choice & 0x80:
        text = data[1:].decode("utf-8", "surrogateescape")
    index = (choice & 0x7F) % len(CHOICES)
    return QUICK[index], SLOW[index], text


def _pairs_in(query: Query) -> list[tuple[str, object]]:
    """What the text says, decoded; nothing if that is more than can be said, or no text."""
    pairs = Wire(query, Limits()).pairs
    return [] if any(pair.fault for pair in pairs) else [(pair.name, pair.value) for pair in pairs]


def _everything(request: Request | None) -> object:
    """All that a request holds, also what its equality leaves out."""
    return request and (type(request), repr(request), list(request.auth.items()))


def _hold_for_refused(error: DecodeError) -> None:
    hold("an error is said in printable lines", all(line.isprintable() for line in str(error).split("\n")))
    hold("an error survives pickle", pickle.loads(pickle.dumps(error)).violations == error.violations)
    hold("an answer has EC2's code", bool(error.to_response().code))


def _hold_for_request(codec: Codec, request: Request) -> None:
    text = codec.encode(request)
    hold("decode(encode(r)) == r", codec.decode(text) == request)
    hold("the canonical form is idempotent", codec.encode(codec.decode(text)) == text)
    backwards = codec.encode_params(request)[::-1]
    hold("the order of parameters makes no difference", codec.decode(backwards) == request)
    hold("load(dump(r)) == r", codec.load(codec.dump(request)) == request)
    for style in STYLES:
        with suppress(EncodeError):
            styled = codec.encode(request, style=style)
            hold("the styles keep the grants", set(codec.decode(styled).grants()) == set(request.grants()))


def seeds() -> Iterator[bytes]:
    """Every case of fixtures/rules that has a query, and every example of a rule, for its own codec."""
    for line in CASES.read_text("utf-8").splitlines():
        case = json.loads(line)
        if isinstance(query := case.get("query"), str):
            yield _seed(query, case.get("options", {}))
    for rule in RULES.values():
        for example in rule.examples:
            if not example.text.startswith("<"):
                yield _seed(example.text, example.options)


def _seed(query: str, options: Mapping[str, Any]) -> bytes:
    wanted: dict[str, Any] = {"platform": "any", "profile": "documented", "version": None}
    wanted |= {name: options[name] for name in ("platform", "profile") if name in options}
    choice = CHOICES.index(wanted) if wanted in CHOICES else 0
    return bytes([choice]) + query.encode("utf-8", "surrogatepass")


TARGET = Target("decode", run, seeds, re.compile(rb"[^&]+&?|&"), (*names(), *parameters(), *values()))
