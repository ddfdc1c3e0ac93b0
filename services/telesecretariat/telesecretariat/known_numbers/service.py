"""Use cases of known numbers. Reading them is audited: they are numbers of people."""

from uuid import UUID

from asyncpg import Record

from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound
from maillage.wire import Page
from telesecretariat.keeping import after, centre_of, page, present
from telesecretariat.known_numbers import queries
from telesecretariat.known_numbers.errors import NumberKnown
from telesecretariat.known_numbers.schemas import KnownNumberIn, KnownNumberOut, KnownNumberPatch
from telesecretariat.vault import vault


async def known_numbers(tx: Tx, client_id: UUID, given: str | None, limit: int) -> Page[KnownNumberOut]:
    """The numbers that a client knows. Refused: `REFERENCE_UNKNOWN`."""
    centre = await centre_of(tx, client_id)
    rows = await queries.numbers(tx, client_id, after(given), limit + 1)
    tx.audit("known_number.list", "client", client_id, centre, count=len(rows[:limit]))
    return page(KnownNumberOut, [_out(tx, row) for row in rows], limit, rows[:limit][-1]["id"] if rows else None)


async def add_known_number(tx: Tx, body: KnownNumberIn) -> KnownNumberOut:
    """A new known number. Refused: `NUMBER_KNOWN`, `REFERENCE_UNKNOWN`."""
    centre = await centre_of(tx, body.client_id)
    box = vault(tx)
    number_hash, number_sealed, label_sealed = box.hash(body.number), box.seal(body.number), box.seal(body.label)
    row = await queries.add(tx, new_id(), centre, body.client_id, number_hash, number_sealed, body.kind, label_sealed)
    if row is None:
        raise NumberKnown
    return _noted(tx, row, "known_number.create")


async def change_known_number(tx: Tx, known_id: UUID, body: KnownNumberPatch, if_match: int | None) -> KnownNumberOut:
    """Kind or label; it counts from the next call on. Refused: `VERSION_STALE`."""
    old = present(await queries.number(tx, known_id), if_match)
    label_sealed = vault(tx).seal(body.label) if "label" in body.model_fields_set else old["label_sealed"]
    row = await queries.change(tx, known_id, body.kind or old["kind"], label_sealed)
    assert row is not None
    return _noted(tx, row, "known_number.change")


async def forget_known_number(tx: Tx, known_id: UUID) -> None:
    """Forgets a number. Refused: `NOT_FOUND`."""
    row = await queries.forget(tx, known_id)
    if row is None:
        raise NotFound
    tx.audit("known_number.forget", "known_number", known_id, row["organisation_id"], kind=row["kind"])


def _noted(tx: Tx, row: Record, action: str) -> KnownNumberOut:
    tx.audit(action, "known_number", row["id"], row["organisation_id"], kind=row["kind"], version=row["version"])
    return _out(tx, row)


def _out(tx: Tx, row: Record) -> KnownNumberOut:
    box = vault(tx)
    return KnownNumberOut(
        id=row["id"],
        client_id=row["client_id"],
        number=box.open(row["number_sealed"]) or "",
        kind=row["kind"],
        label=box.open(row["label_sealed"]),
        version=row["version"],
        created_at=row["created_at"],
    )
