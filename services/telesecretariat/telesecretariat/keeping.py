"""What the set-up of all nouns shares: whose row, which version, pages, and the client that each names."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from asyncpg import Record
from pydantic import BaseModel

from maillage import cursor
from maillage.database import Tx
from maillage.refusals import NotFound, VersionStale
from maillage.wire import Page, Wire
from telesecretariat.clients import queries
from telesecretariat.clients.errors import ReferenceUnknown

W = TypeVar("W", bound=Wire)


def wire(kind: type[W], row: Record | None) -> W:
    """A row as a wire type, by the names of its fields. Refused: `NOT_FOUND` without a row."""
    if row is None:
        raise NotFound
    return kind.model_validate({name: row[name] for name in kind.model_fields})


def present(row: Record | None, if_match: int | None) -> Record:
    """The locked row, in the version that the caller has read. Refused: `NOT_FOUND`, `VERSION_STALE`."""
    if row is None:
        raise NotFound
    if if_match is not None and row["version"] != if_match:
        raise VersionStale(version=row["version"])
    return row


def merged(row: Record, body: BaseModel, columns: Sequence[str]) -> list[object]:
    """The values of these columns once the body is applied: what it leaves out stays. Parameters are
    stored where they differ from their defaults."""
    given = body.model_dump(mode="json", exclude_defaults=True)
    return [given.get(name, row[name]) for name in columns]


def after(given: str | None) -> UUID | None:
    """The id that a cursor continues after."""
    parts = cursor.decode(given, UUID)
    return None if parts is None else UUID(str(parts[0]))


def page(kind: type[W], rows: Sequence[W], limit: int, last: UUID | None) -> Page[W]:
    """The first `limit` of the rows, read one further to know whether there are more; `last`: the id of the last
    shown."""
    more = cursor.encode(last) if last is not None and len(rows) > limit else None
    return Page[kind](items=rows[:limit], next_cursor=more)  # type: ignore[valid-type]


def paged(kind: type[W], rows: Sequence[Record], limit: int) -> Page[W]:
    """Rows with an `id` as a page."""
    shown = rows[:limit]
    return page(kind, [wire(kind, row) for row in rows], limit, shown[-1]["id"] if shown else None)


async def centre_of(tx: Tx, client_id: UUID) -> UUID:
    """The centre behind a client whose contract the caller reaches now. Refused: `REFERENCE_UNKNOWN`."""
    centre = await queries.centre(tx, client_id)
    if not isinstance(centre, UUID):
        raise ReferenceUnknown(pointer="/client_id")
    return centre
