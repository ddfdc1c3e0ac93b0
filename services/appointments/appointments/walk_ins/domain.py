"""Where the next person without an appointment goes. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

GRID: Final = timedelta(minutes=5)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """What a practitioner has free in a window; `load`: how many he sees that day."""

    practitioner_id: UUID
    load: int
    free: Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Place:
    """A start with a practitioner."""

    start: datetime
    practitioner_id: UUID


def places(windows: Iterable[Window], now: datetime, needed: timedelta) -> list[Place]:
    """The first start of each practitioner who has `needed` free in a row, buffer included: the soonest first, then the
    least busy.
    """
    found: dict[UUID, tuple[datetime, int]] = {}
    for window in windows:
        for begins, ends in window.free:
            start = rounded_up(max(begins, now))
            best = found.get(window.practitioner_id)
            if start + needed <= ends and (best is None or start < best[0]):
                found[window.practitioner_id] = start, window.load
    ordered = sorted(found.items(), key=lambda each: (*each[1], each[0]))
    return [Place(start, practitioner_id) for practitioner_id, (start, _) in ordered]


def rounded_up(moment: datetime) -> datetime:
    """The next start of the grid of 5 minutes, itself included."""
    return moment + (_EPOCH - moment) % GRID
