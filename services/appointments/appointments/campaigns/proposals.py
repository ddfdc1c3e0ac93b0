"""Another time for each visit of a draft: looked for in memory over one reading of free time, then held.

The whole free time of a centre over the weeks in question is a few thousand rows; read once, 200 visits are placed
without asking the base again. What the base alone knows (rules of the reason for this patient, rooms, colleagues,
what somebody took a moment ago) is judged when a time is held: refused, the next cheapest is tried.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from appointments.appointments.domain import check_notice, check_patient, local_date
from appointments.appointments.errors import spoken
from appointments.campaigns import queries
from appointments.campaigns.domain import AHEAD_DAYS, NOT_BEFORE, Agenda, Candidate, Place, Want, Window
from appointments.holds import service as holds
from appointments.holds.service import Kept
from appointments.slots.domain import Length, Run, at, minute, minute_up
from appointments.times import service as times
from appointments.times.service import Wish
from maillage.database import Tx
from maillage.refusals import Refusal

TRIES = 12
"""So many times are tried for one visit; then a person looks for one."""
DRAFT_KEPT = timedelta(hours=2)
"""A draft keeps its times so long: enough to look through it, not so long that an abandoned one closes a morning."""


@dataclass(frozen=True, slots=True)
class Search:
    """A visit and what is wanted for it."""

    row: asyncpg.Record
    want: Want


async def propose(tx: Tx, campaign_id: UUID, organisation_id: UUID) -> int:
    """Holds another time for each item that has none, in order of start; how many got one. Locked by the caller."""
    rows = await tx.fetch(queries.WANTS, campaign_id, tx.now)
    if not rows:
        return 0
    agenda = await _agenda(tx, organisation_id, rows)
    found: list[tuple[UUID, UUID]] = []
    for search in await _searches(tx, rows):
        hold_id = await _hold_first(tx, agenda, search)
        if hold_id is not None:
            found.append((search.row["item_id"], hold_id))
    await tx.execute(queries.HOLD, [item for item, _ in found], [hold for _, hold in found])
    return len(found)


async def _agenda(tx: Tx, organisation_id: UUID, rows: Sequence[asyncpg.Record]) -> Agenda:
    days = [row["local_date"] for row in rows]
    end = max(days) + timedelta(days=AHEAD_DAYS + 1)
    windows = await tx.fetch(queries.WINDOWS, organisation_id, min(days), end, tx.now)
    sites = await tx.fetch(queries.SITES, organisation_id)
    places = {row["id"]: Place(row["lat"], row["lon"]) for row in sites}
    return Agenda([_window(row) for row in windows], places)


def _window(row: asyncpg.Record) -> Window:
    return Window(
        practitioner_id=row["practitioner_id"],
        site_id=row["site_id"],
        local_date=row["local_date"],
        profession=row["profession"],
        modes=frozenset(row["modes"]),
        reason_ids=frozenset(row["reason_ids"]),
        step=row["step_minutes"],
        runs=[Run(start, end) for start, end in row["free_runs"]],
    )


async def _searches(tx: Tx, rows: Sequence[asyncpg.Record]) -> list[Search]:
    people, own = [row["patient_id"] for row in rows], [row["appointment_id"] for row in rows]
    busy: dict[UUID, list[Run]] = {}
    for row in await tx.fetch(queries.VISITS_OF, people, tx.now, own):
        busy.setdefault(row["patient_id"], []).append(Run(minute(row["start"]), minute_up(row["end"])))
    return [Search(row, _want(tx.now, row, busy.get(row["patient_id"], ()))) for row in rows]


def _want(now: datetime, row: asyncpg.Record, busy: Sequence[Run]) -> Want:
    minutes, buffer = row["end"] - row["start"], row["occupied_until"] - row["end"]
    return Want(
        practitioner_id=row["practitioner_id"],
        site_id=row["site_id"],
        reason_id=row["reason_id"],
        professions=frozenset(row["professions"]),
        mode=row["mode"],
        length=Length(minutes // timedelta(minutes=1), buffer // timedelta(minutes=1)),
        local_date=row["local_date"],
        not_before=minute_up(max(row["start"], now + NOT_BEFORE)),
        urgent=row["unscheduled"],
        busy=busy,
    )


async def _hold_first(tx: Tx, agenda: Agenda, search: Search) -> UUID | None:
    """The cheapest time that the base grants, now kept for this item."""
    for tried, candidate in enumerate(agenda.candidates(search.want)):
        if tried == TRIES:
            break
        try:
            hold_id = await _hold(tx, search, candidate)
        except Refusal:
            continue
        agenda.give(candidate, search.want.length)
        return hold_id
    return None


async def _hold(tx: Tx, search: Search, candidate: Candidate) -> UUID:
    """Refused as a move there would be."""
    row, length, start = search.row, search.want.length, at(candidate.start)
    wish = Wish(row["reason_id"], row["mode"], candidate.site_id, candidate.practitioner_id, start)
    known = await times.facts(tx, wish, "secretariat", row["patient_id"], row["appointment_id"])
    assert known.record is not None
    with spoken():
        check_notice(known.rules, start, tx.now)
        day = local_date(start, known.zone)
        check_patient(known.rules, known.record, day, "secretariat", tx.now, moving=True)
    end = start + timedelta(minutes=length.minutes)
    visit = asyncpg.Range(start, end)
    span = asyncpg.Range(start, end + timedelta(minutes=length.buffer))
    kept = Kept(visit, span, tx.now + DRAFT_KEPT)
    return await holds.keep_for(tx, f"campaign:{row['item_id']}", wish, known, "secretariat", kept)
