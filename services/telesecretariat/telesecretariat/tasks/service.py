"""Use cases of tasks: what a telesecretary still has to do, when, and who has taken it."""

from datetime import datetime
from typing import Literal, TypedDict, Unpack
from uuid import UUID

import asyncpg

from contracts.telesecretariat import TaskClosed, TaskKind, TaskOpened
from maillage import cursor
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import Invalid, NotFound, WrongState
from maillage.wire import Page
from telesecretariat.tasks import queries
from telesecretariat.tasks.errors import TaskTaken
from telesecretariat.tasks.schemas import TaskDone, TaskIn, TaskItem, TaskOut, TaskState
from telesecretariat.vault import vault


class About(TypedDict, total=False):
    """What a task is about. `subject_id`: the message or callback that it comes from. The note is sealed."""

    subject_id: UUID | None
    patient_id: UUID | None
    practitioner_id: UUID | None
    call_id: UUID | None
    note: str | None


async def open_task(
    tx: Tx, kind: TaskKind, organisation_id: UUID, client_id: UUID | None, due_at: datetime, **about: Unpack[About]
) -> UUID:
    """A new task, and `task_opened`; its id."""
    row = await tx.fetchrow(
        queries.OPEN,
        new_id(),
        organisation_id,
        client_id,
        kind,
        about.get("subject_id"),
        about.get("patient_id"),
        about.get("practitioner_id"),
        about.get("call_id"),
        vault(tx).seal(about.get("note")),
        due_at,
        tx.now,
    )
    assert row is not None
    tell(tx, TaskOpened, row)
    made: UUID = row["id"]
    return made


async def cancel_about(tx: Tx, subject_id: UUID, kind: TaskKind, outcome: str) -> None:
    """Cancels what is still to do about a message or callback that has been settled otherwise."""
    for row in await tx.fetch(queries.OPEN_ABOUT, subject_id, kind):
        await _close(tx, row, "cancelled", outcome)


async def create(tx: Tx, body: TaskIn) -> TaskOut:
    """A task written by hand. Refused: `NOT_FOUND` for a client out of reach, `INVALID` for a call to nobody."""
    client = await tx.fetchrow(queries.CLIENT, body.client_id)
    if client is None:
        raise NotFound
    if body.kind != "document" and body.patient_id is None and body.call_id is None:
        raise Invalid(pointer="/patient_id")
    task_id = await open_task(
        tx,
        body.kind,
        client["organisation_id"],
        body.client_id,
        body.due_at,
        patient_id=body.patient_id,
        practitioner_id=body.practitioner_id,
        call_id=body.call_id,
        note=body.note,
    )
    tx.audit("task.open", "task", task_id, client["organisation_id"], kind=body.kind)
    return await _out(tx, task_id)


async def tasks(
    tx: Tx,
    state: TaskState | None,
    kind: TaskKind | None,
    client_id: UUID | None,
    owner_id: UUID | None,
    limit: int,
    after: str | None,
) -> Page[TaskItem]:
    """What is still to do (or of another state), due first."""
    last = cursor.decode(after, datetime, UUID) or (None, None)
    rows = await tx.fetch(queries.LIST, state, kind, client_id, owner_id, *last, limit + 1)
    page = rows[:limit]
    following = cursor.encode(page[-1]["due_at"], page[-1]["id"]) if len(rows) > limit else None
    return Page(items=[item(row, tx.now) for row in page], next_cursor=following)


async def task(tx: Tx, task_id: UUID) -> TaskOut:
    """One task with its note; audited. Refused: `NOT_FOUND`."""
    out = await _out(tx, task_id)
    row = await tx.fetchrow(queries.TASK, task_id)
    assert row is not None
    tx.audit("task.read", "task", task_id, row["organisation_id"])
    return out


async def take(tx: Tx, task_id: UUID) -> TaskOut:
    """It is mine now; the same again changes nothing. A supervisor takes it over. Refused: `TASK_TAKEN`, `WRONG_STATE`
    when it is closed."""
    row = await _mine_to_do(tx, task_id)
    me = tx.principal.person_id
    if row["state"] == "open" or row["owner_id"] != me:
        taken = await tx.fetchrow(queries.TAKE, task_id, me)
        assert taken is not None
        tell(tx, TaskOpened, taken)
        tx.audit("task.take", "task", task_id, row["organisation_id"])
    return await _out(tx, task_id)


async def done(tx: Tx, task_id: UUID, body: TaskDone) -> TaskOut:
    """It is done, with this outcome. Refused: `TASK_TAKEN`, `WRONG_STATE`."""
    await _finish(tx, task_id, "done", body.outcome)
    return await _out(tx, task_id)


async def cancel(tx: Tx, task_id: UUID) -> TaskOut:
    """Nobody needs to do it. Refused: `TASK_TAKEN`, `WRONG_STATE`."""
    await _finish(tx, task_id, "cancelled", None)
    return await _out(tx, task_id)


async def _finish(tx: Tx, task_id: UUID, state: Literal["done", "cancelled"], outcome: str | None) -> None:
    row = await _mine_to_do(tx, task_id)
    await _close(tx, row, state, outcome)
    tx.audit(f"task.{state}", "task", task_id, row["organisation_id"], outcome=outcome)


async def _mine_to_do(tx: Tx, task_id: UUID) -> asyncpg.Record:
    """The task, locked, unless it is closed or somebody else's; a supervisor may step in."""
    row = await tx.fetchrow(queries.LOCK, task_id)
    if row is None:
        raise NotFound
    if row["state"] not in ("open", "taken"):
        raise WrongState(state=row["state"], allowed=[])
    taken = row["state"] == "taken" and row["owner_id"] != tx.principal.person_id
    if taken and tx.principal.reach("floor.supervise") is None:
        label = await tx.fetchval(queries.LABEL, row["owner_id"])
        raise TaskTaken(taken_by=str(label) if label is not None else None)
    return row


async def _close(tx: Tx, row: asyncpg.Record, state: str, outcome: str | None) -> None:
    closed = await tx.fetchrow(queries.CLOSE, row["id"], state, outcome, tx.now, tx.principal.person_id)
    assert closed is not None
    tell(tx, TaskClosed, closed)


def tell(tx: Tx, kind: type[TaskOpened] | type[TaskClosed], row: asyncpg.Record) -> None:
    """The event of a row of `task`."""
    tx.emit(
        kind(
            id=row["id"],
            client_id=row["client_id"],
            kind=row["kind"],
            state=row["state"],
            outcome=row["outcome"],
            due_at=row["due_at"],
            version=row["version"],
        ),
        row["organisation_id"],
    )


def item(row: asyncpg.Record, now: datetime) -> TaskItem:
    """One line of a list."""
    return TaskItem.model_validate(_facts(row, now))


def _facts(row: asyncpg.Record, now: datetime) -> dict[str, object]:
    facts: dict[str, object] = {name: row[name] for name in TaskItem.model_fields if name != "late"}
    facts["late"] = row["state"] in ("open", "taken") and row["due_at"] < now
    return facts


async def _out(tx: Tx, task_id: UUID) -> TaskOut:
    row = await tx.fetchrow(queries.TASK, task_id)
    if row is None:
        raise NotFound
    return TaskOut.model_validate(_facts(row, tx.now) | {"note": vault(tx).open(row["note_sealed"])})
