"""Rows of sites, practitioners and reasons, by their natural keys: code, RPPS number, code."""

from uuid import UUID

from asyncpg import Record

from appointments.directory import queries as sites_sql
from appointments.directory.common import first_day, last_day
from appointments.directory.practitioners import queries as practitioners_sql
from appointments.directory.practitioners.schemas import PractitionerIn
from appointments.directory.practitioners.service import FOR_EVER, announce, rewrite
from appointments.directory.schemas import SiteIn
from appointments.directory.service import announce_site
from appointments.imports.domain import Row
from appointments.imports.work import Work
from appointments.reasons import queries as reasons_sql
from appointments.reasons.schemas import ReasonIn
from appointments.reasons.service import note
from maillage import ids


def repeated(work: Work, row: Row, column: str, key: object, seen: set[object]) -> bool:
    """Whether the key of this row was on an earlier line, which is a fault."""
    if key in seen:
        work.fault(row.line, column, "LINE_TWICE")
        return True
    seen.add(key)
    return False


async def import_sites(work: Work) -> None:
    """Creates or changes a site for each row; a parent stands before its branches, or is stored already."""
    known = await sites_sql.sites_by_code(work.tx, work.organisation_id)
    seen: set[object] = set()
    async for row in work.rows():
        values = work.read(row)
        parent = known.get(str(values.pop("parent", "")))
        if row.cells.get("parent") and parent is None:
            work.fault(row.line, "parent", "REFERENCE_UNKNOWN")
        old = known.get(str(values.get("code")))
        if "parent" in work.table.titles:
            values["parent_id"] = parent["id"] if parent is not None else None
        body = work.build(SiteIn, row, values, dict(old) if old else None)
        if body is None or repeated(work, row, "code", body.code, seen):
            continue
        written = await _write_site(work, row, body, old)
        if written is not None:
            known[body.code] = written


async def _write_site(work: Work, row: Row, body: SiteIn, old: Record | None) -> Record | None:
    tx, zone = work.tx, work.centre["timezone"]
    if old is None:
        new = await sites_sql.insert_site(tx, work.organisation_id, body, zone)
        if new is None:
            work.fault(row.line, "code", "CODE_TAKEN")
            return None
        announce_site(tx, new, "site.create")
        work.created += 1
        return new
    if not sites_sql.site_differs(old, body, zone):
        work.unchanged += 1
        return old
    if body.parent_id == old["id"]:
        work.fault(row.line, "parent", "REFERENCE_UNKNOWN")
    elif old["timezone"] != (body.timezone or zone) and any(await sites_sql.site_use(tx, old["id"])):
        work.fault(row.line, "timezone", "IN_USE")
    elif old["active"] and not body.active and any(await sites_sql.site_use(tx, old["id"])):
        work.fault(row.line, "active", "IN_USE")
    else:
        new = await sites_sql.update_site(tx, old["id"], body, zone)
        announce_site(tx, new, "site.change")
        work.changed += 1
        return new
    return None


async def import_practitioners(work: Work) -> None:
    """Creates or changes a practitioner for each row."""
    known = await practitioners_sql.by_rpps(work.tx, work.organisation_id)
    seen: set[object] = set()
    async for row in work.rows():
        values = work.read(row)
        old = known.get("".join(str(values.get("rpps", "")).split()))
        if "rpps" not in values:
            work.fault(row.line, "rpps", "RPPS_INVALID")
        body = work.build(PractitionerIn, row, values, _with_days(old))
        if body is not None and not repeated(work, row, "rpps", body.rpps, seen):
            await _write_practitioner(work, row, body, old)


def _with_days(old: Record | None) -> dict[str, object] | None:
    if old is None:
        return None
    during = old["active_during"]
    return {**old, "active_from": first_day(during), "active_to": last_day(during)}


async def _write_practitioner(work: Work, row: Row, body: PractitionerIn, old: Record | None) -> None:
    tx = work.tx
    if old is None:
        new_id: UUID = ids.new_id()
        if await practitioners_sql.insert(tx, new_id, work.organisation_id, body):
            await announce(tx, new_id, "practitioner.create")
            work.created += 1
        else:
            work.fault(row.line, "rpps", "CODE_TAKEN")
        return
    if not practitioners_sql.differs(old, body):
        work.unchanged += 1
        return
    last = body.active_to
    leaves = last is not None and last < (last_day(old["active_during"]) or FOR_EVER)
    if last is not None and leaves and any(await practitioners_sql.use(tx, old["id"], last)):
        work.fault(row.line, "active_to", "IN_USE")
        return
    await rewrite(tx, old, body)
    await announce(tx, old["id"], "practitioner.change")
    work.changed += 1


async def import_reasons(work: Work) -> None:
    """Creates or changes a reason for each row; its questions, which no column holds, stay."""
    known = await reasons_sql.by_code(work.tx, work.organisation_id)
    seen: set[object] = set()
    async for row in work.rows():
        values = work.read(row)
        old = known.get(str(values.get("code")))
        body = work.build(ReasonIn, row, values, dict(old) if old else None)
        if body is not None and not repeated(work, row, "code", body.code, seen):
            await _write_reason(work, row, body, old)


async def _write_reason(work: Work, row: Row, body: ReasonIn, old: Record | None) -> None:
    if old is None:
        new = await reasons_sql.insert(work.tx, work.organisation_id, body)
        if new is None:
            work.fault(row.line, "code", "CODE_TAKEN")
            return
        note(work.tx, new, "reason.create")
        work.created += 1
    elif not reasons_sql.differs(old, body):
        work.unchanged += 1
    elif old["active"] and not body.active and any(await reasons_sql.use(work.tx, old["id"])):
        work.fault(row.line, "active", "IN_USE")
    else:
        note(work.tx, await reasons_sql.update(work.tx, old["id"], body), "reason.change")
        work.changed += 1
