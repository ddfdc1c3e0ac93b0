"""Use cases of contact points: how a practitioner, his backup and the supervisors are told that something waits."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

import asyncpg

from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotAllowed, NotFound
from telesecretariat.messages import queries
from telesecretariat.messages.history import practitioners_of
from telesecretariat.messages.schemas import ContactPoint, ContactPoints, SupervisorPoint, SupervisorPoints
from telesecretariat.messages.service import known
from telesecretariat.vault import vault


async def of_practitioner(tx: Tx, practitioner_id: UUID) -> ContactPoints:
    """Those of a practitioner; audited. Refused: `NOT_FOUND`, `NOT_ALLOWED` unless it is oneself or one's centre's."""
    organisation_id = await _may(tx, practitioner_id)
    tx.audit("contact_points.read", "practitioner", practitioner_id, organisation_id)
    return await _shown(tx, practitioner_id, organisation_id)


async def put_of_practitioner(tx: Tx, practitioner_id: UUID, body: ContactPoints) -> ContactPoints:
    """All of a practitioner's, instead of the earlier ones. Refused as for reading; `NOT_FOUND` for an unknown
    backup."""
    organisation_id = await _may(tx, practitioner_id)
    for backup in {each.backup_practitioner_id for each in body.items} - {None}:
        if backup == practitioner_id or await known(tx, cast(UUID, backup)) != organisation_id:
            raise NotFound
    await tx.execute(queries.RETIRE, practitioner_id, organisation_id)
    await tx.executemany(queries.ADD_POINT, [_row(tx, organisation_id, practitioner_id, each) for each in body.items])
    tx.audit("contact_points.write", "practitioner", practitioner_id, organisation_id, count=len(body.items))
    return await _shown(tx, practitioner_id, organisation_id)


async def of_supervisors(tx: Tx, client_id: UUID) -> SupervisorPoints:
    """Those of the supervisors of a client; audited. Refused: `NOT_FOUND`."""
    organisation_id = await _centre(tx, client_id)
    tx.audit("contact_points.read", "client", client_id, organisation_id)
    return await _supervisors(tx, organisation_id)


async def put_of_supervisors(tx: Tx, client_id: UUID, body: SupervisorPoints) -> SupervisorPoints:
    """All of the supervisors of a client, instead of the earlier ones. Refused: `NOT_FOUND`."""
    organisation_id = await _centre(tx, client_id)
    await tx.execute(queries.RETIRE, None, organisation_id)
    await tx.executemany(queries.ADD_POINT, [_row(tx, organisation_id, None, each) for each in body.items])
    tx.audit("contact_points.write", "client", client_id, organisation_id, count=len(body.items))
    return await _supervisors(tx, organisation_id)


async def _may(tx: Tx, practitioner_id: UUID) -> UUID:
    organisation_id = await known(tx, practitioner_id)
    if tx.principal.reach("setup.write") is None and practitioner_id not in await practitioners_of(tx):
        raise NotAllowed
    return organisation_id


async def _centre(tx: Tx, client_id: UUID) -> UUID:
    found = cast(UUID | None, await tx.fetchval(queries.CLIENT, client_id))
    if found is None:
        raise NotFound
    return found


def _row(
    tx: Tx, organisation_id: UUID, practitioner_id: UUID | None, point: ContactPoint | SupervisorPoint
) -> Sequence[object]:
    return (
        new_id(),
        organisation_id,
        practitioner_id,
        None,
        point.role if isinstance(point, ContactPoint) else "supervisor",
        point.channel,
        vault(tx).seal(point.normalised),
        [each.model_dump() for each in point.hours],
        point.place,
        point.language,
        point.backup_practitioner_id if isinstance(point, ContactPoint) else None,
        tx.now,
    )


async def _shown(tx: Tx, practitioner_id: UUID, organisation_id: UUID) -> ContactPoints:
    rows = await tx.fetch(queries.CONTACT_POINTS, practitioner_id, organisation_id)
    return ContactPoints.model_validate({"items": [_plain(tx, row) for row in rows]})


async def _supervisors(tx: Tx, organisation_id: UUID) -> SupervisorPoints:
    rows = await tx.fetch(queries.CONTACT_POINTS, None, organisation_id)
    plain = [_plain(tx, row) for row in rows]
    return SupervisorPoints.model_validate(
        {"items": [{k: v for k, v in each.items() if k in SupervisorPoint.model_fields} for each in plain]}
    )


def _plain(tx: Tx, row: asyncpg.Record) -> dict[str, object]:
    facts: dict[str, object] = {name: row[name] for name in ContactPoint.model_fields if name != "address"}
    return facts | {"address": vault(tx).open(row["address_sealed"])}
