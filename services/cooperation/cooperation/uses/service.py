"""Use cases of uses."""

from datetime import datetime
from uuid import UUID

from cooperation.members.keeping import after, paged, wire
from cooperation.uses import queries
from cooperation.uses.finding import pack_of
from cooperation.uses.schemas import UseIn, UseOut
from cooperation.uses.using import How, may_override, use
from maillage.database import Tx
from maillage.refusals import NotAllowed
from maillage.wire import Page


async def record(tx: Tx, body: UseIn) -> UseOut:
    """One pack used in one operation. Refused: see `using.use`; `UNKNOWN_CODE`; 403 for an override by anyone but a
    clinician, and for a clinician without one."""
    override = None
    if body.override is not None:
        override = may_override(tx, body.override.reason)
    elif tx.principal.reach("use.write") is None:
        raise NotAllowed
    run = await pack_of(tx, body.code)
    how = How(
        operation_ref=body.operation_ref,
        used_at=body.used_at,
        intact=body.intact,
        unused=body.unused,
        place_id=body.place_id,
        override=override,
    )
    made = await use(tx, run, how)
    return await one(tx, made.id)


async def one(tx: Tx, use_id: UUID) -> UseOut:
    """One use. Refused: `NOT_FOUND`."""
    return wire(UseOut, await tx.fetchrow(queries.ONE, use_id))


async def uses(
    tx: Tx,
    operation_ref: str | None,
    set_id: UUID | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    given: str | None,
) -> Page[UseOut]:
    """Uses, newest first."""
    rows = await tx.fetch(queries.LIST, operation_ref, set_id, since, until, after(given), limit + 1)
    return paged(UseOut, rows, limit)
