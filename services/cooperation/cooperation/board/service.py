"""Use case of the board of the day."""

from datetime import datetime, time, timedelta

from cooperation.board import queries
from cooperation.board.schemas import BoardOut, IssueCounts, Late, MachineNotReady, NeedCounts
from cooperation.demand.reading import needs
from cooperation.demand.schemas import NeedOut
from cooperation.machines.service import states
from cooperation.members.parameters import Group, own_group
from cooperation.urgent.rows import UrgentRequest
from cooperation.urgent.service import wires
from maillage.database import Tx

SHOWN = 50


async def board(tx: Tx) -> BoardOut:
    """What the caller reaches, at this instant. Refused: `NOT_FOUND` for who is in no group."""
    about = await own_group(tx)
    given, day = about.parameters, about.day(tx.now)
    until = datetime.combine(day + timedelta(days=2), time(), about.zone)
    marks = (given.soak_alarm_min, given.stop_late_min, given.set_not_back_h, day)
    counts = await tx.fetchrow(queries.COUNTS, tx.now, *marks)
    assert counts is not None
    stand = {row["state"]: row["needs"] for row in await tx.fetch(queries.NEEDS, tx.now, until)}
    issues = {row["severity"]: row["issues"] for row in await tx.fetch(queries.ISSUES)}
    urgent = [UrgentRequest.of(row) for row in await tx.fetch(queries.URGENT)]
    return BoardOut(
        at=tx.now,
        local_day=day,
        until=until,
        needs=NeedCounts(**stand),
        needs_open=await _open(tx, until),
        late=Late(**{name: counts[name] for name in Late.model_fields}),
        urgent=await wires(tx, urgent),
        issues=IssueCounts(**issues),
        machines_not_ready=await _not_ready(tx, about),
        loads_to_decide=counts["loads_to_decide"],
        loans_expected=counts["loans_expected"],
        to_settle=counts["to_settle"],
    )


async def _open(tx: Tx, until: datetime) -> list[NeedOut]:
    short = (await needs(tx, None, until, "short", None, None, SHOWN)).items
    at_risk = (await needs(tx, None, until, "at_risk", None, None, SHOWN)).items
    return sorted([*short, *at_risk], key=lambda need: (need.starts_at, need.id))[:SHOWN]


async def _not_ready(tx: Tx, about: Group) -> list[MachineNotReady]:
    """The tests of the day are the plant's own: a hospital is told of machines that are out, not of tests missing."""
    if tx.principal.org == about.id:
        found = [(each, each.reasons) for each in (await states(tx, None, 200)).items]
        return [
            MachineNotReady(machine_id=each.machine_id, name=each.name, kind=each.kind, reasons=reasons)
            for each, reasons in found
            if reasons not in ([], ["running"])
        ]
    rows = await tx.fetch(queries.MACHINES_OUT, about.id)
    return [
        MachineNotReady(machine_id=row["id"], name=row["name"], kind=row["kind"], reasons=[row["state"]])
        for row in rows
    ]
