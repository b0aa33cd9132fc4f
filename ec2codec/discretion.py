"""What of captured text may be shown to whom."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from ec2codec.errors import REDACTED, printable, redact, shown_value
from ec2codec.names import is_secret

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ec2codec.captures.exchange import Pairs
    from ec2codec.verdict import Verdict

ACCOUNT, ADDRESS = "<account>", "<address>"
# GitHub's runner takes ##[command] for one anywhere in a line that is printed (ActionCommand.TryParse).
_COMMAND = "##["


@dataclass(frozen=True, slots=True, kw_only=True)
class Discretion:
    """The choice of what reports show; printable it is always, and no command to GitHub's runner.

    show_secrets: access keys, signatures and tokens too, where they stand in recorded parameters, values and
        names. What is said of them is the codec's, which never tells one.
    anonymize: no account and no IP address. All of them look alike then: pseudonyms would tell more, but they
        would differ from run to run, and with them the fingerprints in a baseline.
    """

    show_secrets: bool = False
    anonymize: bool = False

    def shown(self, text: str) -> str:
        """*text* as it may be shown."""
        text = text if self.show_secrets else withheld(text)
        text = printable(masked(text) if self.anonymize else text)
        return text.replace(_COMMAND, r"#\x23[") if _COMMAND in text else text

    def value(self, location: str, value: object) -> str | None:
        """The value of a parameter as it may be shown; None if there is none, or if it is a secret."""
        told = value if self.show_secrets else shown_value(location, value)
        return None if told is None else self.shown(str(told))

    def query(self, text: str) -> str:
        """A query string as it may be shown, otherwise as it was sent."""
        if self.show_secrets:
            return self.shown(text)
        return self.shown("&".join(_hidden(piece) for piece in text.split("&")))

    def parameters(self, sent: bytes | Pairs) -> list[tuple[str, str]]:
        """Name and value of every parameter of a recorded request, percent-decoded, as they may be shown."""
        return [(self.shown(name), self._parameter(name, value)) for name, value in _pairs(sent)]

    def _parameter(self, name: str, value: str) -> str:
        return REDACTED if not self.show_secrets and _is_hidden(name) else self.shown(value)


def _hidden(piece: str) -> str:
    name, equals, _value = piece.partition("=")
    return f"{name}={REDACTED}" if equals and _is_hidden(_unquoted(name)) else piece


def _is_hidden(name: str) -> bool:
    """Whether the value under a decoded name is; one that could not be decoded may be that of a secret."""
    return is_secret(name) or "%" in name


def _pairs(sent: bytes | Pairs) -> Iterable[tuple[str, str]]:
    if not isinstance(sent, bytes):
        return sent
    text = sent.decode("utf-8", "backslashreplace").removeprefix("?")
    named = (piece.partition("=") for piece in text.split("&") if piece)
    return ((_unquoted(name), _unquoted(value)) for name, _equals, value in named)


def _unquoted(text: str) -> str:
    return unquote_plus(text, errors="backslashreplace")


def unveiled(verdict: Verdict) -> Verdict:
    """The verdict with values as they were recorded; the codec keeps back those that are secret."""
    sent = dict(_pairs(verdict.sent))
    violations = tuple(replace(v, value=sent.get(v.location, v.value)) for v in verdict.violations)
    return replace(verdict, violations=violations)


def withheld(text: str) -> str:
    """*text* without access keys, and without the secrets of a URL, a header or a form that it quotes."""
    text = redact(text)
    if "://" in text or "%2F%2F" in text.upper():
        text = _USER.sub(REDACTED, text)
    folded = text.casefold()
    for words, pattern in _QUOTED_SECRETS:
        # Looking for words is several times as fast as the pattern, and most texts have none of them.
        if any(word in folded for word in words):
            text = pattern.sub(rf"\1{REDACTED}", text)
    return text


def masked(text: str) -> str:
    """*text* without accounts and IP addresses, whole or misspelt; what is no such thing may be lost, too.

    A prefix length stays: it is what findings are about, and tells of nobody.
    """
    if text.count(":") + text.count("%3") > 1:
        text = _IPV6.sub(_unless_time, text)
    text = _IPV4.sub(ADDRESS, text)
    return _ACCOUNT.sub(ACCOUNT, text)


def _unless_time(match: re.Match[str]) -> str:
    return match[0] if _TIME.fullmatch(match[0]) else ADDRESS


# A header goes on to the end of its line, a parameter to the next; quotes end both. An = may be escaped. What
# follows a colon may be what the codec says of a parameter of that name: "Signature: E103 ...".
# A quote may also be the last of its text: so no secret begins with what goes on behind one.
_SET = r"""(?:\\?["'])?\s*+(?::|=|%3D)\s*+\[?\s*+(?:\\?["'])?(?![EW]\d{3} |[,;:)\]{}])"""
_QUOTED_SECRETS = (
    (
        ("authorization", "cookie"),
        re.compile(rf"""((?:authorization|cookie){_SET})[^\s"'\\][^\r\n"'\\]*""", re.IGNORECASE),
    ),
    (
        ("signatur", "token", "key", "credential", "passw", "secret"),
        re.compile(
            r"((?:signatur\w{0,9}|token|(?:access|secret|api)[-_]?key(?:[-_]?id)?|credential|passw(?:or)?d|secret)"
            rf"""{_SET})[^\s&"'<>\\]+""",
            re.IGNORECASE,
        ),
    ),
    # An Authorization header without its name; in words of a sentence there are no digits.
    (
        ("bearer ", "basic "),
        re.compile(r"((?:bearer|basic) )(?=[^\s=0-9]*[=0-9])[\w.~+/-]{7,}=*", re.IGNORECASE),
    ),
)

# Who asks, and the password, before the @ of a URL. A message that was cut short may have lost the @.
_USER = re.compile(
    r"""(?:(?<=://)|(?<=%3A%2F%2F))(?:(?!%2F)[^\s/?#&"'\\])+(?=@|%40|\.{3}(?![\w.]))""", re.IGNORECASE
)

# Groups of hexadecimal digits with two colons or more between them, which URLs write as %3A.
_COLON = r"(?::|%3[Aa])"
_IPV6 = re.compile(
    rf"(?:(?<![0-9A-Za-z])[0-9A-Fa-f]{{1,4}}{_COLON}|(?<![0-9A-Za-z:]){_COLON}(?={_COLON}))"
    rf"(?:[0-9A-Fa-f]{{0,4}}{_COLON})+(?:[0-9.]+\.[0-9]+|[0-9A-Fa-f]{{0,4}})"
)
_TIME = re.compile(r"(?:\d{4}:)?\d\d:\d\d:\d\d(?:\.\d+)?")
# Three octets of four give an address away, too, and so do two before a prefix length; names of hosts have
# dashes between them: ip-10-0-0-1.ec2.internal. Everything begins where no digit is before it, lest a value
# of nothing but digits cost the square of its length.
_IPV4 = re.compile(
    r"(?<!\d)\d++(?:\.\d++){2,}|(?<![\d.])\d++\.\d++(?=/\d)|(?<!\d)(?<!\d-)\d{1,3}(?:-\d{1,3}){3}(?!-?\d)"
)
# Twelve digits wherever they stand; so many that they are a slip, or an address as one number; and in groups
# of four, as the console shows them.
_ACCOUNT = re.compile(r"\d{12,}|(?<![0-9A-Za-z])\d{9,}(?![0-9A-Za-z])|(?<!\d)\d{4}([- ])\d{4}\1\d{4}(?!\d)")
