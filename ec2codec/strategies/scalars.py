"""Values of every scalar."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

VPC_CHARACTERS = "abcXYZ019 ._-:/()#,@[]+=&;{}!$*"
ASCII_CHARACTERS = "".join(map(chr, range(0x20, 0x7F)))
XML_CHARACTERS = st.characters(
    exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff", codec="utf-8"
) | st.sampled_from("\t\n\r")


def hexadecimal(prefix: str) -> st.SearchStrategy[str]:
    """Resource ids: ``sg-`` and 8 or 17 digits."""
    digits = st.sampled_from((8, 17)).flatmap(
        lambda size: st.text("0123456789abcdef", min_size=size, max_size=size)
    )
    return digits.map(lambda text: f"{prefix}-{text}")


group_ids = hexadecimal("sg")
texts = st.text(XML_CHARACTERS, min_size=1, max_size=30)
user_ids = st.text("0123456789", min_size=12, max_size=12) | st.sampled_from(["amazon-elb", "amazon-a1"])
group_names = st.text(ASCII_CHARACTERS, min_size=1, max_size=20) | st.sampled_from(
    ["default", "web srv+%", "sg-1a2b3c4d", "a&b=c;d", "x" * 255]
)
cidrs = st.builds(
    lambda address, prefix: f"{address}/{prefix}",
    st.ip_addresses(v=4).map(str) | st.sampled_from(["0.0.0.0", "10.0.0.0", "255.255.255.255"]),
    st.integers(0, 32),
)
ipv6_cidrs = st.builds(
    lambda address, prefix: f"{address}/{prefix}",
    st.ip_addresses(v=6).flatmap(
        lambda address: st.sampled_from([str(address), address.exploded, str(address).upper()])
    ),
    st.integers(0, 128),
)


def _descriptions(characters: str) -> st.SearchStrategy[str]:
    return st.text(characters, min_size=1, max_size=20) | st.just("d" * 255)


range_descriptions = _descriptions(VPC_CHARACTERS)
pair_descriptions = _descriptions(VPC_CHARACTERS.replace("&", ""))


@st.composite
def optional(draw: st.DrawFn, strategy: st.SearchStrategy[Any], *, when: bool = True) -> Any:
    """A value of *strategy*, or None; always None unless *when*."""
    return draw(st.none() | strategy) if when else None
