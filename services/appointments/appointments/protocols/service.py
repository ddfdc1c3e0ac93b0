"""Use cases of protocols of delegation: one function, one transaction."""

from datetime import timedelta
from uuid import UUID

from asyncpg import Record

from appointments.availability import service as availability
from appointments.campaigns import following as campaigns
from appointments.directory.common import after, home, is_public, present
from appointments.directory.errors import ReferenceUnknown
from appointments.protocols import queries
from appointments.protocols.errors import ProtocolInUse
from appointments.protocols.schemas import (
    DelegatedNurse,
    DelegatingPhysician,
    ProtocolIn,
    ProtocolMembers,
    ProtocolOut,
)
from maillage import cursor
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound
from maillage.wire import Page

AHEAD = timedelta(days=800)
"""Further than anything can be booked."""


async def protocols(tx: Tx, inactive: bool, given: str | None, limit: int) -> Page[ProtocolOut]:
    """Protocols by title; those switched off only for professionals who ask."""
    public = is_public(tx)
    last = after(given) or (None, None)
    rows = await tx.fetch(queries.LIST, tx.now, inactive and not public, *last, limit + 1)
    shown = rows[:limit]
    more = cursor.encode(shown[-1]["title"], shown[-1]["id"]) if len(rows) > limit else None
    return Page[ProtocolOut](items=[_out(row, public=public) for row in shown], next_cursor=more)


async def protocol(tx: Tx, protocol_id: UUID) -> ProtocolOut:
    """One protocol. Refused: `NOT_FOUND`."""
    public = is_public(tx)
    found = _out(await tx.fetchrow(queries.ONE, tx.now, protocol_id), public=public)
    if public and not found.active:
        raise NotFound
    return found


async def add_protocol(tx: Tx, body: ProtocolIn) -> ProtocolOut:
    """A new protocol of the caller's organisation. Refused: `REFERENCE_UNKNOWN` for a member who is not of it."""
    centre = await home(tx)
    protocol_id = new_id()
    values = (body.title, body.reference, body.first_day, body.last_day, body.active)
    await tx.execute(queries.INSERT, protocol_id, centre["id"], *values)
    await _set_members(tx, protocol_id, centre["id"], body)
    return await _noted(tx, protocol_id, "protocol.create")


async def replace_protocol(tx: Tx, protocol_id: UUID, body: ProtocolIn, if_match: int | None) -> ProtocolOut:
    """The whole protocol anew. Visits that it no longer covers are flagged and put into a draft campaign, those that
    it covers again are not.

    Refused: `VERSION_STALE`; `IN_USE` when switched off with a reason under it; `REFERENCE_UNKNOWN`.
    """
    await tx.fetch(queries.LOCK_VISITS, protocol_id, tx.now)
    old = present(await tx.fetchrow(queries.LOCK, protocol_id), if_match)
    values = (body.title, body.reference, body.first_day, body.last_day, body.active)
    await tx.execute(queries.UPDATE, protocol_id, *values)
    await _set_members(tx, protocol_id, old["organisation_id"], body)
    now = _out(await tx.fetchrow(queries.ONE, tx.now, protocol_id), public=False)
    if not now.active and now.reasons:
        raise ProtocolInUse(reasons=now.reasons)
    await _judge_visits(tx, old)
    return await _noted(tx, protocol_id, "protocol.change")


async def _judge_visits(tx: Tx, protocol: Record) -> None:
    """Flags what the protocol no longer covers and unflags the rest; who is newly hit comes into a draft campaign."""
    before = {visit for row in await tx.fetch(queries.HIT, protocol["id"], tx.now) for visit in row["ids"]}
    for nurse in [row["practitioner_id"] for row in await tx.fetch(queries.NURSES, protocol["id"], tx.now)]:
        await availability.flag_conflicts(tx, tx.now, tx.now + AHEAD, practitioner_id=nurse)
        await campaigns.reopened(tx, tx.now, tx.now + AHEAD, practitioner_id=nurse)
    for row in await tx.fetch(queries.HIT, protocol["id"], tx.now):
        if not before.issuperset(row["ids"]):
            await campaigns.draft(
                tx,
                "protocol",
                protocol["id"],
                protocol["organisation_id"],
                practitioner_id=row["practitioner_id"],
                start=row["start"],
                end=row["end"],
            )


async def _set_members(tx: Tx, protocol_id: UUID, organisation_id: UUID, body: ProtocolIn) -> None:
    people = [(p, "physician", None) for p in body.physicians] + [(n, "nurse", n.trained_on) for n in body.nurses]
    ids = [member.practitioner_id for member, _, _ in people]
    known = {row["id"] for row in await tx.fetch(queries.KNOWN, organisation_id, ids, [p[1] for p in people])}
    for list_name, members in (("physicians", body.physicians), ("nurses", body.nurses)):
        for place, member in enumerate(members):
            if member.practitioner_id not in known:
                raise ReferenceUnknown(pointer=f"/{list_name}/{place}/practitioner_id")
    await tx.execute(
        queries.SET_MEMBERS,
        protocol_id,
        organisation_id,
        ids,
        [profession for _, profession, _ in people],
        [trained for _, _, trained in people],
        [member.first_day for member, _, _ in people],
        [member.last_day for member, _, _ in people],
    )


async def _noted(tx: Tx, protocol_id: UUID, action: str) -> ProtocolOut:
    """The audit of a protocol just written; no event, for a protocol never leaves the service."""
    out = _out(await tx.fetchrow(queries.ONE, tx.now, protocol_id), public=False)
    conflicts = out.members.conflicts if out.members else 0
    tx.audit(action, "protocol", out.id, out.organisation_id, version=out.version, conflicts=conflicts)
    return out


def _out(row: Record | None, *, public: bool) -> ProtocolOut:
    if row is None:
        raise NotFound
    return ProtocolOut(
        id=row["id"],
        organisation_id=row["organisation_id"],
        title=row["title"],
        reference=row["reference"],
        first_day=row["valid_from"],
        last_day=row["valid_to"],
        active=row["active"],
        reasons=row["reasons"],
        members=None if public else _members(row),
        version=row["version"],
    )


def _members(row: Record) -> ProtocolMembers:
    days = ("practitioner_id", "first_day", "last_day")
    physicians = [m for m in row["members"] if m["profession"] == "physician"]
    nurses = [m for m in row["members"] if m["profession"] == "nurse"]
    return ProtocolMembers(
        physicians=[DelegatingPhysician.model_validate({name: m[name] for name in days}) for m in physicians],
        nurses=[DelegatedNurse.model_validate({name: m[name] for name in (*days, "trained_on")}) for m in nurses],
        conflicts=row["conflicts"],
    )
