"""CPU seconds of processes, from /proc/PID/stat."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def _fields(pid: int) -> list[str]:
    """The fields after the name, which may itself hold spaces and brackets: [0] is the state (field 3 of proc(5))."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def seconds(pid: int) -> float:
    """User and system time of one process, with those of children that have ended."""
    fields = _fields(pid)
    return sum(int(field) for field in fields[11:15]) / _TICKS if fields else 0.0


def family(pid: int) -> Iterator[int]:
    """A process and its living children. One that ends meanwhile is in its parent's own account."""
    yield pid
    try:
        lines = [task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/children")]
    except (FileNotFoundError, ProcessLookupError):
        return
    for child in " ".join(lines).split():
        yield from family(int(child))


def of(processes: Mapping[str, int]) -> dict[str, float]:
    """CPU seconds until now of each named process with its children."""
    return {name: sum(seconds(each) for each in family(pid)) for name, pid in processes.items()}


def between(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """What each has used meanwhile."""
    return {name: round(after[name] - before[name], 4) for name in after}
