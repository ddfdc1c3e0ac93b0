"""Wire types of the desk. No name, number or note: those are read where reading them is written down."""

from collections.abc import Sequence
from uuid import UUID

from maillage.wire import Instant, Wire
from telesecretariat.agents.schemas import AgentOut
from telesecretariat.dispatch.schemas import HeadStartOut


class OfferItem(Wire):
    """A call that rings at this desk until `expires_at`."""

    id: UUID
    call_id: UUID
    opened_at: Instant
    expires_at: Instant


class CallItem(Wire):
    """A call of this desk, one that waits for it, or one on which its agent is consulted (`consulted_id`). Labels are
    those of the posts."""

    id: UUID
    client_id: UUID
    line_id: UUID
    direction: str
    state: str
    agent_id: UUID | None
    agent_label: str | None
    consulted_id: UUID | None
    consulted_label: str | None
    queued_at: Instant | None
    priority_at: Instant | None
    head_start: list[HeadStartOut]
    state_since: Instant
    connect_deadline: Instant | None
    wrap_up_until: Instant | None
    estimate_s: int | None
    returned: int
    repeat_caller: int
    callback_offered: bool
    required_skills: list[str]
    not_before: Instant | None
    patient_id: UUID | None
    motive: str | None
    pick: bool
    version: int


class QueuedCall(CallItem):
    """Who waits: `position` 1 is served next; `wait_s` seconds since entering the queue."""

    position: int
    wait_s: int


class CallbackLine(Wire):
    """Who is owed a call."""

    id: UUID
    client_id: UUID
    line_id: UUID
    state: str
    attempts: int
    not_before: Instant
    expires_at: Instant
    call_id: UUID | None
    live_call_id: UUID | None
    version: int


class TaskLine(Wire):
    """What is still to do."""

    id: UUID
    client_id: UUID | None
    kind: str
    state: str
    due_at: Instant
    owner_id: UUID | None
    call_id: UUID | None
    version: int


class MessageLine(Wire):
    """A message past its deadline."""

    id: UUID
    client_id: UUID
    practitioner_id: UUID
    urgency: str
    state: str
    due_at: Instant
    level: int
    version: int


class DeskLine(Wire):
    """A line she serves, by the words she answers it with. `down_since`: its telephone system does not answer.
    `simulated`: its callers are made up, for who learns."""

    id: UUID
    client_id: UUID
    name: str
    number: str
    client_name: str
    down_since: Instant | None
    simulated: bool


class Desk(Wire):
    """All of one agent's desk. `as_of`: the place in the live stream from which changes follow; `at`: the service's
    clock, for timers. `agent` is null before the first session. `softphone`: a browser can be the telephone here."""

    as_of: str | None
    at: Instant
    agent: AgentOut | None
    offer: OfferItem | None
    lines: Sequence[DeskLine]
    calls: Sequence[CallItem]
    queue: Sequence[QueuedCall]
    callbacks: Sequence[CallbackLine]
    tasks: Sequence[TaskLine]
    overdue_messages: Sequence[MessageLine]
    unread_instructions: int
    softphone: bool
