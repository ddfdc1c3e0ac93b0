"""Lines as they are printed, and the file of a run."""

import json
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from maillage import clock

RESULTS = Path(__file__).parent / "results"
LIBRARIES = ("asyncpg", "fastapi", "pydantic", "uvicorn", "uvloop", "httptools", "aiohttp", "structlog", "nats-py")


@dataclass(frozen=True)
class Line:
    """One ratio. `aim` is `>=0.40` or `<=2`; `cpu_us`: CPU per operation and process, in microseconds."""

    id: str
    name: str
    ours: float
    anchor: float
    aim: str
    unit: str
    cpu_us: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """Ours / anchor; where the limit is zero, ours itself."""
        return self.ours / self.anchor if self.anchor else self.ours

    @property
    def ok(self) -> bool:
        """Whether the aim is met."""
        limit = float(self.aim[2:])
        return self.ratio >= limit if self.aim.startswith(">=") else self.ratio <= limit

    def as_json(self) -> dict[str, object]:
        """As proof.md's section 8 wants it, CPU beside it."""
        shown: dict[str, object] = {
            "id": self.id,
            "name": self.name,
            "ours": round(self.ours, 3),
            "anchor": round(self.anchor, 3),
            "ratio": round(self.ratio, 3),
            "aim": self.aim,
            "unit": self.unit,
            "ok": self.ok,
        }
        return shown | ({"cpu_us": self.cpu_us} if self.cpu_us else {})


@dataclass(frozen=True)
class Sample:
    """One run of one side: operations, seconds, CPU seconds of each process, and latencies (ms) if it tells them."""

    operations: int
    seconds: float
    cpu: Mapping[str, float] = field(default_factory=dict)
    p50: float | None = None
    p99: float | None = None

    @property
    def rate(self) -> float:
        """Operations a second."""
        return self.operations / self.seconds


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def rate(samples: Sequence[Sample]) -> float:
    """Median rate of several runs."""
    return median([sample.rate for sample in samples])


def cpu_us(samples: Sequence[Sample]) -> dict[str, float]:
    """CPU per operation of each process, over all runs together."""
    operations = sum(sample.operations for sample in samples)
    names = samples[0].cpu
    return {name: round(sum(s.cpu[name] for s in samples) / operations * 1e6, 1) for name in names}


def machine() -> dict[str, object]:
    """What a figure means nothing without."""
    model = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    return {
        "commit": commit,
        "cpu": model[0].partition(":")[2].strip() if model else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "load_before": os.getloadavg()[0],
        "million_additions_ms": _million_additions(),
        "python": platform.python_version(),
        "kernel": platform.release(),
        "versions": {name: version(name) for name in LIBRARIES},
    }


def _million_additions() -> float:
    """CPU of a loop that does nothing else: how fast a core is now. Two runs of different figures: two machines."""
    began, total = time.process_time(), 0
    for number in range(1_000_000):
        total += number
    return round((time.process_time() - began) * 1000, 1)


def write(content: Mapping[str, object]) -> Path:
    """Keeps a run under its date and time."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{clock.now():%Y-%m-%dT%H%M%SZ}.json"
    file.write_text(json.dumps(content, indent=1, default=str) + "\n")
    return file
