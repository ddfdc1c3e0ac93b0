"""A tiny service for the tests of the kit: entries on pages, no domain."""

from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Response

from contracts.base import Event
from maillage.consumers import Envelope, on
from maillage.database import Tx
from maillage.http import ActDep, operation
from maillage.ids import new_id
from maillage.refusals import NotFound, VersionStale
from maillage.service import Service
from maillage.settings import ServiceSettings
from maillage.wire import Instant, Line, Page, Phone, Wire

router = APIRouter(prefix="/v1")


class EntryWritten(Event):
    """An entry was written or changed."""

    TYPE = "ledger.entry_written.v1"
    SUBJECT = "entry_id"

    entry_id: UUID
    version: int
    poison: bool = False


class EntryIn(Wire):
    """What a caller sends."""

    text: Line
    at: Instant | None = None
    phone: Phone | None = None
    poison: bool = False


class Entry(Wire):
    """What he gets."""

    id: UUID
    text: str
    version: int


class LedgerSettings(ServiceSettings):
    """Nothing of its own."""

    SERVICE: ClassVar[str] = "ledger"


async def write(tx: Tx, body: EntryIn, organisation_id: UUID) -> Entry:
    """One entry, one event, one audit row."""
    entry_id = new_id()
    await tx.execute(
        "INSERT INTO entry (id, organisation_id, text) VALUES ($1, $2, $3)", entry_id, organisation_id, body.text
    )
    tx.emit(EntryWritten(entry_id=entry_id, version=1, poison=body.poison), organisation_id)
    tx.audit("entry.write", "entry", entry_id, organisation_id, version=1)
    return Entry(id=entry_id, text=body.text, version=1)


async def change(tx: Tx, entry_id: UUID, body: EntryIn, expected: int | None) -> Entry:
    """Another text; `VERSION_STALE` when the caller saw another version."""
    row = await tx.fetchrow("SELECT * FROM entry WHERE id = $1 FOR UPDATE", entry_id)
    if row is None:
        raise NotFound
    if expected is not None and expected != row["version"]:
        raise VersionStale(version=row["version"])
    await tx.execute("UPDATE entry SET text = $2, version = version + 1 WHERE id = $1", entry_id, body.text)
    tx.emit(EntryWritten(entry_id=entry_id, version=row["version"] + 1), row["organisation_id"])
    tx.audit("entry.change", "entry", entry_id, row["organisation_id"], version=row["version"] + 1)
    return Entry(id=entry_id, text=body.text, version=row["version"] + 1)


async def one(tx: Tx, entry_id: UUID) -> Entry:
    """One entry that the caller reaches."""
    row = await tx.fetchrow("SELECT id, text, version FROM entry WHERE id = $1", entry_id)
    if row is None:
        raise NotFound
    return Entry(**row)


async def every(tx: Tx) -> Page[Entry]:
    """All entries that the caller reaches."""
    return Page[Entry](items=[Entry(**r) for r in await tx.fetch("SELECT id, text, version FROM entry ORDER BY id")])


async def count(tx: Tx, event: EntryWritten, envelope: Envelope) -> None:
    """The effect of an event: one row each time it is applied."""
    if event.poison:
        raise RuntimeError("this event cannot be handled")
    await tx.execute(
        "INSERT INTO effect (event_id, entry_id, version) VALUES ($1, $2, $3)",
        envelope.event_id,
        event.entry_id,
        event.version,
    )


@router.post("/entries", status_code=201, response_model=Entry, openapi_extra=operation("entry.write"))
async def write_entry(body: EntryIn, act: ActDep) -> Response:
    """Writes an entry for the caller's organisation."""
    return await act.answer(write, body, act.principal.org or UUID(int=0), status=201)


@router.put("/entries/{entry_id}", response_model=Entry, openapi_extra=operation("entry.write"))
async def change_entry(entry_id: UUID, body: EntryIn, act: ActDep) -> Response:
    """Changes an entry."""
    return await act.answer(change, entry_id, body, act.if_match())


@router.get("/entries/{entry_id}", response_model=Entry, openapi_extra=operation("entry.read"))
async def read_entry(entry_id: UUID, act: ActDep) -> Response:
    """One entry."""
    return await act.show(one, entry_id)


@router.get("/entries", response_model=Page[Entry], openapi_extra=operation("entry.read"))
async def read_entries(act: ActDep) -> Response:
    """All entries."""
    return await act.show(every)


service = Service(
    name="ledger",
    title="Ledger",
    settings=LedgerSettings,
    package="tests.harness.ledger",
    routers=[router],
    consumers=[on(EntryWritten, count)],
)
