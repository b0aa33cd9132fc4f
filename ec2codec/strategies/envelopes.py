"""XML documents of responses."""

from __future__ import annotations

from hypothesis import strategies as st

from ec2codec.policy import Profile
from ec2codec.responses import Response
from ec2codec.strategies.markup import documents
from ec2codec.strategies.responses import Outcome, responses


def envelopes(
    action: str | None = None,
    version: str | None = None,
    *,
    profile: Profile | str | None = Profile.DOCUMENTED,
    outcome: Outcome | None = None,
) -> st.SearchStrategy[str]:
    """XML documents that decode to what `responses` draws under the same choices.

    With or without declaration, namespace prefix, blanks and comments between elements; elements in any
    order, and under each name that they are known by; texts escaped, in CDATA, or as character references.
    Raises: InvalidArgument for a value that is none.
    """
    return _envelopes(responses(action, version, profile=profile, outcome=outcome))


@st.composite
def _envelopes(draw: st.DrawFn, of: st.SearchStrategy[Response]) -> str:
    return draw(documents(draw(of)))
