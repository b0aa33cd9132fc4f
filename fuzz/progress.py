"""What a harness has done so far: read from libFuzzer's lines, kept from run to run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

# CPU seconds: a harness goes on so long after its coverage stopped growing, or so long in all.
QUIET, WHOLE = 20 * 60.0, 60 * 60.0

# "#288	INITED cov: 1326 ft: 3609 corp: 154/29Kb exec/s: 0 rss: 56Mb"
_PULSE = re.compile(r"#(\d+)\t(\w+)\s+cov: (\d+) ft: (\d+)")
_UNITS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")


@dataclass
class Pulse:
    """The last that libFuzzer has said of one of its runs.

    replayed: executions of what was known before. edges, features: what all inputs cover together; edges
    begins with what the runs before have covered. grown: CPU seconds of this run when an edge was last new.
    """

    executed: int = 0
    replayed: int = 0
    edges: int = 0
    features: int = 0
    grown: float = 0.0

    def read(self, line: str, cpu: Callable[[], float]) -> None:
        """Take in a line, if it tells anything. cpu: the seconds that the run has taken so far."""
        if match := _UNITS.match(line):
            self.executed = int(match[1])
        elif match := _PULSE.match(line):
            self.executed, edges, self.features = int(match[1]), int(match[3]), int(match[4])
            if edges > self.edges:
                self.edges, self.grown = edges, cpu()
            if match[2] == "INITED":
                self.replayed = self.executed


@dataclass
class Progress:
    """All runs of one harness.

    executions: of new inputs. cpu: seconds of a core. grown: how many of them had gone by when an edge was
    last new.
    """

    executions: int = 0
    cpu: float = 0.0
    grown: float = 0.0
    edges: int = 0
    features: int = 0

    def add(self, pulse: Pulse, cpu: float) -> None:
        """Count a run that took *cpu* seconds."""
        self.executions += max(pulse.executed - pulse.replayed, 0)
        if pulse.edges > self.edges:
            self.edges, self.grown = pulse.edges, self.cpu + pulse.grown
        self.cpu += cpu
        self.features = max(pulse.features, self.features)

    @property
    def left(self) -> float:
        """CPU seconds until the long run is over, if no edge is new; not above 0 if it is."""
        return min(WHOLE - self.cpu, QUIET - (self.cpu - self.grown))

    @property
    def is_done(self) -> bool:
        """Whether the long run is over."""
        return self.left <= 0

    def save(self, file: Path) -> None:
        """Write it down; a reader sees all of it or nothing."""
        beside = file.with_suffix(".new")
        beside.write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")
        beside.replace(file)


def load(file: Path) -> Progress:
    """What `Progress.save` wrote there, or the beginning."""
    return Progress(**json.loads(file.read_text("utf-8"))) if file.exists() else Progress()
