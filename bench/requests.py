"""Requests beside the standard library and other people's parsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlencode

from bench import peers
from bench.bodies import bodies
from bench.measure import Effort, Row, Skipped, compare
from bench.memory import deep_size, traced_size
from ec2codec import Codec

# Of issue 5. "At least 8 times as fast" is at most an eighth of the time.
EIGHTH = 1 / 8


def rows(effort: Effort) -> Iterator[Row | Skipped]:
    """Every measurement of requests."""
    codec, reference = Codec(), Codec(compiled=False)
    texts = bodies(effort.bodies)
    requests = [codec.decode(text) for text in texts]
    yield from _decoding(codec, texts, effort)
    yield from _refusing(codec, reference, texts, effort)
    yield compare(
        "encode, all rules",
        "urlencode of the pairs",
        codec.encode,
        urlencode,
        requests,
        effort=effort,
        bound=1,
        their_inputs=map(codec.encode_params, requests),
    )
    yield from _beside_peers(codec, texts, effort)
    yield Row("a decoded request", "3 kB", deep_size(requests[0]), 3000, 1, "B")
    yield Row("a decoded request, allocated", "3 kB", traced_size(codec.decode, texts), 3000, 1, "B")


def _decoding(codec: Codec, texts: list[str], effort: Effort) -> Iterator[Row]:
    def row(name: str, ours: Callable[[str], object], inputs: list[str], bound: float | None = None) -> Row:
        return compare(name, "parse_qsl", ours, peers.split, inputs, effort=effort, bound=bound)

    yield row("decode, all rules, to objects", codec.decode, texts, 1.5)
    yield compare(
        "decode, of a dict",
        "parse_qsl",
        codec.decode,
        peers.split,
        [dict(peers.split(text)) for text in texts],
        effort=effort,
        bound=1.5,
        their_inputs=texts,
    )
    yield row("check, valid", codec.check, texts, 1.6)
    yield row("check, host bits (W207)", codec.check, [t.replace("%2F32", "%2F31") for t in texts])
    # Of the old version, which knows no descriptions: those are E101, and the reference path's.
    old = [text.replace("&Version=2016-11-15", "") for text in texts if "Description" not in text]
    yield row("check, no Version (W414)", codec.check, old)
    yield row("check, reference path alone", Codec(compiled=False).check, texts)


def _refusing(codec: Codec, reference: Codec, texts: list[str], effort: Effort) -> Iterator[Row]:
    for fault, before, after in FAULTS:
        broken = [text.replace(before, after, 1) for text in texts]
        yield compare(
            f"check, {fault}",
            "reference path alone",
            codec.check,
            reference.check,
            broken,
            effort=effort,
            bound=1.3,
        )


def _beside_peers(codec: Codec, texts: list[str], effort: Effort) -> Iterator[Row | Skipped]:
    yield _peer("decode", "moto's parser", codec.decode, peers.moto_parser, texts, texts, effort, EIGHTH)
    yield _peer(
        "decode",
        "LocalStack's parser and validator",
        codec.decode,
        peers.localstack_parser,
        texts,
        texts,
        effort,
        EIGHTH,
    )
    yield _peer(
        "decode", "pydantic over parse_qsl", codec.decode, peers.pydantic_parser, texts, texts, effort, 1
    )
    requests = [codec.decode(text) for text in texts]
    given = []
    for request in requests:
        dumped = codec.dump(request)
        given.append(
            (dumped.pop("Action"), peers.sdk_names({k: v for k, v in dumped.items() if k != "Version"}))
        )
    yield _peer("encode", "botocore", codec.encode, peers.botocore_encoder, requests, given, effort, 0.25)


def _peer(
    name: str,
    peer: str,
    ours: Callable[..., object],
    theirs: Callable[[], peers.Function],
    inputs: Sequence[object],
    their_inputs: Sequence[object],
    effort: Effort,
    bound: float,
) -> Row | Skipped:
    try:
        function = theirs()
    except ImportError as error:
        return Skipped(name, peer, f"{error.name} is not installed")
    return compare(name, peer, ours, function, inputs, effort=effort, bound=bound, their_inputs=their_inputs)


FAULTS = (
    ("malformed port", "FromPort=", "FromPort=x"),
    ("unknown parameter", "ToPort", "ToPorts"),
    ("no protocol", "IpPermissions.1.IpProtocol=", "IpPermissions.1.Protocol="),
    ("malformed id", "GroupId=sg-", "GroupId=sg_"),
)
