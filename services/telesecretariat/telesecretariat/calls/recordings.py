"""Recordings whose time is over are deleted at the telephone system where they lie, as often as it takes."""

from typing import Final
from uuid import UUID

import structlog

from maillage.database import Database, Tx
from maillage.principal import system
from telesecretariat.calls import queries
from telesecretariat.calls.changing import locked
from telesecretariat.calls.deadlines import each_of
from telesecretariat.clients.parameters import Retention
from telesecretariat.telephony import capable
from telesecretariat.telephony.asking import ask

log = structlog.get_logger()
DAYS: Final = Retention().recording_days


async def delete_due(database: Database) -> None:
    """Asks for the deletion of each recording that is due and not gone, unless it is being asked for."""
    who = system(database.settings.SERVICE)
    due = await database.read(who, _due)
    await each_of(database, due, _ask)
    if due:
        log.info("recordings to delete", rows=len(due))


async def _due(tx: Tx) -> list[tuple[UUID, UUID]]:
    return [(row["id"], row["call_id"]) for row in await tx.fetch(queries.RECORDINGS_DUE, tx.now, DAYS)]


async def _ask(tx: Tx, recording_id: UUID, call_id: UUID) -> None:
    call = await locked(tx, call_id)
    # Who can record can delete. One that cannot at present is asked when it can: the recording stays due.
    await capable.refuse_unable(tx, call, "record")
    command_id = await ask(tx, call, "delete_recording", recording_id=str(recording_id))
    await tx.execute(queries.DELETION_ASKED, recording_id, command_id, tx.now)


async def deleted(tx: Tx, command_id: UUID) -> None:
    """The telephone system has done it."""
    await tx.execute(queries.DELETED, command_id, tx.now)
