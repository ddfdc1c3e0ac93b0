"""When a set will be there, and which pack is kept for which operation. Pure; instants are aware.

A promise is a sum that anybody can add up again:

1. the way to the plant, when the set is elsewhere: the next departure of the timetable, and the drive;
2. for each stage still to come the median (p50) and the 90th percentile (p90) of the last 60 days, of this composition
   at this hour of the day, else of this composition at any hour; under 30 observations the seeds below;
   of the present stage what has passed is taken off;
3. packing out, then the next departure to the site, and the drive.

Medians are added. What p90 has beyond p50 is added as independent errors are: the root of the sum of the squares. A
stage without observations has a p90 of one and a half times its seed. Where machines of a kind are out of service, the
times at them grow as (machines) / (machines in service); with none left a repair is counted as a day.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import hypot
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

Stage = Literal["received", "washing", "washed", "assembled", "packed", "sterilising", "out"]
NeedState = Literal["covered", "arriving", "at_risk", "short"]

STAGES: Final[tuple[Stage, ...]] = ("received", "washing", "washed", "assembled", "packed", "sterilising", "out")
# Minutes (design: cooperation, 3.8). What is waited for is counted with what is waited for: `received` and `packed`
# have none of their own; inspection 20 and assembly 30 are both between `washed` and `assembled`.
SEEDS_MIN: Final[Mapping[Stage, int]] = {
    "received": 0, "washing": 15, "washed": 50, "assembled": 0, "packed": 0, "sterilising": 90, "out": 10,
}  # fmt: skip
SEED_SPREAD: Final = 1.5
LEAST_OBSERVATIONS: Final = 30
REPAIR_S: Final = 24 * 3600.0
ROAD_UNKNOWN_S: Final = 3600
"""The drive between two sites that the timetable does not join."""
MOVED: Final = timedelta(minutes=10)
"""A promise that moves by more is told."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How long a stage takes, in seconds. `observations` 0: a seed."""

    p50_s: float
    p90_s: float
    observations: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a promise: what is left of it, in seconds."""

    stage: Stage
    p50_s: float
    p90_s: float
    observations: int


@dataclass(frozen=True, slots=True)
class Departure:
    """A trip that runs every week: ISO weekdays (1 is Monday), and when it leaves, by the local clock."""

    days: frozenset[int]
    at: time


@dataclass(frozen=True, slots=True)
class Link:
    """The road from one site to another. Without a timetable it is driven when something is ready."""

    seconds: int
    departures: tuple[Departure, ...] = ()


@dataclass(frozen=True, slots=True)
class Fleet:
    """Machines of one kind: how many there are, how many of them in service."""

    machines: int
    in_service: int

    def slowed(self, seconds: float) -> float:
        """What a time at these machines becomes."""
        if self.machines == 0:
            return seconds
        return seconds * self.machines / self.in_service if self.in_service else seconds + REPAIR_S


def seed(stage: Stage) -> Spread:
    """The time of a stage that nobody has observed often enough."""
    seconds = SEEDS_MIN[stage] * 60.0
    return Spread(seconds, seconds * SEED_SPREAD)


def remaining(
    stage: str, spent: timedelta, spread_of: Callable[[Stage, timedelta], Spread], fleets: Mapping[Stage, Fleet]
) -> list[Step]:
    """What is left of the present stage after `spent` at it, and each stage to come; `returning` has all before it.
    `spread_of` is asked with how long from now the stage begins, by the medians."""
    first = STAGES.index(stage) if stage in STAGES else 0
    steps: list[Step] = []
    begins_s = 0.0
    for place, name in enumerate(STAGES[first:]):
        spread = spread_of(name, timedelta(seconds=begins_s))
        passed = spent.total_seconds() if place == 0 and name == stage else 0.0
        p50, p90 = max(spread.p50_s - passed, 0.0), max(spread.p90_s - passed, 0.0)
        if name in fleets:
            p50, p90 = fleets[name].slowed(p50), fleets[name].slowed(p90)
        steps.append(Step(name, p50, max(p50, p90), spread.observations))
        begins_s += p50
    return steps


def total(steps: Iterable[Step]) -> tuple[timedelta, timedelta]:
    """The median and the 90th percentile of all steps together."""
    counted = list(steps)
    p50 = sum(step.p50_s for step in counted)
    return timedelta(seconds=p50), timedelta(seconds=p50 + hypot(*(step.p90_s - step.p50_s for step in counted)))


def leaves(link: Link, ready: datetime, zone: ZoneInfo) -> datetime:
    """The first departure at or after `ready`, in UTC's own order; `ready` itself without a timetable."""
    today = ready.astimezone(zone).date()
    for day in (today + timedelta(days=ahead) for ahead in range(9)):
        trips = (datetime.combine(day, each.at, zone) for each in link.departures if day.isoweekday() in each.days)
        found = [at for trip in trips if (at := trip.astimezone(ready.tzinfo)) >= ready]
        if found:
            return min(found)
    return ready


