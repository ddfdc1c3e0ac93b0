"""A protocol at the moment of a booking: who may give the visit, and who delegates it."""

from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from appointments.protocols import queries
from appointments.protocols.domain import Delegation, Member
from appointments.protocols.errors import ProtocolNotValid
from maillage.database import Tx


@dataclass(frozen=True, slots=True)
class Granted:
    """What a protocol lets nurses do on one local day."""

    protocol_id: UUID
    day: date
    nurses: frozenset[UUID]


async def granted(tx: Tx, protocol_id: UUID, day: date, named: UUID | None) -> Granted:
    """The nurses who may give the visit on a local day; the protocol cannot change until the caller commits.

    Refused: `PROTOCOL_NOT_VALID` when nobody may, or not the one who is named.
    """
    await tx.execute(queries.HOLD, protocol_id)
    rows = await tx.fetch(queries.MEMBERS, protocol_id)
    members = tuple(Member(r["practitioner_id"], r["profession"], r["first_day"], r["last_day"]) for r in rows)
    delegation = Delegation(protocol_id, members)
    nurses = delegation.nurses_on(day)
    if not nurses or (named is not None and named not in nurses):
        last = delegation.last_day(named)
        raise ProtocolNotValid(pointer="/start", last_day=last.isoformat() if last else None)
    return Granted(protocol_id, day, nurses)


async def delegate(
    tx: Tx, appointment_id: UUID, version: int, protocol: Granted, patient_id: UUID, site_id: UUID
) -> UUID | None:
    """Writes under which protocol a visit stands and who delegates it: the physician, and his line in the history."""
    values = (protocol.protocol_id, protocol.day, patient_id, site_id, version)
    return cast(UUID | None, await tx.fetchval(queries.DELEGATE, appointment_id, *values))
