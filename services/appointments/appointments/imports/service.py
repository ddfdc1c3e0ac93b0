"""Use cases of imports.

A dry run is the import itself, in a transaction that is never committed: it finds all that the import would find.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from uuid import UUID

from asyncpg import Record
from pydantic import JsonValue

from appointments.directory.common import home
from appointments.imports import calendar, queries
from appointments.imports.absence_rows import import_absences
from appointments.imports.columns import KINDS, MOST_LINES, ImportKind, titles
from appointments.imports.directory_rows import import_practitioners, import_reasons, import_sites
from appointments.imports.domain import MAX_BYTES, MAX_LINES, Table, Unreadable, read
from appointments.imports.errors import ImportRefused, ImportTooLarge
from appointments.imports.patient_rows import import_patients
from appointments.imports.schedule_rows import import_schedules
from appointments.imports.schemas import Changes, ImportFault, ImportOut
from appointments.imports.visit_rows import import_appointments
from appointments.imports.work import Options, Work
from maillage.database import Tx
from maillage.refusals import NotAllowed, NotFound
from maillage.words import Language, Words

_WRITERS: Mapping[ImportKind, Callable[[Work], Awaitable[None]]] = {
    "sites": import_sites,
    "practitioners": import_practitioners,
    "reasons": import_reasons,
    "schedules": import_schedules,
    "absences": import_absences,
    "patients": import_patients,
    "appointments": import_appointments,
}
_OF_SCHEDULES = ("schedules", "absences")


class Rehearsed(Exception):
    """Ends a dry run: nothing is committed, `work` says what would have been."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.work = work


def parse(kind: ImportKind, data: bytes) -> Table:
    """The file as a table; up to a second for the largest, so outside the event loop. Refused: `IMPORT_TOO_LARGE`."""
    if len(data) > MAX_BYTES:
        raise ImportTooLarge
    try:
        table = read(data, titles(kind), [column.name for column in KINDS[kind] if column.required])
    except Unreadable as wrong:
        if wrong.code == "TOO_MANY_LINES":
            raise ImportTooLarge from wrong
        return Table({}, faults=[(wrong.line, None, wrong.code)])
    if len(table.rows) > MOST_LINES.get(kind, MAX_LINES):
        raise ImportTooLarge
    return table


def parse_calendar(data: bytes, now: datetime) -> Table:
    """A calendar as the table of absences that it means, a year ahead. Refused: `IMPORT_TOO_LARGE`."""
    try:
        return calendar.read(data, now.date())
    except Unreadable as wrong:
        if wrong.code == "TOO_MANY_LINES":
            raise ImportTooLarge from wrong
        return Table({}, faults=[(wrong.line, None, wrong.code)])


async def apply(tx: Tx, kind: ImportKind, table: Table, options: Options, language: Language) -> ImportOut:
    """Everything, or nothing when a line is wrong. Refused: `IMPORT_REFUSED` with every faulty line."""
    work = await _work(tx, kind, table, options)
    if work.faults:
        raise ImportRefused(lines=_told(work, language))
    return await _kept(tx, work, "applied", language)


async def rehearse(tx: Tx, kind: ImportKind, table: Table, options: Options) -> ImportOut:
    """Does everything, then raises `Rehearsed`, which rolls it back."""
    raise Rehearsed(await _work(tx, kind, table, options))


async def keep_rehearsal(tx: Tx, work: Work, language: Language) -> ImportOut:
    """Keeps what a dry run found."""
    return await _kept(tx, work, "refused" if work.faults else "checked", language)


async def one(tx: Tx, import_id: UUID, language: Language) -> ImportOut:
    """One import of the organisation."""
    return _out(await queries.one(tx, import_id), language)


async def _work(tx: Tx, kind: ImportKind, table: Table, options: Options) -> Work:
    # A practitioner may bring his own absences: whose they are is judged line by line.
    permission = "schedule.write" if kind in _OF_SCHEDULES else "directory.write"
    reaches = "odts" if kind == "absences" else "odt"
    if (tx.principal.reach(permission) or "-") not in reaches:
        raise NotAllowed
    work = Work(tx, await home(tx), kind, table, options)
    for line, title, code in table.faults:
        work.fault(line, title, code)
    if not any(code == "COLUMN_MISSING" for _, _, code in table.faults):
        await _WRITERS[kind](work)
    work.faults.sort(key=lambda fault: fault.line)
    return work


async def _kept(tx: Tx, work: Work, state: str, language: Language) -> ImportOut:
    faults: list[JsonValue] = [
        {"line": f.line, "column": f.column, "code": f.code, "fr": f.detail.fr, "en": f.detail.en} for f in work.faults
    ]
    changes: JsonValue = {name: getattr(work, name) for name in Changes.model_fields}
    row = await queries.keep(tx, work.organisation_id, work.kind, state, len(work.table.rows), faults, changes)
    out = _out(row, language)
    facts = {"kind": work.kind, "lines": out.line_count, "faults": len(faults)}
    tx.audit(f"import.{state}", "import", out.id, work.organisation_id, **facts)
    return out


def _told(work: Work, language: Language) -> list[JsonValue]:
    return [{"line": f.line, "column": f.column, "code": f.code, "detail": f.detail.in_(language)} for f in work.faults]


def _out(row: Record | None, language: Language) -> ImportOut:
    if row is None:
        raise NotFound
    faults = [
        ImportFault(line=f["line"], column=f["column"], code=f["code"], detail=Words(f["fr"], f["en"]).in_(language))
        for f in row["faults"]
    ]
    plain = {name: row[name] for name in ImportOut.model_fields if name not in ("faults", "changes")}
    return ImportOut(faults=faults, changes=Changes.model_validate(row["changes"]), **plain)
