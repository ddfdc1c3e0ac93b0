"""Who writes instructions, and who puts them into force: whoever answers for them."""

from uuid import UUID

import asyncpg

from maillage.database import Tx
from maillage.refusals import NotFound
from telesecretariat.instructions import queries
from telesecretariat.instructions.errors import NotValidator, NotYourScope


async def own_practitioners(tx: Tx, organisation_id: UUID) -> list[asyncpg.Record]:
    """The caller in the directory of the organisation, found by his RPPS number, with his profession."""
    return await tx.fetch(queries.PRACTITIONER_SELF, tx.principal.person_id, organisation_id)


async def _is_own(tx: Tx, organisation_id: UUID, scope: str, scope_id: UUID) -> bool:
    if scope != "practitioner":
        return False
    return scope_id in {row["practitioner_id"] for row in await own_practitioners(tx, organisation_id)}


async def may_write(tx: Tx, organisation_id: UUID, scope: str, scope_id: UUID) -> None:
    """A practitioner writes for himself, the centre for all. Refused: `NOT_YOUR_SCOPE` 403."""
    own = tx.principal.reach("instruction.write") == "s"
    if own and not await _is_own(tx, organisation_id, scope, scope_id):
        raise NotYourScope


async def validator(tx: Tx, instruction: asyncpg.Record, named: UUID | None) -> UUID:
    """The practitioner who answers for a publication: the caller for his own scope; for the client or a site the one
    whom the centre names. Refused: `NOT_VALIDATOR` 403.
    """
    organisation_id, scope, scope_id = instruction["organisation_id"], instruction["scope"], instruction["scope_id"]
    if tx.principal.reach("instruction.write") == "s":
        if not await _is_own(tx, organisation_id, scope, scope_id):
            raise NotValidator
        own: UUID = scope_id
        return own
    found = None if scope == "practitioner" else await tx.fetchval(queries.PRACTITIONER, named, organisation_id)
    if not isinstance(found, UUID):
        raise NotValidator(pointer="/validator_id")
    return found


async def locked_instruction(tx: Tx, instruction_id: UUID) -> asyncpg.Record:
    """The instruction, locked: its versions change one after the other. Refused: `NOT_FOUND`."""
    row = await tx.fetchrow(queries.LOCK, instruction_id)
    if row is None:
        raise NotFound
    return row
