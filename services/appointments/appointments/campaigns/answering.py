"""What becomes of a proposal: its patient answers, the desk resolves, or nobody does until the deadline."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from appointments.appointments import changes
from appointments.appointments.onto import move_onto
from appointments.appointments.reach import reached
from appointments.appointments.rows import Appointment
from appointments.appointments.schemas import ActIn, ChangedOut, MoveIn
from appointments.callers import audience_of
from appointments.campaigns import items, queries
from appointments.campaigns.errors import ProposalExpired
from appointments.campaigns.following import keep
from appointments.campaigns.schemas import ItemOut, ProposedOut, ResolveIn
from appointments.campaigns.service import item_out, of_the_centre
from appointments.holds.errors import HoldExpired
from appointments.messages import service as messages
from maillage.database import Database, Tx
from maillage.jobs import one_by_one
from maillage.principal import system
from maillage.refusals import NotFound, VersionStale, WrongState


async def proposal_of(tx: Tx, appointment_id: UUID) -> ProposedOut | None:
    """The latest proposal about an appointment that the caller has opened already; None when there never was one."""
    row = await tx.fetchrow(queries.PROPOSAL, appointment_id)
    if row is None:
        return None
    in_time = row["deadline"] is not None and tx.now < row["deadline"]
    return ProposedOut(
        live=row["state"] == "proposed" and row["hold_state"] in ("held", "identified") and in_time,
        accepted=row["state"] == "moved" and row["hold_state"] == "confirmed",
        called=row["state"] == "to_call",
        deadline=row["deadline"],
        start=row["start"].astimezone(ZoneInfo(row["zone"])) if row["start"] else None,
        site=row["site"],
        address=row["address"],
        access=row["access"],
        practitioner=row["practitioner"],
    )


async def read_proposal(tx: Tx, appointment_id: UUID) -> ProposedOut:
    """The same for whoever reaches the appointment. Refused: `NOT_FOUND`."""
    await reached(tx, appointment_id)
    proposal = await proposal_of(tx, appointment_id)
    if proposal is None:
        raise NotFound
    return proposal


async def accept(tx: Tx, appointment_id: UUID, *, granted: UUID | None = None) -> ChangedOut:
    """The patient takes the proposed time: his appointment moves onto it. A second time answers as the first.

    Refused: `NOT_FOUND`, `PROPOSAL_EXPIRED` 410, `PATIENT_BUSY`. `granted`: what a manage link has opened.
    """
    appointment = await reached(tx, appointment_id, lock=True, granted=granted)
    item = await tx.fetchrow(queries.LIVE_ITEM_OF, appointment_id)
    if item is None:
        latest = await tx.fetchrow(queries.LATEST_ITEM_OF, appointment_id)
        if latest is not None and latest["state"] == "moved" and latest["hold_state"] == "confirmed":
            return appointment.changed_out(audience_of(tx.principal), [])
        raise ProposalExpired(phone=appointment.phone)
    if item["state"] != "proposed" or item["deadline"] is None or item["deadline"] <= tx.now:
        raise ProposalExpired(phone=appointment.phone)
    return await _onto(tx, appointment, item, None)


async def refuse(tx: Tx, appointment_id: UUID, *, granted: UUID | None = None) -> None:
    """The patient wants to be called instead; the proposed time stays his until its hold ends. Again: nothing happens.

    Refused: `NOT_FOUND`, `PROPOSAL_EXPIRED` 410 when nothing is left to answer.
    """
    appointment = await reached(tx, appointment_id, lock=True, granted=granted)
    item = await tx.fetchrow(queries.LIVE_ITEM_OF, appointment_id)
    if item is None or item["state"] == "todo":
        raise ProposalExpired(phone=appointment.phone)
    if item["state"] == "proposed":
        await _to_call(tx, item, appointment)


async def resolve(tx: Tx, item_id: UUID, given: ResolveIn, if_match: int | None) -> ItemOut:
    """The desk has spoken with the patient. The same outcome again changes nothing.

    Refused: `NOT_FOUND`, 412, `WRONG_STATE` for another outcome than the one it has, `PROPOSAL_EXPIRED` 410, and as
    the move or cancellation that it is.
    """
    found = await tx.fetchrow(queries.ITEM, item_id)
    if found is None or not of_the_centre(tx):
        raise NotFound
    appointment = await reached(tx, found["appointment_id"], lock=True)
    item = await tx.fetchrow(queries.ITEM_LOCKED, item_id)
    assert item is not None
    if item["state"] != given.outcome or given.to is not None:
        if if_match is not None and if_match != item["version"]:
            raise VersionStale(version=item["version"])
        if item["state"] not in items.LIVE:
            raise WrongState(state=item["state"], allowed=[])
        await _resolved(tx, appointment, item, given)
    shown = await tx.fetchrow(queries.SHOWN, item_id)
    assert shown is not None
    return item_out(shown)


async def _resolved(tx: Tx, appointment: Appointment, item: asyncpg.Record, given: ResolveIn) -> None:
    if given.outcome == "kept":
        await keep(tx, item)
    elif given.outcome == "cancelled":
        await changes.act(tx, appointment.id, "cancel", ActIn(reason=given.reason))
    elif given.to is None or await _is_the_proposal(tx, item, given.to):
        await _onto(tx, appointment, item, given.reason)
    else:
        await changes.move(tx, appointment.id, given.to)


async def _is_the_proposal(tx: Tx, item: asyncpg.Record, to: MoveIn) -> bool:
    """Whether it is the very time that is kept for him: it would be refused as taken."""
    row = await tx.fetchrow(queries.SHOWN, item["id"])
    assert row is not None
    same_place = to.site_id in (None, row["new_site_id"])
    return (
        row["hold_id"] is not None
        and to.start == row["new_start"]
        and same_place
        and (to.any_practitioner or to.practitioner_id in (None, row["new_practitioner_id"]))
    )


async def _onto(tx: Tx, appointment: Appointment, item: asyncpg.Record, why: str | None) -> ChangedOut:
    if item["hold_id"] is None:
        raise ProposalExpired(phone=appointment.phone)
    try:
        return await move_onto(tx, appointment, item["hold_id"], why)
    except HoldExpired:
        raise ProposalExpired(phone=appointment.phone) from None


async def _to_call(tx: Tx, item: asyncpg.Record, appointment: Appointment) -> None:
    await messages.drop(tx, item["id"])
    await items.ask(tx, item, timedelta(minutes=appointment.settings.get("call_under_minutes", 180)))
    tx.audit("campaign.to_call", "campaign_item", item["id"], item["organisation_id"])
    await items.touch(tx, item["campaign_id"])


async def _overdue(tx: Tx) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(queries.OVERDUE, tx.now)]


async def give_up_waiting(database: Database) -> None:
    """Job: proposals without an answer at the deadline, or whose time was closed, go to the telephone."""
    due = await database.run(system("appointments"), _overdue)
    await one_by_one(database, no_answer, due)


async def no_answer(tx: Tx, item_id: UUID) -> None:
    """One proposal that nobody has answered, unless somebody just did."""
    found = await tx.fetchrow(queries.ITEM, item_id)
    assert found is not None
    appointment = await reached(tx, found["appointment_id"], lock=True)
    item = await tx.fetchrow(queries.ITEM_LOCKED, item_id)
    assert item is not None
    ended = item["hold_state"] not in ("held", "identified")
    if item["state"] == "proposed" and (ended or (item["deadline"] is not None and item["deadline"] <= tx.now)):
        await _to_call(tx, item, appointment)
