"""Use cases of holds: a time kept for somebody while he says who he is. Deadlines are the base's clock's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
from pydantic import JsonValue

from appointments.appointments.domain import Audience, check_notice, check_start
from appointments.appointments.errors import spoken
from appointments.callers import audience_of, owner_of
from appointments.holds import queries
from appointments.holds.errors import ExtensionsSpent, HoldExpired, HoldUsed
from appointments.holds.schemas import HoldIn, HoldOut
from appointments.times import service as times
from appointments.times.service import Crew, Facts, Wish
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound

KEPT = timedelta(minutes=30)
"""How long the words of a lapsed hold are kept."""
LIVE = ("held", "identified")


@dataclass(frozen=True, slots=True)
class Keeping:
    """A hold that has passed the rules and now wants its time. `leaves`: earlier holds that end in the same act."""

    id: UUID
    wish: Wish
    known: Facts
    call_id: UUID | None
    leaves: Sequence[UUID]
    identity: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept, and until when: the visit, and the visit with the time free behind it."""

    visit: "asyncpg.Range[datetime]"
    span: "asyncpg.Range[datetime]"
    until: datetime


async def hold(tx: Tx, body: HoldIn) -> HoldOut:
    """Keeps a time for the caller. The public keeps one at a time: an earlier one ends, its words are carried on."""
    audience, hold_id = audience_of(tx.principal), new_id()
    wish = Wish(body.reason_id, body.mode, body.site_id, body.practitioner_id, body.start, body.first_visit)
    with spoken(pointer="/start"):
        check_start(wish.start, tx.now)
    known = await times.facts(tx, wish, audience)
    with spoken(pointer="/start"):
        check_notice(known.rules, wish.start, tx.now)
    recent = await tx.fetch(queries.RECENT, owner_of(tx.principal), tx.now - KEPT) if audience == "public" else []
    leaves = [row["id"] for row in recent if row["live"]]
    identity: Mapping[str, JsonValue] = next((row["identity"] for row in recent), {})
    keeping = Keeping(hold_id, wish, known, body.call_id, leaves, identity)
    await times.take(tx, wish, known, audience, known.spans(wish)[1], partial(_insert, tx, keeping))
    tx.audit("hold.take", "hold", hold_id, known.organisation_id, audience=audience)
    return await view(tx, hold_id)


async def _insert(tx: Tx, keeping: Keeping, crew: Crew) -> asyncpg.Record:
    wish, known = keeping.wish, keeping.known
    visit, span = known.spans(wish)
    row = await tx.fetchrow(
        queries.TAKE,
        keeping.id,
        known.organisation_id,
        tx.now + _length(known.settings),
        crew.doctor.practitioner_id,
        crew.assistants,
        crew.rooms,
        wish.site_id,
        span,
        wish.reason_id,
        wish.mode,
        audience_of(tx.principal),
        tx.now,
        crew.doctor.schedule_id,
        visit,
        owner_of(tx.principal),
        keeping.call_id,
        keeping.leaves,
        keeping.identity,
    )
    assert row is not None
    return row


async def view(tx: Tx, hold_id: UUID) -> HoldOut:
    """One's own hold. Refused: `NOT_FOUND`."""
    return _out(await _own(tx, queries.OWN, hold_id))


async def words(tx: Tx, hold_id: UUID) -> Mapping[str, JsonValue]:
    """What its owner has typed so far; empty 30 min after the hold lapsed."""
    row = await _own(tx, queries.OWN, hold_id)
    return cast(Mapping[str, JsonValue], row["identity"])


async def latest(tx: Tx) -> HoldOut | None:
    """The latest hold of the caller that was not given back, whatever became of it."""
    found = cast(UUID | None, await tx.fetchval(queries.LATEST, owner_of(tx.principal)))
    return None if found is None else await view(tx, found)


async def remember(tx: Tx, hold_id: UUID, typed: Mapping[str, JsonValue], *, identified: bool = False) -> HoldOut:
    """Keeps what the owner typed, also while the hold has just lapsed. Refused: `HOLD_USED`, `HOLD_EXPIRED` after
    release.
    """
    row = await _own(tx, queries.OWN_LOCKED, hold_id)
    if row["state"] not in LIVE and row["state"] != "lapsed":
        raise _ended(row)
    state = "identified" if identified and row["state"] == "held" else row["state"]
    await tx.execute(queries.REMEMBER, hold_id, dict(typed), state)
    return await view(tx, hold_id)


