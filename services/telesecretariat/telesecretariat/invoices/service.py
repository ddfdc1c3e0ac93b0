"""Use cases of invoices: a draft is reckoned from calls as often as one likes, closed once, and then stays."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import cast
from uuid import UUID

import asyncpg

from contracts.telesecretariat import InvoiceClosed as Closed
from maillage import cursor
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotAllowed, NotFound, VersionStale
from maillage.wire import Page
from telesecretariat import months
from telesecretariat.invoices import domain, queries
from telesecretariat.invoices.domain import InvoiceLine
from telesecretariat.invoices.errors import (
    CreditOfProvider,
    CreditTooLarge,
    InvoiceClosed,
    InvoiceOutdated,
    LineNotCorrectable,
    MonthNotOver,
)
from telesecretariat.invoices.schemas import (
    BilledCall,
    CorrectionIn,
    InvoiceIn,
    InvoiceItem,
    InvoiceLineOut,
    InvoiceOut,
    InvoiceState,
)
from telesecretariat.keeping import after, paged


async def invoices(
    tx: Tx, client_id: UUID | None, month: date | None, state: InvoiceState | None, given: str | None, limit: int
) -> Page[InvoiceItem]:
    """Invoices in reach, first drafted first. Refused: `NOT_ALLOWED` to who reads the territory."""
    _refuse_territory(tx)
    rows = await tx.fetch(queries.LIST, client_id, month, state, after(given), limit + 1)
    return paged(InvoiceItem, rows, limit)


async def invoice(tx: Tx, invoice_id: UUID) -> InvoiceOut:
    """One invoice with its lines. Refused: `NOT_FOUND`, `NOT_ALLOWED` to who reads the territory."""
    _refuse_territory(tx)
    return await _shown(tx, invoice_id)


async def billed_calls(tx: Tx, invoice_id: UUID, line_id: UUID, given: str | None, limit: int) -> Page[BilledCall]:
    """The calls that a line opens on; a call that booked twice is there twice. Audited."""
    _refuse_territory(tx)
    organisation_id = await tx.fetchval(queries.LINE_OF, invoice_id, line_id)
    if not isinstance(organisation_id, UUID):
        raise NotFound
    (place,) = cursor.decode(given, int) or (0,)
    rows = await tx.fetch(queries.CALLS, line_id, place, limit + 1)
    tx.audit("invoice.calls", "invoice", invoice_id, organisation_id, line_id=str(line_id))
    items = [BilledCall.model_validate({name: row[name] for name in BilledCall.model_fields}) for row in rows[:limit]]
    return Page(items=items, next_cursor=cursor.encode(rows[limit - 1]["place"]) if len(rows) > limit else None)


async def draft(tx: Tx, body: InvoiceIn) -> InvoiceOut:
    """The month as it stands now; its credits stay. What has not changed keeps its version. Refused: `NOT_FOUND`,
    `INVOICE_CLOSED`."""
    client = await _client(tx, body.client_id, body.month)
    await tx.execute(queries.ADD, new_id(), client["organisation_id"], body.client_id, body.month, tx.now)
    row = _open(await tx.fetchrow(queries.LOCK_MONTH, body.client_id, body.month))
    lines = await _reckoned(tx, client, body.client_id, body.month)
    if lines != _own(await _lines(tx, row["id"])):
        await _put(tx, row["id"], lines)
    tx.audit("invoice.draft", "invoice", row["id"], row["organisation_id"])
    return await _shown(tx, row["id"])


async def close(tx: Tx, invoice_id: UUID, if_match: int | None) -> InvoiceOut:
    """Settles a month for ever. Refused: `INVOICE_CLOSED`, `VERSION_STALE`, `MONTH_NOT_OVER`, and `INVOICE_OUTDATED`
    when the month does not come to what the draft shows."""
    row = _open(await tx.fetchrow(queries.LOCK, invoice_id), if_match)
    if tx.now < cast(datetime, await tx.fetchval(queries.OVER_AT, row["client_id"], row["month"])):
        raise MonthNotOver
    lines = await _lines(tx, invoice_id)
    client = await _client(tx, row["client_id"], row["month"])
    if _own(lines) != await _reckoned(tx, client, row["client_id"], row["month"]):
        raise InvoiceOutdated
    mark = domain.mark(row["client_id"], months.written(row["month"]), lines)
    await tx.execute(queries.CLOSE, invoice_id, mark, tx.now, tx.principal.person_id)
    _tell(tx, row, domain.total_cents(lines), mark)
    return await _shown(tx, invoice_id)


def _tell(tx: Tx, row: asyncpg.Record, total_cents: int, mark: bytes) -> None:
    event = Closed(
        invoice_id=row["id"],
        client_id=row["client_id"],
        month=months.written(row["month"]),
        total_cents=total_cents,
        hash=mark.hex(),
    )
    tx.emit(event, row["organisation_id"])
    tx.audit("invoice.close", "invoice", row["id"], row["organisation_id"], total_cents=total_cents, hash=mark.hex())


async def correct(tx: Tx, invoice_id: UUID, body: CorrectionIn, if_match: int | None) -> InvoiceOut:
    """A credit on a draft, for part or all of a line of an earlier closed invoice. Refused: `CREDIT_OF_PROVIDER`,
    `INVOICE_CLOSED`, `VERSION_STALE`, `LINE_NOT_CORRECTABLE`, `CREDIT_TOO_LARGE`."""
    row = await _creditable(tx, invoice_id, if_match)
    line = await tx.fetchrow(queries.CORRECTABLE, body.line_id, row["client_id"], row["month"])
    if line is None:
        raise LineNotCorrectable(pointer="/line_id")
    left = line["count"] - cast(int, await tx.fetchval(queries.CREDITED, line["id"]))
    if body.count > left:
        raise CreditTooLarge(pointer="/count", left=left)
    await tx.execute(queries.CREDIT, invoice_id, new_id(), line["id"], -body.count, body.reason)
    await tx.execute(queries.TOTAL, invoice_id)
    tx.audit("invoice.credit", "invoice", invoice_id, row["organisation_id"], count=body.count, reason=body.reason)
    return await _shown(tx, invoice_id)


async def drop_credit(tx: Tx, invoice_id: UUID, line_id: UUID, if_match: int | None) -> InvoiceOut:
    """Takes a credit off a draft again. Refused: as `correct`, and `NOT_FOUND`."""
    row = await _creditable(tx, invoice_id, if_match)
    if await tx.fetchval(queries.DROP_CREDIT, invoice_id, line_id) is None:
        raise NotFound
    await tx.execute(queries.TOTAL, invoice_id)
    tx.audit("invoice.credit_dropped", "invoice", invoice_id, row["organisation_id"], line_id=str(line_id))
    return await _shown(tx, invoice_id)


def _refuse_territory(tx: Tx) -> None:
    """Who reads all of the territory reads aggregates: what a centre pays is between the two of the contract."""
    if tx.principal.reach("report.read") == "t":
        raise NotAllowed


async def _client(tx: Tx, client_id: UUID, month: date) -> asyncpg.Record:
    client = await tx.fetchrow(queries.CLIENT, client_id, month)
    if client is None:
        raise NotFound
    return client


def _open(row: asyncpg.Record | None, if_match: int | None = None) -> asyncpg.Record:
    if row is None:
        raise NotFound
    if row["state"] == "closed":
        raise InvoiceClosed
    if if_match is not None and if_match != row["version"]:
        raise VersionStale(version=row["version"])
    return row


async def _creditable(tx: Tx, invoice_id: UUID, if_match: int | None) -> asyncpg.Record:
    row = _open(await tx.fetchrow(queries.LOCK, invoice_id), if_match)
    client = await _client(tx, row["client_id"], row["month"])
    if tx.principal.org != client["provider_id"]:
        raise CreditOfProvider
    return row


async def _reckoned(tx: Tx, client: asyncpg.Record, client_id: UUID, month: date) -> list[InvoiceLine]:
    rows = await tx.fetch(queries.COUNTED, client_id, month)
    counted = {row["kind"]: row["call_ids"] for row in rows}
    return domain.reckoned(client["prices"], counted, runs=client["runs"])


async def _lines(tx: Tx, invoice_id: UUID) -> list[InvoiceLine]:
    return [
        InvoiceLine(
            row["kind"], row["count"], row["unit_cents"], tuple(row["call_ids"]), row["corrects_id"], row["reason"]
        )
        for row in await tx.fetch(queries.LINES, invoice_id)
    ]


def _own(lines: Sequence[InvoiceLine]) -> list[InvoiceLine]:
    """Without credits: what the month itself comes to."""
    return [line for line in lines if line.corrects_id is None]


async def _put(tx: Tx, invoice_id: UUID, lines: Sequence[InvoiceLine]) -> None:
    """A line keeps its id as long as its kind is billed."""
    await tx.execute(queries.DROP_KINDS, invoice_id, [line.kind for line in lines])
    rows = [(invoice_id, new_id(), line.kind, line.count, line.unit_cents, line.call_ids) for line in lines]
    await tx.executemany(queries.PUT_LINE, rows)
    await tx.execute(queries.TOTAL, invoice_id)


async def _shown(tx: Tx, invoice_id: UUID) -> InvoiceOut:
    row = await tx.fetchrow(queries.INVOICE, invoice_id)
    if row is None:
        raise NotFound
    facts = {name: row[name] for name in (*InvoiceItem.model_fields, "closed_by")}
    lines = [_line(each) for each in await tx.fetch(queries.LINES, invoice_id)]
    return InvoiceOut.model_validate(facts | {"hash": row["hash"] and row["hash"].hex(), "lines": lines})


def _line(row: asyncpg.Record) -> InvoiceLineOut:
    facts = {name: row[name] for name in InvoiceLineOut.model_fields if name != "amount_cents"}
    return InvoiceLineOut.model_validate(facts | {"amount_cents": row["count"] * row["unit_cents"]})
