"""Times that can be offered or booked: whole minutes since 1970-01-01T00:00Z, pure, standard library only.

No zone and no datetime in here: free time is stored as instants, so the days on which clocks change need no care at
all.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import nsmallest
from typing import NamedTuple
from uuid import UUID

GRID = 5
"""Every start is a multiple of 5 minutes."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


class Run(NamedTuple):
    """A stretch of free time `[start, end)`, in minutes."""

    start: int
    end: int


def minute(moment: datetime) -> int:
    """The minute in which `moment` lies."""
    return (moment - _EPOCH) // _MINUTE


def minute_up(moment: datetime) -> int:
    """The first whole minute not before `moment`."""
    return -((_EPOCH - moment) // _MINUTE)


def at(minutes: int) -> datetime:
    """The instant, in UTC, of a minute."""
    return _EPOCH + minutes * _MINUTE


def on_grid(minutes: int) -> int:
    """Rounded up to the grid of 5 minutes."""
    return -(-minutes // GRID) * GRID


@dataclass(frozen=True, slots=True)
class Length:
    """How long a visit takes: `minutes` with the patient, then `buffer` before the next one."""

    minutes: int
    buffer: int = 0

    @property
    def whole(self) -> int:
        """What the visit takes from the free time."""
        return self.minutes + self.buffer


def offered(runs: Iterable[Run], length: Length, step: int, not_before: int, before: int) -> Iterator[int]:
    """The starts to offer in `[not_before, before)`: the lower bound of a run rounded up to 5 minutes, then every
    `step`.

    The rhythm hangs on the run and not on the clock, so that an offer does not shift while somebody reads it.
    """
    for run in runs:
        first = on_grid(run.start)
        if first < not_before:
            first += -(-(not_before - first) // step) * step
        yield from range(first, min(run.end - length.whole + 1, before), step)


def bookable(runs: Sequence[Run], length: Length, start: int) -> bool:
    """Whether a visit can begin at `start`: on the grid and wholly inside one run, offered or not.

    So an offer that is a minute old is not refused without need.
    """
    if start % GRID:
        return False
    place = bisect_right(runs, start, key=lambda run: run.start) - 1
    return place >= 0 and start + length.whole <= runs[place].end


def intersection(one: Sequence[Run], other: Sequence[Run]) -> list[Run]:
    """The time free in both; runs ascending and disjoint, in and out."""
    common: list[Run] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i].start, other[j].start), min(one[i].end, other[j].end)
        if start < end:
            common.append(Run(start, end))
        if one[i].end < other[j].end:
            i += 1
        else:
            j += 1
    return common


def minus(runs: Sequence[Run], taken: Sequence[Run]) -> list[Run]:
    """The time of `runs` that no run of `taken` covers; both ascending, `runs` disjoint."""
    left: list[Run] = []
    for run in runs:
        start = run.start
        for cut in taken:
            if cut.end <= start or cut.start >= run.end:
                continue
            if start < cut.start:
                left.append(Run(start, cut.start))
            start = max(start, cut.end)
        if start < run.end:
            left.append(Run(start, run.end))
    return left


def together(runs: Sequence[Run], pools: Sequence[Sequence[Sequence[Run]]]) -> list[list[Run]]:
    """The times that a practitioner shares with one member of each pool (a nurse, a room): one list per choice of
    members.

    Members are not added up: two nurses who follow one another are not one nurse for the length of a visit.
    """
    choices = [list(runs)]
    for pool in pools:
        choices = [shared for runs_ in choices for member in pool if (shared := intersection(runs_, member))]
    return choices


class Key(NamedTuple):
    """What makes several doctors one offer, in the order of the answer."""

    start: int
    site_id: UUID
    mode: str


@dataclass(frozen=True, slots=True)
class FreeTime:
    """The free runs of one practitioner in one window, for one mode; `pools` as in `together`. `step` none: the
    length.
    """

    practitioner_id: UUID
    site_id: UUID
    mode: str
    runs: Sequence[Run]
    length: Length
    step: int | None = None
    pools: Sequence[Sequence[Sequence[Run]]] = ()

    def starts(self, not_before: int, before: int) -> Iterator[int]:
        """Offered starts, ascending for a practitioner alone."""
        step = self.step or self.length.minutes
        if not self.pools:
            return offered(self.runs, self.length, step, not_before, before)
        choices = together(self.runs, self.pools)
        return iter(sorted({s for runs in choices for s in offered(runs, self.length, step, not_before, before)}))


class Offers:
    """Collects free times into items: several practitioners free at one site and start make one."""

    def __init__(self, not_before: int, before: int) -> None:
        self._not_before = not_before
        self._before = before
        self._places: dict[tuple[UUID, str], dict[int, list[UUID]]] = {}
        self._minutes: dict[tuple[UUID, str], int] = {}

    def add(self, free: FreeTime, fits: Callable[[int], bool] | None = None) -> None:
        """Counts in what one practitioner can give in one window, of the starts that fit."""
        place = (free.site_id, free.mode)
        self._minutes[place] = free.length.minutes
        by_start = self._places.setdefault(place, {})
        for start in free.starts(self._not_before, self._before):
            if fits is not None and not fits(start):
                continue
            who = by_start.setdefault(start, [])
            if free.practitioner_id not in who:
                who.append(free.practitioner_id)

    def first(self, limit: int, after: Key | None = None, below: Key | None = None) -> list["Item"]:
        """The first `limit` items after the key `after` and before `below`, by start, then site, then mode."""
        keys = (k for k in self if (after is None or k > after) and (below is None or k < below))
        return [self._item(key) for key in nsmallest(limit, keys)]

    def _item(self, key: Key) -> "Item":
        place = (key.site_id, key.mode)
        return Item(key, self._minutes[place], tuple(self._places[place][key.start]))

    def __iter__(self) -> Iterator[Key]:
        """The keys collected so far, in no order."""
        return (Key(start, *place) for place, by_start in self._places.items() for start in by_start)


class Starts:
    """Which starts are offered at each place, and not by whom: enough to count them."""

    def __init__(self, not_before: int, before: int) -> None:
        self._not_before = not_before
        self._before = before
        self.places: dict[tuple[UUID, str], set[int]] = {}

    def add(self, free: FreeTime, fits: Callable[[int], bool] | None = None) -> None:
        """As `Offers.add`."""
        starts = free.starts(self._not_before, self._before)
        self.places.setdefault((free.site_id, free.mode), set()).update(filter(fits, starts) if fits else starts)


@dataclass(frozen=True, slots=True)
class Item:
    """One offer: a start at a site, and who could give it."""

    key: Key
    minutes: int
    practitioners: tuple[UUID, ...]

    @property
    def end(self) -> int:
        """When the visit ends, buffer left out."""
        return self.key.start + self.minutes

    def ordered(self, booked_minutes: Mapping[UUID, int]) -> "Item":
        """The same item with the least booked practitioner of the day first; equal ones by identifier."""
        who = sorted(self.practitioners, key=lambda p: (booked_minutes.get(p, 0), p))
        return Item(self.key, self.minutes, tuple(who))
