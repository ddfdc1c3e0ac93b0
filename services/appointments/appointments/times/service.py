"""From a wish (reason, mode, place, start) to a time that somebody has: what holds, bookings, moves and reopenings
share.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast
from uuid import UUID

import asyncpg
from pydantic import JsonValue

from appointments.appointments.domain import Audience, Limits, Mode, Record, Rules, is_missing_hour, local_date
from appointments.callers import audience_of
from appointments.protocols.delegation import Granted, granted
from appointments.slots import schemas as slots
from appointments.slots.service import alternatives
from appointments.times import queries
from appointments.times.errors import SlotNotOpen, SlotTaken
from contracts.appointments import AvailabilityChanged
from maillage.database import Tx
from maillage.refusals import NotFound, TimeInvalid

VisitMode = Literal["on_site", "teleconsultation", "home", "care_home"]
SHARED = timedelta(seconds=1)
"""How old the other times offered to a loser may be: a rush on one time asks the same question hundreds of times."""
_lately: dict[tuple["Wish", Audience], tuple[datetime, list[JsonValue]]] = {}

TRIES = 3
"""How often another room or assistant is looked for when the chosen one has just been taken."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants. `practitioner_id` none: any who is free, the least booked of the day first."""

    reason_id: UUID
    mode: str
    site_id: UUID
    practitioner_id: UUID | None
    start: datetime
    first_visit: bool = False


@dataclass(frozen=True, slots=True)
class Doctor:
    """A practitioner (physician or nurse) at a site."""

    practitioner_id: UUID
    schedule_id: UUID
    rpps: str | None
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class Need:
    """What a visit takes beside its practitioner."""

    kind: Literal["practitioner", "room", "equipment"]
    tag: str | None = None
    profession: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the base knows about a wish."""

    organisation_id: UUID
    zone: str
    site_finess: str | None
    phone: str | None
    settings: Mapping[str, int]
    rules: Rules
    mode: Mode
    needs: Sequence[Need]
    professions: Sequence[str]
    needs_confirmation: bool
    unscheduled: bool
    doctor: Doctor | None
    record: Record | None
    protocol: Granted | None = None

    def lets(self, practitioner_id: UUID) -> bool:
        """Whether the protocol of the reason, if it has one, lets this nurse give the visit that day."""
        return self.protocol is None or practitioner_id in self.protocol.nurses

    @property
    def limits(self) -> Limits:
        """The parameters of the centre that the state machine needs."""
        return limits_of(self.settings)

    def spans(self, wish: Wish) -> "tuple[asyncpg.Range[datetime], asyncpg.Range[datetime]]":
        """The visit, and what it keeps busy: the visit and the time kept free behind it."""
        end = wish.start + self.mode.length(first_visit=wish.first_visit)
        return asyncpg.Range(wish.start, end), asyncpg.Range(wish.start, end + self.mode.buffer)


@dataclass(frozen=True, slots=True)
class Crew:
    """Whom and what one attempt takes, all or nothing."""

    doctor: Doctor
    assistants: Sequence[UUID] = ()
    rooms: Sequence[UUID] = ()

    @property
    def resource_ids(self) -> list[UUID]:
        """Everything that will be busy."""
        return [self.doctor.practitioner_id, *self.assistants, *self.rooms]


def limits_of(settings: Mapping[str, int]) -> Limits:
    """An organisation's parameters, defaults filled in."""
    return Limits(
        late_after=timedelta(minutes=settings.get("late_after_minutes", 1440)),
        move_until=timedelta(minutes=settings.get("move_until_minutes", 120)),
        overbook_limit=settings.get("overbook_limit", 2),
    )


async def facts(
    tx: Tx, wish: Wish, audience: Audience, patient_id: UUID | None = None, moves: UUID | None = None
) -> Facts:
    """Reads what is needed to judge a wish, and locks the patient. Refused: `NOT_FOUND` for what this audience may
    not book; `PROTOCOL_NOT_VALID`.
    """
    row = await tx.fetchrow(
        queries.FACTS, wish.reason_id, wish.site_id, wish.practitioner_id, patient_id, wish.start, moves, tx.now
    )
    if row is None or audience not in row["bookable_by"]:
        raise NotFound
    if is_missing_hour(wish.start, row["timezone"]):
        raise TimeInvalid(pointer="/start")
    if patient_id is not None and row["patient_organisation_id"] != row["organisation_id"]:
        raise NotFound
    mode = next((m for m in row["modes"] if m["mode"] == wish.mode), None)
    if mode is None:
        raise SlotNotOpen
    doctor = _doctor(row) if row["schedule_id"] else None
    return Facts(
        organisation_id=row["organisation_id"],
        zone=row["timezone"],
        site_finess=row["finess"],
        phone=row["phone"],
        settings=row["settings"],
        rules=_rules(row),
        mode=Mode(mode["minutes"], mode.get("first_visit_minutes"), mode.get("buffer_minutes") or 0),
        needs=[Need(n["kind"], n.get("tag"), n.get("profession")) for n in row["needs"]],
        professions=row["professions"],
        needs_confirmation=row["needs_confirmation"],
        unscheduled=row["unscheduled"],
        doctor=doctor,
        record=_record(row) if patient_id else None,
        protocol=await _granted(tx, wish, row, doctor),
    )


