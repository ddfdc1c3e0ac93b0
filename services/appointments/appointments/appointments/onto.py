"""An appointment moves onto a time that the centre keeps for it: an accepted proposal, an accepted offer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import cast
from uuid import UUID

import asyncpg
from pydantic import JsonValue

from appointments.appointments import queries
from appointments.appointments.delegating import delegated, standing
from appointments.appointments.domain import Actor, decide, local_date
from appointments.appointments.errors import PatientBusy, spoken
from appointments.appointments.rows import Appointment
from appointments.appointments.schemas import ChangedOut
from appointments.appointments.service import refuse_busy
from appointments.appointments.telling import tell
from appointments.callers import audience_of
from appointments.holds.errors import HoldExpired
from appointments.times import service as times
from appointments.waiting.offering import Freed, freed
from maillage.database import Tx


async def move_onto(tx: Tx, appointment: Appointment, hold_id: UUID, why: str | None = None) -> ChangedOut:
    """Gives the appointment's time back and makes the hold's time its own: nobody can come between. Keeps id, links.

    `appointment` is locked, and its caller has judged who may. Refused: `WRONG_STATE`, `PATIENT_BUSY`,
    `HOLD_EXPIRED` 410 when the hold has ended. The limit up to which patients move on their own does not count: it is
    the centre that asks.
    """
    with spoken():
        outcome = decide("move", appointment.standing, Actor("secretariat", None), appointment.limits, tx.now)
    hold = await tx.fetchrow(queries.TIME_OF_HOLD, hold_id)
    if hold is None:
        raise HoldExpired
    if await tx.fetchrow(queries.PATIENT_AT, appointment.patient_id, hold["during"], appointment.id) is not None:
        await refuse_busy(tx, appointment.patient_id, hold["during"], appointment.id)
    given = await tx.fetchval(queries.GIVE_BACK, appointment.id)
    times.announce(tx, cast(list[Mapping[str, JsonValue]], given), appointment.organisation_id)
    await _place(tx, appointment, hold_id, outcome.status, local_date(hold["start"], hold["timezone"]), why)
    row = await tx.fetchrow(queries.ROW, appointment.id)
    assert row is not None
    moved = replace(Appointment.of(row), changed_at=tx.now)
    moved = await delegated(tx, moved, await standing(tx, moved))
    await freed(tx, Freed.of(appointment))
    return await tell(tx, moved, "move", audience_of(tx.principal), appointment.previous(), hold_id=str(hold_id))


async def _place(tx: Tx, appointment: Appointment, hold_id: UUID, status: str, day: date, why: str | None) -> None:
    values = (appointment.id, hold_id, tx.now, day, status, tx.principal.sub, tx.principal.role, why)
    try:
        placed = await tx.fetchval(queries.MOVE_ONTO, *values)
    except asyncpg.ExclusionViolationError:
        raise PatientBusy from None  # the patient got another appointment in the same moment
    if placed is None:
        raise HoldExpired