async def extend(tx: Tx, hold_id: UUID) -> HoldOut:
    """Ten minutes more (parameter), ten times at most. Refused: `HOLD_EXPIRED`, `HOLD_USED`, `EXTENSIONS_SPENT`."""
    row = _living(tx, await _own(tx, queries.OWN_LOCKED, hold_id))
    if row["extensions"] >= row["settings"].get("hold_extensions", 10):
        raise ExtensionsSpent
    await tx.execute(queries.PROLONG, hold_id, row["expires_at"] + _length(row["settings"]), 1)
    tx.audit("hold.extend", "hold", hold_id, row["organisation_id"], extensions=row["extensions"] + 1)
    return await view(tx, hold_id)


async def renew(tx: Tx, hold_id: UUID) -> HoldOut:
    """A sign of life: the full length again, never beyond what extensions would give; a lapsed hold takes its time
    again.

    Refused: `HOLD_USED`, `HOLD_EXPIRED` after release or when its words are gone, `SLOT_TAKEN`, `SLOT_NOT_OPEN`.
    """
    row = await _own(tx, queries.OWN_LOCKED, hold_id)
    length, most = _length(row["settings"]), row["settings"].get("hold_extensions", 10)
    if row["state"] == "lapsed" and row["closed_at"] > tx.now - KEPT:
        return await _take_again(tx, row, tx.now + length)
    row = _living(tx, row)
    deadline = min(tx.now + length, row["created_at"] + length * (most + 1))
    if deadline > row["expires_at"]:
        await tx.execute(queries.PROLONG, hold_id, deadline, 0)
    return await view(tx, hold_id)


async def _take_again(tx: Tx, row: asyncpg.Record, until: datetime) -> HoldOut:
    wish = Wish(row["reason_id"], row["mode"], row["site_id"], row["practitioner_id"], row["start"])
    known = await times.facts(tx, wish, row["audience"])
    span = asyncpg.Range(row["start"], row["occupied_until"])

    async def attempt(crew: Crew) -> asyncpg.Record:
        again = await tx.fetchrow(
            queries.TAKE_AGAIN,
            row["id"],
            row["organisation_id"],
            until,
            crew.doctor.practitioner_id,
            crew.assistants,
            crew.rooms,
            row["site_id"],
            span,
            row["reason_id"],
            row["mode"],
            row["audience"],
            tx.now,
        )
        assert again is not None
        return again

    with spoken(pointer="/start"):
        check_start(wish.start, tx.now)
    await times.take(tx, wish, known, row["audience"], span, attempt)
    tx.audit("hold.take", "hold", row["id"], row["organisation_id"], audience=row["audience"])
    return await view(tx, row["id"])


async def release(tx: Tx, hold_id: UUID) -> None:
    """Gives the time back now. A hold that has ended already stays as it is; refused: `HOLD_USED`."""
    row = await _own(tx, queries.OWN_LOCKED, hold_id)
    if row["state"] == "confirmed":
        raise HoldUsed(appointment_id=str(row["appointment_id"]))
    if row["state"] not in LIVE:
        return
    times.announce(tx, await _changed(tx, queries.RELEASE, hold_id, tx.now), row["organisation_id"])
    tx.audit("hold.release", "hold", hold_id, row["organisation_id"])


async def locked_for_booking(tx: Tx, hold_id: UUID) -> asyncpg.Record:
    """The caller's living hold, locked. Refused: `NOT_FOUND`, `HOLD_EXPIRED` 410, `HOLD_USED` 409 with the
    appointment.
    """
    return _living(tx, await _own(tx, queries.OWN_LOCKED, hold_id))


