"""Rows of absences, from a table or a calendar: told apart by reference, else by practitioner, start and end.

The same use cases as a declared absence: time closes at once, holds end, visits are flagged and counted.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
from asyncpg import Record

from appointments.imports import queries
from appointments.imports.domain import Row, instant
from appointments.imports.work import Work
from appointments.schedules import closing
from appointments.schedules import queries as schedules_sql
from appointments.schedules.schemas import AbsenceIn
from appointments.schedules.service import may_write
from maillage.refusals import Refusal

LONGEST_REF = 200
Key = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """An absence that the file names."""

    line: int
    given: AbsenceIn
    ref: str


async def import_absences(work: Work) -> None:
    """Writes new absences, rewrites those whose times or kind changed; with `replace`, ends the imported ones to come
    that the file does not name any more (of the practitioners it names, or of the calendar's).
    """
    people = await _people(work)
    wanted: dict[Key, Wanted] = {}
    async for row in work.rows():
        one = _wanted(work, row, people)
        if one is not None and (one.given.practitioner_id, one.ref) in wanted:
            work.fault(row.line, "ref", "LINE_TWICE")
        elif one is not None:
            wanted[one.given.practitioner_id, one.ref] = one
    named = {each["id"] for each in people.values()} if work.options.practitioner_id else {who for who, _ in wanted}
    stored = {
        (row["practitioner_id"], row["source_ref"]): row
        for row in await queries.imported_absences(work.tx, sorted(named))
    }
    for key, one in wanted.items():
        await _write(work, one, stored.get(key))
    if work.options.replace and not work.faults:
        for key, old in stored.items():
            if key not in wanted and old["during"].upper > work.tx.now:
                await _end(work, old)
                work.removed += 1


async def _people(work: Work) -> dict[str, Record]:
    """Whom the file may name by RPPS; the one practitioner of a calendar under the empty name."""
    if work.options.practitioner_id is None:
        return {row["rpps"]: row for row in await queries.practitioners(work.tx, work.organisation_id)}
    row = await queries.practitioner(work.tx, work.options.practitioner_id, work.organisation_id)
    if row is None:
        work.fault(1, None, "REFERENCE_UNKNOWN")
        return {}
    return {"": row}


def _wanted(work: Work, row: Row, people: dict[str, Record]) -> Wanted | None:
    values = work.read(row)
    rpps = "" if work.options.practitioner_id else "".join(str(values.pop("rpps", "")).split())
    who = people.get(rpps)
    if who is None:
        if work.options.practitioner_id is None:
            work.fault(row.line, "rpps", "REFERENCE_UNKNOWN")
        return None
    zone = ZoneInfo(work.centre["timezone"])
    start, end = (
        instant(str(values.get("start", "")), zone),
        instant(str(values.get("end", values.get("start", ""))), zone, last=True),
    )
    for column, found in (("start", start), ("end", end)):
        if found is None:
            work.fault(row.line, column, "TIME_INVALID")
    if start is None or end is None:
        return None
    if not start < end <= start + closing.LONGEST:
        work.fault(row.line, "end", "TIME_INVALID")
        return None
    fields = {"practitioner_id": who["id"], "start": start, "end": end, "kind": values.get("kind", "other")}
    given = work.build(AbsenceIn, row, fields, None)
    ref = str(values.get("ref", f"{start.isoformat()}/{end.isoformat()}"))[:LONGEST_REF]
    return None if given is None else Wanted(row.line, given, ref)


async def _write(work: Work, one: Wanted, old: Record | None) -> None:
    given, tx = one.given, work.tx
    during: asyncpg.Range[datetime] = asyncpg.Range(given.start, given.end)
    if old is not None and (old["during"], old["kind"]) == (during, given.kind):
        work.unchanged += 1
        return
    try:
        who = await tx.fetchrow(schedules_sql.PRACTITIONER, given.practitioner_id)
        assert who is not None
        may_write(tx, who["organisation_id"], who["person_id"])
        if old is not None:
            await _end(work, old)
        _, conflicts = await closing.close_time(tx, who, during, given.kind, "import", one.ref)
    except Refusal as refusal:
        work.refused(one.line, None, refusal)
        return
    work.conflicts += conflicts
    work.created += old is None
    work.changed += old is not None


async def _end(work: Work, old: Record) -> None:
    row = await work.tx.fetchrow(schedules_sql.ABSENCE, cast(UUID, old["id"]))
    if row is not None:
        await closing.give_back(work.tx, row)
