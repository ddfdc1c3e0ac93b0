"""When a set will be where it is needed, from the state of the line at this instant (`domain.py` says how)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from uuid import UUID

from asyncpg import Record

from cooperation.demand import queries
from cooperation.demand.domain import (
    LEAST_OBSERVATIONS,
    ROAD_UNKNOWN_S,
    SEEDS_MIN,
    Departure,
    Fleet,
    Link,
    Spread,
    Stage,
    Step,
    arrives,
    remaining,
    seed,
    total,
)
from cooperation.members.parameters import Group, group
from cooperation.runs.rows import Run
from maillage.database import Tx

ANY_HOUR = -1


@dataclass(frozen=True, slots=True)
class Promise:
    """When a set is at `site_id`. `ready_p50`, `ready_p90`: when it may leave the plant; both now when it is there."""

    site_id: UUID
    p50: datetime
    p90: datetime
    ready_p50: datetime
    ready_p90: datetime
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """What a promise must know of a set."""

    composition_id: UUID
    home_site_id: UUID
    sterilised_by: Literal["steam", "low_temperature"]


@dataclass(frozen=True, slots=True)
class Line:
    """The state of the line for some runs, read in six queries whatever their number."""

    now: datetime
    group: Group
    plant_id: UUID
    sets: Mapping[UUID, About]
    sites: Mapping[UUID, UUID | None]
    links: Mapping[tuple[UUID, UUID], Link]
    fleets: Mapping[str, Fleet]
    spreads: Mapping[tuple[UUID, str, int], Spread]

    def promise(self, run: Run, site_id: UUID | None = None) -> Promise:
        """Of a live run; to its home site, unless another is said."""
        about = self.sets[run.set_id]
        site_id = site_id or about.home_site_id
        if run.stage == "released":
            there = self._of_released(run, site_id)
            return Promise(site_id, there, there, self.now, self.now)
        steps = remaining(run.stage, self.now - run.stage_since, self._spreads(about), self._fleets(about))
        begins = self._at_plant(run, about) if run.stage == "returning" else self.now
        p50, p90 = (begins + span for span in total(steps))
        to_50, to_90 = self._road(self.plant_id, site_id, p50), self._road(self.plant_id, site_id, p90)
        return Promise(site_id, to_50, to_90, p50, p90, tuple(steps))

    def _of_released(self, run: Run, site_id: UUID) -> datetime:
        here = self.sites.get(run.set_id, self.plant_id)
        if here is None:
            return self.now + timedelta(seconds=self._seconds(self.plant_id, site_id))
        out = timedelta(minutes=SEEDS_MIN["out"] if here == self.plant_id and here != site_id else 0)
        return self._road(here, site_id, self.now + out)

    def _at_plant(self, run: Run, about: About) -> datetime:
        here = self.sites.get(run.set_id, about.home_site_id)
        if here is None:
            return self.now + timedelta(seconds=self._seconds(about.home_site_id, self.plant_id))
        return self._road(here, self.plant_id, self.now)

    def _road(self, here: UUID, there: UUID, ready: datetime) -> datetime:
        """Directly, else through the plant, else the drive that nobody has measured."""
        if here == there:
            return ready
        link = self.links.get((here, there))
        if link is not None:
            return arrives(link, ready, self.group.zone)
        if self.plant_id not in (here, there):
            return self._road(self.plant_id, there, self._road(here, self.plant_id, ready))
        return ready + timedelta(seconds=ROAD_UNKNOWN_S)

    def _seconds(self, here: UUID, there: UUID) -> int:
        link = self.links.get((here, there))
        return ROAD_UNKNOWN_S if link is None else link.seconds

    def _spreads(self, about: About) -> "_SpreadOf":
        return _SpreadOf(self, about.composition_id)

    def _fleets(self, about: About) -> dict[Stage, Fleet]:
        by_stage: dict[Stage, str] = {"washing": "washer", "sterilising": about.sterilised_by}
        return {stage: self.fleets[kind] for stage, kind in by_stage.items() if kind in self.fleets}


@dataclass(frozen=True, slots=True)
class _SpreadOf:
    line: Line
    composition_id: UUID

    def __call__(self, stage: Stage, begins_in: timedelta) -> Spread:
        hour = (self.line.now + begins_in).astimezone(self.line.group.zone).hour
        known = self.line.spreads
        at_hour = known.get((self.composition_id, stage, hour))
        return at_hour or known.get((self.composition_id, stage, ANY_HOUR)) or seed(stage)


async def line(tx: Tx, group_id: UUID, runs: Sequence[Run], at: datetime | None = None) -> Line:
    """The state of the line for these runs of one group."""
    set_ids = [run.set_id for run in runs]
    found = await tx.fetchval(queries.PLANT, group_id)
    plant = found if isinstance(found, UUID) else group_id
    sets = {row["id"]: _about(row, plant) for row in await tx.fetch(queries.SETS, set_ids)}
    compositions = list({about.composition_id for about in sets.values()})
    return Line(
        now=at or tx.now,
        group=await group(tx, group_id),
        plant_id=plant,
        sets=sets,
        sites={row["subject_id"]: row["site_id"] for row in await tx.fetch(queries.SITES_OF, set_ids)},
        links={(row["from_site_id"], row["to_site_id"]): _link(row) for row in await tx.fetch(queries.LINKS, group_id)},
        fleets={
            row["kind"]: Fleet(row["machines"], row["in_service"]) for row in await tx.fetch(queries.FLEETS, group_id)
        },
        spreads={
            (row["composition_id"], row["stage"], row["hour"]): Spread(row["p50_s"], row["p90_s"], row["observations"])
            for row in await tx.fetch(queries.SPREADS, compositions, LEAST_OBSERVATIONS)
        },
    )


async def promise_of(tx: Tx, run: Run) -> Promise:
    """When a live run will be at its home site."""
    return (await line(tx, run.group_id, [run])).promise(run)


def _about(row: Record, plant: UUID) -> About:
    """A set whose owner has no site yet is awaited at the plant."""
    return About(
        row["composition_id"], row["home_site_id"] or plant, "low_temperature" if row["low_temperature"] else "steam"
    )


def _link(row: Record) -> Link:
    trips = (Departure(frozenset(trip["days"]), time.fromisoformat(trip["at"])) for trip in row["departures"])
    return Link(row["seconds"], tuple(trips))