async def keep_for(tx: Tx, owner: str, wish: Wish, known: Facts, audience: Audience, keeping: Kept) -> UUID:
    """A time that the centre keeps for somebody by itself; the id of the hold. Refused: `SLOT_TAKEN`, `SLOT_NOT_OPEN`.

    `owner` says for what: `offer:<id>`, `campaign:<item id>`. The rules of the reason are the caller's to check.
    """
    hold_id = new_id()

    async def attempt(crew: Crew) -> asyncpg.Record:
        row = await tx.fetchrow(
            queries.TAKE,
            hold_id,
            known.organisation_id,
            keeping.until,
            crew.doctor.practitioner_id,
            crew.assistants,
            crew.rooms,
            wish.site_id,
            keeping.span,
            wish.reason_id,
            wish.mode,
            audience,
            tx.now,
            crew.doctor.schedule_id,
            keeping.visit,
            owner,
            None,
            [],
            {},
        )
        assert row is not None
        return row

    await times.take(tx, wish, known, audience, keeping.span, attempt)
    tx.audit("hold.take", "hold", hold_id, known.organisation_id, audience=audience)
    return hold_id


async def keep_until(tx: Tx, hold_ids: Sequence[UUID], until: datetime) -> None:
    """Another deadline for holds of the centre's own; those that have ended stay ended."""
    await tx.execute(queries.KEEP_UNTIL, list(hold_ids), until, tx.now)


async def give_up(tx: Tx, hold_ids: Sequence[UUID]) -> None:
    """Gives the time of these holds back, whoever owns them; those that have ended stay as they are."""
    await _end(tx, await tx.fetch(queries.LIVING, list(hold_ids)))


async def give_up_of_call(tx: Tx, call_id: UUID) -> None:
    """The call is over: what was kept during it and has not become an appointment is given back."""
    await _end(tx, await tx.fetch(queries.OF_CALL, call_id))


async def _end(tx: Tx, living: Sequence[asyncpg.Record]) -> None:
    for row in living:
        times.announce(tx, await _changed(tx, queries.RELEASE, row["id"], tx.now), row["organisation_id"])
        tx.audit("hold.release", "hold", row["id"], row["organisation_id"])


async def lapse(tx: Tx) -> None:
    """Job: ends holds that are past their deadline and gives their time back."""
    due = await tx.fetch(queries.DUE, tx.now)
    for organisation_id in sorted({row["organisation_id"] for row in due}):
        ids = [row["id"] for row in due if row["organisation_id"] == organisation_id]
        times.announce(tx, await _changed(tx, queries.LAPSE, ids, tx.now), organisation_id)


async def forget(tx: Tx) -> None:
    """Job: wipes the words of holds that lapsed half an hour ago."""
    await tx.execute(queries.FORGET, tx.now - KEPT)


async def _changed(tx: Tx, sql: str, *args: object) -> list[Mapping[str, JsonValue]]:
    return cast(list[Mapping[str, JsonValue]], await tx.fetchval(sql, *args) or [])


async def _own(tx: Tx, sql: str, hold_id: UUID) -> asyncpg.Record:
    row = await tx.fetchrow(sql, hold_id, owner_of(tx.principal))
    if row is None:
        raise NotFound
    return row


def _living(tx: Tx, row: asyncpg.Record) -> asyncpg.Record:
    if row["state"] not in LIVE or row["expires_at"] <= tx.now:
        raise _ended(row)
    return row


def _ended(row: asyncpg.Record) -> HoldUsed | HoldExpired:
    return HoldUsed(appointment_id=str(row["appointment_id"])) if row["state"] == "confirmed" else HoldExpired()


def _length(settings: Mapping[str, int]) -> timedelta:
    return timedelta(minutes=settings.get("hold_minutes", 10))


def _out(row: asyncpg.Record) -> HoldOut:
    zone = ZoneInfo(row["timezone"])
    return HoldOut(
        id=row["id"],
        state=row["state"],
        reason_id=row["reason_id"],
        mode=row["mode"],
        site_id=row["site_id"],
        practitioner_id=row["practitioner_id"],
        start=row["start"].astimezone(zone),
        end=row["end"].astimezone(zone),
        expires_at=row["expires_at"].astimezone(zone),
        extensions_left=max(0, row["settings"].get("hold_extensions", 10) - row["extensions"]),
        appointment_id=row["appointment_id"],
        call_id=row["call_id"],
        version=row["version"],
    )
