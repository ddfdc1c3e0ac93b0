"""How a search reads stored availability: windows in the order of time, no more of them than the answer needs."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from appointments.protocols.domain import Delegation, Member
from appointments.slots import queries
from appointments.slots.domain import (
    FreeTime,
    Item,
    Key,
    Length,
    Offers,
    Run,
    Starts,
    at,
    minus,
    minute,
    minute_up,
    on_grid,
)
from maillage.database import Tx

RUNNING_MOST = 200
FIRST_BATCH, LARGEST_BATCH = 48, 3_000
DAY_MOST, DAY_MOST_ANYWHERE = 500, 100
DAY = timedelta(days=1)
EPOCH = date(1970, 1, 1)
LONGEST_WINDOW = timedelta(hours=25)
FEW, SLICE_OF_FEW = 4, timedelta(days=4)
_LOWEST, _HIGHEST = UUID(int=0), UUID(int=(1 << 128) - 1)


class Need(NamedTuple):
    """One more resource that a reason takes: a colleague of a profession, or a room or equipment with a tag."""

    kind: str
    tag: str | None
    profession: str | None


@dataclass(frozen=True, slots=True)
class Reason:
    """What the search must know of a visit reason of one organisation."""

    id: UUID
    organisation_id: UUID
    professions: frozenset[str]
    lengths: dict[str, Length]
    needs: tuple[Need, ...]
    min_notice: timedelta
    max_ahead: timedelta
    delegation: Delegation | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """A question, ready to be asked. `after`, `before` in minutes of the local day."""

    reasons: dict[UUID, Reason]
    modes: tuple[str, ...]
    audience: str
    now: datetime
    start: datetime
    end: datetime
    sites: tuple[UUID, ...] | None = None
    practitioners: tuple[UUID, ...] | None = None
    after: int | None = None
    before: int | None = None

    @property
    def common(self) -> tuple[object, ...]:
        """The parameters $1 to $8 of every query."""
        reasons = self.reasons.values()
        professions = sorted({profession for reason in reasons for profession in reason.professions})
        owners = sorted(self.reasons)
        ids = [reason.id for reason in reasons]
        return (self.start, self.end, self.now, self.audience, ids, professions, list(self.modes), owners)


def reason_of(row: asyncpg.Record, *, first_visit: bool) -> Reason:
    """A row of `visit_reason`; a first visit has its own length where the reason gives one."""
    lengths = {}
    for mode in json.loads(row["modes"]):
        minutes = (first_visit and mode.get("first_visit_minutes")) or mode["minutes"]
        lengths[mode["mode"]] = Length(minutes, mode.get("buffer_minutes") or 0)
    return Reason(
        id=row["id"],
        organisation_id=row["organisation_id"],
        professions=frozenset(row["professions"]),
        lengths=lengths,
        needs=tuple(Need(n["kind"], n.get("tag"), n.get("profession")) for n in json.loads(row["needs"])),
        min_notice=timedelta(minutes=row["min_notice_minutes"]),
        max_ahead=timedelta(days=row["max_ahead_days"]),
        delegation=_delegation(row) if row["protocol_id"] else None,
    )


def _delegation(row: asyncpg.Record) -> Delegation:
    members = [
        Member(
            UUID(member["practitioner_id"]),
            member["profession"],
            date.fromisoformat(member["first_day"]),
            date.fromisoformat(member["last_day"]) if member["last_day"] else None,
        )
        for member in json.loads(row["delegation"] or "[]")
    ]
    return Delegation(row["protocol_id"], tuple(members))


@lru_cache(maxsize=4096)
def _offset(zone: str, hour: int) -> int:
    """Minutes from UTC to local time during one hour since 1970: no zone-aware call for each offered time."""
    return int((at(hour * 60).astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)).total_seconds()) // 60


def local_minute(zone: str, minutes: int) -> int:
    """The local wall clock as minutes since 1970: `// 1440` is the local day, `% 1440` the minute of it."""
    return minutes + _offset(zone, minutes // 60)


def local_day(zone: str, minutes: int) -> date:
    """The local day of a minute."""
    return EPOCH + timedelta(days=local_minute(zone, minutes) // 1440)


_Into = TypeVar("_Into", Offers, Starts)


class Collector(Generic[_Into]):
    """Turns rows of availability into offers, or into starts alone."""

    def __init__(self, tx: Tx, search: Search, into: type[_Into]) -> None:
        self._tx = tx
        self.search = search
        self.zones: dict[UUID, str] = {}
        self.offers: _Into = into(on_grid(minute_up(search.start)), minute_up(search.end))

    async def add(self, rows: Sequence[asyncpg.Record]) -> None:
        """Counts rows in; colleagues and rooms that a reason needs are read for all of them at once."""
        pools = await self._pools(rows) if any(reason.needs for reason in self.search.reasons.values()) else None
        for row in rows:
            reason = self.search.reasons[row["organisation_id"]]
            if row["reason_ids"]:
                fits = reason.id in row["reason_ids"]
            else:
                fits = row["profession"] in reason.professions
            if fits:
                self._add(row, reason, pools)

    def _add(self, row: asyncpg.Record, reason: Reason, pools: "Pools | None") -> None:
        runs = [Run(start, end) for start, end in row["free_runs"]]
        zone = self.zones.setdefault(row["site_id"], row["timezone"])
        who, site_id, step = row["practitioner_id"], row["site_id"], row["step_minutes"]
        shared = [pools.of(site_id, need, who) for need in reason.needs] if pools is not None else ()
        for mode in self.search.modes:
            length = reason.lengths.get(mode)
            if length is not None and mode in row["modes"]:
                free = FreeTime(who, site_id, mode, runs, length, step, shared)
                self.offers.add(free, self._limits(zone, reason, who))

    def _limits(self, zone: str, reason: Reason, who: UUID) -> "Limits | None":
        """What a start must still meet; nothing in the usual case of one reason at any hour."""
        search, delegation = self.search, reason.delegation
        if search.after is None and search.before is None and len(search.reasons) == 1 and delegation is None:
            return None
        soonest, furthest = search.now + reason.min_notice, search.now + reason.max_ahead
        return Limits(zone, search.after, search.before, minute_up(soonest), minute(furthest), who, delegation)

    async def _pools(self, rows: Sequence[asyncpg.Record]) -> "Pools":
        sites = sorted({row["site_id"] for row in rows})
        needs = {need for reason in self.search.reasons.values() for need in reason.needs}
        professions = sorted({need.profession for need in needs if need.profession})
        kinds = sorted({need.kind for need in needs if need.kind != "practitioner"})
        start, end = self.search.start - DAY, self.search.end + DAY
        colleagues = await self._tx.fetch(queries.COLLEAGUES, sites, professions, start, end)
        things = await self._tx.fetch(queries.THINGS, sites, kinds, start, end) if kinds else []
        return Pools(colleagues, things, Run(minute(start), minute_up(end)))


@dataclass(frozen=True, slots=True)
class Limits:
    """Keeps starts within local hours of the day (`before` is the first that is too late), within a reason's notice,
    and on local days on which its protocol lets the nurse give it.
    """

    zone: str
    after: int | None
    before: int | None
    soonest: int
    furthest: int
    who: UUID
    delegation: Delegation | None

    def __call__(self, start: int) -> bool:
        """Whether a start, in minutes since 1970, lies within."""
        of_day = local_minute(self.zone, start) % 1440
        early = self.after is not None and of_day < self.after
        late = self.before is not None and of_day >= self.before
        if early or late or not self.soonest <= start <= self.furthest:
            return False
        return self.delegation is None or self.who in self.delegation.nurses_on(local_day(self.zone, start))


class Pools:
    """The free runs of every colleague, room and piece of equipment, to be asked by site and need."""

    def __init__(self, colleagues: Sequence[asyncpg.Record], things: Sequence[asyncpg.Record], span: Run) -> None:
        self._people: dict[tuple[UUID, str], dict[UUID, list[Run]]] = {}
        for row in colleagues:
            runs = self._people.setdefault((row["site_id"], row["profession"]), {}).setdefault(
                row["practitioner_id"], []
            )
            runs += [Run(start, end) for start, end in row["free_runs"]]
        self._things = [
            (row["site_id"], row["kind"], frozenset(row["tags"]), minus([span], [_run(r) for r in row["taken"]]))
            for row in things
        ]

    def of(self, site_id: UUID, need: Need, but: UUID) -> list[list[Run]]:
        """One list of runs for each member of the pool that meets a need; a practitioner is no colleague of his own."""
        if need.kind == "practitioner":
            people = self._people.get((site_id, need.profession or ""), {})
            return [sorted(runs) for person, runs in people.items() if person != but]
        return [
            runs for at_, kind, tags, runs in self._things
            if at_ == site_id and kind == need.kind and (need.tag is None or need.tag in tags)
        ]  # fmt: skip


def _run(during: "asyncpg.Range[datetime]") -> Run:
    assert during.lower is not None
    assert during.upper is not None
    return Run(minute(during.lower), minute_up(during.upper))


Found = tuple[list[Item], dict[UUID, str]]
"""Items, and the zones of their sites."""


async def first(tx: Tx, search: Search, limit: int, after: Key | None) -> Found:
    """The first `limit` items of a search after a key.

    Exact for any sites or practitioners asked. Of the whole territory, at most 200 windows that have begun are looked
    into.
    """
    anywhere = search.sites is None and search.practitioners is None
    return await (_anywhere if anywhere else _by_slices)(tx, search, limit, after)


async def _by_slices(tx: Tx, search: Search, limit: int, after: Key | None) -> Found:
    """Slices of time, each twice as long as the one before, until there is enough: a free doctor is found in one
    read.
    """
    collector = Collector(tx, search, Offers)
    few = len(search.practitioners or search.sites or ()) <= FEW
    lower, span = search.start - LONGEST_WINDOW, (SLICE_OF_FEW if few else DAY)
    upper = search.start + span
    while True:
        await collector.add(await _slice(tx, search, lower, upper))
        over = upper >= search.end
        # Windows not yet read begin after the slice: what comes before its end is complete.
        items = collector.offers.first(limit, after, None if over else Key(on_grid(minute(upper)), _LOWEST, ""))
        if over or len(items) >= limit:
            return items, collector.zones
        span *= 2
        lower, upper = upper, upper + span


async def _slice(tx: Tx, search: Search, lower: datetime, upper: datetime) -> Sequence[asyncpg.Record]:
    sites = None if search.sites is None else list(search.sites)
    if search.practitioners is None:
        return await tx.fetch(queries.SLICE_AT, *search.common, lower, upper, sites)
    return await tx.fetch(queries.SLICE_OF, *search.common, lower, upper, list(search.practitioners), sites)


async def _anywhere(tx: Tx, search: Search, limit: int, after: Key | None) -> Found:
    """Windows in the order of the index, in batches, until there is enough."""
    collector = Collector(tx, search, Offers)
    await collector.add(await tx.fetch(queries.RUNNING, *search.common, RUNNING_MOST))
    place: tuple[datetime, UUID, UUID] = (search.start, _HIGHEST, _HIGHEST)
    size = FIRST_BATCH
    while True:
        rows = await tx.fetch(queries.UPCOMING, *search.common, *place, size)
        await collector.add(rows)
        over = len(rows) < size
        # Windows not yet read begin at or after the last one: what comes before it is complete.
        last = None if over else Key(on_grid(minute_up(rows[-1]["free_from"])), rows[-1]["site_id"], "")
        items = collector.offers.first(limit, after, last)
        if over or len(items) >= limit:
            return items, collector.zones
        place = (rows[-1]["free_from"], rows[-1]["site_id"], rows[-1]["id"])
        size = min(size * 4, LARGEST_BATCH)


async def of_days(tx: Tx, search: Search, days: Sequence[date]) -> dict[date, int]:
    """How many offers begin on each local day. Of the whole territory, at most 100 windows a day are counted."""
    sites = None if search.sites is None else list(search.sites)
    eve = [days[0] - DAY, *days]  # a window of the evening before may run into the first day
    if search.practitioners is not None:
        who = list(search.practitioners)
        rows = await tx.fetch(queries.OF_DAYS_OF, *search.common, eve, DAY_MOST, who, sites)
    elif sites is not None:
        rows = await tx.fetch(queries.OF_DAYS_AT, *search.common, eve, DAY_MOST, sites)
    else:
        rows = await tx.fetch(queries.OF_DAYS, *search.common, eve, DAY_MOST_ANYWHERE)
    collector = Collector(tx, search, Starts)
    await collector.add(rows)
    counts: Counter[int] = Counter()
    for (site_id, _), starts in collector.offers.places.items():
        counts += _by_day(collector.zones[site_id], starts)
    return {day: counts[(day - EPOCH).days] for day in days}


def _by_day(zone: str, starts: Collection[int]) -> Counter[int]:
    """How many starts each local day has, by days since 1970."""
    if not starts:
        return Counter()
    offsets = {_offset(zone, edge // 60) for edge in (min(starts), max(starts))}
    if len(offsets) == 1:  # no change of clocks in between: a search for days looks at eight of them
        (offset,) = offsets
        return Counter([(start + offset) // 1440 for start in starts])
    return Counter([local_minute(zone, start) // 1440 for start in starts])


def minutes_of(hour: time | None) -> int | None:
    """A local hour as a minute of the day."""
    return None if hour is None else hour.hour * 60 + hour.minute
