"""What the use cases of the directory share: whose row, which version, how a row becomes a wire type."""

from datetime import date
from typing import TypeVar
from uuid import UUID

from asyncpg import Range, Record

from appointments.directory import queries
from appointments.directory.errors import InUse
from maillage import cursor
from maillage.database import Tx
from maillage.refusals import NotAllowed, NotFound, VersionStale
from maillage.wire import Page, Wire

W = TypeVar("W", bound=Wire)
PUBLIC_KINDS = ("visitor", "patient")


def is_public(tx: Tx) -> bool:
    """Patients and visitors read public rows and fields only."""
    return tx.principal.kind in PUBLIC_KINDS


def wire(kind: type[W], row: Record | None) -> W:
    """A row as a wire type, by the names of its fields; a column added by a later revision changes nothing."""
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


def unused(use: tuple[int, int]) -> None:
    """Refuses `IN_USE` while live appointments to come or open schedules depend on what would be switched off."""
    appointments, schedules = use
    if appointments or schedules:
        raise InUse(appointments=appointments, schedules=schedules)


async def home(tx: Tx) -> Record:
    """The organisation under which the caller works. Refused: `NOT_ALLOWED` without one that has sites here."""
    row = await queries.organisation(tx, tx.principal.org)
    if row is None:
        raise NotAllowed
    return row


def after(given: str | None) -> tuple[str, UUID] | None:
    """The sort key (name, id) of a cursor."""
    parts = cursor.decode(given, str, UUID)
    return None if parts is None else (str(parts[0]), UUID(str(parts[1])))


def page(kind: type[W], rows: list[Record], limit: int) -> Page[W]:
    """The first `limit` rows, read one further to know whether there are more. Sorted by (name, id)."""
    shown = rows[:limit]
    more = cursor.encode(shown[-1]["name"], shown[-1]["id"]) if len(rows) > limit else None
    return Page[kind](items=[wire(kind, row) for row in shown], next_cursor=more)  # type: ignore[valid-type]


def days(first: date, last: date | None) -> "Range[date]":
    """Both days included, as the range that PostgreSQL keeps."""
    return Range(first, last, upper_inc=last is not None)


def first_day(span: "Range[date]") -> date:
    """The first day of a stored range."""
    assert span.lower is not None
    return span.lower


def last_day(span: "Range[date]") -> date | None:
    """The last day of a stored range, itself included; None when it is open."""
    return None if span.upper is None else date.fromordinal(span.upper.toordinal() - 1)
