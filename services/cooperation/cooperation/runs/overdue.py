"""Timed alarms of the way back: a set that soaks too long, a set that does not come back after its use."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from cooperation.issues.opening import Subject, open_issue
from cooperation.members.parameters import group
from cooperation.runs import queries
from cooperation.runs.changing import locked
from maillage.database import Database, Tx
from maillage.jobs import one_by_one
from maillage.principal import system

Alarm = Literal["soak_too_long", "set_not_back"]


async def tell_overdue(database: Database) -> None:
    """One issue for each alarm of a run, never a second; each in its own transaction."""
    await one_by_one(database, _tell, await database.run(system("cooperation"), due))


async def due(tx: Tx) -> list[tuple[UUID, Alarm]]:
    """Runs to be told of. The limits are the group's: minutes of soaking, hours after the use."""
    found: list[tuple[UUID, Alarm]] = []
    for row in await tx.fetch(queries.GROUPS):
        of = await group(tx, row["id"])
        limit, late = timedelta(minutes=of.parameters.soak_alarm_min), timedelta(hours=of.parameters.set_not_back_h)
        soaked = await tx.fetch(queries.SOAKED_TOO_LONG, of.id, tx.now, limit, of.parameters.soak_on_the_road)
        away = await tx.fetch(queries.NOT_BACK, of.id, tx.now - late)
        found += [(each["id"], "soak_too_long") for each in soaked] + [(each["id"], "set_not_back") for each in away]
    return found


async def _tell(tx: Tx, told: tuple[UUID, Alarm]) -> None:
    run_id, alarm = told
    run = await locked(tx, run_id)
    back = run.stage != "returning" and (alarm == "set_not_back" or run.stage != "received")
    if back or await tx.fetchval(queries.HAS_ISSUE, run_id, alarm):
        return
    about = Subject("run", run.id, run.organisation_id, run.group_id)
    severity: Literal["minor", "major"] = "major" if alarm == "set_not_back" else "minor"
    await open_issue(tx, about, alarm, severity, stage_seen=run.stage)
