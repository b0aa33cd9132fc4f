"""Query strings of requests that break no rule."""

from __future__ import annotations

from hypothesis import strategies as st

from ec2codec.codec import Codec
from ec2codec.model import Request
from ec2codec.policy import Platform, Profile
from ec2codec.strategies.requests import requests
from ec2codec.strategies.spelling import Pairs, spellings
from ec2codec.style import Style

# Of what a request holds, nothing is refused here: the strategies have seen to that.
_TRANSLATING = Codec(profile=None)


def pairs_of(request: Request) -> Pairs:
    """Names and values of a request, in canonical order."""
    return _TRANSLATING.encode_params(request)


def queries(
    action: str | None = None,
    version: str | None = None,
    *,
    platform: Platform | str = Platform.ANY,
    profile: Profile | str | None = Profile.DOCUMENTED,
    style: Style | None = None,
    max_permissions: int = 4,
    gaps: bool = False,
    signed: bool = False,
    framed: bool = False,
) -> st.SearchStrategy[str]:
    """Texts that decode to what `requests` draws under the same choices: in any order, in any quoting.

    gaps: also with gaps in indexes (W105). signed: with authentication parameters, whose values sign nothing.
    framed: also with what `decode` takes off: ``?``, a URL's beginning, line breaks at ``&``, empty pieces.
    Raises: InvalidArgument for choices that no request can meet.
    """
    of_choices = requests(
        action,
        version,
        platform=platform,
        profile=profile,
        style=style,
        max_permissions=max_permissions,
    )
    return texts_of(of_choices, gaps=gaps, signed=signed, framed=framed)


@st.composite
def texts_of(
    draw: st.DrawFn,
    of: st.SearchStrategy[Request],
    *,
    gaps: bool = False,
    signed: bool = False,
    framed: bool = False,
) -> str:
    """Texts of the requests that a strategy draws; the choices as for `queries`."""
    pairs = pairs_of(draw(of))
    if signed:
        pairs += draw(_SIGNATURES)
    return draw(spellings(pairs, gaps=gaps, framed=framed))


# Keys and signatures of AWS's own examples.
_VERSION_2 = [
    ("AWSAccessKeyId", "AKIDEXAMPLE"),
    ("SignatureVersion", "2"),
    ("SignatureMethod", "HmacSHA256"),
    ("Signature", "c2lnbmF0dXJlIEVYQU1QTEU="),
]
_VERSION_4 = [
    ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
    ("X-Amz-Credential", "AKIDEXAMPLE/20150830/us-east-1/ec2/aws4_request"),
    ("X-Amz-Date", "20150830T123600Z"),
    ("X-Amz-SignedHeaders", "host"),
    ("X-Amz-Signature", "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"),
]
_SIGNATURES = st.sampled_from(
    (
        [*_VERSION_2, ("Timestamp", "2011-12-15T12:00:00Z")],
        [*_VERSION_2, ("Expires", "2011-12-15T12:05:00Z"), ("SecurityToken", "AQoDYXdzEXAMPLE")],
        _VERSION_4,
        [*_VERSION_4, ("X-Amz-Security-Token", "AQoDYXdzEXAMPLE"), ("X-Amz-Expires", "60")],
    )
)
