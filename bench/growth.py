"""How work grows: time and memory for each parameter, from 10 to 100,000 of them; exit 1 if it is not flat.

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
from typing import NamedTuple

from ec2codec import Codec

COUNTS = (10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)
HEAD = "Action=AuthorizeSecurityGroupEgress&Version=2016-11-15&GroupId=sg-1a2b3c4d"
# The exponent of a straight line through the logarithms: 1 is linear, 2 quadratic.
EXPONENT = 1.15
CODEC = Codec(max_bytes=2**30, max_parameters=10**6)


class Point(NamedTuple):
    """One measurement: parameters, microseconds and bytes for each."""

    parameters: int
    time: float
    size: float


def permissions(count: int) -> str:
    """A query of about *count* parameters: permissions of four."""
    return HEAD + "".join(
        f"&IpPermissions.{n}.IpProtocol=tcp&IpPermissions.{n}.FromPort={n % 65536}"
        f"&IpPermissions.{n}.ToPort={n % 65536}&IpPermissions.{n}.IpRanges.1.CidrIp={_cidr(n)}"
        for n in range(1, count // 4 + 1)
    )


def ranges(count: int) -> str:
    """A query of about *count* parameters: one permission, ranges."""
    head = f"{HEAD}&IpPermissions.1.IpProtocol=-1"
    return head + "".join(f"&IpPermissions.1.IpRanges.{n}.CidrIp={_cidr(n)}" for n in range(1, count - 3))


def _cidr(number: int) -> str:
    return f"{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}.0%2F24"


def measure(query: str, rounds: int = 5) -> Point:
    """Time, the median of *rounds*, and memory, of decoding a query.

    Time is the processor's, without the collector's: what it takes depends on all that a program holds.
    """
    count = query.count("&") + 1
    repeats = max(1, 2_000 // count)
    times = []
    gc.disable()
    for _ in range(rounds):
        start = time.thread_time()
        for _ in range(repeats):
            CODEC.decode(query)
        times.append((time.thread_time() - start) / repeats / count * 1e6)
        gc.collect()
    gc.enable()
    tracemalloc.start()
    kept = CODEC.decode(query)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return Point(count, statistics.median(times), size / count)


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
        print(f"{form.__name__}: parameters, microseconds and bytes for each")
        for point in points:
            print(f"{point.parameters:10,} {point.time:8.2f} us {point.size:8.0f} B")
        times, sizes = (
            exponent(points, lambda point: point.time),
            exponent(points, lambda point: point.size),
        )
        print(f"time grows by the power {times:.2f}, memory by {sizes:.2f}; bound {EXPONENT}")
        flat = flat and times <= EXPONENT and sizes <= EXPONENT
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
