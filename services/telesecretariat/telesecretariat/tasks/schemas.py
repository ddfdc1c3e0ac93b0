"""Wire types of tasks."""

from typing import Literal
from uuid import UUID

from contracts.telesecretariat import TaskKind
from maillage.wire import Instant, Note, Wire

TaskState = Literal["open", "taken", "done", "cancelled"]
DoneAs = Literal["done", "reached", "not_reached", "appointment", "passed_on"]


class TaskIn(Wire):
    """Something to do, written by a telesecretary. `call_patient` and `follow_up` need somebody to call: a patient or a
    call that it is about."""

    client_id: UUID
    kind: Literal["call_patient", "follow_up", "document"]
    due_at: Instant
    patient_id: UUID | None = None
    practitioner_id: UUID | None = None
    call_id: UUID | None = None
    note: Note | None = None


class TaskDone(Wire):
    """How it ended. `not_reached`: the person did not answer; who asked for the call decides whether to ask again."""

    outcome: DoneAs = "done"


class TaskItem(Wire):
    """A task in a list: no free text. `subject_id`: the message, callback or need that it comes from."""

    id: UUID
    client_id: UUID | None
    kind: TaskKind
    state: TaskState
    outcome: str | None
    due_at: Instant
    late: bool
    owner_id: UUID | None
    subject_id: UUID | None
    patient_id: UUID | None
    practitioner_id: UUID | None
    call_id: UUID | None
    version: int


class TaskOut(TaskItem):
    """A task with its note; reading it is written down."""

    note: str | None
