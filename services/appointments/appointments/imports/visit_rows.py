"""Rows of visits to come, from the software that the centre leaves: each is booked as the secretariat books.

So each obeys what any booking obeys (`SLOT_TAKEN`, `SLOT_NOT_OPEN`, `PATIENT_BUSY`, the rules of its reason); what is
refused is a fault of its line. Nobody is written to about a visit that he knows of, unless the sender asks for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from asyncpg import Record

from appointments.appointments import service as appointments
from appointments.appointments.schemas import BookIn, VisitMode
from appointments.directory import queries as sites_sql
from appointments.imports import queries
from appointments.imports.domain import Row, instant
from appointments.imports.work import Work
from appointments.patients.fields import BirthDate, Name
from appointments.reasons import queries as reasons_sql
from maillage.refusals import Refusal
from maillage.wire import Note, Wire


class Line(Wire):
    """What a line says, beside whom and what it names."""

    birth_family_name: Name
    birth_given_names: Name
    birth_date: BirthDate
    start: str
    mode: VisitMode = "on_site"
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """What lines may name, by the name they use."""

    practitioners: Mapping[str, UUID]
    sites: Mapping[str, Record]
    reasons: Mapping[str, Record]


async def import_appointments(work: Work) -> None:
    """Books each line; one that is booked already is left as it is."""
    tx, organisation_id = work.tx, work.organisation_id
    named = Named(
        {row["rpps"]: row["id"] for row in await queries.practitioners(tx, organisation_id)},
        await sites_sql.sites_by_code(tx, organisation_id),
        await reasons_sql.by_code(tx, organisation_id),
    )
    booked: list[UUID] = []
    async for row in work.rows():
        found = await _book(work, row, named)
        if found is not None:
            booked.append(found)
    if booked and work.options.tell != "all":
        await queries.leave_untold(tx, booked, reminders=work.options.tell == "reminders")


async def _book(work: Work, row: Row, named: Named) -> UUID | None:
    values = work.read(row)
    who = named.practitioners.get("".join(str(values.pop("rpps", "")).split()))
    site = named.sites.get(str(values.pop("site", "")))
    reason = named.reasons.get(str(values.pop("reason", "")))
    for column, found in (("rpps", who), ("site", site), ("reason", reason)):
        if found is None:
            work.fault(row.line, column, "REFERENCE_UNKNOWN")
    line = work.build(Line, row, values, None)
    if line is None or who is None or site is None or reason is None:
        return None
    start = instant(line.start, ZoneInfo(site["timezone"]))
    if start is None:
        work.fault(row.line, "start", "TIME_INVALID")
        return None
    patient_id = await _patient(work, row, line)
    if patient_id is None or await queries.is_booked(work.tx, patient_id, who, start):
        work.unchanged += patient_id is not None
        return None
    wish = BookIn(
        reason_id=reason["id"],
        mode=line.mode,
        site_id=site["id"],
        practitioner_id=who,
        start=start,
        patient_id=patient_id,
        note=line.note,
    )
    try:
        async with work.tx.attempt():
            done = await appointments.book(work.tx, wish)
    except Refusal as refusal:
        work.refused(row.line, "start", refusal)
        return None
    work.created += 1
    return done.id


async def _patient(work: Work, row: Row, line: Line) -> UUID | None:
    found = await queries.named(
        work.tx, work.organisation_id, line.birth_family_name, line.birth_given_names, line.birth_date
    )
    if len(found) == 1:
        return found[0]
    work.fault(row.line, "birth_family_name", "PATIENT_TWICE" if found else "PATIENT_UNKNOWN")
    return None