def arrives(link: Link, ready: datetime, zone: ZoneInfo) -> datetime:
    """When what is ready then is at the other end."""
    return leaves(link, ready, zone) + timedelta(seconds=link.seconds)


@dataclass(frozen=True, slots=True)
class Pack:
    """A run that an operation could have: its stage, its last day (None before release), and for which operation alone
    an urgent request was promised it (`reserved`, empty for an operation that was not named)."""

    run_id: UUID
    composition_id: UUID
    released: bool
    expires_on: date | None
    site_id: UUID | None
    reserved: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a need still lacks. `deadline`: when it must be at the site. `refused`: runs that a person took from it."""

    need_id: UUID
    operation_ref: str
    composition_id: UUID
    site_id: UUID
    deadline: datetime
    day: date
    missing: int
    refused: frozenset[UUID] = frozenset()


Arrival = Callable[[UUID, UUID], tuple[datetime, datetime]]
"""Of a run at a site: p50 and p90."""


def allocate(needs: Sequence[Wanted], packs: Iterable[Pack], arrival: Arrival) -> list[tuple[UUID, UUID]]:
    """Which released pack is kept for which need: the earliest operation first; the earliest expiry first, then those
    at the operation's own site. Each pack once. Need, run."""
    free = sorted(
        (pack for pack in packs if pack.released), key=lambda pack: (pack.expires_on or date.max, pack.run_id)
    )
    by_composition = _grouped(free)
    made: list[tuple[UUID, UUID]] = []
    for need in sorted(needs, key=_order):
        left = by_composition.get(need.composition_id, [])
        fitting = [
            pack for pack in left if _fits(pack, need) and arrival(pack.run_id, need.site_id)[1] <= need.deadline
        ]
        fitting.sort(key=lambda pack: (pack.expires_on or date.max, pack.site_id != need.site_id))
        for pack in fitting[: need.missing]:
            left.remove(pack)
            made.append((need.need_id, pack.run_id))
    return made


def foresee(
    needs: Sequence[Wanted], packs: Iterable[Pack], arrival: Arrival
) -> dict[UUID, tuple[NeedState, datetime | None]]:
    """How each need stands that packs kept do not cover: from what is on its way, each pack counted for one need. With
    the p90 of the last pack it waits for; None when there are not enough."""
    by_composition = _grouped(packs)
    found: dict[UUID, tuple[NeedState, datetime | None]] = {}
    for need in sorted(needs, key=_order):
        if need.missing == 0:
            found[need.need_id] = ("covered", None)
            continue
        left = by_composition.get(need.composition_id, [])
        at = {pack.run_id: arrival(pack.run_id, need.site_id) for pack in left if _fits(pack, need)}
        chosen = sorted(at, key=lambda run_id: (at[run_id][1], run_id))[: need.missing]
        in_time = {run_id for run_id in chosen if at[run_id][0] <= need.deadline}
        left[:] = [pack for pack in left if pack.run_id not in in_time]
        p90 = max((at[run_id][1] for run_id in chosen), default=None) if len(chosen) == need.missing else None
        if len(in_time) < need.missing or p90 is None:
            found[need.need_id] = ("short", p90)
        else:
            found[need.need_id] = ("arriving" if p90 <= need.deadline else "at_risk", p90)
    return found


def _order(need: Wanted) -> tuple[datetime, UUID]:
    return need.deadline, need.need_id


def _fits(pack: Pack, need: Wanted) -> bool:
    unexpired = pack.expires_on is None or pack.expires_on >= need.day
    free = pack.reserved is None or pack.reserved == need.operation_ref
    return unexpired and free and pack.run_id not in need.refused


def _grouped(packs: Iterable[Pack]) -> dict[UUID, list[Pack]]:
    grouped: dict[UUID, list[Pack]] = {}
    for pack in packs:
        grouped.setdefault(pack.composition_id, []).append(pack)
    return grouped
