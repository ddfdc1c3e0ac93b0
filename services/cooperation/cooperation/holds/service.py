"""Use cases of holds: placed by one, ended by signatures."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal
from uuid import UUID

from asyncpg import Record

from contracts.cooperation import HoldEnded, HoldPlaced
from cooperation.demand.allocating import release_allocation
from cooperation.holds import queries
from cooperation.holds.rows import Hold, HoldKind, HoldSubject
from cooperation.holds.schemas import ContactOut, HoldCounts, HoldIn, HoldItem, HoldOut, SignIn
from cooperation.holds.tracing import Touched, touched
from cooperation.members import keeping
from cooperation.recalls.errors import RoleRequired
from cooperation.recalls.reading import place_out, signatures
from cooperation.recalls.signing import BOTH, EITHER, HYGIENE, RELEASER, About, must_be, sign
from cooperation.runs.changing import all_locked
from cooperation.trace.recording import add, add_many, change, change_many, note
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound, WrongState
from maillage.wire import Page

State = Literal["active", "lifted", "destroyed", "double_inactivated"]
MOST = 1200
"""Ids in one event; who has more pulls the hold."""


async def place(tx: Tx, body: HoldIn) -> HoldOut:
    """Nothing named, or reached by contact, may be touched from now on. Refused: `SCOPE_EMPTY`, `ROLE_REQUIRED`."""
    must_be(tx, RELEASER, HYGIENE)
    found = await touched(tx, body)
    await _let_go(tx, found)
    owners = {each.owner_id for each in found}
    hold = Hold(
        id=new_id(),
        organisation_id=owners.pop() if len(owners) == 1 else found[0].group_id,
        created_at=tx.now,
        group_id=found[0].group_id,
        kind=body.kind,
        cause=body.cause,
        placed_by=tx.principal.sub,
    )
    await add(tx, hold, "hold.placed", facts={"operation_refs": body.operation_refs})
    await add_many(tx, [_subject(tx, hold, each) for each in found], "hold_subject.held")
    _tell(tx, hold, found)
    return await _out(tx, hold)


async def end(tx: Tx, hold_id: UUID, body: SignIn) -> HoldOut:
    """One signature on an outcome. For prions a pharmacist and the infection-control team, two persons, must say the
    same; else one of them. What is destroyed stays blocked. Refused: `SAME_PERSON`, `ROLE_REQUIRED` (also for a
    member's team when the hold names others' things), `WRONG_STATE` once ended."""
    must_be(tx, RELEASER, HYGIENE)
    hold = await _locked(tx, hold_id)
    about, needed = About("hold", hold.id, hold.group_id), BOTH if hold.kind == "prion" else EITHER
    complete = await sign(tx, about, body.outcome, needed, body.reason)
    await note(tx, hold, "hold.signed", facts={"outcome": body.outcome, "role": tx.principal.role})
    if complete:
        hold = await _ended(tx, hold, body)
    return await _out(tx, hold)


async def holds(tx: Tx, state: State | None, kind: HoldKind | None, cursor: str | None, limit: int) -> Page[HoldItem]:
    """Holds that name something within reach, the newest first."""
    rows = await tx.fetch(queries.LIST, state, kind, keeping.after(cursor), limit + 1)
    return keeping.paged(HoldItem, rows, limit)


async def hold(tx: Tx, hold_id: UUID) -> HoldOut:
    """One hold with its contacts. Refused: `NOT_FOUND`."""
    return await _out(tx, await _visible(tx, hold_id))


async def _visible(tx: Tx, hold_id: UUID) -> Hold:
    row = await tx.fetchrow(queries.VISIBLE, hold_id)
    if row is None:
        raise NotFound
    return Hold.of(row)


async def _locked(tx: Tx, hold_id: UUID) -> Hold:
    """For who reaches all that it names."""
    row = await tx.fetchrow(queries.LOCK, hold_id)
    if row is None:
        await _visible(tx, hold_id)
        raise RoleRequired(roles=[HYGIENE])
    found = Hold.of(row)
    if found.state != "active":
        raise WrongState(state=found.state, allowed=[])
    return found


async def _ended(tx: Tx, before: Hold, body: SignIn) -> Hold:
    after = await change(tx, before, replace(before, state=body.outcome, ended_at=tx.now), f"hold.{body.outcome}")
    subjects = [HoldSubject.of(row) for row in await tx.fetch(queries.LOCK_SUBJECTS, before.id)]
    if body.outcome != "destroyed":
        freed = [(each, replace(each, active=False)) for each in subjects]
        await change_many(tx, freed, "hold_subject.freed")
    for owner_id in sorted({each.organisation_id for each in subjects}):
        tx.emit(HoldEnded(hold_id=before.id, outcome=body.outcome, at=tx.now), owner_id)
    return after


async def _let_go(tx: Tx, found: Sequence[Touched]) -> None:
    """Locks what is on its way with something held in it, and keeps none of it for an operation."""
    things = [[each.id for each in found if each.kind == kind] for kind in ("set", "instrument")]
    held = {row["id"] for row in await tx.fetch(queries.LIVE_RUNS, *things)}
    held |= {each.id for each in found if each.kind == "run" and each.live}
    await all_locked(tx, sorted(held))
    for row in await tx.fetch(queries.ALLOCATED, sorted(held)):
        await release_allocation(tx, row["run_id"], "blocked")


def _subject(tx: Tx, of: Hold, each: Touched) -> HoldSubject:
    return HoldSubject(
        id=new_id(),
        organisation_id=each.owner_id,
        created_at=tx.now,
        group_id=of.group_id,
        hold_id=of.id,
        subject_kind=each.kind,
        subject_id=each.id,
        contact=each.contact,
        operation_ref=each.operation_ref,
    )


def _tell(tx: Tx, of: Hold, found: Sequence[Touched]) -> None:
    for owner_id in sorted({each.owner_id for each in found}):
        ids = [each.id for each in found if each.owner_id == owner_id and each.live]
        tx.emit(HoldPlaced(hold_id=of.id, kind=of.kind, subject_ids=ids[:MOST], at=tx.now), owner_id)


async def _out(tx: Tx, of: Hold) -> HoldOut:
    rows = await tx.fetch(queries.SUBJECTS, of.id)
    contacts = [_contact(row) for row in rows]
    kinds = [each.kind for each in contacts]
    return HoldOut(
        id=of.id,
        kind=of.kind,
        state=of.state,
        cause=of.cause,
        created_at=of.created_at,
        ended_at=of.ended_at,
        counts=HoldCounts(
            sets=kinds.count("set"),
            instruments=kinds.count("instrument"),
            runs=kinds.count("run"),
            order_lines=kinds.count("order_line"),
            operations=len({(each.organisation_id, each.operation_ref) for each in contacts if each.operation_ref}),
        ),
        contacts=contacts,
        signatures=await signatures(tx, of.id),
        version=of.version,
    )


def _contact(row: Record) -> ContactOut:
    plain = {name: row[name] for name in ContactOut.model_fields if name != "place"}
    return ContactOut(**plain, place=place_out(row["ids"], row["names"], row["at"], row["site_id"]))
