"""A supervisor listens, whispers to the agent, or joins; an agent's call is recorded. Off unless people were told.

The agent sees it: each beginning and end is an event of her call. A quarter of an hour at most.
"""

from datetime import timedelta
from typing import Final, cast
from uuid import UUID

from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.refusals import NotFound
from telesecretariat.calls import queries
from telesecretariat.calls.changing import happen, locked
from telesecretariat.calls.deadlines import each_due
from telesecretariat.calls.errors import CallNotTalking, MonitoringNotDeclared, RecordingRefused
from telesecretariat.calls.rows import Call
from telesecretariat.calls.schemas import MonitoringIn, MonitoringOut, RecordingOut
from telesecretariat.telephony import capable, legs
from telesecretariat.telephony.asking import ask

LONGEST: Final = timedelta(minutes=15)
KEPT: Final = timedelta(days=180)
"""Recordings are kept for six months at most (CNIL, norm of 2014, lapsed: still the yardstick)."""
_HEARD: Final = ("talking", "held")


async def begin(tx: Tx, call_id: UUID, body: MonitoringIn) -> MonitoringOut:
    """Listens to a call. Again by the same supervisor: what is open already. Refused: `CALL_NOT_TALKING`,
    `MONITORING_NOT_DECLARED`, `ADAPTER_CANNOT`."""
    call = await locked(tx, call_id)
    if call.state not in _HEARD:
        raise CallNotTalking(state=call.state)
    if not await tx.fetchval(queries.MONITORED, call.client_id):
        raise MonitoringNotDeclared
    await capable.refuse_unable(tx, call, "monitor")
    who = tx.principal.person_id
    made = await tx.fetchval(
        queries.BEGIN_MONITORING,
        new_id(),
        call.organisation_id,
        call.client_id,
        call.id,
        who,
        body.mode,
        body.purpose,
        tx.now,
        tx.now + LONGEST,
    )
    if made is not None:
        await _listen(tx, call, cast(UUID, made), body)
    row = await tx.fetchrow(queries.MONITORING_OF, call.id, who)
    assert row is not None
    return MonitoringOut(**{name: row[name] for name in MonitoringOut.model_fields})


async def _listen(tx: Tx, call: Call, monitoring_id: UUID, body: MonitoringIn) -> None:
    await ask(
        tx,
        call,
        "monitor",
        agent_leg=await legs.agent_leg(tx, call),
        monitoring_id=str(monitoring_id),
        mode=body.mode,
        device_address=body.device_address,
    )
    await happen(tx, call, "monitoring_began", {"mode": body.mode, "purpose": body.purpose})
    tx.audit("call.monitor", "call", call.id, call.organisation_id, mode=body.mode, purpose=body.purpose)


async def stop(tx: Tx, call_id: UUID) -> None:
    """The supervisor leaves. Again: nothing."""
    call = await locked(tx, call_id)
    if await _end(tx, call, tx.principal.person_id):
        await happen(tx, call, "monitoring_ended")
        tx.audit("call.monitor_ended", "call", call.id, call.organisation_id)


async def end_all(tx: Tx, call: Call) -> None:
    """The call is over, so is listening to it."""
    await _end(tx, call, None)


async def _end(tx: Tx, call: Call, supervisor_id: UUID | None) -> bool:
    ended = await tx.fetch(queries.END_MONITORING, call.id, tx.now, supervisor_id)
    for row in ended:
        await ask(tx, call, "monitor", monitoring_id=str(row["id"]), mode="end")
    return bool(ended)


async def failed(tx: Tx, call: Call, monitoring_id: object) -> None:
    """The telephone system did not let the supervisor in."""
    ended = await tx.fetchval(queries.END_ONE_MONITORING, call.id, tx.now, str(monitoring_id))
    if ended is not None:
        await happen(tx, call, "monitoring_ended", {"cause": "failed"})


async def end_due(database: Database) -> None:
    """Job: nobody is listened to for longer than a quarter of an hour."""
    await each_due(database, queries.MONITORING_DUE, _time_is_up)


async def _time_is_up(tx: Tx, call_id: UUID) -> None:
    call = await locked(tx, call_id)
    if await _end(tx, call, None):
        await happen(tx, call, "monitoring_ended", {"cause": "time"})


async def record(tx: Tx, call_id: UUID) -> RecordingOut:
    """Records the rest of a call, for training or quality. Refused: `CALL_NOT_TALKING`, `RECORDING_REFUSED`,
    `ADAPTER_CANNOT`."""
    call = await locked(tx, call_id)
    if call.state not in _HEARD:
        raise CallNotTalking(state=call.state)
    if not await tx.fetchval(queries.RECORDED, call.client_id):
        raise RecordingRefused
    await capable.refuse_unable(tx, call, "record")
    recording_id, purge_at = new_id(), tx.now + KEPT
    await tx.execute(
        queries.BEGIN_RECORDING,
        recording_id,
        call.organisation_id,
        call.client_id,
        call.id,
        f"r-{recording_id}",
        tx.now,
        purge_at,
    )
    await ask(tx, call, "record", recording_id=str(recording_id), on=True)
    await happen(tx, call, "recording_began")
    tx.audit("call.record", "call", call.id, call.organisation_id, recording_id=str(recording_id))
    return RecordingOut(id=recording_id, call_id=call.id, purge_at=purge_at)


async def object_to_recording(tx: Tx, call_id: UUID) -> None:
    """The caller or the agent objects: it stops, and is deleted at the next purge. Refused: `NOT_FOUND`."""
    call = await locked(tx, call_id)
    found = await tx.fetchval(queries.RECORDING_OF, call.id)
    if not isinstance(found, UUID):
        raise NotFound
    await tx.execute(queries.OBJECTED, found, tx.now)
    await ask(tx, call, "record", recording_id=str(found), on=False)
    await happen(tx, call, "recording_objected")
    tx.audit("call.recording_objected", "call", call.id, call.organisation_id, recording_id=str(found))
