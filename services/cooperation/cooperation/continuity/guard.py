"""What leaves for a place outside."""

from datetime import date, timedelta
from uuid import UUID

from cooperation.continuity import queries
from cooperation.continuity.errors import NoContinuityPlan
from cooperation.continuity.rows import ContinuityPlan
from cooperation.members.parameters import Group, group
from maillage.database import Tx


async def refuse_without_plan(tx: Tx, place_id: UUID) -> None:
    """Refused: `NO_CONTINUITY_PLAN` when the place is outside and no plan for it is in force today. Any other place is
    fine."""
    place = await tx.fetchrow(queries.PLACE, place_id)
    if place is None or place["kind"] != "outside":
        return
    row = await tx.fetchrow(queries.ACTIVE_FOR, place_id)
    if row is None:
        raise NoContinuityPlan
    of, plan = await group(tx, place["group_id"]), ContinuityPlan.of(row)
    until = planned_until(of, plan)
    if of.day(tx.now) > until:
        raise NoContinuityPlan(planned_until=until.isoformat())


def planned_until(of: Group, plan: ContinuityPlan) -> date:
    """The last local day that the health agency was told of."""
    return of.day(plan.created_at) + timedelta(days=plan.planned_days - 1)
