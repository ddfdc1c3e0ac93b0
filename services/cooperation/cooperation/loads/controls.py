"""Controls of a load: read once, read again; the last reading of a kind counts."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from cooperation.issues.opening import Subject, open_issue
from cooperation.loads import queries
from cooperation.loads.acts import load_locked
from cooperation.loads.errors import LoadNotStarted
from cooperation.loads.schemas import ControlIn, ControlOut
from cooperation.trace.recording import note
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import TimeInvalid

CLOCKS_APART: Final = timedelta(minutes=1)


async def read_control(tx: Tx, load_id: UUID, reading: ControlIn) -> ControlOut:
    """A reading. One that fails after the release is kept, opens a critical issue, and says that a recall is needed.
    Refused: `LOAD_NOT_STARTED`, `TIME_INVALID` in the future or before the load."""
    load = await load_locked(tx, load_id)
    if load.started_at is None:
        raise LoadNotStarted
    at = reading.read_at or tx.now
    if not load.created_at <= at <= tx.now + CLOCKS_APART:
        raise TimeInvalid(pointer="/read_at")
    recall_needed = load.state == "released" and reading.result == "failed"
    made = ControlOut(
        id=new_id(), load_id=load.id, kind=reading.kind, result=reading.result, read_by=tx.principal.sub, read_at=at,
        recall_needed=recall_needed,
    )  # fmt: skip
    await tx.execute(
        queries.ADD_CONTROL, made.id, load.organisation_id, load.id, made.kind, made.result, made.read_by, at, tx.now
    )
    await note(
        tx, load, "load.control_read", at=at, facts={"control_id": made.id, "kind": made.kind, "result": made.result}
    )
    if recall_needed:
        about = Subject("load", load.id, load.organisation_id, load.group_id)
        await open_issue(tx, about, "control_failed_after_release", "critical", load_id=load.id)
    return made
