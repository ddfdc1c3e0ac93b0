"""Use cases of continuity plans: another pharmacy sterilises for a time; the health agency is told (CSP R6111-20-1)."""

from dataclasses import replace
from typing import Literal
from uuid import UUID

from contracts.cooperation import ContinuityChanged
from cooperation.continuity import queries
from cooperation.continuity.errors import PlaceNotOutside, PlanActive
from cooperation.continuity.guard import planned_until
from cooperation.continuity.rows import ContinuityPlan
from cooperation.continuity.schemas import PlanIn, PlanOut
from cooperation.members import keeping
from cooperation.members.parameters import group, staffed_group
from cooperation.trace.recording import add, change
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound, TimeInvalid, WrongState
from maillage.wire import Page

State = Literal["active", "ended"]


async def open_plan(tx: Tx, body: PlanIn) -> PlanOut:
    """From now on goods may leave for the provider. Refused: `PLAN_ACTIVE`, `PLACE_NOT_OUTSIDE`, `TIME_INVALID` for a
    notice not yet given, `NOT_FOUND`."""
    of = await staffed_group(tx)
    place = await tx.fetchrow(queries.PLACE, body.provider.place_id)
    if place is None or place["kind"] != "outside":
        raise PlaceNotOutside(pointer="/provider/place_id")
    if body.ars_told_at > tx.now:
        raise TimeInvalid(pointer="/ars_told_at")
    await tx.fetch(queries.LOCK_GROUP, of.id)
    active = await tx.fetchval(queries.ACTIVE, of.id)
    if active is not None:
        raise PlanActive(plan_id=str(active))
    plan = ContinuityPlan(
        id=new_id(),
        organisation_id=of.id,
        created_at=tx.now,
        group_id=of.id,
        provider_name=body.provider.name,
        provider_place=body.provider.place_id,
        authorisation=body.authorisation,
        reason=body.reason,
        planned_days=body.planned_days,
        ars_told_at=body.ars_told_at,
        ars_notice_ref=body.ars_notice_ref,
    )
    return await _told(tx, await add(tx, plan, "continuity_plan.opened"))


async def end_plan(tx: Tx, plan_id: UUID) -> PlanOut:
    """Nothing leaves for the provider any more. Refused: `NOT_FOUND`, `WRONG_STATE` once ended."""
    row = await tx.fetchrow(queries.LOCK, plan_id)
    if row is None:
        raise NotFound
    plan = ContinuityPlan.of(row)
    if plan.state == "ended":
        raise WrongState(state=plan.state, allowed=[])
    ended = replace(plan, state="ended", ended_at=tx.now)
    return await _told(tx, await change(tx, plan, ended, "continuity_plan.ended"))


async def plans(tx: Tx, state: State | None, cursor: str | None, limit: int) -> Page[PlanOut]:
    """Plans of the group, the newest first."""
    rows = await tx.fetch(queries.LIST, state, keeping.after(cursor), limit + 1)
    out = [await _out(tx, ContinuityPlan.of(row)) for row in rows]
    return keeping.page(PlanOut, out, limit, rows[:limit][-1]["id"] if rows else None)


async def plan(tx: Tx, plan_id: UUID) -> PlanOut:
    """One plan. Refused: `NOT_FOUND`."""
    row = await tx.fetchrow(queries.ONE, plan_id)
    if row is None:
        raise NotFound
    return await _out(tx, ContinuityPlan.of(row))


async def _told(tx: Tx, of: ContinuityPlan) -> PlanOut:
    tx.emit(ContinuityChanged(plan_id=of.id, state=of.state, at=tx.now), of.organisation_id)
    return await _out(tx, of)


async def _out(tx: Tx, of: ContinuityPlan) -> PlanOut:
    until = planned_until(await group(tx, of.group_id), of)
    plain = {name: getattr(of, name) for name in PlanOut.model_fields if name != "planned_until"}
    return PlanOut(**plain, planned_until=until)