async def _granted(tx: Tx, wish: Wish, row: asyncpg.Record, doctor: Doctor | None) -> Granted | None:
    """What the protocol of the reason lets nurses do that day; an ordinary reason asks the base nothing more."""
    if row["protocol_id"] is None:
        return None
    named = doctor.practitioner_id if doctor else None
    return await granted(tx, row["protocol_id"], local_date(wish.start, row["timezone"]), named)


def _rules(row: asyncpg.Record) -> Rules:
    return Rules(
        min_notice=timedelta(minutes=row["min_notice_minutes"]),
        max_ahead=timedelta(days=row["max_ahead_days"]),
        min_age=row["min_age"],
        max_age=row["max_age"],
        first_visit=row["first_visit"],
        known_patient_only=row["known_patient_only"],
        max_live=row["max_live"],
    )


def _record(row: asyncpg.Record) -> Record:
    near = row["near_id"]
    return Record(
        row["birth_date"],
        row["seen"],
        row["online_blocked_until"],
        row["live_online"],
        None if near is None else str(near),
    )


def _doctor(row: asyncpg.Record) -> Doctor:
    return Doctor(row["practitioner_id"], row["schedule_id"], row["rpps"], row["person_id"])


Attempt = Callable[[Crew], Awaitable[asyncpg.Record]]
"""Tries to take the time for one crew and write its owner: a row with `outcome` and `changed`."""


async def take(
    tx: Tx,
    wish: Wish,
    known: Facts,
    audience: Audience,
    span: "asyncpg.Range[datetime]",
    attempt: Attempt,
    moves: UUID | None = None,
) -> tuple[Crew, asyncpg.Record]:
    """The first crew that gets the time. Refused: `SLOT_TAKEN` with other times, `SLOT_NOT_OPEN`."""
    taken = False
    for doctor in await _doctors(tx, wish, known, audience, span):
        for _ in range(TRIES if known.needs else 1):
            crew = await _crew(tx, wish, known, doctor, span, moves)
            if crew is None:
                taken = True
                break
            row = await attempt(crew)
            if row["outcome"] == "ok":
                announce(tx, row["changed"], known.organisation_id)
                return crew, row
            taken = taken or row["outcome"] == "taken"
    if not taken:
        raise SlotNotOpen
    raise SlotTaken(alternatives=await _alternatives(tx, wish))


async def _doctors(
    tx: Tx, wish: Wish, known: Facts, audience: Audience, span: "asyncpg.Range[datetime]"
) -> Sequence[Doctor]:
    """The named practitioner, or those who have a window, the least booked of the day first."""
    if wish.practitioner_id is not None:
        return [known.doctor] if known.doctor and known.lets(known.doctor.practitioner_id) else []
    day = local_date(wish.start, known.zone)
    days = [day - timedelta(days=1), day, day + timedelta(days=1)]
    rows = await tx.fetch(
        queries.CANDIDATES,
        wish.site_id,
        days,
        span,
        wish.reason_id,
        wish.mode,
        audience,
        tx.now,
        known.professions,
        day,
    )
    rows = [row for row in rows if known.lets(row["practitioner_id"])]
    free = [row for row in rows if row["free"]]
    if rows and not free:
        raise SlotTaken(alternatives=await _alternatives(tx, wish))
    return [_doctor(row) for row in free]


async def _crew(
    tx: Tx, wish: Wish, known: Facts, doctor: Doctor, span: "asyncpg.Range[datetime]", moves: UUID | None
) -> Crew | None:
    """The practitioner with one free member of each pool that the reason needs; None when a pool has none left."""
    chosen: dict[str, list[UUID]] = {"people": [doctor.practitioner_id], "rooms": []}
    day = local_date(wish.start, known.zone)
    days = [day - timedelta(days=1), day, day + timedelta(days=1)]
    for need in known.needs:
        kind = "people" if need.kind == "practitioner" else "rooms"
        rows = (
            await tx.fetch(queries.ASSISTANTS, wish.site_id, need.profession, days, span, tx.now, moves)
            if kind == "people"
            else await tx.fetch(queries.ROOMS, wish.site_id, need.kind, need.tag, span, tx.now, moves)
        )
        member = next((cast(UUID, row["id"]) for row in rows if row["id"] not in chosen[kind]), None)
        if member is None:
            return None
        chosen[kind].append(member)
    return Crew(doctor, chosen["people"][1:], chosen["rooms"])


def announce(tx: Tx, changed: Sequence[Mapping[str, JsonValue]], organisation_id: UUID) -> None:
    """Says that free times of these days changed."""
    for day in changed or ():
        tx.emit(AvailabilityChanged.model_validate(day), organisation_id)


async def _alternatives(tx: Tx, wish: Wish) -> list[JsonValue]:
    """Up to five other times for the same wish. Everybody who lost the same time at the same moment gets the same
    answer.
    """
    key = (wish, audience_of(tx.principal))
    kept = _lately.get(key)
    if kept is None or tx.now - kept[0] > SHARED:
        other = slots.Wish(
            reason_id=wish.reason_id,
            mode=cast(VisitMode, wish.mode),
            site_id=wish.site_id,
            start=wish.start,
            practitioner_id=wish.practitioner_id,
            first_visit=wish.first_visit,
        )
        kept = tx.now, await alternatives(tx, other)
        for old in [old for old, (at, _) in _lately.items() if tx.now - at > SHARED]:
            del _lately[old]
        _lately[key] = kept
    return kept[1]
