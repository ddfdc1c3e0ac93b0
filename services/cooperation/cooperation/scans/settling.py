"""Scans as they were kept, and those that a person settles: refused, or overtaken."""

from uuid import UUID

from asyncpg import Record

from contracts.cooperation import ScanSettled as SettledEvent
from cooperation.members.keeping import after as after_id
from cooperation.members.keeping import page
from cooperation.scans import queries
from cooperation.scans.answers import message
from cooperation.scans.errors import ScanSettled
from cooperation.scans.schemas import ScanItem, Settling
from maillage.database import Tx
from maillage.refusals import NotFound
from maillage.wire import Page
from maillage.words import Language


async def scans(
    tx: Tx, to_settle: bool, device_id: UUID | None, limit: int, after: str | None, language: Language
) -> Page[ScanItem]:
    """Scans in the order in which they came; those to settle alone when asked."""
    sql = queries.TO_SETTLE if to_settle else queries.LIST
    rows = await tx.fetch(sql, device_id, after_id(after), limit + 1)
    items = [_item(row, language) for row in rows]
    return page(ScanItem, items, limit, rows[:limit][-1]["id"] if rows else None)


async def settle(tx: Tx, scan_id: UUID, body: Settling, language: Language) -> ScanItem:
    """A person says what became of it. Refused: `NOT_FOUND`; `SCAN_SETTLED` when it waits for nothing."""
    row = await tx.fetchrow(queries.LOCK, scan_id)
    if row is None:
        raise NotFound
    if row["settled_at"] is not None or row["outcome"] not in ("refused", "late"):
        settled = row["settled_at"]
        raise ScanSettled(settled_at=settled.isoformat() if settled else None)
    await tx.execute(queries.SETTLE, scan_id, tx.now, tx.principal.sub, body.how)
    tx.audit("scan.settle", "scan", scan_id, row["organisation_id"], how=body.how)
    tx.emit(SettledEvent(scan_id=scan_id, at=tx.now), row["organisation_id"])
    settled_row = await tx.fetchrow(queries.ONE, scan_id)
    assert settled_row is not None
    return _item(settled_row, language)


def _item(row: Record, language: Language) -> ScanItem:
    fields = {name: row[name] for name in ScanItem.model_fields if name != "message"}
    return ScanItem.model_validate(fields | {"message": message(row["result"], language)})
