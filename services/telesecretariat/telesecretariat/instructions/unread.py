"""Use cases of what is new to an agent: read and acknowledged between two calls, so that the next one does not wait."""

from uuid import UUID

from maillage.database import Tx
from maillage.refusals import NotFound
from telesecretariat.instructions import queries
from telesecretariat.instructions.schemas import UnreadInstruction, UnreadInstructions


async def unread(tx: Tx) -> UnreadInstructions:
    """Versions in force that the caller has not yet said that she read."""
    rows = await tx.fetch(queries.UNREAD_NOW, tx.principal.person_id, tx.now)
    return UnreadInstructions(items=[UnreadInstruction.model_validate(dict(row)) for row in rows])


async def acknowledge_version(tx: Tx, instruction_id: UUID, version_id: UUID) -> None:
    """The caller says that she read a version; again: nothing more. Refused: `NOT_FOUND`, for a draft too."""
    row = await tx.fetchrow(queries.VERSION, version_id, instruction_id)
    if row is None or row["state"] == "draft":
        raise NotFound
    await tx.execute(queries.READ_NOW, tx.principal.person_id, version_id, instruction_id, tx.now)
