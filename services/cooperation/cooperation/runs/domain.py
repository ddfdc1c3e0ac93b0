"""Recomposition: whether each line of a composition is settled. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a composition."""

    id: UUID
    model_id: UUID
    quantity: int
    mode: Literal["free", "exclusive"]
    critical: bool
    single_use: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A line whose counted and missing instruments do not make its quantity."""

    line: Line
    counted: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is wrong with a recomposition; nothing, when all three are empty."""

    single_use: list[Line] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)
    critical: list[Open] = field(default_factory=list)


def judge(
    lines: Sequence[Line], counted: Mapping[UUID, int], marked: Mapping[UUID, int], missing: Mapping[UUID, int]
) -> Judged:
    """`counted`: instruments on each line; `marked`: how many of them were scanned; `missing`: gaps named. A line is
    settled when counted and missing make its quantity, and each instrument of an exclusive line was scanned. A critical
    line that was looked at and is short is critical, whether its gap was named or not."""
    found = Judged()
    for line in lines:
        here, short = counted.get(line.id, 0), missing.get(line.id, 0)
        looked_at = line.id in counted or short > 0
        each = Open(line=line, counted=here, missing=short)
        if line.single_use and here:
            found.single_use.append(line)
        if line.critical and looked_at and here < line.quantity:
            found.critical.append(each)
        elif here + short != line.quantity or not _marks_fit(line, here, marked.get(line.id, 0)):
            found.open.append(each)
    return found


def _marks_fit(line: Line, counted: int, marked: int) -> bool:
    return marked == counted if line.mode == "exclusive" else marked <= counted
