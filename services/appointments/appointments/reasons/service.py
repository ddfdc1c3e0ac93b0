"""Use cases of visit reasons: one function, one transaction."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from appointments.directory.common import home, is_public, present, unused, wire
from appointments.directory.errors import CodeFixed, CodeTaken, ReferenceUnknown
from appointments.protocols import queries as protocols
from appointments.reasons import queries
from appointments.reasons.schemas import PublicReason, ReasonIn, ReasonOut
from contracts.appointments import ReasonChanged
from maillage import cursor
from maillage.database import Tx
from maillage.refusals import NotFound
from maillage.wire import Page


async def reasons(tx: Tx, profession: str | None, inactive: bool, given: str | None, limit: int) -> Page[ReasonOut]:
    """All reasons of the organisations within reach, by rank: for professionals."""
    rows = await queries.reasons(tx, profession, inactive, _after(given), limit + 1)
    return Page[ReasonOut](items=[wire(ReasonOut, row) for row in rows[:limit]], next_cursor=_more(rows, limit))


async def public_reasons(tx: Tx, profession: str | None, given: str | None, limit: int) -> Page[PublicReason]:
    """What patients may read, by rank. A sensitive reason that they may not book does not exist for them."""
    rows = await queries.public_reasons(tx, profession, _after(given), limit + 1)
    return Page[PublicReason](items=[_public(row) for row in rows[:limit]], next_cursor=_more(rows, limit))


async def reason(tx: Tx, reason_id: UUID) -> ReasonOut | PublicReason:
    """One reason, as the caller may read it."""
    row = await queries.reason(tx, reason_id)
    if not is_public(tx):
        return wire(ReasonOut, row)
    if row is None or not row["active"] or (row["sensitive"] and "public" not in row["bookable_by"]):
        raise NotFound
    return _public(row)


async def add_reason(tx: Tx, body: ReasonIn) -> ReasonOut:
    """A new reason of the caller's organisation. Refused: `CODE_TAKEN`."""
    centre = await home(tx)
    await _under_known_protocol(tx, centre["id"], body)
    row = await queries.insert(tx, centre["id"], body)
    if row is None:
        raise CodeTaken(pointer="/code")
    return note(tx, row, "reason.create")


async def replace_reason(tx: Tx, reason_id: UUID, body: ReasonIn, if_match: int | None) -> ReasonOut:
    """The whole reason anew. Refused: `CODE_FIXED`; `IN_USE` when switched off with appointments or rules left."""
    old = present(await queries.reason(tx, reason_id, lock=True), if_match)
    if body.code != old["code"]:
        raise CodeFixed(pointer="/code")
    if body.protocol_id != old["protocol_id"]:
        await _under_known_protocol(tx, old["organisation_id"], body)
    if old["active"] and not body.active:
        unused(await queries.use(tx, reason_id))
    return note(tx, await queries.update(tx, reason_id, body), "reason.change")


async def _under_known_protocol(tx: Tx, organisation_id: UUID, body: ReasonIn) -> None:
    """The protocol named is in force here, and stays so until the caller commits; else `REFERENCE_UNKNOWN`."""
    if body.protocol_id is None:
        return
    if await tx.fetchval(protocols.OF_ORGANISATION, body.protocol_id, organisation_id) is None:
        raise ReferenceUnknown(pointer="/protocol_id")


def note(tx: Tx, row: Record | None, action: str) -> ReasonOut:
    """The audit of a reason just written; the event names it alone, for what it says never leaves the service."""
    out = wire(ReasonOut, row)
    tx.emit(ReasonChanged(entry_id=out.id, active=out.active, version=out.version), out.organisation_id)
    tx.audit(action, "visit_reason", out.id, out.organisation_id, active=out.active, version=out.version)
    return out


def _public(row: Record) -> PublicReason:
    fields = {name: row[name] for name in PublicReason.model_fields if name != "bookable"}
    return PublicReason.model_validate(fields | {"bookable": "public" in row["bookable_by"]})


def _after(given: str | None) -> tuple[int, UUID] | None:
    parts = cursor.decode(given, int, UUID)
    return None if parts is None else (int(str(parts[0])), UUID(str(parts[1])))


def _more(rows: Sequence[Record], limit: int) -> str | None:
    return cursor.encode(rows[limit - 1]["rank"], rows[limit - 1]["id"]) if len(rows) > limit else None
