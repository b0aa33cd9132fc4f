"""How work grows: time and memory for each parameter, from 10 to 100,000 of them; exit 1 if it is not flat.

Names that were seen before, up to 256 of them, are not laid out again: so both are measured, queries whose
names are known, and queries whose names come for the first time.

`python -m bench.growth`
"""

from __future__ import annotations

import gc
import math
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from itertools import permutations
from operator import attrgetter
from typing import NamedTuple

from ec2codec import Codec
from ec2codec.compiled.kept import MAX_KEPT_LENGTH

COUNTS = (10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)
HEAD = ("Action=AuthorizeSecurityGroupEgress", "Version=2016-11-15", "GroupId=sg-1a2b3c4d", "DryRun=false")
# In another order the same names are new ones.
HEADS = ["&".join(head) for head in permutations(HEAD)]
# The exponent of a straight line through the logarithms: 1 is linear, 2 quadratic.
EXPONENT = 1.15
# Parameters that are decoded in one measurement, if the names are few.
ENOUGH = 2_000


class Point(NamedTuple):
    """One measurement, for each parameter: microseconds of known names and of new ones; bytes."""

    parameters: int
    known: float
    new: float
    size: float


def permissions(count: int) -> str:
    """What follows the head of a query of about *count* parameters: permissions of four."""
    return "".join(
        f"&IpPermissions.{n}.IpProtocol=tcp&IpPermissions.{n}.FromPort={n % 65536}"
        f"&IpPermissions.{n}.ToPort={n % 65536}&IpPermissions.{n}.IpRanges.1.CidrIp={_cidr(n)}"
        for n in range(1, (count - len(HEAD)) // 4 + 1)
    )


def ranges(count: int) -> str:
    """What follows the head of a query of *count* parameters: one permission, ranges."""
    numbers = range(1, count - len(HEAD))
    return "&IpPermissions.1.IpProtocol=-1" + "".join(
        f"&IpPermissions.1.IpRanges.{n}.CidrIp={_cidr(n)}" for n in numbers
    )


def _cidr(number: int) -> str:
    return f"{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}.0%2F24"


def measure(body: str, rounds: int = 5) -> Point:
    """Time, the median of *rounds*, and memory, of decoding queries that differ in their heads.

    Time is the processor's, without the collector's: what it takes depends on all that a program holds.
    """
    count = body.count("&") + len(HEAD)
    first, *others = [head + body for head in HEADS[: 1 + min(len(HEADS) - 1, -(-ENOUGH // count))]]
    known, new = [], []
    gc.disable()
    for _ in range(rounds):
        codec = _codec()
        codec.decode(first)
        new.append(_seconds(codec, others))
        known.append(_seconds(codec, others if count <= MAX_KEPT_LENGTH else [first]))
        gc.collect()
    gc.enable()
    tracemalloc.start()
    kept = codec.decode(first)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    of_known, of_new = [statistics.median(times) / count * 1e6 for times in (known, new)]
    return Point(count, of_known, of_new, size / count)


def _codec() -> Codec:
    """One that was warmed up: what it does once for all is no matter of growth."""
    codec = Codec(max_bytes=2**30, max_parameters=10**6)
    for body in (permissions(20), ranges(20), ranges(80)):
        codec.decode(HEADS[-1] + body)
    return codec


def _seconds(codec: Codec, queries: list[str]) -> float:
    """What it takes to decode one of them."""
    start = time.thread_time()
    for query in queries:
        codec.decode(query)
    return (time.thread_time() - start) / len(queries)


def exponent(points: list[Point], of: Callable[[Point], float]) -> float:
    """How the whole grows with the number of parameters: by which power."""
    xs = [math.log(point.parameters) for point in points]
    ys = [math.log(of(point) * point.parameters) for point in points]
    return statistics.linear_regression(xs, ys).slope


def main() -> int:
    """Measure, print, and say whether it is flat."""
    flat = True
    for form in (permissions, ranges):
        points = [measure(form(count)) for count in COUNTS]
        print(f"{form.__name__}: parameters; for each, microseconds of known and of new names, and bytes")
        for point in points:
            print(f"{point.parameters:10,} {point.known:8.2f} us {point.new:8.2f} us {point.size:8.0f} B")
        powers = [exponent(points, of) for of in map(attrgetter, ("known", "new", "size"))]
        print("grows by the power {:.2f}, {:.2f} and {:.2f}; bound {}".format(*powers, EXPONENT))
        flat = flat and max(powers) <= EXPONENT
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
