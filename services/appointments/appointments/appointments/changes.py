"""What happens to an appointment after its booking: one use case per event of the state machine."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import cast
from uuid import UUID

import asyncpg
from pydantic import JsonValue

from appointments.appointments import queries
from appointments.appointments.delegating import delegated, standing
from appointments.appointments.domain import (
    Actor,
    Audience,
    Event,
    Outcome,
    Status,
    check_notice,
    check_patient,
    check_start,
    decide,
    local_date,
)
from appointments.appointments.errors import PatientBusy, ReasonRequired, spoken
from appointments.appointments.reach import reached
from appointments.appointments.rows import Appointment, Happening
from appointments.appointments.schemas import ActIn, ChangedOut, MissIn, MoveIn
from appointments.appointments.service import keep_overbook_limit, may_overbook, refuse_busy
from appointments.appointments.telling import tell
from appointments.callers import actor_of, audience_of
from appointments.rounds import where
from appointments.times import service as times
from appointments.times.errors import SlotNotOpen, SlotTaken
from appointments.times.service import Crew, Facts, Wish
from appointments.waiting.offering import Freed, freed
from maillage.database import Tx
from maillage.refusals import VersionStale

# Parameters of the centre that misses are counted by, and their defaults (design: appointments 10).
MISSES, WITHIN_MONTHS, BLOCK_MONTHS = ("misses_allowed", 3), ("misses_within_months", 12), ("misses_block_months", 3)


async def act(
    tx: Tx, appointment_id: UUID, event: Event, body: ActIn, if_match: int | None = None, *, granted: UUID | None = None
) -> ChangedOut:
    """Cancel, arrive, fulfil, miss, leave, reopen, void, confirm, decline. A second cancel answers as the first and
    does nothing.

    Refused: `NOT_FOUND`, `VERSION_STALE`, `WRONG_STATE`, and the guard's own code. `granted`: what a manage link has
    opened.
    """
    appointment = await reached(tx, appointment_id, lock=True, granted=granted)
    audience = audience_of(tx.principal)
    if event == "cancel" and appointment.status == "cancelled":
        return appointment.changed_out(audience, [])
    outcome = _decided(tx, appointment, event, if_match)
    if event == "void" and not body.reason:
        raise ReasonRequired(pointer="/reason")
    if event == "reopen" and appointment.status == "cancelled":
        return await _take_back(tx, appointment, body)
    if event == "reopen":
        await _refuse_if_busy(tx, appointment, appointment.visit)
    changed = await _write(tx, appointment, event, outcome, body)
    await _count(tx, appointment, changed)
    return await tell(tx, changed, event, audience, late=changed.late)


async def asked(tx: Tx, appointment_id: UUID, if_match: int | None) -> Appointment:
    """An appointment locked for a change of this version. Refused: `NOT_FOUND`, `VERSION_STALE`."""
    appointment = await reached(tx, appointment_id, lock=True)
    if if_match is not None and if_match != appointment.version:
        raise VersionStale(version=appointment.version)
    return appointment


def _decided(tx: Tx, appointment: Appointment, event: Event, if_match: int | None) -> Outcome:
    if if_match is not None and if_match != appointment.version:
        raise VersionStale(version=appointment.version)
    actor: Actor = actor_of(tx.principal)
    with spoken(phone=appointment.phone if event == "move" else None):
        return decide(event, appointment.standing, actor, appointment.limits, tx.now)


async def _write(tx: Tx, appointment: Appointment, event: Event, outcome: Outcome, body: ActIn) -> Appointment:
    """State, history, and the time given back when the visit will not take place."""
    ends = outcome.status in ("cancelled", "entered-in-error")
    changed = replace(
        appointment,
        status=outcome.status,
        version=appointment.version + 1,
        late=outcome.late,
        excused=isinstance(body, MissIn) and body.excused,
        cancel_reason=body.reason if ends else None,
        changed_at=tx.now,
    )
    await tx.execute(
        queries.CHANGE,
        changed.id,
        changed.status,
        changed.late,
        changed.excused,
        changed.cancel_reason,
        tx.now,
        event,
        tx.principal.sub,
        tx.principal.role,
        body.reason,
    )
    if ends:
        await give_back(tx, changed)
        if not appointment.walk_in:  # a place for who comes without an appointment is offered to nobody else
            await freed(tx, Freed.of(appointment))
    return changed


async def _count(tx: Tx, before: Appointment, after: Appointment) -> None:
    """What a visit done or missed says about the patient."""
    if after.status == "fulfilled":
        await tx.execute(queries.SEEN, after.patient_id, after.start)
    if "noshow" in (before.status, after.status):
        most = [after.settings.get(name, default) for name, default in (MISSES, WITHIN_MONTHS, BLOCK_MONTHS)]
        await tx.execute(queries.BLOCK_ONLINE, after.patient_id, tx.now, *most)


async def note(
    tx: Tx,
    appointment: Appointment,
    happening: Happening,
    status: Status,
    why: str | None = None,
    *,
    by_phone: bool = False,
) -> Appointment:
    """One more line of history of an appointment that the caller has locked or just made, and the event of it; no guard
    and no message.
    """
    version = appointment.version + 1
    noted = replace(appointment, status=status, version=version, changed_at=tx.now, by_phone=by_phone)
    values = (noted.late, noted.excused, noted.cancel_reason, tx.now, happening, tx.principal.sub, tx.principal.role)
    await tx.execute(queries.CHANGE, noted.id, noted.status, *values, why)
    await tell(tx, noted, happening, audience_of(tx.principal), silent=True)
    return noted


async def move(
    tx: Tx, appointment_id: UUID, body: MoveIn, if_match: int | None = None, *, granted: UUID | None = None
) -> ChangedOut:
    """Another time for the same visit: given back and taken in one act, so it is never in its own way. Keeps id and
    links.
    """
    appointment = await reached(tx, appointment_id, lock=True, granted=granted)
    audience = audience_of(tx.principal)
    outcome = _decided(tx, appointment, "move", if_match)
    practitioner = None if body.any_practitioner else body.practitioner_id or appointment.practitioner_id
    wish = Wish(appointment.reason_id, appointment.mode, body.site_id or appointment.site_id, practitioner, body.start)
    with spoken(pointer="/start"):
        check_start(wish.start, tx.now)
    if body.visit_address is not None:
        where.check_address(appointment.mode)
    known = await _fits(tx, appointment, wish, audience)
    if body.forced:
        await may_overbook(tx, known, wish, body.overbook_reason, appointment.id)
    by = body.start - appointment.start
    goal = replace(
        appointment,
        site_id=wish.site_id,
        start=body.start,
        end=appointment.end + by,
        occupied_until=appointment.occupied_until + by,
        overbooked=body.forced,
        overbook_reason=body.overbook_reason,
        by_phone=False,
        status=outcome.status,
        visit_address=body.visit_address.model_dump(mode="json") if body.visit_address else appointment.visit_address,
        timezone=known.zone,
        finess=known.site_finess,
    )
    await _refuse_if_busy(tx, appointment, goal.visit)
    attempt = partial(_place, tx, goal, "move", body.reason, audience)
    crew, _ = await times.take(tx, wish, known, audience, goal.span, attempt, appointment.id)
    moved = await delegated(tx, _placed(tx, goal, crew), known.protocol)
    await freed(tx, Freed.of(appointment))
    silent = audience == "secretariat" and not body.tell
    return await tell(
        tx, moved, "move", audience, appointment.previous(), silent=silent, overbooked=moved.overbooked, told=not silent
    )


async def give_back(tx: Tx, appointment: Appointment) -> None:
    """Its time is free again, for an act that then places it anew."""
    given = cast(list[Mapping[str, JsonValue]], await tx.fetchval(queries.GIVE_BACK, appointment.id))
    times.announce(tx, given, appointment.organisation_id)


async def retime(tx: Tx, appointment: Appointment, start: datetime, *, silent: bool) -> ChangedOut:
    """Another start with the same practitioner in his own window; nobody else is offered what is left. The caller has
    locked it. `silent`: the patient keeps the time that he was told.
    """
    outcome = _decided(tx, appointment, "move", None)
    by = start - appointment.start
    until = appointment.occupied_until + by
    goal = replace(appointment, start=start, end=appointment.end + by, occupied_until=until, status=outcome.status)
    await _refuse_if_busy(tx, appointment, goal.visit)
    crew = await _same_crew(tx, appointment)
    row = await _place(tx, goal, "move", None, None, crew)
    if row["outcome"] != "ok":
        raise SlotTaken(alternatives=[]) if row["outcome"] == "taken" else SlotNotOpen()
    times.announce(tx, row["changed"], appointment.organisation_id)
    moved = _placed(tx, goal, crew)
    moved = await delegated(tx, moved, await standing(tx, moved))
    return await tell(tx, moved, "move", audience_of(tx.principal), appointment.previous(), silent=silent)


async def _same_crew(tx: Tx, appointment: Appointment) -> Crew:
    others = await tx.fetchrow(queries.OTHERS_OF_VISIT, appointment.resource_ids, appointment.practitioner_id)
    assert others is not None
    doctor = times.Doctor(appointment.practitioner_id, appointment.schedule_id, appointment.rpps, None)
    return Crew(doctor, others["assistants"], others["rooms"])


async def _fits(tx: Tx, appointment: Appointment, wish: Wish, audience: Audience) -> Facts:
    """The new time is one that this caller may have for this patient."""
    known = await times.facts(tx, wish, audience, appointment.patient_id, appointment.id)
    assert known.record is not None
    with spoken(pointer="/start"):
        check_notice(known.rules, wish.start, tx.now)
    with spoken():
        day = local_date(wish.start, known.zone)
        check_patient(known.rules, known.record, day, audience, tx.now, moving=True)
    return known


async def _take_back(tx: Tx, appointment: Appointment, body: ActIn) -> ChangedOut:
    """A cancellation taken back: the same time again, if it is still free, whatever the audience."""
    await _refuse_if_busy(tx, appointment, appointment.visit)
    if appointment.overbooked:
        limit = appointment.limits.overbook_limit
        who, start = appointment.practitioner_id, appointment.start
        await keep_overbook_limit(tx, who, start, appointment.timezone, limit, appointment.id)
    crew = await _same_crew(tx, appointment)
    goal = replace(appointment, status="booked")
    row = await _place(tx, goal, "reopen", body.reason, None, crew)
    if row["outcome"] != "ok":
        raise SlotTaken(alternatives=[]) if row["outcome"] == "taken" else SlotNotOpen()
    times.announce(tx, row["changed"], appointment.organisation_id)
    placed = _placed(tx, goal, crew)
    placed = await delegated(tx, placed, await standing(tx, placed))
    return await tell(tx, placed, "reopen", audience_of(tx.principal))


async def _place(
    tx: Tx, goal: Appointment, event: Event, why: str | None, audience: Audience | None, crew: Crew
) -> asyncpg.Record:
    """Tries to take the goal's time with a crew and to write it there."""
    try:
        row = await tx.fetchrow(
            queries.MOVE,
            goal.id,
            goal.organisation_id,
            crew.doctor.schedule_id,
            crew.doctor.practitioner_id,
            goal.site_id,
            crew.assistants,
            crew.rooms,
            goal.visit,
            goal.span,
            local_date(goal.start, goal.timezone),
            goal.overbooked,
            goal.overbook_reason,
            goal.reason_id,
            goal.mode,
            tx.now,
            goal.status,
            event,
            tx.principal.sub,
            tx.principal.role,
            why,
            audience,
            goal.visit_address,
        )
    except asyncpg.ExclusionViolationError:
        raise PatientBusy from None  # the patient got another appointment in the same moment
    assert row is not None
    return row


def _placed(tx: Tx, goal: Appointment, crew: Crew) -> Appointment:
    """As it now stands."""
    return replace(
        goal,
        schedule_id=crew.doctor.schedule_id,
        practitioner_id=crew.doctor.practitioner_id,
        rpps=crew.doctor.rpps,
        resource_ids=crew.resource_ids,
        version=goal.version + 1,
        late=False,
        excused=False,
        cancel_reason=None,
        conflict=None,
        changed_at=tx.now,
    )


async def _refuse_if_busy(tx: Tx, appointment: Appointment, visit: "asyncpg.Range[datetime]") -> None:
    """`PATIENT_BUSY` while another live appointment of the patient overlaps."""
    if await tx.fetchrow(queries.PATIENT_AT, appointment.patient_id, visit, appointment.id) is not None:
        await refuse_busy(tx, appointment.patient_id, visit, appointment.id)
