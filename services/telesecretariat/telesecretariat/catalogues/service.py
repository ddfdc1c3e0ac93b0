"""Use cases of catalogues."""

from uuid import UUID

from asyncpg import Record

from maillage.database import Tx
from maillage.ids import new_id
from maillage.wire import Page
from telesecretariat.catalogues import queries
from telesecretariat.catalogues.errors import CodeTaken
from telesecretariat.catalogues.schemas import EntryIn, EntryOut, EntryPatch, Kind
from telesecretariat.clients.errors import ReferenceUnknown
from telesecretariat.keeping import after, merged, paged, present, wire


async def entries(tx: Tx, kind: Kind | None, given: str | None, limit: int) -> Page[EntryOut]:
    """The words that the caller reaches, of a kind or all."""
    return paged(EntryOut, await queries.entries(tx, kind, after(given), limit + 1), limit)


async def add_entry(tx: Tx, body: EntryIn) -> EntryOut:
    """A new word of an organisation within reach. Refused: `CODE_TAKEN`, `REFERENCE_UNKNOWN`."""
    organisation_id = body.organisation_id or tx.principal.org
    if tx.principal.orgs is not None and organisation_id not in tx.principal.orgs:
        raise ReferenceUnknown(pointer="/organisation_id")
    row = await queries.add(tx, new_id(), organisation_id, body)
    if row is None:
        raise CodeTaken(pointer="/code")
    return _noted(tx, row, "catalogue.create")


async def change_entry(tx: Tx, entry_id: UUID, body: EntryPatch, if_match: int | None) -> EntryOut:
    """Labels, facts, or whether it may still be chosen. Refused: `VERSION_STALE`."""
    old = present(await queries.entry(tx, entry_id), if_match)
    return _noted(tx, await queries.change(tx, entry_id, merged(old, body, queries.SET)), "catalogue.change")


def _noted(tx: Tx, row: Record | None, action: str) -> EntryOut:
    out = wire(EntryOut, row)
    tx.audit(action, "catalogue_entry", out.id, out.organisation_id, kind=out.kind, code=out.code, active=out.active)
    return out
