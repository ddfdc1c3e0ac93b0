"""Use cases of announcements."""

from uuid import UUID

from asyncpg import Record

from maillage.database import Tx
from maillage.ids import new_id
from maillage.wire import Page
from telesecretariat.announcements import queries
from telesecretariat.announcements.errors import AnnouncementExists
from telesecretariat.announcements.schemas import (
    AnnouncementIn,
    AnnouncementOut,
    AnnouncementPatch,
    Moment,
    Part,
)
from telesecretariat.clients.errors import ReferenceUnknown
from telesecretariat.keeping import after, centre_of, paged, present, wire
from telesecretariat.lines.rows import Line


async def spoken(tx: Tx, line: Line, moment: Moment) -> list[Part]:
    """What the line says at a moment: its own announcement, else its client's; nothing when neither is set."""
    return read(await queries.spoken(tx, line.client_id, line.id, moment))


def read(stored: object) -> list[Part]:
    """Parts as they are stored."""
    return [Part.model_validate(part) for part in stored] if isinstance(stored, list) else []


async def announcements(tx: Tx, client_id: UUID | None, given: str | None, limit: int) -> Page[AnnouncementOut]:
    """The announcements that the caller reaches, of a client or all."""
    return paged(AnnouncementOut, await queries.announcements(tx, client_id, after(given), limit + 1), limit)


async def add_announcement(tx: Tx, body: AnnouncementIn) -> AnnouncementOut:
    """A new announcement. Refused: `ANNOUNCEMENT_EXISTS`, `REFERENCE_UNKNOWN`."""
    centre = await centre_of(tx, body.client_id)
    if body.line_id is not None and not await queries.is_line_of(tx, body.line_id, body.client_id):
        raise ReferenceUnknown(pointer="/line_id")
    parts = _stored(body)
    row = await queries.add(tx, new_id(), centre, body.client_id, body.line_id, body.moment, parts)
    if row is None:
        raise AnnouncementExists
    return _noted(tx, row, "announcement.create")


async def change_announcement(
    tx: Tx, announcement_id: UUID, body: AnnouncementPatch, if_match: int | None
) -> AnnouncementOut:
    """Its parts anew; who is listening hears the former. Refused: `VERSION_STALE`."""
    present(await queries.announcement(tx, announcement_id), if_match)
    return _noted(tx, await queries.change(tx, announcement_id, _stored(body)), "announcement.change")


def _stored(body: AnnouncementIn | AnnouncementPatch) -> list[object]:
    return [part.model_dump(mode="json", exclude_none=True) for part in body.parts]


def _noted(tx: Tx, row: Record | None, action: str) -> AnnouncementOut:
    out = wire(AnnouncementOut, row)
    tx.audit(action, "announcement", out.id, out.organisation_id, moment=out.moment, version=out.version)
    return out
