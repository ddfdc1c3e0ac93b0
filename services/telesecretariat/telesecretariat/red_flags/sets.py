"""Use cases of the lists of signs: drafts by centre and doctors, signed by a doctor, one valid at a time."""

from uuid import UUID

import asyncpg

from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound, TimeInvalid
from telesecretariat.instructions.errors import NotValidator, ValidityOverlap, VersionPublished
from telesecretariat.instructions.validating import own_practitioners
from telesecretariat.red_flags import queries
from telesecretariat.red_flags.schemas import RedFlagSetIn, RedFlagSetOut, RedFlagSets


async def sets(tx: Tx, client_id: UUID | None) -> RedFlagSets:
    """Every version of the lists in reach, newest first."""
    return RedFlagSets(
        items=[RedFlagSetOut.model_validate(dict(row)) for row in await tx.fetch(queries.SETS, client_id)]
    )


async def draft(tx: Tx, body: RedFlagSetIn) -> RedFlagSetOut:
    """A new version of a client's list, not valid yet. Refused: `NOT_FOUND` for a client out of reach."""
    organisation_id = await tx.fetchval(queries.CLIENT, body.client_id)
    if not isinstance(organisation_id, UUID):
        raise NotFound
    if body.valid_until is not None and body.valid_until <= tx.now:
        raise TimeInvalid(pointer="/valid_until")
    set_id, items = new_id(), [item.model_dump() for item in body.items]
    await tx.execute(queries.ADD_SET, set_id, organisation_id, body.client_id, items, tx.now, body.valid_until)
    tx.audit("red_flag_set.draft", "red_flag_set", set_id, organisation_id)
    return await _set(tx, set_id)


async def publish(tx: Tx, set_id: UUID) -> RedFlagSetOut:
    """Signed by the doctor who calls: valid from now, the one before ends now. Refused: `NOT_VALIDATOR` 403 for anyone
    but a doctor of the centre, `VERSION_PUBLISHED` 409, `TIME_INVALID` when it would have ended already.
    """
    row = await tx.fetchrow(queries.SET, set_id)
    if row is None:
        raise NotFound
    await tx.fetchval(queries.CLIENT, row["client_id"])
    doctor = await _doctor(tx, row["organisation_id"])
    row = await tx.fetchrow(queries.SET, set_id)
    assert row is not None
    if row["state"] != "draft":
        raise VersionPublished
    if row["valid_until"] is not None and row["valid_until"] <= tx.now:
        raise TimeInvalid(pointer="/valid_until")
    await tx.execute(queries.END_PREVIOUS, row["client_id"], tx.now)
    try:
        await tx.execute(queries.PUBLISH_SET, set_id, doctor, tx.now)
    except asyncpg.ExclusionViolationError as wrong:
        raise ValidityOverlap from wrong
    tx.audit("red_flag_set.publish", "red_flag_set", set_id, row["organisation_id"], validated_by=str(doctor))
    return await _set(tx, set_id)


async def _doctor(tx: Tx, organisation_id: UUID) -> UUID:
    for row in await own_practitioners(tx, organisation_id):
        if row["profession"] == "physician":
            practitioner_id: UUID = row["practitioner_id"]
            return practitioner_id
    raise NotValidator


async def _set(tx: Tx, set_id: UUID) -> RedFlagSetOut:
    row = await tx.fetchrow(queries.SET, set_id)
    assert row is not None
    return RedFlagSetOut.model_validate({name: row[name] for name in RedFlagSetOut.model_fields})
